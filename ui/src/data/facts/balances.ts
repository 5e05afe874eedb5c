/** What is told of the balance, and the states of an order: the window's one table of each. */
import { BALANCES as KNOWN, type Tone } from "../../host";
import { type TextKey, text } from "../../locales";

type Known = (typeof KNOWN)[number];

type BalanceFact = {
  word: TextKey;
  /** What it says, with the amount and without. */
  says: { amount: TextKey; unknown: TextKey };
};

const BALANCES = {
  low_balance: {
    word: "account.kind.low_balance",
    says: { amount: "event.lowBalance", unknown: "event.lowBalanceUnknown" },
  },
  insufficient_balance: {
    word: "account.kind.insufficient_balance",
    says: { amount: "event.insufficientBalance", unknown: "event.insufficientBalanceUnknown" },
  },
  top_up: {
    word: "account.kind.top_up",
    says: { amount: "event.topUp", unknown: "event.topUpUnknown" },
  },
} as const satisfies Record<Known["type"], BalanceFact>;

function factOf(type: string): BalanceFact | null {
  return Object.hasOwn(BALANCES, type) ? BALANCES[type as keyof typeof BALANCES] : null;
}

const known = (type: string): Known | undefined => KNOWN.find((one) => one.type === type);
export const balanceTone = (type: string): Tone => known(type)?.tone ?? "info";
export const isFailedOrder = (type: string): boolean => known(type)?.failed === true;

/** The word for it; one that this version does not know is shown as it came. */
export function balanceWord(type: string): string {
  const fact = factOf(type);
  return fact === null ? type : text(fact.word);
}

/** What it says; null: this version does not know it. */
export function balanceSentence(type: string, amount: string | null): string | null {
  const says = factOf(type)?.says;
  if (says === undefined) return null;
  return amount === null ? text(says.unknown) : text(says.amount, { amount });
}

const ORDERS = {
  completed: "account.status.completed",
  pending: "account.status.pending",
  failed: "account.status.failed",
  refunded: "account.status.refunded",
} as const satisfies Record<string, TextKey>;

/** The word for the state of an order; one that this version does not know is shown as it came. */
export function orderWord(status: string | null): string {
  if (status === null) return text("data.none");
  return Object.hasOwn(ORDERS, status) ? text(ORDERS[status as keyof typeof ORDERS]) : status;
}
