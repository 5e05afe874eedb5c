//! What the window asks, each answered by the desk: a question reads or changes, and a view is made of what it found.
//!
//! Views know nothing of the desk, so that each can be made and tested of rows alone.

mod account;
mod alert_settings;
mod alerts;
mod catch_up;
mod connection;
mod counts;
mod deliveries;
mod esim;
mod esim_list;
mod export;
mod feed;
mod imports;
mod intent;
mod preferences;
mod retention;
mod seen;
#[cfg(test)]
mod tests;
mod timeline;
mod travellers;
mod tray;
mod upgrade;
mod usage;
