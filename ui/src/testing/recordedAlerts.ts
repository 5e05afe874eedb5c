/**
 * A recorder of what the window asks, and the inbox that it answers from. Answers are held back while `hold` is
 * set, until `release`, so that a test decides in which order they arrive.
 */
import type { AlertGroup, AlertPage, AlertQuery, AlertRow, AlertSettings, Summary, Update } from "../host";
import { alertSettings, summary } from "./samples";

class Recorder {
  /** What every command throws, while it is set. */
  failure: unknown = null;
  hold = false;
  /** What was set, whatever it was. */
  readonly set: unknown[] = [];
  #held: (() => void)[] = [];
  #tell: (update: Update) => void = () => undefined;

  /** Sends an update to the window. */
  tell(update: Update): void {
    this.#tell(update);
  }

  /** Lets the answer that was asked for as number `at` (0: the oldest) go. */
  release(at = 0): void {
    this.#held.splice(at, 1)[0]?.();
  }

  protected listen(onUpdate: (update: Update) => void): void {
    this.#tell = onUpdate;
  }

  protected async answer<T>(work: () => T): Promise<T> {
    if (this.hold) await new Promise<void>((resolve) => this.#held.push(resolve));
    if (this.failure !== null) throw this.failure;
    return work();
  }
}

export class RecordedAlerts extends Recorder {
  /** Every alert there is, newest first. What is done to them is told, as the program does it. */
  inbox: AlertRow[] = [];
  rules: AlertSettings = alertSettings();
  muted = new Set<string>();
  mutedUntil: number | null = null;
  /** What was done to alerts: the command and what it got. */
  readonly acts: unknown[][] = [];
  readonly alertQueries: AlertQuery[] = [];
  groupsAsked = 0;
  #revision = 0;

  alerts(query: AlertQuery): Promise<AlertPage> {
    this.alertQueries.push(query);
    return this.answer(() => {
      const found = this.inbox.filter(
        (row) =>
          (query.states.length === 0 || query.states.includes(row.state)) &&
          (query.rules.length === 0 || query.rules.includes(row.rule)) &&
          (query.esim === null || query.esim === row.esimKey) &&
          `${row.referenceId ?? ""} ${row.note ?? ""}`.toLowerCase().includes(query.search.toLowerCase()),
      );
      const rows = found.slice(query.offset, query.offset + query.limit);
      return { total: found.length, offset: query.offset, rows };
    });
  }

  alertGroups(): Promise<AlertGroup[]> {
    this.groupsAsked += 1;
    return this.answer(() => {
      const fresh = this.inbox.filter(({ state }) => state === "new");
      return [...new Set(fresh.map(({ rule }) => rule))].map((rule) => {
        const rows = fresh.filter((row) => row.rule === rule);
        return {
          rule,
          severity: rows[0]?.severity ?? "info",
          count: rows.length,
          newest: rows.slice(0, 3),
        };
      });
    });
  }

  acknowledgeAlerts(ids: number[], note: string | null): Promise<void> {
    return this.#act(["acknowledge", ids, note], ids, (row) => ({
      ...row,
      state: row.state === "cleared" ? "cleared" : "acknowledged",
      acknowledgedAtMs: Date.now(),
      snoozedUntil: null,
      note: note ?? row.note,
    }));
  }

  reopenAlerts(ids: number[]): Promise<void> {
    return this.#act(["reopen", ids], ids, (row) => ({
      ...row,
      state: "new",
      acknowledgedAtMs: null,
      snoozedUntil: null,
    }));
  }

  snoozeAlerts(ids: number[], until: number): Promise<void> {
    return this.#act(["snooze", ids, until], ids, (row) => ({
      ...row,
      state: "snoozed",
      snoozedUntil: until,
    }));
  }

  muteEsim(key: string, muted: boolean): Promise<void> {
    return this.answer(() => {
      if (muted) this.muted.add(key);
      else this.muted.delete(key);
    });
  }

  esimMuted(key: string): Promise<boolean> {
    return this.answer(() => this.muted.has(key));
  }

  alertSettings(): Promise<AlertSettings> {
    return this.answer(() => this.rules);
  }

  setAlertSettings(settings: AlertSettings): Promise<AlertSettings> {
    return this.answer(() => {
      this.set.push(settings);
      this.rules = settings;
      return settings;
    });
  }

  mute(until: number | null): Promise<void> {
    return this.answer(() => {
      this.acts.push(["mute", until]);
      this.mutedUntil = until;
      this.tellAlerts();
    });
  }

  /** Tells the window that the inbox changed. */
  tellAlerts(over: Partial<Summary> = {}): void {
    this.#revision += 1;
    const of = (state: string): AlertRow[] => this.inbox.filter((row) => row.state === state);
    this.tell({
      kind: "alerts",
      summary: summary({
        counts: {
          unread: of("new").length,
          attention: of("new").filter(({ severity }) => severity !== "info").length,
          critical: of("new").filter(({ severity }) => severity === "critical").length,
          acknowledged: of("acknowledged").length,
          snoozed: of("snoozed").length,
        },
        revision: this.#revision,
        mutedUntil: this.mutedUntil,
        ...over,
      }),
    });
  }

  #act(what: unknown[], ids: number[], change: (row: AlertRow) => AlertRow): Promise<void> {
    return this.answer(() => {
      this.acts.push(what);
      this.inbox = this.inbox.map((row) => (ids.includes(row.id) ? change(row) : row));
      this.tellAlerts();
    });
  }
}
