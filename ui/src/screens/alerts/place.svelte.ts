/** Where the user stood in the inbox, so that the way back from an eSIM leads to the same row. */
import type { AlertPages } from "../../data/alertPages";

class InboxPlace {
  active = $state(0);
  /** The alert on the active row: it keeps its mark when rows come or go above it. */
  activeId: number | null = null;
  offset = $state(0);
  /** The row at the top of the view. */
  top = $state(0);
}

const places = new WeakMap<AlertPages, InboxPlace>();

export function inboxPlace(pages: AlertPages): InboxPlace {
  const known = places.get(pages);
  if (known !== undefined) return known;
  const place = new InboxPlace();
  places.set(pages, place);
  return place;
}
