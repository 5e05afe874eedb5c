/** The statuses of an eSIM in the order of its life: the window's one table of them. */
import { text } from "../../locales";

export type Tone = "info" | "good" | "warn" | "bad" | "still" | "novel";
type StatusFact = {
  tone: Tone;
  /** It works no more. */
  over: boolean;
};

const STATUSES = {
  NEW: { tone: "info", over: false },
  READY: { tone: "info", over: false },
  DOWNLOADED: { tone: "info", over: false },
  INSTALLED: { tone: "info", over: false },
  ACTIVATED: { tone: "good", over: false },
  INACTIVE: { tone: "still", over: false },
  EXPIRED: { tone: "warn", over: true },
  REVOKED: { tone: "bad", over: true },
  DELETED: { tone: "still", over: true },
  UNKNOWN: { tone: "still", over: false },
} as const satisfies Record<string, StatusFact>;

export type KnownStatus = keyof typeof STATUSES;
export const KNOWN_STATUSES = Object.keys(STATUSES) as readonly KnownStatus[];
/** Stands for an eSIM that nobody named a status of. */
export const NO_STATUS = "UNKNOWN" satisfies KnownStatus;
/** What an eSIM flaps between: connected, and not. */
export const CONNECTED = "ACTIVATED" satisfies KnownStatus;
export const DISCONNECTED = "INACTIVE" satisfies KnownStatus;

export function isKnownStatus(status: string): status is KnownStatus {
  return Object.hasOwn(STATUSES, status);
}

/** The colour that stands for a status. */
export function statusTone(status: string): Tone {
  return isKnownStatus(status) ? STATUSES[status].tone : "novel";
}

export function isOver(status: string): boolean {
  return isKnownStatus(status) && STATUSES[status].over;
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
