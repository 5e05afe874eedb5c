import { beforeEach, expect, test } from "vitest";
import { RecordedHost } from "../testing/host";
import { alert, said } from "../testing/samples";
import { Clock } from "./clock";
import { Inbox } from "./inbox";
import { Toasts } from "./toasts";

let host: RecordedHost;
let inbox: Inbox;
let toasts: Toasts;

beforeEach(() => {
  host = new RecordedHost();
  toasts = new Toasts();
  inbox = new Inbox(host, toasts, new Clock(10_000));
});

test("undo leads each alert back to where it was", async () => {
  const rows = [
    alert({ id: 4 }),
    alert({ id: 3, state: "snoozed", snoozedUntil: 900 }),
    alert({ id: 2, state: "acknowledged", note: "called" }),
  ];
  host.inbox = rows;
  await inbox.acknowledge(rows, "done");
  expect(host.inbox.map(({ state, note }) => [state, note])).toEqual([
    ["acknowledged", "done"],
    ["acknowledged", "done"],
    ["acknowledged", "done"],
  ]);
  await toasts.undo();
  expect(host.inbox.map(({ state, note, snoozedUntil }) => [state, note, snoozedUntil])).toEqual([
    ["new", "", null],
    ["snoozed", "", 900],
    ["acknowledged", "called", null],
  ]);
  expect(toasts.last).toMatchObject({ words: "Undone", undo: null });
});

test("what is over is neither acknowledged nor snoozed, but can carry a note", async () => {
  const over = [alert({ id: 1, state: "cleared" })];
  host.inbox = over;
  await inbox.acknowledge(over);
  await inbox.snooze(over, Date.now());
  expect(host.acts).toEqual([]);
  expect(toasts.last).toBeNull();
  await inbox.acknowledge(over, "for the record");
  expect(host.inbox[0]).toMatchObject({ state: "cleared", note: "for the record" });
});

test("what fails is told in the program's words, and whoever shows rows asks again", async () => {
  let acted = 0;
  inbox.onActed(() => (acted += 1));
  host.failure = said("The disk is full.");
  expect(await inbox.acknowledge([alert()])).toBe(false);
  expect(toasts.last).toMatchObject({ words: "The disk is full.", failed: true, undo: null });
  expect(acted).toBe(1);
});
