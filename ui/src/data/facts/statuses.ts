/** The statuses of an eSIM in the order of its life, as the program has them, and their words. */
import { STATUS_ROLES, STATUSES, type Tone } from "../../host";
import { text } from "../../locales";

type StatusFact = (typeof STATUSES)[number];
export type StatusIcon = StatusFact["icon"];

export type KnownStatus = StatusFact["status"];
export const KNOWN_STATUSES: readonly KnownStatus[] = STATUSES.map(({ status }) => status);
const FACTS = Object.fromEntries(STATUSES.map((fact) => [fact.status, fact])) as Record<
  KnownStatus,
  StatusFact
>;
/** Stands for an eSIM that nobody named a status of. */
export const NO_STATUS = STATUS_ROLES.none;
/** What an eSIM flaps between: connected, and not. */
export const CONNECTED = STATUS_ROLES.connected;
export const DISCONNECTED = STATUS_ROLES.disconnected;

export function isKnownStatus(status: string): status is KnownStatus {
  return Object.hasOwn(FACTS, status);
}

/** The colour that stands for a status. */
export function statusTone(status: string): Tone {
  return isKnownStatus(status) ? FACTS[status].tone : "novel";
}

export const statusIcon = (status: KnownStatus): StatusIcon => FACTS[status].icon;

export function isOver(status: string): boolean {
  return isKnownStatus(status) && FACTS[status].over;
}

/** The word for a status; one that this version does not know is shown as it came. */
export function statusWord(status: string): string {
  if (status.trim() === "") return text(`status.${NO_STATUS}.word`);
  return isKnownStatus(status) ? text(`status.${status}.word`) : status;
}

export function statusMeaning(status: string): string {
  return text(isKnownStatus(status) ? `status.${status}.means` : "status.other.means");
}

/** What a change to this status says. */
export function statusSentence(status: string | null): string {
  if (status === null) return text("event.statusUnnamed");
  return isKnownStatus(status) ? text(`event.status.${status}`) : text("event.status.other", { status });
}
