import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import type { ImportPreview, LineRow, Traveller } from "../../host";
import { RecordedHost } from "../../testing/host";
import { said } from "../../testing/samples";
import { click, expectAccessible, openWindow, press } from "../../testing/window";

const traveller = (name: string): Traveller => ({
  name,
  contact: "",
  tripStart: "2026-12-03",
  tripEnd: null,
  note: "",
  tags: [],
});
const line = (number: number, change: Partial<LineRow>): LineRow => ({
  line: number,
  who: "Anna",
  iccid: null,
  reference: "TRIP-1",
  traveller: traveller("Anna"),
  owner: { kind: "esim", key: "a", iccid: "89445012345678301111", byLastDigits: false },
  change: "added",
  doubts: [],
  ...change,
});
const list = (): ImportPreview => ({
  id: 7,
  reading: {
    columns: ["name", "reference", "ignored"],
    heading: 1,
    dayFirst: true,
    sheet: null,
    encoding: "UTF-8",
    separator: "tab",
    hiddenRows: false,
    farDays: false,
    together: false,
    belowOrders: true,
    several: null,
  },
  headings: ["Name", "Booking", "<b>Price</b>"],
  samples: ["Anna", "TRIP-1", "9"],
  daysUnclear: true,
  sheets: [],
  encodings: ["UTF-8", "windows-1252"],
  firstLines: [
    { line: 1, text: "Name · Booking" },
    { line: 2, text: "Anna · TRIP-1" },
  ],
  hiddenRows: 0,
  above: 0,
  belowOrders: false,
  cutColumns: false,
  remembered: false,
  farDays: false,
  crowded: false,
  several: null,
  lines: 4,
  added: 1,
  changed: 1,
  same: 0,
  left: 2,
  doubtful: 0,
  rows: [
    line(2, { owner: { kind: "several", count: 3 }, change: null }),
    line(3, {
      traveller: null,
      owner: { kind: "wrong", problem: { kind: "noDay", text: "soon" } },
      change: null,
    }),
    line(4, {}),
    line(5, { owner: { kind: "order", esims: 0 }, change: "changed" }),
  ],
});

async function open(host: RecordedHost): Promise<void> {
  await openWindow(host);
  await click("nav-travellers");
}

async function look(): Promise<void> {
  await fireEvent.input(await screen.findByTestId("import-text"), {
    target: { value: "Name\tBooking\nÅsa\t1" },
  });
  await click("import-look");
  await screen.findByTestId("import-sum");
}

test("nothing known yet says what to do", async () => {
  await open(new RecordedHost());
  expect(await screen.findByText("No travellers yet")).toBeTruthy();
  await expectAccessible();
});

test("a pasted table is shown with what it would change before anything does, then taken over and back", async () => {
  const host = new RecordedHost();
  host.list = list();
  await open(host);
  await look();
  const [[source, content] = ["", ""]] = host.previewed;
  expect(source).toBe("");
  expect(new TextDecoder().decode(Uint8Array.from(atob(content), (c) => c.charCodeAt(0)))).toBe(
    "Name\tBooking\nÅsa\t1",
  );
  const sum = screen.getByTestId("import-sum").textContent.replace(/\s+/g, " ");
  expect(sum).toContain("4 lines 1 new traveller 1 changed 2 not taken over");
  const lines = screen.getAllByTestId("import-line").map((row) => row.textContent.replace(/\s+/g, " "));
  expect(lines[0]).toContain("3 eSIMs end in these digits");
  expect(lines[1]).toContain("“soon” is not a day");
  expect(lines[2]).toContain("eSIM …301111");
  expect(lines[3]).toContain("its eSIM is not known yet");
  expect(host.imported).toEqual([]);
  await expectAccessible();
  await click("import-apply");
  await waitFor(() => expect(host.imported).toEqual([7]));
  expect((await screen.findByTestId("toast")).textContent).toContain("2 travellers taken over");
  await click("toast-undo");
  await waitFor(() => expect(host.pastImports[0]?.undoneAtMs).not.toBeNull());
  await screen.findByText(/2 travellers are as before/);
  host.pastImports = host.pastImports.map((row) => ({ ...row, undoneAtMs: null }));
  await click("nav-today");
  await click("nav-travellers");
  await screen.findByTestId("import-undo");
  const asked = vi.spyOn(host, "travellers");
  await click("import-undo");
  // Whoever is no traveller any more leaves the list.
  await waitFor(() => expect(asked).toHaveBeenCalled());
  expect((await screen.findAllByText(/2 travellers are as before. Changed since and kept: 1./)).length).toBe(
    1,
  );
  expect(screen.queryByTestId("import-undo")).toBeNull();
});

