/** What the rules are called, what they are about, and which numbers tune them. */
import type { AlertSettings, Rule, RuleSetting, Severity } from "../../host";
import { RULES as KNOWN, USUAL_ALERT_SETTINGS } from "../../host";
import { text } from "../../locales";

/** The numbers among the settings. */
export type NumberSetting = Exclude<keyof AlertSettings, "rules" | "quiet" | "mutedUntil">;
export type About = "esim" | "account" | "program";
type RuleInfo = { about: About; numbers: readonly NumberSetting[] };

const INFO: Record<Rule, RuleInfo> = {
  revoked: { about: "esim", numbers: [] },
  expired: { about: "esim", numbers: [] },
  expiresVerySoon: { about: "esim", numbers: ["expiresVerySoonHours"] },
  expiresSoon: { about: "esim", numbers: ["expiresSoonHours"] },
  pastEnd: { about: "esim", numbers: [] },
  dataUsedUp: { about: "esim", numbers: [] },
  dataLow: { about: "esim", numbers: ["dataLowPercent"] },
  connectedWithoutData: { about: "esim", numbers: [] },
  notInstalled: {
    about: "esim",
    numbers: ["notInstalledHours", "notInstalledDays"],
  },
  firstActivation: { about: "esim", numbers: [] },
  balanceInsufficient: { about: "account", numbers: [] },
  balanceLow: { about: "account", numbers: [] },
  balanceToppedUp: { about: "account", numbers: [] },
  refundDecided: { about: "account", numbers: [] },
  noEvents: { about: "program", numbers: ["noEventHours"] },
  listenerDown: { about: "program", numbers: [] },
  tunnelDown: { about: "program", numbers: [] },
  storageFailing: { about: "program", numbers: [] },
  refusalsPilingUp: { about: "program", numbers: ["refusalsPerHour"] },
  unrecognized: { about: "program", numbers: [] },
};

const NUMBERS: readonly NumberSetting[] = Object.values(INFO).flatMap(({ numbers }) => numbers);
export const ABOUT: readonly About[] = ["esim", "account", "program"];
export const SEVERITIES: readonly Severity[] = ["critical", "warning", "info"];
/** Every rule, the gravest of each kind first. */
export const RULES = Object.keys(INFO) as readonly Rule[];

export const severityOf = (rule: Rule): Severity => KNOWN[rule].severity;
export const aboutOf = (rule: Rule): About => INFO[rule].about;
export const numbersOf = (rule: Rule): readonly NumberSetting[] => INFO[rule].numbers;
export const ruleName = (rule: Rule): string => text(`rule.${rule}.name`);

export function settingOf(settings: AlertSettings, rule: Rule): RuleSetting {
  return settings.rules[rule] ?? KNOWN[rule].usual;
}

/** Whether these are the settings that the program comes with, muting aside. */
export function areUsual(settings: AlertSettings): boolean {
  return (
    settings.quiet === null &&
    NUMBERS.every((name) => settings[name] === USUAL_ALERT_SETTINGS[name]) &&
    RULES.every((rule) => {
      const [now, { usual }] = [settingOf(settings, rule), KNOWN[rule]];
      return (
        now.enabled === usual.enabled && now.notify === usual.notify && now.breaksQuiet === usual.breaksQuiet
      );
    })
  );
}
