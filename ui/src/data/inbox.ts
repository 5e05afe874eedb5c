/** What a person does to alerts, from whichever screen: it is done, told in one line, and can be undone. */
import type { AlertRow, Host } from "../host";
import { text } from "../locales";
import { dayTime } from "../locales/format";
import type { Clock } from "./clock";
import type { Toasts } from "./toasts";

export class Inbox {
  readonly #host: Host;
  readonly #watchers = new Set<() => void>();
  readonly #toasts: Toasts;
  readonly #clock: Clock;

  constructor(host: Host, toasts: Toasts, clock: Clock) {
    this.#host = host;
    this.#clock = clock;
    this.#toasts = toasts;
  }

  /** After something was done to alerts, or undone. */
  onActed(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  /** `note`: null leaves the one that is there. Resolves to whether it was done. */
  async acknowledge(rows: readonly AlertRow[], note: string | null = null): Promise<boolean> {
    // A cleared alert needs no one any more; only a note can still be added.
    const meant = note === null ? rows.filter(({ state }) => state !== "cleared") : rows;
    if (meant.length === 0) return true;
    const noted =
      note !== null && meant.every(({ state }) => state === "acknowledged" || state === "cleared");
    const words = noted ? text("alerts.toldNote") : text("alerts.toldAcknowledged", { count: meant.length });
    return this.#act(words, meant, () => this.#host.acknowledgeAlerts(ids(meant), note), note !== null);
  }

  async snooze(rows: readonly AlertRow[], untilMs: number): Promise<boolean> {
    const meant = rows.filter(({ state }) => state !== "cleared");
    if (meant.length === 0) return true;
    const words = text("alerts.toldSnoozed", {
      count: meant.length,
      until: dayTime(untilMs, this.#clock.exactMs),
    });
    return this.#act(words, meant, () => this.#host.snoozeAlerts(ids(meant), Math.floor(untilMs / 1000)));
  }

  async reopen(rows: readonly AlertRow[]): Promise<boolean> {
    const words = text("alerts.toldReopened", { count: rows.length });
    return this.#act(words, rows, () => this.#host.reopenAlerts(ids(rows)));
  }

  async mute(untilMs: number | null): Promise<boolean> {
    const words =
      untilMs === null
        ? text("mute.toldOff")
        : text("mute.toldOn", { until: dayTime(untilMs, this.#clock.exactMs) });
    return this.#run(
      words,
      () => this.#host.mute(untilMs === null ? null : Math.floor(untilMs / 1000)),
      null,
    );
  }

  #act(
    words: string,
    before: readonly AlertRow[],
    work: () => Promise<unknown>,
    notes = false,
  ): Promise<boolean> {
    return this.#run(words, work, async () => {
      await this.#run(text("alerts.toldUndone"), () => this.#restore(before, notes), null);
    });
  }

  /** Back to how these rows were, each by the way that leads there. */
  async #restore(before: readonly AlertRow[], notes: boolean): Promise<void> {
    if (notes) {
      for (const [note, rows] of grouped(before, ({ note }) => note ?? "")) {
        await this.#host.acknowledgeAlerts(ids(rows), note);
      }
    }
    const fresh = before.filter(({ state }) => state === "new");
    if (fresh.length > 0) await this.#host.reopenAlerts(ids(fresh));
    const taken = before.filter(({ state }) => state === "acknowledged");
    if (taken.length > 0) await this.#host.acknowledgeAlerts(ids(taken), null);
    const put = before.filter(({ state }) => state === "snoozed");
    for (const [until, rows] of grouped(put, ({ snoozedUntil }) => snoozedUntil ?? 0)) {
      await this.#host.snoozeAlerts(ids(rows), until);
    }
  }

  async #run(
    words: string,
    work: () => Promise<unknown>,
    undo: (() => Promise<void>) | null,
  ): Promise<boolean> {
    const done = await this.#toasts.tell(async () => {
      await work();
      return words;
    }, undo);
    for (const watcher of [...this.#watchers]) watcher();
    return done;
  }
}

function ids(rows: readonly AlertRow[]): number[] {
  return rows.map(({ id }) => id);
}

function grouped<K>(rows: readonly AlertRow[], by: (row: AlertRow) => K): Map<K, AlertRow[]> {
  const groups = new Map<K, AlertRow[]>();
  for (const row of rows) groups.set(by(row), [...(groups.get(by(row)) ?? []), row]);
  return groups;
}
