import { expect, test, vi } from "vitest";
import { RecordedHost } from "../testing/host";
import { esim, esims, NOW_MS, said } from "../testing/samples";
import { DEFAULT_FILTER } from "./esimFilters";
import { EsimPages } from "./esimPages";

async function list(count: number): Promise<{ pages: EsimPages; host: RecordedHost }> {
  const host = new RecordedHost();
  host.rows = esims(count);
  const pages = new EsimPages(host);
  pages.subscribe(() => undefined);
  await pages.search(DEFAULT_FILTER);
  return { pages, host };
}

const offsets = (host: RecordedHost): number[] => host.queries.map(({ offset }) => offset);
const changed = (...rows: ReturnType<typeof esim>[]) => ({ kind: "rows", rows, replaced: [] }) as const;

test("the first question asks for the first hundred rows", async () => {
  const { pages, host } = await list(1000);
  expect(host.queries).toEqual([{ filter: DEFAULT_FILTER, offset: 0, limit: 100 }]);
  expect(pages.total).toBe(1000);
  expect(pages.row(99)?.key).toBe("esim-99");
  expect(pages.row(100)).toBeUndefined();
});

test("scrolling down asks for what is in view and two pages further, each once", async () => {
  const { pages, host } = await list(1000);
  await pages.want(180, 230, "down");
  await pages.want(185, 235, "down");
  expect(offsets(host)).toEqual([0, 100, 200, 300, 400]);
});

test("a page that comes ahead of the view is there, and draws nothing anew", async () => {
  const { pages } = await list(1000);
  const drawn = vi.fn();
  pages.subscribe(drawn);
  await pages.want(0, 20, "down");
  expect(pages.row(299)?.key).toBe("esim-299");
  expect(drawn).not.toHaveBeenCalled();
  await pages.want(480, 500, "down");
  expect(pages.row(480)?.key).toBe("esim-480");
  expect(drawn).toHaveBeenCalled();
});

test("scrolling up asks for the two pages above", async () => {
  const { pages, host } = await list(1000);
  await pages.want(820, 850, "up");
  expect(offsets(host)).toEqual([0, 800, 600, 700]);
});

test("nothing is asked for beyond the end", async () => {
  const { pages, host } = await list(150);
  await pages.want(120, 149, "down");
  expect(offsets(host)).toEqual([0, 100]);
});

test("an answer to an older question is dropped", async () => {
  const { pages, host } = await list(300);
  host.hold = true;
  const slow = pages.search({ ...DEFAULT_FILTER, search: "TRIP-1" });
  const fast = pages.search({ ...DEFAULT_FILTER, search: "TRIP-299" });
  host.release(1);
  await fast;
  host.release(0);
  await slow;
  expect(pages.total).toBe(1);
  expect(pages.row(0)?.key).toBe("esim-299");
});

test("a page of the question before does not land among the new rows", async () => {
  const { pages, host } = await list(300);
  host.hold = true;
  const page = pages.want(100, 120, "up");
  const search = pages.search({ ...DEFAULT_FILTER, search: "TRIP-29" });
  host.release(1);
  await search;
  host.release(0);
  await page;
  expect(pages.row(100)).toBeUndefined();
});

test("a change of a loaded row is drawn where it stands", async () => {
  const { pages } = await list(10);
  const row = pages.row(4);
  await pages.apply(changed(esim({ ...row, dataRemainingMb: 12 })));
  expect(pages.row(4)?.dataRemainingMb).toBe(12);
  expect(pages.pending).toEqual({ count: 0, many: false });
});

test("a change that would move a row patches it in place and is counted", async () => {
  const { pages } = await list(10);
  const row = pages.row(4);
  await pages.apply(changed(esim({ ...row, status: "EXPIRED", lastEventAt: NOW_MS / 1000 })));
  await pages.apply(changed(esim({ ...row, status: "REVOKED", lastEventAt: NOW_MS / 1000 + 1 })));
  expect(pages.row(4)).toMatchObject({ key: "esim-4", status: "REVOKED" });
  expect(pages.row(0)?.key).toBe("esim-0");
  expect(pages.pending.count).toBe(1);
});

test("new rows and rows that leave the filter are counted, others are not", async () => {
  const { pages } = await list(10);
  await pages.search({ ...DEFAULT_FILTER, statuses: ["ACTIVATED"], search: "TRIP-" });
  await pages.apply(changed(esim({ key: "n1", referenceId: "TRIP-X", eventCount: 1 })));
  await pages.apply(changed(esim({ key: "n2", referenceId: "TRIP-X", status: "NEW", eventCount: 1 })));
  await pages.apply(changed(esim({ key: "n3", referenceId: "OTHER", iccid: null, eventCount: 1 })));
  await pages.apply(changed(esim({ ...pages.row(2), status: "EXPIRED" })));
  expect(pages.pending.count).toBe(2);
});

test("a row that has lost what the search found it by is counted", async () => {
  const { pages } = await list(10);
  const row = pages.row(4);
  await pages.search({ ...DEFAULT_FILTER, search: row?.referenceId ?? "" });
  expect(pages.pending.count).toBe(0);
  await pages.apply(changed(esim({ ...row, referenceId: null, order: null })));
  expect(pages.pending.count).toBe(1);
});

test("a list left alone says that many rows would move, and keeps no key of them", async () => {
  const { pages } = await list(10);
  for (let number = 0; number < 999; number += 1) {
    await pages.apply(changed(esim({ key: `new-${number}`, eventCount: 1 })));
  }
  expect(pages.pending).toEqual({ count: 999, many: false });
  await pages.apply(changed(esim({ key: "one-more", eventCount: 1 })));
  expect(pages.pending).toEqual({ count: 0, many: true });
  await pages.reload();
  expect(pages.pending).toEqual({ count: 0, many: false });
});

