/** The open alerts of one eSIM, and whether its notifications are held back. No Svelte in it. */
import type { AlertRow, AlertState, Host } from "../host";
import { ANSWER_ROWS } from "./alertPages";
import { Latest } from "./latest";

const OPEN: AlertState[] = ["new", "acknowledged", "snoozed"];

/** Newest first. */
type Open = { rows: readonly AlertRow[]; muted: boolean };

export class EsimAlerts extends Latest<Open> {
  readonly #host: Host;
  readonly #key: string;

  constructor(host: Host, key: string) {
    super(async () => {
      const [{ rows }, muted] = await Promise.all([
        host.alerts({ search: "", states: OPEN, rules: [], esim: key, offset: 0, limit: ANSWER_ROWS }),
        host.esimMuted(key),
      ]);
      return { rows, muted };
    });
    this.#host = host;
    this.#key = key;
  }

  async mute(muted: boolean): Promise<void> {
    await this.#host.muteEsim(this.#key, muted);
    await this.load();
  }
}
