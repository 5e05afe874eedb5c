//! Signals.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// A command that ends with the thread that starts it, also when the tests are killed and nothing is
/// dropped any more (Ctrl-C, a time limit).
#[cfg(target_os = "linux")]
pub(crate) fn bound(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).arg(program);
    command
}

/// A command; what it starts outlives tests that are killed.
#[cfg(not(target_os = "linux"))]
pub(crate) fn bound(program: impl AsRef<OsStr>) -> Command {
    Command::new(program)
}

/// Lets a program be asked to end, and killed with what it starts.
pub fn in_its_own_group(command: &mut Command) {
    command.process_group(0);
}

/// Asks a program to end: SIGTERM.
///
/// # Errors
/// If it is no more.
pub fn ask_to_end(id: u32) -> Result<()> {
    Ok(kill_process(pid(id)?, Signal::TERM)?)
}

/// Closes the terminal of a program: SIGHUP.
///
/// # Errors
/// If it is no more.
pub fn hang_up(id: u32) -> Result<()> {
    Ok(kill_process(pid(id)?, Signal::HUP)?)
}

/// Stops a program, or lets it go on.
pub(crate) fn suspend(id: u32, stopped: bool) -> Result<()> {
    let signal = if stopped { Signal::STOP } else { Signal::CONT };
    Ok(kill_process(pid(id)?, signal)?)
}

/// Kills a program and all that it started.
pub(crate) fn kill_group(child: &mut Child) {
    if let Ok(group) = pid(child.id()) {
        // Fails only if all of it has ended already.
        kill_process_group(group, Signal::KILL).ok();
    }
}

fn pid(id: u32) -> Result<Pid> {
    Pid::from_raw(i32::try_from(id)?).context("a process without an id")
}
