import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import type { AlertSettings } from "../../host";
import { RecordedHost } from "../../testing/host";
import { alertSettings, desktop, health, said } from "../../testing/samples";
import { click, expectAccessible, openWindow } from "../../testing/window";
import { minuteOf, written } from "./minutes";

async function open(host = new RecordedHost()): Promise<RecordedHost> {
  await openWindow(host);
  await click("nav-settings");
  await screen.findByTestId("rule-expired");
  await screen.findByTestId("keeping-bodiesDays");
  return host;
}

const isOn = (testId: string): boolean => screen.getByTestId(testId).getAttribute("aria-checked") === "true";
const last = (host: RecordedHost): AlertSettings => host.set.at(-1) as AlertSettings;

async function write(testId: string, value: string): Promise<void> {
  const field = screen.getByTestId(testId);
  await fireEvent.input(field, { target: { value } });
  await fireEvent.change(field);
}

test("what is critical breaks through quiet hours unless somebody says otherwise", async () => {
  await open();
  expect(isOn("breaksQuiet-revoked")).toBe(true);
  expect(isOn("breaksQuiet-expired")).toBe(false);
  expect(isOn("enabled-expired") && isOn("notify-expired")).toBe(true);
  await expectAccessible();
});

test("a switch counts at once, and keeps the others", async () => {
  const host = await open();
  await click("notify-expired");
  await waitFor(() => expect(isOn("notify-expired")).toBe(false));
  expect(last(host).rules).toEqual({ expired: { enabled: true, notify: false, breaksQuiet: false } });
  expect(screen.getByTestId<HTMLButtonElement>("breaksQuiet-expired").disabled).toBe(true);
  await click("enabled-revoked");
  await waitFor(() => expect(isOn("enabled-revoked")).toBe(false));
  expect(Object.keys(last(host).rules).sort()).toEqual(["expired", "revoked"]);
  expect(screen.getByTestId<HTMLButtonElement>("notify-revoked").disabled).toBe(true);
});

test("a number is checked where it is written, in the program's words", async () => {
  const host = await open();
  await write("number-dataLowPercent", "15");
  await waitFor(() => expect(last(host).dataLowPercent).toBe(15));
  expect((await screen.findByTestId("number-dataLowPercent-said")).textContent).toContain("Saved.");
  await write("number-dataLowPercent", "a few");
  await screen.findByText("Write a whole number.");
  host.failure = said("The limit for low data must be from 1 to 90 percent.");
  await write("number-dataLowPercent", "500");
  await screen.findByText("The limit for low data must be from 1 to 90 percent.");
  expect(screen.getByTestId("number-dataLowPercent").getAttribute("aria-invalid")).toBe("true");
  expect(host.set.length).toBe(1);
  await expectAccessible();
});

test("muting meanwhile is not lost by a change of the rules", async () => {
  const host = await open();
  host.rules = alertSettings({ mutedUntil: 1234 });
  await click("notify-expired");
  await waitFor(() => expect(host.set.length).toBe(1));
  expect(last(host).mutedUntil).toBe(1234);
});

test("quiet hours are kept from and to a time of the day", async () => {
  const host = await open();
  expect(screen.getByTestId<HTMLInputElement>("quiet-from").disabled).toBe(true);
  await click("quiet-on");
  await waitFor(() => expect(last(host).quiet).toEqual({ fromMinute: 1320, toMinute: 420 }));
  await write("quiet-from", "20.30");
  await waitFor(() => expect(last(host).quiet).toEqual({ fromMinute: 1230, toMinute: 420 }));
  await write("quiet-to", "late");
  await screen.findByText("Write a time of the day, for example 22:00.");
  await click("quiet-on");
  await waitFor(() => expect(last(host).quiet).toBeNull());
});

test("times of the day are read as people write them", () => {
  expect(["22:00", "7", "7.30", "730", "0730", "23:59"].map(minuteOf)).toEqual([
    1320, 420, 450, 450, 450, 1439,
  ]);
  expect(["", "24:00", "7:60", "noon", "-1", "7:5"].map(minuteOf)).toEqual([
    null,
    null,
    null,
    null,
    null,
    null,
  ]);
  expect([0, 450, 1439].map(written)).toEqual(["00:00", "07:30", "23:59"]);
});

test("the defaults come back after a second click", async () => {
  const host = new RecordedHost();
  await open(host);
  expect(screen.getByTestId<HTMLButtonElement>("rules-restore").disabled).toBe(true);
  await click("enabled-expired");
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("rules-restore").disabled).toBe(false));
  await click("rules-restore");
  await click("rules-restore-yes");
  await waitFor(() => expect(isOn("enabled-expired")).toBe(true));
});

test("a test notification tells whether it was shown", async () => {
  const host = await open();
  await click("test-notification");
  await screen.findByText("The system has shown it.");
  expect(host.tested).toBe(1);
  host.failure = said("This desktop has no notification server.");
  await click("test-notification");
  await screen.findByText("This desktop has no notification server.");
});

test("the program's place on the desktop can be set, and says what is not there", async () => {
  const host = new RecordedHost();
  host.place = desktop({
    tray: { kind: "noHost" },
    notifications: { kind: "missing", reason: said("No server answers.") },
  });
  await open(host);
  expect((await screen.findByTestId("notifications-missing")).textContent).toContain("No server answers.");
  const card = within(screen.getByTestId("desktop"));
  expect(card.getByText(/This desktop has no tray/)).toBeTruthy();
  await click("start-with-system");
  await waitFor(() => expect(isOn("start-with-system")).toBe(true));
  await click("close-to-tray");
  await waitFor(() => expect(isOn("close-to-tray")).toBe(false));
  await expectAccessible();
});

test("for how long data is kept can be set, and why it stays is told", async () => {
  const host = await open();
  await write("keeping-bodiesDays", "0");
  await waitFor(() => expect(host.set.at(-1)).toEqual({ bodiesDays: 0, usageDays: 90 }));
  await screen.findByText("days: kept for ever");
  host.tell({
    kind: "health",
    health: health({ retention: { problem: said("Old content can't be dropped.") } }),
  });
  await waitFor(() => expect(screen.getAllByText("Old content can't be dropped.").length).toBe(2));
});

test("settings that can't be loaded say why and try again", async () => {
  const host = new RecordedHost();
  await openWindow(host);
  host.failure = said("The alerts are not ready yet.");
  await click("nav-settings");
  await waitFor(() => expect(screen.getAllByText("The alerts are not ready yet.").length).toBeGreaterThan(0));
  host.failure = null;
  await fireEvent.click(screen.getAllByText("Try again")[0] ?? document.body);
  await screen.findByTestId("rule-expired");
});
