import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import type { EsimDetail } from "../../host";
import { RecordedHost } from "../../testing/host";
import { alert, catchUp, counts, esim, event, health, said } from "../../testing/samples";
import { click, expectAccessible, openWindow, press } from "../../testing/window";

async function open(detail: Partial<EsimDetail> = {}, host = new RecordedHost()): Promise<RecordedHost> {
  host.details.set("esim-0", {
    esim: esim(),
    next: "nothing",
    events: [event()],
    profile: [],
    lifeEndsAt: null,
    packages: [],
    sameOrder: [],
    ...detail,
  });
  await openWindow(host);
  host.tell({ kind: "open", place: { kind: "esim", key: "esim-0" } });
  await waitFor(() => expect(screen.getByTestId("esim-detail").dataset["ready"]).toBe("true"));
  return host;
}

test("a clicked notification opens the eSIM with everything about it", async () => {
  await open({ sameOrder: [esim({ key: "esim-9", iccid: "89000000000000000009", traveller: "Åsa Lind" })] });
  expect(screen.getByTestId("same-order").textContent).toContain("Åsa Lind");
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("TRIP-ROSSI");
  expect(screen.getByTestId("esim-status").dataset["status"]).toBe("ACTIVATED");
  expect(screen.getByTestId("esim-status").textContent).toContain("It is in use.");
  expect(screen.getByTestId("timeline-item").dataset["status"]).toBe("ACTIVATED");
  expect(screen.getByTestId("same-order").textContent).toContain("89000000000000000009");
  await expectAccessible();
});

test("of one that Roamify no longer has nobody says that it is in use", async () => {
  await open({ esim: esim({ gone: true }) });
  const status = screen.getByTestId("esim-status");
  expect(status.textContent).toMatch(/Gone.*Roamify no longer has it. The last that was known: Activated/s);
  expect(status.textContent).not.toContain("It is in use");
});

test("the screen takes the focus, so that its name is read out", async () => {
  await open();
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("heading", { level: 1 })));
});

test("an event opens to the payload as it arrived", async () => {
  const host = new RecordedHost();
  host.payloads.set(1, '{"iccid":89445001021983048261,"note":"<script>alert(1)</script>"}');
  await open({}, host);
  const button = within(screen.getByTestId("timeline-item")).getByRole("button");
  expect(button.getAttribute("aria-expanded")).toBe("false");
  await fireEvent.click(button);
  const payload = await screen.findByTestId("payload");
  expect(payload.textContent).toBe(
    '{\n  "iccid": 89445001021983048261,\n  "note": "<script>alert(1)</script>"\n}',
  );
  expect(button.getAttribute("aria-expanded")).toBe("true");
  await expectAccessible();
});

test("a payload that can't be loaded says why, and closing and opening tries again", async () => {
  const host = await open();
  const button = within(screen.getByTestId("timeline-item")).getByRole("button");
  host.failure = said("The disk is gone.");
  await fireEvent.click(button);
  await screen.findByText("The disk is gone.");
  host.failure = null;
  host.payloads.set(1, "not json");
  await fireEvent.click(button);
  await fireEvent.click(button);
  expect((await screen.findByTestId("payload")).textContent).toBe("not json");
});

test("the full ICCID is copied through the program", async () => {
  const host = await open();
  await fireEvent.click(screen.getByRole("button", { name: "Copy ICCID" }));
  await waitFor(() => expect(host.copied).toEqual(["89445001021983048260"]));
  await fireEvent.click(screen.getByRole("button", { name: "Copy for support" }));
  await screen.findByText(/^Copied for support/);
  await fireEvent.keyDown(document.body, { key: "C", shiftKey: true });
  await waitFor(() => expect(host.copied.slice(1)).toEqual(["support: esim-0", "support: esim-0"]));
});

test("a copy that failed does not say that it worked", async () => {
  const host = await open();
  host.failure = said("No clipboard.");
  await fireEvent.click(screen.getByRole("button", { name: "Copy ICCID" }));
  const stated = (): string[] => screen.getAllByRole("status").map(({ textContent }) => textContent);
  await waitFor(() => expect(stated()).toContain("Failed"));
  expect(stated()).not.toContain("Copied");
});

