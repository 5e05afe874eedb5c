/** What narrows the list of eSIMs: the filters by a column's values, each with all that the window knows of it. */
import { type Counts, type EsimFilter, USUAL_ESIM_FILTER } from "../host";
import { type TextKey, text } from "../locales";
import { count } from "../locales/format";
import { KNOWN_STATUSES, statusWord } from "./facts/statuses";

/** What is asked where nobody chose; the program says it. */
export const DEFAULT_FILTER: EsimFilter = {
  ...USUAL_ESIM_FILTER,
  statuses: [...USUAL_ESIM_FILTER.statuses],
};

const { search, sort, descending, ...rest } = DEFAULT_FILTER;
/** Nothing is left out but by the search. */
export const NO_FILTERS = rest;

export type ColumnFilter = {
  /** What of the question it sets; the program calls its filter the same. */
  part: keyof EsimFilter;
  testId: string;
  label: TextKey;
  /** One value at a time. */
  single: boolean;
  /** How a value stands in the menu. */
  drawn: "badge" | "words";
  values: (
    counts: Counts | null,
    filter: EsimFilter,
  ) => readonly { value: string; label: string; note?: string }[];
  word: (value: string) => string;
  chosen: (filter: EsimFilter) => readonly string[];
  toggled: (filter: EsimFilter, value: string) => Partial<EsimFilter>;
};

export const STATUS_FILTER: ColumnFilter = {
  part: "statuses",
  testId: "status-filter",
  label: "list.status",
  single: false,
  drawn: "badge",
  values: (counts, { statuses }) => {
    const known =
      counts?.byStatus.map(({ status, count: number }) => ({ value: status, note: count(number) })) ??
      KNOWN_STATUSES.map((status) => ({ value: status, note: count(0) }));
    const others = statuses.filter((status) => !known.some(({ value }) => value === status));
    return [...known, ...others.map((value) => ({ value, note: "" }))].map((one) => ({
      ...one,
      label: statusWord(one.value),
    }));
  },
  word: statusWord,
  chosen: ({ statuses }) => statuses,
  toggled: ({ statuses }, value) => ({
    statuses: statuses.includes(value) ? statuses.filter((one) => one !== value) : [...statuses, value],
  }),
};

/** The parts of the question that are one of a few words, or none. */
type OneOfFew = {
  [Part in keyof EsimFilter]: EsimFilter[Part] extends string | null
    ? null extends EsimFilter[Part]
      ? Part
      : never
    : never;
}[keyof EsimFilter];

/** A filter by one of a few words, in the order in which they are offered. One that is forgotten does not compile. */
function oneOf<Part extends OneOfFew>(
  part: Part,
  label: TextKey,
  words: Record<NonNullable<EsimFilter[Part]>, TextKey>,
): ColumnFilter {
  type Value = NonNullable<EsimFilter[Part]>;
  const all = Object.keys(words) as Value[];
  const known = (value: string): Value | null => all.find((one) => one === value) ?? null;
  return {
    part,
    testId: `${part}-filter`,
    label,
    single: true,
    drawn: "words",
    values: () => all.map((value) => ({ value, label: text(words[value]) })),
    word: (value) => {
      const one = known(value);
      return one === null ? value : text(words[one]);
    },
    chosen: ({ [part]: value }) => (value === null ? [] : [value]),
    toggled: ({ [part]: now }, value) => {
      const wanted = known(value);
      return { [part]: wanted === now ? null : wanted };
    },
  };
}

export const PERIOD_FILTER = oneOf("period", "list.column.period", {
  notStarted: "list.period.notStarted",
  running: "list.period.running",
  endsToday: "list.period.endsToday",
  endsThisWeek: "list.period.endsThisWeek",
  ended: "list.period.ended",
  unknown: "list.period.unknown",
});
