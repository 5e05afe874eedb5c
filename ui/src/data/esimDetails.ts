/** One eSIM as the window holds it: asked for by key, asked for again when one of its rows changed. */
import type { EsimDetail, Host } from "../host";
import { Latest } from "./latest";
import type { RowChange } from "./live";
import { paced } from "./paced";

/** A flapping eSIM changes many times a second; the screen follows in steps. */
const REFETCH_MS = 400;

export class EsimDetails extends Latest<{ found: EsimDetail | null }> {
  readonly key: string;
  readonly #follow = paced(REFETCH_MS, () => this.load(), "later");

  constructor(host: Host, key: string) {
    super(async () => ({ found: await host.esim(key) }));
    this.key = key;
  }

  get detail(): EsimDetail | null {
    return this.value?.found ?? null;
  }

  get state(): "loading" | "here" | "missing" | "failed" {
    if (this.value === null) return this.error === null ? "loading" : "failed";
    return this.value.found === null ? "missing" : "here";
  }

  apply(change: RowChange): void {
    if (this.#concerns(change)) void this.#follow();
  }

  override stop(): void {
    super.stop();
    this.#follow.stop();
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
        (row.order !== null && row.order === esim?.order),
    );
  }
}
