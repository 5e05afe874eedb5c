//! All that a window may see and ask, and nothing that needs a window: what lists, pages and settings show, the list
//! of eSIMs in memory, the feed of what is new, exports.
//!
//! In: rows and states, from core's [`Reader`](esim_watch_core::store::Reader) and engine; questions, from whoever
//! draws. Out: views, which cross to the window as JSON; each is described for TypeScript here and nowhere else. A
//! [`Desk`] answers for all of them. Must not know: Tauri, SQL, how anything is drawn.
//!
//! A view of a type of core's is made by a `match` or a pattern that names every part: what core adds does not
//! compile here until somebody has decided whether a window sees it.

#[macro_use]
mod mirror;

pub mod about;
pub mod account;
pub mod alert_settings;
pub mod alerts;
pub mod catch_up;
pub mod connection;
pub mod counts;
pub mod deliveries;
pub mod delivery_proof;
mod desk;
pub mod desktop;
mod error;
pub mod esim;
pub mod esim_list;
pub mod export;
pub mod facts;
pub mod feed;
pub mod health;
pub mod imports;
pub mod inbox;
pub mod intent;
pub mod message;
pub mod notice;
pub mod pictures;
pub mod preferences;
mod questions;
pub mod receipts;
pub mod retention;
pub mod seen;
pub mod support;
pub mod timeline;
pub mod travellers;
pub mod tray;
pub mod upgrade;
pub mod usage;
mod zone;

pub use desk::{Desk, DeskOptions};
pub use error::{Answer, CommandError, DeskError};
