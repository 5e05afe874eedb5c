//! What the settings show of the desktop around the window.

use esim_watch_core::display_in_english;
use esim_watch_core::message::{self, ToMessage};
use serde::Serialize;

use crate::message::Message;

/// Whether there is an icon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum TrayState {
    /// Not known yet.
    Starting,
    /// It is shown.
    Shown,
    /// This desktop has no place for icons.
    NoHost,
    /// It could not be made.
    Failed {
        /// Why.
        message: Message,
    },
}

/// Whether this system shows notifications, as far as it tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum NotificationState {
    /// The last one was taken, or nothing speaks against the next one.
    Ok,
    /// It does not.
    Missing {
        /// Why, for the user.
        reason: Message,
    },
}

/// Why a notification is not on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotificationReason {
    /// There is no message bus to send it over.
    NoBus,
    /// There is no server.
    NoServer,
    /// There is one, which does not come up.
    NotStarted,
    /// The server refuses; its words.
    Refused(String),
    /// The server can't be reached; the bus's words.
    Unreachable(String),
    /// The system does not show it; its words.
    Failed(String),
    /// The program ends.
    Ends,
}

impl ToMessage for NotificationReason {
    fn to_message(&self) -> message::Message {
        let because = |key: &str, text: &String| {
            message::Message::of(key).with("reason", message::Message::quoted(text))
        };
        message::Message::of(match self {
            NotificationReason::NoBus => "notifications.reason.noBus",
            NotificationReason::NoServer => "notifications.reason.noServer",
            NotificationReason::NotStarted => "notifications.reason.notStarted",
            NotificationReason::Refused(text) => {
                return because("notifications.reason.refused", text);
            }
            NotificationReason::Unreachable(text) => {
                return because("notifications.reason.unreachable", text);
            }
            NotificationReason::Failed(text) => {
                return because("notifications.reason.failed", text);
            }
            NotificationReason::Ends => "notifications.reason.ends",
        })
    }
}

display_in_english!(NotificationReason);

/// Why there is no icon in the tray.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrayReason {
    /// The system does not show one; its words.
    Failed(String),
    /// The program ends.
    Ends,
}

impl ToMessage for TrayReason {
    fn to_message(&self) -> message::Message {
        match self {
            TrayReason::Failed(text) => message::Message::of("tray.reason.failed")
                .with("reason", message::Message::quoted(text)),
            TrayReason::Ends => message::Message::of("tray.reason.ends"),
        }
    }
}

/// Everything that the settings show of the desktop.
#[derive(Debug, Clone, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct DesktopState {
    /// Whether there is an icon in the tray.
    pub tray: TrayState,
    /// Whether notifications are shown.
    pub notifications: NotificationState,
    /// Whether closing the window leaves the program running, as long as there is an icon.
    pub close_to_tray: bool,
    /// Whether the program starts with the system; `None` if the system does not tell.
    pub start_with_system: Option<bool>,
}