test("what a column is can be corrected, and how days are read", async () => {
  const host = new RecordedHost();
  host.list = list();
  await open(host);
  await look();
  const column = screen.getByTestId<HTMLSelectElement>("import-column-2");
  column.selectedIndex = 10;
  await fireEvent.change(column);
  await waitFor(() => expect(host.previewed.at(-1)?.[2].columns).toEqual(["name", "reference", "note"]));
  await fireEvent.click(screen.getByLabelText("4 March (month first)"));
  await waitFor(() => expect(host.previewed.at(-1)?.[2].dayFirst).toBe(false));
  const heading = screen.getByTestId<HTMLSelectElement>("import-heading");
  heading.selectedIndex = 2;
  await fireEvent.change(heading);
  await waitFor(() => expect(host.previewed.at(-1)?.[2]).toMatchObject({ heading: 2, columns: null }));
  heading.selectedIndex = 0;
  await fireEvent.change(heading);
  await waitFor(() => expect(host.previewed.at(-1)?.[2]).toMatchObject({ heading: 0, columns: null }));
  await click("import-cancel");
  expect(await screen.findByTestId("import-text")).toBeTruthy();
  expect(host.imported).toEqual([]);
});

test("each column that is used shows its meaning and an example, and is unfolded where anything is doubtful", async () => {
  const host = new RecordedHost();
  host.list = { ...list(), daysUnclear: false };
  await open(host);
  await look();
  const used = (): string[] =>
    [...screen.getByTestId("import-used").children].map((one) => one.textContent.replace(/\s+/g, " ").trim());
  expect(used()).toEqual(["Name Name Anna", "Order reference Booking TRIP-1"]);
  const columns = screen.getByTestId<HTMLDetailsElement>("import-columns");
  expect(columns.open).toBe(false);
  await expectAccessible();
  host.list = { ...list(), daysUnclear: false, doubtful: 2 };
  const column = screen.getByTestId<HTMLSelectElement>("import-column-1");
  column.selectedIndex = 10;
  await fireEvent.change(column);
  await waitFor(() => expect(screen.getByTestId<HTMLDetailsElement>("import-columns").open).toBe(true));
});

test("how a file was opened is shown and can be said otherwise", async () => {
  const host = new RecordedHost();
  host.list = {
    ...list(),
    sheets: [
      { name: "Old", hidden: true },
      { name: "New", hidden: false },
    ],
  };
  host.list.reading.sheet = "New";
  await open(host);
  await look();
  const opened = screen.getByTestId("import-opened");
  expect(opened.textContent).toContain("Old (hidden)");
  expect(opened.textContent).toContain("UTF-8");
  const choose = async (part: string, at: number): Promise<void> => {
    const select = screen.getByTestId<HTMLSelectElement>(part);
    select.selectedIndex = at;
    await fireEvent.change(select);
  };
  await choose("import-encoding", 1);
  await waitFor(() =>
    expect(host.previewed.at(-1)?.[2]).toMatchObject({
      encoding: "windows-1252",
      heading: null,
      columns: null,
    }),
  );
  await choose("import-separator", 2);
  await waitFor(() => expect(host.previewed.at(-1)?.[2].separator).toBe("comma"));
  await choose("import-sheet", 0);
  await waitFor(() => expect(host.previewed.at(-1)?.[2].sheet).toBe("Old"));
  await expectAccessible();
});

test("what is done with several names in a cell is said, and asked for", async () => {
  const host = new RecordedHost();
  host.list = {
    ...list(),
    daysUnclear: false,
    several: true,
    rows: [
      line(2, { doubts: [{ kind: "oneOfSeveral", count: 2 }] }),
      line(3, { doubts: [{ kind: "severalTogether", count: 3 }] }),
      line(4, { doubts: [{ kind: "maybeSeveral", count: 2 }] }),
      line(5, { doubts: [{ kind: "maybeName", text: "MSC Bella", heading: "Ship name" }] }),
      line(6, { who: "", doubts: [{ kind: "noName", text: "Anna Muster" }] }),
      line(7, { doubts: [{ kind: "roundedNumber", text: "4,917E+11" }] }),
      line(8, { doubts: [{ kind: "waitsTogether", count: 3 }] }),
    ],
  };
  await open(host);
  await look();
  const lines = screen.getAllByTestId("import-line").map((row) => row.textContent.replace(/\s+/g, " "));
  expect(lines[0]).toContain("names 2 travellers: each has one of its eSIMs");
  expect(lines[1]).toContain("names 3 travellers and not as many eSIMs: they are noted together");
  expect(lines[2]).toContain("may be that of 2 travellers");
  expect(lines[3]).toContain("“MSC Bella” under “Ship name” is taken as the name");
  expect(lines[4]).toContain("names nobody. If “Anna Muster” is the name");
  expect(lines[5]).toContain("shortened the phone number to “4,917E+11”");
  expect(lines[6]).toContain("eSIMs of the order's 3 travellers are not known yet");
  expect(screen.getByLabelText<HTMLInputElement>("One eSIM each, where there are as many").checked).toBe(
    true,
  );
  await expectAccessible();
  await fireEvent.click(screen.getByLabelText("Note them together, as written"));
  await waitFor(() => expect(host.previewed.at(-1)?.[2].several).toBe(false));
  // What was guessed of the days is guessed again, until somebody says it.
  expect(host.previewed.at(-1)?.[2].dayFirst).toBeNull();
});

