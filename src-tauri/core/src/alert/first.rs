//! What a person should be told. Pure: what was before, what is now, and the event in; an alert
//! out, or none. Must not know how it is shown.

use crate::esim::EsimState;
use crate::event::{Event, Status};

/// Longest order reference in a notification, in characters; the window shows all of it.
const MAX_NAME: usize = 60;

/// Something that happened to an eSIM and that a person should know now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// What happened.
    pub kind: AlertKind,
    /// The eSIM's key: its id, else its ICCID. Opens it, also after two half-known eSIMs became one.
    pub esim: String,
    /// One line: what happened to whom.
    pub title: String,
    /// One line: which eSIM, and what it means. Holds no text from a payload but letters and
    /// digits of an identifier, because some notification servers read the body as markup.
    pub body: String,
}

/// The kinds of alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertKind {
    /// The eSIM was activated for the first time in its usage period.
    Activated,
    /// The eSIM ran out.
    Expired,
    /// The eSIM was withdrawn.
    Revoked,
}

/// Decides whether a newly stored event is worth an alert.
///
/// An event that does not set the current status (it came late, or repeats what is known) raises
/// none. Neither does a reconnection: real eSIMs flap between INACTIVE and ACTIVATED within
/// seconds, so ACTIVATED counts once in a usage period, or when an eSIM comes back from a
/// terminal status.
#[must_use]
pub fn evaluate(before: Option<&EsimState>, after: &EsimState, event: &Event) -> Option<Alert> {
    let (status, _) = event.status_at()?;
    let before_status = before.and_then(|before| before.status.as_ref());
    if after.status.as_ref() != Some(status) || before_status == Some(status) {
        return None;
    }
    let kind = match status {
        Status::Activated if is_reconnection(before, after) => return None,
        Status::Activated => AlertKind::Activated,
        Status::Expired => AlertKind::Expired,
        Status::Revoked => AlertKind::Revoked,
        _ => return None,
    };
    let (what, meaning) = match kind {
        AlertKind::Activated => ("eSIM activated", "is now in use."),
        AlertKind::Expired => ("eSIM expired", "ran out and is no longer valid."),
        AlertKind::Revoked => ("eSIM revoked", "was withdrawn and is no longer valid."),
    };
    let number = number(after);
    let name = after
        .reference_id
        .as_deref()
        .map(one_line)
        .filter(|name| !name.is_empty());
    Some(Alert {
        kind,
        esim: after.esim_id.clone().or_else(|| after.iccid.clone())?,
        title: format!("{what}: {}", name.as_deref().unwrap_or(&number)),
        body: format!("{number} {meaning}"),
    })
}

fn is_reconnection(before: Option<&EsimState>, after: &EsimState) -> bool {
    let Some(before) = before else { return false };
    let ended = before.status.as_ref().is_some_and(Status::is_terminal);
    let new_period =
        before.period_start != after.period_start && before.first_activated_at < after.period_start;
    before.first_activated_at.is_some() && !ended && !new_period
}

/// `ICCID …304826`, as support staff read it out.
fn number(esim: &EsimState) -> String {
    let (label, id) = match (&esim.iccid, &esim.esim_id) {
        (Some(iccid), _) => ("ICCID", iccid.as_str()),
        (None, Some(esim_id)) => ("eSIM id", esim_id.as_str()),
        (None, None) => ("eSIM", ""),
    };
    let plain: Vec<char> = id.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    let last: String = plain.iter().skip(plain.len().saturating_sub(6)).collect();
    format!("{label} …{last}")
}

/// Text of a payload on one line: no control characters, nothing that turns the direction of the
/// text around it (Unicode Technical Report 36), not longer than [`MAX_NAME`].
fn one_line(text: &str) -> String {
    let clean: Vec<char> = text
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}'))
        .collect();
    if clean.len() > MAX_NAME {
        clean.iter().take(MAX_NAME - 1).chain(&['…']).collect()
    } else {
        clean.into_iter().collect()
    }
}

#[cfg(test)]
mod tests;
