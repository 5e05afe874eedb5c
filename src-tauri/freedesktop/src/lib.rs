//! What the program asks of a Linux desktop over its session bus: the notification server, and whether somebody shows
//! tray icons.
//!
//! In: [`ShownNotice`](esim_watch_desk::notice::ShownNotice)s. Out: what became of them, as
//! [`NoticeEvent`](esim_watch_desk::notice::NoticeEvent)s. Must not know: Tauri, and what is done about any of it. On
//! other systems there is nothing in here.
#![cfg(target_os = "linux")]

mod bus;
mod notifications;
pub mod tray_host;

pub use bus::Bus;
pub use notifications::ServerWay;
