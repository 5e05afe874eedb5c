/** The screens that the navigation leads to: their names, icons and keys, in their order. */
import Bell from "@lucide/svelte/icons/bell";
import CardSim from "@lucide/svelte/icons/card-sim";
import House from "@lucide/svelte/icons/house";
import PlugZap from "@lucide/svelte/icons/plug-zap";
import Settings from "@lucide/svelte/icons/settings";
import Users from "@lucide/svelte/icons/users";
import Wallet from "@lucide/svelte/icons/wallet";
import Webhook from "@lucide/svelte/icons/webhook";
import type { Component } from "svelte";
import type { TextKey } from "../locales";
import type { ShortcutName } from "../parts/shortcuts";
import type { Route } from "./router.svelte";

export type Icon = Component<{ size?: number; "aria-hidden"?: "true" }>;
export type ScreenName = Exclude<Route["screen"], "esim" | "setup" | "absences" | "proof">;
type Entry = { icon: Icon; label: TextKey; key: ShortcutName };

const ENTRIES: Record<ScreenName, Entry> = {
  today: { icon: House, label: "nav.today", key: "goToday" },
  esims: { icon: CardSim, label: "nav.esims", key: "goEsims" },
  travellers: { icon: Users, label: "nav.travellers", key: "goTravellers" },
  alerts: { icon: Bell, label: "nav.alerts", key: "goAlerts" },
  account: { icon: Wallet, label: "nav.account", key: "goAccount" },
  deliveries: { icon: Webhook, label: "nav.deliveries", key: "goDeliveries" },
  connection: { icon: PlugZap, label: "nav.connection", key: "goConnection" },
  settings: { icon: Settings, label: "nav.settings", key: "goSettings" },
};

export const SCREENS = (Object.keys(ENTRIES) as ScreenName[]).map((screen) => ({
  screen,
  ...ENTRIES[screen],
}));
