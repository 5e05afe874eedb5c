/**
 * Lists that are being written into files, from whichever screen: they go on when the screen is left.
 * It must not know screens or Svelte.
 */
import type { EsimFilter, ExportProgress, ExportWhat, Host, SheetFormat } from "../host";
import { messageOf } from "../host";
import { type TextKey, text } from "../locales";
import { fileTime } from "../locales/format";
import { EXPORT_HEADINGS } from "./esimColumns";
import { Observable } from "./observable";

export type ExportState = {
  id: number;
  name: string;
  progress: ExportProgress | null;
  /** The finished file. */
  path: string | null;
  rows: number;
  failure: string | null;
};

/** Headings in the order in which the program writes the columns. */
const HEADINGS: Record<Exclude<ExportWhat["kind"], "selected">, readonly TextKey[]> = {
  esims: EXPORT_HEADINGS,
  alerts: [
    "export.raised",
    "export.what",
    "export.meaning",
    "list.column.reference",
    "list.column.iccid",
    "export.acknowledged",
    "export.cleared",
    "traveller.note",
  ],
  deliveries: [
    "deliveries.time",
    "deliveries.verdict",
    "deliveries.answer",
    "export.took",
    "export.category",
    "export.type",
    "list.column.reference",
    "list.column.iccid",
    "export.times",
  ],
  travellers: [
    "traveller.name",
    "traveller.contact",
    "traveller.tripStart",
    "traveller.tripEnd",
    "list.column.reference",
    "list.column.iccid",
    "traveller.tags",
    "traveller.note",
  ],
  orders: [
    "account.when",
    "account.order",
    "account.partner",
    "account.status",
    "account.total",
    "account.commission",
    "export.currency",
  ],
  refunds: ["account.when", "export.outcome", "list.column.iccid", "export.reason"],
  timeline: [
    "export.happened",
    "export.arrived",
    "export.category",
    "export.type",
    "list.column.status",
    "export.left",
    "export.problem",
  ],
};

/** Headings of a list in the language of the desk. */
export function headingsOf(list: keyof typeof HEADINGS): string[] {
  return HEADINGS[list].map((key) => text(key));
}

export class Exports extends Observable {
  list: readonly ExportState[] = [];
  readonly #host: Host;
  #count = 0;

  constructor(host: Host) {
    super();
    this.#host = host;
  }

  async start(what: ExportWhat, format: SheetFormat): Promise<void> {
    this.#count += 1;
    const id = this.#count;
    const of = what.kind === "selected" ? "esims" : what.kind;
    const name = `${text(`export.name.${of}`)} ${fileTime(Date.now())}`;
    this.list = [...this.list, { id, name, progress: null, path: null, rows: 0, failure: null }];
    this.changed();
    const headings = headingsOf(of);
    try {
      const request = { id, what, format, name, headings };
      const { path, rows } = await this.#host.export(request, (progress) => this.#change(id, { progress }));
      this.#change(id, { path, rows });
    } catch (error) {
      this.#change(id, { failure: messageOf(error) ?? text("error.unknown") });
    }
  }

  async cancel(id: number): Promise<void> {
    await this.#host.cancelExport(id);
  }

  async show(one: ExportState): Promise<void> {
    if (one.path === null) return;
    try {
      await this.#host.showInFolder(one.path);
    } catch (error) {
      this.#change(one.id, { failure: messageOf(error) ?? text("error.unknown") });
    }
  }

  forget(id: number): void {
    this.list = this.list.filter((one) => one.id !== id);
    this.changed();
  }

  #change(id: number, change: Partial<ExportState>): void {
    this.list = this.list.map((one) => (one.id === id ? { ...one, ...change } : one));
    this.changed();
  }
}

/** What an export of the list of eSIMs means: the selection, or all that match. */
export function ofEsims(filter: EsimFilter, selected: readonly string[]): ExportWhat {
  return selected.length > 0 ? { kind: "selected", keys: [...selected] } : { kind: "esims", filter };
}
