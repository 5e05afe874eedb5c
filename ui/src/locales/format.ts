/** Times, amounts of data and money as people read them. In: the store's units. Out: text. */
import { type Hours, THRESHOLDS } from "../host/bindings";
import { systemLocale, text, wordsLocale } from ".";

/** The formats of the present locale; made anew when it or the hours change. */
function formatsOf(hours: Hours) {
  const locale = systemLocale();
  const words = wordsLocale();
  const hourCycle = ({ usual: undefined, twelve: "h12", twentyFour: "h23" } as const)[hours];
  const timed = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale, hourCycle === undefined ? options : { ...options, hourCycle });
  const dated = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale, options);
  const number = (options: Intl.NumberFormatOptions): Intl.NumberFormat =>
    new Intl.NumberFormat(locale, options);
  return {
    exact: timed({ dateStyle: "medium", timeStyle: "long" }),
    minute: timed({ dateStyle: "medium", timeStyle: "short" }),
    second: timed({
      month: "short",
      day: "numeric",
      hour: "numeric",
      minute: "2-digit",
      second: "2-digit",
    }),
    clock: timed({ timeStyle: "short" }),
    clockSeconds: timed({ timeStyle: "medium" }),
    hour: timed({ hour: "numeric" }),
    soonDay: timed({ weekday: "short", hour: "numeric", minute: "2-digit" }),
    day: dated({ dateStyle: "medium" }),
    utcDay: dated({ dateStyle: "medium", timeZone: "UTC" }),
    utcShort: dated({ month: "numeric", day: "numeric", timeZone: "UTC" }),
    axisDay: dated({ month: "short", day: "numeric" }),
    weekday: dated({ weekday: "short", month: "short", day: "numeric" }),
    agoShort: new Intl.RelativeTimeFormat(words, { numeric: "always", style: "short" }),
    agoLong: new Intl.RelativeTimeFormat(words, { numeric: "always", style: "long" }),
    whole: number({ maximumFractionDigits: 0 }),
    difference: number({ maximumFractionDigits: 0, signDisplay: "exceptZero" }),
    share: number({ style: "percent", maximumFractionDigits: 0 }),
    plain: number({ maximumFractionDigits: 2 }),
    regions: new Intl.DisplayNames(words, { type: "region", fallback: "code" }),
    languages: new Intl.DisplayNames(words, { type: "language", fallback: "code" }),
  };
}

let formats = formatsOf("usual");

/** How the time of day is written from now on, in the present language. What stands on the screen must be drawn anew. */
export function setFormats(hours: Hours): void {
  formats = formatsOf(hours);
}

const STEPS = [
  { unit: "second", seconds: 1, until: 60 },
  { unit: "minute", seconds: 60, until: 3600 },
  { unit: "hour", seconds: 3600, until: 48 * 3600 },
  { unit: "day", seconds: 86_400, until: 60 * 86_400 },
  { unit: "month", seconds: 30.44 * 86_400, until: 730 * 86_400 },
  { unit: "year", seconds: 365.25 * 86_400, until: Number.POSITIVE_INFINITY },
] as const;

/** Dates beyond this are no dates for `Date`; Roamify's fields are only as good as their sender. */
const MAX_DATE_MS = 8.64e15;

function formatted(format: Intl.DateTimeFormat, ms: number): string {
  return Math.abs(ms) <= MAX_DATE_MS ? once(format, ms, () => format.format(ms)) : text("time.unknown");
}

/** Most words that are remembered for one format. */
const MOST_REMEMBERED = 4000;
const remembered = new WeakMap<object, Map<unknown, string>>();

/** Intl takes its time, and lists ask for the same again in each frame. */
function once(format: object, of: unknown, work: () => string): string {
  let known = remembered.get(format);
  if (known === undefined || known.size > MOST_REMEMBERED) {
    known = new Map();
    remembered.set(format, known);
  }
  let words = known.get(of);
  if (words === undefined) {
    words = work();
    known.set(of, words);
  }
  return words;
}

