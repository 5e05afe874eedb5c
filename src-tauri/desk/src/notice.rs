//! What is to be shown as a notification, and what becomes of it on the screen. Plain data.

use esim_watch_core::alert;

use crate::feed::Place;
use crate::intent::Intent;

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
pub const BUTTONS: [(&str, &str); 2] = [
    (ACKNOWLEDGE, "notice.acknowledge"),
    (SNOOZE, "notice.snooze"),
];
const ACKNOWLEDGE: &str = "acknowledge";
const SNOOZE: &str = "snooze";

/// What became of a notification.
#[derive(Debug, PartialEq, Eq)]
pub enum NoticeEvent {
    /// It was clicked; of its buttons the one with this identifier, if it is one.
    Acted(u32, String),
    /// It is gone.
    Closed(u32),
    /// It answered, in time or late.
    Answered,
    /// Another server is there, or none.
    ServerChanged,
}

/// What a person asks for who clicked a notice; `action`: the identifier of a button, if it was one.
#[must_use]
pub fn intent_of(notice: &ShownNotice, action: &str) -> Intent {
    match action {
        ACKNOWLEDGE => Intent::Acknowledge(notice.alerts.clone()),
        SNOOZE => Intent::Snooze(notice.alerts.clone()),
        _ => notice.opens.clone().map_or(Intent::Show, Intent::Open),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_acts_on_the_alerts_and_a_click_opens_what_they_are_about() {
        let notice = ShownNotice {
            alerts: vec![3, 4],
            title: String::new(),
            body: String::new(),
            opens: Some(Place::Alerts),
        };
        assert_eq!(
            intent_of(&notice, "acknowledge"),
            Intent::Acknowledge(vec![3, 4])
        );
        assert_eq!(intent_of(&notice, "snooze"), Intent::Snooze(vec![3, 4]));
        assert_eq!(intent_of(&notice, "default"), Intent::Open(Place::Alerts));
        assert_eq!(intent_of(&notice, "tap"), Intent::Open(Place::Alerts));
    }
}
