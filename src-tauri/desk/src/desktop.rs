//! What the settings show of the desktop around the window.

use serde::Serialize;

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
        message: String,
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
        reason: String,
    },
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
