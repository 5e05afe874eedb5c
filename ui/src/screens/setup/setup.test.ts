import { screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { RecordedHost } from "../../testing/host";
import { connection, said } from "../../testing/samples";
import { click, expectAccessible, openWindow } from "../../testing/window";

function fresh(): RecordedHost {
  const host = new RecordedHost();
  host.settings = connection();
  return host;
}

const done = (step: string): string | undefined => screen.getByTestId(`setup-${step}`).dataset["done"];

test("the first thing to see is the set-up, which ends in a green check", async () => {
  const host = fresh();
  host.trial = { public: false, signed: false, status: 200, tookMs: 3, stored: true, problem: null };
  await openWindow(host, { events: 0 });
  await screen.findByTestId("setup");
  await screen.findByTestId("setup-tunnel");
  expect([done("tunnel"), done("secret"), done("test")]).toEqual(["false", "false", "false"]);
  await expectAccessible();
  // Without a public address the way through the internet is not proved.
  await click("send-test");
  await screen.findByText(/has not been tried yet/);
  expect(done("test")).toBe("false");
  expect(screen.queryByTestId("setup-finished")).toBeNull();

  screen.getByTestId<HTMLInputElement>("public-url-input").value = "https://desk.example.org";
  screen.getByTestId("public-url-input").dispatchEvent(new Event("input", { bubbles: true }));
  await click("public-url-save");
  await waitFor(() => expect(done("tunnel")).toBe("true"));
  host.trial = { public: true, signed: true, status: 200, tookMs: 84, stored: true, problem: null };
  await click("send-test");
  await screen.findByTestId("setup-finished");
  expect(done("test")).toBe("true");
  await expectAccessible();
});

test("a test event that did not come back is no success", async () => {
  const host = fresh();
  host.settings = { ...host.settings, publicUrl: "https://desk.example.org" };
  host.trial = {
    public: true,
    signed: true,
    status: 502,
    tookMs: 40,
    stored: false,
    problem: said("The tunnel is there, but does not reach this program."),
  };
  await openWindow(host);
  await click("nav-connection");
  await click("setup-open");
  await click("send-test");
  await screen.findByText(/does not reach this program/);
  expect(done("test")).toBe("false");
  expect(screen.queryByTestId("setup-finished")).toBeNull();
});

test("a desk where something is set up or has come begins with Today", async () => {
  await openWindow(fresh(), { events: 3 });
  expect(screen.queryByTestId("setup")).toBeNull();
  const host = new RecordedHost();
  host.settings = connection({ secret: "keyring" });
  await openWindow(host, { events: 0 });
  expect(screen.queryByTestId("setup")).toBeNull();
});
