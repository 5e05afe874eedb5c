/** What an event or an eSIM is called and what an event says, in words. */
import { type EsimRow, EVENT_ABOUTS, type EventRow, type Happened } from "../host";
import { text, wordsLocale } from "../locales";
import { dayTime, megabytes, money, percent } from "../locales/format";
import { worded } from "../locales/message";
import { balanceSentence, orderWord } from "./facts/balances";
import { isOfAccountAlone } from "./facts/kinds";
import { statusSentence, statusWord } from "./facts/statuses";

export function lastSix(iccid: string): string {
  return text("esim.lastSix", { digits: iccid.slice(-6) });
}

/** What a person calls this eSIM. */
export function esimTitle(esim: Pick<EsimRow, "referenceId" | "iccid" | "esimId">): string {
  const names = [esim.referenceId, esim.iccid, esim.esimId];
  return names.find((name) => name !== null && name.trim() !== "") ?? text("esim.unnamed");
}

/** What happened to the eSIMs that a list is narrowed to. */
export function happenedWords(happened: Happened, nowMs: number): string {
  switch (happened.kind) {
    case "cameTo":
      return text("list.happened.cameTo", { status: statusWord(happened.status) });
    case "named":
      return text("list.happened.named");
    case "unheard":
      return text("list.happened.unheard", { since: dayTime(happened.since * 1000, nowMs) });
  }
}

/** When an event happened, as far as it says; UTC milliseconds. */
export function happenedMs({ occurredAt, receivedAtMs }: EventRow): number {
  return occurredAt === null ? receivedAtMs : occurredAt * 1000;
}

/** Whom an event is about: its order reference, else its eSIM, else what it is about instead. */
export function eventSubject(event: EventRow): string {
  if (event.referenceId !== null) return event.referenceId;
  if (event.iccid !== null) return text("event.esim", { name: lastSix(event.iccid) });
  if (event.esimKey !== null) return text("event.esim", { name: event.esimKey });
  return text(isOfAccountAlone(event) ? "event.account" : "event.noEsim");
}

/** One event in a sentence. */
export function eventSentence(event: EventRow): string {
  const { details } = event;
  const amount = details.amount === null ? null : money(details.amount, details.currency);
  switch (event.about) {
    case "unrecognized":
      return unrecognized(event);
    case "status":
      return statusSentence(event.status);
    case "usage":
      return usage(event);
    case "balance":
      return balance(event, amount);
    case "order":
      return order(details.outcome, amount);
    case "refund":
      if (!event.rejected) return text("event.refunded");
      return details.reason === null
        ? text("event.refundRejected")
        : text("event.refundRejectedReason", { reason: details.reason });
    case "other":
      return text("event.other", names(event));
    default:
      // Does not compile for one that neither the program words nor a case above.
      return text(EVENT_ABOUTS[event.about].says);
  }
}

function names(event: EventRow): { category: string; type: string } {
  const named = (name: string): string => (name === "" ? text("event.nameless") : name);
  return { category: named(event.category), type: named(event.type) };
}

function unrecognized(event: EventRow): string {
  return event.problem === null
    ? text("event.unrecognized", names(event))
    : text("event.unrecognizedProblem", { ...names(event), problem: worded(event.problem) });
}

function usage({ details }: EventRow): string {
  if (details.dataUnlimited === true) return text("event.usageUnlimited");
  if (details.dataRemainingMb === null) return text("event.usageUnknown");
  const left = megabytes(details.dataRemainingMb);
  const fraction = dataFraction(details);
  if (fraction === null || details.dataAllowedMb === null) return text("event.usageLeft", { left });
  return text("event.usage", { left, allowed: megabytes(details.dataAllowedMb), percent: percent(fraction) });
}

function balance(event: EventRow, amount: string | null): string {
  return balanceSentence(event.type, amount) ?? text("event.other", names(event));
}

/** The word for the state of an order within a sentence. */
function orderState(outcome: string): string {
  const word = orderWord(outcome);
  return word === outcome ? outcome : word.toLocaleLowerCase(wordsLocale());
}

function order(outcome: string | null, amount: string | null): string {
  if (amount !== null) {
    return outcome === null
      ? text("event.orderAmount", { amount })
      : text("event.order", { amount, outcome: orderState(outcome) });
  }
  return outcome === null
    ? text("event.orderUnknown")
    : text("event.orderOutcome", { outcome: orderState(outcome) });
}

type DataFigures = Pick<EsimRow, "dataAllowedMb" | "dataRemainingMb" | "dataUnlimited">;

/** The share of the data that is left, 0 to 1; null where that can't be said. */
export function dataFraction(data: DataFigures): number | null {
  if (data.dataUnlimited === true || data.dataRemainingMb === null) return null;
  if (data.dataAllowedMb === null || data.dataAllowedMb <= 0) return null;
  return Math.min(Math.max(data.dataRemainingMb / data.dataAllowedMb, 0), 1);
}

export function isDataKnown(data: DataFigures): boolean {
  return data.dataUnlimited === true || data.dataRemainingMb !== null;
}

export function dataLeft(data: DataFigures): string {
  if (data.dataUnlimited === true) return text("data.unlimited");
  if (data.dataRemainingMb === null) return text("data.unknown");
  const left = megabytes(data.dataRemainingMb);
  if (data.dataAllowedMb === null) return left;
  return text("data.of", { left, allowed: megabytes(data.dataAllowedMb) });
}
