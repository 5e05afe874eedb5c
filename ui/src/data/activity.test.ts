import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RecordedHost } from "../testing/host";
import { NOW_MS, said } from "../testing/samples";
import { Activity, HOURS, hourOf, pictureOf } from "./activity";

const LAST = hourOf(NOW_MS);

beforeEach(() => void vi.useFakeTimers({ now: NOW_MS }));
afterEach(() => void vi.useRealTimers());

test("every hour of the day stands, statuses in the order of an eSIM's life, unknown ones last", () => {
  const { hours, statuses, most } = pictureOf(
    [
      { hour: LAST - 23, status: "EXPIRED", count: 1 },
      { hour: LAST, status: "SUSPENDED", count: 2 },
      { hour: LAST, status: "ACTIVATED", count: 3 },
      { hour: LAST, status: "NEW", count: 0 },
      { hour: LAST - 24, status: "NEW", count: 9 },
      { hour: LAST + 1, status: "NEW", count: 9 },
    ],
    LAST,
  );
  expect(hours.length).toBe(HOURS);
  expect(hours[0]).toMatchObject({ startMs: (LAST - 23) * 3_600_000, total: 1 });
  expect(hours[23]).toMatchObject({ total: 5, byStatus: { ACTIVATED: 3, SUSPENDED: 2 } });
  expect(statuses.map(({ status, count }) => [status, count])).toEqual([
    ["ACTIVATED", 3],
    ["EXPIRED", 1],
    ["SUSPENDED", 2],
  ]);
  expect(most).toBe(5);
});

test("a burst leads to one question every few seconds, for the hour that it is then", async () => {
  const host = new RecordedHost();
  const activity = new Activity(host, () => Date.now());
  await activity.load();
  for (let turn = 0; turn < 50; turn += 1) activity.follow();
  vi.setSystemTime(NOW_MS + 3_600_000);
  await vi.runAllTimersAsync();
  expect(host.activityAsked).toEqual([
    [LAST - 23, LAST],
    [LAST - 22, LAST + 1],
  ]);
  activity.follow();
  activity.stop();
  await vi.runAllTimersAsync();
  expect(host.activityAsked.length).toBe(2);
});

test("a failure keeps what was drawn and says why", async () => {
  const host = new RecordedHost();
  host.hours = [{ hour: LAST, status: "NEW", count: 1 }];
  const activity = new Activity(host, () => Date.now());
  await activity.load();
  host.failure = said("busy");
  await activity.load();
  expect(activity.error).toBe("busy");
  expect(activity.value?.most).toBe(1);
});
