/** What the rules are called; what they are about, and which numbers tune them, the program says. */
import type { About, AlertSettings, NumberSetting, Rule, RuleSetting, Severity } from "../../host";
import { RULES as KNOWN, RULE_ORDER, USUAL_ALERT_SETTINGS } from "../../host";
import { text } from "../../locales";

export type { About, NumberSetting } from "../../host";

const NUMBERS: readonly NumberSetting[] = Object.values(KNOWN).flatMap(({ numbers }) => numbers);
export const ABOUT: readonly About[] = ["esim", "account", "program"];
export const SEVERITIES: readonly Severity[] = ["critical", "warning", "info"];
/** Every rule, the gravest of each kind first. */
export const RULES: readonly Rule[] = RULE_ORDER;

export const severityOf = (rule: Rule): Severity => KNOWN[rule].severity;
export const aboutOf = (rule: Rule): About => KNOWN[rule].about;
export const numbersOf = (rule: Rule): readonly NumberSetting[] => KNOWN[rule].numbers;
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
