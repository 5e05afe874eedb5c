/**
 * How many eSIMs had each status when the day began (by the clock on the wall): what "today" is counted
 * from. Asked for once a day, and again after a burst. It must not know screens or Svelte.
 */
import type { Counts, Host } from "../host";
import { Observable } from "./observable";

export const dayOf = (ms: number): number => new Date(ms).setHours(0, 0, 0, 0);

export class Baseline extends Observable {
  readonly #host: Host;
  #day = 0;
  #counts: ReadonlyMap<string, number> | null = null;

  constructor(host: Host) {
    super();
    this.#host = host;
  }

  /** Of the day that this moment (UTC milliseconds) is in. */
  async follow(nowMs: number): Promise<void> {
    const day = dayOf(nowMs);
    if (day === this.#day) return;
    this.#day = day;
    try {
      const counts = await this.#host.statusCountsAt(day);
      if (day !== this.#day) return;
      this.#counts = new Map(counts.map(({ status, count }) => [status, count]));
    } catch {
      // No change is shown rather than a wrong one; the next turn of the clock asks again.
      this.#day = 0;
      this.#counts = null;
    }
    this.changed();
  }

  /** By how many the eSIMs of each status became more today; null: not known. */
  changes(counts: Counts | null): ReadonlyMap<string, number> | null {
    const before = this.#counts;
    if (before === null || counts === null) return null;
    return new Map(counts.byStatus.map(({ status, count }) => [status, count - (before.get(status) ?? 0)]));
  }
}
