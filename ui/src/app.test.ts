import { render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import page from "../index.html?raw";
import App from "./App.svelte";
import type { Health } from "./host";
import { RecordedHost } from "./testing/host";
import { counts, health, NOW_MS, said } from "./testing/samples";
import { click, expectAccessible, openWindow } from "./testing/window";

afterEach(() => void vi.useRealTimers());

const line = (): string => screen.getByTestId("status-line").textContent.replaceAll(/\s+/g, " ").trim();

test("the status line tells that the listener is up and where", async () => {
  await openWindow();
  expect(screen.getByTestId("status-line").dataset["listener"]).toBe("up");
  expect(line()).toContain("Listening on http://127.0.0.1:47615");
});

test("whatever is wrong is said in words", async () => {
  const host = await openWindow();
  host.tell({
    kind: "health",
    health: health({
      listener: { kind: "down", message: said("Port 47615 is in use.") },
      store: { kind: "failing", message: said("The disk is full.") },
      signatureChecked: false,
      unsafePlace: said("The data folder is on a network drive. Move it."),
      refusedCount: 3,
      backup: { lastAtMs: null, problem: said("The daily backup failed: the disk is full. Make room.") },
      lastReceivedAtMs: null,
    }),
  });
  await waitFor(() => expect(screen.getByTestId("status-line").dataset["listener"]).toBe("down"));
  for (const words of [
    "Not listening: Port 47615 is in use.",
    "Storage is failing: The disk is full.",
    "Signatures are not checked",
    "Data folder in an unsafe place",
    "3 deliveries refused",
    "The daily backup failed: the disk is full. Make room.",
    "No event yet",
  ]) {
    expect(line()).toContain(words);
  }
  await expectAccessible();
});

test("a screen that can't be drawn leaves the others as they are", async () => {
  const host = new RecordedHost();
  host.books = { ...host.books, orders: null as never };
  await openWindow(host);
  await click("nav-account");
  await screen.findByText("This screen could not be drawn");
  await click("nav-connection");
  await screen.findByTestId("port-input");
  expect(screen.queryByText("This screen could not be drawn")).toBeNull();
});

test("a tunnel that is down is loud; one that was not checked yet is a hint", async () => {
  const host = await openWindow();
  expect(screen.queryByTestId("line-tunnel")).toBeNull();
  const tell = (tunnel: Health["tunnel"]): void => host.tell({ kind: "health", health: health({ tunnel }) });
  tell({ kind: "unverified", message: said("No answer yet.") });
  await waitFor(() => expect(line()).toContain("Tunnel not reached yet"));
  tell({ kind: "down", message: said("The address answers for somebody else.") });
  await waitFor(() =>
    expect(line()).toContain("Not receiving, the tunnel is down: The address answers for somebody else."),
  );
  await click("line-tunnel");
  expect((await screen.findByTestId("tunnel-state")).textContent).toContain("The tunnel is down.");
  await expectAccessible();
  tell({ kind: "up" });
  await waitFor(() => expect(screen.getByTestId("tunnel-state").dataset["tunnel"]).toBe("up"));
});

test("what is asked for from outside of the window is shown", async () => {
  const host = await openWindow();
  host.tell({ kind: "open", place: { kind: "alerts" } });
  await screen.findByTestId("inbox");
  host.tell({ kind: "open", place: { kind: "connection" } });
  await screen.findByTestId("port-input");
});

test("what happened to the database stands above every screen until it is dismissed", async () => {
  const host = await openWindow();
  const notice =
    "The database was damaged and is kept as esim-watch.damaged-2026-11-23.db. <b>A new one</b> was started.";
  host.tell({ kind: "health", health: health({ notice: said(notice) }) });
  expect((await screen.findByRole("alert")).textContent).toBe(notice);
  await expectAccessible();
  for (const name of ["esims", "connection", "today"]) {
    await click(`nav-${name}`);
    expect(screen.getByTestId("notice").textContent).toContain(notice);
  }
  await click("notice-dismiss");
  await waitFor(() => expect(screen.queryByTestId("notice")).toBeNull());
  expect(document.activeElement).toBe(screen.getByRole("heading", { level: 1 }));
  host.tell({ kind: "health", health: health({ notice: said(notice), refusedCount: 1 }) });
  await waitFor(() => expect(line()).toContain("1 delivery refused"));
  expect(screen.queryByTestId("notice")).toBeNull();
  host.tell({ kind: "health", health: health({ notice: said("The webhook's address has changed.") }) });
  expect((await screen.findByRole("alert")).textContent).toContain("address has changed");
});

test("the age of the last event ticks", async () => {
  vi.useFakeTimers({ now: NOW_MS, toFake: ["setInterval", "clearInterval", "Date"] });
  const host = new RecordedHost();
  render(App, { props: { host } });
  host.tell({
    kind: "snapshot",
    counts: counts(),
    recent: [],
    health: health({ lastReceivedAtMs: NOW_MS - 12_000 }),
  });
  await vi.advanceTimersByTimeAsync(1000);
  expect(screen.getByTestId("last-event").textContent.trim()).toBe("Last event 13 seconds ago");
  await vi.advanceTimersByTimeAsync(50_000);
  expect(screen.getByTestId("last-event").textContent.trim()).toBe("Last event 1 minute ago");
});

test("a program that could not start shows that and nothing else", async () => {
  const host = new RecordedHost();
  render(App, { props: { host } });
  host.tell({
    kind: "failed",
    title: said("The data folder can't be written"),
    message: said("Permission denied"),
  });
  expect((await screen.findByTestId("fatal")).textContent).toContain("Permission denied");
  expect(screen.queryByTestId("status-line")).toBeNull();
  await expectAccessible();
});

test("a subscription that fails is shown as well", async () => {
  const host = new RecordedHost();
  host.failure = "command watch not found";
  render(App, { props: { host } });
  expect((await screen.findByTestId("fatal")).textContent).toContain("command watch not found");
});

test("the page names an icon, so that none is asked for that is not there", () => {
  expect(page).toContain('<link rel="icon" href="data:,"');
});

test("the theme goes round and is remembered", async () => {
  const host = await openWindow();
  for (const theme of ["light", "dark", "system"]) {
    await click("theme-toggle");
    expect(document.documentElement.dataset["theme"]).toBe(theme);
    expect(host.choices.theme).toBe(theme);
  }
});

test("a demo is marked as one, and nothing else is", async () => {
  const host = new RecordedHost();
  host.demo = true;
  await openWindow(host);
  expect((await screen.findByTestId("demo")).textContent).toContain("made up");
  await expectAccessible();
});
