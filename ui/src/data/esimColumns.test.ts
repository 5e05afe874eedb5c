import { expect, test } from "vitest";
import { ESIM_COLUMNS } from "../host";
import { COLUMN_FILTERS, COLUMN_IDS, column, sortRule, USUAL_COLUMNS } from "./esimColumns";
import { DEFAULT_FILTER } from "./esimFilters";

test("what the program sorts by, filters by and writes for a column is what the window shows of it", () => {
  for (const id of COLUMN_IDS) {
    const { sort, filter, exported, label } = column(id);
    const told = ESIM_COLUMNS[id];
    expect([id, filter?.part ?? null]).toEqual([id, told.filter]);
    expect([sort?.by ?? null, Object.keys(exported), label]).toEqual([told.sort, told.exported, told.label]);
  }
});

test("what the list is sorted by at first is a column that is shown at first", () => {
  const { by } = sortRule(DEFAULT_FILTER.sort);
  expect(USUAL_COLUMNS.some((id) => column(id).sort?.by === by)).toBe(true);
});

test("a filter takes back what it chose", () => {
  for (const filter of COLUMN_FILTERS) {
    const [first] = filter.values(null, DEFAULT_FILTER);
    if (first === undefined) throw new Error("a filter without values");
    const chosen = { ...DEFAULT_FILTER, ...filter.toggled(DEFAULT_FILTER, first.value) };
    expect(filter.chosen(chosen)).toEqual([first.value]);
    expect(filter.word(first.value)).toBe(first.label);
    expect({ ...chosen, ...filter.toggled(chosen, first.value) }).toEqual(DEFAULT_FILTER);
  }
});
