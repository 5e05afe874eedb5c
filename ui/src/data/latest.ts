/** The latest answer to one question. One that was overtaken is dropped; a failure is told beside what is known. */
import { Asking } from "./asking";

export class Latest<Answer, Given extends unknown[] = []> extends Asking {
  /** null until the first answer is here. */
  value: Answer | null = null;
  readonly #ask: (...given: Given) => Promise<Answer>;

  constructor(ask: (...given: Given) => Promise<Answer>) {
    super();
    this.#ask = ask;
  }

  async load(...given: Given): Promise<void> {
    this.supersede();
    this.loading = true;
    if (!(await this.settle(this.#ask(...given), (answer) => this.#take(answer)))) return;
    this.loading = false;
    this.changed();
  }

  /** Somebody else brought a newer answer. */
  set(value: Answer | null): void {
    this.supersede();
    this.loading = false;
    this.#take(value);
    this.changed();
  }

  /** Nobody wants an answer any more. */
  stop(): void {
    this.supersede();
  }

  #take(value: Answer | null): void {
    this.value = value;
    this.error = null;
  }
}
