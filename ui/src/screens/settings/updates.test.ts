import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { RecordedHost } from "../../testing/host";
import { said } from "../../testing/samples";
import { click, expectAccessible, openWindow } from "../../testing/window";

const newer = { version: "0.2.0", notes: "- One thing.\n- Another.", day: "2026-11-29" };

async function open(): Promise<RecordedHost> {
  const host = await openWindow(new RecordedHost());
  host.tellUpgrade({});
  await screen.findByTestId("line-upgrade");
  return host;
}

const textOf = (testId: string): string => screen.getByTestId(testId).textContent;

test("where nobody publishes newer versions nothing is said of them", async () => {
  await openWindow(new RecordedHost());
  await click("nav-settings");
  await screen.findByTestId("keeping-bodiesDays");
  expect(screen.queryByTestId("upgrade")).toBeNull();
  expect(screen.queryByTestId("line-upgrade")).toBeNull();
});

test("it is asked once, quietly, and not again", async () => {
  const host = await open();
  expect(textOf("line-upgrade")).toContain("May newer versions be looked for?");
  await click("line-upgrade");
  await waitFor(() => expect(document.activeElement?.id).toBe("upgrade-title"));
  expect(textOf("upgrade-ask")).toContain("updates.test");
  expect(screen.queryByTestId("upgrade-look")).toBeNull();
  await expectAccessible();
  await click("upgrade-decline");
  await waitFor(() => expect(screen.queryByTestId("line-upgrade")).toBeNull());
  expect(screen.getByTestId("upgrade-daily").getAttribute("aria-checked")).toBe("false");
  await click("upgrade-daily");
  await click("upgrade-look");
  expect(host.upgradeActs).toEqual(["decline", "agree", "look"]);
  expect(screen.queryByTestId("upgrade-ask")).toBeNull();
});

test("the palette leads to it, where there is anything to lead to", async () => {
  const host = await openWindow(new RecordedHost());
  await fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  await screen.findByTestId("palette");
  expect(screen.queryByText("Updates")).toBeNull();
  await fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  host.tellUpgrade({});
  await fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  await fireEvent.click(await screen.findByText("Updates"));
  await waitFor(() => expect(document.activeElement?.id).toBe("upgrade-title"));
});

test("a newer version is a quiet line, with its notes as plain text and what will happen", async () => {
  const host = await open();
  const hostile = { ...newer, notes: "<img src=x onerror=alert(1)> {count} {{" };
  host.tellUpgrade({ consent: "agreed", lookedAtMs: Date.now(), newer: hostile });
  await waitFor(() => expect(textOf("line-upgrade")).toContain("Version 0.2.0 is available"));
  await click("line-upgrade");
  expect(textOf("upgrade-notes")).toBe(hostile.notes);
  expect(document.querySelector("main img")).toBeNull();
  expect(textOf("upgrade-newer")).toContain("Published Nov 29, 2026.");
  expect(textOf("upgrade-newer")).toContain("The database is copied first.");
  await expectAccessible();
  await click("upgrade-install");
  expect(host.upgradeActs).toEqual(["install"]);
});

test("its way here is told, can be stopped until the setup is at work, and what fails stays told", async () => {
  const host = await open();
  host.tellUpgrade({ consent: "agreed", newer, work: { kind: "backingUp" } });
  await click("line-upgrade");
  expect(textOf("upgrade-work")).toContain("The database is copied…");
  expect(screen.getByTestId<HTMLButtonElement>("upgrade-install").disabled).toBe(true);
  host.tellUpgrade({ work: { kind: "downloading", percent: 40 } });
  await waitFor(() => expect(screen.getByTestId<HTMLProgressElement>("upgrade-progress").value).toBe(40));
  await expectAccessible();
  await click("upgrade-stop");
  host.tellUpgrade({ work: { kind: "installing" } });
  await waitFor(() => expect(screen.queryByTestId("upgrade-stop")).toBeNull());
  expect(textOf("upgrade-work")).toContain("The program ends in a moment");
  host.tellUpgrade({ work: { kind: "idle" }, problem: said("The download broke off.") });
  await waitFor(() => expect(textOf("upgrade-problem")).toContain("The download broke off."));
  expect(screen.getByTestId<HTMLButtonElement>("upgrade-install").disabled).toBe(false);
  expect(host.upgradeActs).toEqual(["stop"]);
});

test.each([
  ["deb", "sudo apt install /d/x.deb"],
  ["rpm", "sudo dnf install /d/x.rpm"],
] as const)(
  "for a package manager (%s) the command is shown and nothing is installed",
  async (kind, command) => {
    const host = await open();
    host.tellUpgrade({ consent: "agreed", installation: kind, newer });
    await click("line-upgrade");
    expect(textOf("upgrade-install")).toContain("Download version 0.2.0");
    host.tellUpgrade({ package: `/d/x.${kind}` });
    await waitFor(() => expect(textOf("upgrade-command")).toBe(command));
    expect(textOf("upgrade-package")).toContain(`/d/x.${kind}`);
    expect(screen.queryByTestId("upgrade-install")).toBeNull();
    await expectAccessible();
  },
);

test.each(["portable", "tarball", "other"] as const)(
  "how a copy of the kind %s is replaced is told",
  async (kind) => {
    const host = await open();
    host.tellUpgrade({ consent: "agreed", installation: kind, newer });
    await click("line-upgrade");
    expect(screen.queryByTestId("upgrade-install") === null).toBe(kind === "other");
    if (kind === "other") return;
    host.tellUpgrade({ package: "/d/x.zip" });
    await waitFor(() => expect(textOf("upgrade")).toContain("unpack the archive"));
    expect(screen.queryByTestId("upgrade-command")).toBeNull();
  },
);
