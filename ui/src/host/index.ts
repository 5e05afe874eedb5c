/**
 * The window's only door to the program behind it. Screens and data know this interface, never Tauri, so
 * that they can be tested with a recorded host.
 */
import { Channel } from "@tauri-apps/api/core";
import {
  type CommandError,
  type Connection,
  commands,
  type EsimDetail,
  type EsimPage,
  type EsimQuery,
  type Refusal,
  type Update,
} from "./bindings";

export type * from "./bindings";

export interface Host {
  /** Starts the one subscription of this window; updates arrive in order. */
  watch(onUpdate: (update: Update) => void): Promise<void>;
  esims(query: EsimQuery): Promise<EsimPage>;
  esim(key: string): Promise<EsimDetail | null>;
  eventPayload(id: number): Promise<string | null>;
  connection(): Promise<Connection>;
  setPort(port: number): Promise<Connection>;
  setPublicUrl(url: string | null): Promise<Connection>;
  setWebhookSecret(secret: string | null): Promise<Connection>;
  dropPreviousSecret(): Promise<Connection>;
  refusals(): Promise<Refusal[]>;
  copyText(text: string): Promise<void>;
}

export const tauriHost: Host = {
  async watch(onUpdate) {
    const updates = new Channel<Update>();
    updates.onmessage = onUpdate;
    await commands.watch(updates);
  },
  esims: (query) => commands.esims(query),
  esim: (key) => commands.esim(key),
  eventPayload: (id) => commands.eventPayload(id),
  connection: () => commands.connection(),
  setPort: (port) => commands.setPort(port),
  setPublicUrl: (url) => commands.setPublicUrl(url),
  setWebhookSecret: (secret) => commands.setWebhookSecret(secret),
  dropPreviousSecret: () => commands.dropPreviousSecret(),
  refusals: () => commands.refusals(),
  async copyText(text) {
    await commands.copyText(text);
  },
};

/** What a failed command said to the user, or null if what was thrown carries no text. */
export function messageOf(error: unknown): string | null {
  if (typeof error === "string" && error !== "") return error;
  if (typeof error === "object" && error !== null && "message" in error) {
    const { message } = error as CommandError;
    if (typeof message === "string" && message !== "") return message;
  }
  return null;
}