test("what nobody can know of a list is asked for, and what is left out is told with its name", async () => {
  const host = new RecordedHost();
  host.list = {
    ...list(),
    daysUnclear: false,
    hiddenRows: 3,
    farDays: true,
    crowded: true,
    remembered: true,
    cutColumns: true,
    doubtful: 1,
    rows: [
      line(2, { who: "Ben", owner: { kind: "crowded", esims: 2, travellers: 3 }, change: null }),
      line(3, {
        traveller: null,
        who: "Eva",
        owner: { kind: "wrong", problem: { kind: "rounded" } },
        change: null,
      }),
      line(4, {
        doubts: [
          { kind: "farDay", text: "2569-12-03" },
          { kind: "noNumber", text: "Europe 10 GB" },
        ],
      }),
    ],
  };
  await open(host);
  await look();
  const lines = screen.getAllByTestId("import-line").map((row) => row.textContent.replace(/\s+/g, " "));
  expect(lines[0]).toContain("Ben");
  expect(lines[0]).toContain("3 travellers and 2 eSIMs of this order");
  expect(lines[1]).toContain("Eva");
  expect(lines[2]).toContain("“2569-12-03” is far from today");
  expect(lines[2]).toContain("“Europe 10 GB” is no number");
  expect(screen.getByTestId("import-sum").textContent).toContain("1 line to look at");
  expect(screen.getByTestId("import-remembered")).toBeTruthy();
  await fireEvent.click(screen.getByLabelText("Take them as well"));
  await waitFor(() => expect(host.previewed.at(-1)?.[2].hiddenRows).toBe(true));
  await fireEvent.click(screen.getByLabelText("These days are meant"));
  await waitFor(() => expect(host.previewed.at(-1)?.[2].farDays).toBe(true));
  await fireEvent.click(screen.getByLabelText("Note all names for the whole order"));
  await waitFor(() => expect(host.previewed.at(-1)?.[2].together).toBe(true));
  await expectAccessible();
});

test("what is left out, and what is guessed, is said with its name", async () => {
  const host = new RecordedHost();
  host.list = {
    ...list(),
    above: 2,
    belowOrders: true,
    doubtful: 3,
    rows: [
      line(2, {
        who: "Total",
        traveller: null,
        owner: { kind: "wrong", problem: { kind: "total" } },
        change: null,
      }),
      line(3, { who: "Eva", owner: { kind: "past" }, change: null }),
      line(4, { who: "Tom", owner: { kind: "ended" }, change: null }),
      line(5, {
        owner: { kind: "esims", count: 2 },
        doubts: [
          { kind: "noEsim", iccid: "89445012345678309999" },
          { kind: "taken", iccid: "89445012345678301111", line: 2 },
        ],
      }),
      line(6, { doubts: [{ kind: "orderAbove", line: 5 }] }),
      line(7, { doubts: [{ kind: "unused", text: "T-2" }] }),
    ],
  };
  await open(host);
  await look();
  const lines = screen.getAllByTestId("import-line").map((row) => row.textContent.replace(/\s+/g, " "));
  expect(lines[0]).toContain("A total, no traveller");
  expect(lines[1]).toContain("Eva");
  expect(lines[1]).toContain("The trip is over");
  expect(lines[2]).toContain("is somebody else’s");
  expect(lines[3]).toContain("2 eSIMs");
  expect(lines[3]).toContain("No eSIM has the number 89445012345678309999");
  expect(lines[3]).toContain("is taken by line 2");
  expect(lines[4]).toContain("The order reference of line 5");
  expect(lines[5]).toContain("“T-2” is left out");
  const unused = screen.getByTestId("import-unused").textContent.replace(/\s+/g, " ");
  expect(unused).toContain("This column is not taken over: <b>Price</b>");
  expect(screen.getByTestId("import-above").textContent).toContain("2 lines above the headings");
  await fireEvent.click(screen.getByLabelText("Take them for travellers of the same order"));
  expect(screen.getByLabelText<HTMLInputElement>("Take them for travellers of the same order").checked).toBe(
    true,
  );
  const [, leave] = screen.getAllByTestId("import-ask-below")[0]?.querySelectorAll("input") ?? [];
  if (leave !== undefined) await fireEvent.click(leave);
  await waitFor(() => expect(host.previewed.at(-1)?.[2].belowOrders).toBe(false));
  await expectAccessible();
});

