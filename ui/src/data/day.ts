/** The beginning of a moment's day by the calendar of this computer, UTC milliseconds. */
export const dayOf = (ms: number): number => new Date(ms).setHours(0, 0, 0, 0);
