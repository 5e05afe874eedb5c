/**
 * The time that "12 s ago" is measured from. Ticks while something watches it. Only words on
 * the screen depend on it: a web view slows hidden windows down, so it catches up when the window shows.
 */
import { THRESHOLDS } from "../host/bindings";
import { Observable } from "./observable";

export class Clock extends Observable {
  #tickedMs = Date.now();
  /** By how much this computer's clock is ahead of the provider's, less than nothing: behind. Nothing: as far as anybody knows. */
  aheadMs = 0;
  readonly #tickMs: number;
  #watchers = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(tickMs: number) {
    super();
    this.#tickMs = tickMs;
  }

  /** What a clock that is right showed at the last tick, as far as anybody knows. All times that are kept are by such a one. */
  get nowMs(): number {
    return this.#tickedMs - this.aheadMs;
  }

  /** What it shows right now. */
  get exactMs(): number {
    return Date.now() - this.aheadMs;
  }

  /** The provider's clock has told: by so many minutes. */
  isAhead(minutes: number): void {
    const aheadMs = minutes * 60_000;
    if (aheadMs === this.aheadMs) return;
    this.aheadMs = aheadMs;
    this.changed();
  }

  /**
   * The present time that a time is seen from which has come. Who told it may be ahead by as much as clocks differ, and since the
   * last tick something may have come: that isn't in the future.
   */
  seenFrom(ms: number): number {
    const now = this.nowMs;
    return ms <= now + THRESHOLDS.clocksDifferMs ? Math.max(now, ms) : now;
  }

  override subscribe(watcher: () => void): () => void {
    const leave = super.subscribe(watcher);
    this.#watchers += 1;
    if (this.#watchers === 1) this.#run();
    return () => {
      leave();
      this.#watchers -= 1;
      if (this.#watchers === 0) this.#rest();
    };
  }

  readonly #tick = (): void => {
    this.#tickedMs = Date.now();
    this.changed();
  };

  #run(): void {
    this.#tickedMs = Date.now();
    this.#timer = setInterval(this.#tick, this.#tickMs);
    document.addEventListener("visibilitychange", this.#tick);
  }

  #rest(): void {
    clearInterval(this.#timer);
    document.removeEventListener("visibilitychange", this.#tick);
  }
}
