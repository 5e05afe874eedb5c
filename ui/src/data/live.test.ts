import { expect, test } from "vitest";
import type { EventRow, Update } from "../host";
import { RecordedHost } from "../testing/host";
import { counts, esim, event, health, NOW_MS, said } from "../testing/samples";
import { FEED_LIMIT, Live, type RowChange } from "./live";

function started(): { live: Live; host: RecordedHost; changes: RowChange[] } {
  const live = new Live();
  const host = new RecordedHost();
  const changes: RowChange[] = [];
  live.onRows((change) => changes.push(change));
  void live.start(host);
  return { live, host, changes };
}

test("a snapshot replaces counts and events, and rows are asked for again", () => {
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

const snapshotOf = (newest: number, oldest: number, status = "NEW"): Update => ({
  kind: "snapshot",
  counts: counts(),
  recent: Array.from({ length: newest - oldest + 1 }, (_, index) => event({ id: newest - index, status })),
  health: health(),
});

test("what was asked for stands where it belongs by when it happened, and what was sent in front", () => {
  const { live, host } = started();
  const tell = (...events: EventRow[]): void => {
    const told = { kind: "changed", counts: counts(), events, esims: [], replaced: [], health: health() };
    host.tell(told as Update);
  };
  const sent = (id: number, receivedAtMs: number): EventRow => event({ id, receivedAtMs });
  const asked = (id: number, listedAtMs: number): EventRow =>
    event({ id, receivedAtMs: NOW_MS + 1000, listedAtMs });
  host.tell({
    kind: "snapshot",
    counts: counts(),
    recent: [sent(3, NOW_MS), asked(2, NOW_MS - 5000), sent(1, NOW_MS - 9000)],
    health: health(),
  });
  tell(asked(6, NOW_MS - 90_000_000), asked(5, NOW_MS - 2000), asked(4, NOW_MS - 6000));
  expect(live.recent.map(({ id }) => id)).toEqual([3, 5, 2, 4, 1, 6]);
  // By a clock that was set back it was received before.
  tell(sent(7, NOW_MS - 3_600_000));
  expect(live.recent.map(({ id }) => id)).toEqual([7, 3, 5, 2, 4, 1, 6]);
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
