/**
 * What the program says (errors, reasons, alerts), in the language of the window. In: a message, a key of the catalogue
 * with what stands in its places. Out: text. Rust words notifications by the same rules (`catalogue/figures.rs`), and a
 * test holds both together.
 */
import type { Message, MessageValue } from "../host/bindings";
import { type TextKey, text } from ".";
import { clockTime, decimal, megabytes, rounded } from "./format";

/** A message in words, as it is read at `nowMs`. */
export function worded({ key, values }: Message, nowMs: number = Date.now()): string {
  // Words are no key: they are said as they came.
  if (!/^\w+(\.\w+)+$/.test(key)) return key;
  const places = Object.entries(values).map(([name, value]) => [name, written(value, nowMs)]);
  // What no catalogue has is told there, and ends nothing.
  return text(key as TextKey, Object.fromEntries(places) as Record<string, string | number>);
}

/** Sentences one after the other. */
export function wordedAll(messages: readonly Message[], nowMs: number = Date.now()): string {
  return messages.map((message) => worded(message, nowMs)).join(" ");
}

function written(value: MessageValue, nowMs: number): string | number {
  switch (value.kind) {
    case "text":
    case "count":
      return value.value;
    // JSON has no number that is none: such a figure comes as null.
    case "percent":
      return value.value === null ? text("data.none") : percent(value.value);
    case "megabytes":
      return value.value === null ? text("data.none") : megabytes(value.value);
    case "money": {
      const { amount, currency } = value.value;
      if (amount === null) return text("data.none");
      const code = (currency ?? "").replaceAll(/[^A-Za-z]/g, "").slice(0, 3);
      return `${decimal(rounded(amount, 2))} ${code}`.trimEnd();
    }
    case "time":
      return moment(value.value.at * 1000, value.value.form, nowMs);
    case "message":
      return worded(value.value, nowMs);
  }
}

function percent(share: number): string {
  return share >= 1 ? text("alert.percent", { value: rounded(share, 0) }) : text("alert.lessThanPercent");
}

/** "today at 18:00", "on 3 Dec at 18:00": by the days of the local calendar. */
function moment(ms: number, form: "when" | "since" | "whenDay", nowMs: number): string {
  const at = new Date(ms);
  if (Number.isNaN(at.getTime())) return text(`${form}.unknown`);
  // As notifications have it: one word, by a space that every font has.
  const time = clockTime(ms).replaceAll(/\s/g, "\u00a0");
  const days = Math.round((at.setHours(12, 0, 0, 0) - new Date(nowMs).setHours(12, 0, 0, 0)) / 86_400_000);
  if (days === 0) return text(`${form}.today`, { time });
  if (days === 1) return text(`${form}.tomorrow`, { time });
  if (days === -1) return text(`${form}.yesterday`, { time });
  const month = text(`month.${at.getMonth() + 1}` as TextKey);
  const key = at.getFullYear() === new Date(nowMs).getFullYear() ? "day" : "dayOfYear";
  return text(`${form}.${key}`, { day: at.getDate(), month, year: String(at.getFullYear()), time });
}
