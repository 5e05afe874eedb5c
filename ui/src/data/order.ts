/** What decides where a row stands in the list, as far as the window has to know it. Rust does the sorting. */
import type { EsimRow, EsimSort } from "../host";

/** What the list is sorted by: a row where it changes would stand elsewhere. */
export function sortValue(row: EsimRow, sort: EsimSort): string | number | null {
  switch (sort) {
    case "lastEvent":
      return row.lastEventAt;
    case "status":
      return row.status;
    case "statusSince":
      return row.statusSince;
    case "reference":
      return row.referenceId;
    case "iccid":
      return row.iccid;
    case "end":
      return row.end;
    case "start":
      return row.start;
    case "esimId":
      return row.esimId;
    case "traveller":
      return row.traveller;
    case "package":
      return row.packageName;
    case "dataLeft":
      return row.dataUnlimited === true ? Number.POSITIVE_INFINITY : row.dataRemainingMb;
    case "events":
      return row.eventCount;
    case "firstActivated":
      return row.firstActivatedAt;
  }
}

/** A guess at what Rust would find, only to decide whether a change is worth telling. */
export function matches(row: EsimRow, search: string): boolean {
  const text = folded(search.trim());
  const words = /^[\d\s]+$/.test(text) ? [text.replaceAll(/\s/g, "")] : text.split(/\s+/);
  const names = [row.iccid, row.esimId, row.referenceId, row.traveller, ...row.tags];
  return words.every((word) => names.some((name) => name !== null && folded(name).includes(word)));
}

/** As Rust compares: case and accents away. */
export function folded(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase().normalize("NFC");
}
