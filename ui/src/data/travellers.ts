/** The list of travellers: a page that grows, by name. It must not know screens or Svelte. */
import type { Host, TravellerPage } from "../host";
import { Latest } from "./latest";

const PAGE_ROWS = 100;

export class Travellers extends Latest<TravellerPage> {
  search = "";
  #limit = PAGE_ROWS;

  constructor(host: Host) {
    super(() => host.travellers({ search: this.search, offset: 0, limit: this.#limit }));
  }

  async show(search: string): Promise<void> {
    this.search = search;
    this.#limit = PAGE_ROWS;
    await this.load();
  }

  async more(): Promise<void> {
    this.#limit += PAGE_ROWS;
    await this.load();
  }
}
