import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { RecordedHost } from "../../testing/host";
import { connection, health, providerConnection, refusal, said } from "../../testing/samples";
import { click, expectAccessible, openWindow, press } from "../../testing/window";

async function open(over: Parameters<typeof connection>[0] = {}): Promise<RecordedHost> {
  const host = new RecordedHost();
  host.settings = connection(over);
  await openWindow(host);
  await click("nav-connection");
  await screen.findByTestId("port-input");
  return host;
}

const type = (testId: string, value: string): Promise<boolean> =>
  fireEvent.input(screen.getByTestId(testId), { target: { value } });

test("the tunnel's address becomes the address to paste, with a button that copies it", async () => {
  const host = await open();
  expect(screen.queryByTestId("webhook-url")).toBeNull();
  await type("public-url-input", " https://a.trycloudflare.com ");
  await click("public-url-save");
  expect((await screen.findByTestId("webhook-url")).textContent).toBe(
    "https://a.trycloudflare.com/hooks/token",
  );
  expect(host.set).toEqual(["https://a.trycloudflare.com"]);
  await fireEvent.click(screen.getByRole("button", { name: "Copy Address for Roamify" }));
  await waitFor(() => expect(host.copied).toEqual(["https://a.trycloudflare.com/hooks/token"]));
  await expectAccessible();
});

test("why the listener is down is said in words", async () => {
  const host = await open();
  const message = said("Port 47615 is already used by another program.");
  host.tell({ kind: "health", health: health({ listener: { kind: "down", message } }) });
  const line = await screen.findByText(/nothing from Roamify can arrive/);
  expect(line.textContent).toContain("Port 47615 is already used by another program.");
});

test("an emptied tunnel address is removed", async () => {
  const host = await open({ publicUrl: "https://a.example", webhookUrl: "https://a.example/hooks/token" });
  await type("public-url-input", "");
  await click("public-url-save");
  await waitFor(() => expect(host.set).toEqual([null]));
  expect(screen.queryByTestId("webhook-url")).toBeNull();
});

test("the tunnel commands name the port that is set", async () => {
  await open({ port: 50_123 });
  expect(screen.getByText("cloudflared tunnel --url http://127.0.0.1:50123")).toBeTruthy();
  expect(screen.getByText("ngrok http 50123")).toBeTruthy();
});

test("without a secret the window warns; saving one clears the field and the warning", async () => {
  const host = await open();
  expect(screen.getByTestId("secret-state").textContent).toContain("the address is the only credential");
  await type("secret-input", "s3cret ");
  await click("secret-save");
  await waitFor(() => expect(screen.getByTestId("secret-state").dataset["secret"]).toBe("keyring"));
  expect(host.set).toEqual(["s3cret "]);
  expect(screen.getByTestId<HTMLInputElement>("secret-input").value).toBe("");
});

test("the window says where the secret is kept", async () => {
  await open({ secret: "keyring" });
  expect(screen.getByTestId("secret-state").textContent).toContain("kept in this computer's keyring");
});

test("without a keyring the window says so, and who can read the file", async () => {
  await open({ secret: "file" });
  expect(screen.getByTestId("secret-state").textContent).toContain(
    "This system has no keyring, so it is kept in a file in the data folder that only this user can read.",
  );
  await expectAccessible();
});

test("replacing a secret says that both are accepted, until that is ended by a second click", async () => {
  const host = await open({ secret: "keyring" });
  expect(screen.queryByTestId("secret-previous")).toBeNull();
  expect(screen.getByText(/Replacing it starts a rotation/)).toBeTruthy();
  await type("secret-input", "new");
  await click("secret-save");
  expect((await screen.findByTestId("secret-previous")).textContent).toContain(
    "Deliveries signed with the previous secret are still accepted.",
  );
  expect(screen.getByText(/Replacing it again/)).toBeTruthy();
  await expectAccessible();
  await click("secret-drop-previous");
  expect(document.activeElement).toBe(await screen.findByTestId("secret-drop-previous-no"));
  await expectAccessible();
  expect(host.set).toEqual(["new"]);
  await click("secret-drop-previous-yes");
  await waitFor(() => expect(screen.queryByTestId("secret-previous")).toBeNull());
  expect(host.set).toEqual(["new", "drop the previous secret"]);
  expect(screen.getByText("Only the new secret is accepted now.")).toBeTruthy();
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Signing secret"));
});

test("a question that is answered with no, or by Escape, does nothing and gives the focus back", async () => {
  const host = await open({ secret: "file", previousSecret: true });
  await click("secret-drop-previous");
  await click("secret-drop-previous-no");
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("secret-drop-previous")));
  await click("secret-drop-previous");
  await press("Escape", await screen.findByTestId("secret-drop-previous-no"));
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("secret-drop-previous")));
  expect(host.set).toEqual([]);
});

