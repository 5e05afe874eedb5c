/** Times, amounts of data and money as people read them. In: the store's units. Out: text. */
import type { Hours } from "../host";
import { SYSTEM_LOCALE, text, WORDS_LOCALE } from ".";

type Formats = Record<"exact" | "minute" | "second" | "clock" | "hour" | "soonDay", Intl.DateTimeFormat>;

/** The formats with a time of day in them. */
function timesOf(hourCycle: "h12" | "h23" | undefined): Formats {
  const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(SYSTEM_LOCALE, hourCycle === undefined ? options : { ...options, hourCycle });
  return {
    exact: format({ dateStyle: "medium", timeStyle: "long" }),
    minute: format({ dateStyle: "medium", timeStyle: "short" }),
    second: format({
      month: "short",
      day: "numeric",
      hour: "numeric",
      minute: "2-digit",
      second: "2-digit",
    }),
    clock: format({ timeStyle: "short" }),
    hour: format({ hour: "numeric" }),
    soonDay: format({ weekday: "short", hour: "numeric", minute: "2-digit" }),
  };
}

let times = timesOf(undefined);

/** How the time of day is written from now on. What stands on the screen must be drawn anew. */
export function setHours(hours: Hours): void {
  times = timesOf(({ usual: undefined, twelve: "h12", twentyFour: "h23" } as const)[hours]);
}

const day = new Intl.DateTimeFormat(SYSTEM_LOCALE, { dateStyle: "medium" });
const utcDay = new Intl.DateTimeFormat(SYSTEM_LOCALE, { dateStyle: "medium", timeZone: "UTC" });
const axisDay = new Intl.DateTimeFormat(SYSTEM_LOCALE, { month: "short", day: "numeric" });
const weekday = new Intl.DateTimeFormat(SYSTEM_LOCALE, { weekday: "short", month: "short", day: "numeric" });
const ago = {
  short: new Intl.RelativeTimeFormat(WORDS_LOCALE, { numeric: "always", style: "short" }),
  long: new Intl.RelativeTimeFormat(WORDS_LOCALE, { numeric: "always", style: "long" }),
};
const whole = new Intl.NumberFormat(SYSTEM_LOCALE, { maximumFractionDigits: 0 });
const difference = new Intl.NumberFormat(SYSTEM_LOCALE, {
  maximumFractionDigits: 0,
  signDisplay: "exceptZero",
});
const figure = new Intl.NumberFormat(SYSTEM_LOCALE, { maximumSignificantDigits: 3 });
const share = new Intl.NumberFormat(SYSTEM_LOCALE, { style: "percent", maximumFractionDigits: 0 });
const plain = new Intl.NumberFormat(SYSTEM_LOCALE, { maximumFractionDigits: 2 });

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
/** Stands for the ranges of two days. */
const RANGES = {};
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
export const exactTime = (ms: number): string => formatted(times.exact, ms);
/** Date and time to the minute. */
export const shortTime = (ms: number): string => formatted(times.minute, ms);
/** The hour of the day; with minutes where the zone is not whole hours from UTC. */
export const hourTime = (ms: number): string =>
  formatted(new Date(ms).getMinutes() === 0 ? times.hour : times.clock, ms);
/** Day and time to the second, without the year: for what happened lately. */
export const secondTime = (ms: number): string => formatted(times.second, ms);

/** A day on an axis: without the year. */
export const dayLabel = (ms: number): string => formatted(axisDay, ms);

/** "Today", "Yesterday", else the day; the year only where it is not this one. */
export function dayName(ms: number, nowMs: number): string {
  const days = daysApart(ms, nowMs);
  if (days === 0) return text("day.today");
  if (days === 1) return text("day.yesterday");
  const sameYear = new Date(ms).getFullYear() === new Date(nowMs).getFullYear();
  return formatted(sameYear ? weekday : day, ms);
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
  if (days === 0) return text("time.today", { time: formatted(times.clock, ms) });
  if (days === 1) return text("time.yesterday", { time: formatted(times.clock, ms) });
  if (days === -1) return text("time.tomorrow", { time: formatted(times.clock, ms) });
  return days < -1 && days > -7 ? formatted(times.soonDay, ms) : shortTime(ms);
}

/** Two dates, with the year and month said once where the locale does so; "…" for an end that is not known. */
export function dates(startMs: number | null, endMs: number | null): string {
  const one = (ms: number | null): string => (ms === null ? text("time.open") : formatted(day, ms));
  const both = startMs !== null && endMs !== null && startMs <= endMs;
  return both && Math.max(-startMs, endMs) <= MAX_DATE_MS
    ? once(RANGES, `${startMs} ${endMs}`, () => day.formatRange(startMs, endMs))
    : text("time.range", { start: one(startMs), end: one(endMs) });
}

/** The days of a trip, `YYYY-MM-DD` each: they are the same days everywhere. null: none is known. */
export function tripDates(start: string | null, end: string | null): string | null {
  if (start === null && end === null) return null;
  const at = (date: string): number => Date.parse(`${date}T00:00:00Z`);
  const one = (date: string | null): string =>
    date === null ? text("time.open") : formatted(utcDay, at(date));
  return start !== null && end !== null && start <= end
    ? utcDay.formatRange(at(start), at(end))
    : text("time.range", { start: one(start), end: one(end) });
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
    if (size < step.until) return ago[style].format(Math.trunc(seconds / step.seconds), step.unit);
  }
  return text("time.unknown");
}

/** A length of time in its largest unit: "3 hr". */
export function duration(seconds: number): string {
  const step = STEPS.find(({ until }) => seconds < until) ?? STEPS[5];
  return new Intl.NumberFormat(WORDS_LOCALE, { style: "unit", unit: step.unit, unitDisplay: "short" }).format(
    Math.trunc(seconds / step.seconds),
  );
}

export const count = (value: number): string => whole.format(value);
/** "+3", "−2". */
export const signed = (value: number): string => difference.format(value);
export const percent = (fraction: number): string => share.format(fraction);

/** Roamify counts in MB and sells 3 GB as 3072. */
export function megabytes(value: number): string {
  return Math.abs(value) < 1024
    ? text("data.megabytes", { value: figure.format(value) })
    : text("data.gigabytes", { value: figure.format(value / 1024) });
}

const regions = new Intl.DisplayNames(WORDS_LOCALE, { type: "region", fallback: "code" });

/** A country's name by its code (ISO 3166-1); anything else is shown as it came. */
export function regionName(code: string): string {
  const upper = code.trim().toUpperCase();
  return /^[A-Z]{2}$/.test(upper) ? (regions.of(upper) ?? code) : code;
}

export function money(amount: number, currency: string | null): string {
  if (currency === null) return plain.format(amount);
  try {
    return new Intl.NumberFormat(SYSTEM_LOCALE, { style: "currency", currency }).format(amount);
  } catch {
    // Not a currency code that Intl takes: show both as they came.
    return `${plain.format(amount)} ${currency}`;
  }
}
