//! The desktop program from outside: the real binary with its window on a virtual display, signed
//! deliveries over HTTP, a real notification server.
//!
//! Each test has a desktop and a data directory of its own. A failed test tells what the window
//! said, what all programs logged, and where the picture of its screen is.
#![cfg(target_os = "linux")]

mod about;
mod accessibility;
mod alerts;
mod arrival;
mod caller;
mod catch_up;
mod connection;
mod deliveries;
mod digest;
mod esim_list;
mod export;
mod hostile;
mod language;
mod list;
mod moments;
mod notices;
mod out_of_sight;
mod sleep;
mod start;
mod travellers;
mod tray;
mod updates;
mod wayland;

use anyhow::{Context, Result};
use esim_watch_testkit::{Desk, Play, Spot};

/// How most tests start: a free port, a secret, an empty data directory.
fn usual() -> Play {
    let pictures = concat!(env!("CARGO_TARGET_TMPDIR"), "/desk");
    Play::of(env!("CARGO_BIN_EXE_esim-watch"), pictures)
}

/// The tile that counts the eSIMs with this status.
fn count(status: &str) -> Spot {
    Spot::new(&format!("count-{status}")).inside("count-value")
}

/// How many events the window says there are, once it says so many.
async fn await_events(desk: &Desk, events: usize) -> Result<()> {
    let text = desk.await_text("total-events", &events.to_string()).await?;
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let shown: usize = digits.parse().with_context(|| text.clone())?;
    anyhow::ensure!(
        shown == events,
        "the window counts {shown} events, not {events}"
    );
    Ok(())
}
