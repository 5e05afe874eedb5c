import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import type { Update } from "../../host";
import { RecordedHost } from "../../testing/host";
import { counts, esim, esims, health, NOW_MS, said } from "../../testing/samples";
import { click, expectAccessible, openWindow, press } from "../../testing/window";

async function openList(host = new RecordedHost(), rows = 500): Promise<RecordedHost> {
  host.rows = host.rows.length > 0 ? host.rows : esims(rows);
  await openWindow(host);
  await click("nav-esims");
  await screen.findAllByTestId("esim-row");
  return host;
}

const keys = (): (string | undefined)[] => screen.getAllByTestId("esim-row").map((row) => row.dataset["key"]);
const changed = (...rows: ReturnType<typeof esim>[]): Update => ({
  kind: "changed",
  counts: counts(),
  events: [],
  esims: rows,
  replaced: [],
  health: health(),
});
async function type(text: string): Promise<void> {
  await fireEvent.input(screen.getByTestId("esim-search"), { target: { value: text } });
}

test("only the rows in view exist, and the total is told", async () => {
  await openList();
  expect(keys()[0]).toBe("esim-0");
  expect(keys().length).toBeLessThan(60);
  expect(screen.getByTestId("esim-list-total").textContent.trim()).toBe("500 eSIMs");
  expect(screen.getByRole("grid").getAttribute("aria-rowcount")).toBe("501");
  await expectAccessible();
});

test("typing asks Rust, and the text goes as it was typed", async () => {
  const host = await openList();
  await type("TRIP-49");
  await waitFor(() => expect(keys()).toEqual(expect.arrayContaining(["esim-49", "esim-490"])));
  expect(host.queries.at(-1)?.filter.search).toBe("TRIP-49");
});

test("a search without a match says so and leads back to all", async () => {
  await openList();
  await type("nobody");
  await screen.findByText("No eSIM matches “nobody”");
  await fireEvent.click(screen.getByText("Show all"));
  await screen.findAllByTestId("esim-row");
  expect(screen.getByTestId<HTMLInputElement>("esim-search").value).toBe("");
});

test("a header sorts, a second click turns the order, and assistive technology is told", async () => {
  const host = await openList();
  const header = (): HTMLElement => screen.getByRole("columnheader", { name: /ICCID/ });
  expect(header().getAttribute("aria-sort")).toBe("none");
  await fireEvent.click(header().querySelector("button") ?? document.body);
  await waitFor(() => expect(header().getAttribute("aria-sort")).toBe("ascending"));
  await fireEvent.click(header().querySelector("button") ?? document.body);
  await waitFor(() => expect(header().getAttribute("aria-sort")).toBe("descending"));
  expect(host.queries.at(-1)).toMatchObject({ filter: { sort: "iccid", descending: true }, offset: 0 });
});

test("a change is drawn in place; what would move waits for a click", async () => {
  const host = await openList();
  const before = keys();
  const row = esim({ ...host.rows[2], status: "EXPIRED", lastEventAt: NOW_MS / 1000 + 5 });
  host.tell(changed(row));
  const pending = await screen.findByTestId("list-pending");
  expect(pending.textContent.trim()).toBe("1 change – show");
  expect(keys()).toEqual(before);
  expect(screen.getAllByTestId("esim-row")[2]?.dataset["status"]).toBe("EXPIRED");
  host.rows = [row, ...host.rows.filter(({ key }) => key !== row.key)];
  await fireEvent.click(pending);
  await waitFor(() => expect(keys()[0]).toBe("esim-2"));
  expect(screen.queryByTestId("list-pending")).toBeNull();
});

