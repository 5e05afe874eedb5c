/**
 * What a person does to alerts, from whichever screen: it is done, told in one line, and can be undone.
 * It must not know screens or Svelte.
 */
import type { AlertRow, Host } from "../host";
import { messageOf } from "../host";
import { text } from "../locales";
import { dayTime } from "../locales/format";
import { Observable } from "./observable";

/** One line about what was done last. */
export type Told = { id: number; words: string; failed: boolean; undo: (() => Promise<void>) | null };

export class Inbox extends Observable {
  told: Told | null = null;

  readonly #host: Host;
  readonly #watchers = new Set<() => void>();
  #count = 0;

  constructor(host: Host) {
    super();
    this.#host = host;
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
      until: dayTime(untilMs, Date.now()),
    });
    return this.#act(words, meant, () => this.#host.snoozeAlerts(ids(meant), Math.floor(untilMs / 1000)));
  }

  async reopen(rows: readonly AlertRow[]): Promise<boolean> {
    const words = text("alerts.toldReopened", { count: rows.length });
    return this.#act(words, rows, () => this.#host.reopenAlerts(ids(rows)));
  }

  async mute(untilMs: number | null): Promise<boolean> {
    const words =
      untilMs === null ? text("mute.toldOff") : text("mute.toldOn", { until: dayTime(untilMs, Date.now()) });
    return this.#run(
      words,
      () => this.#host.mute(untilMs === null ? null : Math.floor(untilMs / 1000)),
      null,
    );
  }

  /** Takes back what was done last, while its line is there. */
  async undo(): Promise<void> {
    await this.told?.undo?.();
  }

  /** Something that was asked on the way to it failed. */
  fail(message: string | null): void {
    this.#count += 1;
    this.told = { id: this.#count, words: message ?? text("error.unknown"), failed: true, undo: null };
    this.changed();
  }

  /** Something else was done: one line about it. */
  say(words: string): void {
    this.#count += 1;
    this.told = { id: this.#count, words, failed: false, undo: null };
    this.changed();
  }

  /** The line was read. */
  forget(id: number): void {
    if (this.told?.id !== id) return;
    this.told = null;
    this.changed();
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

  async #run(words: string, work: () => Promise<unknown>, undo: Told["undo"]): Promise<boolean> {
    let done = true;
    this.#count += 1;
    const id = this.#count;
    try {
      await work();
      this.told = { id, words, failed: false, undo };
      this.changed();
    } catch (error) {
      done = false;
      this.fail(messageOf(error));
    }
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
