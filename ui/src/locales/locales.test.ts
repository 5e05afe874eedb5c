import { IntlMessageFormat } from "intl-messageformat";
import { afterEach, expect, test, vi } from "vitest";
import type { Message, MessageValue } from "../host";
import { LANGUAGES, speak, type TextKey, text, usableLocale } from ".";
import amounts from "./amounts.json";
import de from "./de.json";
import en from "./en.json";
import es from "./es.json";
import {
  dates,
  dayTime,
  duration,
  exactTime,
  machineTime,
  megabytes,
  money,
  relativeTime,
  setFormats,
} from "./format";
import fr from "./fr.json";
import it from "./it.json";
import { worded } from "./message";
import pt from "./pt.json";
import wording from "./wording.json";

const keys = Object.keys(en) as TextKey[];
const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);
const before = (seconds: number): number => NOW - seconds * 1000;

test("every message is valid and can be formatted", () => {
  for (const key of keys) {
    const names = [...en[key].matchAll(/\{(\w+)/g)].map(([, name]) => name ?? "");
    expect(text(key, Object.fromEntries(names.map((name) => [name, 2])))).not.toBe("");
  }
});

test("a text that is missing, or what stands in its places, is said otherwise and told once", async () => {
  const told: unknown[] = [];
  vi.stubGlobal("reportError", (error: unknown) => told.push(error));
  await speak("de");
  const german = de as Record<TextKey, string | undefined>;
  const english = en as Record<TextKey, string | undefined>;
  const key: TextKey = "import.undoable";
  const [own, common] = [german[key], english[key]];
  try {
    german[key] = undefined;
    expect(text(key)).toBe("It can be undone afterwards.");
    expect(text(key, {})).toBe("It can be undone afterwards.");
    english[key] = undefined;
    expect(text(key, { count: 1 })).toBe("undoable");
    expect(text(key, { count: 2 })).toBe("undoable");
  } finally {
    german[key] = own;
    english[key] = common;
  }
  expect(told).toHaveLength(1);
  // A place for which nothing is given.
  expect(text("import.column")).toBe("column");
  expect(worded({ key: "no.such.text", values: {} })).toBe("text");
  expect(worded({ key: "Words as they came.", values: {} })).toBe("Words as they came.");
  vi.unstubAllGlobals();
});

test("what Windows calls otherwise has its words there alone, in every language", async () => {
  const key: TextKey = "connection.secretKeyringText";
  const onWindows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36";
  for (const language of LANGUAGES) {
    await speak(language);
    expect(text(key)).not.toContain("Windows");
    const agent = vi.spyOn(navigator, "userAgent", "get").mockReturnValue(onWindows);
    await speak(language);
    expect(text(key)).toContain("Windows");
    expect(text("connection.data")).not.toBe("");
    agent.mockRestore();
  }
});

afterEach(async () => {
  await speak("en");
  setFormats("usual");
});

type Node = { type: number; value?: unknown; options?: Record<string, { value: Node[] }> };

/** The plural forms in a message, wherever they stand in it. */
function pluralsOf(nodes: Node[]): Record<string, { value: Node[] }>[] {
  return nodes.flatMap(({ type, options = {} }) => [
    // 6: plural.
    ...(type === 6 ? [options] : []),
    ...Object.values(options).flatMap(({ value }) => pluralsOf(value)),
  ]);
}

test.each([
  ["en", en],
  ["es", es],
  ["fr", fr],
  ["de", de],
  ["it", it],
  ["pt", pt],
] as const)(
  "every count in the texts of %s has the form that its number needs",
  async (language, catalogue) => {
    await speak(language);
    const rules = new Intl.PluralRules(language);
    for (const key of keys) {
      const plurals = pluralsOf(new IntlMessageFormat(catalogue[key], language).getAst());
      const places = [...catalogue[key].matchAll(/\{(\w+)/g)].map(([, name]) => name ?? "");
      for (const number of [0, 1, 2, 5, 21]) {
        for (const forms of plurals) {
          const wanted = [`=${number}`, rules.select(number)];
          expect([key, "other" in forms, wanted.some((form) => form in forms)]).toEqual([key, true, true]);
        }
        const words = text(key, Object.fromEntries(places.map((name) => [name, number])));
        expect(words).not.toBe("");
        expect(words).not.toMatch(/\.\.|[{}]/);
      }
    }
  },
);

/** Texts in which a count stands beside words that are the same for every number. */
const SAME_FOR_EVERY_NUMBER = [
  "import.cut",
  "alerts.selectedCut",
  "attention.acknowledgeAll",
  "account.lastOf",
  "deliveries.searchMeans",
  "export.of",
  "digest.order",
  "detail.timelineOf",
  "error.export.tooManyRows",
  "catching.lineOf",
  "receipt.allOf",
];

test("a count that stands beside a word has its plural forms", () => {
  const plain = keys.filter((key) =>
    /\{(count|done)(, number)?\}/.test(en[key].replaceAll(/\{\w+, plural.*\}/g, "")),
  );
  expect(plain.filter((key) => !SAME_FOR_EVERY_NUMBER.includes(key))).toEqual([]);
});

/** The arguments of a message with their kinds, wherever they stand in it. */
function argumentsOf(message: string, language: string): string[] {
  const found = new Set<string>();
  const walk = (nodes: Node[]): void => {
    for (const { type, value, options } of nodes) {
      // 0: text, 7: the number sign.
      if (type !== 0 && type !== 7) found.add(`${String(value)} ${type}`);
      for (const option of Object.values(options ?? {})) walk(option.value);
    }
  };
  walk(new IntlMessageFormat(message, language).getAst());
  return [...found].sort();
}

test.each([
  ["es", es],
  ["fr", fr],
  ["de", de],
  ["it", it],
  ["pt", pt],
] as const)(
  "the catalogue of %s is complete, in order, and takes the same arguments",
  (language, catalogue) => {
    expect(Object.keys(catalogue)).toEqual(keys);
    for (const key of keys) {
      expect([key, argumentsOf(catalogue[key], language)]).toEqual([key, argumentsOf(en[key], "en")]);
      expect(catalogue[key].trim()).not.toBe("");
    }
  },
);

test("another language has its words, plural forms, dates and figures", async () => {
  await speak("de");
  setFormats("usual");
  expect(text("nav.settings")).toBe("Einstellungen");
  expect(text("lookback.new", { count: 1 })).toBe("1 neue eSIM");
  expect(text("lookback.new", { count: 1234 })).toBe("1.234 neue eSIMs");
  expect(relativeTime(NOW - 3_600_000, NOW)).toBe("vor 1 Stunde");
  expect(exactTime(NOW)).toContain("23.11.2026");
  expect(money(5, "EUR")).toMatch(/^5,00\s€$/);
  await speak("fr");
  expect(text("lookback.new", { count: 0 })).toBe("0 nouvelle eSIM");
  expect(LANGUAGES.length).toBe(6);
});

test("the window words what the program says as the program does", async () => {
  // Days and hours are by the zone of the test in `catalogue/tests.rs`.
  vi.stubEnv("TZ", "UTC");
  vi.spyOn(navigator, "languages", "get").mockReturnValue(["en-US"]);
  const nowMs = Date.UTC(2025, 10, 27, 8, 0, 0);
  const plain = (words: string): string => words.replaceAll(/[\u00a0\u202f]/g, " ");
  for (const language of ["en", "de"] as const) {
    await speak(language);
    setFormats("usual");
    for (const { message, ...words } of wording) {
      expect(plain(worded(message as Message, nowMs))).toBe(plain(words[language]));
    }
  }
  vi.unstubAllEnvs();
});

test("a key that no catalogue has is shown, and a moment that is none is called unknown", () => {
  expect(worded({ key: "Something new.", values: {} })).toBe("Something new.");
  const when: MessageValue = { kind: "time", value: { at: 1e18, form: "since" } };
  const inUse: MessageValue = { kind: "message", value: { key: "alert.noEvents.someInUse", values: {} } };
  expect(worded({ key: "alert.noEvents.body", values: { since: when, inUse } })).toContain("unknown time");
});

test("every key of the catalogue is used", () => {
  const sources = Object.values(
    import.meta.glob<string>(["../**/*.svelte", "../**/*.ts", "!../**/*.test.ts"], {
      query: "?raw",
      import: "default",
      eager: true,
    }),
  ).join("\n");
  const built = [
    /^status\.[A-Z]+\./,
    /^event\.status\.[A-Z]+$/,
    /^event\.kind\./,
    /^list\.(column|period)\.\w+$/,
    /^keys\.\w+(\.\w+)?$/,
    /^next\.\w+$/,
    /^palette\.words\.\w+$/,
    /^account\.(status|kind)\.\w+$/,
    /^export\.(name\.\w+|xlsx|csv(Semicolon|Comma)?)$/,
    /^(verdict|resent)\.\w+$/,
    /^appearance\.(density|hours)\.\w+$/,
    // Said by the program itself: a test there finds those that it does not say.
    /^(alert|api|catchUp|damage|digest|error|io|json|keyring|listener|month|notice|place|problem|reason|refusal|secret|since)\./,
    /^(sqlite|start|store|testEvent|tray|tunnel|when|whenDay)\./,
    /^(export|notifications)\.reason\./,
    /^pace\.\w+$/,
    /^import\.(is|change|whose|problem|doubt|separator)\.[\w.]+$/,
    /^detail\.kind\.\w+$/,
    /^receipt\.sum\w*$/,
    /^proof\.(span|way)\.\w+$/,
    /^catching\.token\.\w+(\.windows)?$/,
    /^theme\.(system|light|dark)$/,
    /^rule\.\w+\.(name|means|next)$/,
    /^severity\.(critical|warning|info)$/,
    /^alerts\.(tab|empty|emptyNext)\.\w+$/,
    /^until\.(hour|tomorrow|monday)$/,
    /^rules\.(about\.\w+|(enabled|notify|breaksQuiet)(Means)?)$/,
    /^number\.\w+\.(label|unit)$/,
    /^keeping\.(bodies|usage)Days$/,
    /^upgrade\.(how|next|work)\.\w+$/,
  ];
  const unused = keys.filter(
    (key) =>
      !sources.includes(`"${key.replace(/\.windows$/, "")}"`) && !built.some((shape) => shape.test(key)),
  );
  expect(unused).toEqual([]);
});

test("counts have their plural forms", () => {
  expect(text("line.refused", { count: 1 })).toBe("1 delivery refused");
  expect(text("line.refused", { count: 1234 })).toBe("1,234 deliveries refused");
});

test("a locale that Intl does not take is passed over", () => {
  expect(usableLocale(["C"], "en")).toBe("en");
  expect(usableLocale(["C", "de-AT"], "de")).toBe("de-AT");
  expect(usableLocale(["de-DE"], "fr")).toBe("fr");
  expect(usableLocale(["not a tag", ""], "en")).toBe("en");
  expect(usableLocale([], "it")).toBe("it");
  expect(usableLocale(undefined, "en")).toBe("en");
});

test.each([
  [0, "just now"],
  [1, "1 second ago"],
  [59.9, "59 seconds ago"],
  [60, "1 minute ago"],
  [3599, "59 minutes ago"],
  [3600, "1 hour ago"],
  [47 * 3600, "47 hours ago"],
  [48 * 3600, "2 days ago"],
  [100 * 86_400, "3 months ago"],
  [1000 * 86_400, "2 years ago"],
  [-3 * 86_400, "in 3 days"],
])("%d seconds back is: %s", (seconds, words) => {
  expect(relativeTime(before(seconds), NOW)).toBe(words);
});

test("lists word times shortly and in steps", () => {
  expect(relativeTime(before(9), NOW, { justNowSeconds: 10, style: "short" })).toBe("just now");
  expect(relativeTime(before(12), NOW, { justNowSeconds: 10, style: "short" })).toBe("12 sec. ago");
});

test("a time that is no date does not throw", () => {
  expect(exactTime(1e18)).toBe("Unknown");
  expect(machineTime(1e18)).toBeUndefined();
  expect(dates(NOW, 1e18)).toContain("Unknown");
  expect(dates(null, NOW)).toMatch(/^… – /);
  expect(dates(NOW, NOW - 86_400_000)).toContain(" – ");
});

test("a day close by has a word, by the calendar and not by hours", () => {
  const at = (day: number, hour: number): number => new Date(2026, 10, day, hour, 12).getTime();
  const words = (day: number, hour: number): string =>
    dayTime(at(day, hour), at(23, 9)).replace("\u202f", " ");
  expect(words(23, 9)).toBe("today 9:12 AM");
  expect(words(22, 23)).toBe("yesterday 11:12 PM");
  expect(words(21, 23)).toBe("Nov 21, 2026, 11:12 PM");
  expect(dayTime(1e18, at(23, 9))).toBe("Unknown");
});

test("data is counted as Roamify sells it", () => {
  expect([megabytes(0), megabytes(307.2), megabytes(1024), megabytes(3072)]).toEqual([
    "0 MB",
    "307 MB",
    "1 GB",
    "3 GB",
  ]);
});

test("the window writes an amount of data as the program does", async () => {
  for (const language of ["en", "de"] as const) {
    await speak(language);
    setFormats("usual");
    for (const { mb, ...words } of amounts) {
      expect(megabytes(mb)).toBe(words[language]);
      const number: MessageValue = { kind: "text", value: "x" };
      const left: MessageValue = { kind: "megabytes", value: mb };
      expect(worded({ key: "alert.dataLow.left", values: { number, left } })).toContain(words[language]);
    }
  }
});

test("money keeps a currency that is none", () => {
  expect(money(5, "EUR")).toBe("€5.00");
  expect(money(5, "points")).toBe("5 points");
  expect(money(5, null)).toBe("5");
});

test("a length of time has its largest units, and is never told as less than it is", () => {
  for (const [seconds, words] of [
    [0, "0 sec"],
    [0.3, "1 sec"],
    [59.2, "1 min"],
    [60, "1 min"],
    [90.139, "1 min 31 sec"],
    [400, "6 min 40 sec"],
    [3599.5, "1 hr"],
    [3601, "1 hr 1 min"],
    [2 * 3600 - 5, "2 hr"],
    [3 * 3600, "3 hr"],
    [48 * 3600 - 1, "2 days"],
    [5 * 86_400, "5 days"],
    [5 * 86_400 + 1, "5 days 1 hr"],
    [59 * 86_400 + 23.9 * 3600, "1 mth 30 days"],
    [400 * 86_400, "13 mths 5 days"],
    [3 * 365.25 * 86_400, "3 yrs"],
    [1e12, "31,688 yrs 2 mths"],
  ] as const) {
    expect(duration(seconds), String(seconds)).toBe(words);
  }
});

test("what people type finds what was missed, in each language", () => {
  const typed = {
    en: ["absent", "away", "sync", "late"],
    de: ["abwesend", "weg", "synchron", "verspätet"],
    es: ["ausente", "fuera", "sincron", "tarde"],
    fr: ["absent", "parti", "synchron", "perdu"],
    it: ["assente", "lontano", "sincron", "tardi"],
    pt: ["ausente", "fora", "sincron", "tarde"],
  };
  const catalogues = { en, de, es, fr, it, pt };
  for (const language of LANGUAGES) {
    const all = catalogues[language];
    const words = ["absences", "absences", "catchUp", "proof"] as const;
    typed[language].forEach((one, at) => {
      const found = ` ${all[`palette.words.${words[at] ?? "proof"}`]}`;
      expect(found, `${language}: ${one}`).toContain(` ${one}`);
    });
  }
});
