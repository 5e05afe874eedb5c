/** What became of the times in which nobody listened, in words. It must not know screens or Svelte. */
import type { Absence, CatchUpState, Receipt, Rule, Summary } from "../host";
import { type TextKey, text } from "../locales";
import { dayTime } from "../locales/format";
import { canCatchUp, catchesUp } from "./catchUp";
import { statusWord } from "./facts/statuses";

/** When that was: "yesterday 22:10 to today 07:42". */
export const spanOf = ({ fromMs, toMs }: Absence, nowMs: number): string =>
  text("receipt.span", { from: dayTime(fromMs, nowMs), to: dayTime(toMs, nowMs) });

/** That receipts are asked for again: so long after the last time at the earliest, milliseconds. */
export const RECEIPTS_AGAIN_MS = 500;

/** What makes other receipts: what the catch-up tells or told, and what somebody did to an alert. */
export const newsOf = (catchUp: CatchUpState | null, summary: Summary | null): string =>
  [catchUp?.running?.done, catchUp?.last?.endedAtMs, summary?.revision].join(" ");

/** Whether the rules have looked at anything since the program started. */
export const hasLooked = (summary: Summary | null): boolean => summary !== null && summary.revision > 0;

/** How many changed, how many need somebody as far as the rules have looked, and how the others are. */
export function sumOf({ absence, changed, needed, needing }: Receipt, looked: boolean): string {
  if (!looked) return text("receipt.sumLooking", { changed });
  const isKnown = absence.caughtUpAtMs !== null;
  if (isKnown && changed === 0 && needed === 0) return text("receipt.nothing");
  const seenTo = needing === 0 && needed > 0 ? "SeenTo" : "";
  const key: TextKey = `receipt.sum${isKnown ? "" : "Open"}${seenTo}`;
  return text(key, { changed, needing });
}

/** That all are shown, by what makes them so many: the sum names those alone that changed. */
export function allOf({ changed, unchanged }: Receipt): string {
  const count = changed + unchanged;
  return unchanged === 0
    ? text("receipt.all", { count })
    : text("receipt.allOf", { count, changed, unchanged });
}

/** What somebody is needed for, where the status itself does not say so. */
export const needWords = (needs: readonly Rule[], status: string | null): string =>
  needs
    .map((rule) => text(`rule.${rule}.name`))
    .filter((words) => status === null || words !== statusWord(status))
    .join(", ");

/** How far what is told can be relied on, and where something can be done about it. */
export type Standing = { words: string; go: string | null };

export function standingOf({ caughtUpAtMs }: Absence, state: CatchUpState | null, nowMs: number): Standing {
  if (caughtUpAtMs !== null) {
    return { words: text("receipt.asked", { when: dayTime(caughtUpAtMs, nowMs) }), go: null };
  }
  // The program has not told yet.
  if (state === null || state.token === null) return { words: "", go: null };
  if (catchesUp(state)) return { words: text("receipt.asking"), go: null };
  if (canCatchUp(state)) return { words: text("receipt.notAll"), go: text("receipt.notAllGo") };
  return { words: text("receipt.noToken"), go: text("receipt.noTokenGo") };
}