test("a file above the limit is refused before it is read", async () => {
  const host = new RecordedHost();
  host.list = list();
  await openWindow(host);
  const file = new File(["x"], "holiday.mp4");
  Object.defineProperty(file, "size", { value: 21 * 1024 * 1024 });
  const read = vi.spyOn(FileReader.prototype, "readAsDataURL");
  await fireEvent.drop(document.body, { dataTransfer: { files: [file], types: ["Files"] } });
  expect((await screen.findByTestId("import-error")).textContent).toContain("larger than 20 MB");
  expect(read).not.toHaveBeenCalled();
  expect(host.previewed).toEqual([]);
});

test("a file that is dropped anywhere is looked at; one that is no list says why", async () => {
  const host = new RecordedHost();
  host.list = list();
  await openWindow(host);
  const file = new File(["Name,Booking\n"], "bookings.csv");
  await fireEvent.drop(document.body, { dataTransfer: { files: [file], types: ["Files"] } });
  expect((await screen.findByTestId("import-sum")).textContent).toContain("bookings.csv");
  await click("import-cancel");
  host.failure = { ...said("This file is no XLSX, CSV or text."), field: null };
  await fireEvent.drop(document.body, { dataTransfer: { files: [file], types: ["Files"] } });
  expect((await screen.findByTestId("import-error")).textContent).toContain(
    "This file is no XLSX, CSV or text.",
  );
});

test("travellers are listed with their eSIMs, and lead to them", async () => {
  const host = new RecordedHost();
  host.guests = [
    {
      id: 1,
      traveller: { ...traveller("<script>"), tags: ["VIP"] },
      referenceId: "TRIP-1",
      ofOrder: false,
      esims: [{ key: "a", iccid: "89445012345678301111", status: "ACTIVATED", gone: false }],
    },
    { id: 2, traveller: traveller("ليلى"), referenceId: "TRIP-2", ofOrder: true, esims: [] },
  ];
  await open(host);
  expect((await screen.findAllByTestId("traveller-row")).map((row) => row.textContent)[1]).toContain(
    "No eSIM yet",
  );
  await expectAccessible();
  await fireEvent.click(screen.getByText("<script>"));
  await waitFor(() => expect(host.opened).toContain("a"));
});

test("a slash leads to the search of this screen, which is kept while somebody looks elsewhere", async () => {
  await open(new RecordedHost());
  await screen.findByText("No travellers yet");
  await press("/");
  const field = (): HTMLInputElement => screen.getByTestId("traveller-search");
  expect(document.activeElement).toBe(field());
  await fireEvent.input(field(), { target: { value: "Rossi" } });
  await screen.findByText("No traveller matches");
  await click("nav-today");
  await click("nav-travellers");
  expect((await screen.findByTestId<HTMLInputElement>("traveller-search")).value).toBe("Rossi");
});

test("what a list may mean otherwise is told at its line", async () => {
  const host = new RecordedHost();
  host.list = {
    ...list(),
    daysUnclear: false,
    rows: [
      line(2, { doubts: [{ kind: "somebodyElses", name: "Hal" }] }),
      line(3, { doubts: [{ kind: "takenForOrder", text: "815", reference: "00815" }] }),
      line(4, { doubts: [{ kind: "nearOrders", references: ["00815", "0815"] }] }),
      line(5, { doubts: [{ kind: "severalOrders", count: 2 }] }),
      line(6, { doubts: [{ kind: "noOrder", text: "T-9" }, { kind: "noValue" }] }),
      line(7, { doubts: [{ kind: "cancelled", text: "storniert" }] }),
      line(8, { doubts: [{ kind: "beyond", text: "vegan" }] }),
      line(9, { doubts: [{ kind: "shortened", text: "4.7E+03" }] }),
    ],
  };
  await open(host);
  await look();
  const lines = screen.getAllByTestId("import-line").map((row) => row.textContent.replace(/\s+/g, " "));
  const told = [
    "Until now it was Hal’s",
    "“815” is taken for order 00815",
    "This may be meant: 00815, 0815",
    "The line names 2 orders",
    "The order “T-9” is not known and is left out",
    "The line says “storniert”",
    "“vegan” stands beyond the last heading",
    "shortened the order number to “4.7E+03”",
  ];
  for (const [at, words] of told.entries()) expect(lines[at]).toContain(words);
  expect(lines[4]).toContain("a formula without its value");
});
