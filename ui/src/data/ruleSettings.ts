/** The rules as they are set. A change counts at once; changes go one after the other. No Svelte in it. */
import type { AlertSettings, Host } from "../host";
import { messageOf } from "../host";
import { Observable } from "./observable";

export class RuleSettings extends Observable {
  /** null until they are here. */
  now: AlertSettings | null = null;
  /** Why they could not be loaded; "" if nothing was said. */
  error: string | null = null;

  readonly #host: Host;
  #last: Promise<unknown> = Promise.resolve();

  constructor(host: Host) {
    super();
    this.#host = host;
  }

  async load(): Promise<void> {
    try {
      this.now = await this.#host.alertSettings();
      this.error = null;
    } catch (error) {
      this.error = messageOf(error) ?? "";
    }
    this.changed();
  }

  /** Throws what the program said against it. Starts from what counts now: muting changes it elsewhere. */
  async change(change: (now: AlertSettings) => AlertSettings): Promise<void> {
    const before = this.#last;
    const turn = (async () => {
      await before.catch(() => undefined);
      const now = await this.#host.alertSettings();
      this.now = await this.#host.setAlertSettings(change(now));
      this.changed();
    })();
    this.#last = turn;
    await turn;
  }
}
