import { expect, test } from "vitest";
import { LANGUAGES } from "../../host/bindings";
import { speak } from "../../locales";
import { timeMarks } from "./timeAxis";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOON = new Date(2026, 10, 30, 12, 0).getTime();
const PLACE = [64, 700] as const;

const labels = (spanMs: number): string[] =>
  timeMarks([NOON - spanMs, NOON], PLACE).map(({ label }) => label);

test("less than a day is told in hours, days in days, years with their years", () => {
  expect(labels(10 * HOUR)).toEqual(["2 AM", "4 AM", "6 AM", "8 AM", "10 AM", "12 PM"]);
  expect(labels(10 * MINUTE)).toEqual(["11:50 AM", "11:52 AM", "11:54 AM", "11:56 AM", "11:58 AM", "12 PM"]);
  expect(labels(5 * DAY)).toEqual(["Nov 26", "Nov 27", "Nov 28", "Nov 29", "Nov 30"]);
  expect(labels(4 * 365 * DAY)).toEqual(["Jan 1, 2023", "Jan 1, 2024", "Jan 1, 2025", "Jan 1, 2026"]);
});

test("no word stands twice below an axis, none on another, and none is cut, however long it is", async () => {
  for (const language of LANGUAGES) {
    await speak(language);
    for (let span = 30_000; span < 8 * 365 * DAY; span *= 1.3) {
      for (const right of [308, 700, 1400]) {
        const marks = timeMarks([NOON - span, NOON], [64, right]);
        const words = marks.map(({ label }) => label);
        expect(new Set(words).size, `${span} ${words.join()}`).toBe(words.length);
        const within = marks.every(({ x, anchor }) => anchor === "end" || x <= right - 32);
        expect(within).toBe(true);
        const apart = marks.every(({ x }, place) => place === 0 || x - (marks[place - 1]?.x ?? 0) >= 50);
        expect(apart, `${span} ${words.join()}`).toBe(true);
      }
    }
  }
});

test("one moment alone has an axis of its own", () => {
  expect(timeMarks([NOON, NOON], PLACE).length).toBeLessThan(2);
});
