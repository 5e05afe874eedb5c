//! The program's pictures that depend on its state, drawn when they are needed. Must not know who shows them.

pub mod badge;
pub mod tray;
