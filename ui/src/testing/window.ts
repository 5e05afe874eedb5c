/** The whole window over a recorded host, as the screen tests use it. */
import { fireEvent, render, screen } from "@testing-library/svelte";
import axe from "axe-core";
import { expect } from "vitest";
import App from "../App.svelte";
import type { EventRow } from "../host";
import { look } from "../look.svelte";
import { RecordedHost } from "./host";
import { counts, health } from "./samples";

export type Start = {
  recent?: EventRow[];
  of?: Record<string, number>;
  esims?: number;
  events?: number;
  unrecognized?: number;
};

/** Opens the window and sends the first snapshot. */
export async function openWindow(host = new RecordedHost(), start: Start = {}): Promise<RecordedHost> {
  // A desk where something has come: before that the set-up is shown.
  const { recent = [], ...rest } = { events: 1, ...start };
  await look.restore(host);
  render(App, { props: { host } });
  host.tell({ kind: "snapshot", counts: counts(rest), recent, health: health() });
  host.tellAlerts();
  await screen.findByTestId("last-event");
  return host;
}

export async function click(testId: string): Promise<void> {
  await fireEvent.click(await screen.findByTestId(testId));
}

export async function press(key: string, on: Element = document.body): Promise<void> {
  await fireEvent.keyDown(on, { key });
}

/** What axe-core finds in the window; contrast needs a real renderer and is looked at there. */
export async function expectAccessible(): Promise<void> {
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}
