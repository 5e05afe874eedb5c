/** The numbers that more than one place of the window, or window and program, have to agree on. */
import type { Quiet } from "../../host";

/** The share of its data at which an eSIM has little left: bar and colour. */
export const LOW_DATA = 0.1;

/** Two changes further apart than this are no flapping. */
export const FLAP_MS = 120_000;
/** Fewer than these are shown as they are. */
export const FLAP_EVENTS = 3;

/** An event that came so long after it happened came late. */
export const LATE_SECONDS = 300;

/** Who did nothing for so long was away. */
export const AWAY_MS = 15 * 60_000;
/** That somebody looks is told at most this often. */
export const SEEN_MS = 60_000;

/** When a desk begins its day, by the clock of this computer. */
export const MORNING_HOUR = 8;
/** The night as it is suggested. */
export const USUAL_QUIET: Quiet = { fromMinute: 22 * 60, toMinute: 7 * 60 };

/** The longest note that the program keeps. */
export const NOTE_LETTERS = 2000;
/** Events that come with one eSIM; older ones are asked for. */
export const TIMELINE_EVENTS = 500;
