//! `esim-watchd restore`: lists the backups, or puts one in the database's place.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use esim_watch_core::clock::{DAY_MS, now_ms, utc_date, utc_time};
use esim_watch_core::store::{self, Backup, BackupError, Restored};

use crate::out;
use crate::serve::DataDir;

/// Options of `restore`.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    #[command(flatten)]
    data_dir: DataDir,
    /// Backup or other eSIM Watch database to restore [default: the newest good backup]
    #[arg(long, value_name = "FILE", conflicts_with = "list")]
    from: Option<PathBuf>,
    /// Only say which backups there are
    #[arg(long)]
    list: bool,
}

impl RestoreArgs {
    /// Lists or restores.
    ///
    /// # Errors
    /// What keeps it from being done, in words for the user; then nothing was changed.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let data_dir = self.data_dir.resolve()?;
        let mut out = out::stdout();
        if self.list {
            list(&data_dir, &mut out)?;
            return Ok(ExitCode::SUCCESS);
        }
        let (from, done) = match self.from {
            Some(from) if from.is_dir() => bail!(
                "{} is a folder. Name one of the backups in it; `esim-watchd restore --list` shows them.",
                from.display()
            ),
            Some(from) => {
                let done = store::restore(&data_dir, &from, now_ms())?;
                (from, done)
            }
            None => newest_good(&data_dir, &mut out)?,
        };
        tell(&data_dir, &from, &done, &mut out)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn list(data_dir: &Path, out: &mut impl Write) -> anyhow::Result<()> {
    let backups = store::backups(data_dir)?;
    if backups.is_empty() {
        writeln!(out, "There is no backup in {} yet.", data_dir.display())?;
    }
    for backup in backups {
        let made = utc_time(backup.at_ms);
        let size = size(backup.bytes);
        let holds = match store::inspect(&backup.path) {
            Ok(holds) => format!("{:>9} events  {:>7} eSIMs", holds.events, holds.esims),
            Err(error) => format!("not usable: {error}"),
        };
        writeln!(
            out,
            "{made} UTC  {size:>9}  {holds}  {}",
            backup.path.display()
        )?;
    }
    Ok(())
}

/// The backups, newest first; those of days that are yet to come are last, because a clock that was ahead made them.
fn in_turn(mut backups: Vec<Backup>, now_ms: i64) -> Vec<Backup> {
    let tomorrow = utc_date(now_ms.saturating_add(DAY_MS));
    backups.sort_by_key(|backup| backup.date > tomorrow);
    backups
}

/// Restores the newest backup that is good, and says which are not.
fn newest_good(data_dir: &Path, out: &mut impl Write) -> anyhow::Result<(PathBuf, Restored)> {
    for Backup { path, .. } in in_turn(store::backups(data_dir)?, now_ms()) {
        match store::restore(data_dir, &path, now_ms()) {
            Ok(done) => return Ok((path, done)),
            Err(error @ (BackupError::Damaged { .. } | BackupError::NotOurs { .. })) => {
                writeln!(out, "Passed over: {error}")?;
            }
            Err(other) => return Err(other.into()),
        }
    }
    bail!(
        "There is no usable backup in {}. Name one with --from FILE.",
        data_dir.display()
    )
}

fn tell(data_dir: &Path, from: &Path, done: &Restored, out: &mut impl Write) -> anyhow::Result<()> {
    let (events, esims) = (done.contents.events, done.contents.esims);
    writeln!(
        out,
        "Restored {}: {events} events, {esims} eSIMs.",
        from.display()
    )?;
    if done.secrets_from_before {
        writeln!(
            out,
            "Where the signing secrets are kept was taken from the database that was there before."
        )?;
    }
    if let Some(aside) = &done.aside {
        writeln!(
            out,
            "The database that was there before is now {}.\nTo undo this: esim-watchd restore --data-dir \"{}\" --from \"{}\"",
            aside.display(),
            data_dir.display(),
            aside.display()
        )?;
    }
    out.flush().context("stdout can't be written")
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_by_a_clock_that_was_ahead_is_not_the_newest() {
        let backup = |date: &str| Backup {
            path: PathBuf::from(date),
            date: date.to_owned(),
            at_ms: 0,
            bytes: 1,
        };
        let listed = ["2031-11-28", "2026-11-30", "2026-11-29"].map(backup);
        // 2026-11-29 10:00 UTC.
        let turns = in_turn(listed.to_vec(), 1_795_946_400_000);
        let dates: Vec<&str> = turns.iter().map(|backup| backup.date.as_str()).collect();
        assert_eq!(dates, ["2026-11-30", "2026-11-29", "2031-11-28"]);
    }
}
