import { expect, test } from "vitest";
import { RecordedHost } from "../testing/host";
import { counts, esim, event, health } from "../testing/samples";
import { FEED_LIMIT, Live, type RowChange } from "./live";

function started(): { live: Live; host: RecordedHost; changes: RowChange[] } {
  const live = new Live();
  const host = new RecordedHost();
  const changes: RowChange[] = [];
  live.onRows((change) => changes.push(change));
  void live.start(host);
  return { live, host, changes };
}

test("a snapshot replaces everything, and rows are asked for again", () => {
  const { live, host, changes } = started();
  host.tell({ kind: "snapshot", counts: counts({ esims: 2 }), recent: [event({ id: 7 })], health: health() });
  host.tell({ kind: "snapshot", counts: counts({ esims: 5 }), recent: [event({ id: 9 })], health: health() });
  expect(live.counts?.esims).toBe(5);
  expect(live.recent.map(({ id }) => id)).toEqual([9]);
  expect(changes).toEqual([{ kind: "resync" }, { kind: "resync" }]);
});

test("new events stand before the older ones, each once, and the feed stays short", () => {
  const { live, host } = started();
  const many = Array.from({ length: FEED_LIMIT }, (_, index) => event({ id: FEED_LIMIT - index }));
  host.tell({ kind: "snapshot", counts: counts(), recent: many, health: health() });
  host.tell({
    kind: "changed",
    counts: counts({ events: 102 }),
    events: [event({ id: 102 }), event({ id: 101 }), event({ id: 100 })],
    esims: [esim()],
    replaced: ["old"],
    health: health(),
  });
  expect(live.recent.length).toBe(FEED_LIMIT);
  expect(live.recent.slice(0, 4).map(({ id }) => id)).toEqual([102, 101, 100, 99]);
  expect(live.counts?.events).toBe(102);
});

test("changed rows are passed on with the keys that are gone", () => {
  const { host, changes } = started();
  const row = esim({ key: "new" });
  host.tell({
    kind: "changed",
    counts: counts(),
    events: [],
    esims: [row],
    replaced: ["old"],
    health: health(),
  });
  expect(changes).toEqual([{ kind: "rows", rows: [row], replaced: ["old"] }]);
});

test("a program that could not start says so", () => {
  const { live, host } = started();
  host.tell({ kind: "failed", title: "The database is of a newer version", message: "Update the program." });
  expect(live.failure).toEqual({
    title: "The database is of a newer version",
    message: "Update the program.",
  });
});

test("a subscription that fails is a failure that is shown", async () => {
  const live = new Live();
  const host = new RecordedHost();
  host.failure = { message: "no such command" };
  await live.start(host);
  expect(live.failure).toEqual({ title: null, message: "no such command" });
});

test("a clicked notification names the eSIM to open", () => {
  const { live, host } = started();
  const opened: string[] = [];
  live.onOpen((key) => opened.push(key));
  host.tell({ kind: "open", esim: "esim-4" });
  expect(opened).toEqual(["esim-4"]);
});
