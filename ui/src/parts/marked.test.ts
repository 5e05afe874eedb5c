import { expect, test } from "vitest";
import { namedFirst } from "../data/marks";
import { esim } from "../testing/samples";
import { marked } from "./marked";

/** Draws these one after the other into one element, as a recycled row does. */
function drawn(...turns: { words: string; search: string }[]): {
  element: HTMLElement;
  nodes: ChildNode[][];
} {
  const element = document.createElement("bdi");
  const [first, ...others] = turns;
  const action = marked(element, first ?? { words: "", search: "" });
  const nodes = [[...element.childNodes]];
  for (const turn of others) {
    action?.update?.(turn);
    nodes.push([...element.childNodes]);
  }
  return { element, nodes };
}

test("what was searched is marked", () => {
  const { element } = drawn({ words: "trip-4711", search: "47" });
  expect(element.innerHTML).toBe("trip-<mark>47</mark>11");
});

test("another row that is marked alike is written into the same elements", () => {
  const { element, nodes } = drawn(
    { words: "trip-1", search: "trip" },
    { words: "trip-200", search: "trip-" },
    { words: "TRIP-3", search: "trip-" },
  );
  expect(element.innerHTML).toBe("<mark>TRIP-</mark>3");
  expect(nodes[2]).toHaveLength(2);
  expect(nodes[2]?.every((node, at) => node === nodes[0]?.[at])).toBe(true);
});

test.each([
  ["trip-1", "", "1-trip", "trip", "1-<mark>trip</mark>"],
  ["trip-1", "trip", "1-trip", "trip", "1-<mark>trip</mark>"],
  ["trip-1", "trip", "trip", "trip", "<mark>trip</mark>"],
  ["trip-1", "trip", "trip-1", "", "trip-1"],
  ["trip", "trip", "trip", "", "trip"],
  ["trip", "", "trip", "trip", "<mark>trip</mark>"],
  ["trip-1", "trip", "", "", ""],
  ["", "", "<b>", "b", "&lt;<mark>b</mark>&gt;"],
])("from %j with %j to %j with %j", (words, search, laterWords, laterSearch, html) => {
  const { element } = drawn({ words, search }, { words: laterWords, search: laterSearch });
  expect(element.innerHTML).toBe(html);
});

test("whom the search names comes before whom it found by a contact or a note", () => {
  const rows = [
    esim({ key: "by-mail", traveller: "Jürgen Müller" }),
    esim({ key: "by-name", traveller: "François Lefèvre" }),
  ];
  expect(namedFirst(rows, "lefev").map(({ key }) => key)).toEqual(["by-name", "by-mail"]);
  expect(namedFirst(rows, "")).toBe(rows);
});