test("a change of this eSIM is followed", async () => {
  const host = await open();
  const row = esim({ status: "EXPIRED", eventCount: 4 });
  host.details.set("esim-0", {
    esim: row,
    next: "nothing",
    events: [event({ id: 2, status: "EXPIRED" }), event()],
    profile: [],
    lifeEndsAt: null,
    packages: [],
    sameOrder: [],
  });
  host.tell({
    kind: "changed",
    counts: counts(),
    events: [],
    esims: [row],
    replaced: [],
    health: health(),
  });
  await waitFor(() => expect(screen.getByTestId("esim-status").dataset["status"]).toBe("EXPIRED"));
  expect(screen.getAllByTestId("timeline-item").length).toBe(2);
});

test("flapping is one line of the timeline that opens to its events", async () => {
  await open({
    events: [3, 2, 1].map((id) => event({ id, status: id === 2 ? "INACTIVE" : "ACTIVATED" })),
  });
  const run = screen.getByTestId("event-run");
  expect(run.textContent).toContain("Reconnected 1 × within a second");
  expect(screen.queryByTestId("timeline-item")).toBeNull();
  await fireEvent.click(within(run).getByRole("button"));
  expect(within(run).getAllByTestId("timeline-item").length).toBe(3);
  await expectAccessible();
});

test("unlimited and unknown data are not drawn as an empty bar", async () => {
  await open({ esim: esim({ dataUnlimited: true, dataRemainingMb: 0, dataAllowedMb: 0 }) });
  expect(screen.getByText("Unlimited")).toBeTruthy();
  expect(screen.queryByRole("img", { name: /of the data is left/ })).toBeNull();
});

test("an eSIM of which almost nothing is known is still drawn", async () => {
  const nothing = { iccid: null, esimId: null, referenceId: null, statusSince: null, start: null, end: null };
  await open({
    esim: esim({ ...nothing, firstActivatedAt: null, lastEventAt: null, status: "SUSPENDED", eventCount: 0 }),
    next: "nothing",
    events: [],
  });
  expect(screen.getByText("An eSIM without a name")).toBeTruthy();
  expect(screen.getByText("Roamify gave no period.")).toBeTruthy();
  expect(screen.getByText(/does not know/)).toBeTruthy();
  await expectAccessible();
});

test("a key that is not stored, and a failure, are told apart", async () => {
  const host = new RecordedHost();
  await openWindow(host);
  host.tell({ kind: "open", place: { kind: "esim", key: "gone" } });
  await screen.findByText("This eSIM is not here");
  host.failure = said("The database is busy.");
  host.tell({ kind: "open", place: { kind: "esim", key: "esim-0" } });
  await screen.findByText("The database is busy.");
  host.failure = null;
  host.details.set("esim-0", {
    esim: esim(),
    next: "nothing",
    events: [],
    profile: [],
    lifeEndsAt: null,
    packages: [],
    sameOrder: [],
  });
  await fireEvent.click(screen.getByText("Try again"));
  await screen.findByTestId("esim-status");
});

test("its open alerts stand in place, to acknowledge, to snooze, or with a note", async () => {
  const host = new RecordedHost();
  host.inbox = [
    alert({ id: 3, title: said("Revoked: TRIP-ROSSI"), rule: "revoked", severity: "critical" }),
    alert({ id: 2, state: "acknowledged", acknowledgedAtMs: Date.now(), note: "called" }),
    alert({ id: 1, state: "cleared" }),
    alert({ id: 9, esimKey: "another" }),
  ];
  await open({}, host);
  const shown = (): (string | undefined)[] =>
    screen.getAllByTestId("esim-alert").map(({ dataset }) => `${dataset["alert"]} ${dataset["state"]}`);
  await waitFor(() => expect(shown()).toEqual(["3 new", "2 acknowledged"]));
  await expectAccessible();
  await click("esim-acknowledge");
  await waitFor(() => expect(shown()).toEqual(["3 acknowledged", "2 acknowledged"]));
  await fireEvent.click(screen.getAllByTestId("esim-snooze")[1] ?? document.body);
  await click("snooze-dialog-tomorrow");
  await waitFor(() => expect(shown()).toEqual(["3 acknowledged", "2 snoozed"]));
  expect(host.acts.map(([what, ids]) => [what, ids])).toEqual([
    ["acknowledge", [3]],
    ["snooze", [2]],
  ]);
});

