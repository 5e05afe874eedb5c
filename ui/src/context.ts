/** What every screen needs, put together once in App.svelte. */
import { createContext, untrack } from "svelte";
import { createSubscriber } from "svelte/reactivity";
import type { AlertPages } from "./data/alertPages";
import type { Baseline } from "./data/baseline";
import type { Clock } from "./data/clock";
import type { Deliveries } from "./data/deliveries";
import type { Drafts } from "./data/drafts";
import type { EsimPages } from "./data/esimPages";
import type { Exports } from "./data/exports";
import type { Importing } from "./data/importing";
import type { Inbox } from "./data/inbox";
import type { Live } from "./data/live";
import type { Observable } from "./data/observable";
import type { SinceSeen } from "./data/sinceSeen";
import type { Toasts } from "./data/toasts";
import type { Travellers } from "./data/travellers";
import type { Router } from "./frame/router.svelte";
import type { Host } from "./host";

export type Desk = {
  host: Host;
  live: Live;
  /** Every second: the status line. */
  clock: Clock;
  /** Every ten seconds: lists, so that a hundred rows are not worded again every second. */
  slowClock: Clock;
  pages: EsimPages;
  /** The list of alerts. */
  alerts: AlertPages;
  /** What is done to alerts. */
  inbox: Inbox;
  toasts: Toasts;
  deliveries: Deliveries;
  /** What somebody wrote and did not save. */
  drafts: Drafts;
  exports: Exports;
  /** The booking list that is on its way in. */
  importing: Importing;
  /** The list of travellers. */
  travellers: Travellers;
  /** How the day began. */
  baseline: Baseline;
  /** What happened while nobody looked. */
  sinceSeen: SinceSeen;
  router: Router;
};

export const [getDesk, setDesk] = createContext<Desk>();

/** The bridge from data to Svelte: what reads `current` is drawn again when the source changes. */
export function observed<T extends Observable>(source: T): { readonly current: T } {
  const track = createSubscriber((update) => source.subscribe(() => untrack(update)));
  return {
    get current() {
      track();
      return source;
    },
  };
}
