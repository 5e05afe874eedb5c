/**
 * What needs somebody now: the new alerts by rule, the gravest first. Asked for when the inbox changed, at
 * most once a second. It must not know screens or Svelte.
 */
import type { AlertGroup, Host } from "../host";
import { RULES, SEVERITIES } from "./facts/rules";
import { Latest } from "./latest";
import { paced } from "./paced";

/** Nobody reads a list that changes more often. */
const PACE_MS = 1000;

export class Attention extends Latest<readonly AlertGroup[]> {
  readonly #follow = paced(PACE_MS, () => this.load());

  constructor(host: Host) {
    super(async () => (await host.alertGroups()).sort((one, other) => rank(one) - rank(other)));
  }

  /** The inbox changed: the first change is followed at once, those that come soon after it in one step. */
  follow(): void {
    void this.#follow();
  }

  override stop(): void {
    super.stop();
    this.#follow.stop();
  }
}

function rank({ severity, rule }: AlertGroup): number {
  return SEVERITIES.indexOf(severity) * RULES.length + RULES.indexOf(rule);
}
