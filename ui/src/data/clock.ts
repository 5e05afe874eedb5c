/**
 * The time that "12 s ago" is measured from. Ticks while something watches it. Only words on
 * the screen depend on it: a web view slows hidden windows down, so it catches up when the window shows.
 */
import { Observable } from "./observable";

export class Clock extends Observable {
  nowMs = Date.now();
  readonly #tickMs: number;
  #watchers = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(tickMs: number) {
    super();
    this.#tickMs = tickMs;
  }

  override subscribe(watcher: () => void): () => void {
    const leave = super.subscribe(watcher);
    this.#watchers += 1;
    if (this.#watchers === 1) this.#run();
    return () => {
      leave();
      this.#watchers -= 1;
      if (this.#watchers === 0) this.#rest();
    };
  }

  readonly #tick = (): void => {
    this.nowMs = Date.now();
    this.changed();
  };

  #run(): void {
    this.nowMs = Date.now();
    this.#timer = setInterval(this.#tick, this.#tickMs);
    document.addEventListener("visibilitychange", this.#tick);
  }

  #rest(): void {
    clearInterval(this.#timer);
    document.removeEventListener("visibilitychange", this.#tick);
  }
}
