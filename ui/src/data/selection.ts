/** Which rows of a list are selected: by key, so that it stays right whatever becomes of the rows. */
export type Key = string | number;
export type Chosen<Item> = ReadonlyMap<Key, Item>;

export function chosen<Item>(items: readonly Item[], keyOf: (item: Item) => Key): Chosen<Item> {
  return new Map(items.map((item) => [keyOf(item), item]));
}

/** The same with this one added, or taken away if it was there. */
export function toggled<Item>(before: Chosen<Item>, key: Key, item: Item): Chosen<Item> {
  const after = new Map(before);
  if (!after.delete(key)) after.set(key, item);
  return after;
}
