/**
 * A host that records what it was asked and answers from memory. `hold` keeps answers back until
 * `release`, so that a test decides in which order they arrive.
 */
import type { Connection, EsimDetail, EsimPage, EsimQuery, EsimRow, Host, Refusal, Update } from "../host";
import { connection } from "./samples";

export class RecordedHost implements Host {
  rows: EsimRow[] = [];
  details = new Map<string, EsimDetail>();
  payloads = new Map<number, string>();
  settings: Connection = connection();
  refused: Refusal[] = [];
  /** What every command throws, while it is set. */
  failure: unknown = null;
  hold = false;

  readonly queries: EsimQuery[] = [];
  readonly opened: string[] = [];
  readonly copied: string[] = [];
  readonly set: unknown[] = [];
  refusalsAsked = 0;
  #held: (() => void)[] = [];
  #tell: (update: Update) => void = () => undefined;

  /** Sends an update to the window. */
  tell(update: Update): void {
    this.#tell(update);
  }

  /** Lets the answer that was asked for as number `at` (0: the oldest) go. */
  release(at = 0): void {
    this.#held.splice(at, 1)[0]?.();
  }

  watch(onUpdate: (update: Update) => void): Promise<void> {
    this.#tell = onUpdate;
    return this.#answer(() => undefined);
  }

  esims(query: EsimQuery): Promise<EsimPage> {
    this.queries.push(query);
    return this.#answer(() => {
      const found = this.rows.filter(
        (row) =>
          (query.status === null || row.status === query.status) &&
          (row.referenceId?.includes(query.search) ?? query.search === ""),
      );
      const rows = found.slice(query.offset, query.offset + query.limit);
      return { total: found.length, offset: query.offset, rows };
    });
  }

  esim(key: string): Promise<EsimDetail | null> {
    this.opened.push(key);
    return this.#answer(() => this.details.get(key) ?? null);
  }

  eventPayload(id: number): Promise<string | null> {
    return this.#answer(() => this.payloads.get(id) ?? null);
  }

  connection(): Promise<Connection> {
    return this.#answer(() => this.settings);
  }

  setPort(port: number): Promise<Connection> {
    return this.#setting(port, { port });
  }

  setPublicUrl(url: string | null): Promise<Connection> {
    return this.#setting(url, {
      publicUrl: url,
      webhookUrl: url === null ? null : url + this.settings.webhookPath,
    });
  }

  setWebhookSecret(secret: string | null): Promise<Connection> {
    return this.#setting(secret, {
      secret: secret === null ? "none" : "keyring",
      previousSecret: secret !== null && this.settings.secret !== "none",
    });
  }

  dropPreviousSecret(): Promise<Connection> {
    return this.#setting("drop the previous secret", { previousSecret: false });
  }

  refusals(): Promise<Refusal[]> {
    this.refusalsAsked += 1;
    return this.#answer(() => [...this.refused]);
  }

  copyText(text: string): Promise<void> {
    return this.#answer(() => {
      this.copied.push(text);
    });
  }

  #setting(value: unknown, change: Partial<Connection>): Promise<Connection> {
    return this.#answer(() => {
      this.set.push(value);
      this.settings = { ...this.settings, ...change };
      return this.settings;
    });
  }

  async #answer<T>(work: () => T): Promise<T> {
    if (this.hold) await new Promise<void>((resolve) => this.#held.push(resolve));
    if (this.failure !== null) throw this.failure;
    return work();
  }
}
