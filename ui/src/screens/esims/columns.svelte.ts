/** The columns of the eSIM list: what they are called, how wide they are, what sorts them; and which are shown. */
import type { EsimSort } from "../../host";
import type { TextKey } from "../../locales";
import { look } from "../../look.svelte";

export const COLUMN_NAMES = [
  "traveller",
  "reference",
  "iccid",
  "status",
  "since",
  "period",
  "data",
  "lastEvent",
  "events",
  "package",
  "esimId",
  "start",
  "end",
  "firstActivated",
  "trip",
  "tags",
] as const;
export type ColumnName = (typeof COLUMN_NAMES)[number];

export type Column = {
  name: ColumnName;
  label: TextKey;
  /** null: Rust can't sort by it. */
  sort: EsimSort | null;
  /** As CSS writes it in a grid. */
  width: string;
  /** The least that it takes, in pixels. */
  least: number;
};

const ALL: Record<ColumnName, Omit<Column, "name">> = {
  traveller: {
    label: "list.column.traveller",
    sort: "traveller",
    width: "minmax(110px, 1.2fr)",
    least: 110,
  },
  reference: {
    label: "list.column.reference",
    sort: "reference",
    width: "minmax(130px, 1.5fr)",
    least: 130,
  },
  iccid: { label: "list.column.iccid", sort: "iccid", width: "166px", least: 166 },
  status: { label: "list.column.status", sort: "status", width: "minmax(124px, 0.7fr)", least: 124 },
  since: { label: "list.column.since", sort: "statusSince", width: "80px", least: 80 },
  period: { label: "list.column.period", sort: "end", width: "minmax(146px, 0.9fr)", least: 146 },
  data: { label: "list.column.data", sort: "dataLeft", width: "100px", least: 100 },
  lastEvent: { label: "list.column.lastEvent", sort: "lastEvent", width: "90px", least: 90 },
  events: { label: "list.column.events", sort: "events", width: "60px", least: 60 },
  package: { label: "list.column.package", sort: "package", width: "minmax(120px, 1fr)", least: 120 },
  esimId: { label: "list.column.esimId", sort: "esimId", width: "280px", least: 280 },
  start: { label: "list.column.start", sort: "start", width: "150px", least: 150 },
  end: { label: "list.column.end", sort: "end", width: "150px", least: 150 },
  firstActivated: {
    label: "list.column.firstActivated",
    sort: "firstActivated",
    width: "150px",
    least: 150,
  },
  trip: { label: "list.column.trip", sort: null, width: "minmax(150px, 0.9fr)", least: 150 },
  tags: { label: "list.column.tags", sort: null, width: "minmax(110px, 0.8fr)", least: 110 },
};

const USUAL: readonly ColumnName[] = [
  "traveller",
  "reference",
  "iccid",
  "status",
  "since",
  "period",
  "data",
  "lastEvent",
];

/** The box in front of each row, and the gaps. */
const SELECT_PX = 28;
const GAP_PX = 12;
const EDGES_PX = 24;

export function column(name: ColumnName): Column {
  return { name, ...ALL[name] };
}

/** What a first click on a header means: the latest or the most first, A first for names. */
export function startsDescending(sort: EsimSort): boolean {
  return ["lastEvent", "statusSince", "end", "start", "firstActivated", "events"].includes(sort);
}

export function template(columns: readonly Column[]): string {
  return [`${SELECT_PX}px`, ...columns.map(({ width }) => width)].join(" ");
}

export function leastWidth(columns: readonly Column[]): number {
  const all = columns.reduce((sum, { least }) => sum + least, 0);
  return SELECT_PX + all + GAP_PX * columns.length + EDGES_PX;
}

function isName(name: unknown): name is ColumnName {
  return COLUMN_NAMES.some((known) => known === name);
}

/** Which columns are shown. */
export class ColumnChoice {
  readonly names = $derived.by((): readonly ColumnName[] => {
    const kept = look.columns.filter(isName);
    return kept.length > 0 ? kept : USUAL;
  });

  get shown(): readonly Column[] {
    return COLUMN_NAMES.filter((name) => this.names.includes(name)).map(column);
  }

  get isUsual(): boolean {
    return this.names.length === USUAL.length && USUAL.every((name) => this.names.includes(name));
  }

  /** One column stays, whatever is taken away. */
  toggle(name: ColumnName): void {
    const without = this.names.filter((known) => known !== name);
    if (without.length === this.names.length) this.#keep([...this.names, name]);
    else if (without.length > 0) this.#keep(without);
  }

  reset(): void {
    this.#keep([]);
  }

  #keep(names: readonly ColumnName[]): void {
    void look.choose({ columns: [...names] });
  }
}
