/** What all data that is asked for has in common: the last question counts, and a failure leaves what is known. */
import { messageOf } from "../host";
import { Observable } from "./observable";

export abstract class Asking extends Observable {
  /** What the failed command said; "" if it said nothing. */
  error: string | null = null;
  /** An answer that counts is on its way. */
  loading = false;
  #era = 0;

  /** Answers that are on their way mean nothing from now on. */
  protected supersede(): void {
    this.#era += 1;
  }

  /** Hands on the answer, unless the question was superseded meanwhile. Resolves to whether it still counted. */
  protected async settle<Answer>(
    question: Promise<Answer>,
    done: (answer: Answer) => void,
  ): Promise<boolean> {
    const era = this.#era;
    try {
      const answer = await question;
      if (era !== this.#era) return false;
      done(answer);
    } catch (error) {
      if (era !== this.#era) return false;
      this.error = messageOf(error) ?? "";
    }
    return true;
  }
}