test("the keyboard searches, moves, opens and comes back to the same row", async () => {
  const host = await openList();
  host.details.set("esim-2", {
    esim: esim({ key: "esim-2" }),
    next: "nothing",
    events: [],
    profile: [],
    lifeEndsAt: null,
    packages: [],
    sameOrder: [],
  });
  await press("/");
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("esim-search")));
  await press("ArrowDown", screen.getByTestId("esim-search"));
  const grid = screen.getByRole("grid");
  expect(document.activeElement).toBe(grid);
  await press("ArrowDown", grid);
  await press("ArrowDown", grid);
  expect(grid.getAttribute("aria-activedescendant")).toBe("esim-row-2");
  await press("Enter", grid);
  await waitFor(() => expect(host.opened).toEqual(["esim-2"]));
  await press("Escape");
  await screen.findByRole("grid");
  expect(grid.ownerDocument.querySelector("[data-active]")?.id).toBe("esim-row-2");
});

test("Enter in the search opens the first match", async () => {
  const host = await openList();
  const search = screen.getByTestId("esim-search");
  await type("TRIP-123");
  await press("Enter", search);
  await waitFor(() => expect(host.opened).toEqual(["esim-123"]));
});

test("Enter waits for the answer to what was typed", async () => {
  const host = await openList();
  host.hold = true;
  await type("TRIP-77");
  await waitFor(() => expect(host.queries.at(-1)?.filter.search).toBe("TRIP-77"));
  await press("Enter", screen.getByTestId("esim-search"));
  expect(host.opened).toEqual([]);
  host.hold = false;
  host.release();
  await waitFor(() => expect(host.opened).toEqual(["esim-77"]));
});

test("a list that is looked at again is complete", async () => {
  const host = await openList();
  await click("nav-today");
  host.rows = [esim({ key: "new", lastEventAt: NOW_MS / 1000 + 9 }), ...host.rows];
  host.tell(changed(esim({ key: "new", eventCount: 1 })));
  await click("nav-esims");
  await waitFor(() => expect(keys()[0]).toBe("new"));
});

test("a list that can't be loaded says why and tries again", async () => {
  const host = new RecordedHost();
  host.rows = esims(2);
  await openWindow(host);
  host.failure = said("The database is busy.");
  await click("nav-esims");
  await screen.findByText("The database is busy.");
  host.failure = null;
  await fireEvent.click(screen.getByText("Try again"));
  await screen.findAllByTestId("esim-row");
});

test("rows with nothing known and with odd texts are drawn", async () => {
  const host = new RecordedHost();
  const nothing = {
    iccid: null,
    referenceId: null,
    statusSince: null,
    start: null,
    end: null,
    lastEventAt: null,
  };
  host.rows = [
    esim({ key: "a", ...nothing, esimId: null, status: "" }),
    esim({ key: "b", referenceId: "<script>alert(1)</script>".repeat(8), status: "SUSPENDED", end: 9e15 }),
    esim({ key: "c", referenceId: "رحلة", dataUnlimited: true, dataRemainingMb: 0 }),
  ];
  await openList(host);
  expect(keys()).toEqual(["a", "b", "c"]);
  expect(screen.getByText("SUSPENDED")).toBeTruthy();
  expect(screen.getByText("Unlimited")).toBeTruthy();
  expect(document.querySelector("main script")).toBeNull();
  await expectAccessible();
});

test("rows are selected by key, and their ICCIDs are copied together", async () => {
  const host = await openList();
  await press("/");
  await press("ArrowDown", screen.getByTestId("esim-search"));
  const grid = screen.getByRole("grid");
  await press(" ", grid);
  await press("ArrowDown", grid);
  await fireEvent.keyDown(grid, { key: "ArrowDown", shiftKey: true });
  expect(screen.getByTestId("selection").textContent).toContain("2 selected");
  await fireEvent.keyDown(grid, { key: "a", ctrlKey: true });
  await waitFor(() => expect(screen.getByTestId("selection").textContent).toContain("500 selected"));
  await expectAccessible();
  await click("copy-iccids");
  await screen.findByText("500 ICCIDs copied.");
  expect(host.copied.at(-1)?.split("\n").length).toBe(500);
  await press("Escape", grid);
  expect(screen.queryByTestId("selection")).toBeNull();
});

