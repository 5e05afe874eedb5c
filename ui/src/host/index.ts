/**
 * The window's only door to the program behind it. Screens and data know this interface, never Tauri, so
 * that they can be tested with a recorded host.
 */
import { Channel } from "@tauri-apps/api/core";
import { text } from "../locales";
import { worded } from "../locales/message";
import {
  type CommandError,
  commands,
  type Exported,
  type ExportProgress,
  type ExportRequest,
  type Update,
} from "./bindings";

export type * from "./bindings";
export {
  API_RATE_VARIABLE,
  API_RATES,
  API_TOKEN_VARIABLE,
  BALANCES,
  ESIM_COLUMNS,
  EVENT_ABOUTS,
  EXPORT_COLUMNS,
  LIMITS,
  NUMBERS,
  ORDER_STATES,
  RULE_ORDER,
  RULES,
  SEARCHED_BODIES,
  STATUS_ROLES,
  STATUSES,
  THRESHOLDS,
  USUAL_ALERT_SETTINGS,
  USUAL_ESIM_FILTER,
} from "./bindings";

/** A command as the window calls it; one that answers nothing is only awaited. */
type Asked<Command> = Command extends (...values: infer Values) => Promise<infer Answer>
  ? (...values: Values) => Promise<[Answer] extends [null] ? unknown : Answer>
  : never;

/** Every command of the program (each is described in `bindings.ts`), and its one subscription. */
export type Host = {
  [Name in Exclude<keyof typeof commands, "updates" | "export">]: Asked<(typeof commands)[Name]>;
} & {
  /** The one subscription of this window: updates arrive in order, for as long as it is there. */
  watch(onUpdate: (update: Update) => void): Promise<void>;
  /** Writes a list into a file, and tells how far it is. */
  export(request: ExportRequest, onProgress: (progress: ExportProgress) => void): Promise<Exported>;
};

export const tauriHost: Host = {
  ...commands,
  async watch(onUpdate) {
    for (let first = true; ; ) {
      let updates: Update[];
      try {
        updates = await commands.updates(first);
        first = false;
      } catch (error) {
        // What was on its way may be lost: begin anew, with all that there is. In vain: that is the end.
        if (first) throw error;
        first = true;
        continue;
      }
      for (const update of updates) {
        try {
          onUpdate(update);
        } catch (error) {
          // Whoever could not draw one update is told the next ones all the same.
          reportError(error);
        }
      }
    }
  },
  async export(request, onProgress) {
    const progress = new Channel<ExportProgress>();
    progress.onmessage = onProgress;
    return await commands.export(request, progress);
  },
};

/** What a failed command said to the user, or null if what was thrown carries no text. */
export function messageOf(error: unknown): string | null {
  // What is no command's answer is the words of Tauri or of the engine.
  const words = error instanceof Error ? error.message : error;
  if (typeof words === "string" && words !== "") {
    return text("error.internal", { reason: text("reason.quoted", { text: words }) });
  }
  if (typeof error !== "object" || error === null || !("key" in error)) return null;
  const { key, values } = error as CommandError;
  return typeof key === "string" && key !== "" ? worded({ key, values }) : null;
}
