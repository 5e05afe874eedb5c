//! The tools that stand where Roamify stands: `send` and `simulate` post to a receiver over real HTTP and tell what it
//! answered, `stand_in` is Roamify with its API.
//!
//! Must not know: the store, or anything else behind the receiver's address; but for `past`, which leaves a data folder as if a
//! week had gone by. What they have in common: `deck` is chance,
//! `identity` and `package` are names, `wire` is how payloads are written.

mod deck;
mod identity;
mod package;
pub mod past;
pub mod send;
pub mod simulate;
pub mod stand_in;
mod wire;
