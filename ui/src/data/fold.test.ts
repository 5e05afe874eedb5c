import { expect, test } from "vitest";
import type { EventRow } from "../host";
import { event, NOW_MS } from "../testing/samples";
import { fold, type Line, type Run } from "./fold";

const START = NOW_MS / 1000;
/** Event number `id`, this many seconds after the start. */
const at = (id: number, seconds: number, status: string, over: Partial<EventRow> = {}): EventRow =>
  event({ id, occurredAt: START + seconds, receivedAtMs: (START + seconds) * 1000, status, ...over });
const ids = (lines: Line[]): (number | number[])[] =>
  lines.map((line) => (line.kind === "event" ? line.event.id : line.events.map(({ id }) => id)));
const runOf = (lines: Line[]): Run | undefined => lines.find((line) => line.kind === "run");

const FLAPPING = [at(4, 7, "ACTIVATED"), at(3, 5, "INACTIVE"), at(2, 2, "ACTIVATED"), at(1, 0, "INACTIVE")];

test("going in and out of use within seconds is one line with the final status", () => {
  const lines = fold(FLAPPING);
  expect(ids(lines)).toEqual([[4, 3, 2, 1]]);
  expect(runOf(lines)).toMatchObject({ reconnects: 2, seconds: 7, latest: { status: "ACTIVATED" } });
});

test("two are shown as they are, three are a run", () => {
  expect(ids(fold(FLAPPING.slice(2)))).toEqual([2, 1]);
  expect(ids(fold(FLAPPING.slice(1)))).toEqual([[3, 2, 1]]);
});

test("two minutes apart are still together, a second more is not", () => {
  const three = (gap: number): EventRow[] => [
    at(3, 120 + gap, "INACTIVE"),
    at(2, 120, "ACTIVATED"),
    at(1, 0, "INACTIVE"),
  ];
  expect(ids(fold(three(120)))).toEqual([[3, 2, 1]]);
  expect(ids(fold(three(121)))).toEqual([3, 2, 1]);
});

test("a run stands where its newest event arrived, other eSIMs in between keep their lines", () => {
  const other = { esimKey: "esim-9" };
  const [a, b, c, d] = FLAPPING as [EventRow, EventRow, EventRow, EventRow];
  const lines = fold([at(9, 9, "EXPIRED", other), a, b, at(8, 3, "ACTIVATED", other), c, d]);
  expect(ids(lines)).toEqual([9, [4, 3, 2, 1], 8]);
});

test("two eSIMs that flap at once are two lines", () => {
  const other = FLAPPING.map((one) => ({ ...one, id: one.id + 10, esimKey: "esim-9" }));
  const mixed = FLAPPING.flatMap((one, index) => [other[index] ?? one, one]);
  expect(ids(fold(mixed))).toEqual([
    [14, 13, 12, 11],
    [4, 3, 2, 1],
  ]);
});

test.each([
  ["usage", { category: "esim", type: "usage", status: null }],
  ["a final status", { status: "EXPIRED" }],
  ["something unrecognised", { recognized: false }],
])("%s of the same eSIM in between ends a run", (_, over) => {
  const [a, b, c, d] = FLAPPING as [EventRow, EventRow, EventRow, EventRow];
  expect(ids(fold([a, b, at(9, 3, "ACTIVATED", over), c, d]))).toEqual([4, 3, 9, 2, 1]);
});

test("an eSIM's way into use, the same status again, and events of no eSIM are no flapping", () => {
  const way = ["ACTIVATED", "INSTALLED", "DOWNLOADED"].map((status, i) => at(3 - i, 3 - i, status));
  const same = [3, 2, 1].map((id) => at(id, id, "ACTIVATED"));
  const nobody = FLAPPING.map((one) => ({ ...one, esimKey: null }));
  for (const events of [way, same, nobody]) {
    expect(fold(events).every(({ kind }) => kind === "event")).toBe(true);
  }
});

test("the final status is the one that happened last, not the one that arrived last", () => {
  const late = at(5, 1, "INACTIVE");
  const run = runOf(fold([late, ...FLAPPING]));
  expect(run?.latest.id).toBe(4);
  expect(run?.events.map(({ id }) => id)).toEqual([4, 3, 2, 5, 1]);
});

test("one more joins the run under the same key", () => {
  const before = runOf(fold(FLAPPING));
  const lines = fold([at(5, 9, "INACTIVE"), ...FLAPPING]);
  expect(lines.length).toBe(1);
  expect(runOf(lines)?.key).toBe(before?.key);
  expect(runOf(lines)).toMatchObject({ latest: { status: "INACTIVE" }, seconds: 9 });
});

test("without a time of its own an event counts from its arrival", () => {
  const untimed = FLAPPING.map((one) => ({ ...one, occurredAt: null }));
  expect(runOf(fold(untimed))?.seconds).toBe(7);
});
