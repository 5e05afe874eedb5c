//! `esim-watchd export`: the store's content for other programs, while a server or desk runs or not.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, ValueEnum};
use esim_watch_core::store::Readers;
use esim_watch_core::{held, private};
use esim_watch_desk::export::records::{self, RecordsError};

use crate::serve::DataDir;

/// Options of `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// What to export
    what: What,
    /// How to write it
    #[arg(long)]
    format: Format,
    #[command(flatten)]
    data_dir: DataDir,
    /// File to write, replaced only once it is complete [default: stdout]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// One record per eSIM
    Esims,
    /// One record per event, its raw payload included
    Events,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// An array of objects
    Json,
    /// RFC 4180, with a header line; texts that a spreadsheet would take for formulas have an apostrophe in front
    Csv,
}

impl ExportArgs {
    /// Writes the export.
    ///
    /// # Errors
    /// What keeps it from being read or written, in words for the user.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let what = match self.what {
            What::Esims => records::Records::Esims,
            What::Events => records::Records::Events,
        };
        let format = match self.format {
            Format::Json => records::RecordFormat::Json,
            Format::Csv => records::RecordFormat::Csv,
        };
        let readers = Readers::of(&self.data_dir.resolve()?)?;
        let Some(path) = self.output else {
            let mut out = BufWriter::new(io::stdout().lock());
            let written =
                records::write(&readers, what, format, &mut out).and_then(|()| Ok(out.flush()?));
            return match written {
                // Whoever read (`head`, say) has seen enough.
                Err(RecordsError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
                    Ok(ExitCode::SUCCESS)
                }
                other => Ok(other.map(|()| ExitCode::SUCCESS)?),
            };
        };
        let mut part = path.clone().into_os_string();
        part.push(".part");
        let part = PathBuf::from(part);
        let unwritable = || format!("{} can't be written. Choose another file", path.display());
        let mut out = BufWriter::new(private::create_file(&part).with_context(unwritable)?);
        let written = records::write(&readers, what, format, &mut out)
            .map_err(anyhow::Error::from)
            .and_then(|()| Ok(out.into_inner()?.sync_all()?))
            .and_then(|()| Ok(held::rename(&part, &path)?));
        if written.is_err() {
            // What is left of a failed export is of no use; that it failed is what counts.
            let _ = fs::remove_file(&part);
        }
        written.with_context(unwritable)?;
        Ok(ExitCode::SUCCESS)
    }
}