test("a rotation that can't be ended says why and stays", async () => {
  const host = await open({ secret: "keyring", previousSecret: true });
  host.failure = said("The keyring can't be opened.");
  await click("secret-drop-previous");
  await click("secret-drop-previous-yes");
  await screen.findByText("The keyring can't be opened.");
  expect(screen.getByTestId("secret-previous")).toBeTruthy();
});

test("a rotation in the environment is told, and can't be ended here", async () => {
  await open({ secret: "environment", previousSecret: true });
  expect(screen.getByTestId("secret-previous").textContent).toContain("ESIM_WATCH_WEBHOOK_SECRET_PREVIOUS");
  expect(screen.queryByTestId("secret-drop-previous")).toBeNull();
});

test("a stored secret is only removed after a second click", async () => {
  const host = await open({ secret: "keyring" });
  await click("secret-remove");
  expect(host.set).toEqual([]);
  await click("secret-remove-yes");
  await waitFor(() => expect(screen.getByTestId("secret-state").dataset["secret"]).toBe("none"));
  expect(host.set).toEqual([null]);
});

test("a secret that can't be read can be removed, so that the program listens again", async () => {
  const host = await open({ address: null, secret: "unreadable" });
  expect(screen.getByTestId("secret-state").textContent).toContain("Set it anew here, or remove it.");
  await click("secret-remove");
  await click("secret-remove-yes");
  await waitFor(() => expect(host.set).toEqual([null]));
});

test("a keyring that does not open is named as what may hold a secret, with the ways out", async () => {
  const host = await open({ address: null, secret: "unknown" });
  expect(screen.getByTestId("secret-state").textContent).toContain("A secret may be set");
  await click("secret-remove");
  await click("secret-remove-yes");
  await waitFor(() => expect(host.set).toEqual([null]));
});

test("a secret from the environment can't be changed here", async () => {
  await open({ secret: "environment" });
  expect(screen.queryByTestId("secret-input")).toBeNull();
  expect(screen.getByTestId("secret-state").textContent).toContain("ESIM_WATCH_WEBHOOK_SECRET");
});

test("a variable that is no secret is named, with the way out", async () => {
  await open({ address: null, secret: "environmentUnusable" });
  expect(screen.getByTestId("secret-state").textContent).toContain("Correct ESIM_WATCH_WEBHOOK_SECRET");
  expect(screen.queryByTestId("secret-input")).toBeNull();
  expect(screen.queryByTestId("secret-remove")).toBeNull();
});

test("text that is no secret is answered where it was typed, and removes nothing", async () => {
  const host = await open({ secret: "keyring" });
  host.failure = said("The signing secret was not changed: it has more than one line.");
  await type("secret-input", " ");
  await click("secret-save");
  await screen.findByText("The signing secret was not changed: it has more than one line.");
  expect(screen.getByTestId("secret-state").dataset["secret"]).toBe("keyring");
});

test("with a second provider each has its address, its secret and its state", async () => {
  const host = new RecordedHost();
  const pigeon = providerConnection({
    name: "pigeon",
    displayName: "Pigeon Post",
    webhookPath: "/hooks/pigeon/token",
    webhookUrl: "https://a.example/hooks/pigeon/token",
    secret: "shut",
  });
  host.settings = connection({ providers: [providerConnection({ secret: "keyring" }), pigeon] });
  await openWindow(host);
  await click("nav-connection");
  await screen.findByTestId("port-input");
  expect(screen.getByTestId("webhook-path").textContent).toBe("http://127.0.0.1:47615/hooks/token");
  expect(screen.getByTestId("webhook-url-pigeon").textContent).toBe("https://a.example/hooks/pigeon/token");
  expect(screen.getByTestId("secret-state-pigeon").textContent).toContain(
    "Deliveries of Pigeon Post are refused until its secret is set here",
  );
  expect(screen.getByText("Signing secret of Roamify")).toBeTruthy();
  await expectAccessible();
  await type("secret-input-pigeon", "its own");
  await click("secret-save-pigeon");
  await waitFor(() => expect(screen.getByTestId("secret-state-pigeon").dataset["secret"]).toBe("keyring"));
  expect(screen.getByTestId("secret-state").dataset["secret"]).toBe("keyring");
  expect(screen.queryByTestId("secret-previous")).toBeNull();
});

test("a port that can't be used is answered where it was typed", async () => {
  const host = await open();
  for (const wrong of ["", "abc", "70000", "-1", "0"]) {
    await type("port-input", wrong);
    await fireEvent.submit(screen.getByTestId("port-input"));
    await screen.findByText("A port is a whole number between 1 and 65535.");
  }
  expect(host.set).toEqual([]);
  host.failure = said("Port 80 is in use by another program.");
  await type("port-input", "80");
  await click("port-save");
  await screen.findByText("Port 80 is in use by another program.");
  await expectAccessible();
});

test("while the listener is down the same port can be tried again", async () => {
  const host = await open({ address: null });
  expect(screen.getByTestId<HTMLButtonElement>("port-save").disabled).toBe(true);
  host.tell({
    kind: "health",
    health: health({ listener: { kind: "down", message: said("The port is taken.") } }),
  });
  await waitFor(() => expect(screen.getByTestId("port-save").textContent.trim()).toBe("Try again"));
  await click("port-save");
  await waitFor(() => expect(host.set).toEqual([47_615]));
});

