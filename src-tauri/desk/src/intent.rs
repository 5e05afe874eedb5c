//! What a person asks for outside of the window, in the tray's menu or on a notification: as data, and carried out as
//! far as that needs no window.

use esim_watch_core::inbox::{Inbox, InboxError};
use esim_watch_core::store::AlertStep;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::feed::Place;

/// For how long a button snoozes alerts, and an entry of the menu mutes; seconds.
const HOUR_SECONDS: i64 = 3600;

/// When "tomorrow" begins, by the desk's clock.
pub const MORNING_HOUR: i8 = 8;

/// Something that a person asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Intent {
    /// Show the window as it is.
    Show,
    /// Show the window with this in it.
    Open(Place),
    /// Show what this alert is about.
    OpenAlert(i64),
    /// These alerts are seen to.
    Acknowledge(Vec<i64>),
    /// These alerts shall come again in an hour.
    Snooze(Vec<i64>),
    /// Hold notifications back, or no more.
    Mute(Mute),
    /// End the program.
    Quit,
}

/// How long notifications are held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mute {
    /// For an hour.
    Hour,
    /// Until tomorrow morning.
    UntilTomorrow,
    /// No longer.
    Off,
}

/// What is left to do for whoever has a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remainder {
    /// Nothing.
    Nothing,
    /// Bring the window to the front.
    Show,
    /// End the program.
    Quit,
}

/// The eSIM of one of the latest alerts, else the list.
pub(crate) fn place_of(id: i64, inbox: &Inbox) -> Place {
    let summary = inbox.summary();
    let summary = summary.borrow();
    let headline = summary.latest.iter().find(|headline| headline.id == id);
    match headline.and_then(|headline| headline.esim_key.clone()) {
        Some(key) => Place::Esim { key },
        None => Place::Alerts,
    }
}

pub(crate) async fn act(intent: Intent, inbox: &Inbox, zone: &TimeZone) -> Result<(), InboxError> {
    let now = inbox.now();
    match intent {
        Intent::Acknowledge(ids) => inbox.act(AlertStep::Acknowledge { ids, note: None }).await,
        Intent::Snooze(ids) => {
            let until = now + HOUR_SECONDS;
            inbox.act(AlertStep::Snooze { ids, until }).await
        }
        Intent::Mute(mute) => {
            let until = muted_until(mute, now, zone);
            inbox.set_settings(inbox.settings().muted(until, now)).await
        }
        Intent::Show | Intent::Open(_) | Intent::OpenAlert(_) | Intent::Quit => Ok(()),
    }
}

/// UTC seconds.
fn muted_until(mute: Mute, now: i64, zone: &TimeZone) -> Option<i64> {
    match mute {
        Mute::Off => None,
        Mute::Hour => Some(now + HOUR_SECONDS),
        Mute::UntilTomorrow => {
            let tomorrow = Timestamp::from_second(now)
                .ok()?
                .to_zoned_datetime(zone.clone())
                .date()
                .checked_add(1.day())
                .ok()?;
            let morning = tomorrow
                .at(MORNING_HOUR, 0, 0, 0)
                .to_zoned_datetime(zone.clone());
            Some(morning.ok()?.timestamp().as_second())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn until(mute: Mute, now: &str) -> Option<String> {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let now = now.parse::<Timestamp>().unwrap().as_second();
        let until = muted_until(mute, now, &zone)?;
        Some(Timestamp::from_second(until).unwrap().to_string())
    }

    #[test]
    fn an_hour_is_an_hour() {
        let until = until(Mute::Hour, "2025-06-02T21:30:00Z");
        assert_eq!(until.as_deref(), Some("2025-06-02T22:30:00Z"));
    }

    #[test]
    fn tomorrow_begins_in_the_morning_of_the_desks_next_day() {
        // 23:30 in Berlin, and 00:30 an hour later.
        let late = until(Mute::UntilTomorrow, "2025-06-02T21:30:00Z");
        assert_eq!(late.as_deref(), Some("2025-06-03T06:00:00Z"));
        let early = until(Mute::UntilTomorrow, "2025-06-02T22:30:00Z");
        assert_eq!(early.as_deref(), Some("2025-06-04T06:00:00Z"));
        // The clock was turned back in between.
        let autumn = until(Mute::UntilTomorrow, "2025-10-25T12:00:00Z");
        assert_eq!(autumn.as_deref(), Some("2025-10-26T07:00:00Z"));
    }

    #[test]
    fn unmuting_leaves_no_end() {
        assert_eq!(until(Mute::Off, "2025-06-02T21:30:00Z"), None);
    }
}
