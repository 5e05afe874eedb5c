/**
 * The columns of the list of eSIMs: one entry has everything of a column, and one that lacks a part does not
 * compile. Header, row, menus, sorting, filters, export and clipboard read it. Rust sorts, filters and writes.
 */
import type { EsimColumn, EsimFilter, EsimRow, EsimSort, EXPORT_COLUMNS } from "../host";
import { type TextKey, text } from "../locales";
import { count, dates, exactTime, shortTime, tripDates } from "../locales/format";
import { type ColumnFilter, PERIOD_FILTER, STATUS_FILTER } from "./esimFilters";

export type ColumnId = EsimColumn;

export type Cell =
  /** Somebody's own words: what was searched is marked in them. `look`: CSS classes. */
  | { kind: "name"; of: (row: EsimRow) => string | null; look: string }
  /** Words of the window. `exact`: what the title says while the pointer is near; `foreign`: somebody's own words. */
  | {
      kind: "words";
      of: (row: EsimRow) => string;
      exact: ((row: EsimRow) => string | undefined) | null;
      look: string;
      foreign: boolean;
    }
  /** A moment in seconds, by how long ago it was. */
  | { kind: "ago"; of: (row: EsimRow) => number | null }
  | { kind: "status" }
  | { kind: "data" };

export type SortRule = {
  by: EsimSort;
  /** What a first click on the header means: the latest or the most first, A first for names. */
  first: "ascending" | "descending";
  /** A row where this changes would stand elsewhere. */
  of: (row: EsimRow) => string | number | null;
  /** An eSIM's events seldom change it. */
  settled: boolean;
};

/** The columns of eSIMs in a file. */
type ExportId = (typeof EXPORT_COLUMNS)["esims"][number];

type Entry = {
  label: TextKey;
  /** The least that it takes, in pixels, and its share of the room that is left; 0 for what is always equally wide. */
  width: { least: number; grow: number };
  align: "start" | "end";
  /** Whether it is shown where nobody chose. */
  usual: boolean;
  cell: Cell;
  /** null: Rust can't sort by it. */
  sort: SortRule | null;
  filter: ColumnFilter | null;
  /** Headings of its columns in a file or on the clipboard, by their ids. */
  exported: Partial<Record<ExportId, TextKey>>;
};

export type Column = Entry & { id: ColumnId };

const ms = (seconds: number | null): number | null => (seconds === null ? null : seconds * 1000);

/** A moment, to the minute. */
function moment(of: (row: EsimRow) => number | null) {
  return {
    kind: "words",
    of: (row: EsimRow) => {
      const at = ms(of(row));
      return at === null ? text("data.none") : shortTime(at);
    },
    exact: (row: EsimRow) => {
      const at = ms(of(row));
      return at === null ? undefined : exactTime(at);
    },
    look: "cut figures",
    foreign: false,
  } as const;
}

function exactPeriod({ start, end }: EsimRow): string | undefined {
  if (start === null && end === null) return undefined;
  const exact = (seconds: number | null): string =>
    seconds === null ? text("time.open") : exactTime(seconds * 1000);
  return text("time.range", { start: exact(start), end: exact(end) });
}

