//! Everything of eSIM Watch that needs no window.
//!
//! One way through: a source (the [`listener`]) has a [`provider`] say that raw bytes are authentic and
//! hands them to [`ingest`], which has them read as an [`event`]; the [`store`] appends it, folds the [`esim`] it names and syncs, all in one
//! transaction; what was committed goes on to the feed, where [`alert`] rules and the window read
//! it. [`engine`] puts the parts together. Nothing here knows tauri or a window.

pub mod alert;
pub mod answer;
pub mod booking;
pub mod catalogue;
pub mod catch_up;
pub mod clock;
pub mod control;
pub mod engine;
pub mod esim;
pub mod event;
pub mod forecast;
pub mod health;
pub mod held;
pub mod http;
pub mod inbox;
pub mod ingest;
pub mod io_reason;
pub mod letters;
pub mod listener;
mod mac;
pub mod maintenance;
pub mod message;
pub mod paths;
pub mod place;
pub mod presence;
pub mod private;
pub mod provider;
pub mod search;
pub mod secret;
pub mod store;
pub mod traveller;
pub mod upgrade;
