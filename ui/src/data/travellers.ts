/** The list of travellers: a page that grows, by name. It must not know screens or Svelte. */
import type { Host, TravellerRow } from "../host";
import { messageOf } from "../host";
import { Observable } from "./observable";

const PAGE = 100;

export class Travellers extends Observable {
  search = "";
  /** null until the first answer is here. */
  rows: readonly TravellerRow[] | null = null;
  total = 0;
  error: string | null = null;

  readonly #host: Host;
  #era = 0;
  #limit = PAGE;

  constructor(host: Host) {
    super();
    this.#host = host;
  }

  async show(search: string): Promise<void> {
    this.search = search;
    this.#limit = PAGE;
    await this.load();
  }

  async more(): Promise<void> {
    this.#limit += PAGE;
    await this.load();
  }

  async load(): Promise<void> {
    this.#era += 1;
    const era = this.#era;
    try {
      const page = await this.#host.travellers({ search: this.search, offset: 0, limit: this.#limit });
      if (era !== this.#era) return;
      this.rows = page.rows;
      this.total = page.total;
      this.error = null;
    } catch (error) {
      if (era !== this.#era) return;
      this.error = messageOf(error) ?? "";
    }
    this.changed();
  }
}
