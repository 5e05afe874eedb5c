import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import type { CatchUpState } from "../../host";
import { RecordedHost } from "../../testing/host";
import { catchUp, said } from "../../testing/samples";
import { click, expectAccessible, openWindow, press } from "../../testing/window";

const MORNING_MS = Date.UTC(2026, 10, 23, 6, 43, 0);
const RUNNING = { esimId: null, listed: true, planned: 500, done: 120 };

async function open(state: Partial<CatchUpState>): Promise<RecordedHost> {
  const host = new RecordedHost();
  await openWindow(host);
  host.tell({ kind: "catchUp", state: catchUp(state) });
  await click("nav-connection");
  await screen.findByTestId("api-token-state");
  return host;
}

const type = (value: string): Promise<boolean> =>
  fireEvent.input(screen.getByTestId("api-token-input"), { target: { value } });

const result = (): string => document.getElementById("api-token-result")?.textContent.trim() ?? "";

test("without a token it is said what is missing, where it is made, and nothing can be asked for", async () => {
  await open({ token: "none" });
  expect(screen.getByTestId("api-token-state").textContent).toContain("can't be asked for");
  expect(result()).toContain("API Keys");
  for (const id of ["api-token-try", "api-token-remove", "catch-up-state"]) {
    expect(screen.queryByTestId(id)).toBeNull();
  }
  await expectAccessible();
});

test("a token that is saved is tried at once, and its field is emptied", async () => {
  const host = await open({ token: "none" });
  await type(" tok_1 ");
  await click("api-token-save");
  await waitFor(() => expect(result()).toBe("Saved, and Roamify takes the token."));
  expect(host.set).toEqual([" tok_1 "]);
  const field = screen.getByTestId<HTMLInputElement>("api-token-input");
  await waitFor(() => expect(field.value).toBe(""));
});

test("that the token is taken is told until a run finds that it is not", async () => {
  const host = await open({ token: "keyring" });
  const done = {
    requests: 1,
    esims: 0,
    found: 0,
    new: 0,
    tookMs: 300,
    problems: [REFUSED],
    needsSomebody: true,
    first: false,
    listedOtherwise: null,
  };
  const refusedAt = (endedAtMs: number, running: CatchUpState["running"] = null): void =>
    host.tell({ kind: "catchUp", state: catchUp({ running, last: { endedAtMs, done } }) });
  const told = (): Element | null => screen.queryByText("Roamify takes the token.");
  refusedAt(MORNING_MS - 60_000);
  await click("api-token-try");
  await waitFor(() => expect(told()).not.toBeNull());
  // It is told again with each step of another run.
  refusedAt(MORNING_MS - 60_000, RUNNING);
  await screen.findByTestId("catch-up-progress");
  expect(told()).not.toBeNull();
  refusedAt(MORNING_MS);
  await waitFor(() => expect(told()).toBeNull());
});

const REFUSED = said("Roamify refused the API token: was it rotated in the portal?");
const resultState = (): string | undefined => document.getElementById("api-token-result")?.className;

test("a token that is refused does not replace the one before, unless somebody wants it", async () => {
  const host = await open({ token: "keyring" });
  host.tokenProblem = { problem: REFUSED, refused: true };
  await type("tok_old");
  await click("api-token-save");
  await waitFor(() =>
    expect(result()).toMatch(/^The token is not saved, and the one before stays\. Roamify ref/),
  );
  expect(resultState()).toContain("warned");
  expect(host.set).toEqual([]);
  const field = screen.getByTestId<HTMLInputElement>("api-token-input");
  expect(field.value).toBe("tok_old");
  await expectAccessible();
  screen.getByTestId("api-token-anyway").focus();
  await click("api-token-anyway");
  await waitFor(() => expect(result()).toContain("Saved. Roamify refused the API token"));
  expect(resultState()).toContain("warned");
  expect(host.set).toEqual(["tok_old"]);
  expect(screen.queryByTestId("api-token-anyway")).toBeNull();
  await waitFor(() => expect(document.activeElement).toBe(field));
  // Another one is tried anew.
  await type("tok_older");
  await click("api-token-save");
  await screen.findByTestId("api-token-anyway");
  await type("tok_oldest");
  await waitFor(() => expect(screen.queryByTestId("api-token-anyway")).toBeNull());
});

