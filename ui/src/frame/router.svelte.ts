/** Which screen is shown, and the way back. */
export type Route =
  | { screen: "today" }
  | { screen: "esims" }
  | { screen: "esim"; key: string }
  | { screen: "travellers" }
  | { screen: "alerts" }
  | { screen: "account" }
  | { screen: "deliveries" }
  | { screen: "settings" }
  | { screen: "connection" }
  | { screen: "setup" }
  | { screen: "absences"; fromMs?: number }
  | { screen: "proof" };

const LONGEST_WAY_BACK = 50;

export class Router {
  route = $state.raw<Route>({ screen: "today" });
  /** Whether the present screen was reached by going back: a list then takes up where the user stood. */
  cameBack = false;
  #past: Route[] = [];

  go(route: Route): void {
    const { route: here } = this;
    if (keyOf(here) === keyOf(route)) return;
    this.#past = [...this.#past, here].slice(-LONGEST_WAY_BACK);
    this.cameBack = false;
    this.route = route;
  }

  /** In place of the present screen: the way back leads past it. */
  replace(route: Route): void {
    this.cameBack = false;
    this.route = route;
  }

  back(): void {
    const last = this.#past.at(-1);
    this.cameBack = true;
    this.#past = this.#past.slice(0, -1);
    if (last !== undefined) this.route = last;
    else if (this.route.screen === "esim") this.route = { screen: "esims" };
  }
}

/** Another one for another screen, and for another thing on the same. */
export function keyOf(route: Route): string {
  if (route.screen === "esim") return `esim ${route.key}`;
  if (route.screen === "absences") return `absences ${route.fromMs ?? ""}`;
  return route.screen;
}