test("notifications of one eSIM can be muted where it is looked at", async () => {
  const host = await open();
  const isMuted = (): string | null => screen.getByTestId("esim-mute").getAttribute("aria-checked");
  await screen.findByText("No open alerts about this eSIM.");
  expect(isMuted()).toBe("false");
  await click("esim-mute");
  await waitFor(() => expect(isMuted()).toBe("true"));
  expect([...host.muted]).toEqual(["esim-0"]);
  host.failure = said("The disk is full.");
  await click("esim-mute");
  expect((await screen.findByTestId("toast")).textContent).toContain("The disk is full.");
});

test("what comes next is said, and when the data runs out", async () => {
  const host = new RecordedHost();
  host.usages.set("esim-0", {
    days: [
      { date: "2026-11-21", location: "ES", mb: 300 },
      { date: "2026-11-22", location: "ES", mb: 100 },
      { date: "2026-11-22", location: "somewhere else", mb: 900 },
    ],
    pace: { perDay: 1024, runsOutAt: 1_795_000_000 },
    sms: null,
    voice: { allowed: 30, remaining: 12 },
    reports: 9,
    dropped: 2,
  });
  const row = esim({ dataAllowedMb: 3072, dataRemainingMb: 512, end: 1_796_000_000 });
  await open({ esim: row, next: "offerData" }, host);
  expect(screen.getByTestId("next-step").textContent).toContain("Offer more data");
  expect((await screen.findByTestId("pace")).textContent).toContain("before the period ends");
  expect(screen.getByTestId("data-card").textContent).toContain("Minutes left: 12 of 30");
  const usage = screen.getByTestId("usage");
  expect(usage.textContent).toContain("Spain");
  expect(usage.textContent).toContain("2 older reports");
  expect(screen.getAllByTestId("usage-bar").length).toBe(2);
  expect(screen.getByTestId("usage-table").querySelectorAll("tbody tr").length).toBe(3);
  await expectAccessible();
});

test("who else is known by the order reference is named, and not taken for the traveller", async () => {
  const host = new RecordedHost();
  host.ofEsim.set("esim-0", { own: null, ofOrder: null, orderSize: 0, other: "Maria Rossi" });
  await open({}, host);
  const card = await screen.findByTestId("traveller");
  await waitFor(() => expect(card.textContent).toContain("The order reference also stands for Maria Rossi"));
  expect(card.querySelector(".name")).toBeNull();
  await expectAccessible();
});

test("a traveller is added in place, with the keyboard; for the whole order only where that is chosen", async () => {
  const host = new RecordedHost();
  host.ofEsim.set("esim-0", { own: null, ofOrder: null, orderSize: 3, other: null });
  await open({}, host);
  await click("traveller-edit");
  const name = await screen.findByTestId("traveller-name");
  await waitFor(() => expect(document.activeElement).toBe(name));
  await fireEvent.input(name, { target: { value: "Maria Rossi" } });
  await fireEvent.input(screen.getByTestId("traveller-tag"), { target: { value: "VIP" } });
  await fireEvent.keyDown(screen.getByTestId("traveller-tag"), { key: "Enter" });
  await expectAccessible();
  await fireEvent.keyDown(name, { key: "Enter", ctrlKey: true });
  await screen.findByText("The traveller is saved.");
  const traveller = {
    name: "Maria Rossi",
    contact: "",
    tripStart: null,
    tripEnd: null,
    note: "",
    tags: ["VIP"],
  };
  expect(host.acts).toEqual([["traveller", "esim-0", false, traveller]]);
  await click("traveller-edit");
  await click("traveller-for-order");
  await click("traveller-save");
  await waitFor(() => expect(host.acts.at(-1)).toEqual(["traveller", "esim-0", true, traveller]));
});

