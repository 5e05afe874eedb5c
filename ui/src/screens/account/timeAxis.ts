/** The words below an axis of time. In: its ends and its place. Out: where which word stands. */
import { scaleTime } from "d3-scale";
import { clockSeconds, dayLabel, dayWithYear, hourTime } from "../../locales/format";

export type Mark = { at: number; x: number; label: string; anchor: "middle" | "end" };

/** So much of the axis each word has, pixels. */
const EACH = 76;
/** One that begins so near to the end is cut. */
const NEAR_END = 32;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const isMidnight = (at: Date): boolean => at.getHours() === 0 && at.getMinutes() === 0;

/** Whether each of them is written in another way. */
const differ = (labels: readonly string[]): boolean => new Set(labels).size === labels.length;

/** How times are written, the shortest way in which no two are the same: the hours of a day, days, days of some years. */
function written(times: readonly number[], spanMs: number): string[] {
  const ways = spanMs < DAY_MS ? [hourTime, clockSeconds] : [dayLabel, dayWithYear];
  const each = ways.map((way) => times.map(way));
  return each.find(differ) ?? each[0] ?? [];
}

/** What stands below an axis between two times (UTC milliseconds) that is drawn from one pixel to another. */
export function timeMarks(
  [fromMs, toMs]: readonly [number, number],
  [left, right]: readonly [number, number],
): Mark[] {
  const most = Math.max(2, Math.min(6, Math.floor((right - left) / EACH)));
  const x = scaleTime().domain([fromMs, toMs]).range([left, right]);
  const spanMs = toMs - fromMs;
  const all = x.ticks(most);
  // Days begin at midnight; where there is none but one, no day is worth a mark of its own.
  const times = (spanMs < DAY_MS ? all : all.filter(isMidnight)).map((at) => at.getTime());
  const every = Math.max(1, Math.ceil(times.length / most));
  const shown = times.filter((_, place) => place % every === 0);
  const labels = written(shown, spanMs);
  return shown.flatMap((at, place): Mark[] => {
    const label = labels[place] ?? "";
    const isFirst = labels.indexOf(label) === place;
    const atEnd = x(at) > right - NEAR_END;
    return isFirst ? [{ at, x: x(at), label, anchor: atEnd ? "end" : "middle" }] : [];
  });
}
