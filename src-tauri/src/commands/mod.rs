//! What the window can ask: each a call into the desk. Every error is written for the user and can be shown as it is.

pub mod about;
pub mod desktop;
pub mod export;
pub mod questions;