test("an old row that is not loaded does not count where its place can't have changed", async () => {
  const { pages } = await list(10);
  await pages.search({ ...DEFAULT_FILTER, sort: "reference" });
  await pages.apply(changed(esim({ key: "far", eventCount: 9 })));
  expect(pages.pending.count).toBe(0);
});

test("showing the changes asks again for the rows in view and clears the count", async () => {
  const { pages, host } = await list(300);
  await pages.want(120, 140, "up");
  await pages.apply(changed(esim({ key: "new", eventCount: 1 })));
  host.queries.length = 0;
  await pages.reload();
  expect(offsets(host)).toEqual([100]);
  expect(pages.pending.count).toBe(0);
});

test("of two half-known eSIMs that became one, the whole one takes the place", async () => {
  const { pages } = await list(3);
  const half = pages.row(1);
  const whole = esim({ ...half, key: "whole", esimId: "whole" });
  await pages.apply({
    kind: "rows",
    rows: [esim({ ...whole, iccid: "esim-1" })],
    replaced: ["esim-1"],
  });
  expect(pages.row(1)?.key).toBe("whole");
  expect(pages.pending.count).toBe(1);
});

test("after a burst the rows in view are fresh and stand where they stood", async () => {
  const { pages, host } = await list(150);
  await pages.want(0, 20, "up");
  const moved = esim({ ...pages.row(3), status: "REVOKED" });
  host.rows = [
    esim({ key: "top" }),
    ...host.rows.filter(({ key }) => key !== moved.key).slice(0, 120),
    moved,
  ];
  host.details.set(moved.key, {
    esim: moved,
    next: "nothing",
    events: [],
    profile: [],
    lifeEndsAt: null,
    packages: [],
    sameOrder: [],
  });
  await pages.apply({ kind: "resync" });
  expect(pages.row(0)?.key).toBe("esim-0");
  expect(pages.row(3)).toMatchObject({ key: moved.key, status: "REVOKED" });
  expect(host.opened).toEqual([moved.key]);
  expect(pages.pending.many).toBe(true);
  await pages.reload();
  expect(pages.row(0)?.key).toBe("top");
  expect(pages.pending.many).toBe(false);
});

test("a burst of bursts is asked for once a second", async () => {
  vi.useFakeTimers();
  const { pages, host } = await list(10);
  for (let turn = 0; turn < 30; turn += 1) {
    await pages.apply({ kind: "resync" });
    await vi.advanceTimersByTimeAsync(100);
  }
  await vi.runAllTimersAsync();
  vi.useRealTimers();
  expect(host.queries.length).toBeLessThanOrEqual(1 + 4);
});

test("pages out of view are asked for again after a burst", async () => {
  const { pages, host } = await list(300);
  await pages.want(0, 20, "down");
  expect(pages.row(150)?.key).toBe("esim-150");
  await pages.apply({ kind: "resync" });
  expect(pages.row(150)).toBeUndefined();
  host.queries.length = 0;
  await pages.want(90, 120, "up");
  expect(offsets(host)).toEqual([100]);
});

test("a change that is told while an older answer is on its way is not lost", async () => {
  const { pages, host } = await list(3);
  const row = esim({ ...pages.row(1), status: "REVOKED", eventCount: 9 });
  host.hold = true;
  const search = pages.search({ ...DEFAULT_FILTER, search: "TRIP-" });
  await pages.apply(changed(row));
  host.release();
  await search;
  expect(pages.row(1)?.status).toBe("REVOKED");
});

test("an empty list fills by itself", async () => {
  const { pages, host } = await list(0);
  host.rows = esims(1);
  await pages.apply(changed(esim({ eventCount: 1 })));
  expect(pages.total).toBe(1);
  expect(pages.pending.count).toBe(0);
});

test("a list that nobody looks at is asked for when someone does", async () => {
  const host = new RecordedHost();
  host.rows = esims(3);
  const pages = new EsimPages(host);
  await pages.resume("complete");
  host.rows = esims(4);
  await pages.apply({ kind: "resync" });
  expect(host.queries.length).toBe(1);
  await pages.resume("complete");
  expect(pages.total).toBe(4);
  expect(pages.pending.many).toBe(false);
});

test("before the first answer there is nothing to keep fresh", async () => {
  const host = new RecordedHost();
  await new EsimPages(host).apply({ kind: "resync" });
  expect(host.queries).toEqual([]);
});

test("a question that fails keeps the old rows and says why", async () => {
  const { pages, host } = await list(3);
  host.failure = said("The database is busy.");
  await pages.search({ ...DEFAULT_FILTER, search: "x" });
  expect(pages.error).toBe("The database is busy.");
  expect(pages.row(0)?.key).toBe("esim-0");
  host.failure = null;
  await pages.search(DEFAULT_FILTER);
  expect(pages.error).toBeNull();
});

test("who needs somebody comes into an empty list, and is counted in another", async () => {
  const { pages, host } = await list(0);
  await pages.search({ ...DEFAULT_FILTER, attention: true });
  host.rows = esims(3).map((row) => ({ ...row, attention: "warning" as const }));
  await pages.alertsChanged();
  expect(pages.total).toBe(3);
  expect(pages.pending.many).toBe(false);
  host.rows = esims(2).map((row) => ({ ...row, attention: "warning" as const }));
  await pages.alertsChanged();
  expect(pages.total).toBe(3);
  expect(pages.pending.many).toBe(true);
  await pages.reload();
  expect(pages.total).toBe(2);
  expect(pages.pending.many).toBe(false);
});
