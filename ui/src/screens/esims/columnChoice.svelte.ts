/** Which columns of the list are shown, in what order, and how much room each takes. */
import { COLUMN_IDS, type Column, type ColumnId, column, USUAL_COLUMNS } from "../../data/esimColumns";
import { look } from "../../look.svelte";

/** The box in front of each row, the gaps, and what is left free at both ends. */
const SELECT_PX = 28;
export const GAP_PX = 12;
const EDGES_PX = 24;

/**
 * How a cell takes its room, as CSS writes it in a flex box: by numbers alone. In a grid the engine lays each cell out once more, which
 * is a millisecond in each frame while somebody scrolls.
 */
export function room({ least, grow }: Column["width"]): string {
  return `${grow} 0 ${least}px`;
}

export function leastWidth(columns: readonly Column[]): number {
  const all = columns.reduce((sum, { width }) => sum + width.least, 0);
  return SELECT_PX + all + GAP_PX * columns.length + EDGES_PX;
}

function isId(name: unknown): name is ColumnId {
  return COLUMN_IDS.some((known) => known === name);
}

/**
 * Every column in the order in which they stand. Those that are not shown stand behind the one that usually is
 * before them, where they are to be found in the menu and come into the list.
 */
function arranged(shown: readonly ColumnId[]): readonly ColumnId[] {
  const all = [...shown];
  for (const [index, id] of COLUMN_IDS.entries()) {
    if (all.includes(id)) continue;
    const before = COLUMN_IDS[index - 1];
    all.splice(before === undefined ? 0 : all.indexOf(before) + 1, 0, id);
  }
  return all;
}

export class ColumnChoice {
  /** Those that are shown, in their order. */
  readonly ids = $derived.by((): readonly ColumnId[] => {
    const kept = look.columns.filter(isId).filter((id, index, all) => all.indexOf(id) === index);
    return kept.length > 0 ? kept : USUAL_COLUMNS;
  });
  readonly shown = $derived(this.ids.map(column));
  /** All of them. */
  readonly order = $derived(arranged(this.ids));

  get isUsual(): boolean {
    return this.ids.length === USUAL_COLUMNS.length && USUAL_COLUMNS.every((id, at) => this.ids[at] === id);
  }

  /** One column stays, whatever is taken away. */
  toggle(id: ColumnId): void {
    const shown = this.ids.includes(id);
    if (shown && this.ids.length === 1) return;
    this.#keep(this.order.filter((known) => (known === id ? !shown : this.ids.includes(known))));
  }

  /** Puts a column that is shown at another place among those that are; beyond the ends means the end. */
  move(id: ColumnId, place: number): void {
    const others = this.ids.filter((known) => known !== id);
    if (others.length === this.ids.length) return;
    others.splice(Math.max(place, 0), 0, id);
    this.#keep(others);
  }

  reset(): void {
    this.#keep([]);
  }

  #keep(ids: readonly ColumnId[]): void {
    void look.choose({ columns: [...ids] });
  }
}