/** Date and time to the second, with the zone. */
export const exactTime = (ms: number): string => formatted(formats.exact, ms);
/** Date and time to the minute. */
export const shortTime = (ms: number): string => formatted(formats.minute, ms);
/** The time of day, to the minute. */
export const clockTime = (ms: number): string => formatted(formats.clock, ms);
/** The time of day, to the second. */
export const clockSeconds = (ms: number): string => formatted(formats.clockSeconds, ms);
/** The hour of the day; with minutes where the zone is not whole hours from UTC. */
export const hourTime = (ms: number): string =>
  formatted(new Date(ms).getMinutes() === 0 ? formats.hour : formats.clock, ms);
/** Day and time to the second, without the year: for what happened lately. */
export const secondTime = (ms: number): string => formatted(formats.second, ms);

/** A day on an axis: without the year. */
export const dayLabel = (ms: number): string => formatted(formats.axisDay, ms);

/** A day on an axis of years. */
export const dayWithYear = (ms: number): string => formatted(formats.day, ms);

/** "Today", "Yesterday", else the day; the year only where it is not this one. */
export function dayName(ms: number, nowMs: number): string {
  const days = daysApart(ms, nowMs);
  if (days === 0) return text("day.today");
  if (days === 1) return text("day.yesterday");
  const sameYear = new Date(ms).getFullYear() === new Date(nowMs).getFullYear();
  return formatted(sameYear ? formats.weekday : formats.day, ms);
}

/** By how many days of the local calendar the first is before the second. */
function daysApart(ms: number, nowMs: number): number {
  const noon = (of: number): number => new Date(of).setHours(12, 0, 0, 0);
  return Math.round((noon(nowMs) - noon(ms)) / 86_400_000);
}

/**
 * "today 9:12 AM", "yesterday …", "tomorrow …", "Mon 8:00 AM" for what comes within a week, else day and
 * time; by the days of the local calendar.
 */
export function dayTime(ms: number, nowMs: number): string {
  const days = daysApart(ms, nowMs);
  if (days === 0) return text("time.today", { time: formatted(formats.clock, ms) });
  if (days === 1) return text("time.yesterday", { time: formatted(formats.clock, ms) });
  if (days === -1) return text("time.tomorrow", { time: formatted(formats.clock, ms) });
  return days < -1 && days > -7 ? formatted(formats.soonDay, ms) : shortTime(ms);
}

/** Two dates, with the year and month said once where the locale does so; "…" for an end that is not known. */
export function dates(startMs: number | null, endMs: number | null): string {
  const one = (ms: number | null): string => (ms === null ? text("time.open") : formatted(formats.day, ms));
  const both = startMs !== null && endMs !== null && startMs <= endMs;
  return both && Math.max(-startMs, endMs) <= MAX_DATE_MS
    ? once(formats, `${startMs} ${endMs}`, () => formats.day.formatRange(startMs, endMs))
    : text("time.range", { start: one(startMs), end: one(endMs) });
}

/** The days of a trip, `YYYY-MM-DD` each: they are the same days everywhere. null: none is known. */
export function tripDates(start: string | null, end: string | null): string | null {
  if (start === null && end === null) return null;
  const at = (date: string): number => Date.parse(`${date}T00:00:00Z`);
  const one = (date: string | null): string =>
    date === null ? text("time.open") : formatted(formats.utcDay, at(date));
  return start !== null && end !== null && start <= end
    ? once(formats.utcDay, `${start} ${end}`, () => formats.utcDay.formatRange(at(start), at(end)))
    : text("time.range", { start: one(start), end: one(end) });
}

/** A day (YYYY-MM-DD) where there is room for two numbers: "11/24", "24.11." */
export function shortDay(date: string): string {
  const at = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(at) ? date : formatted(formats.utcShort, at);
}

