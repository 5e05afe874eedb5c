//! What a person asks for outside of the window, in the tray's menu or on a notification, and how it is
//! granted.

use esim_watch_core::alert::AlertSettings;
use esim_watch_core::clock;
use esim_watch_core::inbox::{Inbox, InboxError};
use esim_watch_core::store::AlertStep;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use tauri::AppHandle;
use tokio::sync::mpsc;

use crate::feed::{Feed, Place};
use crate::window;

/// For how long a button snoozes alerts, and an entry of the menu mutes; seconds.
const HOUR: i64 = 3600;

/// When "tomorrow" begins, by the desk's clock.
const MORNING: i8 = 8;

/// Something that a person asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
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

/// Grants wishes in the order in which they come. Without an inbox, those that need none.
pub async fn grant(
    app: AppHandle,
    feed: Feed,
    inbox: Option<Inbox>,
    zone: TimeZone,
    mut wishes: mpsc::UnboundedReceiver<Wish>,
) {
    while let Some(wish) = wishes.recv().await {
        match (wish, &inbox) {
            (Wish::Quit, _) => app.exit(0),
            (Wish::Show, _) => window::show(&app),
            (Wish::Open(place), _) => {
                feed.open(place);
                window::show(&app);
            }
            (Wish::OpenAlert(id), Some(inbox)) => {
                feed.open(place_of(id, inbox));
                window::show(&app);
            }
            (wish, Some(inbox)) => {
                if let Err(error) = act(wish, inbox, &zone).await {
                    tracing::error!(%error, "an alert could not be changed");
                    // The window shows how things are, and can be asked again.
                    feed.open(Place::Alerts);
                    window::show(&app);
                }
            }
            (_, None) => window::show(&app),
        }
    }
}

/// The eSIM of one of the latest alerts, else the list.
fn place_of(id: i64, inbox: &Inbox) -> Place {
    let summary = inbox.summary();
    let summary = summary.borrow();
    let headline = summary.latest.iter().find(|headline| headline.id == id);
    match headline.and_then(|headline| headline.esim_key.clone()) {
        Some(key) => Place::Esim { key },
        None => Place::Alerts,
    }
}

async fn act(wish: Wish, inbox: &Inbox, zone: &TimeZone) -> Result<(), InboxError> {
    let now = clock::now_ms().div_euclid(1000);
    match wish {
        Wish::Acknowledge(ids) => inbox.act(AlertStep::Acknowledge { ids, note: None }).await,
        Wish::Snooze(ids) => {
            let until = now + HOUR;
            inbox.act(AlertStep::Snooze { ids, until }).await
        }
        Wish::Mute(mute) => {
            let settings = AlertSettings {
                muted_until: muted_until(mute, now, zone),
                ..inbox.settings()
            };
            inbox.set_settings(settings).await
        }
        Wish::Show | Wish::Open(_) | Wish::OpenAlert(_) | Wish::Quit => Ok(()),
    }
}

/// UTC seconds.
fn muted_until(mute: Mute, now: i64, zone: &TimeZone) -> Option<i64> {
    match mute {
        Mute::Off => None,
        Mute::Hour => Some(now + HOUR),
        Mute::UntilTomorrow => {
            let tomorrow = Timestamp::from_second(now)
                .ok()?
                .to_zoned_datetime(zone.clone())
                .date()
                .checked_add(1.day())
                .ok()?;
            let morning = tomorrow
                .at(MORNING, 0, 0, 0)
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
