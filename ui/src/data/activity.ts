/**
 * Status changes per hour over the last day. Asked for again when events came, at most every few seconds,
 * and when the hour turns. It must not know screens or Svelte.
 */
import type { Host, HourCount } from "../host";
import { KNOWN_STATUSES } from "./facts/statuses";
import { Latest } from "./latest";
import { paced } from "./paced";

export const HOURS = 24;
const HOUR_MS = 3_600_000;
const REFETCH_MS = 3000;

export type Hour = { startMs: number; total: number; byStatus: Readonly<Record<string, number>> };
export type Picture = {
  /** Those that occur, in the order of an eSIM's life, then those that this version does not know. */
  statuses: readonly { status: string; count: number }[];
  /** Each hour, also those in which nothing happened. */
  hours: readonly Hour[];
  most: number;
};

export const hourOf = (ms: number): number => Math.floor(ms / HOUR_MS);

/** What is drawn of these counts for the day that ends with this hour. */
export function pictureOf(counts: readonly HourCount[], lastHour: number): Picture {
  const first = lastHour - HOURS + 1;
  const within = counts.filter(({ hour, count }) => hour >= first && hour <= lastHour && count > 0);
  const totals = new Map<string, number>();
  for (const { status, count } of within) totals.set(status, (totals.get(status) ?? 0) + count);
  const known: string[] = KNOWN_STATUSES.filter((status) => totals.has(status));
  const others = [...totals.keys()].filter((status) => !known.includes(status)).sort();
  const hours = Array.from({ length: HOURS }, (_, index) => {
    const own = within.filter(({ hour }) => hour === first + index);
    return {
      startMs: (first + index) * HOUR_MS,
      total: own.reduce((sum, { count }) => sum + count, 0),
      byStatus: Object.fromEntries(own.map(({ status, count }) => [status, count])),
    };
  });
  return {
    statuses: [...known, ...others].map((status) => ({ status, count: totals.get(status) ?? 0 })),
    hours,
    most: Math.max(...hours.map(({ total }) => total)),
  };
}

export class Activity extends Latest<Picture> {
  readonly #follow = paced(REFETCH_MS, () => this.load(), "later");

  constructor(host: Host, nowMs: () => number) {
    super(async () => {
      const last = hourOf(nowMs());
      return pictureOf(await host.activity(last - HOURS + 1, last), last);
    });
  }

  /** Something came: what is shown follows in steps. */
  follow(): void {
    void this.#follow();
  }

  override stop(): void {
    super.stop();
    this.#follow.stop();
  }
}
