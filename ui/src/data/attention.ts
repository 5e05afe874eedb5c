/**
 * What needs somebody now: the new alerts by rule, the gravest first. Asked for when the inbox changed, at
 * most once a second. It must not know screens or Svelte.
 */
import type { AlertGroup, Host } from "../host";
import { messageOf } from "../host";
import { RULES, SEVERITIES } from "./facts/rules";
import { Observable } from "./observable";

/** Nobody reads a list that changes more often. */
const PACE_MS = 1000;

export type Group = AlertGroup;

export class Attention extends Observable {
  /** null until the first answer is here. */
  groups: readonly Group[] | null = null;
  error: string | null = null;

  readonly #host: Host;
  #era = 0;
  #resting: ReturnType<typeof setTimeout> | undefined;
  #again = false;

  constructor(host: Host) {
    super();
    this.#host = host;
  }

  async load(): Promise<void> {
    this.#era += 1;
    const era = this.#era;
    try {
      const groups = await this.#host.alertGroups();
      if (era !== this.#era) return;
      this.groups = groups.sort((one, other) => rank(one) - rank(other));
      this.error = null;
    } catch (error) {
      if (era !== this.#era) return;
      this.error = messageOf(error) ?? "";
    }
    this.changed();
  }

  /** The inbox changed: the first change is followed at once, those that come soon after it in one step. */
  follow(): void {
    if (this.#resting !== undefined) {
      this.#again = true;
      return;
    }
    this.#resting = setTimeout(() => {
      this.#resting = undefined;
      if (!this.#again) return;
      this.#again = false;
      this.follow();
    }, PACE_MS);
    void this.load();
  }

  stop(): void {
    this.#era += 1;
    this.#again = false;
    clearTimeout(this.#resting);
    this.#resting = undefined;
  }
}

function rank({ severity, rule }: Group): number {
  return SEVERITIES.indexOf(severity) * RULES.length + RULES.indexOf(rule);
}
