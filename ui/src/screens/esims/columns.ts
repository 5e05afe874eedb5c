/** The columns of the eSIM list, in order; `sort` where Rust can sort by it. */
import type { EsimSort } from "../../host";
import type { TextKey } from "../../locales";

export type Column = {
  name: "reference" | "iccid" | "status" | "since" | "period" | "data" | "lastEvent" | "events";
  label: TextKey;
  sort: EsimSort | null;
};

export const COLUMNS: readonly Column[] = [
  { name: "reference", label: "list.column.reference", sort: "reference" },
  { name: "iccid", label: "list.column.iccid", sort: "iccid" },
  { name: "status", label: "list.column.status", sort: "status" },
  { name: "since", label: "list.column.since", sort: "statusSince" },
  { name: "period", label: "list.column.period", sort: "end" },
  { name: "data", label: "list.column.data", sort: null },
  { name: "lastEvent", label: "list.column.lastEvent", sort: "lastEvent" },
  { name: "events", label: "list.column.events", sort: null },
];

/** What a first click on a header means: latest first for times, A first for names. */
export function startsDescending(sort: EsimSort): boolean {
  return sort === "lastEvent" || sort === "statusSince" || sort === "end";
}
