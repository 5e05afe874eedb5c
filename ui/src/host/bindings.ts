// Placeholder shape until the desktop package generates this file from its Rust types.
import { Channel, invoke } from "@tauri-apps/api/core";

export type StatusCount = { status: string; count: number };
/** Totals over the whole store. `byStatus` has every known status plus any unknown one that occurs, in lifecycle order. */
export type Counts = { byStatus: StatusCount[]; esims: number; events: number; unrecognized: number };

/** One eSIM. Times are UTC seconds. `key` (esim_id, else ICCID) opens it. */
export type EsimRow = {
  key: string;
  esimId: string | null;
  iccid: string | null;
  referenceId: string | null;
  /** NEW READY DOWNLOADED INSTALLED ACTIVATED INACTIVE EXPIRED REVOKED DELETED UNKNOWN, or a text this version does not know */
  status: string;
  statusSince: number | null;
  start: number | null;
  end: number | null;
  firstActivatedAt: number | null;
  lastEventAt: number | null;
  eventCount: number;
  packageName: string | null;
  dataAllowedMb: number | null;
  dataRemainingMb: number | null;
  dataUnlimited: boolean | null;
};

/** One event. `occurredAt` UTC seconds, `receivedAtMs` UTC milliseconds. */
export type EventRow = {
  id: number;
  category: string;
  type: string;
  occurredAt: number | null;
  receivedAtMs: number;
  /** key of the eSIM it belongs to, if it names one */
  esimKey: string | null;
  iccid: string | null;
  referenceId: string | null;
  status: string | null;
  recognized: boolean;
  /** why it was not recognised, for a person; null if it was */
  problem: string | null;
  facts: EventFacts;
};

/** What an event says beyond its status, read from its payload. */
export type EventFacts = {
  packageName: string | null;
  dataAllowedMb: number | null;
  dataRemainingMb: number | null;
  dataUnlimited: boolean | null;
  /** amount of money: new balance, order total */
  amount: number | null;
  /** ISO 4217 */
  currency: string | null;
  /** affiliate order status, refund status */
  outcome: string | null;
  /** rejection reason of a refund */
  reason: string | null;
};

export type EsimSort = "lastEvent" | "status" | "statusSince" | "reference" | "iccid" | "end";
export type EsimQuery = {
  /** any part of ICCID (spaces ignored), eSIM id, order reference; empty: all */
  search: string;
  /** exact status or null for all */
  status: string | null;
  sort: EsimSort;
  descending: boolean;
  offset: number;
  /** at most 200 */
  limit: number;
};
export type EsimPage = { total: number; offset: number; rows: EsimRow[] };
/** `events`: newest first, at most 500; `eventCount` of the row tells how many there are. `sameOrder`: other eSIMs with the same order reference, at most 50. */
export type EsimDetail = { esim: EsimRow; events: EventRow[]; sameOrder: EsimRow[] };

export type ListenerState = { kind: "up"; address: string } | { kind: "down"; message: string };
export type StoreState = { kind: "ok" } | { kind: "failing"; message: string };
export type Refusal = { atMs: number; reason: string };
export type Health = {
  listener: ListenerState;
  store: StoreState;
  /** false: no signing secret is set, the address itself is the only credential (the window says so) */
  signatureChecked: boolean;
  lastReceivedAtMs: number | null;
  /** deliveries refused since the program started */
  refusedCount: number;
  lastRefusal: Refusal | null;
};

/** Everything the window is told, in order, on one channel, at most 10 times a second. */
export type Update =
  /** first message, and again after an overflow: replace everything, ask for the visible page again */
  | { kind: "snapshot"; counts: Counts; recent: EventRow[]; health: Health }
  /** `events`: new ones, newest first; `esims`: rows that changed, by key; `more`: too many changed to list, ask for the visible page again; `replaced`: keys that no longer exist because two half-known eSIMs became one */
  | { kind: "changed"; counts: Counts; events: EventRow[]; esims: EsimRow[]; replaced: string[]; more: boolean; health: Health }
  | { kind: "health"; health: Health }
  /** a notification was clicked: show this eSIM */
  | { kind: "open"; esim: string }
  /** the program could not start (data folder not writable, database of a newer version …): show nothing but this */
  | { kind: "failed"; title: string; message: string };

export type SecretState = "none" | "stored" | "environment";
export type Connection = {
  /** http://127.0.0.1:47615, null while down */
  address: string | null;
  port: number;
  /** the port came from the command line or the environment and can't be changed here */
  portFixed: boolean;
  /** /hooks/TOKEN */
  webhookPath: string;
  /** public https base address of the tunnel, as the user typed it */
  publicUrl: string | null;
  /** publicUrl + webhookPath: what to paste into Roamify's portal */
  webhookUrl: string | null;
  secret: SecretState;
  dataDir: string;
};
/** What every command throws. `message` is written for the user and can be shown as it is. */
export type CommandError = { message: string };

export const commands = {
  /** Starts the one subscription of this window. */
  watch: (updates: Channel<Update>) => invoke<null>("watch", { updates }),
  esims: (query: EsimQuery) => invoke<EsimPage>("esims", { query }),
  esim: (key: string) => invoke<EsimDetail | null>("esim", { key }),
  /** The raw body of the delivery that brought this event, as text. */
  eventPayload: (id: number) => invoke<string | null>("event_payload", { id }),
  connection: () => invoke<Connection>("connection"),
  /** Stores the port and starts the listener on it; also the "try again" after it went down. */
  setPort: (port: number) => invoke<Connection>("set_port", { port }),
  setPublicUrl: (url: string | null) => invoke<Connection>("set_public_url", { url }),
  /** Write only: a stored secret is never given back. null removes it. */
  setWebhookSecret: (secret: string | null) => invoke<Connection>("set_webhook_secret", { secret }),
  /** Puts text on the system clipboard. */
  copyText: (text: string) => invoke<null>("copy_text", { text }),
};
