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
  Unlink,
  Wallet,
} from "lucide";
import {
  isKnownStatus,
  KNOWN_STATUSES,
  type KnownStatus,
  NO_STATUS,
  type StatusIcon,
  statusIcon,
  statusTone,
  statusWord,
} from "../data/facts/statuses";
import { EVENT_ABOUTS, type EventRow, type Severity, type Tone, type Verdict } from "../host";
import { type TextKey, text } from "../locales";
import { outline } from "./outline";

export type BadgeLook = {
  /** `plain`: a frame and no colour. */
  tone: Tone | "plain";
  icon: string;
  word: () => string;
  title: (() => string) | null;
};

type AboutFact = (typeof EVENT_ABOUTS)[keyof typeof EVENT_ABOUTS];

/** The pictures that the program names. */
const ICONS: Record<StatusIcon | AboutFact["icon"], IconNode> = {
  Ban,
  CircleCheck,
  CirclePause,
  CircleQuestionMark,
  Download,
  Gauge,
  Inbox,
  PackageCheck,
  RotateCcw,
  Send,
  ShoppingCart,
  Smartphone,
  Sparkles,
  TimerOff,
  Trash2,
  Wallet,
};
const UNLISTED = outline(CircleDashed);

function ofStatus(status: string, icon: string): BadgeLook {
  const word = (): string => statusWord(status);
  return { tone: statusTone(status), icon, word, title: word };
}

/** Made once: a list asks for them in each frame. */
const STATUSES = Object.fromEntries(
  KNOWN_STATUSES.map((status) => [status, ofStatus(status, outline(ICONS[statusIcon(status)]))]),
) as Record<KnownStatus, BadgeLook>;

export function statusBadge(status: string | null): BadgeLook {
  const named = status ?? NO_STATUS;
  return isKnownStatus(named) ? STATUSES[named] : ofStatus(named, UNLISTED);
}

/** Of one that its provider no longer has, for each status that was its last. */
const GONE = outline(Unlink);
const GONES = new Map<string, BadgeLook>();

/** How an eSIM is: its status, unless its provider no longer has it. */
export function esimBadge({ status, gone }: { status: string | null; gone: boolean }): BadgeLook {
  if (!gone || status === null) return statusBadge(status);
  const known = GONES.get(status);
  if (known !== undefined) return known;
  const made: BadgeLook = {
    tone: "warn",
    icon: GONE,
    word: () => text("status.gone.word"),
    title: () => text("status.gone.means", { status: statusWord(status) }),
  };
  GONES.set(status, made);
  return made;
}

function look(tone: BadgeLook["tone"], icon: IconNode, key: TextKey, title?: TextKey): BadgeLook {
  return {
    tone,
    icon: outline(icon),
    word: () => text(key),
    title: title === undefined ? null : () => text(title),
  };
}

function ofAbout(about: keyof typeof EVENT_ABOUTS): BadgeLook {
  const { tone, icon } = EVENT_ABOUTS[about];
  return look(tone ?? "plain", ICONS[icon], `event.kind.${about}`);
}

const ABOUTS = Object.fromEntries(
  Object.keys(EVENT_ABOUTS).map((about) => [about, ofAbout(about as keyof typeof EVENT_ABOUTS)]),
) as Record<keyof typeof EVENT_ABOUTS, BadgeLook>;

/** What kind of event it is; of a change of status the new one. */
export function eventBadge(event: EventRow): BadgeLook {
  if (event.about !== "status") return ABOUTS[event.about];
  return event.status === null ? ABOUTS.other : statusBadge(event.status);
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
