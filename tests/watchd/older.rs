//! A database that an older version wrote: what the commands that only read say about it, and that what
//! they tell the user to do helps.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, ensure};

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

/// Usage reports of the first eSIM, a second apart, as the first version would have stored them.
const MANY_EVENTS: &str = "
    CREATE TEMP TABLE n AS
        WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 300) SELECT n FROM n;
    INSERT INTO events (key, category, type, occurred_at, received_at_ms, esim, esim_id, iccid, package_name,
            data_allowed_mb, data_remaining_mb, data_unlimited)
        SELECT key || n, category, type, occurred_at + n, received_at_ms + n, esim, esim_id, iccid, package_name,
            data_allowed_mb, data_remaining_mb, data_unlimited
        FROM events, n WHERE id = 2;
    INSERT INTO deliveries (received_at_ms, last_received_at_ms, verdict, event, body)
        SELECT received_at_ms + n, received_at_ms + n, verdict, 3 + n,
            CAST(replace(CAST(body AS TEXT), '1764316800', CAST(1764316800 + n AS TEXT)) AS BLOB)
        FROM deliveries, n WHERE id = 2;
    UPDATE esims SET event_count = event_count + 300 WHERE id = 1;
    UPDATE counters SET value = value + 300 WHERE name = 'events';
";

/// Moments from the start to the end of bringing it up to date at which it is killed.
const KILLS: u32 = 16;

/// The format of the database in a folder, and how many events it holds.
fn format_and_events(data_dir: &Path) -> Result<(i64, i64)> {
    let db = rusqlite::Connection::open(data_dir.join("esim-watch.db"))?;
    let ask = |sql: &str| db.query_row(sql, [], |row| row.get(0));
    Ok((
        ask("PRAGMA user_version")?,
        ask("SELECT count(*) FROM events")?,
    ))
}

#[tokio::test]
async fn a_kill_at_any_moment_of_bringing_it_up_to_date_loses_nothing() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let old = dir.path().join("old.db");
    let db = rusqlite::Connection::open(&old)?;
    db.execute_batch(FIRST_VERSION)?;
    db.execute_batch(MANY_EVENTS)?;
    drop(db);
    let copy = |name: &str| -> Result<PathBuf> {
        let data = dir.path().join(name);
        std::fs::create_dir(&data)?;
        std::fs::copy(&old, data.join("esim-watch.db"))?;
        Ok(data)
    };
    let (undisturbed, begun) = (copy("undisturbed")?, Instant::now());
    serve_signed(&undisturbed).await?.sigterm().await?;
    let whole = begun.elapsed();
    let (current, _) = format_and_events(&undisturbed)?;
    let mut formats = BTreeSet::new();
    for part in 0..KILLS {
        let data = copy(&format!("killed-{part}"))?;
        let moment = whole * part / KILLS;
        // Whoever waits no longer drops the server, which kills it.
        if let Ok(server) = tokio::time::timeout(moment, serve_signed(&data)).await {
            server?.kill9();
        }
        let (format, events) = format_and_events(&data)?;
        assert_eq!(events, 303, "after {moment:?}");
        formats.insert(format);
        // It goes on from there, and is all right.
        serve_signed(&data).await?.sigterm().await?;
        let check = reads(&["check"], &data)?;
        ensure!(check.status.success(), "after {moment:?}: {check:?}");
        assert_eq!(
            format_and_events(&data)?,
            (current, 303),
            "after {moment:?}"
        );
    }
    let either = BTreeSet::from([1, current]);
    ensure!(
        formats.contains(&1) && formats.is_subset(&either),
        "{formats:?}"
    );
    Ok(())
}
