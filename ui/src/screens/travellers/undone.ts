/** An import taken back, from the line of what was done last or from the list of past ones. */
import type { Importing } from "../../data/importing";
import { text } from "../../locales";

/** Takes it back, and says what came of that. */
export async function undoneWords(importing: Importing, id: number): Promise<string> {
  const { restored, kept } = await importing.undo(id);
  return kept === 0
    ? text("import.undone", { count: restored })
    : text("import.undoneBut", { count: restored, kept });
}
