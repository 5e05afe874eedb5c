/**
 * A long list as the window holds it: pages of 100 rows, asked for when they come into view, with some ahead in
 * the direction of scrolling. The rows before stay until the answer to another question is here.
 */
import { Asking } from "./asking";

export const PAGE_ROWS = 100;

export type Page<Row> = { total: number; rows: Row[] };
export type Answers<Row> = { total: number; pages: Map<number, Row[]> };
export type Direction = "up" | "down";

type Keep = {
  /** Pages that are asked for ahead of the view. */
  ahead: number;
  /** Pages that are kept around the view; the rest is forgotten and asked for again. */
  around: number;
};

export abstract class Pages<Row> extends Asking {
  /** null until the first page is here. */
  total: number | null = null;
  /** Counts the answers to another question: the view starts at its top. */
  generation = 0;

  protected held = new Map<number, Row[]>();
  /** The rows in view. */
  protected view = { first: 0, last: 0 };
  readonly #keep: Keep;
  #asked = new Set<number>();

  constructor(keep: Keep) {
    super();
    this.#keep = keep;
  }

  protected abstract ask(page: number): Promise<Page<Row>>;
  /** The rows are others; a page of the same question came where `whole` is false. */
  protected abstract arrived(whole: boolean): void;

  row(index: number): Row | undefined {
    return this.held.get(pageOf(index))?.[index % PAGE_ROWS];
  }

  /** Where the row stands, if its page is here. */
  protected find(is: (row: Row) => boolean): { rows: Row[]; at: number; row: Row; index: number } | null {
    for (const [page, rows] of this.held) {
      const at = rows.findIndex(is);
      const row = rows[at];
      if (row !== undefined) return { rows, at, row, index: page * PAGE_ROWS + at };
    }
    return null;
  }

  /** The same question again, from the rows in view. */
  async reload(): Promise<void> {
    await this.replace(false);
  }

  /** Makes sure that the rows from `first` to `last` and what comes next in this direction are on their way. */
  async want(first: number, last: number, direction: Direction = "down"): Promise<void> {
    if (this.total === null || this.total === 0) return;
    this.view = { first, last };
    const { ahead, around } = this.#keep;
    const lastPage = pageOf(this.total - 1);
    const from = pageOf(first);
    const to = Math.min(pageOf(last), lastPage);
    const low = Math.max(direction === "up" ? from - ahead : from, 0);
    const high = Math.min(direction === "down" ? to + ahead : to, lastPage);
    // What is in view comes first.
    const wanted = [...numbers(from, to), ...numbers(low, from - 1), ...numbers(to + 1, high)];
    for (const page of this.held.keys()) {
      if (page < from - around || page > to + around) this.held.delete(page);
    }
    await Promise.all(
      wanted.filter((page) => !this.held.has(page) && !this.#asked.has(page)).map((page) => this.load(page)),
    );
  }

  protected get pagesInView(): number[] {
    const first = pageOf(this.view.first);
    return numbers(first, Math.max(pageOf(this.view.last), first));
  }

  /** The next answer begins at its first row. */
  protected toTop(): void {
    this.view = { first: 0, last: this.view.last - this.view.first };
  }

  protected async replace(isNew: boolean): Promise<void> {
    this.supersede();
    this.loading = true;
    this.error = null;
    this.changed();
    const counts = await this.settle(this.askInView(), (answers) => {
      this.held = answers.pages;
      this.#asked = new Set();
      this.total = answers.total;
      if (isNew) this.generation += 1;
      this.arrived(true);
    });
    if (!counts) return;
    this.loading = false;
    this.changed();
  }

  protected async load(page: number): Promise<void> {
    this.#asked.add(page);
    const counts = await this.settle(this.ask(page), ({ rows }) => {
      this.held.set(page, rows);
      this.arrived(false);
    });
    if (!counts) return;
    this.#asked.delete(page);
    // What comes ahead of the view changes nothing that is drawn.
    if (this.error !== null || this.pagesInView.includes(page)) this.changed();
  }

  protected async askInView(): Promise<Answers<Row>> {
    const pages = this.pagesInView;
    const answers = await Promise.all(pages.map((page) => this.ask(page)));
    return {
      total: answers.at(-1)?.total ?? 0,
      pages: new Map(pages.map((page, index) => [page, answers[index]?.rows ?? []])),
    };
  }

  /** Only these pages are held from now on; the others are asked for again when they come into view. */
  protected keepOnly(pages: Map<number, Row[]>): void {
    this.held = pages;
    this.#asked = new Set();
    this.error = null;
  }
}

function pageOf(index: number): number {
  return Math.floor(Math.max(index, 0) / PAGE_ROWS);
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: Math.max(to - from + 1, 0) }, (_, at) => from + at);
}
