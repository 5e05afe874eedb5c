import { expect, test } from "vitest";
import { muteTimes, snoozeTimes } from "./until";

const at = (day: number, hour: number, minute = 0): number => new Date(2026, 10, day, hour, minute).getTime();

test("an hour, tomorrow morning, Monday morning", () => {
  // A Tuesday.
  expect(snoozeTimes(at(24, 14, 30))).toEqual([
    { name: "hour", untilMs: at(24, 15, 30) },
    { name: "tomorrow", untilMs: at(25, 8) },
    { name: "monday", untilMs: at(30, 8) },
  ]);
  expect(muteTimes(at(24, 14)).map(({ name }) => name)).toEqual(["hour", "tomorrow"]);
});

test("on Sunday Monday is tomorrow and said once; on Monday it is the next one", () => {
  expect(snoozeTimes(at(29, 23)).map(({ untilMs }) => untilMs)).toEqual([at(30, 0), at(30, 8)]);
  expect(snoozeTimes(at(23, 7)).at(-1)).toEqual({ name: "monday", untilMs: at(30, 8) });
});
