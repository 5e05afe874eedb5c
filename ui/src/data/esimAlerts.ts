/** The open alerts of one eSIM, and whether its notifications are held back. No Svelte in it. */
import type { AlertRow, AlertState, Host } from "../host";
import { messageOf } from "../host";
import { MOST_ROWS } from "./alertPages";
import { Observable } from "./observable";

const OPEN: AlertState[] = ["new", "acknowledged", "snoozed"];

export class EsimAlerts extends Observable {
  /** Newest first; null until the first answer is here. */
  rows: readonly AlertRow[] | null = null;
  muted: boolean | null = null;
  /** What the failed command said; "" if it said nothing. */
  error: string | null = null;

  readonly #host: Host;
  readonly #key: string;
  #era = 0;

  constructor(host: Host, key: string) {
    super();
    this.#host = host;
    this.#key = key;
  }

  async load(): Promise<void> {
    this.#era += 1;
    const era = this.#era;
    try {
      const [page, muted] = await Promise.all([
        this.#host.alerts({
          search: "",
          states: OPEN,
          rules: [],
          esim: this.#key,
          offset: 0,
          limit: MOST_ROWS,
        }),
        this.#host.esimMuted(this.#key),
      ]);
      if (era !== this.#era) return;
      this.rows = page.rows;
      this.muted = muted;
      this.error = null;
    } catch (error) {
      if (era !== this.#era) return;
      this.error = messageOf(error) ?? "";
    }
    this.changed();
  }

  async mute(muted: boolean): Promise<void> {
    await this.#host.muteEsim(this.#key, muted);
    await this.load();
  }
}
