/**
 * What happened since somebody last looked, and who notes that somebody does. Using the window is looking:
 * a window that stands open on a second screen all night is not. When that was, Rust knows and keeps.
 * It must not know screens or Svelte.
 */
import type { Host, SinceSeen as Told } from "../host";
import { Observable } from "./observable";

/** A look is told at most this often. */
const NOTED_MS = 60_000;
/** Who did nothing for so long was away. */
const AWAY_MS = 15 * 60_000;

export class LookBack extends Observable {
  /** What happened meanwhile; null: nothing, or somebody has read it. */
  told: Told | null = null;

  readonly #host: Host;
  #lastUse = Number.NEGATIVE_INFINITY;
  #lastNote = Number.NEGATIVE_INFINITY;

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
      this.changed();
    } catch {
      // It is told at the next look; what keeps the store from answering is told by the banner.
    }
  }

  /** Somebody uses the window. */
  async used(): Promise<void> {
    const now = Date.now();
    const away = now - this.#lastUse >= AWAY_MS;
    this.#lastUse = now;
    if (away) await this.ask();
    if (this.told === null && now - this.#lastNote >= NOTED_MS) {
      this.#lastNote = now;
      await this.#note();
    }
  }

  /** It was read. */
  async read(): Promise<void> {
    this.told = null;
    this.changed();
    this.#lastNote = Date.now();
    await this.#note();
  }

  async #note(): Promise<void> {
    try {
      await this.#host.markSeen();
    } catch {
      // Then the next look back begins earlier: nothing is missed.
    }
  }
}
