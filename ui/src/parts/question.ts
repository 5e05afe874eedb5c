/** What is to be asked before something is done to alerts: until when they are put off, or a note. */
import type { AlertRow } from "../host";

export type Question = { what: "snooze" | "note"; of: readonly AlertRow[] };
