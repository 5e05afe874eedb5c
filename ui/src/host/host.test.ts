import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { afterEach, expect, test } from "vitest";
import { counts, health } from "../testing/samples";
import { type EsimQuery, messageOf, tauriHost, type Update } from ".";

afterEach(() => clearMocks());

/** The channel's callback is found by the id that the command got. */
function sendOn(channel: unknown, index: number, message: Update): void {
  const id = Number(String(channel).replace("__CHANNEL__:", ""));
  const internals = Reflect.get(window, "__TAURI_INTERNALS__") as {
    runCallback(id: number, data: unknown): void;
  };
  internals.runCallback(id, { index, message });
}

test("updates are handed on in the order in which they were sent", async () => {
  let channel: unknown;
  mockIPC((command, args) => {
    if (command === "watch") channel = (args as { updates: { toJSON(): string } }).updates.toJSON();
    return null;
  });
  const kinds: string[] = [];
  await tauriHost.watch((update) => kinds.push(update.kind));

  sendOn(channel, 1, { kind: "health", health: health() });
  sendOn(channel, 0, { kind: "snapshot", counts: counts(), recent: [], health: health() });

  expect(kinds).toEqual(["snapshot", "health"]);
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
    throw { message: "Port 47615 is in use." };
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
  expect(messageOf("refused")).toBe("refused");
});
