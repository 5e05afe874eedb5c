import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import type { Update } from "../../host";
import { RecordedHost } from "../../testing/host";
import {
  alert,
  alerts,
  catchUp,
  counts,
  esims,
  event,
  health,
  NO_DETAILS,
  NOW_MS,
  said,
} from "../../testing/samples";
import { click, expectAccessible, openWindow } from "../../testing/window";

const changed = (events: ReturnType<typeof event>[]): Update => ({
  kind: "changed",
  counts: counts(),
  events,
  esims: [],
  replaced: [],
  health: health(),
});
afterEach(() => vi.unstubAllGlobals());

const shownIds = (): (string | undefined)[] =>
  screen.getAllByTestId("feed-item").map((item) => item.dataset["eventId"]);

test("the first snapshot is drawn, and the window says that it is ready", async () => {
  await openWindow(undefined, {
    of: { ACTIVATED: 1234, SUSPENDED: 2 },
    esims: 1,
    events: 7,
    unrecognized: 3,
  });
  expect(document.documentElement.dataset["ready"]).toBe("true");
  expect(within(screen.getByTestId("count-ACTIVATED")).getByTestId("count-value").textContent).toBe("1,234");
  expect(within(screen.getByTestId("count-SUSPENDED")).getByTestId("count-value").textContent).toBe("2");
  expect(screen.getByTestId("total-esims").textContent.trim()).toBe("1 eSIM");
  expect(screen.getByTestId("total-unrecognized").textContent.trim()).toBe("3 unrecognised");
  await expectAccessible();
});

test("a first run says what to do next", async () => {
  await openWindow();
  expect(screen.getByText("Nothing has arrived yet")).toBeTruthy();
  await fireEvent.click(screen.getByText("Set up the connection"));
  expect((await screen.findByRole("heading", { level: 1 })).textContent).toBe("Set up eSIM Watch");
});

test("a tile opens the list with its status", async () => {
  const host = new RecordedHost();
  host.rows = esims(3);
  await openWindow(host, { of: { EXPIRED: 1 } });
  await click("count-EXPIRED");
  await waitFor(() => expect(host.queries.at(-1)?.filter.statuses).toEqual(["EXPIRED"]));
  expect((await screen.findByRole("button", { name: "Remove the filter Expired" })).textContent).toContain(
    "Expired",
  );
});

test("a new event stands on top at once", async () => {
  const host = await openWindow(undefined, { recent: [event({ id: 1 })] });
  host.tell(changed([event({ id: 2, status: "EXPIRED" })]));
  await waitFor(() => expect(shownIds()).toEqual(["2", "1"]));
});

test("under the pointer the feed holds still and offers what is new", async () => {
  const host = await openWindow(undefined, { recent: [event({ id: 1 })] });
  const feed = screen.getByRole("list", { name: "What changed last" });
  await fireEvent.pointerEnter(feed);
  host.tell(changed([event({ id: 3 }), event({ id: 2 })]));
  const more = await screen.findByTestId("feed-new");
  expect(more.textContent.trim()).toBe("2 new events – show");
  expect(shownIds()).toEqual(["1"]);
  await fireEvent.pointerLeave(feed);
  expect(shownIds()).toEqual(["3", "2", "1"]);
});

test("the feed draws more when its end comes near, and less again at its top", async () => {
  // The test DOM has no layout: whether the end is near is said by hand.
  let comeNear = (): void => undefined;
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      constructor(tell: (seen: { isIntersecting: boolean }[]) => void) {
        comeNear = () => tell([{ isIntersecting: true }]);
      }
      observe = (): void => undefined;
      disconnect = (): void => undefined;
    },
  );
  const recent = Array.from({ length: 50 }, (_, index) =>
    event({ id: 50 - index, esimKey: `esim-${index}` }),
  );
  await openWindow(undefined, { recent });
  expect(shownIds()).toEqual(recent.slice(0, 20).map(({ id }) => `${id}`));
  await expectAccessible();
  comeNear();
  await waitFor(() => expect(shownIds()).toHaveLength(40));
  comeNear();
  await waitFor(() => expect(shownIds()).toHaveLength(50));

  const feed = screen.getByRole("list", { name: "What changed last" });
  feed.scrollTop = 400;
  await fireEvent.pointerEnter(feed);
  await fireEvent.pointerLeave(feed);
  expect(shownIds()).toHaveLength(50);
  feed.scrollTop = 0;
  await fireEvent.pointerEnter(feed);
  await fireEvent.pointerLeave(feed);
  expect(shownIds()).toHaveLength(20);
});

