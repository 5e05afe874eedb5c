/** What narrows the list of eSIMs: the filters by a column's values, each with all that the window knows of it. */
import { type Counts, type EsimFilter, USUAL_ESIM_FILTER } from "../host";
import { type TextKey, text } from "../locales";
import { count } from "../locales/format";
import { PERIODS } from "./facts/lists";
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

export const PERIOD_FILTER: ColumnFilter = {
  testId: "period-filter",
  label: "list.column.period",
  single: true,
  drawn: "words",
  values: () => PERIODS.map((value) => ({ value, label: text(`list.period.${value}`) })),
  word: (value) => {
    const period = PERIODS.find((known) => known === value);
    return period === undefined ? value : text(`list.period.${period}`);
  },
  chosen: ({ period }) => (period === null ? [] : [period]),
  toggled: ({ period }, value) => {
    const wanted = PERIODS.find((known) => known === value) ?? null;
    return { period: wanted === period ? null : wanted };
  },
};
