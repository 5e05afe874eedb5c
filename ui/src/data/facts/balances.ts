/** What is told of the balance, and the states of an order, in words. */
import { BALANCES, ORDER_STATES, type Tone } from "../../host";
import { text } from "../../locales";

type BalanceFact = (typeof BALANCES)[number];
type OrderState = (typeof ORDER_STATES)[number];

const factOf = (type: string): BalanceFact | undefined => BALANCES.find((fact) => fact.type === type);
const stateOf = (status: string): OrderState | undefined =>
  ORDER_STATES.find((state) => state.status === status);

export const balanceTone = (type: string): Tone => factOf(type)?.tone ?? "info";

/** The word for it; one that this version does not know is shown as it came. */
export function balanceWord(type: string): string {
  const fact = factOf(type);
  return fact === undefined ? type : text(`account.kind.${fact.type}`);
}

/** What it says; null: this version does not know it. */
export function balanceSentence(type: string, amount: string | null): string | null {
  const fact = factOf(type);
  if (fact === undefined) return null;
  return amount === null ? text(fact.saysWithout) : text(fact.says, { amount });
}

/** The word for the state of an order; one that this version does not know is shown as it came. */
export function orderWord(status: string | null): string {
  if (status === null) return text("data.none");
  const state = stateOf(status);
  return state === undefined ? status : text(`account.status.${state.status}`);
}
