import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { afterEach, expect, test, vi } from "vitest";
import { counts, health, said, summary } from "../testing/samples";
import { type EsimQuery, messageOf, tauriHost, type Update } from ".";

afterEach(() => {
  clearMocks();
  vi.unstubAllGlobals();
});

test("updates are handed on in order; after the first question only what is new is asked for", async () => {
  const asked: unknown[] = [];
  const answers: Update[][] = [
    [
      { kind: "snapshot", counts: counts(), recent: [], health: health() },
      { kind: "alerts", summary: summary() },
    ],
    [],
    [{ kind: "health", health: health() }],
  ];
  mockIPC((command, args) => {
    asked.push([command, args]);
    const answer = answers.shift();
    if (answer === undefined) throw said("The program ends.");
    return answer;
  });
  const kinds: string[] = [];
  await expect(tauriHost.watch((update) => kinds.push(update.kind))).rejects.toEqual(
    said("The program ends."),
  );
  expect(kinds).toEqual(["snapshot", "alerts", "health"]);
  expect(asked).toEqual([true, false, false, false, true].map((first) => ["updates", { first }]));
});

test("after an answer that was lost it begins anew with all that there is", async () => {
  const snapshot: Update = { kind: "snapshot", counts: counts(), recent: [], health: health() };
  const answers: (Update[] | "lost")[] = [[snapshot], "lost", [snapshot], []];
  const asked: unknown[] = [];
  mockIPC((_, args) => {
    asked.push(args);
    const answer = answers.shift();
    if (answer === undefined || answer === "lost") throw said("No answer.");
    return answer;
  });
  const kinds: string[] = [];
  const watched = tauriHost.watch((update) => kinds.push(update.kind));
  await expect(watched).rejects.toEqual(said("No answer."));
  expect(kinds).toEqual(["snapshot", "snapshot"]);
  expect(asked).toEqual([true, false, true, false, false, true].map((first) => ({ first })));
});

test("an update that can't be drawn is told, and the next one is handed on all the same", async () => {
  const answers: Update[][] = [
    [{ kind: "health", health: health() }],
    [{ kind: "health", health: health() }],
  ];
  mockIPC(() => {
    const answer = answers.shift();
    if (answer === undefined) throw said("The program ends.");
    return answer;
  });
  const told: unknown[] = [];
  vi.stubGlobal("reportError", (error: unknown) => told.push(error));
  let seen = 0;
  const broken = new Error("broken");
  const watched = tauriHost.watch(() => {
    seen += 1;
    if (seen === 1) throw broken;
  });
  await expect(watched).rejects.toEqual(said("The program ends."));
  expect([seen, told]).toEqual([2, [broken]]);
});

test("a list query goes to Rust as it is", async () => {
  const asked: unknown[] = [];
  mockIPC((command, args) => {
    asked.push([command, args]);
    return { total: 0, offset: 0, rows: [] };
  });
  const query: EsimQuery = {
    filter: {
      search: "83 0482",
      statuses: ["EXPIRED"],
      attention: false,
      happened: null,
      period: null,
      sort: "end",
      descending: false,
    },
    offset: 100,
    limit: 100,
  };
  await tauriHost.esims(query);
  expect(asked).toEqual([["esims", { query }]]);
});

test("what a command throws is shown in its own words", async () => {
  mockIPC(() => {
    throw said("Port 47615 is in use.");
  });
  const error: unknown = await tauriHost.setPort(47_615).catch((thrown: unknown) => thrown);
  expect(messageOf(error)).toBe("Port 47615 is in use.");
});

test("something thrown without words has no message", () => {
  expect([messageOf(null), messageOf({}), messageOf(""), messageOf({ message: 7 })]).toEqual([
    null,
    null,
    null,
    null,
  ]);
  expect(messageOf("refused")).toContain("“refused”");
});
