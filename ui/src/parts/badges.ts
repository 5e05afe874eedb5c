/** What badges show: for each status, kind of event, severity and verdict a colour, an icon and a word. */
import type { IconNode } from "lucide";
import {
  Ban,
  CircleCheck,
  CircleDashed,
  CirclePause,
  CircleQuestionMark,
  CopyCheck,
  Download,
  FileWarning,
  Gauge,
  Inbox,
  Info,
  OctagonAlert,
  PackageCheck,
  RotateCcw,
  Send,
  ShoppingCart,
  Smartphone,
  Sparkles,
  TimerOff,
  Trash2,
  TriangleAlert,
  Wallet,
} from "lucide";
import { isKnownStatus, type KnownStatus, NO_STATUS, statusTone, statusWord } from "../data/facts/statuses";
import type { EventAbout, EventRow, Severity, Tone, Verdict } from "../host";
import { type TextKey, text } from "../locales";
import { outline } from "./outline";

export type BadgeLook = {
  /** `plain`: a frame and no colour. */
  tone: Tone | "plain";
  icon: string;
  word: () => string;
  title: (() => string) | null;
};

const STATUS_ICONS: Record<KnownStatus, IconNode> = {
  NEW: Sparkles,
  READY: PackageCheck,
  DOWNLOADED: Download,
  INSTALLED: Smartphone,
  ACTIVATED: CircleCheck,
  INACTIVE: CirclePause,
  EXPIRED: TimerOff,
  REVOKED: Ban,
  DELETED: Trash2,
  UNKNOWN: CircleQuestionMark,
};
const UNLISTED = outline(CircleDashed);

function ofStatus(status: string, icon: string): BadgeLook {
  const word = (): string => statusWord(status);
  return { tone: statusTone(status), icon, word, title: word };
}

/** Made once: a list asks for them in each frame. */
const STATUSES = Object.fromEntries(
  Object.entries(STATUS_ICONS).map(([status, icon]) => [status, ofStatus(status, outline(icon))]),
) as Record<KnownStatus, BadgeLook>;

export function statusBadge(status: string | null): BadgeLook {
  const named = status ?? NO_STATUS;
  return isKnownStatus(named) ? STATUSES[named] : ofStatus(named, UNLISTED);
}

function look(tone: BadgeLook["tone"], icon: IconNode, key: TextKey, title?: TextKey): BadgeLook {
  return {
    tone,
    icon: outline(icon),
    word: () => text(key),
    title: title === undefined ? null : () => text(title),
  };
}

const KINDS: Record<Exclude<EventAbout, "status">, BadgeLook> = {
  usage: look("plain", Gauge, "event.kind.usage"),
  balance: look("plain", Wallet, "event.kind.balance"),
  order: look("plain", ShoppingCart, "event.kind.order"),
  refund: look("plain", RotateCcw, "event.kind.refund"),
  test: look("plain", Send, "event.kind.test"),
  unrecognized: look("novel", CircleQuestionMark, "event.kind.unrecognized"),
  other: look("plain", Inbox, "event.kind.other"),
};

/** What kind of event it is; of a change of status the new one. */
export function eventBadge(event: EventRow): BadgeLook {
  if (event.about !== "status") return KINDS[event.about];
  return event.status === null ? KINDS.other : statusBadge(event.status);
}

const SEVERITIES: Record<Severity, BadgeLook> = {
  critical: look("bad", OctagonAlert, "severity.critical"),
  warning: look("warn", TriangleAlert, "severity.warning"),
  info: look("info", Info, "severity.info"),
};

/** How grave an alert is. */
export function severityBadge(severity: Severity): BadgeLook {
  return SEVERITIES[severity];
}

const VERDICTS: Record<Verdict, BadgeLook> = {
  accepted: look("good", CircleCheck, "verdict.accepted", "verdict.acceptedMeans"),
  unrecognized: look("novel", CircleQuestionMark, "verdict.unrecognized", "verdict.unrecognizedMeans"),
  duplicate: look("still", CopyCheck, "verdict.duplicate", "verdict.duplicateMeans"),
  malformed: look("bad", FileWarning, "verdict.malformed", "verdict.malformedMeans"),
};

/** What became of a delivery. */
export function verdictBadge(verdict: Verdict): BadgeLook {
  return VERDICTS[verdict];
}
