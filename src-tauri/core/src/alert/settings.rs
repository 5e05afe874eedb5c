//! What the desk has set about alerts.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde::de::IntoDeserializer;
use serde::de::value::{Error as ValueError, StrDeserializer};
use serde::{Deserialize, Deserializer, Serialize};

use super::{Rule, Severity};
use crate::display_in_english;
use crate::message::{Message, ToMessage};

/// Everything that can be set about alerts. Kept as JSON: what an older version did not write has
/// its default, and a rule of a newer version is passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
    /// When that was set, UTC seconds; `None`: never, or by a version before.
    pub muted_at: Option<i64>,
}

/// Hours of the day in which notifications are held back, by the clock on the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Quiet {
    /// The first quiet minute of the day, local, 0 to 1439.
    pub from_minute: u16,
    /// The first minute that is not quiet any more. Before `from_minute`: on the next day.
    pub to_minute: u16,
}

/// What is done with the alerts of one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleSetting {
    /// Whether they are recorded at all.
    pub enabled: bool,
    /// Whether the system shows them.
    pub notify: bool,
    /// Whether quiet hours and muting let them through.
    pub breaks_quiet: bool,
}

/// Why settings can't be taken, in words for the user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// A number is out of its bounds.
    OutOfBounds(SettingsNumber),
    /// The second warning would come before the first.
    VerySoonBeforeSoon,
    /// Quiet hours from and to the same minute, or past midnight.
    Quiet,
}

/// A number that can be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingsNumber {
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

impl SettingsNumber {
    /// Every number.
    pub const ALL: [SettingsNumber; 7] = [
        SettingsNumber::ExpiresSoonHours,
        SettingsNumber::ExpiresVerySoonHours,
        SettingsNumber::DataLowPercent,
        SettingsNumber::NotInstalledHours,
        SettingsNumber::NotInstalledDays,
        SettingsNumber::NoEventHours,
        SettingsNumber::RefusalsPerHour,
    ];

    /// What can be set.
    #[must_use]
    pub const fn bounds(self) -> RangeInclusive<u32> {
        match self {
            SettingsNumber::ExpiresSoonHours => 2..=168,
            SettingsNumber::ExpiresVerySoonHours => 1..=72,
            SettingsNumber::DataLowPercent | SettingsNumber::NotInstalledDays => 1..=90,
            SettingsNumber::NotInstalledHours => 1..=336,
            // Usage comes every 4 hours: a shorter wait than 5 would cry wolf between two reports.
            SettingsNumber::NoEventHours => 5..=168,
            // No more than these are remembered.
            SettingsNumber::RefusalsPerHour => 1..=200,
        }
    }
}

display_in_english!(SettingsError);

impl ToMessage for SettingsError {
    fn to_message(&self) -> Message {
        Message::of(match self {
            SettingsError::OutOfBounds(number) => {
                return Message::of(match number {
                    SettingsNumber::ExpiresSoonHours => "error.rules.expiresSoonHours",
                    SettingsNumber::ExpiresVerySoonHours => "error.rules.expiresVerySoonHours",
                    SettingsNumber::DataLowPercent => "error.rules.dataLowPercent",
                    SettingsNumber::NotInstalledHours => "error.rules.notInstalledHours",
                    SettingsNumber::NotInstalledDays => "error.rules.notInstalledDays",
                    SettingsNumber::NoEventHours => "error.rules.noEventHours",
                    SettingsNumber::RefusalsPerHour => "error.rules.refusalsPerHour",
                })
                .with("least", number.bounds().start().to_string())
                .with("most", number.bounds().end().to_string());
            }
            SettingsError::VerySoonBeforeSoon => "error.rules.order",
            SettingsError::Quiet => "error.rules.quiet",
        })
    }
}

impl Default for AlertSettings {
    fn default() -> Self {
        AlertSettings {
            rules: BTreeMap::new(),
            expires_soon_hours: 24,
            expires_very_soon_hours: 3,
            data_low_percent: 20,
            not_installed_hours: 24,
            not_installed_days: 7,
            no_event_hours: 6,
            refusals_per_hour: 20,
            quiet: None,
            muted_until: None,
            muted_at: None,
        }
    }
}

