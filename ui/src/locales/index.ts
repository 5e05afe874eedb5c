/**
 * Every text of the window comes from here. `text` takes a key of the catalogue, so that a missing one
 * does not compile. Figures and dates follow the system's locale where it speaks the language of the words,
 * else that language's own.
 */
import { IntlMessageFormat } from "intl-messageformat";
import { LANGUAGES, type Language } from "../host/bindings";
import en from "./en.json";

export type TextKey = keyof typeof en;
export type TextValues = Record<string, string | number>;
type Catalogue = Record<TextKey, string>;

export { LANGUAGES };

/** One of them is loaded: the others cost nothing. */
const CATALOGUES: Record<Exclude<Language, "en">, () => Promise<{ default: Catalogue }>> = {
  es: () => import("./es.json"),
  fr: () => import("./fr.json"),
  de: () => import("./de.json"),
  it: () => import("./it.json"),
  pt: () => import("./pt.json"),
};

let catalogue: Catalogue = en;
let words: Language = "en";
let system = usableLocale(navigator.languages, "en");
/** Windows calls some things by names of its own: they are texts beside the usual ones. */
let onWindows = runsOnWindows();
let compiled = new Map<TextKey, IntlMessageFormat>();
/** The texts without values: a list asks for them again in each frame. */
let plain = new Map<TextKey, string>();

/** The language of the words. */
export const wordsLocale = (): Language => words;
/** The locale of dates and figures. */
export const systemLocale = (): string => system;

/** Speaks this language from now on; what stands on the screen must be drawn anew. Throws if it can't be loaded. */
export async function speak(language: Language): Promise<void> {
  const loaded = language === "en" ? en : (await CATALOGUES[language]()).default;
  catalogue = loaded;
  words = language;
  onWindows = runsOnWindows();
  system = usableLocale(navigator.languages, language);
  compiled = new Map();
  plain = new Map();
  document.documentElement.lang = language;
}

export function text(key: TextKey, values?: TextValues): string {
  if (values !== undefined) return format(key, values);
  let known = plain.get(key);
  if (known === undefined) {
    known = format(key);
    plain.set(key, known);
  }
  return known;
}

function format(key: TextKey, values?: TextValues): string {
  try {
    let message = compiled.get(key);
    if (message === undefined) {
      message = new IntlMessageFormat(catalogue[own(key)], words);
      compiled.set(key, message);
    }
    return String(message.format(values));
  } catch (error) {
    return instead(key, values, error);
  }
}

/** The key of this system's own words, where there are some. */
function own(key: TextKey): TextKey {
  const here = `${key}.windows`;
  return onWindows && here in en ? (here as TextKey) : key;
}

function runsOnWindows(): boolean {
  return navigator.userAgent.includes("Windows NT");
}

/** Keys of which it was told already that something is wrong with them. */
const told = new Set<string>();

/**
 * What stands where a text is missing, or what stands in its places: the English text, else the last part of its key. A
 * sentence that can't be said must not end the screen around it; it is told, once.
 */
function instead(key: TextKey, values: TextValues | undefined, error: unknown): string {
  const known = `${words} ${key}`;
  if (!told.has(known)) {
    told.add(known);
    reportError(new Error(`No text for ${key} in ${words}`, { cause: error }));
  }
  try {
    return String(new IntlMessageFormat(en[key], "en").format(values));
  } catch {
    return key.slice(key.lastIndexOf(".") + 1);
  }
}

/** The first locale of this language that Intl takes: under LANG=C the web view says "C", and Intl throws at it. */
export function usableLocale(wanted: readonly string[] | undefined, language: Language): string {
  for (const locale of wanted ?? []) {
    try {
      const [supported] = Intl.DateTimeFormat.supportedLocalesOf(locale);
      if (supported !== undefined && new Intl.Locale(supported).language === language) return supported;
    } catch {
      // Not a language tag: try the next.
    }
  }
  return language;
}
