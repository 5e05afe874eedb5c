import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NOW_MS } from "../testing/samples";
import { Clock } from "./clock";

const MINUTE = 60_000;

beforeEach(() => void vi.useFakeTimers({ now: NOW_MS }));
afterEach(() => void vi.useRealTimers());

test("what has come by the provider's clock isn't to come by one that is behind", () => {
  const clock = new Clock(10_000);
  const event = NOW_MS + 39 * MINUTE;
  expect(clock.seenFrom(event, "provider")).toBe(NOW_MS);
  const changed = vi.fn();
  const leave = clock.subscribe(changed);
  clock.isAhead(-60);
  clock.isAhead(-60);
  expect(changed).toHaveBeenCalledOnce();
  expect(clock.providerMs).toBe(NOW_MS + 60 * MINUTE);
  expect(clock.seenFrom(event, "provider")).toBe(NOW_MS + 60 * MINUTE);
  // What this computer's own clock told stays its own.
  expect(clock.seenFrom(NOW_MS - MINUTE, "desk")).toBe(NOW_MS);
  leave();
});

test("clocks differ a little, and time goes on between ticks: what has come isn't in the future", () => {
  const clock = new Clock(10_000);
  vi.setSystemTime(NOW_MS + 5_000);
  expect(clock.seenFrom(NOW_MS + 4_000, "desk")).toBe(NOW_MS + 4_000);
  expect(clock.seenFrom(NOW_MS + 6_000, "desk")).toBe(NOW_MS);
  expect(clock.seenFrom(NOW_MS + 6 * MINUTE, "provider")).toBe(NOW_MS + 6 * MINUTE);
  expect(clock.seenFrom(NOW_MS + 11 * MINUTE, "provider")).toBe(NOW_MS);
});

test("what came while the clock was wrong is late only where that is sure", () => {
  const clock = new Clock(10_000);
  expect(clock.surelyMs(NOW_MS)).toBe(NOW_MS);
  clock.isAhead(60);
  expect(clock.surelyMs(NOW_MS)).toBe(NOW_MS - 60 * MINUTE);
  clock.isAhead(-60);
  expect(clock.surelyMs(NOW_MS)).toBe(NOW_MS);
});
