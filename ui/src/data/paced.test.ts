import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { paced } from "./paced";

const PAUSE_MS = 100;
let steps = 0;
const work = (): Promise<void> => {
  steps += 1;
  return Promise.resolve();
};

beforeEach(() => {
  steps = 0;
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

test("the first call is followed at once, those that come while it rests in one more step", async () => {
  const call = paced(PAUSE_MS, work);
  await call();
  expect(steps).toBe(1);
  for (let turn = 0; turn < 9; turn += 1) await call();
  await vi.advanceTimersByTimeAsync(PAUSE_MS - 1);
  expect(steps).toBe(1);
  await vi.runAllTimersAsync();
  expect(steps).toBe(2);
});

test("later: calls within the pause are one step, a call during the step is another", async () => {
  let inner = true;
  const call = paced(
    PAUSE_MS,
    async () => {
      await work();
      if (inner) void call();
      inner = false;
    },
    "later",
  );
  await call();
  await call();
  expect(steps).toBe(0);
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  expect(steps).toBe(1);
  await vi.runAllTimersAsync();
  expect(steps).toBe(2);
});

test("without a pause the call that began it waits for the step after it, too", async () => {
  let release: (() => void) | undefined;
  const call = paced(0, () => {
    steps += 1;
    return steps > 1 ? Promise.resolve() : new Promise<void>((resolve) => (release = resolve));
  });
  const begun = call();
  await call();
  release?.();
  await begun;
  expect(steps).toBe(2);
});

test("what is stopped takes no further step", async () => {
  const call = paced(PAUSE_MS, work);
  await call();
  await call();
  call.stop();
  await vi.runAllTimersAsync();
  await call();
  expect(steps).toBe(1);
});
