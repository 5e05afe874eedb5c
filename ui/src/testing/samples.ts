/** Rows and updates to test with. Every value that a test cares about is named in the test. */

import { KNOWN_STATUSES } from "../data/facts/statuses";
import type {
  AlertRow,
  AlertSettings,
  CatchUpState,
  Connection,
  Counts,
  DeliveryProof,
  DesktopState,
  EsimRow,
  EventAbout,
  EventDetails,
  EventRow,
  EventTopic,
  Health,
  Message,
  ProviderConnection,
  Reading,
  Receipt,
  Refusal,
  Summary,
} from "../host";
import { USUAL_ALERT_SETTINGS } from "../host";

/** A message that says just this: no catalogue has such a key. */
export const said = (words: string): Message => ({ key: words, values: {} });

export const NOW_MS = Date.UTC(2026, 10, 23, 12, 0, 0);
const NOW = NOW_MS / 1000;
const HOUR_MS = 3_600_000;

export function esim(over: Partial<EsimRow> = {}): EsimRow {
  return {
    key: "esim-0",
    esimId: "esim-0",
    iccid: "89445001021983048260",
    referenceId: "TRIP-ROSSI",
    status: "ACTIVATED",
    gone: false,
    statusSince: NOW - 60,
    start: NOW - 86_400,
    end: NOW + 86_400,
    firstActivatedAt: NOW - 3600,
    lastEventAt: NOW - 60,
    eventCount: 3,
    packageName: null,
    dataAllowedMb: null,
    dataRemainingMb: null,
    dataUnlimited: null,
    dataLow: false,
    traveller: null,
    tripStart: null,
    tripEnd: null,
    tags: [],
    attention: null,
    order: over.referenceId === undefined ? "TRIP-ROSSI" : over.referenceId,
    ...over,
  };
}

/** `count` eSIMs with keys esim-0, esim-1, …, the latest first. */
export function esims(count: number): EsimRow[] {
  return Array.from({ length: count }, (_, index) =>
    esim({
      key: `esim-${index}`,
      esimId: `esim-${index}`,
      iccid: String(8944500102198300000n + BigInt(index)).padStart(20, "0"),
      referenceId: `TRIP-${index}`,
      lastEventAt: NOW - index,
    }),
  );
}

export const NO_DETAILS: EventDetails = {
  packageName: null,
  dataAllowedMb: null,
  dataRemainingMb: null,
  dataUnlimited: null,
  amount: null,
  currency: null,
  outcome: null,
  reason: null,
};

const TOPICS: Record<string, EventTopic> = {
  esim: "esim",
  partner: "balance",
  affiliate: "order",
  refund: "refund",
  esim_watch: "test",
};

/** As the program tells it. */
function topicOf({ category }: Partial<EventRow>): EventTopic {
  return TOPICS[category ?? "esim"] ?? "other";
}

function aboutOf(over: Partial<EventRow>): EventAbout {
  if (over.recognized === false) return "unrecognized";
  const topic = topicOf(over);
  if (topic !== "esim") return topic;
  return over.type === "usage" ? "usage" : "status";
}

export function event(over: Partial<EventRow> = {}): EventRow {
  return {
    id: 1,
    about: aboutOf(over),
    topic: topicOf(over),
    rejected: over.type === "rejected",
    category: "esim",
    type: "status",
    occurredAt: NOW - 60,
    receivedAtMs: NOW_MS - 59_000,
    listedAtMs: over.receivedAtMs ?? NOW_MS - 59_000,
    esimKey: "esim-0",
    iccid: "89445001021983048260",
    referenceId: "TRIP-ROSSI",
    status: "ACTIVATED",
    recognized: true,
    problem: null,
    details: NO_DETAILS,
    ...over,
  };
}

export function counts(over: Partial<Counts> & { of?: Record<string, number> } = {}): Counts {
  const { of = {}, ...rest } = over;
  const statuses = [...new Set([...KNOWN_STATUSES, ...Object.keys(of)])];
  return {
    byStatus: statuses.map((status) => ({ status, count: of[status] ?? 0 })),
    esims: 0,
    events: 0,
    unrecognized: 0,
    ...rest,
  };
}

export function health(over: Partial<Health> = {}): Health {
  return {
    listener: { kind: "up", address: "http://127.0.0.1:47615" },
    tunnel: { kind: "notSet" },
    store: { kind: "ok" },
    awakeSinceMs: NOW_MS - 3_600_000,
    notice: null,
    unsafePlace: null,
    signatureChecked: true,
    lastReceivedAtMs: NOW_MS - 12_000,
    refusedCount: 0,
    lastRefusal: null,
    backup: { lastAtMs: NOW_MS - 3 * 3_600_000, problem: null },
    retention: { problem: null },
    ...over,
  };
}

