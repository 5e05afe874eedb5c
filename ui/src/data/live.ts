/**
 * The live picture: counts, the latest events and the program's health, fed by the one subscription.
 * In: updates, in order. Out: the present picture, and each change passed on to who keeps rows.
 * It must not know screens or Svelte.
 */
import type { Counts, EsimRow, EventRow, Health, Host, Update } from "../host";
import { messageOf } from "../host";
import { Observable } from "./observable";

/** How many events the feed keeps in memory. */
export const FEED_LIMIT = 100;

export type Failure = { title: string | null; message: string | null };

/**
 * What keepers of rows need to know. `resync`: anything may have changed, in a burst as well as after a
 * missed update.
 */
export type RowChange =
  | { kind: "resync" }
  | { kind: "rows"; rows: readonly EsimRow[]; replaced: readonly string[] };

export class Live extends Observable {
  counts: Counts | null = null;
  recent: readonly EventRow[] = [];
  health: Health | null = null;
  failure: Failure | null = null;

  readonly #rowWatchers = new Set<(change: RowChange) => void>();
  readonly #openWatchers = new Set<(key: string) => void>();

  /** True once the first snapshot is here. */
  get ready(): boolean {
    return this.counts !== null;
  }

  async start(host: Host): Promise<void> {
    try {
      await host.watch((update) => this.apply(update));
    } catch (error) {
      this.failure = { title: null, message: messageOf(error) };
      this.changed();
    }
  }

  onRows(watcher: (change: RowChange) => void): () => void {
    this.#rowWatchers.add(watcher);
    return () => {
      this.#rowWatchers.delete(watcher);
    };
  }

  onOpen(watcher: (key: string) => void): () => void {
    this.#openWatchers.add(watcher);
    return () => {
      this.#openWatchers.delete(watcher);
    };
  }

  apply(update: Update): void {
    switch (update.kind) {
      case "snapshot":
        this.counts = update.counts;
        this.recent = newest(update.recent, []);
        this.health = update.health;
        this.#tellRows({ kind: "resync" });
        break;
      case "changed":
        this.counts = update.counts;
        if (update.events.length > 0) this.recent = newest(update.events, this.recent);
        this.health = update.health;
        this.#tellRows({ kind: "rows", rows: update.esims, replaced: update.replaced });
        break;
      case "health":
        this.health = update.health;
        break;
      case "open":
        for (const watcher of [...this.#openWatchers]) watcher(update.esim);
        break;
      case "failed":
        this.failure = { title: update.title, message: update.message };
        break;
    }
    this.changed();
  }

  #tellRows(change: RowChange): void {
    for (const watcher of [...this.#rowWatchers]) watcher(change);
  }
}

/** A repeated event id is drawn once: a keyed list must never see the same key twice. */
function newest(first: readonly EventRow[], then: readonly EventRow[]): EventRow[] {
  const seen = new Set<number>();
  const kept: EventRow[] = [];
  for (const event of [...first, ...then]) {
    if (seen.has(event.id)) continue;
    seen.add(event.id);
    kept.push(event);
    if (kept.length === FEED_LIMIT) break;
  }
  return kept;
}
