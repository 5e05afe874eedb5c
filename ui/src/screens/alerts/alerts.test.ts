import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import { RecordedHost } from "../../testing/host";
import { alert, alerts, NOW_MS, said } from "../../testing/samples";
import { click, expectAccessible, openWindow, press } from "../../testing/window";

afterEach(() => void vi.useRealTimers());

async function open(host: RecordedHost): Promise<RecordedHost> {
  await openWindow(host);
  await click("nav-alerts");
  await screen.findByTestId("inbox");
  return host;
}

async function openWith(rows = alerts(3)): Promise<RecordedHost> {
  const host = new RecordedHost();
  host.inbox = rows;
  await open(host);
  await screen.findAllByTestId("alert-row");
  return host;
}

const grid = (): HTMLElement => screen.getByRole("grid", { name: "Alerts" });
const shown = (): string[] => screen.queryAllByTestId("alert-row").map((row) => row.dataset["alert"] ?? "");
const selected = (): string[] =>
  screen
    .queryAllByTestId("alert-row")
    .filter((row) => row.getAttribute("aria-selected") === "true")
    .map((row) => row.dataset["alert"] ?? "");
const told = async (): Promise<string> =>
  (await screen.findByTestId("toast")).querySelector("span")?.textContent ?? "";

test("the navigation says how many need somebody, for screen readers too", async () => {
  const host = new RecordedHost();
  host.inbox = [
    ...alerts(2),
    alert({ id: 9, state: "acknowledged" }),
    alert({ id: 8, rule: "firstActivation", severity: "info" }),
  ];
  await openWindow(host);
  expect((await screen.findByTestId("unread")).textContent).toBe("2");
  expect(screen.getByTestId("nav-alerts").textContent).toContain("2 alerts need you");
});

test("an inbox with nothing new says so", async () => {
  await open(new RecordedHost());
  await screen.findByText("Nothing needs you.");
  await click("tab-history");
  await screen.findByText("No history yet");
  await expectAccessible();
});

test("tabs carry their counts, and show what they say", async () => {
  await openWith([
    ...alerts(3),
    alert({ id: 11, state: "acknowledged", acknowledgedAtMs: NOW_MS }),
    alert({ id: 12, state: "snoozed", snoozedUntil: NOW_MS / 1000 + 3600 }),
    alert({ id: 13, state: "cleared", clearedAtMs: NOW_MS }),
    alert({ id: 14, state: "cleared", clearedAtMs: NOW_MS }),
  ]);
  for (const [tab, count] of [
    ["new", 3],
    ["acknowledged", 1],
    ["snoozed", 1],
    ["history", 2],
    ["all", 7],
  ] as const) {
    await waitFor(() => expect(screen.getByTestId(`tab-${tab}`).textContent).toContain(String(count)));
    await click(`tab-${tab}`);
    await waitFor(() => expect(shown().length).toBe(count));
    await expectAccessible();
  }
});

test("the kind narrows by severity or by rule, the search by its words", async () => {
  const host = await openWith([
    alert({ id: 3, rule: "revoked", severity: "critical" }),
    alert({ id: 2, rule: "expired", referenceId: "TRIP-ANNA" }),
    alert({ id: 1, rule: "dataLow" }),
  ]);
  const choose = (value: string): Promise<boolean> =>
    fireEvent.change(screen.getByTestId("alert-kind"), { target: { value } });
  await choose("critical");
  await waitFor(() => expect(shown()).toEqual(["3"]));
  await choose("dataLow");
  await waitFor(() => expect(shown()).toEqual(["1"]));
  await choose("");
  await fireEvent.input(screen.getByTestId("alert-search"), { target: { value: "anna" } });
  await waitFor(() => expect(shown()).toEqual(["2"]));
  expect(screen.getByTestId("alerts-total").textContent.trim()).toBe("1 match");
  await fireEvent.input(screen.getByTestId("alert-search"), { target: { value: "nobody" } });
  await fireEvent.click(await screen.findByText("Show all"));
  await waitFor(() => expect(shown()).toEqual(["3", "2", "1"]));
  expect(host.alertQueries.at(-1)?.rules).toEqual([]);
});

test("a slash goes to the search, and Enter from there to the rows", async () => {
  await openWith();
  await press("/");
  expect(document.activeElement).toBe(screen.getByTestId("alert-search"));
  await press("Enter", screen.getByTestId("alert-search"));
  expect(document.activeElement).toBe(grid());
});

