/**
 * What needs somebody now: the new alerts by rule, the gravest first. Asked for again whenever the
 * inbox changed. It must not know screens or Svelte.
 */
import type { AlertRow, Host, Rule, Severity } from "../host";
import { messageOf } from "../host";
import { alertQuery, MOST_ROWS } from "./alerts";
import { Observable } from "./observable";
import { RULES, SEVERITIES, severityOf } from "./rules";

/** How many of each rule are known by name. */
export const NAMED = 3;

export type Group = { rule: Rule; severity: Severity; count: number; newest: readonly AlertRow[] };

export class Attention extends Observable {
  /** null until the first answer is here. */
  groups: readonly Group[] | null = null;
  error: string | null = null;

  readonly #host: Host;
  #era = 0;

  constructor(host: Host) {
    super();
    this.#host = host;
  }

  async load(): Promise<void> {
    this.#era += 1;
    const era = this.#era;
    try {
      const groups = await this.#ask();
      if (era !== this.#era) return;
      this.groups = groups;
      this.error = null;
    } catch (error) {
      if (era !== this.#era) return;
      this.error = messageOf(error) ?? "";
    }
    this.changed();
  }

  async #ask(): Promise<Group[]> {
    const filter = { tab: "new", kind: null, search: "" } as const;
    const page = await this.#host.alerts(alertQuery(filter, 0, MOST_ROWS));
    const groups = await Promise.all(
      RULES.map(async (rule) => {
        const rows = page.rows.filter((row) => row.rule === rule);
        // More than one answer brings: each rule is asked for its own total.
        const own =
          page.total > page.rows.length
            ? await this.#host.alerts(alertQuery({ ...filter, kind: rule }, 0, NAMED))
            : { total: rows.length, rows };
        const [first] = own.rows;
        return {
          rule,
          severity: first?.severity ?? severityOf(rule),
          count: own.total,
          newest: own.rows.slice(0, NAMED),
        };
      }),
    );
    const rank = ({ severity }: Group): number => SEVERITIES.indexOf(severity);
    return groups.filter(({ count }) => count > 0).sort((a, b) => rank(a) - rank(b));
  }
}
