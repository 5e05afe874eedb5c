/**
 * Every text of the window comes from here. `text` takes a key of the catalogue, so that a missing one
 * does not compile. Figures and dates follow the system's locale, words follow the catalogue's language.
 */
import { IntlMessageFormat } from "intl-messageformat";
import en from "./en.json";

export type TextKey = keyof typeof en;
export type TextValues = Record<string, string | number>;

const CATALOGUE: Record<TextKey, string> = en;
/** The language of the catalogue's words. */
export const WORDS_LOCALE = "en";
/** The locale of dates and figures. */
export const SYSTEM_LOCALE = usableLocale(navigator.languages);

const compiled = new Map<TextKey, IntlMessageFormat>();

export function text(key: TextKey, values?: TextValues): string {
  let message = compiled.get(key);
  if (message === undefined) {
    message = new IntlMessageFormat(CATALOGUE[key], WORDS_LOCALE);
    compiled.set(key, message);
  }
  return String(message.format(values));
}

/** The first locale that Intl takes: under LANG=C the web view says "C", and Intl throws at it. */
export function usableLocale(wanted: readonly string[] | undefined): string {
  for (const locale of wanted ?? []) {
    try {
      const [supported] = Intl.DateTimeFormat.supportedLocalesOf(locale);
      if (supported !== undefined) return supported;
    } catch {
      // Not a language tag: try the next.
    }
  }
  return WORDS_LOCALE;
}
