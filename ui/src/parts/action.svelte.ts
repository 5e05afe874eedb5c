/** One "save" of a screen: under way, done, done with a warning, or failed with what the program said. */
import { messageOf } from "../host";
import { text } from "../locales";

export class Action {
  state = $state<"idle" | "saving" | "saved" | "warned" | "failed">("idle");
  reason = $state("");
  /** What is said when it is done. */
  done = $state("");

  /** Resolves to what the program answered, or null if it failed (and says so). */
  async run<T>(
    save: () => Promise<T>,
    done: (answer: T) => string = () => text("action.saved"),
  ): Promise<T | null> {
    this.state = "saving";
    try {
      const answer = await save();
      this.done = done(answer);
      this.state = "saved";
      return answer;
    } catch (error) {
      this.fail(messageOf(error) ?? text("error.unknown"));
      return null;
    }
  }

  /** It is done, and not all is well. */
  warn(reason: string): void {
    this.state = "warned";
    this.reason = reason;
  }

  fail(reason: string): void {
    this.state = "failed";
    this.reason = reason;
  }

  clear(): void {
    if (this.state !== "saving") this.state = "idle";
  }
}
