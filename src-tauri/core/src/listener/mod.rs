//! The endpoint that faces the internet.

pub mod signature;
