//! Where the log goes: to stderr, and on Windows, whose desktop programs have none, into files.

use std::path::Path;

use tracing_subscriber::EnvFilter;

/// Begins the log. On Windows it is in `logs` of the data folder, one file a day, of which the last seven are kept.
pub fn begin(data_dir: Option<&Path>) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| {
        // What zbus warns of is told by whoever asked it, or no matter: a connection that is closed.
        EnvFilter::new("info,zbus=error")
    });
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // A log that can't be written, on a full disk for instance, would be told on stderr: a panic.
        .log_internal_errors(false);
    #[cfg(windows)]
    if let Some(files) = data_dir.and_then(files) {
        log.with_ansi(false).with_writer(files).init();
        log_panics();
        return;
    }
    #[cfg(not(windows))]
    let _ = data_dir;
    log.with_writer(std::io::stderr).init();
}

/// `None`: there is no place for them.
#[cfg(windows)]
fn files(data_dir: &Path) -> Option<tracing_appender::rolling::RollingFileAppender> {
    use tracing_appender::rolling::{RollingFileAppender, Rotation};

    const KEPT_LOG_FILES: usize = 7;
    RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("esim-watch")
        .filename_suffix("log")
        .max_log_files(KEPT_LOG_FILES)
        .build(data_dir.join("logs"))
        .ok()
}

/// What ends the program is in the log as well: there is no other place where anybody would see it.
#[cfg(windows)]
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
}
