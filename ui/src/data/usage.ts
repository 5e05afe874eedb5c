/** Where and when one eSIM used its data, as the window holds it; and what is drawn of it. */
import type { EsimUsage, Host, UsageDay } from "../host";
import { text } from "../locales";
import { regionName } from "../locales/format";
import { Latest } from "./latest";

/** Bars that are drawn: the latest days. */
const DRAWN_DAYS = 31;

export class Usage extends Latest<EsimUsage | null> {
  constructor(host: Host, key: string) {
    super(() => host.esimUsage(key));
  }
}

export type DayTotal = { date: string; mb: number; places: { place: string; mb: number }[] };

/** The latest days on which data was used, the oldest first. */
export function byDay(days: readonly UsageDay[]): DayTotal[] {
  const totals = new Map<string, DayTotal>();
  for (const { date, location, mb } of days) {
    const total = totals.get(date) ?? { date, mb: 0, places: [] };
    total.mb += mb ?? 0;
    total.places.push({ place: placeName(location), mb: mb ?? 0 });
    totals.set(date, total);
  }
  return [...totals.values()].sort((a, b) => (a.date < b.date ? -1 : 1)).slice(-DRAWN_DAYS);
}

/** What was used in each place, the most first. */
export function byPlace(days: readonly UsageDay[]): { place: string; mb: number }[] {
  const totals = new Map<string, number>();
  for (const { location, mb } of days) totals.set(location, (totals.get(location) ?? 0) + (mb ?? 0));
  return [...totals]
    .map(([location, mb]) => ({ place: placeName(location), mb }))
    .sort((a, b) => b.mb - a.mb);
}

/** A country's name where Roamify gives its code, else what it gives. */
function placeName(location: string): string {
  return location.trim() === "" ? text("usage.nowhere") : regionName(location);
}
