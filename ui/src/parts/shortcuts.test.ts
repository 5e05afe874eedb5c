import { expect, test } from "vitest";
import { Keys } from "./shortcuts";

/** What a key means while this has the focus. */
function pressed(html: string, key: string): string | null {
  document.body.innerHTML = html;
  const event = new KeyboardEvent("keydown", { key, bubbles: true });
  const keys = new Keys();
  let found: string | null = null;
  document.addEventListener("keydown", (one) => (found = keys.read(one)), { once: true });
  document.body.firstElementChild?.dispatchEvent(event);
  return found;
}

test("keys are somebody's text where text is written, and nowhere else", () => {
  for (const html of ["<button></button>", '<input type="radio">', '<input type="checkbox">', "<p></p>"]) {
    expect(pressed(html, "?"), html).toBe("help");
  }
  for (const html of ["<input>", '<input type="search">', "<textarea></textarea>", "<select></select>"]) {
    expect(pressed(html, "?"), html).toBeNull();
  }
});
