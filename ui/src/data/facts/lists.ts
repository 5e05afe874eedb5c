/** The words of the program's closed lists, in the order in which they are offered. One that is forgotten does not compile. */
import type { Column, Density, Hours, Separator, Theme, Verdict } from "../../host";

/** The keys of an object that has to have them all, in its order. */
function inOrder<Word extends string>(words: Record<Word, true>): readonly Word[] {
  return Object.keys(words) as Word[];
}

export const VERDICTS = inOrder<Verdict>({
  accepted: true,
  unrecognized: true,
  duplicate: true,
  malformed: true,
});

export const THEMES = inOrder<Theme>({ system: true, light: true, dark: true });
export const DENSITIES = inOrder<Density>({ comfortable: true, compact: true });
/** How the time of day is written. */
export const HOURS = inOrder<Hours>({ usual: true, twelve: true, twentyFour: true });

/** What a column of a booking list can be. */
export const BOOKING_COLUMNS = inOrder<Column>({
  ignored: true,
  iccid: true,
  esimId: true,
  reference: true,
  name: true,
  firstName: true,
  lastName: true,
  contact: true,
  tripStart: true,
  tripEnd: true,
  note: true,
  tags: true,
});

/** What can stand between two cells of a booking list. */
export const BOOKING_SEPARATORS = inOrder<Separator>({
  tab: true,
  semicolon: true,
  comma: true,
  bar: true,
  blanks: true,
});