test("what was written of a traveller is kept when the form is left, and given up by Cancel", async () => {
  await open();
  const edit = async (): Promise<HTMLInputElement> => {
    await click("traveller-edit");
    return screen.findByTestId<HTMLInputElement>("traveller-name");
  };
  const name = await edit();
  const known = name.value;
  await fireEvent.input(name, { target: { value: "Half a na" } });
  await fireEvent.keyDown(name, { key: "Escape" });
  expect((await edit()).value).toBe("Half a na");
  expect(screen.getByTestId("traveller-draft").textContent).toContain("not saved yet");
  await click("traveller-cancel");
  expect((await edit()).value).toBe(known);
  expect(screen.queryByTestId("traveller-draft")).toBeNull();
});

test("what is wrong with a traveller stands in the form, which stays", async () => {
  const host = await open();
  await click("traveller-edit");
  await fireEvent.input(await screen.findByTestId("traveller-name"), { target: { value: "A" } });
  host.failure = { ...said("The trip ends before it starts. Check the two days."), field: "tripEnd" };
  await click("traveller-save");
  await screen.findByText("The trip ends before it starts. Check the two days.");
  expect(screen.getByTestId("traveller-end").getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByTestId<HTMLInputElement>("traveller-name").value).toBe("A");
});

test("the provider is asked for this eSIM by button and key, and what came of it is said", async () => {
  const host = await open();
  expect(screen.queryByTestId("ask-provider")).toBeNull();
  host.tell({ kind: "catchUp", state: catchUp() });
  await click("ask-provider");
  const told = screen.getByTestId("ask-provider-said");
  await waitFor(() => expect(told.textContent).toContain("3 missed events were added"));
  await expectAccessible();
  host.caughtUp = { ...host.caughtUp, new: 0 };
  await press("r");
  await waitFor(() => expect(told.textContent).toContain("Roamify says the same"));
  // Another word of its list is not the same.
  host.caughtUp = { ...host.caughtUp, listedOtherwise: "INSTALLED" };
  await press("r");
  await waitFor(() => expect(told.textContent).toContain("its list calls the eSIM “Installed”"));
  expect(told.textContent).not.toContain("the same");
  host.caughtUp = { ...host.caughtUp, problems: [said("Roamify can't be reached.")] };
  await press("r");
  await waitFor(() => expect(told.textContent).toContain("Roamify can't be reached."));
  expect(host.acts).toEqual(Array.from({ length: 4 }, () => ["catch up", "esim-0"]));
  const running = { esimId: null, listed: true, planned: 500, done: 120 };
  host.tell({ kind: "catchUp", state: catchUp({ running }) });
  host.hold = true;
  await click("ask-provider");
  expect(screen.getByTestId("ask-provider").textContent).toContain("Waiting for the catch-up");
});

test("a profile's life is shown apart from the plan's period, its last step as what is true now", async () => {
  await open({
    profile: [
      { status: "NEW", at: 1_795_000_000 },
      { status: "INSTALLED", at: 1_795_086_400 },
    ],
  });
  const steps = screen.getAllByTestId("profile-step").map(({ dataset }) => dataset["status"]);
  expect(steps).toEqual(["NEW", "INSTALLED"]);
  expect(screen.getByTestId("profile").textContent).toContain("apart from the plan");
  await expectAccessible();
});

test("the end of a profile's life is shown with the profile, and what was bought with its top-ups, the latest first", async () => {
  const week = { name: "Japan, 7 days", at: 1_795_000_000, topUp: false, price: 4.5, currency: "EUR" };
  const more = { name: "Japan, 1 GB", at: 1_795_400_000, topUp: true, price: null, currency: null };
  await open({ lifeEndsAt: 1_826_536_000, packages: [week, more] });
  const life = screen.getByTestId("profile-life");
  expect(life.querySelector("time")?.dateTime).toBe("2027-11-18T11:06:40.000Z");
  expect(screen.getByRole("heading", { name: "Validity" }).closest("section")?.textContent).not.toContain(
    "2027",
  );
  const bought = screen.getAllByTestId("package").map(({ textContent }) => textContent);
  expect(bought[0]).toMatch(/^Japan, 1 GB.*Top-up/s);
  expect(bought[1]).toContain("€4.50");
  expect(bought[1]).not.toContain("Top-up");
  await expectAccessible();
});

test("without a step nothing is said of a profile, and without an order nothing of packages", async () => {
  await open();
  expect(screen.queryByTestId("profile")).toBeNull();
  expect(screen.queryByTestId("packages")).toBeNull();
});
