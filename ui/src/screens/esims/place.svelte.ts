/** Where the user stood in the list, so that the way back from an eSIM leads to the same row and selection. */
import type { EsimPages } from "../../data/esimPages";
import { type Selection, selectionOf } from "../../data/selection";
import { ColumnChoice } from "./columnChoice.svelte";

class Place {
  active = $state(0);
  /** Keys of the eSIMs that are selected. */
  selected = $state.raw<Selection>(selectionOf([]));
  offset = 0;
  readonly columns = new ColumnChoice();
}

const places = new WeakMap<EsimPages, Place>();

export function listPlace(pages: EsimPages): Place {
  const known = places.get(pages);
  if (known !== undefined) return known;
  const place = new Place();
  places.set(pages, place);
  return place;
}
