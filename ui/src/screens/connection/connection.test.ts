import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { RecordedHost } from "../../testing/host";
import { connection, health } from "../../testing/samples";
import { click, expectAccessible, openWindow } from "../../testing/window";

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
  await waitFor(() => expect(screen.getByTestId("secret-state").dataset["secret"]).toBe("stored"));
  expect(host.set).toEqual(["s3cret "]);
  expect(screen.getByTestId<HTMLInputElement>("secret-input").value).toBe("");
});

test("a stored secret is only removed after a second click", async () => {
  const host = await open({ secret: "stored" });
  await click("secret-remove");
  expect(host.set).toEqual([]);
  await click("secret-remove-yes");
  await waitFor(() => expect(screen.getByTestId("secret-state").dataset["secret"]).toBe("none"));
  expect(host.set).toEqual([null]);
});

test("a secret from the environment can't be changed here", async () => {
  await open({ secret: "environment" });
  expect(screen.queryByTestId("secret-input")).toBeNull();
  expect(screen.getByTestId("secret-state").textContent).toContain("ESIM_WATCH_WEBHOOK_SECRET");
});

test("a port that can't be used is answered where it was typed", async () => {
  const host = await open();
  for (const wrong of ["", "abc", "70000", "-1", "0"]) {
    await type("port-input", wrong);
    await fireEvent.submit(screen.getByTestId("port-input"));
    await screen.findByText("A port is a whole number between 1 and 65535.");
  }
  expect(host.set).toEqual([]);
  host.failure = { message: "Port 80 is in use by another program." };
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
    health: health({ listener: { kind: "down", message: "The port is taken." } }),
  });
  await waitFor(() => expect(screen.getByTestId("port-save").textContent.trim()).toBe("Try again"));
  await click("port-save");
  await waitFor(() => expect(host.set).toEqual([47_615]));
});

test("refused deliveries are told with the last reason", async () => {
  const host = await open();
  const lastRefusal = { atMs: Date.now(), reason: "The signature does not match." };
  host.tell({ kind: "health", health: health({ refusedCount: 2, lastRefusal }) });
  await screen.findByText("The signature does not match.");
  expect(screen.getByTestId("refusals").textContent).toContain("2 deliveries were refused");
});

test("a connection that can't be loaded says why and tries again", async () => {
  const host = new RecordedHost();
  await openWindow(host);
  host.failure = { message: "The settings can't be read." };
  await click("nav-connection");
  await screen.findByText("The settings can't be read.");
  host.failure = null;
  await fireEvent.click(screen.getByText("Try again"));
  await screen.findByTestId("port-input");
});
