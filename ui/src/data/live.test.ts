import { expect, test } from "vitest";
import type { Update } from "../host";
import { RecordedHost } from "../testing/host";
import { counts, esim, event, health, said } from "../testing/samples";
import { FEED_LIMIT, Live, type RowChange } from "./live";

function started(): { live: Live; host: RecordedHost; changes: RowChange[] } {
  const live = new Live();
  const host = new RecordedHost();
  const changes: RowChange[] = [];
  live.onRows((change) => changes.push(change));
  void live.start(host);
  return { live, host, changes };
}

test("a snapshot replaces the counts, keeps the events that are known, and rows are asked for again", () => {
  const { live, host, changes } = started();
  host.tell({ kind: "snapshot", counts: counts({ esims: 2 }), recent: [event({ id: 7 })], health: health() });
  host.tell({ kind: "snapshot", counts: counts({ esims: 5 }), recent: [event({ id: 9 })], health: health() });
  expect(live.counts?.esims).toBe(5);
  expect(live.recent.map(({ id }) => id)).toEqual([9, 7]);
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

const snapshotOf = (newest: number, oldest: number, status = "NEW"): Update => ({
  kind: "snapshot",
  counts: counts(),
  recent: Array.from({ length: newest - oldest + 1 }, (_, index) => event({ id: newest - index, status })),
  health: health(),
});

test("a snapshot after an overflow does not shorten the feed, and has the later word", () => {
  const { live, host } = started();
  host.tell(snapshotOf(100, 1));
  host.tell(snapshotOf(120, 71, "EXPIRED"));
  expect(live.recent.map(({ id }) => id)).toEqual(Array.from({ length: FEED_LIMIT }, (_, i) => 120 - i));
  expect(live.recent.filter(({ status }) => status === "EXPIRED").length).toBe(50);
  expect([...live.gaps]).toEqual([]);
});

test("events that a snapshot left out are a gap, until it is out of the feed", () => {
  const { live, host } = started();
  host.tell(snapshotOf(50, 1));
  host.tell(snapshotOf(100, 51));
  expect([...live.gaps]).toEqual([]);
  host.tell(snapshotOf(300, 251));
  expect([...live.gaps]).toEqual([251]);
  expect(live.recent.slice(49, 51).map(({ id }) => id)).toEqual([251, 100]);
  host.tell(snapshotOf(340, 291));
  expect([...live.gaps]).toEqual([251]);
  host.tell(snapshotOf(380, 331));
  expect([...live.gaps]).toEqual([]);
});

test("what a snapshot told already keeps its place when it is told again", () => {
  const { live, host } = started();
  host.tell(snapshotOf(9, 7));
  host.tell({
    kind: "changed",
    counts: counts(),
    events: [event({ id: 8, status: "EXPIRED" })],
    esims: [],
    replaced: [],
    health: health(),
  });
  expect(live.recent.map(({ id, status }) => [id, status])).toEqual([
    [9, "NEW"],
    [8, "EXPIRED"],
    [7, "NEW"],
  ]);
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
  host.tell({
    kind: "failed",
    title: said("The database is of a newer version"),
    message: said("Update the program."),
  });
  expect(live.failure).toEqual({
    title: said("The database is of a newer version"),
    message: said("Update the program."),
  });
});

test("a subscription that fails is a failure that is shown", async () => {
  const live = new Live();
  const host = new RecordedHost();
  host.failure = said("no such command");
  await live.start(host);
  expect(live.failure).toEqual({ title: null, message: "no such command" });
});

test("a clicked notification names what to open", () => {
  const { live, host } = started();
  const opened: unknown[] = [];
  live.onOpen((place) => opened.push(place));
  host.tell({ kind: "open", place: { kind: "esim", key: "esim-4" } });
  host.tell({ kind: "open", place: { kind: "alerts" } });
  expect(opened).toEqual([{ kind: "esim", key: "esim-4" }, { kind: "alerts" }]);
});
