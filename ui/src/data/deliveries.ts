/**
 * The list of deliveries as the window holds it: pages by cursor, newest first. New ones are counted, and shown
 * when somebody asks, so that nothing moves away under the eyes. It must not know screens or Svelte.
 */
import type { DeliveryDetail, DeliveryQuery, DeliveryRow, Host, Verdict } from "../host";
import { messageOf } from "../host";
import { Observable } from "./observable";

const PAGE = 100;

export type DeliveryFilter = { verdict: Verdict | null; search: string };

export class Deliveries extends Observable {
  filter: DeliveryFilter = { verdict: null, search: "" };
  /** null until the first answer is here. */
  rows: readonly DeliveryRow[] | null = null;
  more = false;
  loading = false;
  error: string | null = null;
  /** The one that is looked at. */
  open: DeliveryDetail | null = null;
  openError: string | null = null;

  readonly #host: Host;
  #era = 0;
  #opened = 0;

  constructor(host: Host) {
    super();
    this.#host = host;
  }

  async show(filter: DeliveryFilter): Promise<void> {
    this.filter = filter;
    await this.reload();
  }

  async reload(): Promise<void> {
    this.#era += 1;
    await this.#load(null, []);
  }

  async loadMore(): Promise<void> {
    const last = this.rows?.at(-1);
    if (last === undefined || !this.more || this.loading) return;
    await this.#load(last.id, this.rows ?? []);
  }

  /** Shows one beside the list; null: none. */
  async look(id: number | null): Promise<void> {
    this.#opened += 1;
    const mine = this.#opened;
    if (id === null) {
      this.open = null;
      this.changed();
      return;
    }
    try {
      const detail = await this.#host.delivery(id);
      if (mine !== this.#opened) return;
      this.open = detail;
      this.openError = null;
    } catch (error) {
      if (mine !== this.#opened) return;
      this.openError = messageOf(error) ?? "";
    }
    this.changed();
  }

  async #load(before: number | null, known: readonly DeliveryRow[]): Promise<void> {
    const era = this.#era;
    const { verdict, search } = this.filter;
    const query: DeliveryQuery = { verdicts: verdict === null ? [] : [verdict], search, before, limit: PAGE };
    this.loading = true;
    this.changed();
    try {
      const page = await this.#host.deliveries(query);
      if (era !== this.#era) return;
      this.rows = [...known, ...page.rows];
      this.more = page.more;
      this.error = null;
    } catch (error) {
      if (era !== this.#era) return;
      this.error = messageOf(error) ?? "";
    }
    this.loading = false;
    this.changed();
  }
}
