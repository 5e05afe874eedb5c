//! What is to be shown as a notification, and what becomes of it on the screen. Plain data.

use esim_watch_core::alert;
use esim_watch_desk::feed::Place;

/// What is to be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownNotice {
    /// The alerts that it tells, which its buttons act on; none: it has no buttons.
    pub alerts: Vec<i64>,
    /// One line.
    pub title: String,
    /// What it means.
    pub body: String,
    /// What a click on it opens; `None`: the window as it is.
    pub opens: Option<Place>,
}

impl From<&alert::Notice> for ShownNotice {
    fn from(notice: &alert::Notice) -> ShownNotice {
        ShownNotice {
            alerts: notice.alerts.clone(),
            title: notice.words.title.clone(),
            body: notice.words.body.clone(),
            opens: Some(Place::from(&notice.opens)),
        }
    }
}

/// The buttons of a notification: identifier and the key of its text.
pub(super) const BUTTONS: [(&str, &str); 2] = [
    (ACKNOWLEDGE, "notice.acknowledge"),
    (SNOOZE, "notice.snooze"),
];
pub(super) const ACKNOWLEDGE: &str = "acknowledge";
pub(super) const SNOOZE: &str = "snooze";

/// What became of a notification.
#[derive(Debug, PartialEq, Eq)]
#[cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, reason = "only a server that can be asked tells all of it")
)]
pub(super) enum ServerEvent {
    /// It was clicked; of its buttons the one with this identifier, if it is one.
    Acted(u32, String),
    /// It is gone.
    Closed(u32),
    /// It answered, in time or late.
    Answered,
    /// Another server is there, or none.
    ServerChanged,
}