/** Day and time as they can stand in the name of a file: "2026-11-27 1015". */
export function fileTime(ms: number): string {
  const at = new Date(ms);
  const two = (number: number): string => String(number).padStart(2, "0");
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date} ${two(at.getHours())}${two(at.getMinutes())}`;
}

/** For the `datetime` of a `time` element; undefined where there is no such date. */
export function machineTime(ms: number): string | undefined {
  return Math.abs(ms) <= MAX_DATE_MS ? new Date(ms).toISOString() : undefined;
}

/** "12 seconds ago", "in 3 days"; short: "12 sec. ago". Anything under `justNowSeconds` is "just now". */
export function relativeTime(
  ms: number,
  nowMs: number,
  { justNowSeconds = 1, style = "long" }: { justNowSeconds?: number; style?: "short" | "long" } = {},
): string {
  const seconds = (ms - nowMs) / 1000;
  const size = Math.abs(seconds);
  if (size < justNowSeconds) return text("time.now");
  for (const step of STEPS) {
    if (size < step.until) {
      const format = style === "short" ? formats.agoShort : formats.agoLong;
      const many = Math.trunc(seconds / step.seconds);
      return once(format, `${many} ${step.unit}`, () => format.format(many, step.unit));
    }
  }
  return text("time.unknown");
}

/**
 * A length of time in its largest unit and, below that, the next one: "3 hr 20 min". Never too little: a part of the last
 * unit is a whole one, as Rust writes lengths of time, too (`provider/api.rs`).
 */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const place = STEPS.findIndex(({ until }) => whole < until);
  const step = STEPS[place] ?? STEPS[5];
  const next = STEPS[(place < 0 ? STEPS.length - 1 : place) - 1];
  if (next === undefined) return inUnit(whole, step.unit);
  const many = Math.floor(whole / step.seconds);
  const rest = Math.ceil((whole - many * step.seconds) / next.seconds);
  // A rest that fills the larger unit is one more of that: with it there may be a larger one.
  if (rest * next.seconds >= step.seconds) return duration((many + 1) * step.seconds);
  const larger = inUnit(many, step.unit);
  return rest === 0 ? larger : `${larger} ${inUnit(rest, next.unit)}`;
}

const inUnit = (many: number, unit: (typeof STEPS)[number]["unit"]): string =>
  new Intl.NumberFormat(wordsLocale(), { style: "unit", unit, unitDisplay: "short" }).format(many);

export const count = (value: number): string => once(formats.whole, value, () => formats.whole.format(value));
/** "+3", "−2". */
export const signed = (value: number): string => formats.difference.format(value);
export const percent = (fraction: number): string =>
  once(formats.share, fraction, () => formats.share.format(fraction));

/** To so many decimals, and away from zero in the middle. */
export function rounded(value: number, decimals: number): string {
  const parts = 10 ** decimals;
  return ((Math.sign(value) * Math.round(Math.abs(value) * parts)) / parts).toFixed(decimals);
}

/** With the mark that the language has between a whole and its parts. */
export const decimal = (figure: string): string =>
  wordsLocale() === "en" ? figure : figure.replace(".", ",");

/**
 * An amount of data: whole MB, and GB to two decimals at most. A rest below one MB is not told as none. Providers count
 * in MB and sell 3 GB as 3072. Rust writes amounts by the same rule (`catalogue/figures.rs`); `amounts.json` holds both
 * together.
 */
export function megabytes(value: number): string {
  return once(formats, value, () => {
    const whole = Number(rounded(value, 0));
    if (Math.abs(whole) >= THRESHOLDS.mbPerGb) {
      const gigabytes = Number(rounded(value / THRESHOLDS.mbPerGb, 2));
      return text("data.gigabytes", { value: decimal(String(gigabytes)) });
    }
    if (value > 0 && value < 1) return text("data.lessThanMegabyte");
    return text("data.megabytes", { value: String(whole) });
  });
}

/** A language's name in the language of the window. */
export const languageName = (code: string): string => formats.languages.of(code) ?? code;

/** A country's name by its code (ISO 3166-1); anything else is shown as it came. */
export function regionName(code: string): string {
  const upper = code.trim().toUpperCase();
  return /^[A-Z]{2}$/.test(upper) ? (formats.regions.of(upper) ?? code) : code;
}

export function money(amount: number, currency: string | null): string {
  if (currency === null) return formats.plain.format(amount);
  try {
    return new Intl.NumberFormat(systemLocale(), { style: "currency", currency }).format(amount);
  } catch {
    // Not a currency code that Intl takes: show both as they came.
    return `${formats.plain.format(amount)} ${currency}`;
  }
}