test("the arrows choose, e acknowledges the chosen one, and z takes it back", async () => {
  const host = await openWith();
  grid().focus();
  await press("ArrowDown", grid());
  await press("e", grid());
  await waitFor(() => expect(host.acts).toEqual([["acknowledge", [2], null]]));
  await waitFor(() => expect(shown()).toEqual(["3", "1"]));
  expect(await told()).toBe("Acknowledged");
  await expectAccessible();
  await press("z", grid());
  await waitFor(() => expect(shown()).toEqual(["3", "2", "1"]));
  expect(host.acts.at(-1)).toEqual(["reopen", [2]]);
  await waitFor(async () => expect(await told()).toBe("Undone"));
});

test("when the last one is acknowledged the screen keeps the focus, and z takes it back", async () => {
  const host = await openWith(alerts(1));
  await waitFor(() => expect(document.activeElement).toBe(grid()));
  await press("e");
  await screen.findByText("Nothing needs you.");
  await waitFor(() => expect(document.activeElement?.tagName).toBe("H1"));
  await press("z");
  await waitFor(() => expect(host.inbox[0]?.state).toBe("new"));
});

test("a click chooses and shows everything about an alert; a click on its eSIM opens that", async () => {
  const host = await openWith();
  host.details.set("esim-2", {
    esim: (await import("../../testing/samples")).esim(),
    next: "nothing",
    events: [],
    profile: [],
    lifeEndsAt: null,
    packages: [],
    sameOrder: [],
  });
  const [, second] = screen.getAllByTestId("alert-row");
  await fireEvent.click(second ?? document.body);
  await waitFor(() => expect(screen.getByTestId("alert-details").dataset["alert"]).toBe("2"));
  expect(within(screen.getByTestId("alert-details")).getByText("89445001021983048260")).toBeTruthy();
  await fireEvent.click(within(second ?? document.body).getByTestId("alert-esim"));
  await waitFor(() => expect(host.opened).toEqual(["esim-2"]));
});

test("Enter opens the eSIM, and the way back leads to the same alert", async () => {
  const host = await openWith();
  host.details.set("esim-2", {
    esim: (await import("../../testing/samples")).esim(),
    next: "nothing",
    events: [],
    profile: [],
    lifeEndsAt: null,
    packages: [],
    sameOrder: [],
  });
  grid().focus();
  await press("ArrowDown", grid());
  await press("Enter", grid());
  await waitFor(() => expect(host.opened).toEqual(["esim-2"]));
  await press("Escape");
  await waitFor(() => expect(screen.getByTestId("alert-details").dataset["alert"]).toBe("2"));
});

test("Space, Shift and Ctrl+A select; what is done is done to all of them", async () => {
  const host = await openWith(alerts(4));
  grid().focus();
  await press(" ", grid());
  expect(selected()).toEqual(["4"]);
  await fireEvent.keyDown(grid(), { key: "ArrowDown", shiftKey: true });
  await fireEvent.keyDown(grid(), { key: "ArrowDown", shiftKey: true });
  expect(selected()).toEqual(["4", "3", "2"]);
  await fireEvent.keyDown(grid(), { key: "ArrowUp", shiftKey: true });
  expect(selected()).toEqual(["4", "3"]);
  expect(screen.getByTestId("alerts-total").textContent.trim()).toBe("2 selected");
  await expectAccessible();
  await press("Escape", grid());
  expect(selected()).toEqual([]);
  await fireEvent.keyDown(grid(), { key: "a", ctrlKey: true });
  await waitFor(() => expect(selected().length).toBe(4));
  await click("bulk-acknowledge");
  await waitFor(() => expect(host.acts).toEqual([["acknowledge", [4, 3, 2, 1], null]]));
  expect(await told()).toBe("4 alerts acknowledged");
  await screen.findByText("Nothing needs you.");
});

test("a note is written in place, taken with the acknowledgement, and can be edited", async () => {
  const host = await openWith();
  grid().focus();
  await press("n", grid());
  const input = await screen.findByTestId<HTMLTextAreaElement>("note-input");
  await expectAccessible();
  await fireEvent.input(input, { target: { value: " called <b>Rossi</b> " } });
  await fireEvent.keyDown(input, { key: "Enter" });
  await waitFor(() => expect(host.acts).toEqual([["acknowledge", [3], "called <b>Rossi</b>"]]));
  await click("tab-acknowledged");
  await waitFor(() =>
    expect(screen.getByTestId("details-note-text").textContent).toBe("called <b>Rossi</b>"),
  );
  await click("details-note");
  expect((await screen.findByTestId<HTMLTextAreaElement>("note-input")).value).toBe("called <b>Rossi</b>");
  await fireEvent.input(screen.getByTestId("note-input"), { target: { value: "done" } });
  await click("note-save");
  await waitFor(() => expect(host.acts.at(-1)).toEqual(["acknowledge", [3], "done"]));
  expect(await told()).toBe("Note saved");
  await click("toast-undo");
  await waitFor(() => expect(host.inbox[0]?.note).toBe("called <b>Rossi</b>"));
  expect(host.inbox[0]?.state).toBe("acknowledged");
});

