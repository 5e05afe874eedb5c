/** The rules as they are set. A change counts at once; changes go one after the other. No Svelte in it. */
import type { AlertSettings, Host } from "../host";
import { Latest } from "./latest";

export class RuleSettings extends Latest<AlertSettings> {
  readonly #host: Host;
  #last: Promise<unknown> = Promise.resolve();

  constructor(host: Host) {
    super(() => host.alertSettings());
    this.#host = host;
  }

  /** Throws what the program said against it. Starts from what counts now: muting changes it elsewhere. */
  async change(change: (now: AlertSettings) => AlertSettings): Promise<void> {
    const before = this.#last;
    const turn = (async () => {
      await before.catch(() => undefined);
      const now = await this.#host.alertSettings();
      this.set(await this.#host.setAlertSettings(change(now)));
    })();
    this.#last = turn;
    await turn;
  }
}