const ENTRIES = {
  traveller: {
    label: "list.column.traveller",
    width: { least: 110, grow: 1.2 },
    align: "start",
    usual: true,
    cell: { kind: "name", of: ({ traveller }: EsimRow) => traveller, look: "strong" },
    sort: { by: "traveller", first: "ascending", of: ({ traveller }: EsimRow) => traveller, settled: true },
    filter: null,
    exported: { traveller: "list.column.traveller", contact: "traveller.contact" },
  },
  reference: {
    label: "list.column.reference",
    width: { least: 130, grow: 1.5 },
    align: "start",
    usual: true,
    cell: { kind: "name", of: ({ referenceId }: EsimRow) => referenceId, look: "strong" },
    sort: {
      by: "reference",
      first: "ascending",
      of: ({ referenceId }: EsimRow) => referenceId,
      settled: true,
    },
    filter: null,
    exported: { reference: "list.column.reference" },
  },
  iccid: {
    label: "list.column.iccid",
    width: { least: 166, grow: 0 },
    align: "start",
    usual: true,
    cell: { kind: "name", of: ({ iccid }: EsimRow) => iccid, look: "digits" },
    sort: { by: "iccid", first: "ascending", of: ({ iccid }: EsimRow) => iccid, settled: true },
    filter: null,
    exported: { iccid: "list.column.iccid" },
  },
  status: {
    label: "list.column.status",
    width: { least: 124, grow: 0.7 },
    align: "start",
    usual: true,
    cell: { kind: "status" },
    sort: { by: "status", first: "ascending", of: ({ status }: EsimRow) => status, settled: false },
    filter: STATUS_FILTER,
    exported: { status: "list.column.status" },
  },
  since: {
    label: "list.column.since",
    width: { least: 80, grow: 0 },
    align: "start",
    usual: true,
    cell: { kind: "ago", of: ({ statusSince }: EsimRow) => statusSince },
    sort: {
      by: "statusSince",
      first: "descending",
      of: ({ statusSince }: EsimRow) => statusSince,
      settled: false,
    },
    filter: null,
    exported: { since: "export.since" },
  },
  period: {
    label: "list.column.period",
    width: { least: 146, grow: 0.9 },
    align: "start",
    usual: true,
    cell: {
      kind: "words",
      of: ({ start, end }: EsimRow) =>
        start === null && end === null ? text("data.none") : dates(ms(start), ms(end)),
      exact: exactPeriod,
      look: "cut",
      foreign: false,
    },
    sort: { by: "end", first: "descending", of: ({ end }: EsimRow) => end, settled: true },
    filter: PERIOD_FILTER,
    // Its start and its end have columns of their own in a file.
    exported: {},
  },
  data: {
    label: "list.column.data",
    width: { least: 100, grow: 0 },
    align: "start",
    usual: true,
    cell: { kind: "data" },
    sort: {
      by: "dataLeft",
      first: "ascending",
      of: ({ dataUnlimited, dataRemainingMb }: EsimRow) =>
        dataUnlimited === true ? Number.POSITIVE_INFINITY : dataRemainingMb,
      settled: false,
    },
    filter: null,
    exported: { allowed: "export.allowed", left: "export.left" },
  },
  lastEvent: {
    label: "list.column.lastEvent",
    width: { least: 90, grow: 0 },
    align: "start",
    usual: true,
    cell: { kind: "ago", of: ({ lastEventAt }: EsimRow) => lastEventAt },
    sort: {
      by: "lastEvent",
      first: "descending",
      of: ({ lastEventAt }: EsimRow) => lastEventAt,
      settled: false,
    },
    filter: null,
    exported: { lastEvent: "list.column.lastEvent" },
  },
  events: {
    label: "list.column.events",
    width: { least: 60, grow: 0 },
    align: "end",
    usual: false,
    cell: {
      kind: "words",
      of: ({ eventCount }: EsimRow) => count(eventCount),
      exact: null,
      look: "figures",
      foreign: false,
    },
    sort: { by: "events", first: "descending", of: ({ eventCount }: EsimRow) => eventCount, settled: false },
    filter: null,
    exported: { events: "list.column.events" },
  },
  package: {
    label: "list.column.package",
    width: { least: 120, grow: 1 },
    align: "start",
    usual: false,
    cell: { kind: "name", of: ({ packageName }: EsimRow) => packageName, look: "" },
    sort: { by: "package", first: "ascending", of: ({ packageName }: EsimRow) => packageName, settled: true },
    filter: null,
    exported: { package: "list.column.package" },
  },
  esimId: {
    label: "list.column.esimId",
    width: { least: 280, grow: 0 },
    align: "start",
    usual: false,
    cell: { kind: "name", of: ({ esimId }: EsimRow) => esimId, look: "digits" },
    sort: { by: "esimId", first: "ascending", of: ({ esimId }: EsimRow) => esimId, settled: true },
    filter: null,
    exported: { esimId: "list.column.esimId" },
  },
  start: {
    label: "list.column.start",
    width: { least: 150, grow: 0 },
    align: "start",
    usual: false,
    cell: moment(({ start }) => start),
    sort: { by: "start", first: "descending", of: ({ start }: EsimRow) => start, settled: true },
    filter: null,
    exported: { start: "list.column.start" },
  },
  end: {
    label: "list.column.end",
    width: { least: 150, grow: 0 },
    align: "start",
    usual: false,
    cell: moment(({ end }) => end),
    sort: { by: "end", first: "descending", of: ({ end }: EsimRow) => end, settled: true },
    filter: null,
    exported: { end: "list.column.end" },
  },
  firstActivated: {
    label: "list.column.firstActivated",
    width: { least: 150, grow: 0 },
    align: "start",
    usual: false,
    cell: moment(({ firstActivatedAt }) => firstActivatedAt),
    sort: {
      by: "firstActivated",
      first: "descending",
      of: ({ firstActivatedAt }: EsimRow) => firstActivatedAt,
      settled: true,
    },
    filter: null,
    exported: { firstActivated: "list.column.firstActivated" },
  },
  trip: {
    label: "list.column.trip",
    width: { least: 150, grow: 0.9 },
    align: "start",
    usual: false,
    cell: {
      kind: "words",
      of: ({ tripStart, tripEnd }: EsimRow) => tripDates(tripStart, tripEnd) ?? text("data.none"),
      exact: null,
      look: "cut",
      foreign: false,
    },
    sort: null,
    filter: null,
    exported: { tripStart: "traveller.tripStart", tripEnd: "traveller.tripEnd" },
  },
  tags: {
    label: "list.column.tags",
    width: { least: 110, grow: 0.8 },
    align: "start",
    usual: false,
    cell: {
      kind: "words",
      of: ({ tags }: EsimRow) => tags.join(", "),
      exact: ({ tags }: EsimRow) => tags.join(", "),
      look: "cut",
      foreign: true,
    },
    sort: null,
    filter: null,
    exported: { tags: "traveller.tags", note: "traveller.note" },
  },
} as const satisfies Record<ColumnId, Entry>;

