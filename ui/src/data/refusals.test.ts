import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RecordedHost } from "../testing/host";
import { refusal, said } from "../testing/samples";
import { REASK_MS, Refusals } from "./refusals";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("nothing refused, nothing asked", () => {
  const host = new RecordedHost();
  new Refusals(host).follow(0);
  expect(host.refusalsAsked).toBe(0);
});

test("a storm of refusals is asked for once a second, and the last word is asked for too", async () => {
  const host = new RecordedHost();
  const refusals = new Refusals(host);
  for (let count = 1; count <= 25; count += 1) {
    refusals.follow(count);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(host.refusalsAsked).toBe(3);
  host.refused = [refusal()];
  await vi.advanceTimersByTimeAsync(REASK_MS);
  expect(host.refusalsAsked).toBe(4);
  expect(refusals.value).toEqual([refusal()]);
  await vi.advanceTimersByTimeAsync(10 * REASK_MS);
  expect(host.refusalsAsked).toBe(4);
});

test("a slow answer is waited for", async () => {
  const host = new RecordedHost();
  const refusals = new Refusals(host);
  host.hold = true;
  refusals.follow(1);
  refusals.follow(2);
  await vi.advanceTimersByTimeAsync(3 * REASK_MS);
  expect(host.refusalsAsked).toBe(1);
  host.hold = false;
  host.release();
  await vi.advanceTimersByTimeAsync(0);
  expect(host.refusalsAsked).toBe(2);
});

test("a failure keeps what is known, and the next answer ends it", async () => {
  const host = new RecordedHost();
  host.refused = [refusal()];
  const refusals = new Refusals(host);
  refusals.follow(1);
  await vi.advanceTimersByTimeAsync(REASK_MS);
  host.failure = said("No answer.");
  refusals.follow(2);
  await vi.advanceTimersByTimeAsync(REASK_MS);
  expect([refusals.value, refusals.error]).toEqual([[refusal()], "No answer."]);
  host.failure = null;
  refusals.follow(3);
  await vi.advanceTimersByTimeAsync(REASK_MS);
  expect(refusals.error).toBeNull();
});

test("a screen that is gone asks no more", async () => {
  const host = new RecordedHost();
  const refusals = new Refusals(host);
  refusals.follow(1);
  refusals.follow(2);
  refusals.stop();
  await vi.advanceTimersByTimeAsync(10 * REASK_MS);
  expect(host.refusalsAsked).toBe(1);
});