impl RuleSetting {
    /// What is done with a rule's alerts unless the user says otherwise: everything that is
    /// critical breaks through quiet hours.
    #[must_use]
    pub fn default_of(rule: Rule) -> RuleSetting {
        RuleSetting {
            enabled: true,
            notify: true,
            breaks_quiet: rule.severity() == Severity::Critical,
        }
    }
}

impl AlertSettings {
    /// What is done with the alerts of a rule.
    #[must_use]
    pub fn of(&self, rule: Rule) -> RuleSetting {
        self.rules
            .get(&rule)
            .copied()
            .unwrap_or_else(|| RuleSetting::default_of(rule))
    }

    /// The same, with notifications held back until then; `None`: no more. Set at `now`. Both UTC seconds.
    #[must_use]
    pub fn muted(self, until: Option<i64>, now: i64) -> AlertSettings {
        AlertSettings {
            muted_until: until,
            muted_at: until.map(|_| now),
            ..self
        }
    }

    /// Moves what was set by a clock that was ahead by so many seconds (less than nothing: behind): whoever mutes for an hour
    /// means an hour.
    pub fn set_mute_back(&mut self, ahead: i64) {
        for time in [&mut self.muted_until, &mut self.muted_at] {
            *time = time.map(|time| time.saturating_sub(ahead));
        }
    }

    /// What this number is set to.
    #[must_use]
    pub fn number(&self, number: SettingsNumber) -> u32 {
        match number {
            SettingsNumber::ExpiresSoonHours => self.expires_soon_hours,
            SettingsNumber::ExpiresVerySoonHours => self.expires_very_soon_hours,
            SettingsNumber::DataLowPercent => self.data_low_percent,
            SettingsNumber::NotInstalledHours => self.not_installed_hours,
            SettingsNumber::NotInstalledDays => self.not_installed_days,
            SettingsNumber::NoEventHours => self.no_event_hours,
            SettingsNumber::RefusalsPerHour => self.refusals_per_hour,
        }
    }

    /// Whether every number makes sense.
    ///
    /// # Errors
    /// [`SettingsError`], the first one that does not.
    pub fn check(&self) -> Result<(), SettingsError> {
        let out_of_bounds =
            |number: &SettingsNumber| !number.bounds().contains(&self.number(*number));
        if let Some(number) = SettingsNumber::ALL.into_iter().find(out_of_bounds) {
            return Err(SettingsError::OutOfBounds(number));
        }
        if self.expires_very_soon_hours >= self.expires_soon_hours {
            return Err(SettingsError::VerySoonBeforeSoon);
        }
        let wrong = |quiet: Quiet| {
            quiet.from_minute == quiet.to_minute || quiet.from_minute.max(quiet.to_minute) >= 1440
        };
        match self.quiet {
            Some(quiet) if wrong(quiet) => Err(SettingsError::Quiet),
            _ => Ok(()),
        }
    }
}

impl<'de> Deserialize<'de> for AlertSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut read = Stored::deserialize(deserializer)?;
        // An earlier version took more than are ever counted.
        let most = *SettingsNumber::RefusalsPerHour.bounds().end();
        read.refusals_per_hour = read.refusals_per_hour.min(most);
        Ok(read)
    }
}

/// How settings are read. What is written is complete, and the window is told so; what is read
/// may have gaps.
#[derive(Deserialize)]
#[serde(
    remote = "AlertSettings",
    rename_all = "camelCase",
    default = "AlertSettings::default"
)]
struct Stored {
    #[serde(deserialize_with = "known_rules")]
    rules: BTreeMap<Rule, RuleSetting>,
    expires_soon_hours: u32,
    expires_very_soon_hours: u32,
    data_low_percent: u32,
    not_installed_hours: u32,
    not_installed_days: u32,
    no_event_hours: u32,
    refusals_per_hour: u32,
    quiet: Option<Quiet>,
    muted_until: Option<i64>,
    muted_at: Option<i64>,
}

/// What is set for each rule that this version knows.
fn known_rules<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<Rule, RuleSetting>, D::Error> {
    let all = BTreeMap::<String, RuleSetting>::deserialize(deserializer)?;
    let known = |name: &str| {
        let name: StrDeserializer<'_, ValueError> = name.into_deserializer();
        // An error means a rule that this version does not know, and nothing else.
        Rule::deserialize(name).ok()
    };
    Ok(all
        .into_iter()
        .filter_map(|(name, setting)| Some((known(&name)?, setting)))
        .collect())
}

#[cfg(test)]
mod tests;