test("an event of an eSIM opens it; one of the account opens nothing", async () => {
  const host = new RecordedHost();
  await openWindow(host, {
    recent: [
      event({
        id: 2,
        category: "partner",
        type: "top_up",
        esimKey: null,
        iccid: null,
        referenceId: null,
        status: null,
      }),
      event({ id: 1, esimKey: "esim-0" }),
    ],
  });
  const [account, esim] = screen.getAllByTestId("feed-item");
  expect(account?.querySelector("button")).toBeNull();
  await fireEvent.click(esim?.querySelector("button") ?? document.body);
  await waitFor(() => expect(host.opened).toEqual(["esim-0"]));
});

test("an event without a reference says which eSIM it is about", async () => {
  const about = { category: "refund", type: "refunded", referenceId: null, status: null };
  await openWindow(undefined, {
    recent: [
      event({ id: 3 }),
      event({ id: 2, ...about }),
      event({ id: 1, ...about, iccid: null, esimKey: "4f0c" }),
    ],
  });
  const subjects = screen
    .getAllByTestId("feed-item")
    .map((item) => item.querySelector(".who")?.textContent.trim());
  expect(subjects).toEqual(["TRIP-ROSSI …048260", "eSIM …048260", "eSIM 4f0c"]);
});

test("hostile and odd texts are only ever text", async () => {
  await openWindow(undefined, {
    of: { "<img src=x>": 1 },
    recent: [
      event({ id: 3, referenceId: "<script>alert(1)</script>", status: "<b>BOLD</b>" }),
      event({
        id: 2,
        referenceId: "x".repeat(200),
        category: "{x}",
        type: "<i>",
        recognized: false,
        problem: said("{count}"),
      }),
      event({
        id: 1,
        referenceId: "رحلة إلى اليابان",
        category: "refund",
        type: "rejected",
        details: { ...NO_DETAILS, reason: "<script>" },
      }),
    ],
  });
  expect(document.querySelector("#app script, main script, main img, main b.BOLD")).toBeNull();
  expect(screen.getByText("<script>alert(1)</script>").closest("bdi")).not.toBeNull();
  expect(screen.getByText("Not recognised: {x} / <i>. {count}")).toBeTruthy();
  expect(screen.getByText("رحلة إلى اليابان").closest("bdi")).not.toBeNull();
  await expectAccessible();
});

test("what needs attention stands first: by rule, with its number, the next step and a way to take it up", async () => {
  const host = new RecordedHost();
  host.inbox = [
    ...alerts(5),
    alert({ id: 90, rule: "revoked", severity: "critical", traveller: "<b>Anna</b>" }),
    alert({ id: 91, rule: "expiresSoon", state: "acknowledged" }),
  ];
  await openWindow(host);
  const groups = await screen.findAllByTestId("attention-group");
  expect(groups.map((group) => group.dataset["rule"])).toEqual(["revoked", "expired"]);
  const [revoked, expired] = groups;
  expect(revoked?.textContent).toContain("<b>Anna</b>");
  expect(expired?.textContent).toContain("Offer a new package where the trip goes on.");
  expect(expired?.textContent).toContain("and 2 more");
  await expectAccessible();
  await fireEvent.click(within(expired ?? document.body).getByTestId("attention-acknowledge"));
  await waitFor(() => expect(host.acts).toEqual([["acknowledge", [5, 4, 3, 2, 1], null]]));
  await waitFor(() => expect(screen.getAllByTestId("attention-group").length).toBe(1));
  await fireEvent.click(screen.getByTestId("attention-show"));
  expect((await screen.findByTestId<HTMLSelectElement>("alert-kind")).value).toBe("revoked");
});

test("a tile says by how many its eSIMs became more today", async () => {
  const host = new RecordedHost();
  host.countsBefore = [
    { status: "NEW", count: 7 },
    { status: "EXPIRED", count: 2 },
  ];
  await openWindow(host, { of: { NEW: 4, EXPIRED: 2, ACTIVATED: 3 } });
  const change = (status: string): string | null =>
    within(screen.getByTestId(`count-${status}`))
      .queryByTestId("count-change")
      ?.textContent.trim() ?? null;
  await waitFor(() => expect(change("NEW")).toBe("3"));
  expect(change("ACTIVATED")).toBe("3");
  expect(change("EXPIRED")).toBeNull();
  expect(screen.getByRole("button", { name: "New: 4 eSIMs. Show in the list. -3 today" })).toBeTruthy();
});

test("on the first day no tile says that what was sold before has come today", async () => {
  const host = new RecordedHost();
  host.countsBefore = [{ status: "NEW", count: 0 }];
  await openWindow(host, { of: { NEW: 4, EXPIRED: 12 } });
  await waitFor(() => expect(screen.getByTestId("count-EXPIRED").textContent).toContain("12"));
  expect(screen.queryByTestId("count-change")).toBeNull();
});

