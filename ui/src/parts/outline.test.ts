import { Smartphone, TimerOff } from "lucide";
import { expect, it } from "vitest";
import { outline } from "./outline";

it("draws each shape where the icon has it", () => {
  expect(outline(Smartphone)).toBe(
    "M7 2h10a2 2 0 0 1 2 2v16a2 2 0 0 1 -2 2h-10a2 2 0 0 1 -2 -2v-16a2 2 0 0 1 2 -2zM0 0M12 18h.01",
  );
  expect(outline([["circle", { cx: "12", cy: "12", r: "10" }]])).toBe(
    "M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0z",
  );
  expect(outline([["polyline", { points: "22 12 16 12 14 15" }]])).toBe("M22 12 16 12 14 15");
  expect(outline([["line", { x1: "10", x2: "14", y1: "15", y2: "9" }]])).toBe("M10 15L14 9");
});

it("begins a relative path at the corner, wherever the path before it ended", () => {
  expect(outline(TimerOff)).toContain("M0 0m2 2 20 20");
});

it("does not leave out a shape that it does not know", () => {
  expect(() => outline([["polygon", { points: "0,0 1,1" }]])).toThrow("polygon");
});
