/** Work in steps, however often it is called for. */
export type Paced = {
  /** Resolves when the step that this call began is done; at once if it began none. */
  (): Promise<void>;
  /** No further step. */
  stop: () => void;
};

/**
 * The first call is followed at once, or after the pause where `first` is "later"; those that come while it
 * works or rests are followed in one more step. A slow step is waited for.
 */
export function paced(
  pauseMs: number,
  work: () => Promise<unknown>,
  first: "at once" | "later" = "at once",
): Paced {
  let phase: "idle" | "waiting" | "working" | "stopped" = "idle";
  let again = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const pause = (): Promise<void> => new Promise((resolve) => (timer = setTimeout(resolve, pauseMs)));

  async function call(): Promise<void> {
    if (phase === "working") again = true;
    if (phase !== "idle") return;
    if (first === "at once") {
      await step();
    } else {
      phase = "waiting";
      void pause().then(step);
    }
  }

  async function step(): Promise<void> {
    phase = "working";
    const rest = first === "at once" && pauseMs > 0 ? pause() : null;
    try {
      await work();
    } finally {
      if (rest === null) await next();
      else void rest.then(next);
    }
  }

  async function next(): Promise<void> {
    if (isStopped()) return;
    phase = "idle";
    if (!again) return;
    again = false;
    await call();
  }

  // It may have been stopped during an await, of which the compiler does not know.
  const isStopped = (): boolean => phase === "stopped";

  return Object.assign(call, {
    stop: () => {
      phase = "stopped";
      clearTimeout(timer);
    },
  });
}
