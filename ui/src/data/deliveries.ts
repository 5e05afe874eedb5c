/**
 * The list of deliveries as the window holds it: pages by cursor, newest first. New ones are counted, and shown
 * when somebody asks, so that nothing moves away under the eyes. It must not know screens or Svelte.
 */
import type { DeliveryDetail, DeliveryQuery, DeliveryRow, Host, Verdict } from "../host";
import { Latest } from "./latest";

const PAGE_ROWS = 100;

export type DeliveryFilter = { verdict: Verdict | null; search: string };

type Shown = { rows: readonly DeliveryRow[]; more: boolean };

export class Deliveries extends Latest<Shown, [known: readonly DeliveryRow[]]> {
  filter: DeliveryFilter = { verdict: null, search: "" };
  /** The one that is looked at. */
  readonly open: Latest<DeliveryDetail | null, [id: number]>;

  constructor(host: Host) {
    super(async (known) => {
      const page = await host.deliveries(deliveryQuery(this.filter, known.at(-1)?.id ?? null, PAGE_ROWS));
      return { rows: [...known, ...page.rows], more: page.more };
    });
    this.open = new Latest((id) => host.delivery(id));
  }

  async show(filter: DeliveryFilter): Promise<void> {
    this.filter = filter;
    await this.reload();
  }

  async reload(): Promise<void> {
    await this.#ask([]);
  }

  async loadMore(): Promise<void> {
    if (this.value?.more === true && !this.loading) await this.#ask(this.value.rows);
  }

  async #ask(known: readonly DeliveryRow[]): Promise<void> {
    const asked = this.load(known);
    this.changed();
    await asked;
  }
}

/** `before`: the delivery behind which the page begins; null: the newest. */
export function deliveryQuery(
  { verdict, search }: DeliveryFilter,
  before: number | null,
  limit: number,
): DeliveryQuery {
  return { verdicts: verdict === null ? [] : [verdict], search, before, limit };
}
