/** Which events belong to the account. What is forgotten here does not compile. */
import { EVENT_ABOUTS, type EventRow, type EventTopic } from "../../host";

/** What is about the account, and not about an eSIM alone. */
const OF_ACCOUNT: Record<EventTopic, boolean> = {
  esim: false,
  balance: true,
  order: true,
  refund: true,
  test: false,
  other: false,
};

export const isOfAccount = ({ topic }: EventRow): boolean => OF_ACCOUNT[topic];
/** Whether it is about the account where it names no eSIM. */
export const isOfAccountAlone = ({ about }: EventRow): boolean =>
  about !== "status" && EVENT_ABOUTS[about].ofAccountAlone;
export const isRefund = ({ topic }: EventRow): boolean => topic === "refund";
