/**
 * The inbox as the window holds it: pages of rows, newest first, asked for when they come into view. The
 * program only tells that something changed (a revision): while `hold` is set the rows stay where they
 * are, their values are renewed, and `pending` says what would be new; else the list is asked for again.
 * It must not know screens or Svelte.
 */
import type { AlertPage, AlertQuery, AlertRow, AlertState, Host, Rule, Severity } from "../host";
import { dayOf } from "./day";
import { RULES, severityOf } from "./facts/rules";
import { paced } from "./paced";
import { type Answers, PAGE_ROWS, Pages } from "./pages";

/** The most that one answer brings. */
export const ANSWER_ROWS = 200;
/** The most that are selected at once. */
export const SELECTED_ROWS = 1000;

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
export async function allAlerts(host: Host, filter: AlertFilter, most = SELECTED_ROWS): Promise<AlertRow[]> {
  const rows: AlertRow[] = [];
  for (;;) {
    const limit = Math.min(ANSWER_ROWS, most - rows.length);
    const page = await host.alerts(alertQuery(filter, rows.length, limit));
    rows.push(...page.rows);
    if (page.rows.length === 0 || rows.length >= Math.min(page.total, most)) return rows;
  }
}

export class AlertPages extends Pages<AlertRow> {
  filter: AlertFilter = { tab: "new", kind: null, search: "" };
  /** How many are in the history; null until that is known. */
  cleared: number | null = null;
  /** New alerts that are not on the screen; `changed`: others would leave or enter. */
  pending: { count: number; changed: boolean } = NOTHING;
  /** The rows, but not the first of all, that are the first of their day by the local calendar. */
  dayStarts: ReadonlySet<number> = new Set();
  /** Somebody reads, chooses or points: no row may move. */
  hold = false;

  readonly #host: Host;
  #newest = 0;
  /** The generation that `#newest` is of. */
  #seen = 0;
  #revision = -1;
  readonly #follow = paced(0, () => (this.hold && this.total !== 0 ? this.#peek() : this.reload()));

  constructor(host: Host) {
    // A forgotten page would be a forgotten day, and the heights of what stands above would change.
    super({ ahead: 1, around: Number.POSITIVE_INFINITY });
    this.#host = host;
  }

  indexOf(id: number): number | null {
    return this.find((row) => row.id === id)?.index ?? null;
  }

  /** Another filter, from its top. The rows before stay until the answer is here. */
  async show(filter: AlertFilter): Promise<void> {
    this.filter = filter;
    this.toTop();
    await this.replace(true);
  }

  /** The program tells that something changed. */
  async follow(revision: number): Promise<void> {
    if (revision === this.#revision) return;
    this.#revision = revision;
    // An answer that is on its way may be older than this.
    if (this.watched && (this.total !== null || this.loading)) await this.#follow();
  }

  /** Nobody reads any more: what was held back may come. */
  async release(): Promise<void> {
    this.hold = false;
    if (this.pending.changed || this.pending.count > 0) await this.reload();
  }

  protected override async ask(page: number): Promise<AlertPage> {
    return await this.#host.alerts(alertQuery(this.filter, page * PAGE_ROWS, PAGE_ROWS));
  }

  protected override async askInView(): Promise<Answers<AlertRow>> {
    const [answers] = await Promise.all([super.askInView(), this.#askCleared()]);
    return answers;
  }

  protected override arrived(whole: boolean): void {
    this.#findDays();
    if (!whole) return;
    this.pending = NOTHING;
    const newest = this.row(0)?.id ?? 0;
    this.#newest = this.generation === this.#seen ? Math.max(this.#newest, newest) : newest;
    this.#seen = this.generation;
  }

  /** What would be new, without moving anything. */
  async #peek(): Promise<void> {
    const counts = await this.settle(Promise.all([this.ask(0), this.#askCleared()]), ([{ rows, total }]) => {
      const count = rows.filter(({ id }) => id > this.#newest).length;
      const fresh = new Map(rows.map((row) => [row.id, row]));
      for (const [page, known] of this.held) {
        this.held.set(
          page,
          known.map((row) => fresh.get(row.id) ?? row),
        );
      }
      this.pending = { count, changed: total !== (this.total ?? 0) + count };
    });
    if (counts) this.changed();
  }

  #findDays(): void {
    const starts = new Set<number>();
    for (const [page, rows] of this.held) {
      for (const [at, row] of rows.entries()) {
        const index = page * PAGE_ROWS + at;
        const before = this.row(index - 1);
        if (before !== undefined && dayOf(before.raisedAtMs) !== dayOf(row.raisedAtMs)) starts.add(index);
      }
    }
    this.dayStarts = starts;
  }

  async #askCleared(): Promise<void> {
    const history = alertQuery({ tab: "history", kind: null, search: "" }, 0, 0);
    this.cleared = (await this.#host.alerts(history)).total;
  }
}

const NOTHING = { count: 0, changed: false };
