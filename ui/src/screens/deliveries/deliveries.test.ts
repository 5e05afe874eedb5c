import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import type { DeliveryDetail, DeliveryRow } from "../../host";
import { RecordedHost } from "../../testing/host";
import { NOW_MS, refusal, said } from "../../testing/samples";
import { click, expectAccessible, openWindow } from "../../testing/window";

function detail(over: Partial<DeliveryRow> = {}, more: Partial<DeliveryDetail> = {}): DeliveryDetail {
  const row: DeliveryRow = {
    id: 1,
    receivedAtMs: NOW_MS,
    lastReceivedAtMs: NOW_MS,
    repeats: 0,
    verdict: "accepted",
    status: 200,
    tookUs: 2400,
    category: "esim",
    type: "status",
    esimKey: "esim-0",
    iccid: "89445001021983048260",
    referenceId: "TRIP-ROSSI",
    size: 120,
    ...over,
  };
  return { row, headers: [], body: '{"a":1}', binary: false, problem: null, ...more };
}

async function openDeliveries(delivered: DeliveryDetail[]): Promise<RecordedHost> {
  const host = new RecordedHost();
  host.delivered = delivered;
  await openWindow(host);
  await click("nav-deliveries");
  await screen.findByTestId("deliveries-all");
  return host;
}

test("every delivery is listed with its verdict, answer and time", async () => {
  await openDeliveries([
    detail({ id: 3, verdict: "malformed", status: 415, tookUs: null, category: "", type: "" }),
    detail({ id: 2, repeats: 2 }),
    detail(),
  ]);
  const rows = await screen.findAllByTestId("delivery-row");
  expect(rows.map((row) => row.dataset["verdict"])).toEqual(["malformed", "accepted", "accepted"]);
  expect(rows[1]?.textContent).toContain("3 ×");
  expect(rows[2]?.textContent).toMatch(/TRIP-ROSSI.*200.*2 ms/s);
  await expectAccessible();
});

test("one is opened beside the list, formatted and raw, and sent again", async () => {
  const hostile = detail({}, { body: '{"a":"<script>"}', headers: [{ name: "user-agent", value: "x" }] });
  const host = await openDeliveries([hostile]);
  await fireEvent.click((await screen.findByTestId("delivery-row")).querySelector("button") ?? document.body);
  const body = await screen.findByTestId("delivery-body");
  expect(body.textContent).toBe('{\n  "a": "<script>"\n}');
  await expectAccessible();
  await click("raw");
  expect(body.textContent).toBe('{"a":"<script>"}');
  expect(screen.getByTestId("delivery-pane").textContent).toContain("user-agent");
  await click("resend");
  await screen.findByText("Its event was known already: nothing is stored twice.");
  expect(host.acts).toEqual([["resend", 1]]);
});

test("a verdict narrows the list, and refusals have their own place", async () => {
  const host = await openDeliveries([detail({ verdict: "duplicate" })]);
  host.refused = [refusal()];
  await click("deliveries-duplicate");
  await waitFor(() => expect(host.deliveryQueries.at(-1)?.verdicts).toEqual(["duplicate"]));
  await click("deliveries-refused");
  await screen.findByText(/only remembered until the program ends/);
});

test("older ones are asked for by cursor", async () => {
  const host = await openDeliveries(Array.from({ length: 130 }, (_, index) => detail({ id: 130 - index })));
  await waitFor(() => expect(screen.getAllByTestId("delivery-row").length).toBe(100));
  await fireEvent.click(screen.getByText("Show older deliveries"));
  await waitFor(() => expect(screen.getAllByTestId("delivery-row").length).toBe(130));
  expect(host.deliveryQueries.at(-1)?.before).toBe(31);
});

test("the test event says how far it came", async () => {
  const host = await openDeliveries([]);
  await click("send-test");
  await screen.findByText("The test event made the whole round trip.");
  expect(screen.getByTestId("test-event").textContent).toContain("Its signature was checked");
  host.trial = {
    ...host.trial,
    status: 404,
    stored: false,
    problem: said("The address leads to something else."),
  };
  await click("send-test");
  await screen.findByText("The address leads to something else.");
  expect(screen.getByTestId("test-event").dataset["done"]).toBe("false");
  await expectAccessible();
});
