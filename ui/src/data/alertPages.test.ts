import { beforeEach, expect, test } from "vitest";
import { RecordedHost } from "../testing/host";
import { alert, alerts } from "../testing/samples";
import { AlertPages, allAlerts } from "./alertPages";

let host: RecordedHost;
let pages: AlertPages;
const shown = (): (number | undefined)[] =>
  Array.from({ length: Math.min(pages.total ?? 0, 5) }, (_, index) => pages.row(index)?.id);

beforeEach(() => {
  host = new RecordedHost();
  pages = new AlertPages(host);
  pages.subscribe(() => undefined);
});

test("a change that is told while the first answer is on its way is not missed", async () => {
  host.hold = true;
  const first = pages.reload();
  host.inbox = alerts(1);
  const followed = pages.follow(1);
  // The first question was answered before the alert came.
  const stale = host.inbox;
  host.inbox = [];
  host.release();
  host.release();
  host.inbox = stale;
  host.release();
  host.release();
  await Promise.all([first, followed]);
  expect(shown()).toEqual([1]);
});

test("nothing is asked before somebody looks", async () => {
  await pages.follow(1);
  expect(host.alertQueries).toEqual([]);
});

test("far rows are asked for when they come into view", async () => {
  host.inbox = alerts(450);
  await pages.reload();
  expect(pages.row(300)).toBeUndefined();
  await pages.want(300, 320);
  expect(pages.row(300)?.id).toBe(150);
  expect(pages.row(400)?.id).toBe(50);
  expect(pages.indexOf(150)).toBe(300);
});

test("while rows are held, what is new is counted, and what became of the others is shown", async () => {
  host.inbox = alerts(3);
  await pages.show({ tab: "all", kind: null, search: "" });
  pages.hold = true;
  host.inbox = [alert({ id: 5 }), alert({ id: 4 }), ...alerts(3, { state: "cleared" })];
  await pages.follow(2);
  expect(pages.pending).toEqual({ count: 2, changed: false });
  expect(shown()).toEqual([3, 2, 1]);
  expect(pages.row(0)?.state).toBe("cleared");
  await pages.release();
  expect(shown()).toEqual([5, 4, 3, 2, 1]);
  expect(pages.pending).toEqual({ count: 0, changed: false });
});

test("while rows are held, one that would leave is told", async () => {
  host.inbox = alerts(3);
  await pages.reload();
  pages.hold = true;
  host.inbox = host.inbox.slice(1);
  await pages.follow(2);
  expect(pages.pending).toEqual({ count: 0, changed: true });
  expect(shown()).toEqual([3, 2, 1]);
});

test("all that match are gathered by pages, up to a bound", async () => {
  host.inbox = alerts(450);
  const filter = { tab: "new", kind: "warning", search: "" } as const;
  expect((await allAlerts(host, filter)).length).toBe(450);
  expect((await allAlerts(host, filter, 250)).map(({ id }) => id).at(-1)).toBe(201);
  expect(await allAlerts(host, { ...filter, kind: "critical" })).toEqual([]);
});

test("an answer to an older filter is not shown", async () => {
  host.inbox = [...alerts(2), alert({ id: 9, state: "cleared" })];
  await pages.reload();
  host.hold = true;
  const slow = pages.show({ tab: "all", kind: null, search: "" });
  const fast = pages.show({ tab: "history", kind: null, search: "" });
  host.release(3);
  host.release(2);
  host.release(1);
  host.release(0);
  await Promise.all([slow, fast]);
  expect(shown()).toEqual([9]);
});
