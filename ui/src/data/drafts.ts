/**
 * What somebody wrote and did not save: leaving a form by Escape, by a click beside it or for another screen keeps it until
 * it is saved or given up. For as long as the window is open. It must not know what is written.
 */
import type { AlertRow } from "../host";

/** Names the draft of a note on alerts. */
export const noteDraft = (rows: readonly AlertRow[]): string => `note:${rows.map(({ id }) => id).join(",")}`;

/** Names the draft of an eSIM's traveller. */
export const travellerDraft = (esimKey: string): string => `traveller:${esimKey}`;

export class Drafts {
  readonly #kept = new Map<string, unknown>();

  /** What was written there before, if anything was. `fallback`: what stands there otherwise. */
  of<T>(key: string, fallback: T): T {
    return this.#kept.has(key) ? (this.#kept.get(key) as T) : fallback;
  }

  has(key: string): boolean {
    return this.#kept.has(key);
  }

  keep(key: string, draft: unknown): void {
    this.#kept.set(key, draft);
  }

  /** It was saved, or given up. */
  drop(key: string): void {
    this.#kept.delete(key);
  }
}
