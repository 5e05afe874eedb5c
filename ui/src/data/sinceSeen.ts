/**
 * What happened since somebody last looked, and who notes that somebody does. Using the window is looking:
 * a window that stands open on a second screen all night is not. When that was, Rust knows and keeps.
 * It must not know screens or Svelte.
 */
import type { Host, Receipt, SinceSeen as Told } from "../host";
import { THRESHOLDS } from "../host";
import { Observable } from "./observable";

export class SinceSeen extends Observable {
  /** What happened meanwhile; null: nothing, or somebody has read it. */
  told: Told | null = null;
  /** What became of the last time in which nobody listened; null: there was none, or nobody knows yet. */
  receipt: Receipt | null = null;

  readonly #host: Host;
  #lastUse = Number.NEGATIVE_INFINITY;
  #lastMarked = Number.NEGATIVE_INFINITY;

  constructor(host: Host) {
    super();
    this.#host = host;
  }

  /** Asks without noting a look: a program that starts with the system is no person. */
  async ask(): Promise<void> {
    try {
      const told = await this.#host.sinceSeen();
      // What was told and not read yet stays: its mark has not moved either.
      if (told !== null) this.told = told;
      if (told !== null && told.absences.length > 0) {
        this.receipt = (await this.#host.receipts(1))[0] ?? null;
      }
      this.changed();
    } catch {
      // It is told at the next look; what keeps the store from answering is told by the banner.
    }
  }

  /** Somebody uses the window. */
  async used(): Promise<void> {
    const now = Date.now();
    const away = now - this.#lastUse >= THRESHOLDS.awayMs;
    this.#lastUse = now;
    if (away) await this.ask();
    if (this.told === null && now - this.#lastMarked >= THRESHOLDS.markedEveryMs) {
      this.#lastMarked = now;
      await this.#markSeen();
    }
  }

  /** It was read. */
  async read(): Promise<void> {
    this.told = null;
    this.receipt = null;
    this.changed();
    this.#lastMarked = Date.now();
    await this.#markSeen();
  }

  async #markSeen(): Promise<void> {
    try {
      await this.#host.markSeen();
    } catch {
      // Then the next look back begins earlier: nothing is missed.
    }
  }
}
