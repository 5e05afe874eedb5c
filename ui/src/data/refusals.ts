/**
 * The last refused deliveries, asked for again when their number grows, at most once a second.
 * It must not know screens or Svelte.
 */
import type { Host, Refusal } from "../host";
import { Latest } from "./latest";
import { paced } from "./paced";

/** A stranger can be refused many times a second; the list follows in steps. */
export const REASK_MS = 1000;

export class Refusals extends Latest<readonly Refusal[]> {
  #known = 0;
  #asked = 0;
  readonly #follow = paced(REASK_MS, async () => {
    // What was called for while it rested may be known by now.
    if (this.#asked === this.#known) return;
    this.#asked = this.#known;
    await this.load();
  });

  constructor(host: Host) {
    super(() => host.refusals());
  }

  /** So many were refused since the program started. */
  follow(count: number): void {
    this.#known = count;
    if (count !== this.#asked) void this.#follow();
  }

  override stop(): void {
    super.stop();
    this.#follow.stop();
  }
}
