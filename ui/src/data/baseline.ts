/**
 * How many eSIMs had each status when the day began (by the clock on the wall): what "today" is counted
 * from. Asked for once a day, and again after a catch-up. It must not know screens or Svelte.
 */
import type { Counts, Host } from "../host";
import { dayOf } from "./day";
import { Latest } from "./latest";

export class Baseline extends Latest<ReadonlyMap<string, number>, [day: number]> {
  #day = 0;
  #toldAtMs = 0;

  constructor(host: Host) {
    super(
      async (day) => new Map((await host.statusCountsAt(day)).map(({ status, count }) => [status, count])),
    );
  }

  /**
   * Of the day that this moment (UTC milliseconds) is in. `toldAtMs`: when a catch-up told last of what may have happened
   * before that day began.
   */
  async follow(nowMs: number, toldAtMs: number): Promise<void> {
    const day = dayOf(nowMs);
    if (day === this.#day && toldAtMs === this.#toldAtMs) return;
    this.#day = day;
    this.#toldAtMs = toldAtMs;
    await this.load(day);
    if (this.error === null) return;
    // No change is shown rather than a wrong one; the next turn of the clock asks again.
    this.#day = 0;
    this.set(null);
  }

  /**
   * By how many the eSIMs of each status became more today; null: not known, as on the first day, when all that was
   * sold before is found at once.
   */
  changes(counts: Counts | null): ReadonlyMap<string, number> | null {
    const before = this.value;
    if (before === null || counts === null || ![...before.values()].some((count) => count > 0)) return null;
    return new Map(counts.byStatus.map(({ status, count }) => [status, count - (before.get(status) ?? 0)]));
  }
}
