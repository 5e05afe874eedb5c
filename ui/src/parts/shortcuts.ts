/**
 * Every key that means something, in one table: the handlers ask it, the help shows it, so that neither can lie.
 * Keys mean nothing while somebody types or a dialog is open.
 */
import type { TextKey } from "../locales";

export type ShortcutName =
  | "palette"
  | "help"
  | "search"
  | "back"
  | "goToday"
  | "goEsims"
  | "goTravellers"
  | "goAlerts"
  | "goAccount"
  | "goDeliveries"
  | "goConnection"
  | "goSettings"
  | "copyIccid"
  | "copyRows"
  | "copySupport"
  | "askProvider"
  | "next"
  | "previous"
  | "select"
  | "selectAll"
  | "extend"
  | "open"
  | "move"
  | "moveColumn"
  | "acknowledge"
  | "snooze"
  | "note"
  | "undo";

export type ShortcutGroup = "everywhere" | "lists" | "esim" | "alerts";

export type Shortcut = {
  name: ShortcutName;
  group: ShortcutGroup;
  /** As they are shown; several ways stand beside each other. */
  keys: readonly string[];
  label: TextKey;
};

export const SHORTCUTS: readonly Shortcut[] = [
  { name: "palette", group: "everywhere", keys: ["Ctrl+K"], label: "keys.palette" },
  { name: "search", group: "everywhere", keys: ["/"], label: "keys.search" },
  { name: "help", group: "everywhere", keys: ["?"], label: "keys.help" },
  { name: "undo", group: "everywhere", keys: ["z"], label: "keys.undo" },
  { name: "goToday", group: "everywhere", keys: ["g t"], label: "keys.goToday" },
  { name: "goEsims", group: "everywhere", keys: ["g e"], label: "keys.goEsims" },
  { name: "goTravellers", group: "everywhere", keys: ["g p"], label: "keys.goTravellers" },
  { name: "goAlerts", group: "everywhere", keys: ["g a"], label: "keys.goAlerts" },
  { name: "goAccount", group: "everywhere", keys: ["g b"], label: "keys.goAccount" },
  { name: "goDeliveries", group: "everywhere", keys: ["g d"], label: "keys.goDeliveries" },
  { name: "goConnection", group: "everywhere", keys: ["g c"], label: "keys.goConnection" },
  { name: "goSettings", group: "everywhere", keys: ["g s"], label: "keys.goSettings" },
  { name: "move", group: "lists", keys: ["↑", "↓", "Home", "End"], label: "keys.move" },
  { name: "open", group: "lists", keys: ["Enter"], label: "keys.open" },
  { name: "select", group: "lists", keys: ["x", "Space"], label: "keys.select" },
  { name: "extend", group: "lists", keys: ["Shift+↑", "Shift+↓"], label: "keys.extend" },
  { name: "selectAll", group: "lists", keys: ["Ctrl+A"], label: "keys.selectAll" },
  { name: "moveColumn", group: "lists", keys: ["Alt+↑", "Alt+↓"], label: "keys.moveColumn" },
  { name: "copyIccid", group: "esim", keys: ["c"], label: "keys.copyIccid" },
  { name: "copyRows", group: "esim", keys: ["Ctrl+C"], label: "keys.copyRows" },
  { name: "copySupport", group: "esim", keys: ["Shift+C"], label: "keys.copySupport" },
  { name: "askProvider", group: "esim", keys: ["r"], label: "keys.askProvider" },
  { name: "next", group: "esim", keys: ["j"], label: "keys.next" },
  { name: "previous", group: "esim", keys: ["k"], label: "keys.previous" },
  { name: "back", group: "esim", keys: ["Esc"], label: "keys.back" },
  { name: "acknowledge", group: "alerts", keys: ["e"], label: "keys.acknowledge" },
  { name: "snooze", group: "alerts", keys: ["s"], label: "keys.snooze" },
  { name: "note", group: "alerts", keys: ["n"], label: "keys.note" },
];

export const SHORTCUT_GROUPS: readonly ShortcutGroup[] = ["everywhere", "lists", "esim", "alerts"];

/** How long the second key of two may take. */
const SEQUENCE_MS = 1200;

/** What takes keys for itself. Of the kinds of input that are no text, none takes letters. */
const TAKES_KEYS =
  "input:not([type=radio], [type=checkbox], [type=file]), textarea, select, dialog, [role=dialog]";

/** Whether keys are somebody's text, or a dialog's. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest(TAKES_KEYS) !== null;
}

/** Tells which shortcut an event is; keeps the first of two keys in mind. */
export class Keys {
  #first: string | null = null;
  #at = 0;

  /** null: it means nothing here, or it is the first of two. */
  read(event: KeyboardEvent): ShortcutName | null {
    if (event.defaultPrevented || event.altKey) return null;
    const key = written(event);
    if (key === "Ctrl+K") return "palette";
    if (isTyping(event.target)) return null;
    const before = event.timeStamp - this.#at <= SEQUENCE_MS ? this.#first : null;
    this.#first = null;
    const wanted = before === null ? key : `${before} ${key}`;
    const found = SHORTCUTS.find(({ keys }) => keys.includes(wanted));
    if (found !== undefined) return found.name;
    if (before === null && SHORTCUTS.some(({ keys }) => keys.some((one) => one.startsWith(`${key} `)))) {
      this.#first = key;
      this.#at = event.timeStamp;
    }
    return null;
  }
}

/** The key as the table writes it. */
function written({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent): string {
  const names: Record<string, string> = { Escape: "Esc", " ": "Space", ArrowUp: "↑", ArrowDown: "↓" };
  const name = names[key] ?? key;
  const isLetter = /^\p{L}$/u.test(name);
  if (ctrlKey || metaKey) return `Ctrl+${isLetter ? name.toUpperCase() : name}`;
  // A sign that needs Shift ("?") is written as it is; a letter says so.
  if (shiftKey && (isLetter || name.length > 1)) return `Shift+${isLetter ? name.toUpperCase() : name}`;
  return isLetter ? name.toLowerCase() : name;
}