test("when nothing needs anybody, that is said calmly", async () => {
  const host = await openWindow();
  expect((await screen.findByTestId("attention-none")).textContent).toContain("All well. Nothing needs you.");
  host.inbox = [alert({ rule: "firstActivation", severity: "info" })];
  host.tellAlerts();
  expect((await screen.findByTestId("attention-info")).textContent).toContain("1 alert is only good to know");
  expect(screen.queryByTestId("attention-group")).toBeNull();
  // Nobody knows yet while what happened meanwhile is being asked for.
  const running = { esimId: null, listed: false, planned: 0, done: 0 };
  host.tell({ kind: "catchUp", state: catchUp({ running }) });
  await waitFor(() => expect(screen.getByTestId("attention-none").textContent).toContain("being asked what"));
  expect(screen.getByTestId("attention-none").textContent).not.toContain("All well");
  host.tellAlerts({ deaf: true });
  await waitFor(() => expect(screen.getByTestId("attention-none").textContent).toContain("can't hear"));
  expect(screen.getByTestId("attention-none").textContent).not.toContain("All well");
});

test("all alerts of a rule are counted and taken up, of which a few are named", async () => {
  const host = new RecordedHost();
  host.inbox = [...alerts(300), alert({ id: 0, rule: "revoked", severity: "critical" })];
  await openWindow(host);
  const groups = await screen.findAllByTestId("attention-group");
  expect(groups.map((group) => group.querySelector(".number")?.textContent)).toEqual([undefined, "300"]);
  await fireEvent.click(within(groups[1] ?? document.body).getByTestId("attention-acknowledge"));
  await waitFor(() => expect(host.acts[0]?.[1]).toHaveLength(300));
});

const flapping = (latest: number): ReturnType<typeof event>[] =>
  Array.from({ length: latest }, (_, index) => latest - index).map((id) =>
    event({ id, status: id % 2 === 0 ? "ACTIVATED" : "INACTIVE", occurredAt: NOW_MS / 1000 - 60 + id }),
  );

test("flapping is one line that opens to its events and their payloads", async () => {
  const host = new RecordedHost();
  host.payloads.set(3, "{}");
  await openWindow(host, { recent: flapping(4) });
  const run = screen.getByTestId("event-run");
  expect(run.textContent).toContain("Reconnected 2 × in 3 sec");
  expect(run.textContent).toContain("4 status changes");
  expect(run.dataset["status"]).toBe("ACTIVATED");
  expect(screen.queryByTestId("feed-item")).toBeNull();
  const button = within(run).getByRole("button");
  expect(button.getAttribute("aria-expanded")).toBe("false");
  await fireEvent.click(button);
  expect(button.getAttribute("aria-expanded")).toBe("true");
  const items = within(run).getAllByTestId("timeline-item");
  expect(items.map((item) => item.dataset["eventId"])).toEqual(["4", "3", "2", "1"]);
  await fireEvent.click(within(items[1] ?? run).getByRole("button"));
  expect((await within(run).findByTestId("payload")).textContent).toBe("{}");
  await expectAccessible();
  await fireEvent.click(within(run).getByText("Show this eSIM"));
  await waitFor(() => expect(host.opened).toEqual(["esim-0"]));
});

test("one more joins the run, but not under the pointer", async () => {
  const host = await openWindow(undefined, { recent: flapping(3) });
  const run = screen.getByTestId("event-run");
  const feed = screen.getByRole("list", { name: "What changed last" });
  await fireEvent.pointerEnter(feed);
  host.tell(changed(flapping(4).slice(0, 1)));
  await screen.findByTestId("feed-new");
  expect(run.dataset["events"]).toBe("3");
  await fireEvent.pointerLeave(feed);
  expect(screen.getByTestId("event-run")).toBe(run);
  expect(run.dataset["events"]).toBe("4");
});

test("status changes by the hour are drawn, and stand in a table for a screen reader", async () => {
  const host = new RecordedHost();
  const hour = Math.floor(Date.now() / 3_600_000);
  host.hours = [
    { hour, status: "ACTIVATED", count: 3 },
    { hour: hour - 1, status: "EXPIRED", count: 1 },
  ];
  await openWindow(host);
  const rows = within(await screen.findByTestId("activity-table")).getAllByRole("row");
  expect(rows.length).toBe(25);
  const cells = (row: HTMLElement | undefined): string[] =>
    [...(row?.querySelectorAll("td") ?? [])].map(({ textContent }) => textContent);
  expect(cells(rows[24])).toEqual(["3", "0"]);
  expect(cells(rows[23])).toEqual(["0", "1"]);
  expect(screen.getAllByTestId("activity-bar").length).toBe(2);
  const legend = within(screen.getByRole("list", { name: "Status changes by status" }));
  expect(legend.getByText("Activated")).toBeTruthy();
  await expectAccessible();
});

test("a day without status changes says so", async () => {
  await openWindow();
  expect((await screen.findByTestId("activity-none")).textContent).toContain("No status changes");
});

