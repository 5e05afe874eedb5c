/**
 * The live picture: counts, the latest events, the program's health and the inbox at a glance, fed by the
 * one subscription.
 * In: updates, in order. Out: the present picture, and each change passed on to who keeps rows.
 * It must not know screens or Svelte.
 */
import type {
  CatchUpState,
  Counts,
  EsimRow,
  EventRow,
  Health,
  Host,
  Message,
  Place,
  Summary,
  Update,
  UpgradeState,
} from "../host";
import { messageOf } from "../host";
import { Observable } from "./observable";

/** How many events the feed keeps in memory: as many as a snapshot brings. */
export const FEED_LIMIT = 100;

export type Failure = { title: Message | null; message: Message | string | null };

/**
 * What keepers of rows need to know. `resync`: anything may have changed, in a burst as well as after a
 * missed update.
 */
export type RowChange =
  | { kind: "resync" }
  | { kind: "rows"; rows: readonly EsimRow[]; replaced: readonly string[] };

export class Live extends Observable {
  counts: Counts | null = null;
  /** What changed last, the latest first. */
  recent: readonly EventRow[] = [];
  health: Health | null = null;
  /** The inbox at a glance. */
  summary: Summary | null = null;
  /** How catching up stands; null until the program has told. */
  catchUp: CatchUpState | null = null;
  /** How newer versions stand; null: nobody publishes any. */
  upgrade: UpgradeState | null = null;
  failure: Failure | null = null;

  readonly #rowWatchers = new Set<(change: RowChange) => void>();
  readonly #openWatchers = new Set<(place: Place) => void>();

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

  /** Somebody asks from outside of the window to be shown this. */
  onOpen(watcher: (place: Place) => void): () => void {
    this.#openWatchers.add(watcher);
    return () => {
      this.#openWatchers.delete(watcher);
    };
  }

  apply(update: Update): void {
    switch (update.kind) {
      case "snapshot":
        this.counts = update.counts;
        this.recent = update.recent;
        this.health = update.health;
        this.#tellRows({ kind: "resync" });
        break;
      case "changed":
        this.counts = update.counts;
        if (update.events.length > 0) this.recent = withNew(update.events, this.recent);
        this.health = update.health;
        this.#tellRows({ kind: "rows", rows: update.esims, replaced: update.replaced });
        break;
      case "health":
        this.health = update.health;
        break;
      case "alerts":
        this.summary = update.summary;
        break;
      case "catchUp":
        this.catchUp = update.state;
        break;
      case "upgrade":
        this.upgrade = update.state;
        break;
      case "open":
        for (const watcher of [...this.#openWatchers]) watcher(update.place);
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

/**
 * What is known with what is told now, which came in the opposite order. What was sent stands in front, for it is news; what
 * was asked for stands where it belongs by when it happened. Each id occurs once: a keyed list must never see the same key
 * twice, and what is told again keeps its place.
 */
function withNew(told: readonly EventRow[], known: readonly EventRow[]): EventRow[] {
  const events = [...known];
  for (const event of told.toReversed()) {
    const again = events.findIndex(({ id }) => id === event.id);
    if (again >= 0) {
      events[again] = event;
      continue;
    }
    const wasSent = event.listedAtMs === event.receivedAtMs;
    const place = wasSent ? 0 : events.findIndex(({ listedAtMs }) => listedAtMs <= event.listedAtMs);
    events.splice(place < 0 ? events.length : place, 0, event);
  }
  return events.slice(0, FEED_LIMIT);
}
