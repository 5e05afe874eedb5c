/**
 * The focus stays where somebody works. A control that goes away, or can't be used for a moment, takes the focus of the
 * page with it, and the next Tab starts at the top. Here it goes to what took the control's place: back to it once it can
 * be used again, else to what was drawn there instead, to the row that moved up, or to what it stood in. Screens that know
 * better move the focus themselves, and are first.
 */

const FOCUSABLE =
  'button:not(:disabled), a[href], input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex]:not([tabindex="-1"])';

/** Lines that go away by themselves: from there the focus goes back to where it came from. */
const PASSING = "[data-passing]";

type Level = { element: Element; parent: Element; next: Element | null };

type Place = {
  element: HTMLElement;
  /** Whether it is in a line that passes. */
  passing: boolean;
  /** From the element up, each with what it stands in and what stands behind it. */
  levels: Level[];
  /** What else could have the focus in the same place. */
  beside: Set<Element>;
};

function focusables(root: Element): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(FOCUSABLE)];
}

function placeOf(element: HTMLElement): Place {
  const levels: Level[] = [];
  for (let at: Element = element; at.parentElement !== null; at = at.parentElement) {
    levels.push({ element: at, parent: at.parentElement, next: at.nextElementSibling });
  }
  const around = element.parentElement;
  const passing = element.closest(PASSING) !== null;
  return { element, passing, levels, beside: new Set(around === null ? [] : focusables(around)) };
}

function isDisabled(element: HTMLElement): boolean {
  return element.matches(":disabled");
}

function isLost(): boolean {
  const { activeElement } = document;
  return activeElement === null || activeElement === document.body || !activeElement.isConnected;
}

/** Focuses what can't be reached by Tab otherwise, so that the next Tab goes on from there. */
function focusPlace(element: HTMLElement): void {
  if (!element.matches(FOCUSABLE) && !element.hasAttribute("tabindex")) {
    element.setAttribute("tabindex", "-1");
    element.addEventListener("blur", () => element.removeAttribute("tabindex"), { once: true });
  }
  element.focus({ preventScroll: true });
}

/** What took the place of what is gone. */
function successor({ element, levels, beside }: Place): HTMLElement | null {
  const gone = levels.findLast((level) => !level.element.isConnected);
  if (gone === undefined || !gone.parent.isConnected) return null;
  const { parent, next } = gone;
  if (gone.element === element) {
    const drawn = focusables(parent).find((one) => !beside.has(one));
    return drawn ?? (parent as HTMLElement);
  }
  // A row went: the one that moved up, at the same control.
  const row = next?.isConnected === true ? next : parent.lastElementChild;
  if (row instanceof HTMLElement && row.tagName === gone.element.tagName) {
    const { testid } = element.dataset;
    const same = testid === undefined ? null : row.querySelector<HTMLElement>(`[data-testid="${testid}"]`);
    return same ?? (row.matches(FOCUSABLE) ? row : (focusables(row)[0] ?? row));
  }
  return parent as HTMLElement;
}

/** Keeps the focus until it is told to stop. `home`: what has the focus when nothing else can. */
export function keepFocus(home: () => HTMLElement | null): () => void {
  let place: Place | null = null;
  /** Where the focus was before it went to a passing line. */
  let before: Place | null = null;
  let asked = false;

  function onfocusin({ target }: FocusEvent): void {
    if (!(target instanceof HTMLElement) || target === document.body) return;
    const now = placeOf(target);
    if (now.passing && place !== null && !place.passing) before = place;
    if (!now.passing) before = null;
    place = now;
  }

  function onpointerdown({ target }: PointerEvent): void {
    // Whoever clicks beside everything means to leave it.
    if (target instanceof Element && target.closest(`${FOCUSABLE}, label, [tabindex]`) === null) place = null;
  }

  function settle(): void {
    asked = false;
    if (place === null || !isLost() || document.querySelector("dialog[open]") !== null) return;
    const { element } = place;
    if (element.isConnected) {
      if (!isDisabled(element)) element.focus({ preventScroll: true });
      return;
    }
    const passed = place.passing ? before : null;
    const next =
      passed === null ? successor(place) : passed.element.isConnected ? passed.element : successor(passed);
    const wanted = next === null || next === document.body || next.tagName === "MAIN" ? home() : next;
    if (wanted !== null) focusPlace(wanted);
  }

  function onchange(): void {
    if (asked || place === null || !isLost()) return;
    asked = true;
    // Whoever draws may move the focus itself, after it has drawn.
    setTimeout(settle);
  }

  /** A control that can't be used any more has no place for the next Tab to start from. */
  function onkeydown({ key }: KeyboardEvent): void {
    if (key !== "Tab" || place === null || !isLost()) return;
    const { element } = place;
    const around = element.isConnected && isDisabled(element) ? element.parentElement : null;
    if (around !== null) focusPlace(around);
  }

  const observer = new MutationObserver(onchange);
  observer.observe(document.body, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["disabled", "hidden"],
  });
  document.addEventListener("focusin", onfocusin);
  document.addEventListener("pointerdown", onpointerdown);
  document.addEventListener("keydown", onkeydown, true);
  return () => {
    observer.disconnect();
    document.removeEventListener("focusin", onfocusin);
    document.removeEventListener("pointerdown", onpointerdown);
    document.removeEventListener("keydown", onkeydown, true);
  };
}
