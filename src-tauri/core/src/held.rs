//! Files that another program holds for a moment.
//!
//! On Windows, virus scanners, backup programs and the search look at what was just written, and until they are done the
//! file can't be moved, replaced or deleted: errors 5, 32 and 33 of its documentation. What is asked for here is tried
//! again for a while; who still holds the file then is named. Elsewhere nobody can hold a file so.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

/// How often something is tried: for two seconds in all, as SQLite does with its own files.
#[cfg(windows)]
const TRIES: u32 = 20;

const BETWEEN_TRIES: Duration = Duration::from_millis(100);

/// Moves a file, in place of whatever has the new name.
///
/// # Errors
/// The system's.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    patiently(&[from, to], || fs::rename(from, to))
}

/// Deletes a file.
///
/// # Errors
/// The system's.
pub fn remove_file(path: &Path) -> io::Result<()> {
    patiently(&[path], || fs::remove_file(path))
}

/// Does something with these files, again while another program holds one of them. Blocks meanwhile.
///
/// # Errors
/// The system's; where it is known who holds a file, with their names: [`HeldBy`].
pub fn patiently<T>(files: &[&Path], work: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    #[cfg(windows)]
    return windows::patiently(files, work, || std::thread::sleep(BETWEEN_TRIES));
    #[cfg(not(windows))]
    {
        let _ = (files, BETWEEN_TRIES);
        let mut work = work;
        work()
    }
}

/// What an error of [`patiently`] holds where it is known who holds the file: names of programs.
#[derive(Debug, thiserror::Error)]
#[error("in use by {0}")]
pub struct HeldBy(pub String);

#[cfg(windows)]
mod windows {
    use std::collections::BTreeSet;

    use super::{HeldBy, Path, TRIES, io};

    /// `ERROR_ACCESS_DENIED`, which is what a file that is being deleted answers, too.
    const ACCESS_DENIED: i32 = 5;
    /// `ERROR_SHARING_VIOLATION`, `ERROR_LOCK_VIOLATION`.
    const HELD: [i32; 2] = [32, 33];

    pub(super) fn patiently<T>(
        files: &[&Path],
        mut work: impl FnMut() -> io::Result<T>,
        mut wait: impl FnMut(),
    ) -> io::Result<T> {
        let mut tries = 1;
        loop {
            let error = match work() {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            let code = error.raw_os_error().unwrap_or_default();
            let may_pass = code == ACCESS_DENIED || HELD.contains(&code);
            if !may_pass || tries == TRIES {
                return Err(if may_pass { named(files, error) } else { error });
            }
            tries += 1;
            wait();
        }
    }

    fn named(files: &[&Path], error: io::Error) -> io::Error {
        let by = |file: &&Path| filelocksmith::find_processes_locking_path(file);
        let programs: BTreeSet<String> = files
            .iter()
            .flat_map(by)
            .filter(|process| u32::try_from(*process).ok() != Some(std::process::id()))
            .filter_map(filelocksmith::pid_to_process_path)
            .filter_map(|path| Some(Path::new(&path).file_name()?.to_string_lossy().into_owned()))
            .collect();
        if programs.is_empty() {
            return error;
        }
        let programs: Vec<String> = programs.into_iter().collect();
        io::Error::new(io::ErrorKind::ResourceBusy, HeldBy(programs.join(", ")))
    }

    #[cfg(test)]
    mod tests {
        use std::fs::{self, File};
        use std::os::windows::fs::OpenOptionsExt;

        use super::*;

        fn exclusively(path: &Path) -> File {
            let mut options = File::options();
            options.read(true).share_mode(0).open(path).unwrap()
        }

        #[test]
        fn a_file_that_is_held_for_a_moment_is_waited_for() {
            let dir = tempfile::tempdir().unwrap();
            let (from, to) = (dir.path().join("a"), dir.path().join("b"));
            fs::write(&from, "x").unwrap();
            let mut held = Some(exclusively(&from));
            let mut waits = 0;
            patiently(
                &[&from],
                || fs::rename(&from, &to),
                || {
                    waits += 1;
                    if waits == 3 {
                        held = None;
                    }
                },
            )
            .unwrap();
            assert_eq!((waits, fs::read(&to).unwrap()), (3, b"x".to_vec()));
        }

        #[test]
        fn what_is_held_for_longer_is_told_and_left_as_it_is() {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("a");
            fs::write(&path, "x").unwrap();
            let held = exclusively(&path);
            let mut waits = 0;
            let error = patiently(&[&path], || fs::remove_file(&path), || waits += 1).unwrap_err();
            assert_eq!(waits, TRIES - 1);
            assert!(HELD.contains(&error.raw_os_error().unwrap()), "{error}");
            drop(held);
            assert!(path.exists());
        }

        #[test]
        fn other_errors_are_told_at_once() {
            let missing = Path::new("no/such/file");
            let waited = || panic!("waited for what is not there");
            patiently(&[missing], || fs::remove_file(missing), waited).unwrap_err();
        }
    }
}
