import { afterEach, beforeEach, expect, test } from "vitest";
import { keepFocus } from "./focusKeeper";

let leave: () => void;

beforeEach(() => {
  document.body.innerHTML = `
    <main>
      <h1 tabindex="-1">Travellers</h1>
      <ul>
        <li id="first"><span>One</span><button data-testid="undo">Undo</button></li>
        <li id="second"><span>Two</span><button data-testid="undo">Undo</button><button>More</button></li>
      </ul>
      <p id="line"><button id="mute">Mute</button></p>
    </main>
    <div data-passing><button id="passing">Undo</button></div>`;
  leave = keepFocus(() => document.querySelector("h1"));
});

afterEach(() => {
  leave();
  document.body.innerHTML = "";
});

const at = (selector: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`no ${selector}`);
  return found;
};

/** What was drawn is seen, and then whoever drew has its turn. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  await new Promise((resolve) => setTimeout(resolve));
}

test("a control that can't be used for a moment has the focus again afterwards", async () => {
  const mute = at("#mute") as HTMLButtonElement;
  mute.focus();
  // As an engine does that takes the focus from what can't be used.
  mute.blur();
  mute.disabled = true;
  await settled();
  expect(document.activeElement).toBe(document.body);
  mute.disabled = false;
  await settled();
  expect(document.activeElement).toBe(mute);
});

test("where a control is gone the focus is on what was drawn instead of it", async () => {
  at("#mute").focus();
  at("#line").innerHTML = '<button id="unmute">Unmute</button>';
  await settled();
  expect(document.activeElement).toBe(at("#unmute"));
});

test("where words took a control's place the focus is on the row, and no other control is at hand", async () => {
  at("#first button").focus();
  at("#first button").replaceWith("Undone");
  await settled();
  expect(document.activeElement).toBe(at("#first"));
  // It is no stop of the keyboard once it is left.
  at("#mute").focus();
  expect(at("#first").hasAttribute("tabindex")).toBe(false);
});

test("where a row is gone the one that moved up has the focus, at the same control", async () => {
  at("#first button").focus();
  at("#first").remove();
  await settled();
  expect(document.activeElement).toBe(at("#second [data-testid=undo]"));
});

test("from a line that passes the focus goes back to where it came from", async () => {
  at("#mute").focus();
  at("#passing").focus();
  at("[data-passing]").replaceChildren();
  await settled();
  expect(document.activeElement).toBe(at("#mute"));
});

test("where nothing is left the screen's name has the focus", async () => {
  at("#mute").focus();
  at("#line").remove();
  at("ul").remove();
  await settled();
  expect(document.activeElement).toBe(at("h1"));
});

test("whoever moves the focus, or clicks beside everything, is not overruled", async () => {
  at("#mute").focus();
  at("#line").remove();
  at("h1").focus();
  await settled();
  expect(document.activeElement).toBe(at("h1"));
  at("#second button").focus();
  at("#first span").dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
  at("#second button").blur();
  at("#second").remove();
  await settled();
  expect(document.activeElement).toBe(document.body);
});