test("the address on this computer is there for tests, its path also while nothing listens", async () => {
  const host = await open();
  expect(screen.getByTestId("webhook-path").textContent).toBe("http://127.0.0.1:47615/hooks/token");
  host.settings = connection({ address: null });
  host.tell({ kind: "health", health: health({ listener: { kind: "down", message: said("Taken.") } }) });
  await waitFor(() => expect(screen.getByTestId("webhook-path").textContent).toBe("/hooks/token"));
});

const shownRefusals = (): string[] =>
  screen.getAllByTestId<HTMLTableRowElement>("refusal").map(({ cells }) =>
    [...cells]
      .slice(1)
      .map(({ textContent }) => textContent)
      .join(" "),
  );

test("refused deliveries are listed, newest first, and the list keeps up", async () => {
  const host = await open();
  expect(screen.getByText("None since the program started.")).toBeTruthy();
  expect(host.refusalsAsked).toBe(0);
  host.refused = [refusal()];
  host.tell({ kind: "health", health: health({ refusedCount: 1, lastRefusal: refusal() }) });
  await screen.findByTestId("refusal");
  expect(screen.getByTestId("refusals").textContent).toContain("1 delivery was refused");
  host.refused = [refusal({ status: 413, reason: said("<b>Too large.</b>") }), refusal()];
  host.tell({ kind: "health", health: health({ refusedCount: 2 }) });
  await waitFor(
    () => expect(shownRefusals()).toEqual(["413 <b>Too large.</b>", "401 The signature does not match."]),
    { timeout: 2000 },
  );
  expect(host.refusalsAsked).toBe(2);
  expect(screen.getByRole("region", { name: "The last 2 refused deliveries" }).tabIndex).toBe(0);
  await expectAccessible();
});

test("a list of refusals that is scrolled down holds still and offers what is new", async () => {
  const host = new RecordedHost();
  host.refused = [refusal({ status: 401 })];
  await openWindow(host);
  host.tell({ kind: "health", health: health({ refusedCount: 1 }) });
  await click("nav-connection");
  const region = await screen.findByTestId("refusals-list");
  region.scrollTop = 40;
  await fireEvent.scroll(region);
  host.refused = [refusal({ status: 413 }), refusal({ status: 401 })];
  host.tell({ kind: "health", health: health({ refusedCount: 2 }) });
  expect((await screen.findByTestId("refusals-new")).textContent.trim()).toBe("1 newer – show");
  await waitFor(() => expect(host.refusalsAsked).toBe(2), { timeout: 2000 });
  expect(screen.getAllByTestId("refusal").length).toBe(1);
  await click("refusals-new");
  await waitFor(() => expect(screen.getAllByTestId("refusal").length).toBe(2));
});

test("a list of refusals that can't be loaded leaves the last one", async () => {
  const host = await open();
  host.failure = said("No answer.");
  host.tell({ kind: "health", health: health({ refusedCount: 2, lastRefusal: refusal() }) });
  await screen.findByText("No answer.");
  expect(screen.getByText("The signature does not match.")).toBeTruthy();
});

test("a data folder that is synchronised is told, with what to do", async () => {
  const host = await open();
  expect(screen.queryByTestId("unsafe-place")).toBeNull();
  const place = "The data folder is in a folder that OneDrive synchronises. Move it.";
  host.tell({ kind: "health", health: health({ unsafePlace: said(place) }) });
  expect((await screen.findByTestId("unsafe-place")).textContent).toContain(place);
  await expectAccessible();
});

test("the last backup is told where the data is, and why there is no newer one", async () => {
  const host = await open();
  const told = (): string => screen.getByTestId("backup").textContent.replaceAll(/\s+/g, " ").trim();
  host.tell({ kind: "health", health: health({ backup: { lastAtMs: null, problem: null } }) });
  await waitFor(() => expect(told()).toContain("No backup yet."));
  const backup = { lastAtMs: Date.now(), problem: null };
  host.tell({ kind: "health", health: health({ backup }) });
  await waitFor(() => expect(told()).toContain("Last backup today"));
  expect(screen.queryByTestId("backup-problem")).toBeNull();
  const problem = "The daily backup failed: the disk is full. Make room.";
  host.tell({ kind: "health", health: health({ backup: { ...backup, problem: said(problem) } }) });
  expect((await screen.findByTestId("backup-problem")).textContent).toContain(problem);
  expect(told()).toContain("Last backup today");
  await expectAccessible();
});

test("a connection that can't be loaded says why and tries again", async () => {
  const host = new RecordedHost();
  await openWindow(host);
  host.failure = said("The settings can't be read.");
  await click("nav-connection");
  await screen.findByText("The settings can't be read.");
  host.failure = null;
  await fireEvent.click(screen.getByText("Try again"));
  await screen.findByTestId("port-input");
});
