/** Where the user stood in the list, so that the way back from an eSIM leads to the same row and selection. */
import type { EsimPages } from "../../data/esimPages";
import { Selection } from "../../parts/selection.svelte";
import { ColumnChoice } from "./columnChoice.svelte";

class ListPlace {
  active = $state(0);
  /** Keys of the eSIMs that are selected. */
  readonly selection = new Selection<string>((key) => key);
  offset = 0;
  readonly columns = new ColumnChoice();
}

const places = new WeakMap<EsimPages, ListPlace>();

export function listPlace(pages: EsimPages): ListPlace {
  const known = places.get(pages);
  if (known !== undefined) return known;
  const place = new ListPlace();
  places.set(pages, place);
  return place;
}
