import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RecordedHost } from "../testing/host";
import { alert, alerts } from "../testing/samples";
import { Attention } from "./attention";

let host: RecordedHost;
let attention: Attention;

beforeEach(() => {
  vi.useFakeTimers();
  host = new RecordedHost();
  attention = new Attention(host);
});

afterEach(() => {
  attention.stop();
  vi.useRealTimers();
});

test("the gravest come first", async () => {
  host.inbox = [...alerts(3), alert({ id: 9, rule: "revoked", severity: "critical" })];
  await attention.load();
  expect(attention.value?.map(({ rule, count }) => [rule, count])).toEqual([
    ["revoked", 1],
    [alerts(1)[0]?.rule, 3],
  ]);
});

test("the first change is followed at once, a hundred that come soon after it in one step", async () => {
  attention.follow();
  expect(host.groupsAsked).toBe(1);
  host.inbox = alerts(2);
  for (let change = 0; change < 100; change += 1) attention.follow();
  expect(host.groupsAsked).toBe(1);
  await vi.advanceTimersByTimeAsync(1000);
  expect(host.groupsAsked).toBe(2);
  expect(attention.value?.[0]?.count).toBe(2);
  await vi.advanceTimersByTimeAsync(5000);
  expect(host.groupsAsked).toBe(2);
  attention.follow();
  expect(host.groupsAsked).toBe(3);
});

test("a screen that is gone asks no more", async () => {
  attention.follow();
  attention.follow();
  attention.stop();
  await vi.advanceTimersByTimeAsync(5000);
  expect(host.groupsAsked).toBe(1);
});
