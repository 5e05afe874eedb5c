/** Where in a text the words of a search stand, as Rust compares them: case and accents away. */
import type { EsimRow } from "../host";
import { esimTitle } from "./describe";
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

/** Those first whom the search names; then those that were found by something that is not shown: a contact, a note. */
export function namedFirst(rows: readonly EsimRow[], search: string): readonly EsimRow[] {
  if (search.trim() === "") return rows;
  const isNamed = (esim: EsimRow): boolean =>
    [esim.traveller, esimTitle(esim), esim.order, esim.iccid].some(
      (words) => words !== null && marks(words, search).some(({ found }) => found),
    );
  return [...rows.filter(isNamed), ...rows.filter((row) => !isNamed(row))];
}

const wholeWords = (text: string | null): string =>
  ` ${folded(text ?? "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()} `;

/** Whether a traveller or an order is called so, by whole words. */
export function isCalled({ traveller, referenceId, order }: EsimRow, search: string): boolean {
  return [traveller, referenceId, order].some((name) => wholeWords(name).includes(wholeWords(search)));
}
