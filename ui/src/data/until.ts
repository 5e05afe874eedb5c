/** Times until which something is put off, by the calendar of this computer. */

import { THRESHOLDS } from "../host";

const HOUR_MS = 3_600_000;

export type Until = { name: "hour" | "tomorrow" | "monday"; untilMs: number };

/** In an hour, tomorrow morning, Monday morning; Monday only where it is not tomorrow. */
export function snoozeTimes(nowMs: number): Until[] {
  const tomorrow = morning(nowMs, 1);
  // 0: Sunday. The Monday after today.
  const monday = morning(nowMs, (8 - new Date(nowMs).getDay()) % 7 || 7);
  const times: Until[] = [
    { name: "hour", untilMs: nowMs + HOUR_MS },
    { name: "tomorrow", untilMs: tomorrow },
  ];
  if (monday !== tomorrow) times.push({ name: "monday", untilMs: monday });
  return times;
}

export function muteTimes(nowMs: number): Until[] {
  return snoozeTimes(nowMs).filter(({ name }) => name !== "monday");
}

function morning(nowMs: number, days: number): number {
  const day = new Date(nowMs);
  day.setDate(day.getDate() + days);
  day.setHours(THRESHOLDS.morningHour, 0, 0, 0);
  return day.getTime();
}