const COLUMNS: Readonly<Record<ColumnId, Column>> = Object.fromEntries(
  Object.entries(ENTRIES).map(([id, entry]) => [id, { ...entry, id }]),
) as Record<ColumnId, Column>;

export const COLUMN_IDS = Object.keys(ENTRIES) as readonly ColumnId[];
export const USUAL_COLUMNS: readonly ColumnId[] = COLUMN_IDS.filter((id) => ENTRIES[id].usual);
/** The filters of the list, in the order of their columns. */
export const COLUMN_FILTERS: readonly ColumnFilter[] = COLUMN_IDS.flatMap((id) => ENTRIES[id].filter ?? []);

/** Whether the search or a filter leaves anything out. */
export function isNarrowed(filter: EsimFilter): boolean {
  const { search, attention } = filter;
  return search.trim() !== "" || attention || COLUMN_FILTERS.some(({ chosen }) => chosen(filter).length > 0);
}

export function column(id: ColumnId): Column {
  return COLUMNS[id];
}

/** The sorts that some column has. */
type Sorted = NonNullable<(typeof ENTRIES)[ColumnId]["sort"]>["by"];

const SORTS = Object.fromEntries(
  Object.values(COLUMNS).flatMap(({ sort }) => (sort === null ? [] : [[sort.by, sort]])),
) as Record<Sorted, SortRule>;

/** Does not compile for an order that Rust has and no column shows. */
export function sortRule(by: Sorted): SortRule {
  return SORTS[by];
}

type Exported = (typeof ENTRIES)[ColumnId]["exported"];
type Headed = Exported extends infer One ? (One extends unknown ? keyof One : never) : never;

/** Headings of eSIMs in a file. Does not compile for a column that the program writes and none here names. */
export const EXPORT_HEADINGS: Readonly<Record<ExportId, TextKey>> = Object.assign(
  {},
  ...Object.values(ENTRIES).map(({ exported }) => exported),
) as Record<Headed, TextKey>;
