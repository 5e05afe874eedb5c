import { afterEach, expect, test } from "vitest";
import type { EventRow } from "../host";
import { speak } from "../locales";
import { setFormats } from "../locales/format";
import { esim, event, NO_DETAILS, said } from "../testing/samples";
import { dataFraction, dataLeft, esimTitle, eventSentence, eventSubject } from "./describe";
import { KNOWN_STATUSES, statusMeaning, statusWord } from "./facts/statuses";

const usage = (details: Partial<EventRow["details"]>): EventRow =>
  event({ type: "usage", details: { ...NO_DETAILS, ...details } });

test.each<[string, EventRow]>([
  ["Is in use.", event()],
  ["Has a status that this version does not know: SUSPENDED.", event({ status: "SUSPENDED" })],
  ["Has a status that this version does not know: other.", event({ status: "other" })],
  ["A status change without a status.", event({ status: null })],
  ["Usage: 307 MB of 3 GB left (10%).", usage({ dataAllowedMb: 3072, dataRemainingMb: 307.2 })],
  ["Usage: 512 MB left.", usage({ dataRemainingMb: 512 })],
  ["Usage report. The data is unlimited.", usage({ dataUnlimited: true, dataRemainingMb: 0 })],
  ["Usage report without figures.", usage({})],
  [
    "Your Roamify balance is low: €148.20.",
    event({
      category: "partner",
      type: "low_balance",
      details: { ...NO_DETAILS, amount: 148.2, currency: "EUR" },
    }),
  ],
  [
    "An order failed: the balance of 3.1 ?? does not cover it.",
    event({
      category: "partner",
      type: "insufficient_balance",
      details: { ...NO_DETAILS, amount: 3.1, currency: "??" },
    }),
  ],
  ["Funds were added to the balance.", event({ category: "partner", type: "top_up" })],
  ["partner / (nothing)", event({ category: "partner", type: "" })],
  [
    "Affiliate order: €18.99, completed.",
    event({
      category: "affiliate",
      type: "order",
      details: { ...NO_DETAILS, amount: 18.99, currency: "EUR", outcome: "completed" },
    }),
  ],
  ["A refund was granted.", event({ category: "refund", type: "refunded" })],
  [
    "A refund was rejected: eSIM already used",
    event({ category: "refund", type: "rejected", details: { ...NO_DETAILS, reason: "eSIM already used" } }),
  ],
  [
    "Not recognised: voucher / redeemed. The category is not known.",
    event({
      category: "voucher",
      type: "redeemed",
      recognized: false,
      problem: said("The category is not known."),
    }),
  ],
  ["Not recognised: <script> / {type}.", event({ category: "<script>", type: "{type}", recognized: false })],
])("an event says: %s", (sentence, given) => {
  expect(eventSentence(given)).toBe(sentence);
});

test.each<[string, Partial<EventRow>]>([
  ["TRIP-ROSSI", {}],
  ["eSIM …048260", { referenceId: null }],
  ["eSIM esim-0", { referenceId: null, iccid: null }],
  ["No eSIM named", { referenceId: null, iccid: null, esimKey: null }],
  ["Your account", { referenceId: null, iccid: null, esimKey: null, category: "partner", type: "top_up" }],
])("an event is about: %s", (subject, given) => {
  expect(eventSubject(event(given))).toBe(subject);
});

test("every known status has a word and a meaning of its own", () => {
  expect(new Set(KNOWN_STATUSES.map(statusWord)).size).toBe(KNOWN_STATUSES.length);
  expect(new Set(KNOWN_STATUSES.map(statusMeaning)).size).toBe(KNOWN_STATUSES.length);
});

test("an unknown status is shown as it came", () => {
  expect(statusWord("SUSPENDED")).toBe("SUSPENDED");
  expect(statusWord("constructor")).toBe("constructor");
});

test("unlimited and unknown data are words, never 0 %", () => {
  const none = { dataAllowedMb: null, dataRemainingMb: null, dataUnlimited: null };
  expect([dataFraction(none), dataLeft(none)]).toEqual([null, "Unknown"]);
  const unlimited = { dataAllowedMb: 0, dataRemainingMb: 0, dataUnlimited: true };
  expect([dataFraction(unlimited), dataLeft(unlimited)]).toEqual([null, "Unlimited"]);
  const used = { dataAllowedMb: 3072, dataRemainingMb: 0, dataUnlimited: false };
  expect([dataFraction(used), dataLeft(used)]).toEqual([0, "0 MB of 3 GB"]);
  expect(dataFraction({ ...used, dataAllowedMb: 0 })).toBeNull();
  expect(dataFraction({ ...used, dataRemainingMb: 9999 })).toBe(1);
});

test("a name of nothing but spaces is no name", () => {
  expect(esimTitle(esim({ referenceId: "  ", iccid: "89000000000000000001" }))).toBe("89000000000000000001");
  expect(esimTitle({ referenceId: " ", iccid: null, esimId: "" })).toBe("An eSIM without a name");
  expect(statusWord(" ")).toBe("Unknown");
});

afterEach(async () => {
  await speak("en");
  setFormats("usual");
});

test("the state of an order is a word of the window's language; one that is not known stays as it came", async () => {
  await speak("de");
  setFormats("usual");
  const order = (outcome: string): string =>
    eventSentence(
      event({ category: "affiliate", type: "order", about: "order", details: { ...NO_DETAILS, outcome } }),
    );
  expect(order("completed")).toBe("Affiliate-Bestellung: abgeschlossen.");
  expect(order("On Hold")).toBe("Affiliate-Bestellung: On Hold.");
});
