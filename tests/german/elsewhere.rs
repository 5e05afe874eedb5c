//! Runs a test again in a process of its own, where the system is another: with less rights, a small disk, no bus.

use std::process::Command;

/// Set where a test runs again.
const INSIDE: &str = "ESIM_WATCH_TEST_INSIDE";

/// Whether this is the other process. If not, the test ran there, or the system does not allow it and is told so.
/// `start`: the command that the test program is started through.
#[track_caller]
pub(crate) fn elsewhere(test: &str, start: &[&str], environment: &[(&str, &str)]) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    let command = |program: &str, arguments: &[&str]| {
        let (first, rest) = start.split_first().unwrap();
        let mut command = Command::new(first);
        command.args(rest).arg(program).args(arguments);
        command.envs(environment.iter().copied()).env(INSIDE, "yes");
        command.status()
    };
    if !command("true", &[]).is_ok_and(|status| status.success()) {
        eprintln!("skipped: this system does not allow {start:?}");
        return false;
    }
    let program = std::env::current_exe().unwrap();
    let status = command(program.to_str().unwrap(), &["--exact", test, "--nocapture"]);
    assert!(
        status.unwrap().success(),
        "{test} failed in a process of its own"
    );
    false
}