export function catchUp(over: Partial<CatchUpState> = {}): CatchUpState {
  return {
    token: "keyring",
    rate: { perSecond: 2, fixed: false },
    running: null,
    last: null,
    clockAheadMinutes: null,
    ...over,
  };
}

/** What became of a night of ten hours, which ended two hours ago. */
export function receipt(over: Partial<Receipt> & { caughtUpAtMs?: number | null } = {}): Receipt {
  const { caughtUpAtMs = NOW_MS - 2 * HOUR_MS + 40_000, ...rest } = over;
  const absence = { fromMs: NOW_MS - 12 * HOUR_MS, toMs: NOW_MS - 2 * HOUR_MS, caughtUpAtMs };
  return { absence, changed: 0, unchanged: 0, needed: 0, needing: 0, lines: [], ...rest };
}

export function deliveryProof(over: Partial<DeliveryProof> = {}): DeliveryProof {
  return {
    span: { fromMs: NOW_MS - 168 * HOUR_MS, toMs: NOW_MS },
    events: 0,
    byWebhook: 0,
    neverSent: 0,
    listed: 0,
    missedStatuses: [],
    missed: 0,
    missedAway: 0,
    webhooks: null,
    caughtUp: null,
    silent: [],
    ...over,
  };
}

export function refusal(over: Partial<Refusal> = {}): Refusal {
  return { atMs: NOW_MS - 5000, status: 401, reason: said("The signature does not match."), ...over };
}

/** A connection with the first provider, or with these; what is given of a provider is the first one's. */
export function connection(over: Partial<Connection> & Partial<ProviderConnection> = {}): Connection {
  const { address, port, portFixed, publicUrl, dataDir, providers, ...first } = over;
  return {
    address: address === undefined ? "http://127.0.0.1:47615" : address,
    port: port ?? 47_615,
    portFixed: portFixed ?? false,
    publicUrl: publicUrl ?? null,
    providers: providers ?? [providerConnection(first)],
    dataDir: dataDir ?? "/home/anna/esim-watch",
  };
}

export function providerConnection(over: Partial<ProviderConnection> = {}): ProviderConnection {
  return {
    name: "roamify",
    displayName: "Roamify",
    webhookPath: "/hooks/token",
    webhookUrl: null,
    secret: "none",
    previousSecret: false,
    variable: "ESIM_WATCH_WEBHOOK_SECRET",
    previousVariable: "ESIM_WATCH_WEBHOOK_SECRET_PREVIOUS",
    ...over,
  };
}

export function alert(over: Partial<AlertRow> = {}): AlertRow {
  return {
    id: 1,
    rule: "expired",
    severity: "warning",
    state: "new",
    title: said("Expired: TRIP-ROSSI"),
    body: [said("…048260 ran out and no longer works. Offer a new package if the trip goes on.")],
    detail: {},
    esimKey: "esim-0",
    iccid: "89445001021983048260",
    referenceId: "TRIP-ROSSI",
    traveller: null,
    muted: false,
    since: NOW - 60,
    raisedAtMs: NOW_MS - 60_000,
    snoozedUntil: null,
    note: null,
    acknowledgedAtMs: null,
    clearedAtMs: null,
    shownAtMs: null,
    ...over,
  };
}

/** `count` alerts with ids count, count − 1, …: the newest first. */
export function alerts(count: number, over: Partial<AlertRow> = {}): AlertRow[] {
  return Array.from({ length: count }, (_, index) =>
    alert({
      id: count - index,
      title: said(`Expired: TRIP-${count - index}`),
      esimKey: `esim-${count - index}`,
      referenceId: `TRIP-${count - index}`,
      ...over,
    }),
  );
}

export function summary(over: Partial<Summary> = {}): Summary {
  return {
    counts: { unread: 0, attention: 0, critical: 0, acknowledged: 0, snoozed: 0 },
    revision: 1,
    latest: [],
    mutedUntil: null,
    deaf: false,
    problem: null,
    ...over,
  };
}

export function alertSettings(over: Partial<AlertSettings> = {}): AlertSettings {
  return { ...USUAL_ALERT_SETTINGS, ...over };
}

export function desktop(over: Partial<DesktopState> = {}): DesktopState {
  return {
    tray: { kind: "shown" },
    notifications: { kind: "ok" },
    closeToTray: true,
    startWithSystem: false,
    ...over,
  };
}

/** What of it is set. */
export function present(reading: Reading): Partial<Reading> {
  return Object.fromEntries(Object.entries(reading).filter(([, value]) => value !== null));
}
