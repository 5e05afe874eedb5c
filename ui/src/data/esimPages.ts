/**
 * The eSIM list as the window holds it: pages of 100 rows, asked for when they come into view, with two
 * pages ahead in the direction of scrolling. Filtering and sorting happen in Rust. Changes patch the
 * loaded rows where they stand; whatever would move, enter or leave a row is only counted in `pending`,
 * so that no row jumps under the pointer, until `reload`. A burst too large to list does the same: the rows
 * in view get fresh values where they stand, at most once a second.
 */
import type { EsimFilter, EsimPage, EsimRow, EsimSort, Host } from "../host";
import { messageOf } from "../host";
import type { RowChange } from "./live";
import { Observable } from "./observable";
import { matches, sortValue } from "./order";

export const PAGE_ROWS = 100;
const PREFETCH_PAGES = 2;
/** What an eSIM is sorted by that its events seldom change. */
const SETTLED: ReadonlySet<EsimSort> = new Set([
  "reference",
  "iccid",
  "esimId",
  "traveller",
  "package",
  "start",
  "end",
  "firstActivated",
]);
/** Pages kept around the view; the rest is forgotten and asked for again. */
const KEPT_PAGES = 30;
/** After a burst: the most rows in view that are asked for one by one, and the time between two such turns. */
const REFRESHED_ROWS = 60;
const REFRESH_MS = 1000;
/** Above this it no longer helps to know how many rows would move: a list left alone for hours holds no keys for it. */
const COUNTED = 999;

export const DEFAULT_FILTER: EsimFilter = {
  search: "",
  statuses: [],
  attention: false,
  period: null,
  sort: "lastEvent",
  descending: true,
};

/** Whether a filter leaves anything out. */
export function isNarrowed({ search, statuses, attention, period }: EsimFilter): boolean {
  return search.trim() !== "" || statuses.length > 0 || attention || period !== null;
}

export class EsimPages extends Observable {
  query: EsimFilter = DEFAULT_FILTER;
  /** The question that the rows on the screen answer. */
  shown: EsimFilter = DEFAULT_FILTER;
  /** null until the first page of this query is here. */
  total: number | null = null;
  /** What the failed command said; "" if it said nothing. */
  error: string | null = null;
  /** A question for page 0 of a new query is under way; the rows on the screen are of the query before. */
  loading = false;
  /** Counts the answers that replaced everything: the view scrolls to the top on a new query. */
  generation = 0;

  readonly #host: Host;
  #pages = new Map<number, EsimRow[]>();
  #asked = new Set<number>();
  /** The rows in view. */
  #view: { first: number; last: number } = { first: 0, last: 0 };
  /** Questions under way, and the rows that were told since the first of them was asked. */
  #underWay = 0;
  readonly #since = new Map<string, EsimRow>();
  #pendingKeys = new Set<string>();
  #pendingMany = false;
  #era = 0;
  #answered: Promise<void> = Promise.resolve();
  #refreshing: "no" | "yes" | "again" = "no";

  constructor(host: Host) {
    super();
    this.#host = host;
  }

