/**
 * A search as the window reads it for itself: what is marked in a row, whether a change is worth telling, which actions
 * fit. What a search finds is the program's answer alone, and its folding knows more (`core/src/search`: other spellings
 * of letters, numbers however they are written). It can't be asked here: a list that is scrolled marks hundreds of texts
 * between two frames, of rows that change by themselves, and none of them may wait for an answer. Whatever this misses is
 * found all the same, only without its mark.
 */

/** Case and accents away. */
export function folded(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase().normalize("NFC");
}

/** Each has to be found; figures with spaces between are one number. */
export function searchWords(search: string): readonly string[] {
  const text = folded(search.trim());
  return /^[\d\s]+$/.test(text) ? [text.replaceAll(/\s/g, "")] : text.split(/\s+/);
}
