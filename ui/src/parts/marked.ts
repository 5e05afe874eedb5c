/** Words on the screen in which what was searched is marked. */
import type { Action } from "svelte/action";
import { marks } from "../data/marks";

type Marked = { words: string; search: string };

/** A text in which what was searched is marked. It is written by hand, because a list draws hundreds of them between two frames. */
export const marked: Action<HTMLElement, Marked> = (element, first) => {
  function draw({ words, search }: Marked): void {
    const parts = marks(words, search);
    const nodes = [...element.childNodes];
    // Mostly the parts are as many and as marked as before.
    if (
      nodes.length === parts.length &&
      parts.every(({ part, found }, at) => rewrite(nodes[at], part, found))
    )
      return;
    element.replaceChildren(...parts.map(({ part, found }) => (found ? mark(part) : part)));
  }
  draw(first);
  return { update: draw };
};

function rewrite(node: ChildNode | undefined, words: string, found: boolean): boolean {
  const held = found ? node?.firstChild : node;
  if (!(held instanceof Text)) return false;
  if (held.data !== words) held.data = words;
  return true;
}

function mark(words: string): HTMLElement {
  const element = document.createElement("mark");
  element.textContent = words;
  return element;
}
