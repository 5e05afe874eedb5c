import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { RecordedHost } from "../../testing/host";
import { NOW_MS, said } from "../../testing/samples";
import { click, expectAccessible, openWindow } from "../../testing/window";

const NOW = NOW_MS / 1000;
const DAY = 86_400;

test("an account of which nothing is known says what will come", async () => {
  await openWindow();
  await click("nav-account");
  await screen.findByText("Nothing about your account yet");
  await expectAccessible();
});

test("balance, pace, orders by currency and refunds are shown", async () => {
  const host = new RecordedHost();
  const point = { threshold: null, currency: "USD", dropped: false };
  host.books = {
    balances: [
      { ...point, at: NOW, type: "insufficient_balance", balance: 12.5 },
      { ...point, at: NOW - 5 * DAY, type: "top_up", balance: 500 },
      { ...point, at: NOW - 400 * DAY, type: "low_balance", balance: null, dropped: true },
    ],
    funds: [{ currency: "USD", balance: 12.5, at: NOW, pace: { perDay: 97.5, runsOutAt: NOW + DAY } }],
    orders: [
      {
        id: 1,
        at: NOW,
        dropped: false,
        details: {
          orderId: "O-1",
          partner: "Blue <b>",
          total: 80,
          currency: "EUR",
          status: "completed",
          commission: 10,
        },
      },
      {
        id: 2,
        at: NOW,
        dropped: false,
        details: { orderId: "O-2", partner: null, total: 20, currency: "USD", status: "odd", commission: 2 },
      },
    ],
    totals: [
      { currency: "EUR", count: 1, total: 80, commission: 10 },
      { currency: "USD", count: 700, total: 9000, commission: 900 },
    ],
    failedOrders: 1,
    voidOrders: 2,
    all: { balances: 3, orders: 703, refunds: 1 },
    refunds: [
      {
        id: 3,
        at: NOW,
        outcome: "rejected",
        rejected: true,
        esimKey: "esim-0",
        iccid: "89445001021983048260",
        esimId: null,
        traveller: "Ana Souza",
        referenceId: "LISBON-12",
        details: { refundId: "r", reason: "Used already" },
      },
    ],
  };
  await openWindow(host);
  await click("nav-account");
  expect((await screen.findByTestId("balance")).textContent).toBe("$12.50");
  expect(screen.getByTestId("balance-pace").textContent).toContain("$97.50 a day");
  expect(screen.getByTestId("account").textContent).toContain("1 order failed for lack of balance.");
  expect(screen.getByTestId("account").textContent).toContain(
    "1 order, €80.00 in all, €10.00 of it for you.",
  );
  const totals = screen.getByTestId("order-totals").textContent;
  expect(totals).toContain("700 orders, $9,000.00 in all, $900.00 of it for you.");
  expect(totals).toContain("2 orders failed or were refunded and are not counted.");
  expect(totals).toContain("The last 2 of 703.");
  expect(screen.getByTestId("account").textContent).toContain("Details no longer kept");
  expect(screen.getByTestId("refund-row").textContent).toContain("Ana Souza");
  expect(screen.getAllByTestId("order-row").map((row) => row.textContent)).toHaveLength(2);
  expect(screen.getByTestId("balance-table").querySelectorAll("tbody tr").length).toBe(2);
  await expectAccessible();
  await fireEvent.click(screen.getByText("Ana Souza"));
  await waitFor(() => expect(host.opened).toEqual(["esim-0"]));
});

test("each currency has a balance of its own", async () => {
  const host = new RecordedHost();
  const point = { threshold: null, dropped: false };
  host.books = {
    ...host.books,
    balances: [
      { ...point, at: NOW, type: "low_balance", balance: 80, currency: "EUR" },
      { ...point, at: NOW - DAY, type: "top_up", balance: 500, currency: "USD" },
    ],
    funds: [
      { currency: "EUR", balance: 80, at: NOW, pace: null },
      { currency: "USD", balance: 500, at: NOW - DAY, pace: { perDay: 20, runsOutAt: NOW + DAY } },
    ],
  };
  await openWindow(host);
  await click("nav-account");
  const figures = await screen.findAllByTestId("balance");
  expect(figures.map((figure) => figure.textContent)).toEqual(["€80.00", "$500.00"]);
  expect(screen.getByTestId("balance-pace").textContent).toContain("$20.00 a day");
  await expectAccessible();
});

test("what never came is not called no longer kept", async () => {
  const host = new RecordedHost();
  const order = {
    orderId: null,
    partner: null,
    total: 12.5,
    currency: "EUR",
    status: null,
    commission: null,
  };
  host.books = {
    ...host.books,
    orders: [{ id: 1, at: NOW, dropped: false, details: order }],
    balances: [
      { at: NOW, type: "low_balance", dropped: false, balance: null, threshold: null, currency: null },
    ],
  };
  await openWindow(host);
  await click("nav-account");
  await screen.findByTestId("order-row");
  expect(screen.getByTestId("account").textContent).not.toContain("Details no longer kept");
});

test("an account that can't be loaded says why", async () => {
  const host = new RecordedHost();
  await openWindow(host);
  host.failure = { ...said("The database is busy."), field: null };
  await click("nav-account");
  await screen.findByText("The database is busy.");
});
