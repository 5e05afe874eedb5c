/** What is selected in a list on the screen. */
import { type Chosen, chosen, type Key, toggled } from "../data/selection";

export class Selection<Item> {
  /** Where a selection by Shift began. */
  anchor: number | null = null;
  #chosen = $state.raw<Chosen<Item>>(chosen<Item>([], () => ""));
  readonly #keyOf: (item: Item) => Key;

  constructor(keyOf: (item: Item) => Key) {
    this.#keyOf = keyOf;
  }

  get size(): number {
    return this.#chosen.size;
  }

  get items(): Item[] {
    return [...this.#chosen.values()];
  }

  has(key: Key): boolean {
    return this.#chosen.has(key);
  }

  /** These, and no others. */
  set(items: readonly Item[]): void {
    this.#chosen = chosen(items, this.#keyOf);
  }

  toggle(item: Item): void {
    this.#chosen = toggled(this.#chosen, this.#keyOf(item), item);
  }

  clear(): void {
    this.set([]);
    this.anchor = null;
  }
}
