/**
 * Flapping folded. A phone at the edge of a network sends INACTIVE, ACTIVATED, INACTIVE, ACTIVATED within
 * seconds: many lines that say one thing. Pure: events newest first in, lines newest first out.
 */
import { type EventRow, THRESHOLDS } from "../host";
import { happenedMs } from "./describe";
import { CONNECTED, DISCONNECTED } from "./facts/statuses";

const FLAPPING_MS = THRESHOLDS.flappingSeconds * 1000;

export type Run = {
  kind: "run";
  /** Stays the same while more events join. */
  key: string;
  /** As they happened, the latest first. */
  events: readonly EventRow[];
  latest: EventRow;
  /** How often it was in use again after it was not. */
  reconnects: number;
  /** From the first to the last. */
  seconds: number;
};
export type Line = { kind: "event"; key: string; event: EventRow } | Run;

/**
 * Folds runs of one eSIM going in and out of use. Events of other eSIMs may stand in between; another event
 * of the same eSIM ends its run.
 */
export function fold(events: readonly EventRow[]): Line[] {
  const runs = new Map<EventRow, EventRow[]>();
  const open = new Map<string, EventRow[]>();
  for (const event of events) {
    const { esimKey } = event;
    if (esimKey !== null) {
      const run = open.get(esimKey);
      const last = run?.at(-1);
      if (!isSwitch(event)) {
        open.delete(esimKey);
      } else if (
        run !== undefined &&
        last !== undefined &&
        Math.abs(happenedMs(last) - happenedMs(event)) <= FLAPPING_MS
      ) {
        run.push(event);
      } else {
        const begun = [event];
        open.set(esimKey, begun);
        runs.set(event, begun);
      }
    }
  }

  const folded = new Set<EventRow>();
  const lines: Line[] = [];
  for (const event of events) {
    if (folded.has(event)) continue;
    const line = runLine(runs.get(event) ?? []);
    if (line === null) {
      lines.push({ kind: "event", key: `event-${event.id}`, event });
    } else {
      for (const one of line.events) folded.add(one);
      lines.push(line);
    }
  }
  return lines;
}

function isSwitch(event: EventRow): boolean {
  return event.about === "status" && (event.status === CONNECTED || event.status === DISCONNECTED);
}

function runLine(run: readonly EventRow[]): Run | null {
  if (run.length < THRESHOLDS.flappingChanges) return null;
  // They may have arrived in another order than they happened in.
  const events = [...run].sort((a, b) => happenedMs(b) - happenedMs(a) || b.id - a.id);
  const reconnects = events.filter(
    ({ status }, index) => status === CONNECTED && events[index + 1]?.status === DISCONNECTED,
  ).length;
  const [latest] = events;
  const first = events.at(-1);
  // The same status told again and again is no reconnecting.
  if (latest === undefined || first === undefined || reconnects === 0) return null;
  return {
    kind: "run",
    key: `run-${Math.min(...events.map(({ id }) => id))}`,
    events,
    latest,
    reconnects,
    seconds: Math.round((happenedMs(latest) - happenedMs(first)) / 1000),
  };
}
