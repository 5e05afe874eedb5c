import { expect, test } from "vitest";
import { Latest } from "./latest";

type Answer = { give: (value: string) => void; refuse: (reason: unknown) => void };

function held(): { latest: Latest<string, [string]>; answers: Answer[] } {
  const answers: Answer[] = [];
  const latest = new Latest<string, [string]>(
    () => new Promise((give, refuse) => void answers.push({ give, refuse })),
  );
  return { latest, answers };
}

test("an answer that was overtaken is dropped, whichever comes first", async () => {
  const { latest, answers } = held();
  const slow = latest.load("one");
  const fast = latest.load("two");
  answers[1]?.give("second");
  await fast;
  answers[0]?.give("first");
  await slow;
  expect(latest.value).toBe("second");
  expect(latest.loading).toBe(false);
});

test("a failure leaves what is known and says why; the next answer ends it", async () => {
  const { latest, answers } = held();
  latest.set("known");
  const failing = latest.load("one");
  answers[0]?.refuse({ key: "busy", values: {}, field: null });
  await failing;
  expect([latest.value, latest.error]).toEqual(["known", "busy"]);
  const silent = latest.load("two");
  answers[1]?.refuse(new Error(""));
  await silent;
  expect(latest.error).toBe("");
  const better = latest.load("three");
  answers[2]?.give("new");
  await better;
  expect([latest.value, latest.error]).toEqual(["new", null]);
});

test("what somebody else brought is not overwritten by an older answer", async () => {
  const { latest, answers } = held();
  const asked = latest.load("one");
  latest.set("saved");
  answers[0]?.give("before");
  await asked;
  expect(latest.value).toBe("saved");
});
