import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NOW_MS } from "../testing/samples";
import { Clock } from "./clock";

const MINUTE = 60_000;

beforeEach(() => void vi.useFakeTimers({ now: NOW_MS }));
afterEach(() => void vi.useRealTimers());

test("what has come by the provider's clock isn't to come by one that is behind", () => {
  const clock = new Clock(10_000);
  const event = NOW_MS + 39 * MINUTE;
  expect(clock.seenFrom(event)).toBe(NOW_MS);
  const changed = vi.fn();
  const leave = clock.subscribe(changed);
  clock.isAhead(-60);
  clock.isAhead(-60);
  expect(changed).toHaveBeenCalledOnce();
  expect(clock.nowMs).toBe(NOW_MS + 60 * MINUTE);
  expect(clock.seenFrom(event)).toBe(NOW_MS + 60 * MINUTE);
  leave();
});

test("clocks differ a little, and time goes on between ticks: what has come isn't in the future", () => {
  const clock = new Clock(10_000);
  vi.setSystemTime(NOW_MS + 5_000);
  expect(clock.nowMs).toBe(NOW_MS);
  expect(clock.exactMs).toBe(NOW_MS + 5_000);
  expect(clock.seenFrom(NOW_MS + 6 * MINUTE)).toBe(NOW_MS + 6 * MINUTE);
  expect(clock.seenFrom(NOW_MS + 11 * MINUTE)).toBe(NOW_MS);
});
