/** The numbers that more than one place of the window, or window and program, have to agree on. */
import type { Quiet } from "../../host";

/** An event that came so long after it happened came late. */
export const LATE_SECONDS = 300;

/** The night as it is suggested. */
export const USUAL_QUIET: Quiet = { fromMinute: 22 * 60, toMinute: 7 * 60 };
