/**
 * The eSIM list as the window holds it: pages of 100 rows, asked for when they come into view, with two
 * pages ahead in the direction of scrolling. Filtering and sorting happen in Rust. Changes patch the
 * loaded rows where they stand; whatever would move, enter or leave a row is only counted in `pending`,
 * so that no row jumps under the pointer, until `reload`. A burst too large to list does the same: the rows
 * in view get fresh values where they stand, at most once a second.
 */
import type { EsimFilter, EsimRow, Host } from "../host";
import { sortRule } from "./esimColumns";
import { DEFAULT_FILTER } from "./esimFilters";
import type { RowChange } from "./live";
import { paced } from "./paced";
import { type Answers, PAGE_ROWS, type Page, Pages } from "./pages";
import { folded, searchWords } from "./search";

const AHEAD_PAGES = 2;
const AROUND_PAGES = 30;
/** After a burst: the most rows in view that are asked for one by one, and the time between two such turns. */
const REFRESHED_ROWS = 60;
const REFRESH_MS = 1000;
/** Above this it no longer helps to know how many rows would move: a list left alone for hours holds no keys for it. */
const COUNTED_ROWS = 999;

export class EsimPages extends Pages<EsimRow> {
  query: EsimFilter = DEFAULT_FILTER;
  /** The question that the rows on the screen answer. */
  shown: EsimFilter = DEFAULT_FILTER;

  readonly #host: Host;
  /** Questions under way, and the rows that were told since the first of them was asked. */
  #underWay = 0;
  readonly #since = new Map<string, EsimRow>();
  #pendingKeys = new Set<string>();
  #pendingMany = false;
  #answered: Promise<void> = Promise.resolve();
  readonly #refresh = paced(REFRESH_MS, () => this.#freshen());

  constructor(host: Host) {
    super({ ahead: AHEAD_PAGES, around: AROUND_PAGES });
    this.#host = host;
  }

  /** How many eSIMs would move, enter or leave; `many`: more than could be counted. */
  get pending(): { count: number; many: boolean } {
    return { count: this.#pendingKeys.size, many: this.#pendingMany };
  }

  /** Asks Rust a new question. The old rows stay until its answer is here. */
  async search(query: EsimFilter): Promise<void> {
    this.query = query;
    this.toTop();
    this.#answered = this.replace(true);
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
    const place = this.#find(key);
    if (place === null) return null;
    const index = place.index + step;
    if (index < 0 || index >= (this.total ?? 0)) return null;
    if (this.row(index) === undefined) await this.load(Math.floor(index / PAGE_ROWS));
    return this.row(index)?.key ?? null;
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

  protected override async ask(page: number): Promise<Page<EsimRow>> {
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

  protected override arrived(whole: boolean): void {
    if (!whole) return;
    this.#pendingKeys = new Set();
    this.#pendingMany = false;
    // An answer counts only while no other question was asked.
    this.shown = this.query;
  }

  /** An answer can be older than a change that was told while it was on its way. */
  #newer(row: EsimRow): EsimRow {
    const told = this.#since.get(row.key);
    return told !== undefined && told.eventCount > row.eventCount ? told : row;
  }

  #find(key: string) {
    return this.find((row) => row.key === key);
  }

  #patch(row: EsimRow): void {
    if (this.#underWay > 0) this.#since.set(row.key, row);
    const place = this.#find(row.key);
    if (place === null) {
      if (this.#mayEnter(row)) this.#pend(row.key);
      return;
    }
    place.rows[place.at] = row;
    const { of } = sortRule(this.query.sort);
    if (of(place.row) !== of(row) || !this.#hasStatus(row) || this.#lostItsWords(place.row, row))
      this.#pend(row.key);
  }

  /** This row would move, enter or leave. */
  #pend(key: string): void {
    if (this.#pendingMany) return;
    this.#pendingKeys.add(key);
    if (this.#pendingKeys.size <= COUNTED_ROWS) return;
    this.#pendingKeys.clear();
    this.#pendingMany = true;
  }

  /** A row whose key is gone: its successor takes the place, unless that stands in the list already. */
  #succeed(key: string, heir: EsimRow | undefined): void {
    const place = this.#find(key);
    if (place === null) return;
    this.#pend(heir?.key ?? key);
    if (heir !== undefined && this.#find(heir.key) === null) place.rows[place.at] = heir;
  }

  /** Whether a row that is not loaded could now belong among the loaded ones. */
  #mayEnter(row: EsimRow): boolean {
    if (!this.#hasStatus(row) || !matches(row, this.query.search)) return false;
    const { statuses, attention, happened, period, sort } = this.query;
    // What happened is told of a time that is over: its eSIMs stay the same.
    if (happened !== null) return false;
    const { settled } = sortRule(sort);
    return row.eventCount <= 1 || statuses.length > 0 || attention || period !== null || !settled;
  }

  /** Whether the search found the row by something that it has no more. */
  #lostItsWords(before: EsimRow, now: EsimRow): boolean {
    const { search } = this.query;
    return matches(before, search) && !matches(now, search);
  }

  #hasStatus(row: EsimRow): boolean {
    const { statuses } = this.query;
    return statuses.length === 0 || statuses.includes(row.status);
  }

  /** Fresh values for the rows in view, each where it stands; what is out of view is asked for again later. */
  async #freshen(): Promise<void> {
    await this.settle(this.#askFresh(), ({ answers, fresh }) => {
      const pages = new Map<number, EsimRow[]>();
      for (const [page, answer] of answers.pages) {
        pages.set(page, this.held.get(page)?.map((row) => fresh.get(row.key) ?? row) ?? answer);
      }
      this.keepOnly(pages);
      this.#countNeeding(answers.total);
    });
    this.changed();
  }

  async #askFresh(): Promise<{ answers: Answers<EsimRow>; fresh: ReadonlyMap<string, EsimRow> }> {
    const answers = await this.askInView();
    const fresh = new Map([...answers.pages.values()].flat().map((row) => [row.key, row]));
    const elsewhere = this.#keysInView().filter((key) => !fresh.has(key));
    for (const key of elsewhere.slice(0, REFRESHED_ROWS)) {
      const detail = await this.#host.esim(key);
      if (detail !== null) fresh.set(key, detail.esim);
    }
    return { answers, fresh };
  }

  /** Alerts tell no rows: only the number of those that need somebody says that some came or went. */
  #countNeeding(total: number): void {
    if (this.query.attention && total !== this.total) this.#pendingMany = true;
  }

  #keysInView(): string[] {
    const keys: string[] = [];
    for (let index = this.view.first; index <= this.view.last; index += 1) {
      const row = this.row(index);
      if (row !== undefined) keys.push(row.key);
    }
    return keys;
  }
}

/** A guess at what Rust would find, only to decide whether a change is worth telling. */
function matches(row: EsimRow, search: string): boolean {
  const names = [row.iccid, row.esimId, row.referenceId, row.order, row.traveller, ...row.tags];
  return searchWords(search).every((word) =>
    names.some((name) => name !== null && folded(name).includes(word)),
  );
}