  /** How many eSIMs would move, enter or leave; `many`: more than could be counted. */
  get pending(): { count: number; many: boolean } {
    return { count: this.#pendingKeys.size, many: this.#pendingMany };
  }

  row(index: number): EsimRow | undefined {
    return this.#pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS];
  }

  /** Asks Rust a new question. The old rows stay until its answer is here. */
  async search(query: EsimFilter): Promise<void> {
    this.query = query;
    this.#view = { first: 0, last: this.#view.last - this.#view.first };
    this.#answered = this.#replace(true);
    await this.#answered;
  }

  /** Resolves when the last question was answered. */
  async answered(): Promise<void> {
    await this.#answered;
  }

  /** The list is looked at again: with its rows where they stood, or complete. */
  async resume(where: "where they stood" | "complete"): Promise<void> {
    const { count, many } = this.pending;
    if (this.total === null) await this.search(this.query);
    else if (where === "complete" && (many || count > 0)) await this.reload();
    else if (many) await this.#refresh();
  }

  /** The same question again, from the rows in view. */
  async reload(): Promise<void> {
    await this.#replace(false);
  }

  /** Makes sure that the rows from `first` to `last` and what comes next in this direction are on their way. */
  async want(first: number, last: number, direction: "up" | "down"): Promise<void> {
    if (this.total === null || this.total === 0) return;
    const lastPage = Math.floor((this.total - 1) / PAGE_ROWS);
    const from = Math.floor(Math.max(first, 0) / PAGE_ROWS);
    const to = Math.min(Math.floor(Math.max(last, 0) / PAGE_ROWS), lastPage);
    this.#view = { first, last };
    const low = Math.max(direction === "up" ? from - PREFETCH_PAGES : from, 0);
    const high = Math.min(direction === "down" ? to + PREFETCH_PAGES : to, lastPage);
    const missing: number[] = [];
    for (let page = from; page <= to; page += 1) missing.push(page);
    for (let page = low; page <= high; page += 1) if (page < from || page > to) missing.push(page);
    this.#forgetFar(from, to);
    await Promise.all(
      missing
        .filter((page) => !this.#pages.has(page) && !this.#asked.has(page))
        .map((page) => this.#load(page)),
    );
  }

  /** Alerts came or went: fresh marks for the rows in view; who needs somebody may be somebody else now. */
  async alertsChanged(): Promise<void> {
    if (this.total === null || !this.watched) return;
    if (this.total > 0) await this.#refresh();
    else if (this.query.attention) await this.reload();
  }

  /** The keys of everything that the present question finds, in order. */
  async keys(): Promise<string[]> {
    return await this.#host.esimKeys(this.query);
  }

  /** The key of the row before (-1) or after (1) this one in the list as it was shown last; null: there is none. */
  async beside(key: string, step: -1 | 1): Promise<string | null> {
    for (const [page, rows] of this.#pages) {
      const at = rows.findIndex((row) => row.key === key);
      if (at < 0) continue;
      const index = page * PAGE_ROWS + at + step;
      if (index < 0 || index >= (this.total ?? 0)) return null;
      if (this.row(index) === undefined) await this.#load(Math.floor(index / PAGE_ROWS));
      return this.row(index)?.key ?? null;
    }
    return null;
  }

  async apply(change: RowChange): Promise<void> {
    if (this.total === null && this.#underWay === 0) return;
    if (change.kind === "resync") {
      this.#pendingMany = true;
      if (this.total === 0) await this.reload();
      else if (this.watched) await this.#refresh();
      return;
    }
    for (const row of change.rows) this.#patch(row);
    for (const key of change.replaced) {
      this.#succeed(
        key,
        change.rows.find((row) => row.iccid === key || row.esimId === key),
      );
    }
    // In an empty list nothing can jump: it fills by itself.
    if (this.total === 0 && (this.#pendingMany || this.#pendingKeys.size > 0)) await this.reload();
    else this.changed();
  }

  get #pagesInView(): number[] {
    const first = Math.floor(this.#view.first / PAGE_ROWS);
    const last = Math.max(Math.floor(this.#view.last / PAGE_ROWS), first);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  }

  async #replace(isNew: boolean): Promise<void> {
    this.#era += 1;
    const era = this.#era;
    const { query } = this;
    this.loading = true;
    this.error = null;
    this.changed();
    try {
      const answers = await this.#askInView();
      if (era !== this.#era) return;
      this.#pages = answers.pages;
      this.#asked = new Set();
      this.#pendingKeys = new Set();
      this.#pendingMany = false;
      this.total = answers.total;
      this.shown = query;
      if (isNew) this.generation += 1;
    } catch (error) {
      if (era !== this.#era) return;
      this.error = messageOf(error) ?? "";
    }
    this.loading = false;
    this.changed();
  }

  async #ask(page: number): Promise<EsimPage> {
    if (this.#underWay === 0) this.#since.clear();
    this.#underWay += 1;
    try {
      const answer = await this.#host.esims({
        filter: this.query,
        offset: page * PAGE_ROWS,
        limit: PAGE_ROWS,
      });
      return { ...answer, rows: answer.rows.map((row) => this.#newer(row)) };
    } finally {
      this.#underWay -= 1;
    }
  }

  /** An answer can be older than a change that was told while it was on its way. */
  #newer(row: EsimRow): EsimRow {
    const told = this.#since.get(row.key);
    return told !== undefined && told.eventCount > row.eventCount ? told : row;
  }

  async #load(page: number): Promise<void> {
    const era = this.#era;
    this.#asked.add(page);
    try {
      const answer = await this.#ask(page);
      if (era !== this.#era) return;
      this.#pages.set(page, answer.rows);
    } catch (error) {
      if (era !== this.#era) return;
      this.error = messageOf(error) ?? "";
    }
    this.#asked.delete(page);
    // What comes ahead of the view changes nothing that is drawn.
    if (this.error !== null || this.#pagesInView.includes(page)) this.changed();
  }

  #forgetFar(from: number, to: number): void {
    for (const page of this.#pages.keys()) {
      if (page < from - KEPT_PAGES || page > to + KEPT_PAGES) this.#pages.delete(page);
    }
  }

  #find(key: string): { rows: EsimRow[]; at: number; row: EsimRow } | undefined {
    for (const rows of this.#pages.values()) {
      const at = rows.findIndex((row) => row.key === key);
      const row = rows[at];
      if (row !== undefined) return { rows, at, row };
    }
    return undefined;
  }

  #patch(row: EsimRow): void {
    if (this.#underWay > 0) this.#since.set(row.key, row);
    const place = this.#find(row.key);
    if (place === undefined) {
      if (this.#mayEnter(row)) this.#pend(row.key);
      return;
    }
    place.rows[place.at] = row;
    const moves = sortValue(place.row, this.query.sort) !== sortValue(row, this.query.sort);
    if (moves || !this.#hasStatus(row)) this.#pend(row.key);
  }

  /** This row would move, enter or leave. */
  #pend(key: string): void {
    if (this.#pendingMany) return;
    this.#pendingKeys.add(key);
    if (this.#pendingKeys.size <= COUNTED) return;
    this.#pendingKeys.clear();
    this.#pendingMany = true;
  }

  /** A row whose key is gone: its successor takes the place, unless that stands in the list already. */
  #succeed(key: string, heir: EsimRow | undefined): void {
    const place = this.#find(key);
    if (place === undefined) return;
    this.#pend(heir?.key ?? key);
    if (heir !== undefined && this.#find(heir.key) === undefined) place.rows[place.at] = heir;
  }

  /** Whether a row that is not loaded could now belong among the loaded ones. */
  #mayEnter(row: EsimRow): boolean {
    if (!this.#hasStatus(row) || !matches(row, this.query.search)) return false;
    const { statuses, attention, period, sort } = this.query;
    const settled = SETTLED.has(sort);
    return row.eventCount <= 1 || statuses.length > 0 || attention || period !== null || !settled;
  }

  #hasStatus(row: EsimRow): boolean {
    const { statuses } = this.query;
    return statuses.length === 0 || statuses.includes(row.status);
  }

  async #askInView(): Promise<{ total: number; pages: Map<number, EsimRow[]> }> {
    const numbers = this.#pagesInView;
    const answers = await Promise.all(numbers.map((page) => this.#ask(page)));
    return {
      total: answers.at(-1)?.total ?? 0,
      pages: new Map(numbers.map((page, index) => [page, answers[index]?.rows ?? []])),
    };
  }

  /** Fresh values for the rows in view, each where it stands; what is out of view is asked for again later. */
  async #refresh(): Promise<void> {
    if (this.#refreshing !== "no") {
      this.#refreshing = "again";
      return;
    }
    this.#refreshing = "yes";
    const era = this.#era;
    try {
      const answers = await this.#askInView();
      const fresh = new Map([...answers.pages.values()].flat().map((row) => [row.key, row]));
      for (const key of this.#keysInView()
        .filter((key) => !fresh.has(key))
        .slice(0, REFRESHED_ROWS)) {
        const detail = await this.#host.esim(key);
        if (detail !== null) fresh.set(key, detail.esim);
      }
      if (era === this.#era) {
        this.#freshen(answers.pages, fresh);
        this.#countNeeding(answers.total);
      }
    } catch (error) {
      if (era === this.#era) this.error = messageOf(error) ?? "";
    }
    this.changed();
    setTimeout(() => {
      const again = this.#refreshing === "again";
      this.#refreshing = "no";
      if (again) void this.#refresh();
    }, REFRESH_MS);
  }

  #freshen(answers: ReadonlyMap<number, EsimRow[]>, fresh: ReadonlyMap<string, EsimRow>): void {
    const pages = new Map<number, EsimRow[]>();
    for (const [page, answer] of answers) {
      pages.set(page, this.#pages.get(page)?.map((row) => fresh.get(row.key) ?? row) ?? answer);
    }
    this.#pages = pages;
    this.#asked = new Set();
    this.error = null;
  }

  /** Alerts tell no rows: only the number of those that need somebody says that some came or went. */
  #countNeeding(total: number): void {
    if (this.query.attention && total !== this.total) this.#pendingMany = true;
  }

  #keysInView(): string[] {
    const keys: string[] = [];
    for (let index = this.#view.first; index <= this.#view.last; index += 1) {
      const row = this.row(index);
      if (row !== undefined) keys.push(row.key);
    }
    return keys;
  }
}
