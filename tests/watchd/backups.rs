//! Backups and their way back, with the real program.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use esim_watch_core::store::Readers;
use esim_watch_testkit::{Esim, Watchd};
use serde_json::Value;

use crate::{run, serve_signed, signed};

/// 2026-03-01 12:00 UTC.
const NOON: i64 = 1_772_366_400_000;
const DAY: i64 = 86_400_000;

/// Makes the backup that the server makes once a day, beside it.
fn back_up(data_dir: &Path, now_ms: i64) -> Result<PathBuf> {
    let made = Readers::of(data_dir)?.back_up(now_ms, &mut || true)?;
    Ok(made.path)
}

/// Runs `restore` and returns its exit code and all that it says.
fn restore(data_dir: &Path, args: &[&str]) -> Result<(Option<i32>, String)> {
    let folder = data_dir.to_string_lossy();
    let output = run(&[&["restore", "--data-dir", &folder], args].concat())?;
    let said = [output.stdout, output.stderr].concat();
    Ok((output.status.code(), String::from_utf8(said)?))
}

fn events(data_dir: &Path) -> Result<usize> {
    let events = Watchd::export_from(crate::BIN.as_ref(), data_dir, "events", "json")?;
    Ok(serde_json::from_str::<Vec<Value>>(&events)?.len())
}

#[tokio::test]
async fn the_backups_are_listed_with_what_they_hold() -> Result<()> {
    let (dir, server, sender) = signed().await?;
    let (code, said) = restore(dir.path(), &["--list"])?;
    assert_eq!(code, Some(0));
    assert!(said.starts_with("There is no backup in "), "{said}");
    back_up(dir.path(), NOON)?;
    for number in 1..=3 {
        sender
            .deliver(&Esim::numbered(number).status("NEW"))
            .await?;
    }
    back_up(dir.path(), NOON + DAY)?;
    std::fs::write(
        dir.path().join("backups/esim-watch-2026-02-01.db"),
        "no database",
    )?;
    let (code, said) = restore(dir.path(), &["--list"])?;
    assert_eq!(code, Some(0));
    let lines: Vec<&str> = said.lines().collect();
    let [newest, empty, broken] = lines[..] else {
        anyhow::bail!("not three lines: {said}")
    };
    assert!(newest.starts_with("2026-03-02 12:00:00 UTC"), "{newest}");
    assert!(newest.contains("3 events        3 eSIMs"), "{newest}");
    assert!(empty.contains("0 events        0 eSIMs"), "{empty}");
    assert!(broken.contains("not usable"), "{broken}");
    server.sigterm().await?;
    Ok(())
}

#[tokio::test]
async fn while_a_server_runs_nothing_is_restored() -> Result<()> {
    let (dir, server, sender) = signed().await?;
    back_up(dir.path(), NOON)?;
    sender.deliver(&Esim::numbered(1).status("NEW")).await?;
    let (code, said) = restore(dir.path(), &[])?;
    assert_eq!(code, Some(1));
    assert!(said.contains("already uses the data folder"), "{said}");
    assert!(said.contains("Close it first"), "{said}");
    assert_eq!(server.exported("events")?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn the_newest_good_backup_comes_back_and_can_be_taken_back() -> Result<()> {
    let (dir, server, sender) = signed().await?;
    sender.deliver(&Esim::numbered(1).status("NEW")).await?;
    back_up(dir.path(), NOON)?;
    let newer = back_up(dir.path(), NOON + DAY)?;
    sender.deliver(&Esim::numbered(2).status("NEW")).await?;
    let url = server.url.clone();
    server.kill9();
    let mut bytes = std::fs::read(&newer)?;
    bytes.truncate(bytes.len() / 2);
    std::fs::write(&newer, bytes)?;

    let (code, said) = restore(dir.path(), &[])?;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Passed over: "), "{said}");
    assert!(
        said.contains("esim-watch-2026-03-01.db: 1 events, 1 eSIMs."),
        "{said}"
    );
    assert_eq!(events(dir.path())?, 1);
    let server = serve_signed(dir.path()).await?;
    let path = |url: &str| url.rsplit_once('/').map(|(_, token)| token.to_owned());
    assert_eq!(path(&server.url), path(&url), "the webhook's address stays");
    server.sigterm().await?;

    let undo = said.lines().last().context("nothing said")?;
    let aside = undo.rsplit('"').nth(1).context("no file to undo it with")?;
    let (code, said) = restore(dir.path(), &["--from", aside])?;
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(
        events(dir.path())?,
        2,
        "what was killed with its log is back"
    );
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_restored_is_told_and_changes_nothing() -> Result<()> {
    let (dir, server, sender) = signed().await?;
    sender.deliver(&Esim::numbered(1).status("NEW")).await?;
    server.sigterm().await?;
    let (code, said) = restore(dir.path(), &[])?;
    assert_eq!(code, Some(1));
    assert!(said.contains("There is no usable backup"), "{said}");
    let (code, said) = restore(dir.path(), &["--from", "/nowhere/at.all"])?;
    assert_eq!(code, Some(1));
    assert!(said.contains("it does not exist"), "{said}");
    let (code, said) = restore(dir.path(), &["--from", &dir.path().to_string_lossy()])?;
    assert_eq!(code, Some(1));
    assert!(said.contains("is a folder. Name one"), "{said}");
    assert_eq!(events(dir.path())?, 1);
    Ok(())
}
