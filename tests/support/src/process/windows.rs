//! Events of the console.

use std::ffi::OsStr;
use std::os::windows::process::CommandExt;
use std::process::{Child, Command};

use anyhow::{Result, ensure};
use windows_sys::Win32::System::Console::{CTRL_BREAK_EVENT, GenerateConsoleCtrlEvent};
use windows_sys::Win32::System::Threading::CREATE_NEW_PROCESS_GROUP;

/// A command; what it starts outlives tests that are killed.
pub(crate) fn bound(program: impl AsRef<OsStr>) -> Command {
    Command::new(program)
}

/// Lets a program be asked to end, and killed with what it starts.
pub fn in_its_own_group(command: &mut Command) {
    command.creation_flags(CREATE_NEW_PROCESS_GROUP);
}

/// Asks a program to end: Ctrl-Break, the one event that reaches a group of its own.
///
/// # Errors
/// If it is no more, or has another console.
pub fn ask_to_end(id: u32) -> Result<()> {
    #[expect(
        unsafe_code,
        reason = "the call has no conditions: it takes two numbers"
    )]
    let sent = unsafe { GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, id) };
    ensure!(sent != 0, "{}", std::io::Error::last_os_error());
    Ok(())
}

/// Kills a program. What it started goes on: no test starts such a one here.
pub(crate) fn kill_group(child: &mut Child) {
    // Fails only if it has ended already.
    child.kill().ok();
}
