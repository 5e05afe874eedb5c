/**
 * Lists that are being written into files, from whichever screen: they go on when the screen is left.
 * It must not know screens or Svelte.
 */
import type {
  CsvSeparator,
  EsimFilter,
  EXPORT_COLUMNS,
  ExportProgress,
  ExportWhat,
  Host,
  SheetFormat,
} from "../host";
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

type Exported = Exclude<ExportWhat["kind"], "selected">;

/** The heading of each column that the program writes: one that is forgotten does not compile. */
const HEADINGS: { [List in Exported]: Readonly<Record<(typeof EXPORT_COLUMNS)[List][number], TextKey>> } = {
  esims: EXPORT_HEADINGS,
  alerts: {
    raised: "export.raised",
    severity: "export.severity",
    kind: "export.kind",
    traveller: "list.column.traveller",
    what: "export.what",
    meaning: "export.meaning",
    reference: "list.column.reference",
    iccid: "list.column.iccid",
    acknowledged: "export.acknowledged",
    cleared: "export.cleared",
    note: "traveller.note",
  },
  deliveries: {
    received: "deliveries.time",
    verdict: "deliveries.verdict",
    answer: "deliveries.answer",
    took: "export.took",
    category: "export.category",
    type: "export.type",
    reference: "list.column.reference",
    iccid: "list.column.iccid",
    times: "export.times",
  },
  travellers: {
    name: "traveller.name",
    contact: "traveller.contact",
    tripStart: "traveller.tripStart",
    tripEnd: "traveller.tripEnd",
    reference: "list.column.reference",
    iccids: "list.column.iccid",
    tags: "traveller.tags",
    note: "traveller.note",
  },
  orders: {
    when: "account.when",
    order: "account.order",
    partner: "account.partner",
    status: "account.status",
    total: "account.total",
    commission: "account.commission",
    currency: "export.currency",
  },
  refunds: {
    when: "account.when",
    outcome: "export.outcome",
    iccid: "list.column.iccid",
    esimId: "list.column.esimId",
    reason: "export.reason",
  },
  proof: {
    happened: "export.happened",
    status: "list.column.status",
    way: "export.way",
    webhook: "export.webhook",
    delay: "export.delay",
    known: "export.known",
    reference: "list.column.reference",
    iccid: "list.column.iccid",
    esimId: "list.column.esimId",
  },
  timeline: {
    happened: "export.happened",
    arrived: "export.arrived",
    category: "export.category",
    type: "export.type",
    status: "list.column.status",
    left: "export.left",
    problem: "export.problem",
  },
};

/** Headings of a list in the language of the desk. */
export function headingsOf(list: Exported): Record<string, string> {
  const headings: Record<string, TextKey> = HEADINGS[list];
  return Object.fromEntries(Object.entries(headings).map(([id, key]) => [id, text(key)]));
}

export class Exports extends Observable {
  list: readonly ExportState[] = [];
  readonly #host: Host;
  #count = 0;

  constructor(host: Host) {
    super();
    this.#host = host;
  }

  /** Without a separator, CSV has the one that spreadsheets of the desk's language expect. */
  async start(what: ExportWhat, format: SheetFormat, separator: CsvSeparator | null = null): Promise<void> {
    this.#count += 1;
    const id = this.#count;
    const of = what.kind === "selected" ? "esims" : what.kind;
    const name = `${text(`export.name.${of}`)} ${fileTime(Date.now())}`;
    // Files that were finished before are where they were said to be; what failed is not put away by itself.
    const kept = this.list.filter((one) => one.path === null || one.failure !== null);
    this.list = [...kept, { id, name, progress: null, path: null, rows: 0, failure: null }];
    this.changed();
    const headings = headingsOf(of);
    try {
      const request = { id, what, format, separator, name, headings };
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
