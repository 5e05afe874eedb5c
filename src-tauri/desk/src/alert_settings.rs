//! What is set about alerts.

use std::collections::BTreeMap;

use esim_watch_core::alert;
use serde::{Deserialize, Serialize};

use crate::alerts::{About, Rule, Severity};

/// Everything that can be set about alerts. Kept as JSON: what an older version did not write has
/// its default, and a rule of a newer version is passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct AlertSettings {
    /// What is set for each rule; one that is missing has its default.
    pub rules: BTreeMap<Rule, RuleSetting>,
    /// How long before its end an eSIM expires soon, in hours.
    pub expires_soon_hours: u32,
    /// How long before its end an eSIM expires very soon, in hours.
    pub expires_very_soon_hours: u32,
    /// Below how many percent of its package an eSIM is low on data.
    pub data_low_percent: u32,
    /// How long before its period starts a sold eSIM should be on a device, in hours.
    pub not_installed_hours: u32,
    /// How long after the order a sold eSIM should be on a device, in days.
    pub not_installed_days: u32,
    /// After how many hours without any event something is wrong, while eSIMs are in use. Each of
    /// those reports its usage every 4 hours.
    pub no_event_hours: u32,
    /// From how many refused deliveries in an hour they pile up.
    pub refusals_per_hour: u32,
    /// When notifications are held back every day; `None`: never.
    pub quiet: Option<Quiet>,
    /// Until when notifications are held back, UTC seconds.
    pub muted_until: Option<i64>,
}

impl From<alert::AlertSettings> for AlertSettings {
    fn from(settings: alert::AlertSettings) -> AlertSettings {
        let alert::AlertSettings {
            rules,
            expires_soon_hours,
            expires_very_soon_hours,
            data_low_percent,
            not_installed_hours,
            not_installed_days,
            no_event_hours,
            refusals_per_hour,
            quiet,
            muted_until,
            muted_at: _,
        } = settings;
        let rules = rules.into_iter();
        AlertSettings {
            rules: rules
                .map(|(rule, setting)| (rule.into(), setting.into()))
                .collect(),
            expires_soon_hours,
            expires_very_soon_hours,
            data_low_percent,
            not_installed_hours,
            not_installed_days,
            no_event_hours,
            refusals_per_hour,
            quiet: quiet.map(Quiet::from),
            muted_until,
        }
    }
}

impl From<AlertSettings> for alert::AlertSettings {
    fn from(settings: AlertSettings) -> alert::AlertSettings {
        let AlertSettings {
            rules,
            expires_soon_hours,
            expires_very_soon_hours,
            data_low_percent,
            not_installed_hours,
            not_installed_days,
            no_event_hours,
            refusals_per_hour,
            quiet,
            muted_until,
        } = settings;
        let rules = rules.into_iter();
        alert::AlertSettings {
            rules: rules
                .map(|(rule, setting)| (rule.into(), setting.into()))
                .collect(),
            expires_soon_hours,
            expires_very_soon_hours,
            data_low_percent,
            not_installed_hours,
            not_installed_days,
            no_event_hours,
            refusals_per_hour,
            quiet: quiet.map(alert::Quiet::from),
            muted_until,
            // What stays as it was set keeps that.
            muted_at: None,
        }
    }
}

/// Hours of the day in which notifications are held back, by the clock on the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct Quiet {
    /// The first quiet minute of the day, local, 0 to 1439.
    pub from_minute: u16,
    /// The first minute that is not quiet any more. Before `from_minute`: on the next day.
    pub to_minute: u16,
}

impl From<alert::Quiet> for Quiet {
    fn from(quiet: alert::Quiet) -> Quiet {
        let alert::Quiet {
            from_minute,
            to_minute,
        } = quiet;
        Quiet {
            from_minute,
            to_minute,
        }
    }
}

impl From<Quiet> for alert::Quiet {
    fn from(quiet: Quiet) -> alert::Quiet {
        let Quiet {
            from_minute,
            to_minute,
        } = quiet;
        alert::Quiet {
            from_minute,
            to_minute,
        }
    }
}