test("a token that can't be tried is saved with a warning", async () => {
  const host = await open({ token: "none" });
  host.tokenProblem = { problem: said("Roamify can't be reached."), refused: false };
  await type("tok_1");
  await click("api-token-save");
  await waitFor(() =>
    expect(result()).toBe("Saved, but the token could not be tried. Roamify can't be reached."),
  );
  expect(resultState()).toContain("warned");
  expect(host.set).toEqual(["tok_1"]);
});

test("whoever works by keyboard stays where they are while something is asked", async () => {
  const host = await open({});
  const at = (id: string): HTMLElement => screen.getByTestId(id);
  at("api-token-try").focus();
  host.hold = true;
  await click("api-token-try");
  expect(at("api-token-try").matches(":disabled")).toBe(false);
  await click("api-token-try");
  host.hold = false;
  host.release();
  await waitFor(() => expect(at("api-token-trial").textContent).toContain("takes the token"));
  expect(host.acts).toEqual([["try token"]]);
  expect(document.activeElement).toBe(at("api-token-try"));
  at("catch-up-run").focus();
  host.tell({ kind: "catchUp", state: catchUp({ running: RUNNING }) });
  await waitFor(() => expect(document.activeElement).toBe(at("catch-up-cancel")));
  host.tell({ kind: "catchUp", state: catchUp() });
  await waitFor(() => expect(document.activeElement).toBe(at("catch-up-run")));
});

test("a catch-up that could not begin says so wherever somebody is, and never that nothing was missing", async () => {
  const done = {
    requests: 1,
    esims: 0,
    found: 0,
    new: 0,
    tookMs: 900,
    problems: [REFUSED],
    needsSomebody: true,
    first: false,
    listedOtherwise: null,
  };
  const host = await open({ last: { endedAtMs: MORNING_MS, done } });
  const last = screen.getByTestId("catch-up-last");
  expect(last.textContent).toMatch(/Not caught up.*1 request in 1 sec/s);
  expect(last.textContent).not.toMatch(/missing|eSIMs at/);
  expect(screen.getByTestId("line-catch-up-stands").textContent).toContain("refused the API token");
  await click("nav-today");
  const told = await screen.findByTestId("today-catch-up-stands");
  expect(told.textContent).toMatch(/stands still.*refused the API token/s);
  await expectAccessible();
  const midway = { ...done, esims: 104, found: 300, new: 12 };
  host.tell({ kind: "catchUp", state: catchUp({ last: { endedAtMs: MORNING_MS, done: midway } }) });
  await click("line-catch-up-stands");
  await waitFor(() => expect(screen.getByTestId("catch-up-last").textContent).toContain("Caught up in part"));
  // While it is tried again, and where somebody gave it up, nothing stands still.
  for (const state of [{ running: RUNNING }, { token: "none" as const }]) {
    host.tell({ kind: "catchUp", state: catchUp({ last: { endedAtMs: MORNING_MS, done }, ...state }) });
    await waitFor(() => expect(screen.queryByTestId("line-catch-up-stands")).toBeNull());
    host.tell({ kind: "catchUp", state: catchUp({ last: { endedAtMs: MORNING_MS, done } }) });
    await screen.findByTestId("line-catch-up-stands");
  }
});

test("a clock that is wrong is told with what to do, until it is right", async () => {
  const host = await open({ clockAheadMinutes: 62 });
  expect((await screen.findByTestId("clock-off")).textContent).toContain(
    "1 hr 2 min ahead of Roamify's. Set it right",
  );
  await expectAccessible();
  host.tell({ kind: "catchUp", state: catchUp({ clockAheadMinutes: -25 }) });
  await waitFor(() => expect(screen.getByTestId("clock-off").textContent).toContain("25 min behind"));
  // Wherever somebody is, the line at the bottom leads here.
  expect(screen.getByTestId("line-clock").textContent.trim()).toBe("This computer's clock is wrong");
  host.tell({ kind: "catchUp", state: catchUp() });
  await waitFor(() => expect(screen.queryByTestId("clock-off")).toBeNull());
  expect(screen.queryByTestId("line-clock")).toBeNull();
});

