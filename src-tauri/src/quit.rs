//! `--quit`: asks the running program to end, and waits until it has. Installers use it before they replace its files.
//!
//! The way to the running program is the one that every second start takes; whether it has ended is told by a lock that
//! it holds until then, however it ends.

use std::fs::File;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use esim_watch_core::paths;

/// How long the running program may take to end: it writes what it has in hand.
const END_WAIT: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// The argument by which another start passes the wish on.
pub const PASS_ON: &str = "--pass-on-quit";

/// The lock of the running program. `None`: there is no place for it, or another one runs.
pub fn hold() -> Option<File> {
    let file = lock_file()?;
    file.try_lock().is_ok().then_some(file)
}

/// Has the running program end. Success: none runs any more.
pub fn run() -> ExitCode {
    let Some(file) = lock_file() else {
        return ExitCode::SUCCESS;
    };
    if file.try_lock().is_ok() {
        return ExitCode::SUCCESS;
    }
    let asked = std::env::current_exe().and_then(|program| {
        let mut other = Command::new(program).arg(PASS_ON).spawn()?;
        other.wait()
    });
    if let Err(error) = asked {
        tracing::error!(%error, "the running program could not be asked to end");
        return ExitCode::FAILURE;
    }
    let asked_at = Instant::now();
    while asked_at.elapsed() < END_WAIT {
        if file.try_lock().is_ok() {
            return ExitCode::SUCCESS;
        }
        std::thread::sleep(LOOK_AGAIN);
    }
    tracing::error!("the running program was asked to end and goes on");
    ExitCode::FAILURE
}

/// One for each user, as there is one program for each, wherever its data is.
fn lock_file() -> Option<File> {
    let folder = paths::default_data_dir()?;
    std::fs::create_dir_all(&folder).ok()?;
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    options.open(folder.join("desk.lock")).ok()
}
