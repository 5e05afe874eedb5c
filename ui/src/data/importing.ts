/**
 * A booking list on its way in: read and matched in Rust, looked at here, taken over, taken back. Kept while
 * somebody looks at another screen. It must not know screens or Svelte.
 */
import type { Column, Host, ImportPreview, ImportRow, Reading } from "../host";
import { LIMITS, messageOf } from "../host";
import { text } from "../locales";
import { Asking } from "./asking";
import { Latest } from "./latest";

const UNREAD: Reading = {
  columns: null,
  heading: null,
  dayFirst: null,
  sheet: null,
  encoding: null,
  separator: null,
  hiddenRows: null,
  farDays: null,
  together: null,
  belowOrders: null,
  several: null,
};

export class Importing extends Asking {
  /** null: no list is looked at. */
  preview: ImportPreview | null = null;
  /** The file's name; empty: it was pasted. */
  source = "";
  /** Those of before, newest first. */
  readonly past: Latest<readonly ImportRow[]>;
  /** Counts what changed travellers: lists of them are asked for again. */
  revision = 0;

  readonly #host: Host;
  #content = "";
  /** Whether somebody said which of day and month stands first. */
  #daysSaid = false;

  constructor(host: Host) {
    super();
    this.#host = host;
    this.past = new Latest(() => host.imports());
  }

  /** Reads a file, or text (with an empty name). */
  async take(source: string, what: Blob): Promise<void> {
    this.source = source;
    this.preview = null;
    this.error = null;
    this.#daysSaid = false;
    // Reading it would take its memory several times over.
    if (what.size > LIMITS.bookingBytes) {
      this.close();
      this.error = text("error.booking.tooLarge");
      this.changed();
      return;
    }
    await this.#read(base64(what), UNREAD);
  }

  /** Reads the same list in another way. */
  async reread(change: Partial<Reading>): Promise<void> {
    if (this.preview === null) return;
    // Which columns there are follows from where the list begins, and that from what its lines are.
    const other = "sheet" in change || "separator" in change || "encoding" in change;
    const kept = { ...this.preview.reading };
    this.#daysSaid ||= "dayFirst" in change;
    // What was guessed of other columns is guessed again.
    if (!this.#daysSaid) kept.dayFirst = null;
    if (other) kept.heading = null;
    if (other || "heading" in change) kept.columns = null;
    await this.#read(Promise.resolve(this.#content), { ...kept, ...change });
  }

  async setColumn(at: number, column: Column): Promise<void> {
    const columns = this.preview?.reading.columns?.map((one, index) => (index === at ? column : one));
    await this.reread({ columns: columns ?? null });
  }

  /**
   * Takes over what is looked at; answers how many travellers that were, and the import with which they can be taken
   * back (null: not known), or null if it failed.
   */
  async apply(): Promise<{ count: number; import: number | null } | null> {
    const { preview } = this;
    if (preview === null || this.loading) return null;
    this.loading = true;
    this.changed();
    try {
      const count = await this.#host.importTravellers(preview.id);
      this.revision += 1;
      this.close();
      await this.past.load();
      return { count, import: this.past.error === null ? (this.past.value?.[0]?.id ?? null) : null };
    } catch (error) {
      if (this.preview === preview) {
        this.error = messageOf(error) ?? "";
        this.loading = false;
        this.changed();
      }
      return null;
    }
  }

  /** Nothing is looked at any more. */
  close(): void {
    this.supersede();
    this.preview = null;
    this.error = null;
    this.loading = false;
    this.#content = "";
    this.changed();
  }

  /** Takes an import back; throws why not. */
  async undo(id: number): Promise<{ restored: number; kept: number }> {
    const undone = await this.#host.undoImport(id);
    this.revision += 1;
    this.changed();
    await this.past.load();
    return undone;
  }

  async #read(content: Promise<string>, reading: Reading): Promise<void> {
    this.supersede();
    this.loading = true;
    this.changed();
    const { source } = this;
    const question = content.then(async (read) => ({
      read,
      preview: await this.#host.previewImport(source, read, reading),
    }));
    const counts = await this.settle(question, ({ read, preview }) => {
      this.#content = read;
      this.preview = preview;
      this.error = null;
    });
    if (!counts) return;
    this.loading = false;
    this.changed();
  }
}

/** A file's bytes as base64: what crosses to Rust is text. */
function base64(what: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      if (typeof reader.result === "string") resolve(reader.result.replace(/^[^,]*,/, ""));
      else reject(new Error(text("import.unreadable")));
    };
    reader.onerror = () => reject(new Error(text("import.unreadable")));
    reader.readAsDataURL(what);
  });
}