test("a token that is kept can be tried, replaced and removed, and is never shown", async () => {
  const host = await open({ token: "keyring" });
  await click("api-token-try");
  const trial = screen.getByTestId("api-token-trial");
  await waitFor(() => expect(trial.textContent).toContain("Roamify takes the token."));
  host.tokenRefused = said("Roamify can't be reached.");
  await click("api-token-try");
  await waitFor(() => expect(trial.textContent).toContain("Roamify can't be reached."));
  await click("api-token-remove");
  expect(host.set).toEqual([]);
  await click("api-token-remove-yes");
  await waitFor(() => expect(host.set).toEqual([null]));
  expect(trial.textContent.trim()).toBe("");
});

test("a token from the environment is said and can't be changed", async () => {
  await open({ token: "environment" });
  expect(screen.getByTestId("api-token-state").textContent).toContain("ESIM_WATCH_API_TOKEN");
  expect(screen.queryByTestId("api-token-input")).toBeNull();
  expect(screen.queryByTestId("api-token-remove")).toBeNull();
  expect(screen.getByTestId("api-token-try")).toBeTruthy();
});

test("the rate is set beside the token, within its bounds", async () => {
  const host = await open({ rate: { perSecond: 2, fixed: false } });
  const field = screen.getByTestId<HTMLInputElement>("api-rate-input");
  const said = (): string => document.getElementById("api-rate-result")?.textContent.trim() ?? "";
  expect(field.value).toBe("2");
  expect(said()).toContain("From 0.1 to 10");
  for (const wrong of ["", "0", "0.05", "11", "-1", "two", "1e1", "1.000", "2,000"]) {
    await fireEvent.input(field, { target: { value: wrong } });
    await click("api-rate-save");
    expect(said()).toBe("Write a number from 0.1 to 10.");
  }
  expect(host.acts).toEqual([]);
  for (const written of ["0,5", " 10 "]) {
    await fireEvent.input(field, { target: { value: written } });
    await click("api-rate-save");
    await waitFor(() => expect(said()).toBe("Saved."));
  }
  expect(host.acts).toEqual([
    ["set rate", "0.5"],
    ["set rate", "10"],
  ]);
  await expectAccessible();
});

test("a rate that is being written is not overwritten while the catch-up tells how far it is", async () => {
  const host = await open({ rate: { perSecond: 2, fixed: false } });
  const field = screen.getByTestId<HTMLInputElement>("api-rate-input");
  await fireEvent.input(field, { target: { value: "7" } });
  host.tell({ kind: "catchUp", state: catchUp({ rate: { perSecond: 2, fixed: false }, running: RUNNING }) });
  await screen.findByTestId("catch-up-progress");
  expect(field.value).toBe("7");
  host.tell({ kind: "catchUp", state: catchUp({ rate: { perSecond: 3, fixed: false } }) });
  await waitFor(() => expect(field.value).toBe("3"));
});

test("a rate from the environment is said and can't be changed", async () => {
  const host = await open({ rate: { perSecond: 0.5, fixed: true } });
  expect(screen.queryByTestId("api-rate-input")).toBeNull();
  const told = screen.getByTestId("api-rate-fixed");
  expect(told.textContent).toContain("(ESIM_WATCH_API_RATE): 0.5 at most");
  host.tell({ kind: "catchUp", state: catchUp({ rate: { perSecond: null, fixed: true } }) });
  await waitFor(() => expect(told.textContent).toContain("Correct ESIM_WATCH_API_RATE"));
});

test("a catch-up shows plan and progress, and can be stopped", async () => {
  const host = await open({ running: { ...RUNNING, listed: false } });
  const progress = screen.getByTestId("catch-up-progress");
  expect(progress.textContent).toContain("which eSIMs there are");
  host.tell({ kind: "catchUp", state: catchUp({ running: RUNNING }) });
  await waitFor(() => expect(progress.textContent).toContain("120 of 500 eSIMs asked for"));
  expect(progress.textContent).toContain("380 left");
  expect(screen.getByRole<HTMLProgressElement>("progressbar", { name: "Catch-up" }).value).toBe(0.24);
  expect(screen.getByTestId("line-catch-up").textContent).toContain("120 of 500");
  await expectAccessible();
  await click("catch-up-cancel");
  expect(host.acts).toEqual([["cancel catch-up"]]);
});