test("what was written of a note is kept when it is left, and given up by Cancel", async () => {
  const host = await openWith();
  const written = async (): Promise<string> => {
    await press("n", grid());
    const field = await screen.findByTestId<HTMLTextAreaElement>("note-input");
    return field.value;
  };
  const leave = async (how: () => Promise<unknown>): Promise<void> => {
    await how();
    await waitFor(() => expect(screen.queryByTestId("note-dialog")).toBeNull());
  };
  grid().focus();
  expect(await written()).toBe("");
  expect(screen.queryByTestId("note-draft")).toBeNull();
  await fireEvent.input(screen.getByTestId("note-input"), { target: { value: "half a sen" } });
  await leave(() => fireEvent.keyDown(screen.getByTestId("note-input"), { key: "Escape" }));
  expect(await written()).toBe("half a sen");
  expect(screen.getByTestId("note-draft").textContent).toContain("not saved yet");
  // A click beside it.
  await leave(() => fireEvent.pointerDown(screen.getByTestId("note-dialog")));
  expect(await written()).toBe("half a sen");
  await leave(() => click("note-cancel"));
  expect(await written()).toBe("");
  await fireEvent.input(screen.getByTestId("note-input"), { target: { value: "called" } });
  await leave(() => fireEvent.keyDown(screen.getByTestId("note-input"), { key: "Enter" }));
  await waitFor(() => expect(host.acts).toEqual([["acknowledge", [3], "called"]]));
  expect(await written()).toBe("");
});

test("s asks until when; a number answers", async () => {
  const host = await openWith();
  grid().focus();
  await press("s", grid());
  await screen.findByTestId("snooze-dialog");
  await expectAccessible();
  const before = Date.now();
  await press("1", screen.getByTestId("snooze-dialog-hour"));
  await waitFor(() => expect(host.acts.length).toBe(1));
  const [what, ids, until] = host.acts[0] ?? [];
  expect([what, ids]).toEqual(["snooze", [3]]);
  expect(Math.abs(Number(until) - before / 1000 - 3600)).toBeLessThan(5);
  await waitFor(() => expect(shown()).toEqual(["2", "1"]));
  await click("toast-undo");
  await waitFor(() => expect(shown()).toEqual(["3", "2", "1"]));
});

test("Escape leaves a question without doing anything", async () => {
  const host = await openWith();
  grid().focus();
  await press("s", grid());
  await press("Escape", await screen.findByTestId("snooze-dialog-hour"));
  await waitFor(() => expect(screen.queryByTestId("snooze-dialog")).toBeNull());
  expect(host.acts).toEqual([]);
});

test("a new alert stands on top at once while nobody reads", async () => {
  const host = await openWith();
  host.inbox = [alert({ id: 4 }), ...host.inbox];
  host.tellAlerts();
  await waitFor(() => expect(shown()).toEqual(["4", "3", "2", "1"]));
});

test("while somebody chooses, new alerts wait to be asked for", async () => {
  const host = await openWith();
  grid().focus();
  await press(" ", grid());
  host.inbox = [alert({ id: 5 }), alert({ id: 4 }), ...host.inbox];
  host.tellAlerts();
  expect((await screen.findByTestId("alerts-pending")).textContent.trim()).toBe("2 new – show");
  expect(shown()).toEqual(["3", "2", "1"]);
  expect(selected()).toEqual(["3"]);
  await click("alerts-pending");
  await waitFor(() => expect(shown()).toEqual(["5", "4", "3", "2", "1"]));
  expect(selected()).toEqual(["3"]);
  expect(screen.getByTestId("alert-details").dataset["alert"]).toBe("3");
});

test("under the pointer no row goes away, but says what became of it", async () => {
  const host = await openWith();
  await click("tab-all");
  const rows = grid().parentElement ?? document.body;
  await fireEvent.pointerEnter(rows);
  host.inbox = host.inbox.map((row) => ({ ...row, state: "cleared", clearedAtMs: Date.now() }));
  host.tellAlerts();
  await waitFor(() =>
    expect(screen.getAllByTestId("alert-row").map((row) => row.dataset["state"])).toEqual([
      "cleared",
      "cleared",
      "cleared",
    ]),
  );
  await fireEvent.pointerLeave(rows);
});

