//! `esim-watchd check`: whether the database is whole, while a server or desk runs or not.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Args;
use esim_watch_core::store::{Damage, OpenError, Readers};
use serde::Serialize;

use crate::out;
use crate::serve::DataDir;

/// Options of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    data_dir: DataDir,
    /// Print one line of JSON
    #[arg(long)]
    json: bool,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    ok: bool,
    events: i64,
    esims: i64,
    /// What SQLite finds wrong with the file.
    damage: Vec<String>,
    /// Rows and totals that disagree with a replay of all events.
    disagreements: Vec<String>,
}

impl CheckArgs {
    /// Checks; the exit code is 1 if anything is wrong.
    ///
    /// # Errors
    /// What keeps it from being checked, in words for the user.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let data_dir = self.data_dir.resolve()?;
        let report = match Readers::of(&data_dir).and_then(|readers| look(&readers)) {
            Err(error @ OpenError::Damaged { .. }) => Report {
                damage: vec![error.to_string()],
                ..Report::default()
            },
            other => other?,
        };
        let mut out = out::stdout();
        if self.json {
            writeln!(out, "{}", serde_json::to_string(&report)?)?;
        } else {
            tell(&report, &mut out)?;
        }
        out.flush()?;
        Ok(if report.ok {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

fn look(readers: &Readers) -> Result<Report, OpenError> {
    readers.read(|store| {
        let damage = store.damage()?;
        if !damage.is_empty() {
            // What a damaged file says about its rows helps nobody.
            return Ok(Report {
                damage: damage.iter().map(Damage::to_string).collect(),
                ..Report::default()
            });
        }
        let counts = store.counts()?;
        let disagreements = store.check()?;
        Ok(Report {
            ok: disagreements.is_empty(),
            events: counts.events,
            esims: counts.esims,
            damage: Vec::new(),
            disagreements,
        })
    })
}

fn tell(report: &Report, out: &mut impl Write) -> io::Result<()> {
    if report.ok {
        let (events, esims) = (report.events, report.esims);
        return writeln!(
            out,
            "All is well: the file is whole, and {esims} eSIMs and all totals agree with {events} events."
        );
    }
    if !report.damage.is_empty() {
        writeln!(out, "The database is damaged:")?;
        for line in &report.damage {
            writeln!(out, "  {line}")?;
        }
        return writeln!(
            out,
            "What to do: close eSIM Watch and restore the last good backup with `esim-watchd restore`."
        );
    }
    writeln!(out, "These disagree with the stored events:")?;
    for line in &report.disagreements {
        writeln!(out, "  {line}")?;
    }
    writeln!(
        out,
        "What to do: close eSIM Watch and run `esim-watchd replay`, which works them out again."
    )
}
