import { screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { RecordedHost } from "../../testing/host";
import { catchUp, deliveryProof, NOW_MS, said } from "../../testing/samples";
import { click, expectAccessible, openWindow } from "../../testing/window";

const HOUR_MS = 3_600_000;

async function open(host: RecordedHost): Promise<void> {
  await openWindow(host);
  host.tell({ kind: "catchUp", state: catchUp() });
  await click("nav-deliveries");
  await click("proof-open");
  await screen.findByTestId("proof");
}

const FIGURES = deliveryProof({
  events: 200,
  byWebhook: 188,
  missed: 2,
  missedAway: 10,
  neverSent: 31,
  listed: 3,
  missedStatuses: [{ status: "EXPIRED", count: 2 }],
  webhooks: { medianMs: 1400, worstMs: 90_139 },
  caughtUp: { medianMs: 4 * HOUR_MS, worstMs: 10 * HOUR_MS },
  silent: [
    { fromMs: NOW_MS - 9 * HOUR_MS, toMs: NOW_MS - 7 * HOUR_MS, missed: 10, listening: false },
    { fromMs: NOW_MS - 3 * HOUR_MS, toMs: NOW_MS - 2 * HOUR_MS, missed: 2, listening: true },
  ],
});

test("ways, delays and silent hours of a span are shown", async () => {
  const host = new RecordedHost();
  host.proof = FIGURES;
  await open(host);
  expect((await screen.findByTestId("proof-webhook")).textContent).toMatch(
    /188.*94\s?% of 200 changes of status/s,
  );
  expect(screen.getByTestId("proof-missed").textContent).toMatch(/2.*1\s?%/s);
  expect(screen.getByTestId("proof-away").textContent).toMatch(/10.*5\s?%/s);
  expect(screen.getByTestId("proof-never-sent").textContent).toContain("31 changes of status");
  expect(screen.getByTestId("proof-missed").textContent).toContain("2 Expired");
  expect(screen.getByTestId("proof-listed").textContent).toMatch(/3 ends .* neither received nor missed/);
  const delays = screen.getByTestId("proof-delays").textContent;
  expect(delays).toMatch(/half of them within 2 sec, the latest after 1 min 31 sec/);
  expect(delays).toMatch(/half of them within 4 hr, the latest after 10 hr/);
  const rows = [...screen.getByTestId("proof-silent").querySelectorAll("tbody tr")];
  expect(rows.map((row) => row.textContent.includes("the program was off"))).toEqual([true, false]);
  expect(screen.queryByTestId("proof-no-token")).toBeNull();
  await expectAccessible();
});

test("another span is asked for, copied and exported", async () => {
  const host = new RecordedHost();
  host.proof = FIGURES;
  await open(host);
  await screen.findByTestId("proof-webhook");
  await click("proof-day");
  await waitFor(() => expect(host.proofSpans.length).toBe(2));
  expect(host.proofSpans.map(({ fromMs, toMs }) => (toMs - fromMs) / HOUR_MS)).toEqual([168, 24]);
  await click("proof-copy");
  await waitFor(() => expect(host.copied).toEqual([`proof: ${24 * HOUR_MS}`]));
});

test("nothing, no token and a failure are said in words", async () => {
  const host = new RecordedHost();
  await open(host);
  expect(await screen.findByText("No change of status is known in this time")).toBeTruthy();
  host.tell({ kind: "catchUp", state: catchUp({ token: "none" }) });
  expect(await screen.findByTestId("proof-no-token")).toBeTruthy();
  host.failure = said("The disk is gone.");
  await click("proof-month");
  expect(await screen.findByText(/The disk is gone\./)).toBeTruthy();
});

test("while Roamify is asked the figures are said to be unfinished, and are not copied for its support", async () => {
  const host = new RecordedHost();
  host.proof = FIGURES;
  await open(host);
  const copy = await screen.findByTestId<HTMLButtonElement>("proof-copy");
  await waitFor(() => expect(copy.disabled).toBe(false));
  const running = { done: 20, planned: 90, listed: true, esimId: null };
  host.tell({ kind: "catchUp", state: catchUp({ running }) });
  expect((await screen.findByTestId("proof-asking")).textContent).toContain("More may follow");
  expect(copy.disabled).toBe(true);
  host.tell({ kind: "catchUp", state: catchUp() });
  await waitFor(() => expect(copy.disabled).toBe(false));
  expect(screen.queryByTestId("proof-asking")).toBeNull();
});
