/**
 * What the program says in English sentences of its own (errors, reasons), in the language of the window. The
 * catalogue has each of them, and is searched by the English form; Rust does the same for notifications.
 */
import { type TextKey, text, wordsLocale } from ".";
import en from "./en.json";

type Pattern = { key: TextKey; shape: RegExp; names: readonly string[]; weight: number };

let patterns: readonly Pattern[] | null = null;

function all(): readonly Pattern[] {
  patterns ??= (Object.keys(en) as TextKey[])
    .filter((key) => key.startsWith("told."))
    .map((key) => {
      const parts = en[key].split(/\{(\w+)\}/);
      const fixed = parts.filter((_, at) => at % 2 === 0);
      const shape = fixed.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("([\\s\\S]*?)");
      return {
        key,
        shape: new RegExp(`^${shape}$`),
        names: parts.filter((_, at) => at % 2 === 1),
        weight: fixed.join("").length,
      };
    })
    // The more words of its own, the less it fits by chance.
    .sort((a, b) => b.weight - a.weight);
  return patterns;
}

/** A sentence of the program in the language of the window; one that the catalogue does not have stays. */
export function told(english: string): string {
  if (wordsLocale() === "en") return english;
  for (const { key, shape, names } of all()) {
    const found = shape.exec(english);
    if (found !== null) {
      // What stands in a sentence may be one itself.
      return text(key, Object.fromEntries(names.map((name, at) => [name, told(found[at + 1] ?? "")])));
    }
  }
  return english;
}
