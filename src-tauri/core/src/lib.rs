//! Everything of eSIM Watch that needs no window.
//!
//! One way through: a source (the [`listener`]) hands raw bytes to [`ingest`], which parses them into
//! an [`event`]; the [`store`] appends it, folds the [`esim`] it names and syncs, all in one
//! transaction; what was committed goes on to the feed, where [`alert`] rules and the window read
//! it. [`engine`] puts the parts together. Nothing here knows tauri or a window.

pub mod alert;
pub mod booking;
pub mod clock;
pub mod engine;
pub mod esim;
pub mod event;
pub mod health;
pub mod inbox;
pub mod ingest;
pub mod listener;
pub mod maintenance;
pub mod pace;
pub mod paths;
pub mod plain;
pub mod search;
pub mod secret;
pub mod store;
pub mod traveller;
pub mod words;
