/**
 * The inbox as the window holds it: pages of rows, newest first, asked for when they come into view. The
 * program only tells that something changed (a revision): while `hold` is set the rows stay where they
 * are, their values are renewed, and `pending` says what would be new; else the list is asked for again.
 * It must not know screens or Svelte.
 */
import type { AlertPage, AlertQuery, AlertRow, AlertState, Host, Rule, Severity } from "../host";
import { messageOf } from "../host";
import { RULES, severityOf } from "./facts/rules";
import { Observable } from "./observable";

export const ALERT_PAGE = 100;
/** The most that one answer brings. */
export const MOST_ROWS = 200;
/** The most that are selected at once. */
export const MOST_SELECTED = 1000;

export const TABS = ["new", "acknowledged", "snoozed", "history", "all"] as const;
export type Tab = (typeof TABS)[number];
/** One rule, or all of a severity. */
export type Kind = Rule | Severity;
export type AlertFilter = { tab: Tab; kind: Kind | null; search: string };

const STATES: Record<Tab, AlertState[]> = {
  new: ["new"],
  acknowledged: ["acknowledged"],
  snoozed: ["snoozed"],
  history: ["cleared"],
  all: [],
};

function rulesOf(kind: Kind | null): Rule[] {
  if (kind === null) return [];
  return RULES.filter((rule) => rule === kind || severityOf(rule) === kind);
}

export function alertQuery(filter: AlertFilter, offset: number, limit: number): AlertQuery {
  return {
    search: filter.search,
    states: STATES[filter.tab],
    rules: rulesOf(filter.kind),
    esim: null,
    offset,
    limit,
  };
}

/** All alerts that match, but no more than `most`. */
export async function allAlerts(host: Host, filter: AlertFilter, most = MOST_SELECTED): Promise<AlertRow[]> {
  const rows: AlertRow[] = [];
  for (;;) {
    const limit = Math.min(MOST_ROWS, most - rows.length);
    const page = await host.alerts(alertQuery(filter, rows.length, limit));
    rows.push(...page.rows);
    if (page.rows.length === 0 || rows.length >= Math.min(page.total, most)) return rows;
  }
}

export class AlertPages extends Observable {
  filter: AlertFilter = { tab: "new", kind: null, search: "" };
  /** null until the first page of this filter is here. */
  total: number | null = null;
  /** How many are in the history; null until that is known. */
  cleared: number | null = null;
  /** What the failed command said; "" if it said nothing. */
  error: string | null = null;
  /** New alerts that are not on the screen; `changed`: others would leave or enter. */
  pending: { count: number; changed: boolean } = NOTHING;
  /** Counts the answers to another filter: the view starts at its top. */
  generation = 0;
  /** The rows, but not the first of all, that are the first of their day by the local calendar. */
  dayStarts: ReadonlySet<number> = new Set();
  /** Somebody reads, chooses or points: no row may move. */
  hold = false;

  readonly #host: Host;
  #pages = new Map<number, AlertRow[]>();
  readonly #asked = new Set<number>();
  #view = { first: 0, last: 0 };
  #newest = 0;
  #era = 0;
  #revision = -1;
  #replacing = 0;
  #following: "no" | "yes" | "again" = "no";

  constructor(host: Host) {
    super();
    this.#host = host;
  }

  row(index: number): AlertRow | undefined {
    return this.#pages.get(Math.floor(index / ALERT_PAGE))?.[index % ALERT_PAGE];
  }

  /** Where the alert stands, if its page is here. */
  indexOf(id: number): number | null {
    for (const [page, rows] of this.#pages) {
      const at = rows.findIndex((row) => row.id === id);
      if (at >= 0) return page * ALERT_PAGE + at;
    }
    return null;
  }

  /** Another filter, from its top. The rows before stay until the answer is here. */
  async show(filter: AlertFilter): Promise<void> {
    this.filter = filter;
    this.#view = { first: 0, last: this.#view.last - this.#view.first };
    await this.#replace(true);
  }

  /** The same filter again, with the rows in view. */
  async reload(): Promise<void> {
    await this.#replace(false);
  }

