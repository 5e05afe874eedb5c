//! The wall clock, read in one place. Everything below the edges takes the time as an argument.

use std::time::{SystemTime, UNIX_EPOCH};

/// Now, in UTC milliseconds since the epoch; 0 if the system's clock stands before 1970.
#[must_use]
pub fn now_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| {
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        })
}
