/** One eSIM as the window holds it: asked for by key, asked for again when one of its rows changed. */
import type { EsimDetail, Host } from "../host";
import { messageOf } from "../host";
import type { RowChange } from "./live";
import { Observable } from "./observable";

/** A flapping eSIM changes many times a second; the screen follows in steps. */
const REFETCH_MS = 400;

export class EsimDetails extends Observable {
  detail: EsimDetail | null = null;
  state: "loading" | "here" | "missing" | "failed" = "loading";
  /** What the failed command said; "" if it said nothing. */
  error: string | null = null;

  readonly #host: Host;
  readonly key: string;
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Host, key: string) {
    super();
    this.#host = host;
    this.key = key;
  }

  async load(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const detail = await this.#host.esim(this.key);
      if (asked !== this.#asked) return;
      this.detail = detail;
      this.state = detail === null ? "missing" : "here";
      this.error = null;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.error = messageOf(error) ?? "";
      if (this.detail === null) this.state = "failed";
    }
    this.changed();
  }

  apply(change: RowChange): void {
    if (this.#timer !== undefined || !this.#concerns(change)) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.load();
    }, REFETCH_MS);
  }

  stop(): void {
    this.#asked += 1;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #concerns(change: RowChange): boolean {
    if (change.kind === "resync") return true;
    const esim = this.detail?.esim;
    const names = new Set(
      [this.key, esim?.key, esim?.esimId, esim?.iccid].filter((name) => name !== null && name !== undefined),
    );
    if (change.replaced.some((key) => names.has(key))) return true;
    return change.rows.some(
      (row) =>
        names.has(row.key) ||
        (row.iccid !== null && names.has(row.iccid)) ||
        (row.referenceId !== null && row.referenceId === esim?.referenceId),
    );
  }
}
