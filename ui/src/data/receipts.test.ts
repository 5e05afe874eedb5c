import { expect, test } from "vitest";
import { catchUp, receipt, summary } from "../testing/samples";
import { hasLooked, standingOf, sumOf } from "./receipts";

test("whether somebody is needed is told once the rules have looked", () => {
  const night = receipt({ changed: 11, needed: 0, needing: 0 });
  expect(hasLooked(null)).toBe(false);
  const before = hasLooked(summary({ revision: 0 }));
  expect(sumOf(night, before)).toBe(
    "11 eSIMs changed so far. Whether one needs you is looked at in a moment.",
  );
  const after = hasLooked(summary({ revision: 1 }));
  expect(sumOf(night, after)).toContain("11 eSIMs changed, none needs you");
});

test("more is to come of an absence while everything is asked for, and not while one eSIM is", () => {
  const { absence } = receipt({ caughtUpAtMs: null });
  const asking = (esimId: string | null) =>
    standingOf(absence, catchUp({ running: { esimId, listed: true, planned: 9, done: 1 } }), 0).words;
  expect(asking(null)).toContain("Roamify is being asked");
  expect(asking("esim-1")).not.toContain("Roamify is being asked");
});
