/** Which events belong to the account. What is forgotten here does not compile. */
import type { EventAbout, EventRow, EventTopic } from "../../host";

/** What is about the account, and not about an eSIM alone. */
const OF_ACCOUNT: Record<EventTopic, boolean> = {
  esim: false,
  balance: true,
  order: true,
  refund: true,
  test: false,
  other: false,
};
/** What is about the account where it names no eSIM. */
const OF_ACCOUNT_ALONE: Record<EventAbout, boolean> = {
  status: false,
  usage: false,
  balance: true,
  order: true,
  refund: false,
  test: false,
  unrecognized: false,
  other: false,
};

export const isOfAccount = ({ topic }: EventRow): boolean => OF_ACCOUNT[topic];
export const isOfAccountAlone = ({ about }: EventRow): boolean => OF_ACCOUNT_ALONE[about];
export const isRefund = ({ topic }: EventRow): boolean => topic === "refund";
