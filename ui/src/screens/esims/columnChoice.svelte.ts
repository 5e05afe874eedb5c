/** The columns of the eSIM list: what they are called, how wide they are, what sorts them; which are shown, in what order. */
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
  /** The least that it takes, in pixels. */
  least: number;
  /** Its share of the room that is left; 0 for what is always equally wide. */
  grow: number;
};

const ALL: Record<ColumnName, Omit<Column, "name">> = {
  traveller: {
    label: "list.column.traveller",
    sort: "traveller",
    least: 110,
    grow: 1.2,
  },
  reference: {
    label: "list.column.reference",
    sort: "reference",
    least: 130,
    grow: 1.5,
  },
  iccid: { label: "list.column.iccid", sort: "iccid", least: 166, grow: 0 },
  status: { label: "list.column.status", sort: "status", least: 124, grow: 0.7 },
  since: { label: "list.column.since", sort: "statusSince", least: 80, grow: 0 },
  period: { label: "list.column.period", sort: "end", least: 146, grow: 0.9 },
  data: { label: "list.column.data", sort: "dataLeft", least: 100, grow: 0 },
  lastEvent: { label: "list.column.lastEvent", sort: "lastEvent", least: 90, grow: 0 },
  events: { label: "list.column.events", sort: "events", least: 60, grow: 0 },
  package: { label: "list.column.package", sort: "package", least: 120, grow: 1 },
  esimId: { label: "list.column.esimId", sort: "esimId", least: 280, grow: 0 },
  start: { label: "list.column.start", sort: "start", least: 150, grow: 0 },
  end: { label: "list.column.end", sort: "end", least: 150, grow: 0 },
  firstActivated: {
    label: "list.column.firstActivated",
    sort: "firstActivated",
    least: 150,
    grow: 0,
  },
  trip: { label: "list.column.trip", sort: null, least: 150, grow: 0.9 },
  tags: { label: "list.column.tags", sort: null, least: 110, grow: 0.8 },
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

/** The box in front of each row, the gaps, and what is left free at both ends. */
const SELECT_PX = 28;
export const GAP_PX = 12;
const EDGES_PX = 24;

export function column(name: ColumnName): Column {
  return { name, ...ALL[name] };
}

/** What a first click on a header means: the latest or the most first, A first for names. */
export function startsDescending(sort: EsimSort): boolean {
  return ["lastEvent", "statusSince", "end", "start", "firstActivated", "events"].includes(sort);
}

/**
 * How a cell takes its room, as CSS writes it in a flex box: by numbers alone. In a grid the engine lays each cell out once more, which
 * is a millisecond in each frame while somebody scrolls.
 */
export function room({ least, grow }: Column): string {
  return `${grow} 0 ${least}px`;
}

export function leastWidth(columns: readonly Column[]): number {
  const all = columns.reduce((sum, { least }) => sum + least, 0);
  return SELECT_PX + all + GAP_PX * columns.length + EDGES_PX;
}

function isName(name: unknown): name is ColumnName {
  return COLUMN_NAMES.some((known) => known === name);
}

/**
 * Every column in the order in which they stand. Those that are not shown stand behind the one that usually is
 * before them, where they are to be found in the menu and come into the list.
 */
function arranged(shown: readonly ColumnName[]): readonly ColumnName[] {
  const all = [...shown];
  for (const [index, name] of COLUMN_NAMES.entries()) {
    if (all.includes(name)) continue;
    const before = COLUMN_NAMES[index - 1];
    all.splice(before === undefined ? 0 : all.indexOf(before) + 1, 0, name);
  }
  return all;
}

/** Which columns are shown, in what order. */
export class ColumnChoice {
  /** Those that are shown, in their order. */
  readonly names = $derived.by((): readonly ColumnName[] => {
    const kept = look.columns.filter(isName).filter((name, index, all) => all.indexOf(name) === index);
    return kept.length > 0 ? kept : USUAL;
  });
  readonly shown = $derived(this.names.map(column));
  /** All of them. */
  readonly order = $derived(arranged(this.names));

  get isUsual(): boolean {
    return this.names.length === USUAL.length && USUAL.every((name, index) => this.names[index] === name);
  }

  /** One column stays, whatever is taken away. */
  toggle(name: ColumnName): void {
    const shown = this.names.includes(name);
    if (shown && this.names.length === 1) return;
    this.#keep(this.order.filter((known) => (known === name ? !shown : this.names.includes(known))));
  }

  /** Puts a column that is shown at another place among those that are; beyond the ends means the end. */
  move(name: ColumnName, place: number): void {
    const others = this.names.filter((known) => known !== name);
    if (others.length === this.names.length) return;
    others.splice(Math.max(place, 0), 0, name);
    this.#keep(others);
  }

  reset(): void {
    this.#keep([]);
  }

  #keep(names: readonly ColumnName[]): void {
    void look.choose({ columns: [...names] });
  }
}