  /** The program tells that something changed. */
  async follow(revision: number): Promise<void> {
    if (revision === this.#revision) return;
    this.#revision = revision;
    // An answer that is on its way may be older than this.
    if (this.watched && (this.total !== null || this.#replacing > 0)) await this.#follow();
  }

  /** Nobody reads any more: what was held back may come. */
  async release(): Promise<void> {
    this.hold = false;
    if (this.pending.changed || this.pending.count > 0) await this.reload();
  }

  /** Makes sure that these rows are on their way. */
  async want(first: number, last: number): Promise<void> {
    if (this.total === null || this.total === 0) return;
    this.#view = { first, last };
    const lastPage = Math.floor((this.total - 1) / ALERT_PAGE);
    const from = Math.floor(Math.max(first, 0) / ALERT_PAGE);
    const to = Math.min(Math.floor(Math.max(last, 0) / ALERT_PAGE) + 1, lastPage);
    const missing: number[] = [];
    for (let page = from; page <= to; page += 1) {
      if (!this.#pages.has(page) && !this.#asked.has(page)) missing.push(page);
    }
    await Promise.all(missing.map((page) => this.#load(page)));
  }

  async #follow(): Promise<void> {
    if (this.#following !== "no") {
      this.#following = "again";
      return;
    }
    this.#following = "yes";
    if (this.hold && this.total !== 0) await this.#look();
    else await this.reload();
    const again = (this.#following as string) === "again";
    this.#following = "no";
    if (again) await this.#follow();
  }

  /** What would be new, without moving anything. */
  async #look(): Promise<void> {
    const era = this.#era;
    try {
      const [answer, cleared] = await Promise.all([this.#ask(0), this.#askCleared()]);
      if (era !== this.#era) return;
      this.cleared = cleared;
      const count = answer.rows.filter(({ id }) => id > this.#newest).length;
      const fresh = new Map(answer.rows.map((row) => [row.id, row]));
      for (const [page, rows] of this.#pages) {
        this.#pages.set(
          page,
          rows.map((row) => fresh.get(row.id) ?? row),
        );
      }
      this.pending = { count, changed: answer.total !== (this.total ?? 0) + count };
    } catch (error) {
      if (era !== this.#era) return;
      this.error = messageOf(error) ?? "";
    }
    this.changed();
  }

  async #replace(isNew: boolean): Promise<void> {
    this.#era += 1;
    const era = this.#era;
    this.error = null;
    this.#replacing += 1;
    this.changed();
    try {
      const first = Math.floor(this.#view.first / ALERT_PAGE);
      const last = Math.max(Math.floor(this.#view.last / ALERT_PAGE), first);
      const wanted = Array.from({ length: last - first + 1 }, (_, index) => first + index);
      const [cleared, ...answers] = await Promise.all([
        this.#askCleared(),
        ...wanted.map((page) => this.#ask(page)),
      ]);
      if (era !== this.#era) return;
      this.#pages = new Map(answers.map(({ rows }, index) => [first + index, rows]));
      this.#asked.clear();
      this.#findDays();
      this.total = answers[0]?.total ?? 0;
      this.cleared = cleared;
      this.pending = NOTHING;
      this.#newest = Math.max(isNew ? 0 : this.#newest, this.row(0)?.id ?? 0);
      if (isNew) this.generation += 1;
    } catch (error) {
      if (era !== this.#era) return;
      this.error = messageOf(error) ?? "";
    } finally {
      this.#replacing -= 1;
    }
    this.changed();
  }

  async #load(page: number): Promise<void> {
    const era = this.#era;
    this.#asked.add(page);
    try {
      const answer = await this.#ask(page);
      if (era !== this.#era) return;
      this.#pages.set(page, answer.rows);
      this.#findDays();
    } catch (error) {
      if (era !== this.#era) return;
      this.error = messageOf(error) ?? "";
    }
    this.#asked.delete(page);
    this.changed();
  }

  #findDays(): void {
    const starts = new Set<number>();
    for (const [page, rows] of this.#pages) {
      for (const [at, row] of rows.entries()) {
        const index = page * ALERT_PAGE + at;
        const before = this.row(index - 1);
        if (before !== undefined && dayOf(before) !== dayOf(row)) starts.add(index);
      }
    }
    this.dayStarts = starts;
  }

  #ask(page: number): Promise<AlertPage> {
    return this.#host.alerts(alertQuery(this.filter, page * ALERT_PAGE, ALERT_PAGE));
  }

  async #askCleared(): Promise<number> {
    return (await this.#host.alerts(alertQuery({ tab: "history", kind: null, search: "" }, 0, 0))).total;
  }
}

function dayOf({ raisedAtMs }: AlertRow): number {
  return new Date(raisedAtMs).setHours(0, 0, 0, 0);
}

const NOTHING = { count: 0, changed: false };