test("the last one is told with its time, figures and problems in words", async () => {
  const problem = said("Roamify refused the API token: was it rotated in the portal?");
  const done = {
    requests: 1004,
    esims: 500,
    found: 2100,
    new: 1,
    tookMs: 502_000,
    problems: [],
    needsSomebody: false,
    first: false,
    listedOtherwise: null,
  };
  const host = await open({ last: { endedAtMs: MORNING_MS, done } });
  const last = screen.getByTestId("catch-up-last");
  expect(last.textContent).toContain("1 missed event was added");
  expect(last.textContent).toContain("500 eSIMs at Roamify, 1,004 requests in 8 min 22 sec");
  expect(screen.queryByTestId("catch-up-problems")).toBeNull();
  const partly = { endedAtMs: MORNING_MS, done: { ...done, problems: [problem] } };
  host.tell({ kind: "catchUp", state: catchUp({ last: partly }) });
  await waitFor(() => expect(screen.getByTestId("catch-up-problems").textContent).toContain("rotated"));
  expect(last.textContent).toContain("Caught up in part");
  // It passes by itself.
  expect(screen.queryByTestId("line-catch-up-stands")).toBeNull();
});

test("what was asked for by hand says what came of it", async () => {
  const host = await open({});
  await click("catch-up-run");
  expect(await screen.findByText("3 missed events were added")).toBeTruthy();
  host.caughtUp = { ...host.caughtUp, problems: [said("Roamify can't be reached.")] };
  await click("catch-up-run");
  expect(await screen.findByText("Roamify can't be reached.")).toBeTruthy();
  expect(host.acts).toEqual([["catch up"], ["catch up"]]);
});

test("the palette catches up, stops it, and without a token leads to where it is set", async () => {
  const host = new RecordedHost();
  await openWindow(host);
  const chosen = async (): Promise<void> => {
    await press("k", document.body);
    await fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
    await fireEvent.click(await screen.findByTestId("palette-catchUp"));
  };
  host.tell({ kind: "catchUp", state: catchUp() });
  await chosen();
  await waitFor(() => expect(host.acts).toEqual([["catch up"]]));
  host.tell({ kind: "catchUp", state: catchUp({ running: RUNNING }) });
  await chosen();
  await waitFor(() => expect(host.acts.at(-1)).toEqual(["cancel catch-up"]));
  host.tell({ kind: "catchUp", state: catchUp({ token: "none" }) });
  await chosen();
  expect(await screen.findByTestId("catch-up")).toBeTruthy();
});

test("while the API fails nobody is told that all is well", async () => {
  const done = {
    requests: 9,
    esims: 0,
    found: 0,
    new: 0,
    tookMs: 60_000,
    problems: [REFUSED],
    needsSomebody: false,
    first: false,
    listedOtherwise: null,
  };
  const host = await open({ last: { endedAtMs: MORNING_MS, done } });
  expect(screen.getByTestId("line-catch-up-failed").title).toContain("refused the API token");
  await click("nav-today");
  const calm = await screen.findByTestId("attention-none");
  expect(calm.textContent).toContain("the last catch-up brought nothing");
  expect(screen.getByTestId("line-catch-up-failed").textContent.trim()).toBe("Not caught up");
  expect(calm.textContent).not.toContain("All well");
  await expectAccessible();
  // What brought something did not fail, and is not all.
  host.tell({
    kind: "catchUp",
    state: catchUp({ last: { endedAtMs: MORNING_MS, done: { ...done, esims: 12 } } }),
  });
  await waitFor(() => expect(screen.queryByTestId("line-catch-up-failed")).toBeNull());
  expect(calm.textContent).toContain("the last catch-up is not complete");
  // One that is under way may bring it; where there is no token nothing was left out.
  for (const [state, says] of [
    [{ running: RUNNING, last: { endedAtMs: MORNING_MS, done } }, "Roamify is being asked"],
    [{ token: "none" as const, last: { endedAtMs: MORNING_MS, done } }, "All well"],
  ] as const) {
    host.tell({ kind: "catchUp", state: catchUp(state) });
    await waitFor(() => expect(calm.textContent).toContain(says));
    expect(screen.queryByTestId("line-catch-up-failed")).toBeNull();
  }
});
