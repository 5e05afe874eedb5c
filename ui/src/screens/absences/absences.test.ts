import { screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import type { Receipt, Rule } from "../../host";
import { RecordedHost } from "../../testing/host";
import { catchUp, esim, receipt, said } from "../../testing/samples";
import { click, expectAccessible, openWindow } from "../../testing/window";

function lines(count: number): Receipt["lines"] {
  return Array.from({ length: count }, (_, index) => ({
    esim: esim({ key: `esim-${index}`, referenceId: `TRIP-${index}` }),
    changed: true,
    before: index === 1 ? null : "ACTIVATED",
    meanwhile: null,
    after: "EXPIRED",
    newEnd: null,
    moreData: false,
    gone: false,
    at: 1_795_000_000,
    needs: (index === 0 ? ["expired", "dataLow"] : []) satisfies Rule[],
  }));
}

async function open(became: Receipt[], host = new RecordedHost()): Promise<RecordedHost> {
  host.became = became;
  await openWindow(host);
  host.tell({ kind: "catchUp", state: catchUp() });
  host.details.set("esim-0", {
    esim: esim(),
    next: "nothing",
    events: [],
    profile: [],
    lifeEndsAt: null,
    packages: [],
    sameOrder: [],
  });
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "k", ctrlKey: true, bubbles: true }));
  await click("palette-absences");
  await screen.findByTestId("absences");
  return host;
}

test("each absence says what changed and what needs somebody, and each line opens its eSIM", async () => {
  await open([receipt({ changed: 14, needed: 3, needing: 3, lines: lines(12) })]);
  const sum = await screen.findByTestId("receipt-sum");
  expect(sum.textContent).toContain("14 eSIMs changed, 3 need you, all others are as they were.");
  expect(sum.textContent).toContain("Roamify told so");
  expect(screen.getAllByTestId("receipt-line").length).toBe(8);
  await expectAccessible();
  // It names fewer than there are, and promises no more.
  expect(screen.getByTestId("receipt-all").textContent.trim()).toBe("Show the first 12 of 14 eSIMs");
  await click("receipt-all");
  const all = screen.getAllByTestId("receipt-line");
  expect(all.length).toBe(12);
  expect(all[0]?.textContent).toMatch(/TRIP-0.*Activated.*Expired.*Low on data/s);
  expect(all[1]?.textContent).toContain("new");
  expect(screen.getByText(/2 more eSIMs changed or have an alert; they are not named here/)).toBeTruthy();
  all[0]?.click();
  await waitFor(() => expect(screen.getByTestId("esim-detail").dataset["ready"]).toBe("true"));
});

test("all that are shown are told by what makes them so many", async () => {
  const [one] = lines(1);
  if (one === undefined) throw new Error("no line");
  const same = Array.from({ length: 4 }, (_, at) => ({
    ...one,
    esim: esim({ key: `same-${at}` }),
    changed: false,
    before: "ACTIVATED",
    after: "ACTIVATED",
  }));
  await open([receipt({ changed: 8, unchanged: 4, needed: 12, needing: 12, lines: [...lines(8), ...same] })]);
  expect((await screen.findByTestId("receipt-sum")).textContent).toContain("8 eSIMs changed, 12 need you");
  const all = screen.getByTestId("receipt-all");
  expect(all.textContent.trim()).toBe("Show all 12 eSIMs: 8 changed, 4 did not and have an alert");
  all.click();
  await waitFor(() => expect(screen.getAllByTestId("receipt-line").length).toBe(12));
  expect(screen.queryByText(/more eSIMs/)).toBeNull();
});

test("an eSIM that was in use and that Roamify no longer has needs somebody", async () => {
  const [line] = lines(1);
  if (line === undefined) throw new Error("no line");
  const gone = { ...line, before: "ACTIVATED", after: "ACTIVATED", gone: true, needs: [] };
  await open([receipt({ changed: 1, needed: 1, needing: 1, lines: [gone] })]);
  const told = await screen.findByTestId("receipt-line");
  expect(told.textContent).toMatch(/Activated.*Gone/s);
  expect(told.dataset["needs"]).toBe("true");
  await expectAccessible();
});

test("an eSIM that is again what it was says what it was meanwhile, and until when its plan runs", async () => {
  const [line] = lines(1);
  if (line === undefined) throw new Error("no line");
  const again = { ...line, before: "ACTIVATED", after: "ACTIVATED", needs: [] };
  await open([
    receipt({
      changed: 2,
      lines: [
        { ...again, meanwhile: "EXPIRED", newEnd: 1_796_000_000 },
        { ...again, esim: esim({ key: "esim-1" }), newEnd: 1_796_000_000 },
      ],
    }),
  ]);
  const told = (await screen.findAllByTestId("receipt-line")).map(({ textContent }) => textContent);
  expect(told[0]).toMatch(/Activated.*Expired.*Activated.*ends /s);
  expect(told[1]).not.toContain("Expired");
  expect(told[1]).toMatch(/Activated.*ends /s);
  await expectAccessible();
});

test("the digest of an absence opens its receipt, whose lines lead to the eSIMs", async () => {
  const host = await open([]);
  host.became = [
    receipt(),
    { ...receipt({ changed: 2, lines: lines(2) }), absence: { fromMs: 5, toMs: 9, caughtUpAtMs: 10 } },
  ];
  host.tell({ kind: "open", place: { kind: "absence", fromMs: 5 } });
  await waitFor(() => {
    const shown = document.activeElement?.closest<HTMLElement>("[data-testid=receipt]");
    expect(shown?.dataset["from"]).toBe("5");
  });
  await expectAccessible();
  screen.getAllByTestId("receipt-line")[0]?.click();
  await waitFor(() => expect(screen.getByTestId("esim-detail").dataset["ready"]).toBe("true"));
});

test("what is seen to, what did not change and what is not known are told as such", async () => {
  await open([
    receipt({ changed: 2, needed: 1, needing: 0 }),
    { ...receipt(), absence: { ...receipt().absence, fromMs: 1 } },
    { ...receipt({ changed: 1 }), absence: { fromMs: 2, toMs: 3, caughtUpAtMs: null } },
  ]);
  await waitFor(() => expect(screen.getAllByTestId("receipt-sum").length).toBe(3));
  const sums = screen.getAllByTestId("receipt-sum").map(({ textContent }) => textContent);
  expect(sums[0]).toContain("what needed you is seen to");
  expect(sums[1]).toContain("No eSIM changed: all are as they were.");
  expect(sums[2]).toContain("of the others nothing is known yet");
  expect(sums[2]).toContain("Roamify has not told everything yet.");
});

test("without a token it is said that something may be missing, and where to set one", async () => {
  const host = await open([receipt({ caughtUpAtMs: null })]);
  host.tell({ kind: "catchUp", state: catchUp({ token: "none" }) });
  await waitFor(() => expect(screen.getByTestId("receipt-sum").textContent).toContain("may be missing"));
  await click("receipt-go");
  expect(await screen.findByTestId("catch-up")).toBeTruthy();
});

test("no absence and absences that can't be read are said in words", async () => {
  const host = await open([]);
  expect(await screen.findByText("No absence is known")).toBeTruthy();
  host.failure = said("The disk is gone.");
  host.tellAlerts();
  expect(await screen.findByText(/The disk is gone\./)).toBeTruthy();
});
