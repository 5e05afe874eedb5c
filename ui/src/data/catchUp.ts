/**
 * Catching up, as the window asks for it: with everything, with one eSIM, and to stop. How it stands comes with the
 * live picture. It must not know screens or Svelte.
 */
import type { ApiToken, CatchUpState, CaughtUp, Host, Message } from "../host";
import { text } from "../locales";
import { wordedAll } from "../locales/message";
import { statusWord } from "./facts/statuses";
import type { Toasts } from "./toasts";

const USABLE: readonly ApiToken[] = ["environment", "keyring", "file"];

/** Whether the API can be asked at all. */
export const canCatchUp = (state: CatchUpState | null): boolean =>
  state?.token !== null && state?.token !== undefined && USABLE.includes(state.token);

/** Whether everything is being asked for. */
export const catchesUp = (state: CatchUpState | null): boolean =>
  state?.running !== null && state?.running !== undefined && state.running.esimId === null;

/** Share of the plan that is done, of 1; null while there is no plan. */
export function shareDone({ running }: CatchUpState): number | null {
  if (running === null || !running.listed) return null;
  return running.planned === 0 ? 1 : running.done / running.planned;
}

/** Why nothing can be asked for until somebody does something about it; null: it can, or nobody set it up. */
export function standsStill(state: CatchUpState | null): Message | null {
  if (state === null || state.token === null || state.token === "none" || catchesUp(state)) return null;
  return state.last?.done.needsSomebody === true ? (state.last.done.problems.at(-1) ?? null) : null;
}

/** Why the last one brought nothing, although it could be asked; null: it brought something, or another is under way. */
export function failedLast(state: CatchUpState | null): Message | null {
  const done = state?.last?.done ?? null;
  if (done === null || !broughtNothing(done) || !canCatchUp(state) || catchesUp(state)) return null;
  return done.problems.at(-1) ?? null;
}

/** Why the last one is not complete, although it brought something; null: it is, or another is under way. */
export function partlyLast(state: CatchUpState | null): Message | null {
  const done = state?.last?.done ?? null;
  if (done === null || !broughtPart(done) || !canCatchUp(state) || catchesUp(state)) return null;
  return done.problems.at(-1) ?? null;
}

/** Whether one brought something, and not everything: it was stopped, or part of what was told could not be read or kept. */
export const broughtPart = (done: CaughtUp): boolean => done.problems.length > 0 && !broughtNothing(done);

/** Whether one brought nothing at all, not even which eSIMs there are. */
export const broughtNothing = ({ problems, esims, found }: CaughtUp): boolean =>
  problems.length > 0 && esims === 0 && found === 0;

/** What one did, in words. */
export function resultOf(done: CaughtUp): string {
  if (done.problems.length > 0) return wordedAll(done.problems);
  return broughtOf(done);
}

/** What one added. The first one finds what was there before: nothing of that was missed. */
export const broughtOf = (done: CaughtUp): string =>
  done.first ? text("catching.first", { count: done.new }) : text("catching.new", { count: done.new });

/** What one says of an eSIM of which it added nothing: that Roamify says the same, unless its list says another thing. */
export const asIsOf = ({ listedOtherwise: listed }: CaughtUp): string =>
  listed === null ? text("catching.asIs") : text("catching.otherwise", { status: statusWord(listed) });

/** What the first one found, all or a part of it, until another one begins. */
export const firstFound = (state: CatchUpState | null): CaughtUp | null => {
  const done = state?.last?.done ?? null;
  return done?.first === true && !broughtNothing(done) && !catchesUp(state) ? done : null;
};

/** Asks for everything, and says what came of it. */
export async function catchUp(host: Host, toasts: Toasts): Promise<void> {
  try {
    const done = await host.catchUp();
    if (done.problems.length > 0) toasts.refuse(wordedAll(done.problems));
    else toasts.say(resultOf(done));
  } catch (error) {
    toasts.fail(error);
  }
}
