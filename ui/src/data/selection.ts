/** Which eSIMs are selected: by key, so that it stays right whatever becomes of the rows. */
export type Selection = ReadonlySet<string>;

export function selectionOf(keys: Iterable<string>): Selection {
  return new Set(keys);
}

/** The same with this one added, or taken away if it was there. */
export function toggled(selection: Selection, key: string): Selection {
  const keys = new Set(selection);
  if (!keys.delete(key)) keys.add(key);
  return keys;
}
