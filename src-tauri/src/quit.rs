//! How the program ends other than by its window: the system asks it to, or another start does.
//!
//! `--quit` asks the running program to end, and waits until it has. Installers use it before they replace its files.
//!
//! The way to the running program is the one that every second start takes; whether it has ended is told by a lock that
//! it holds until then, however it ends.

use std::fs::File;
use std::io;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use esim_watch_core::{paths, private};
#[cfg(unix)]
use tauri::AppHandle;

/// How long the running program may take to end: it writes what it has in hand.
const END_WAIT: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// The argument by which another start passes the wish on.
pub const PASS_ON: &str = "--pass-on-quit";

/// Ends the program in order when somebody logs out, the computer shuts down (SIGTERM, SIGHUP) or Ctrl-C is pressed.
#[cfg(unix)]
pub fn with_the_system(app: AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};

    tauri::async_runtime::spawn(async move {
        let kinds = [
            SignalKind::terminate(),
            SignalKind::hangup(),
            SignalKind::interrupt(),
        ];
        let signals = kinds.map(signal);
        let [Ok(mut terminate), Ok(mut hang_up), Ok(mut interrupt)] = signals else {
            tracing::warn!(
                "the system's end can't be awaited: what is noted every few minutes is not noted then"
            );
            return;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
            _ = interrupt.recv() => {}
        }
        app.exit(0);
    });
}

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
    lock_file_in(&paths::default_data_dir()?).ok()
}

/// The folder may be the one with the data: it is made as its owner's alone.
fn lock_file_in(folder: &Path) -> io::Result<File> {
    private::create_folder(folder)?;
    private::open_file(&folder.join("desk.lock"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn the_folder_that_it_makes_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;

        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("data");
        lock_file_in(&folder).unwrap();
        let mode = std::fs::metadata(&folder).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }

    #[test]
    fn one_that_is_held_is_seen_to_be() {
        let dir = tempfile::tempdir().unwrap();
        let held = lock_file_in(dir.path()).unwrap();
        held.try_lock().unwrap();
        let other = lock_file_in(dir.path()).unwrap();
        assert!(other.try_lock().is_err());
        drop(held);
        other.try_lock().unwrap();
    }
}
