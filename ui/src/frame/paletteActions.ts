/** What the palette can do, beside finding eSIMs. */
import BellOff from "@lucide/svelte/icons/bell-off";
import CircleAlert from "@lucide/svelte/icons/circle-alert";
import Keyboard from "@lucide/svelte/icons/keyboard";
import Link from "@lucide/svelte/icons/link";
import Moon from "@lucide/svelte/icons/moon";
import type { Desk } from "../context";
import { DEFAULT_FILTER } from "../data/esimFilters";
import { text } from "../locales";
import { look } from "../look.svelte";
import { SHORTCUTS, type ShortcutName } from "../parts/shortcuts";
import { type Icon, SCREENS } from "./screens";

export type PaletteAction = {
  id: string;
  label: string;
  icon: Icon;
  /** The key that does the same. */
  keys: string | null;
  run: () => void;
};

const MUTED_MS = 3_600_000;

export function paletteActions(desk: Desk, help: () => void): PaletteAction[] {
  const { host, inbox, live, pages, router, toasts } = desk;
  const keyOf = (name: ShortcutName): string | null =>
    SHORTCUTS.find((shortcut) => shortcut.name === name)?.keys[0] ?? null;
  const muted = live.summary?.mutedUntil !== null && live.summary?.mutedUntil !== undefined;
  return [
    ...SCREENS.map(({ screen, icon, label, key }) => ({
      id: screen,
      label: text(label),
      icon,
      keys: keyOf(key),
      run: () => router.go({ screen }),
    })),
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
      run: () => void inbox.mute(muted ? null : Date.now() + MUTED_MS),
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
      const { providers } = await host.connection();
      const webhookUrl = providers[0]?.webhookUrl ?? null;
      if (webhookUrl === null) {
        router.go({ screen: "connection" });
        return;
      }
      await host.copyText(webhookUrl);
      toasts.say(text("palette.addressCopied"));
    } catch (error) {
      toasts.fail(error);
    }
  }
}
