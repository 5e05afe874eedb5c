/** What an alert's state and its eSIM are called. Title and body are the program's. */
import type { AlertRow } from "../host";
import { text } from "../locales";
import { dayTime } from "../locales/format";
import { lastSix } from "./describe";

/** "Acknowledged today 9:12 AM", "Snoozed until …"; "" for a new one. */
export function alertStateWords(row: AlertRow, nowMs: number): string {
  switch (row.state) {
    case "new":
      return "";
    case "acknowledged":
      return row.acknowledgedAtMs === null
        ? text("alerts.state.acknowledged")
        : text("alerts.state.acknowledgedAt", { time: dayTime(row.acknowledgedAtMs, nowMs) });
    case "snoozed":
      return row.snoozedUntil === null
        ? text("alerts.state.snoozed")
        : text("alerts.state.snoozedUntil", { time: dayTime(row.snoozedUntil * 1000, nowMs) });
    case "cleared":
      return row.clearedAtMs === null
        ? text("alerts.state.cleared")
        : text("alerts.state.clearedAt", { time: dayTime(row.clearedAtMs, nowMs) });
  }
}

/** The eSIM of an alert: in few letters, and in full. */
export function alertEsim(row: AlertRow): { short: string; full: string } | null {
  if (row.esimKey === null) return null;
  const full = row.iccid ?? row.esimKey;
  return { short: row.iccid === null ? row.esimKey : lastSix(row.iccid), full };
}

/** Whether it is over. */
export function isCleared({ state }: AlertRow): boolean {
  return state === "cleared";
}
