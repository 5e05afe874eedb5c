//! A database that an older version wrote: what the commands that only read say about it, and that what
//! they tell the user to do helps.

use std::path::Path;

use anyhow::Result;

use crate::{run, serve_signed};

/// What the program of the first version stored of three deliveries.
const FIRST_VERSION: &str = include_str!("first-version.sql");

const READING: [&[&str]; 4] = [
    &["check"],
    &["check", "--json"],
    &["export", "esims", "--format", "json"],
    &["export", "events", "--format", "csv"],
];

fn reads(command: &[&str], data_dir: &Path) -> Result<std::process::Output> {
    let folder = data_dir.to_string_lossy();
    run(&[command, &["--data-dir", &folder]].concat())
}

#[tokio::test]
async fn check_and_export_say_what_to_do_about_an_older_database_and_doing_it_helps() -> Result<()>
{
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("esim-watch.db");
    rusqlite::Connection::open(&path)?.execute_batch(FIRST_VERSION)?;
    let before = std::fs::read(&path)?;
    for command in READING {
        let output = reads(command, dir.path())?;
        let said = String::from_utf8(output.stderr)?;
        assert_eq!(output.status.code(), Some(1), "{command:?}: {said}");
        assert!(
            said.contains("was written by an older version of eSIM Watch (format 1, "),
            "{command:?}: {said}"
        );
        assert!(
            said.contains(
                "Start eSIM Watch once with this data folder: it brings the database up to date."
            ),
            "{command:?}: {said}"
        );
        assert!(output.stdout.is_empty(), "{command:?} printed something");
    }
    assert!(
        std::fs::read(&path)? == before,
        "looking changed the database"
    );

    serve_signed(dir.path()).await?.sigterm().await?;

    for command in READING {
        let output = reads(command, dir.path())?;
        assert!(output.status.success(), "{command:?}: {output:?}");
    }
    let events = String::from_utf8(reads(READING[3], dir.path())?.stdout)?;
    for kept in ["EXPIRED", "ACTIVATED", "voucher"] {
        assert!(events.contains(kept), "{events}");
    }
    Ok(())
}

#[tokio::test]
async fn an_export_to_a_file_leaves_no_file_behind_when_the_database_is_older() -> Result<()> {
    let dir = tempfile::tempdir()?;
    rusqlite::Connection::open(dir.path().join("esim-watch.db"))?.execute_batch(FIRST_VERSION)?;
    let file = dir.path().join("out.csv");
    let file = file.to_string_lossy();
    let output = reads(
        &["export", "esims", "--format", "csv", "--output", &file],
        dir.path(),
    )?;
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(std::fs::read_dir(dir.path())?.count(), 1, "half an export");
    Ok(())
}
