import type { Action } from "svelte/action";
import { marks } from "../data/marks";

type Marked = { words: string; search: string };

/** A text in which what was searched is marked. It is written by hand, because a list draws hundreds of them between two frames. */
export const marked: Action<HTMLElement, Marked> = (element, first) => {
  function draw({ words, search }: Marked): void {
    const parts = marks(words, search);
    const only = element.firstChild;
    if (parts.length === 1 && parts[0]?.found !== true && only instanceof Text && only.nextSibling === null) {
      if (only.data !== words) only.data = words;
    } else {
      element.replaceChildren(...parts.map(({ part, found }) => (found ? mark(part) : part)));
    }
  }
  draw(first);
  return { update: draw };
};

function mark(words: string): HTMLElement {
  const element = document.createElement("mark");
  element.textContent = words;
  return element;
}
