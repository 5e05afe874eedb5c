//! What Windows has instead of signals: little. Who is to end in order is asked another way.

use std::ffi::OsStr;
use std::process::{Child, Command};

use anyhow::{Result, bail};

/// A command; what it starts outlives tests that are killed.
pub(crate) fn bound(program: impl AsRef<OsStr>) -> Command {
    Command::new(program)
}

/// Nothing to do: it is killed by itself.
pub fn in_its_own_group(_: &mut Command) {}

/// Asks a program to end.
///
/// # Errors
/// Always: there are no signals here.
pub fn ask_to_end(id: u32) -> Result<()> {
    bail!("nothing can be sent to process {id}")
}

/// Kills a program. What it started goes on: no test starts such a one here.
pub(crate) fn kill_group(child: &mut Child) {
    // Fails only if it has ended already.
    child.kill().ok();
}
