import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RecordedHost } from "../testing/host";
import { esim, said } from "../testing/samples";
import { EsimDetails } from "./esimDetails";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function opened(): Promise<{ details: EsimDetails; host: RecordedHost }> {
  const host = new RecordedHost();
  host.details.set("esim-0", {
    esim: esim(),
    next: "nothing",
    events: [],
    profile: [],
    lifeEndsAt: null,
    packages: [],
    sameOrder: [],
  });
  const details = new EsimDetails(host, "esim-0");
  await details.load();
  return { details, host };
}

const rows = (...changed: ReturnType<typeof esim>[]) =>
  ({ kind: "rows", rows: changed, replaced: [] }) as const;

test("many quick changes of this eSIM lead to one question", async () => {
  const { details, host } = await opened();
  for (let turn = 0; turn < 20; turn += 1) details.apply(rows(esim({ eventCount: turn })));
  await vi.runAllTimersAsync();
  expect(host.opened).toEqual(["esim-0", "esim-0"]);
});

test("changes of others are left alone", async () => {
  const { details, host } = await opened();
  details.apply(rows(esim({ key: "b", esimId: "b", iccid: "89000000000000000000", referenceId: "OTHER" })));
  await vi.runAllTimersAsync();
  expect(host.opened).toEqual(["esim-0"]);
});

test("an eSIM of the same order, a merged key and a resync are reasons to ask again", async () => {
  for (const change of [
    rows(esim({ key: "b", esimId: "b", iccid: "89000000000000000000" })),
    // The same order, written in another way.
    rows(
      esim({
        key: "b",
        esimId: "b",
        iccid: "89000000000000000000",
        referenceId: "TRIP–ROSSI",
        order: "TRIP-ROSSI",
      }),
    ),
    { kind: "rows", rows: [], replaced: ["esim-0"] },
    { kind: "resync" },
  ] as const) {
    const { details, host } = await opened();
    details.apply(change);
    await vi.runAllTimersAsync();
    expect(host.opened.length).toBe(2);
  }
});

test("a key that nothing is stored under is missing, not loading for ever", async () => {
  const details = new EsimDetails(new RecordedHost(), "gone");
  await details.load();
  expect(details.state).toBe("missing");
});

test("a failed refresh keeps what was shown and says why", async () => {
  const { details, host } = await opened();
  host.failure = said("busy");
  await details.load();
  expect(details).toMatchObject({ state: "here", error: "busy" });
  expect(details.detail?.esim.key).toBe("esim-0");
});

test("a screen that was left asks for nothing more", async () => {
  const { details, host } = await opened();
  details.apply(rows(esim()));
  details.stop();
  await vi.runAllTimersAsync();
  expect(host.opened).toEqual(["esim-0"]);
});
