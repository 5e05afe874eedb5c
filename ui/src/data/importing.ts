/**
 * A booking list on its way in: read and matched in Rust, looked at here, taken over, taken back. Kept while
 * somebody looks at another screen. It must not know screens or Svelte.
 */
import type { Column, Host, ImportPreview, ImportRow, Reading } from "../host";
import { messageOf } from "../host";
import { text } from "../locales";
import { Observable } from "./observable";

const UNREAD: Reading = { columns: null, headed: null, dayFirst: null };

export class Importing extends Observable {
  /** null: no list is looked at. */
  preview: ImportPreview | null = null;
  /** The file's name; empty: it was pasted. */
  source = "";
  busy = false;
  /** Why the list can't be read or taken over; "" if nobody said. */
  error: string | null = null;
  /** Those of before, newest first; null: not known yet. */
  imports: readonly ImportRow[] | null = null;
  importsError: string | null = null;
  /** Counts what changed travellers: lists of them are asked for again. */
  revision = 0;

  readonly #host: Host;
  #content = "";
  #era = 0;

  constructor(host: Host) {
    super();
    this.#host = host;
  }

  /** Reads a file, or text (with an empty name). */
  async take(source: string, what: Blob): Promise<void> {
    this.#era += 1;
    const era = this.#era;
    this.source = source;
    this.preview = null;
    this.error = null;
    this.busy = true;
    this.changed();
    try {
      const content = await base64(what);
      if (era !== this.#era) return;
      this.#content = content;
    } catch {
      this.#fail(era, text("import.unreadable"));
      return;
    }
    await this.#read(UNREAD);
  }

  /** Reads the same list in another way. */
  async reread(change: Partial<Reading>): Promise<void> {
    if (this.preview === null) return;
    // Which columns there are follows from where the list begins.
    const kept =
      change.headed === undefined ? this.preview.reading : { ...this.preview.reading, columns: null };
    this.busy = true;
    this.changed();
    await this.#read({ ...kept, ...change });
  }

  async setColumn(at: number, column: Column): Promise<void> {
    const columns = this.preview?.reading.columns?.map((one, index) => (index === at ? column : one));
    await this.reread({ columns: columns ?? null });
  }

  /** Takes over what is looked at; answers how many travellers that were, or null if it failed. */
  async apply(): Promise<number | null> {
    const { preview } = this;
    if (preview === null || this.busy) return null;
    const era = this.#era;
    this.busy = true;
    this.changed();
    try {
      const count = await this.#host.importTravellers(preview.id);
      this.revision += 1;
      this.close();
      await this.load();
      return count;
    } catch (error) {
      this.#fail(era, messageOf(error) ?? "");
      return null;
    }
  }

  /** Nothing is looked at any more. */
  close(): void {
    this.#era += 1;
    this.preview = null;
    this.error = null;
    this.busy = false;
    this.#content = "";
    this.changed();
  }

  async load(): Promise<void> {
    try {
      this.imports = await this.#host.imports();
      this.importsError = null;
    } catch (error) {
      this.importsError = messageOf(error) ?? "";
    }
    this.changed();
  }

  /** Takes an import back; throws why not. */
  async undo(id: number): Promise<{ restored: number; kept: number }> {
    const undone = await this.#host.undoImport(id);
    this.revision += 1;
    await this.load();
    return undone;
  }

  async #read(reading: Reading): Promise<void> {
    const era = this.#era;
    try {
      const preview = await this.#host.previewImport(this.source, this.#content, reading);
      if (era !== this.#era) return;
      this.preview = preview;
      this.error = null;
      this.busy = false;
      this.changed();
    } catch (error) {
      this.#fail(era, messageOf(error) ?? "");
    }
  }

  #fail(era: number, message: string): void {
    if (era !== this.#era) return;
    this.error = message;
    this.busy = false;
    this.changed();
  }
}

/** A file's bytes as base64: what crosses to Rust is text. */
function base64(what: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      if (typeof reader.result === "string") resolve(reader.result.replace(/^[^,]*,/, ""));
      else reject(new Error("nothing was read"));
    };
    reader.onerror = () => reject(new Error(String(reader.error)));
    reader.readAsDataURL(what);
  });
}