test("what a first catch-up brought that was stopped or could not be kept is told as a part", async () => {
  const host = new RecordedHost();
  await openWindow(host, { events: 93 });
  host.tell({ kind: "health", health: health({ lastReceivedAtMs: null }) });
  const full = said("What Roamify told could not be stored: the disk is full.");
  const done = { ...host.caughtUp, esims: 80, found: 57, new: 0, first: true, problems: [full] };
  const last = { endedAtMs: NOW_MS - 60_000, done };
  host.tell({ kind: "catchUp", state: catchUp({ last }) });
  const found = await screen.findByTestId("today-first-partly");
  expect(found.textContent).toBe(
    "First catch-up, in part: Roamify has 80 eSIMs, and not all of their past is here yet. What Roamify told could not be stored: the disk is full.",
  );
  expect(screen.getByTestId("last-event").textContent.trim()).toBe("No webhook yet");
  const line = screen.getByTestId("line-catch-up-partly");
  expect(line.textContent).toMatch(/Caught up in part .*ago/);
  expect(line.title).toContain("the disk is full");
  const calm = await screen.findByTestId("attention-none");
  expect(calm.textContent).toMatch(/As far as is known .* not complete/);
  await expectAccessible();
  // Another one is under way; then it is complete.
  const running = { esimId: null, listed: true, planned: 9, done: 1 };
  host.tell({ kind: "catchUp", state: catchUp({ last, running }) });
  await waitFor(() => expect(screen.queryByTestId("line-catch-up-partly")).toBeNull());
  const whole = { ...done, new: 57, first: false, problems: [] };
  host.tell({ kind: "catchUp", state: catchUp({ last: { endedAtMs: NOW_MS - 30_000, done: whole } }) });
  await waitFor(() => expect(screen.queryByTestId("today-first-partly")).toBeNull());
  expect(screen.queryByTestId("line-catch-up-partly")).toBeNull();
  expect(screen.getByTestId("last-event").textContent).toMatch(/No webhook yet, caught up/);
});

test("on a computer whose clock is behind, what has happened isn't to come", async () => {
  const soonMs = Date.now() + 39 * 60_000;
  const of = { occurredAt: Math.floor(soonMs / 1000), receivedAtMs: Date.now() };
  const host = await openWindow(undefined, { recent: [event(of)] });
  const item = screen.getByTestId("feed-item");
  host.tell({ kind: "catchUp", state: catchUp({ clockAheadMinutes: -60 }) });
  await waitFor(() => expect(item.querySelector("time")?.textContent).toBe("21 min. ago"));
  // By one that is ahead, too: what came is kept by the provider's time.
  const pastMs = Date.now() - 3_600_000;
  const past = { occurredAt: Math.floor(pastMs / 1000), receivedAtMs: pastMs };
  host.tell({ kind: "catchUp", state: catchUp({ clockAheadMinutes: 60 }) });
  host.tell(changed([event({ ...past, id: 2 })]));
  await waitFor(() => expect(screen.getAllByTestId("feed-item")[0]?.textContent).toContain("now"));
  expect(screen.getAllByTestId("feed-item")[0]?.textContent).not.toContain("late");
});

test("what the first catch-up found is told as the past, and that webhooks make it live", async () => {
  const host = new RecordedHost();
  await openWindow(host);
  host.tell({
    kind: "catchUp",
    state: catchUp({ running: { esimId: null, listed: true, planned: 9, done: 1 } }),
  });
  expect(await screen.findByText("Roamify is being asked")).toBeTruthy();
  const done = { ...host.caughtUp, esims: 512, new: 3400, first: true };
  host.tell({ kind: "catchUp", state: catchUp({ last: { endedAtMs: NOW_MS - 60_000, done } }) });
  const found = await screen.findByTestId("today-found");
  expect(found.textContent).toMatch(/Roamify has 512 eSIMs, and 3,400 events of their past are here now/);
  expect(found.textContent).not.toContain("While you were away");
  await expectAccessible();
  // The next one is none of the past; as long as no webhook came, that is said.
  host.tell({ kind: "health", health: health({ lastReceivedAtMs: null }) });
  host.tell({
    kind: "catchUp",
    state: catchUp({ last: { endedAtMs: NOW_MS - 30_000, done: { ...done, first: false } } }),
  });
  await waitFor(() => expect(found.textContent).not.toContain("First catch-up"));
  expect(found.textContent).toContain("no webhook has come yet");
  expect(screen.getByTestId("last-event").textContent).toMatch(/No webhook yet, caught up/);
  await click("nav-connection");
  host.tell({ kind: "health", health: health({ lastReceivedAtMs: NOW_MS }) });
  await click("nav-today");
  await waitFor(() => expect(screen.queryByTestId("today-found")).toBeNull());
});
