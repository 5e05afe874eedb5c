import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import type { ImportPreview, LineRow, Traveller } from "../../host";
import { RecordedHost } from "../../testing/host";
import { said } from "../../testing/samples";
import { click, expectAccessible, openWindow } from "../../testing/window";

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
  iccid: null,
  reference: "TRIP-1",
  traveller: traveller("Anna"),
  owner: { kind: "esim", key: "a", iccid: "89445012345678301111", byLastDigits: false },
  change: "added",
  ...change,
});
const list = (): ImportPreview => ({
  id: 7,
  reading: { columns: ["name", "reference", "ignored"], headed: true, dayFirst: true },
  headings: ["Name", "Booking", "<b>Price</b>"],
  samples: ["Anna", "TRIP-1", "9"],
  daysUnclear: true,
  lines: 4,
  added: 1,
  changed: 1,
  same: 0,
  left: 2,
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
  column.selectedIndex = 9;
  await fireEvent.change(column);
  await waitFor(() => expect(host.previewed.at(-1)?.[2].columns).toEqual(["name", "reference", "note"]));
  await fireEvent.click(screen.getByLabelText("4 March (month first)"));
  await waitFor(() => expect(host.previewed.at(-1)?.[2].dayFirst).toBe(false));
  await click("import-headed");
  await waitFor(() => expect(host.previewed.at(-1)?.[2]).toMatchObject({ headed: false, columns: null }));
  await click("import-cancel");
  expect(await screen.findByTestId("import-text")).toBeTruthy();
  expect(host.imported).toEqual([]);
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
      esims: [{ key: "a", iccid: "89445012345678301111", status: "ACTIVATED" }],
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
