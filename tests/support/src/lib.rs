//! What the integration and end-to-end tests share.
//!
//! In: paths of built programs. Out: those programs running for real (the desk on a virtual desktop
//! of its own, the daemon), signed deliveries to them, and ways to see what came of it.
//!
//! Nothing here sleeps to synchronise: [`eventually`] awaits what is to happen and tells what it saw
//! last. Every child process ends with the value that stands for it, and its log is shown on failure.
//! Knows the programs from outside only: HTTP, files, exit codes, the DOM, the session bus. The one
//! thing it takes from the core is the signature that a sender makes.

mod api;
mod child;
mod day;
mod files;
mod internet;
mod poll;
mod process;
mod sender;
mod watchd;

#[cfg(target_os = "linux")]
mod bus_record;
#[cfg(target_os = "linux")]
mod compositor;
#[cfg(target_os = "linux")]
mod desk;
#[cfg(target_os = "linux")]
mod desktop;
#[cfg(target_os = "linux")]
mod dom;
#[cfg(target_os = "linux")]
mod dunst;
#[cfg(target_os = "linux")]
mod hands;
#[cfg(target_os = "linux")]
mod history;
#[cfg(target_os = "linux")]
mod keyring;
#[cfg(target_os = "linux")]
mod notifications;
#[cfg(target_os = "linux")]
mod panel;
#[cfg(target_os = "linux")]
mod refusing;
#[cfg(target_os = "linux")]
mod stage;
#[cfg(target_os = "linux")]
mod tray;
#[cfg(target_os = "linux")]
mod tunnel;
#[cfg(target_os = "linux")]
mod windows;

pub use api::{API_TOKEN, ApiEsim, ApiWorld, FakeApi};
pub use day::plausible_day;
pub use esim_watch_payloads::{Esim, Payload, Sample, now, samples};
pub use files::files_that_hold;
pub use internet::Internet;
pub use poll::eventually;
#[cfg(unix)]
pub use process::hang_up;
pub use process::{ask_to_end, in_its_own_group};
pub use sender::{Answer, SUCCESS, Sender};
pub use watchd::Watchd;

#[cfg(target_os = "linux")]
pub use bus_record::Notification;
#[cfg(target_os = "linux")]
pub use compositor::{Compositor, Seat};
#[cfg(target_os = "linux")]
pub use desk::{Desk, Launch, free_port};
#[cfg(target_os = "linux")]
pub use desktop::{Setup, VirtualDesktop};
#[cfg(target_os = "linux")]
pub use dom::Spot;
#[cfg(target_os = "linux")]
pub use fantoccini::key::Key;
#[cfg(target_os = "linux")]
pub use hands::Screen;
#[cfg(target_os = "linux")]
pub use history::Remembered;
#[cfg(target_os = "linux")]
pub use keyring::{Kept, Keyring};
#[cfg(target_os = "linux")]
pub use notifications::NotificationServer;
#[cfg(target_os = "linux")]
pub use panel::Frame;
#[cfg(target_os = "linux")]
pub use refusing::Refusing;
#[cfg(target_os = "linux")]
pub use stage::{Play, Stage, play};
#[cfg(target_os = "linux")]
pub use tray::{Icon, Tray};
#[cfg(target_os = "linux")]
pub use tunnel::{Authority, Tunnel};
#[cfg(target_os = "linux")]
pub use windows::{Sight, Windows};

use std::time::Duration;

/// How long anything may take before a test gives up on it. Far above what it really takes: a test
/// machine is busy with other tests.
pub const PATIENCE: Duration = Duration::from_secs(30);
