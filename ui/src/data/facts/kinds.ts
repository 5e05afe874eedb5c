/** The kinds of events, by category and type as they arrive: the window's one table of them. */
import type { EventRow } from "../../host";

export type EventKind =
  | "status"
  | "usage"
  | "balance"
  | "order"
  | "refund"
  | "test"
  | "unrecognized"
  | "other";

const CATEGORIES = {
  esim: "status",
  partner: "balance",
  affiliate: "order",
  refund: "refund",
  esim_watch: "test",
} as const satisfies Record<string, EventKind>;
const USAGE_ENDING = "usage";
/** What is about the account, and not about an eSIM alone. */
const OF_ACCOUNT: readonly EventKind[] = ["balance", "order", "refund"];
/** What names no eSIM. */
const OF_NO_ESIM: readonly EventKind[] = ["balance", "order"];
const REJECTED = "rejected";

/** What a category is about, also where the event was not understood. */
function kindOf(category: string): EventKind {
  return Object.hasOwn(CATEGORIES, category) ? CATEGORIES[category as keyof typeof CATEGORIES] : "other";
}

export function eventKind({ category, type, recognized }: EventRow): EventKind {
  if (!recognized) return "unrecognized";
  const kind = kindOf(category);
  return kind === "status" && type.endsWith(USAGE_ENDING) ? "usage" : kind;
}

export function isOfAccount({ category }: EventRow): boolean {
  return OF_ACCOUNT.includes(kindOf(category));
}

/** Whether it is about the account where it names no eSIM. */
export function isOfAccountAlone(event: EventRow): boolean {
  return OF_NO_ESIM.includes(eventKind(event));
}

export function isRefund({ category }: EventRow): boolean {
  return kindOf(category) === "refund";
}

/** Whether this is how a refund is called that was not granted. */
export function isRejected(outcome: string | null): boolean {
  return outcome?.toLowerCase() === REJECTED;
}
