/** Until when notifications are held back, UTC milliseconds; null: they are not. */
import type { Summary } from "../host";

export function mutedUntilMs(summary: Summary | null, nowMs: number): number | null {
  const until = summary?.mutedUntil ?? null;
  return until !== null && until * 1000 > nowMs ? until * 1000 : null;
}
