//! Everything of eSIM Watch that needs no window.

pub mod listener;
