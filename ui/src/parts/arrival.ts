/** Whose the focus is when a list has come: its own, unless somebody has gone elsewhere on the screen meanwhile. */

export function isNobodyElsewhere(): boolean {
  const { activeElement } = document;
  if (activeElement === null || activeElement.closest("main, dialog, [role=menu]") === null) return true;
  // A new screen gives the focus to its heading until there is something to choose from.
  return activeElement.tagName === "H1";
}