test("the selected rows are copied as a table, too many of them are refused", async () => {
  const host = await openList();
  await press("/");
  await press("ArrowDown", screen.getByTestId("esim-search"));
  const grid = screen.getByRole("grid");
  await fireEvent.keyDown(grid, { key: "c", ctrlKey: true });
  await screen.findByText("1 row copied.");
  await press(" ", grid);
  await fireEvent.keyDown(grid, { key: "ArrowDown", shiftKey: true });
  await click("copy-rows");
  await screen.findByText("2 rows copied.");
  expect(host.copied.at(-1)).toMatch(/^Traveller\|Contact\|Order reference\|ICCID.* esim-0 esim-1$/);
  host.rows = Array.from({ length: 5001 }, (_, number) => esim({ key: `many-${number}` }));
  await fireEvent.keyDown(grid, { key: "a", ctrlKey: true });
  await waitFor(() => expect(screen.getByTestId("selection").textContent).toContain("5,001 selected"));
  const before = host.copied.length;
  await click("copy-rows");
  await screen.findByText("More than 5,000 rows are too many for the clipboard. Export them instead.");
  expect(host.copied.length).toBe(before);
});

test("a selection stays with its eSIM when the rows change places", async () => {
  const host = await openList();
  await press("ArrowDown", screen.getByTestId("esim-search"));
  await press(" ", screen.getByRole("grid"));
  const row = esim({ key: "new", lastEventAt: NOW_MS / 1000 + 5, eventCount: 1 });
  host.rows = [row, ...host.rows];
  host.tell(changed(row));
  await fireEvent.click(await screen.findByTestId("list-pending"));
  await waitFor(() => expect(keys()[0]).toBe("new"));
  const selected = screen.getAllByRole("row", { selected: true });
  expect(selected.map((one) => one.dataset["key"])).toEqual(["esim-0"]);
});

test("c copies the ICCID of the row that is marked, and says which", async () => {
  const host = await openList();
  await press("ArrowDown", screen.getByTestId("esim-search"));
  await press("c", screen.getByRole("grid"));
  expect(host.copied).toEqual(["08944500102198300000"]);
  await screen.findByText("ICCID 08944500102198300000 copied.");
});

test("what was searched is marked where it stands", async () => {
  await openList();
  await type("TRIP-49");
  await waitFor(() => expect(keys()).toContain("esim-49"));
  expect(document.querySelector("[data-key=esim-49] mark")?.textContent).toBe("TRIP-49");
});

test("the row under the pointer says in titles what its cells cut or round", async () => {
  await openList();
  const [first, second] = screen.getAllByTestId("esim-row");
  const titles = (row: HTMLElement | undefined): (string | null)[] =>
    [...(row?.querySelectorAll("[role=gridcell], time") ?? [])].map((cell) => cell.getAttribute("title"));
  await fireEvent.pointerEnter(first ?? document.body);
  expect(titles(first)).toContain("TRIP-0");
  expect(first?.querySelector("time")?.title).toMatch(/2026.*:.*:/);
  expect(titles(second).every((title) => title === null)).toBe(true);
  await fireEvent.pointerLeave(first ?? document.body);
  expect(titles(first).every((title) => title === null)).toBe(true);
});

test("columns are chosen, and kept by the program", async () => {
  const host = await openList();
  expect(screen.queryByRole("columnheader", { name: /Package/ })).toBeNull();
  const trigger = screen.getByTestId("columns");
  trigger.focus();
  await press("Enter", trigger);
  await fireEvent.click(await screen.findByTestId("columns-package"));
  await screen.findByRole("columnheader", { name: /Package/ });
  expect(host.choices.columns).toContain("package");
});

test("a column that comes into the list stands behind the one that is before it in the menu", async () => {
  const host = new RecordedHost();
  host.choices.columns = ["status", "iccid", "status", "no such column"];
  await openList(host);
  const trigger = screen.getByTestId("columns");
  trigger.focus();
  await press("Enter", trigger);
  await fireEvent.click(await screen.findByTestId("columns-since"));
  await waitFor(() => expect(host.choices.columns).toEqual(["status", "since", "iccid"]));
  for (const name of ["status", "iccid", "since"])
    await fireEvent.click(screen.getByTestId(`columns-${name}`));
  // The last one stays.
  await waitFor(() => expect(host.choices.columns).toEqual(["since"]));
});

