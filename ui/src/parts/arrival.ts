/**
 * Whose the focus is when the rows of a list come: theirs, unless somebody has gone elsewhere on the screen meanwhile. And
 * when what had it goes.
 */
import { tick } from "svelte";

/** The rows are there, or not yet: gives them the focus as soon as they are drawn. */
export function arrive(rows: unknown, focus: () => void): void {
  if (rows === undefined || rows === null) return;
  void tick().then(() => {
    if (isNobodyElsewhere()) focus();
  });
}

/** What had the focus may be gone from the screen: then its heading has it. */
export function remain(): void {
  void tick().then(() => {
    if (document.activeElement !== document.body) return;
    document.querySelector<HTMLElement>("main h1")?.focus();
  });
}

function isNobodyElsewhere(): boolean {
  const { activeElement } = document;
  if (activeElement === null || activeElement.closest("main, dialog, [role=menu]") === null) return true;
  // A new screen gives the focus to its heading until there is something to choose from.
  return activeElement.tagName === "H1";
}
