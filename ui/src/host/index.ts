/**
 * The window's only door to the program behind it. Screens and data know this interface, never Tauri, so
 * that they can be tested with a recorded host.
 */
import { Channel } from "@tauri-apps/api/core";
import {
  type Ages,
  type AlertPage,
  type AlertQuery,
  type AlertSettings,
  type CommandError,
  type Connection,
  commands,
  type DesktopState,
  type EsimDetail,
  type EsimPage,
  type EsimQuery,
  type HourCount,
  type Refusal,
  type Update,
} from "./bindings";

export type * from "./bindings";
export { RULES, USUAL_ALERT_SETTINGS } from "./bindings";

export interface Host {
  /** Starts the one subscription of this window; updates arrive in order. */
  watch(onUpdate: (update: Update) => void): Promise<void>;
  esims(query: EsimQuery): Promise<EsimPage>;
  esim(key: string): Promise<EsimDetail | null>;
  eventPayload(id: number): Promise<string | null>;
  /** Hours since the epoch; the last one is included. */
  activity(firstHour: number, lastHour: number): Promise<HourCount[]>;
  connection(): Promise<Connection>;
  setPort(port: number): Promise<Connection>;
  setPublicUrl(url: string | null): Promise<Connection>;
  setWebhookSecret(secret: string | null): Promise<Connection>;
  dropPreviousSecret(): Promise<Connection>;
  refusals(): Promise<Refusal[]>;
  copyText(text: string): Promise<void>;
  alerts(query: AlertQuery): Promise<AlertPage>;
  /** With a note, or null to leave the present one. */
  acknowledgeAlerts(ids: number[], note: string | null): Promise<void>;
  reopenAlerts(ids: number[]): Promise<void>;
  /** Until then, UTC seconds. */
  snoozeAlerts(ids: number[], until: number): Promise<void>;
  muteEsim(key: string, muted: boolean): Promise<void>;
  esimMuted(key: string): Promise<boolean>;
  alertSettings(): Promise<AlertSettings>;
  /** They count at once; answers with what counts now. */
  setAlertSettings(settings: AlertSettings): Promise<AlertSettings>;
  /** Until then, UTC seconds; null: no more. */
  mute(until: number | null): Promise<void>;
  desktop(): Promise<DesktopState>;
  setCloseToTray(stays: boolean): Promise<DesktopState>;
  setStartWithSystem(starts: boolean): Promise<DesktopState>;
  /** Throws why it was not shown. */
  testNotification(): Promise<void>;
  retention(): Promise<Ages>;
  setRetention(ages: Ages): Promise<Ages>;
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
  activity: (firstHour, lastHour) => commands.activity(firstHour, lastHour),
  connection: () => commands.connection(),
  setPort: (port) => commands.setPort(port),
  setPublicUrl: (url) => commands.setPublicUrl(url),
  setWebhookSecret: (secret) => commands.setWebhookSecret(secret),
  dropPreviousSecret: () => commands.dropPreviousSecret(),
  refusals: () => commands.refusals(),
  async copyText(text) {
    await commands.copyText(text);
  },
  alerts: (query) => commands.alerts(query),
  async acknowledgeAlerts(ids, note) {
    await commands.acknowledgeAlerts(ids, note);
  },
  async reopenAlerts(ids) {
    await commands.reopenAlerts(ids);
  },
  async snoozeAlerts(ids, until) {
    await commands.snoozeAlerts(ids, until);
  },
  async muteEsim(key, muted) {
    await commands.muteEsim(key, muted);
  },
  esimMuted: (key) => commands.esimMuted(key),
  alertSettings: () => commands.alertSettings(),
  setAlertSettings: (settings) => commands.setAlertSettings(settings),
  async mute(until) {
    await commands.mute(until);
  },
  desktop: () => commands.desktop(),
  setCloseToTray: (stays) => commands.setCloseToTray(stays),
  setStartWithSystem: (starts) => commands.setStartWithSystem(starts),
  async testNotification() {
    await commands.testNotification();
  },
  retention: () => commands.retention(),
  setRetention: (ages) => commands.setRetention(ages),
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
