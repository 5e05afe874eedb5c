/** What the palette can do, beside finding eSIMs. */
import BellOff from "@lucide/svelte/icons/bell-off";
import CircleAlert from "@lucide/svelte/icons/circle-alert";
import CircleFadingArrowUp from "@lucide/svelte/icons/circle-fading-arrow-up";
import History from "@lucide/svelte/icons/history";
import Keyboard from "@lucide/svelte/icons/keyboard";
import Link from "@lucide/svelte/icons/link";
import Moon from "@lucide/svelte/icons/moon";
import RefreshCw from "@lucide/svelte/icons/refresh-cw";
import Webhook from "@lucide/svelte/icons/webhook";
import type { Desk } from "../context";
import { canCatchUp, catchesUp, catchUp } from "../data/catchUp";
import { DEFAULT_FILTER } from "../data/esimFilters";
import { text } from "../locales";
import { look } from "../look.svelte";
import { SHORTCUTS, type ShortcutName } from "../parts/shortcuts";
import { type Icon, SCREENS } from "./screens";
import { goToUpgrade } from "./upgrade";

export type PaletteAction = {
  id: string;
  label: string;
  /** Other words for it, by which somebody may look for it. */
  words: string;
  icon: Icon;
  /** The key that does the same. */
  keys: string | null;
  run: () => void;
};

const MUTED_MS = 3_600_000;

export function paletteActions(desk: Desk, help: () => void): PaletteAction[] {
  const { clock, host, inbox, live, pages, router, toasts } = desk;
  const keyOf = (name: ShortcutName): string | null =>
    SHORTCUTS.find((shortcut) => shortcut.name === name)?.keys[0] ?? null;
  const muted = live.summary?.mutedUntil !== null && live.summary?.mutedUntil !== undefined;
  const catching = catchesUp(live.catchUp);
  return [
    ...SCREENS.map(({ screen, icon, label, key }) => ({
      id: screen,
      label: text(label),
      words: text(`palette.words.${screen}`),
      icon,
      keys: keyOf(key),
      run: () => router.go({ screen }),
    })),
    {
      id: "attention",
      label: text("palette.attention"),
      words: "",
      icon: CircleAlert,
      keys: null,
      run: () => {
        void pages.search({ ...DEFAULT_FILTER, attention: true });
        router.go({ screen: "esims" });
      },
    },
    {
      id: "catchUp",
      label: text(catching ? "palette.catchUpStop" : "palette.catchUp"),
      words: text("palette.words.catchUp"),
      icon: RefreshCw,
      keys: null,
      run: () => void catchUpOrStop(),
    },
    {
      id: "absences",
      label: text("receipt.title"),
      words: text("palette.words.absences"),
      icon: History,
      keys: null,
      run: () => router.go({ screen: "absences" }),
    },
    {
      id: "proof",
      label: text("proof.title"),
      words: text("palette.words.proof"),
      icon: Webhook,
      keys: null,
      run: () => router.go({ screen: "proof" }),
    },
    {
      id: "mute",
      label: muted ? text("palette.unmute") : text("palette.mute"),
      words: "",
      icon: BellOff,
      keys: null,
      run: () => void inbox.mute(muted ? null : clock.exactMs + MUTED_MS),
    },
    {
      id: "theme",
      label: text("theme.switch", {
        now: text(`theme.${look.theme}`),
        next: text(`theme.${look.nextTheme}`),
      }),
      words: [text("theme.light"), text("theme.dark"), text("theme.system")].join(" "),
      icon: Moon,
      keys: null,
      run: () => void look.choose({ theme: look.nextTheme }),
    },
    {
      id: "address",
      label: text("palette.address"),
      words: "",
      icon: Link,
      keys: null,
      run: () => void copyAddress(),
    },
    ...(live.upgrade === null
      ? []
      : [
          {
            id: "upgrade",
            label: text("upgrade.title"),
            words: text("upgrade.daily"),
            icon: CircleFadingArrowUp,
            keys: null,
            run: () => void goToUpgrade(router),
          },
        ]),
    { id: "help", label: text("keys.help"), words: "", icon: Keyboard, keys: keyOf("help"), run: help },
  ];

  /** Without a token there is one place to go. */
  async function catchUpOrStop(): Promise<void> {
    if (catching) await host.cancelCatchUp().catch((error: unknown) => toasts.fail(error));
    else if (canCatchUp(live.catchUp)) await catchUp(host, toasts);
    else router.go({ screen: "connection" });
  }

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