/// What is done with the alerts of one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct RuleSetting {
    /// Whether they are recorded at all.
    pub enabled: bool,
    /// Whether the system shows them.
    pub notify: bool,
    /// Whether quiet hours and muting let them through.
    pub breaks_quiet: bool,
}

impl From<alert::RuleSetting> for RuleSetting {
    fn from(setting: alert::RuleSetting) -> RuleSetting {
        let alert::RuleSetting {
            enabled,
            notify,
            breaks_quiet,
        } = setting;
        RuleSetting {
            enabled,
            notify,
            breaks_quiet,
        }
    }
}

impl From<RuleSetting> for alert::RuleSetting {
    fn from(setting: RuleSetting) -> alert::RuleSetting {
        let RuleSetting {
            enabled,
            notify,
            breaks_quiet,
        } = setting;
        alert::RuleSetting {
            enabled,
            notify,
            breaks_quiet,
        }
    }
}

mirrored! {
    /// A number among the settings.
    NumberSetting of alert::SettingsNumber {
        /// [`AlertSettings::expires_soon_hours`].
        ExpiresSoonHours,
        /// [`AlertSettings::expires_very_soon_hours`].
        ExpiresVerySoonHours,
        /// [`AlertSettings::data_low_percent`].
        DataLowPercent,
        /// [`AlertSettings::not_installed_hours`].
        NotInstalledHours,
        /// [`AlertSettings::not_installed_days`].
        NotInstalledDays,
        /// [`AlertSettings::no_event_hours`].
        NoEventHours,
        /// [`AlertSettings::refusals_per_hour`].
        RefusalsPerHour,
    }
}

/// What a number can be set to.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Bounds {
    /// The least.
    least: u32,
    /// The most.
    most: u32,
}

/// The bounds of every number.
#[must_use]
pub fn numbers() -> BTreeMap<NumberSetting, Bounds> {
    let bounds = |number: &NumberSetting| {
        let bounds = alert::SettingsNumber::from(*number).bounds();
        let (least, most) = (*bounds.start(), *bounds.end());
        (*number, Bounds { least, most })
    };
    NumberSetting::ALL.iter().map(bounds).collect()
}

/// A rule as the window lists it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleFact {
    /// How much its alerts matter.
    severity: Severity,
    /// What they are about.
    about: About,
    /// Which numbers tune it.
    numbers: Vec<NumberSetting>,
    /// What is done with its alerts unless the user says otherwise.
    usual: RuleSetting,
}

/// The rule that a number tunes.
fn tuned_by(number: NumberSetting) -> Rule {
    match number {
        NumberSetting::ExpiresSoonHours => Rule::ExpiresSoon,
        NumberSetting::ExpiresVerySoonHours => Rule::ExpiresVerySoon,
        NumberSetting::DataLowPercent => Rule::DataLow,
        NumberSetting::NotInstalledHours | NumberSetting::NotInstalledDays => Rule::NotInstalled,
        NumberSetting::NoEventHours => Rule::NoEvents,
        NumberSetting::RefusalsPerHour => Rule::RefusalsPilingUp,
    }
}

/// Which numbers tune a rule.
fn numbers_of(rule: Rule) -> Vec<NumberSetting> {
    let all = NumberSetting::ALL.iter().copied();
    all.filter(|number| tuned_by(*number) == rule).collect()
}

/// Every rule.
#[must_use]
pub fn rules() -> BTreeMap<Rule, RuleFact> {
    let fact = |core: &alert::Rule| {
        let rule = Rule::from(*core);
        let fact = RuleFact {
            severity: core.severity().into(),
            about: core.about().into(),
            numbers: numbers_of(rule),
            usual: alert::RuleSetting::default_of(*core).into(),
        };
        (rule, fact)
    };
    alert::Rule::ALL.iter().map(fact).collect()
}

/// Every rule as a person goes through them.
#[must_use]
pub fn rule_order() -> Vec<Rule> {
    let order = alert::Rule::BY_GRAVITY.iter();
    order.map(|rule| Rule::from(*rule)).collect()
}

/// What counts where nobody has set anything.
#[must_use]
pub fn usual_settings() -> AlertSettings {
    alert::AlertSettings::default().into()
}