test("rows are grouped by the days of the calendar", async () => {
  const today = Date.now();
  const rows = [today, today, today - 86_400_000, today - 3 * 86_400_000];
  await openWith(rows.map((raisedAtMs, index) => alert({ id: 9 - index, raisedAtMs })));
  const days = screen.getAllByTestId("alert-day").map(({ textContent }) => textContent.trim());
  expect(days.length).toBe(2);
  expect(days[0]).toBe("Yesterday");
  const [first, , third] = screen.getAllByTestId("alert-row");
  expect(first?.textContent).toContain("Today");
  expect(third?.style.transform).toBe("translateY(134px)");
  expect(screen.getByTestId("top-day").textContent).toBe("Today");
});

test("what can't be loaded is told and tried again", async () => {
  const host = new RecordedHost();
  host.inbox = alerts(2);
  await openWindow(host);
  host.failure = said("The database is busy.");
  await click("nav-alerts");
  await screen.findByText("The database is busy.");
  host.failure = null;
  await fireEvent.click(screen.getByText("Try again"));
  await waitFor(() => expect(shown()).toEqual(["2", "1"]));
});

test("what can't be done is told, and nothing changes", async () => {
  const host = await openWith();
  host.failure = said("The alert could not be changed: the disk is full.");
  grid().focus();
  await press("e", grid());
  expect(await told()).toContain("the disk is full");
  expect(screen.queryByTestId("toast-undo")).toBeNull();
  expect(host.inbox.every(({ state }) => state === "new")).toBe(true);
});

test("notifications are muted until a time and unmuted, from the head of the inbox", async () => {
  const host = await openWith();
  await click("mute-open");
  await click("mute-dialog-hour");
  await waitFor(() => expect(screen.getByTestId("mute").dataset["muted"]).toBe("true"));
  expect(screen.getByTestId("mute").textContent).toMatch(/Muted until (today|tomorrow)/);
  expect(screen.getByTestId("line-muted").textContent).toMatch(/Muted until (today|tomorrow)/);
  await expectAccessible();
  await click("mute-end");
  await waitFor(() => expect(screen.getByTestId("mute").dataset["muted"]).toBe("false"));
  expect(host.acts.at(-1)).toEqual(["mute", null]);
});

test("why alerts can't be told stands above every screen as long as it is so", async () => {
  const host = await openWith();
  host.tellAlerts({ problem: said("Notifications can't be shown: <no server>.") });
  expect((await screen.findByTestId("alert-problem")).textContent).toContain("<no server>");
  for (const name of ["today", "esims", "connection", "settings"]) {
    await click(`nav-${name}`);
    expect(screen.getByTestId("alert-problem")).toBeTruthy();
  }
  await expectAccessible();
  host.tellAlerts();
  await waitFor(() => expect(screen.queryByTestId("alert-problem")).toBeNull());
});

test("hostile and odd texts are only ever text", async () => {
  await openWith([
    alert({ id: 3, title: said("<script>alert(1)</script>"), body: [said("{count}")], note: "<img src=x>" }),
    alert({ id: 2, title: said("x".repeat(400)), referenceId: "y".repeat(400) }),
    alert({ id: 1, title: said("Expired: رحلة إلى اليابان"), referenceId: "رحلة إلى اليابان" }),
  ]);
  expect(document.querySelector("main script, main img")).toBeNull();
  expect(screen.getAllByText("<script>alert(1)</script>").length).toBeGreaterThan(0);
  expect(screen.getByText("Expired: رحلة إلى اليابان").closest("bdi")).not.toBeNull();
  await expectAccessible();
});

test("the list has the focus when the screen is opened, and goes on by itself until somebody uses it", async () => {
  const host = await openWith();
  await waitFor(() => expect(document.activeElement).toBe(grid()));
  host.inbox = [alert({ id: 9 }), ...host.inbox];
  host.tellAlerts();
  await waitFor(() => expect(shown()).toEqual(["9", "3", "2", "1"]));
  await press("ArrowDown", grid());
  host.inbox = [alert({ id: 10 }), ...host.inbox];
  host.tellAlerts();
  await screen.findByTestId("alerts-pending");
  expect(shown()).toEqual(["9", "3", "2", "1"]);
});

test("all that are shown are acknowledged at once and back, or selected by the box above them", async () => {
  const host = await openWith(alerts(4));
  await click("acknowledge-all");
  await waitFor(() => expect(host.acts).toEqual([["acknowledge", [4, 3, 2, 1], null]]));
  await waitFor(() => expect(shown()).toEqual([]));
  await click("toast-undo");
  await waitFor(() => expect(shown().length).toBe(4));
  await click("select-all-alerts");
  await waitFor(() => expect(selected()).toEqual(["4", "3", "2", "1"]));
  await expectAccessible();
  await click("select-all-alerts");
  await waitFor(() => expect(selected()).toEqual([]));
});
