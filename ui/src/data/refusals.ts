/**
 * The last refused deliveries, asked for again when their number grows, at most once a second.
 * It must not know screens or Svelte.
 */
import type { Host, Refusal } from "../host";
import { messageOf } from "../host";
import { Observable } from "./observable";

/** A stranger can be refused many times a second; the list follows in steps. */
export const REASK_MS = 1000;

export class Refusals extends Observable {
  /** Newest first; null until the first answer is here. */
  list: readonly Refusal[] | null = null;
  /** What the failed command said; "" if it said nothing. */
  error: string | null = null;

  readonly #host: Host;
  #known = 0;
  #asked = 0;
  #resting = false;
  #stopped = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Host) {
    super();
    this.#host = host;
  }

  /** So many were refused since the program started. */
  follow(count: number): void {
    this.#known = count;
    if (!this.#resting && !this.#stopped && count !== this.#asked) void this.#ask();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #ask(): Promise<void> {
    this.#resting = true;
    this.#asked = this.#known;
    const rest = new Promise<void>((resolve) => {
      this.#timer = setTimeout(resolve, REASK_MS);
    });
    try {
      this.list = await this.#host.refusals();
      this.error = null;
    } catch (error) {
      this.error = messageOf(error) ?? "";
    }
    this.changed();
    await rest;
    this.#resting = false;
    this.follow(this.#known);
  }
}
