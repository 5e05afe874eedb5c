/** Where the user stood in the list, so that the way back from an eSIM leads to the same row. */
import type { EsimPages } from "../../data/pages";

class Place {
  active = $state(0);
  offset = 0;
}

const places = new WeakMap<EsimPages, Place>();

export function listPlace(pages: EsimPages): Place {
  const known = places.get(pages);
  if (known !== undefined) return known;
  const place = new Place();
  places.set(pages, place);
  return place;
}
