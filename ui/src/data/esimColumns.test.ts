import { expect, test } from "vitest";
import { text } from "../locales";
import { COLUMN_FILTERS, COLUMN_IDS, column, EXPORT_HEADINGS, sortRule, USUAL_COLUMNS } from "./esimColumns";
import { DEFAULT_FILTER } from "./esimFilters";

test("every column that is written has a place of its own, without a gap", () => {
  const places = COLUMN_IDS.flatMap((id) => column(id).exported?.place ?? []).sort((a, b) => a - b);
  expect(places).toEqual(places.map((_, index) => index));
});

test("headings stand in the order in which the program writes", () => {
  expect(EXPORT_HEADINGS.map((key) => text(key)).slice(0, 6)).toEqual(
    ["traveller", "reference", "iccid", "esimId", "status"]
      .map((id) => text(column(id as "iccid").label))
      .concat(text("export.since")),
  );
  expect(EXPORT_HEADINGS.slice(-3)).toEqual(["traveller.tripStart", "traveller.tripEnd", "traveller.tags"]);
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
