/** What the palette can do, beside finding eSIMs. */
import Bell from "@lucide/svelte/icons/bell";
import BellOff from "@lucide/svelte/icons/bell-off";
import CardSim from "@lucide/svelte/icons/card-sim";
import CircleAlert from "@lucide/svelte/icons/circle-alert";
import House from "@lucide/svelte/icons/house";
import Keyboard from "@lucide/svelte/icons/keyboard";
import Link from "@lucide/svelte/icons/link";
import Moon from "@lucide/svelte/icons/moon";
import PlugZap from "@lucide/svelte/icons/plug-zap";
import Settings from "@lucide/svelte/icons/settings";
import Users from "@lucide/svelte/icons/users";
import Wallet from "@lucide/svelte/icons/wallet";
import Webhook from "@lucide/svelte/icons/webhook";
import type { Component } from "svelte";
import type { Desk } from "../context";
import { DEFAULT_FILTER } from "../data/esimPages";
import { messageOf } from "../host";
import { text } from "../locales";
import { look } from "../look.svelte";
import { SHORTCUTS, type ShortcutName } from "../parts/shortcuts";

export type Action = {
  id: string;
  label: string;
  icon: Component<{ size?: number; "aria-hidden"?: "true" }>;
  /** The key that does the same. */
  keys: string | null;
  run: () => void;
};

const HOUR_MS = 3_600_000;

export function actions(desk: Desk, help: () => void): Action[] {
  const { host, inbox, live, pages, router } = desk;
  const keyOf = (name: ShortcutName): string | null =>
    SHORTCUTS.find((shortcut) => shortcut.name === name)?.keys[0] ?? null;
  const muted = live.summary?.mutedUntil !== null && live.summary?.mutedUntil !== undefined;
  return [
    {
      id: "today",
      label: text("nav.today"),
      icon: House,
      keys: keyOf("goToday"),
      run: () => router.go({ screen: "today" }),
    },
    {
      id: "esims",
      label: text("nav.esims"),
      icon: CardSim,
      keys: keyOf("goEsims"),
      run: () => router.go({ screen: "esims" }),
    },
    {
      id: "travellers",
      label: text("nav.travellers"),
      icon: Users,
      keys: keyOf("goTravellers"),
      run: () => router.go({ screen: "travellers" }),
    },
    {
      id: "alerts",
      label: text("nav.alerts"),
      icon: Bell,
      keys: keyOf("goAlerts"),
      run: () => router.go({ screen: "alerts" }),
    },
    {
      id: "account",
      label: text("nav.account"),
      icon: Wallet,
      keys: keyOf("goAccount"),
      run: () => router.go({ screen: "account" }),
    },
    {
      id: "deliveries",
      label: text("nav.deliveries"),
      icon: Webhook,
      keys: keyOf("goDeliveries"),
      run: () => router.go({ screen: "deliveries" }),
    },
    {
      id: "connection",
      label: text("nav.connection"),
      icon: PlugZap,
      keys: keyOf("goConnection"),
      run: () => router.go({ screen: "connection" }),
    },
    {
      id: "settings",
      label: text("nav.settings"),
      icon: Settings,
      keys: keyOf("goSettings"),
      run: () => router.go({ screen: "settings" }),
    },
    {
      id: "attention",
      label: text("palette.attention"),
      icon: CircleAlert,
      keys: null,
      run: () => {
        void pages.search({ ...DEFAULT_FILTER, attention: true });
        router.go({ screen: "esims" });
      },
    },
    {
      id: "mute",
      label: muted ? text("palette.unmute") : text("palette.mute"),
      icon: BellOff,
      keys: null,
      run: () => void inbox.mute(muted ? null : Date.now() + HOUR_MS),
    },
    {
      id: "theme",
      label: text("theme.switch", {
        now: text(`theme.${look.theme}`),
        next: text(`theme.${look.nextTheme}`),
      }),
      icon: Moon,
      keys: null,
      run: () => void look.choose({ theme: look.nextTheme }),
    },
    {
      id: "address",
      label: text("palette.address"),
      icon: Link,
      keys: null,
      run: () => void copyAddress(),
    },
    { id: "help", label: text("keys.help"), icon: Keyboard, keys: keyOf("help"), run: help },
  ];

  async function copyAddress(): Promise<void> {
    try {
      const { webhookUrl } = await host.connection();
      if (webhookUrl === null) {
        router.go({ screen: "connection" });
        return;
      }
      await host.copyText(webhookUrl);
      inbox.say(text("palette.addressCopied"));
    } catch (error) {
      inbox.fail(messageOf(error));
    }
  }
}
