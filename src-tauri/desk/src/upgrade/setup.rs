//! The setup for Windows, started beside the running program. It unpacks first and then ends the program itself, by `--quit`, as it
//! does whenever it is started; so if it fails before, the program has never stopped listening, and can say why.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use esim_watch_core::held;
use esim_watch_core::io_reason::IoReason;
use esim_watch_core::upgrade::SetupFailure;
use tokio::sync::oneshot;

/// Silently, and the program is started afterwards.
const ARGUMENTS: [&str; 2] = ["/S", "/RESTART"];

/// Runs it until it ends or has ended this program.
pub(super) async fn run(
    setup: &Path,
    variables: &[(&'static str, String)],
) -> Result<(), SetupFailure> {
    let mut command = Command::new(setup);
    command.args(ARGUMENTS);
    for (name, value) in variables {
        command.env(name, value);
    }
    for stream in [Command::stdin, Command::stdout, Command::stderr] {
        stream(&mut command, Stdio::null());
    }
    // Only Windows has a setup; what stands for one in tests has to be a program.
    #[cfg(all(test, unix))]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let runs = std::fs::Permissions::from_mode(0o700);
        drop(std::fs::set_permissions(setup, runs));
    }
    let file = setup.to_owned();
    let (ended, end) = oneshot::channel();
    // A thread of its own: a runtime waits for its threads when it ends, and the setup waits for this program to end.
    std::thread::spawn(move || {
        // A virus scanner looks at what has just been written.
        let started = held::patiently(&[&file], || command.spawn());
        let status = started.and_then(|mut setup| setup.wait());
        // Nobody waits once the program ends.
        let _ = ended.send(status);
    });
    let not_started = |error: &io::Error| SetupFailure::NotStarted(IoReason::from(error));
    match end.await {
        Ok(Ok(status)) => match SetupFailure::of(status.code().unwrap_or(-1)) {
            None => Ok(()),
            Some(failure) => Err(failure),
        },
        Ok(Err(error)) => Err(not_started(&error)),
        Err(_) => Err(not_started(&io::ErrorKind::BrokenPipe.into())),
    }
}
