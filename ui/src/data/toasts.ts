/** One line about what was done last, from whichever screen, with the way back where there is one. */
import { messageOf } from "../host";
import { text } from "../locales";
import { Observable } from "./observable";

type Undo = () => Promise<void>;
export type Toast = { id: number; words: string; failed: boolean; undo: Undo | null };

export class Toasts extends Observable {
  last: Toast | null = null;
  #count = 0;

  /** Something was done. */
  say(words: string, undo: Undo | null = null): void {
    this.#show({ words, failed: false, undo });
  }

  /** Something failed: what the program said of it. */
  fail(error: unknown): void {
    this.refuse(messageOf(error) ?? text("error.unknown"));
  }

  /** Says why something is not done. */
  refuse(words: string): void {
    this.#show({ words, failed: true, undo: null });
  }

  /** Does it and says what it answers, or why it failed. Resolves to whether it was done. */
  async tell(work: () => Promise<string>, undo: Undo | null = null): Promise<boolean> {
    try {
      this.say(await work(), undo);
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    }
  }

  /** Takes back what was done last, while its line is there. */
  async undo(): Promise<void> {
    await this.last?.undo?.();
  }

  /** The line was read. */
  forget(id: number): void {
    if (this.last?.id !== id) return;
    this.last = null;
    this.changed();
  }

  #show(toast: Omit<Toast, "id">): void {
    this.#count += 1;
    this.last = { ...toast, id: this.#count };
    this.changed();
  }
}
