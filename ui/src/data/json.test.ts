import { expect, test } from "vitest";
import { layOut } from "./json";

test("a payload is laid out over lines", () => {
  expect(layOut('{"a":[1, 2],"b":{ },"c":"x"}')).toBe(
    '{\n  "a": [\n    1,\n    2\n  ],\n  "b": {},\n  "c": "x"\n}',
  );
});

test("a number of 20 digits stays the number that arrived", () => {
  expect(layOut('{"iccid":89445001021983048261}')).toContain("89445001021983048261");
});

test("brackets, quotes and commas inside of texts are left alone", () => {
  const text = String.raw`{"a":"[{,:}] \" \\","b":"<script>"}`;
  expect(JSON.parse(layOut(text))).toEqual(JSON.parse(text));
  expect(layOut(text).split("\n").length).toBe(4);
});

test("a text of any depth stays about as long as it came", () => {
  const deep = `${"[".repeat(60_000)}1,2${"]".repeat(60_000)}`;
  const laidOut = layOut(deep);
  expect(laidOut.length).toBeLessThan(deep.length + 5000);
  expect(laidOut.replaceAll(/\s/g, "")).toBe(deep);
});

test("repeated names are kept", () => {
  expect(layOut('{"a":1,"a":2}')).toBe('{\n  "a": 1,\n  "a": 2\n}');
});

test("what is no JSON comes back as it is", () => {
  expect(layOut("{oops")).toBe("{oops");
  expect(layOut("")).toBe("");
});
