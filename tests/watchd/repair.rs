//! `check` and `replay`, with the real program.

use std::path::Path;

use anyhow::Result;
use esim_watch_testkit::{Esim, now};
use serde_json::Value;

use crate::{run, serve_signed, signed, text};

/// Runs a command on a folder and returns its exit code and all that it says.
fn command(name: &str, data_dir: &Path, args: &[&str]) -> Result<(Option<i32>, String)> {
    let folder = data_dir.to_string_lossy();
    let output = run(&[&[name, "--data-dir", &folder], args].concat())?;
    let said = [output.stdout, output.stderr].concat();
    Ok((output.status.code(), String::from_utf8(said)?))
}

fn database(data_dir: &Path) -> Result<rusqlite::Connection> {
    Ok(rusqlite::Connection::open(data_dir.join("esim-watch.db"))?)
}

#[tokio::test]
async fn a_sound_store_is_found_sound_while_a_server_runs() -> Result<()> {
    let (dir, _server, sender) = signed().await?;
    sender
        .deliver(&Esim::numbered(1).status("ACTIVATED"))
        .await?;
    let (code, said) = command("check", dir.path(), &[])?;
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(
        said,
        "All is well: the file is whole, and 1 eSIMs and all totals agree with 1 events.\n"
    );
    let (code, said) = command("check", dir.path(), &["--json"])?;
    assert_eq!(code, Some(0));
    let report: Value = serde_json::from_str(&said)?;
    assert_eq!(report.get("ok"), Some(&Value::Bool(true)));
    Ok(())
}

#[tokio::test]
async fn rows_and_totals_that_disagree_are_named_and_replay_puts_them_right() -> Result<()> {
    let (dir, server, sender) = signed().await?;
    sender
        .deliver(&Esim::numbered(1).status("ACTIVATED"))
        .await?;
    server.sigterm().await?;
    database(dir.path())?.execute_batch(
        "UPDATE esims SET status = 'NEW'; UPDATE counters SET value = 7 WHERE name = 'events';",
    )?;
    let (code, said) = command("check", dir.path(), &[])?;
    assert_eq!(code, Some(1));
    assert!(said.contains(&Esim::numbered(1).esim_id), "{said}");
    assert!(said.contains("the number of events"), "{said}");
    assert!(said.contains("esim-watchd replay"), "{said}");
    let (code, said) = command("replay", dir.path(), &[])?;
    assert_eq!(code, Some(0));
    assert!(said.contains("1 eSIMs disagreed"), "{said}");
    assert_eq!(command("check", dir.path(), &[])?.0, Some(0));
    Ok(())
}

#[tokio::test]
async fn a_damaged_file_is_told_with_what_to_do() -> Result<()> {
    let (dir, server, sender) = signed().await?;
    for number in 0..50 {
        sender
            .deliver(&Esim::numbered(number).status("NEW"))
            .await?;
    }
    server.sigterm().await?;
    let path = dir.path().join("esim-watch.db");
    let mut bytes = std::fs::read(&path)?;
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8192].fill(0xab);
    std::fs::write(&path, bytes)?;
    let (code, said) = command("check", dir.path(), &[])?;
    assert_eq!(code, Some(1));
    assert!(said.starts_with("The database is damaged:"), "{said}");
    assert!(said.contains("esim-watchd restore"), "{said}");
    let (code, said) = command("check", dir.path(), &["--json"])?;
    assert_eq!(code, Some(1));
    let report: Value = serde_json::from_str(&said)?;
    assert_eq!(report.get("ok"), Some(&Value::Bool(false)));
    Ok(())
}

#[tokio::test]
async fn what_an_older_version_did_not_understand_is_understood_after_replay() -> Result<()> {
    let (dir, server, sender) = signed().await?;
    sender
        .deliver(&Esim::numbered(1).status("NEW").at(now() - 10))
        .await?;
    sender
        .deliver(&Esim::numbered(1).status("ACTIVATED"))
        .await?;
    let (code, said) = command("replay", dir.path(), &[])?;
    assert_eq!(code, Some(1));
    assert!(said.contains("Close it first"), "{said}");
    server.sigterm().await?;
    database(dir.path())?.execute_batch(
        "UPDATE events SET status = NULL, problem = 'The status is new to this version.' WHERE status = 'ACTIVATED'",
    )?;
    let (code, said) = command("replay", dir.path(), &[])?;
    assert_eq!(code, Some(0));
    assert!(said.contains("1 events are recognised now"), "{said}");
    let (code, said) = command("replay", dir.path(), &[])?;
    assert_eq!(
        (code, said.as_str()),
        (Some(0), "2 raw bodies read again.\nNothing changed.\n")
    );
    assert_eq!(command("check", dir.path(), &[])?.0, Some(0));
    let server = serve_signed(dir.path()).await?;
    let esims = server.exported("esims")?;
    assert_eq!(text(&esims[0], "status"), Some("ACTIVATED"));
    Ok(())
}
