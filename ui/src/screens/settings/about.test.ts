import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { RecordedHost } from "../../testing/host";
import { said } from "../../testing/samples";
import { click, expectAccessible, openWindow } from "../../testing/window";

async function open(host = new RecordedHost()): Promise<RecordedHost> {
  await openWindow(host);
  await click("nav-settings");
  await screen.findByTestId("about");
  return host;
}

test("what the program is made of is shown as plain text, and goes away by Escape", async () => {
  const host = new RecordedHost();
  host.madeOf = "serde 1.0.0 (MIT)\n<img src=x onerror=alert(1)> {count}";
  await open(host);
  expect(screen.getByTestId("about").textContent).toContain("eSIM Watch, version 0.1.0");
  await click("about-licences");
  const shown = await screen.findByTestId("licences-text");
  expect(shown.textContent).toBe(host.madeOf);
  expect(shown.tabIndex).toBe(0);
  await expectAccessible();
  await fireEvent.keyDown(shown, { key: "Escape" });
  await waitFor(() => expect(screen.queryByTestId("licences")).toBeNull());
  await click("about-licences");
  await click("licences-close");
  expect(screen.queryByTestId("licences")).toBeNull();
});

test("a program that was built without the list has no button for it", async () => {
  const host = new RecordedHost();
  host.madeOf = "";
  await open(host);
  expect(screen.queryByTestId("about-licences")).toBeNull();
});

test("a list that can't be had is told, and nothing is opened", async () => {
  const host = await open();
  host.failure = said("The list can't be read.");
  await click("about-licences");
  await screen.findByText("The list can't be read.");
  expect(screen.queryByTestId("licences")).toBeNull();
});
