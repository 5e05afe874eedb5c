/** Where in a text the words of a search stand, as Rust compares them: case and accents away. */
import { folded, searchWords } from "./search";

export type Part = { part: string; found: boolean };

export function marks(words: string, search: string): Part[] {
  if (search.trim() === "") return [{ part: words, found: false }];
  const plain = folded(words);
  // Folding may change the number of letters ("ß" stays, "ﬁ" does not): then nothing is marked.
  if (plain.length !== words.length) return [{ part: words, found: false }];
  const hits = new Array<boolean>(words.length).fill(false);
  for (const word of searchWords(search)) {
    for (let at = plain.indexOf(word); at >= 0; at = plain.indexOf(word, at + 1)) {
      hits.fill(true, at, at + word.length);
    }
  }
  const parts: Part[] = [];
  for (let from = 0; from < words.length; ) {
    const found = hits[from] === true;
    let to = from + 1;
    while (to < words.length && (hits[to] === true) === found) to += 1;
    parts.push({ part: words.slice(from, to), found });
    from = to;
  }
  return parts.length === 0 ? [{ part: words, found: false }] : parts;
}
