//! A scripted month of 500 eSIMs through the real rules, the real store and a clock of its own.
//!
//! `script` writes what Roamify does and what of it arrives; `oracle` says, without the rules, what a
//! person at the desk should have been told of that; here the two are held against what was shown.
//! Prints a line per rule; run it with `cargo test --test month -- --nocapture`.

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod play;
#[cfg(test)]
mod script;