test("Alt with an arrow moves a column among those that are shown, and says where it is", async () => {
  const host = new RecordedHost();
  host.choices.columns = ["iccid", "status", "lastEvent"];
  await openList(host);
  const trigger = screen.getByTestId("columns");
  trigger.focus();
  await press("Enter", trigger);
  const move = async (name: string, key: string): Promise<void> => {
    await fireEvent.keyDown(await screen.findByTestId(`columns-${name}`), { key, altKey: true });
  };
  await move("iccid", "ArrowDown");
  await waitFor(() => expect(host.choices.columns).toEqual(["status", "iccid", "lastEvent"]));
  await screen.findByText("ICCID is column 2 of 3");
  // At its end it stays, and one that is not shown has no place.
  await move("status", "ArrowUp");
  await move("lastEvent", "ArrowDown");
  await move("package", "ArrowUp");
  expect(host.choices.columns).toEqual(["status", "iccid", "lastEvent"]);
});

test("the palette finds eSIMs and what can be done", async () => {
  const host = await openList();
  host.details.set("esim-77", {
    esim: esim({ key: "esim-77" }),
    next: "nothing",
    events: [],
    profile: [],
    lifeEndsAt: null,
    packages: [],
    sameOrder: [],
  });
  await fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  const input = await screen.findByTestId("palette-input");
  await fireEvent.input(input, { target: { value: "TRIP-77" } });
  await screen.findByText(/eSIM$/);
  await fireEvent.click(await screen.findByTestId("palette-esim"));
  await waitFor(() => expect(host.opened).toEqual(["esim-77"]));
  await fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  await fireEvent.click(await screen.findByTestId("palette-alerts"));
  await screen.findByTestId("inbox");
});

test("the help shows every key, and letters mean nothing while it is open", async () => {
  await openList();
  await press("?");
  const help = await screen.findByTestId("help");
  expect(help.textContent).toContain("Copy the ICCID");
  await press("g");
  await press("t");
  expect(screen.getByTestId("esim-list")).toBeTruthy();
});

test("the list is exported, or what is selected of it, and the file can be shown", async () => {
  const host = await openList();
  await press("Enter", screen.getByTestId("export"));
  await fireEvent.click(await screen.findByTestId("export-xlsx"));
  await waitFor(() => expect(screen.getByTestId("export-one").dataset["state"]).toBe("done"));
  expect(host.exported.at(-1)?.what.kind).toBe("esims");
  expect(Object.keys(host.exported.at(-1)?.headings ?? {}).length).toBe(19);
  await waitFor(() => expect(screen.queryByRole("menu")).toBeNull());
  await expectAccessible();
  await click("show-in-folder");
  expect(host.acts.at(-1)?.[0]).toBe("show");
  await press("ArrowDown", screen.getByTestId("esim-search"));
  await press(" ", screen.getByRole("grid"));
  await press("Enter", screen.getByTestId("export"));
  await fireEvent.click(await screen.findByTestId("export-csv"));
  await waitFor(() => expect(host.exported.at(-1)?.what).toEqual({ kind: "selected", keys: ["esim-0"] }));
  // Of files that are finished the last one is shown: many would cover the page.
  await waitFor(() => expect(screen.getAllByTestId("export-one").length).toBe(1));
});

test("an export under way shows its progress, can be stopped and goes on on another screen", async () => {
  const host = await openList();
  host.hold = true;
  await press("Enter", screen.getByTestId("export"));
  await fireEvent.click(await screen.findByTestId("export-csv"));
  const bar = await screen.findByRole("progressbar");
  expect(bar.getAttribute("aria-valuemax")).toBe("3");
  await click("nav-today");
  expect(screen.getByTestId("export-one").dataset["state"]).toBe("running");
  host.hold = false;
  await click("cancel-export");
  expect(host.acts.at(-1)).toEqual(["cancel", 1]);
  host.failure = { ...said("The export was cancelled. No file was left behind."), field: null };
  host.release();
  await screen.findByText("The export was cancelled. No file was left behind.");
});

