/** What categories of events are about, also where the event was not understood: the window's one table of them. */
import type { EventAbout, EventRow } from "../../host";

const CATEGORIES = {
  esim: "status",
  partner: "balance",
  affiliate: "order",
  refund: "refund",
  esim_watch: "test",
} as const satisfies Record<string, EventAbout>;
/** What is about the account, and not about an eSIM alone. */
const OF_ACCOUNT: readonly EventAbout[] = ["balance", "order", "refund"];
/** What names no eSIM. */
const OF_NO_ESIM: readonly EventAbout[] = ["balance", "order"];
const REJECTED = "rejected";

function kindOf(category: string): EventAbout {
  return Object.hasOwn(CATEGORIES, category) ? CATEGORIES[category as keyof typeof CATEGORIES] : "other";
}

export function isOfAccount({ category }: EventRow): boolean {
  return OF_ACCOUNT.includes(kindOf(category));
}

/** Whether it is about the account where it names no eSIM. */
export function isOfAccountAlone(event: EventRow): boolean {
  return OF_NO_ESIM.includes(event.about);
}

export function isRefund({ category }: EventRow): boolean {
  return kindOf(category) === "refund";
}

/** Whether this is how a refund is called that was not granted. */
export function isRejected(outcome: string | null): boolean {
  return outcome?.toLowerCase() === REJECTED;
}
