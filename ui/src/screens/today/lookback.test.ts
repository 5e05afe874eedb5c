import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { RecordedHost } from "../../testing/host";
import { catchUp, NOW_MS, receipt } from "../../testing/samples";
import { click, expectAccessible, openWindow } from "../../testing/window";

test("who comes back is told what happened meanwhile, until they have read it", async () => {
  const host = new RecordedHost();
  host.missed = {
    sinceMs: NOW_MS - 3_600_000,
    byStatus: [
      { status: "ACTIVATED", count: 23 },
      { status: "EXPIRED", count: 5 },
    ],
    newEsims: 4,
    alerts: 2,
    orders: 1,
    refunds: 0,
    unrecognized: 1,
    absences: [],
    unheard: 0,
    afterEvent: 40,
    afterEsim: 7,
  };
  await openWindow(host);
  const told = await screen.findByTestId("lookback");
  const words = told.textContent.replace(/\s+/g, " ");
  for (const part of [
    "2 new alerts",
    "4 new eSIMs",
    "23 Activated",
    "5 Expired",
    "1 order",
    "1 unrecognised",
  ]) {
    expect(words).toContain(part);
  }
  expect(words).not.toContain("refund");
  await expectAccessible();
  await fireEvent.pointerMove(document.body);
  expect(host.looks).toBe(0);
  host.missed = null;
  await click("lookback-read");
  await waitFor(() => expect(screen.queryByTestId("lookback")).toBeNull());
  expect(host.looks).toBe(1);
});

test("each status to which eSIMs came has its figure, in the order that is told", async () => {
  const host = new RecordedHost();
  const statuses = ["REVOKED", "EXPIRED", "DELETED", "ACTIVATED", "READY", "NEW", "INACTIVE", "INSTALLED"];
  host.missed = {
    sinceMs: NOW_MS - 3_600_000,
    byStatus: statuses.map((status, at) => ({ status, count: at + 1 })),
    newEsims: 0,
    alerts: 0,
    orders: 0,
    refunds: 0,
    unrecognized: 0,
    absences: [],
    unheard: 0,
    afterEvent: 40,
    afterEsim: 7,
  };
  await openWindow(host);
  const told = await screen.findByTestId("lookback");
  const figures = [...told.querySelectorAll<HTMLElement>("[data-testid^=lookback-] b")];
  expect(figures.map(({ textContent }) => textContent)).toEqual(statuses.map((_, at) => String(at + 1)));
});

test("whoever uses the window looks; one that only stands open is not looked at", async () => {
  const host = await openWindow();
  expect(host.looks).toBe(0);
  await fireEvent.pointerMove(document.body);
  await waitFor(() => expect(host.looks).toBe(1));
  await fireEvent.pointerMove(document.body);
  expect(host.looks).toBe(1);
});

test("a night in which the program was off is told, and each figure leads to its eSIMs", async () => {
  const host = new RecordedHost();
  const to = NOW_MS - 60_000;
  host.missed = {
    sinceMs: NOW_MS - 54_000_000,
    byStatus: [{ status: "ACTIVATED", count: 2 }],
    newEsims: 1,
    alerts: 0,
    orders: 0,
    refunds: 0,
    unrecognized: 0,
    absences: [{ fromMs: NOW_MS - 53_000_000, toMs: to, caughtUpAtMs: null }],
    unheard: 41,
    afterEvent: 40,
    afterEsim: 7,
  };
  host.became = [receipt({ changed: 14, needed: 3, needing: 3, caughtUpAtMs: null })];
  await openWindow(host);
  host.tell({ kind: "catchUp", state: catchUp({ token: "none" }) });
  const absence = await screen.findByTestId("lookback-absence");
  await waitFor(() =>
    expect(absence.textContent).toMatch(
      /While you were away \(.* to .*\).*14 eSIMs changed, 3 need you.*Roamify gives up after three tries/s,
    ),
  );
  await expectAccessible();
  for (const [words, happened, chip] of [
    ["41 eSIMs may be out of date", { kind: "unheard", since: to / 1000 }, /Not heard of since/],
    [
      "2 Activated",
      { kind: "cameTo", status: "ACTIVATED", afterEvent: 40 },
      "Since you last looked: Activated",
    ],
    ["1 new eSIM", { kind: "named", afterEsim: 7 }, "New since you last looked"],
  ] as const) {
    await fireEvent.click(await screen.findByRole("button", { name: words }));
    await waitFor(() => expect(host.queries.at(-1)?.filter.happened).toEqual(happened));
    expect(await screen.findByText(chip)).toBeTruthy();
    await click("nav-today");
  }
});

test("a receipt that was told before the catch-up ended is told anew after it", async () => {
  const host = new RecordedHost();
  const night = receipt({ changed: 1, caughtUpAtMs: null });
  host.missed = {
    sinceMs: NOW_MS - 54_000_000,
    byStatus: [],
    newEsims: 0,
    alerts: 0,
    orders: 0,
    refunds: 0,
    unrecognized: 0,
    absences: [night.absence],
    unheard: 3,
    afterEvent: 40,
    afterEsim: 7,
  };
  host.became = [night];
  await openWindow(host);
  host.tell({
    kind: "catchUp",
    state: catchUp({ running: { esimId: null, listed: true, planned: 9, done: 1 } }),
  });
  const sum = await screen.findByTestId("receipt-sum");
  await waitFor(() => expect(sum.textContent).toContain("Roamify is being asked."));
  host.became = [receipt({ changed: 14 })];
  const done = {
    requests: 1,
    esims: 9,
    found: 9,
    new: 9,
    tookMs: 1,
    problems: [],
    needsSomebody: false,
    first: false,
    listedOtherwise: null,
  };
  host.tell({ kind: "catchUp", state: catchUp({ last: { endedAtMs: NOW_MS, done } }) });
  await waitFor(() =>
    expect(sum.textContent).toContain("14 eSIMs changed, none needs you, all others are as they were."),
  );
  // What is told while somebody is on another screen stands here when they come back.
  await click("nav-esims");
  host.became = [receipt({ changed: 15 })];
  host.tell({ kind: "catchUp", state: catchUp({ last: { endedAtMs: NOW_MS + 1, done } }) });
  await click("nav-today");
  await waitFor(() => expect(screen.getByTestId("receipt-sum").textContent).toContain("15 eSIMs changed"));
});