const field = (): HTMLInputElement => screen.getByTestId("esim-search");

test("the list has the focus when it is opened, unless somebody has gone to its search", async () => {
  await openList();
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("grid")));
  await click("nav-today");
  await press("/");
  await waitFor(() => expect(document.activeElement).toBe(field()));
  await screen.findAllByTestId("esim-row");
  expect(document.activeElement).toBe(field());
});

test("a slash begins another search, and Escape leaves it empty", async () => {
  await openList();
  field().focus();
  await type("TRIP-49");
  await waitFor(() => expect(keys()).toContain("esim-490"));
  screen.getByRole("grid").focus();
  await press("/");
  expect(document.activeElement).toBe(field());
  expect([field().selectionStart, field().selectionEnd]).toEqual([0, "TRIP-49".length]);
  await press("Escape", field());
  expect([field().value, document.activeElement]).toEqual(["", screen.getByRole("grid")]);
});

test("what is done with the selection stands below the rows, which stay where they are", async () => {
  await openList();
  await fireEvent.click(screen.getAllByTestId("esim-row")[0]?.querySelector("input") ?? document.body);
  const bar = await screen.findByTestId("selection");
  expect(screen.getByRole("grid").compareDocumentPosition(bar)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
});

test("what is pasted into the palette is marked, and Enter opens it", async () => {
  const host = await openList();
  await fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  const input = await screen.findByTestId("palette-input");
  await waitFor(() => expect(screen.getAllByTestId("palette-esim").length).toBeGreaterThan(1));
  await fireEvent.input(input, { target: { value: "TRIP-123" } });
  await waitFor(() => expect(screen.getAllByTestId("palette-esim").length).toBe(1));
  await waitFor(() => expect(screen.getByTestId("palette-esim").hasAttribute("data-selected")).toBe(true));
  await fireEvent.keyDown(input, { key: "Enter" });
  await waitFor(() => expect(host.opened).toEqual(["esim-123"]));
});

test("who is called as an action begins is opened, and no part of a name does anything", async () => {
  const host = await openList();
  host.rows = [...host.rows, esim({ key: "esim-named", traveller: "Ada Mute" })];
  await fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  const input = await screen.findByTestId("palette-input");
  await fireEvent.input(input, { target: { value: "Mute" } });
  await waitFor(() => expect(screen.getByTestId("palette-mute").hasAttribute("data-selected")).toBe(false));
  await waitFor(() => expect(screen.getByTestId("palette-esim").hasAttribute("data-selected")).toBe(true));
  await fireEvent.input(input, { target: { value: "lert" } });
  await waitFor(() => expect(screen.queryByTestId("palette-alerts")).toBeNull());
});

test("Enter in the palette waits for the answer to what was pasted", async () => {
  const host = await openList();
  await fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  const input = await screen.findByTestId("palette-input");
  await screen.findAllByTestId("palette-esim");
  host.hold = true;
  await fireEvent.input(input, { target: { value: "TRIP-77" } });
  await fireEvent.keyDown(input, { key: "Enter" });
  expect(host.opened).toEqual([]);
  host.hold = false;
  host.release();
  await waitFor(() => expect(host.opened).toEqual(["esim-77"]));
});

test("the palette knows other words for a place", async () => {
  await openList();
  await fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  const input = await screen.findByTestId("palette-input");
  await fireEvent.input(input, { target: { value: "refund" } });
  await waitFor(() => expect(screen.getByTestId("palette-account")).toBeTruthy());
  expect(screen.queryByTestId("palette-settings")).toBeNull();
});

test("the web view's own menu comes only where text can be copied or pasted", async () => {
  await openList();
  expect(await fireEvent.contextMenu(screen.getByRole("grid"))).toBe(false);
  expect(await fireEvent.contextMenu(field())).toBe(true);
});
