//! Disks that are full, read-only, refuse to write, or lose the data folder.
#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use esim_watch_testkit::{Esim, Payload, Sender, Watchd};

use crate::disk::{Disk, Gagged};
use crate::{SECRET, serve_signed, signed, text};

/// More deliveries than fit on the disk of these tests.
const MANY: u32 = 4000;

fn payload(number: u32) -> Payload {
    Esim::numbered(number).status("ACTIVATED").at(1_764_000_000)
}

/// The eSIMs that have an event, by id.
fn stored(server: &Watchd) -> Result<BTreeSet<String>> {
    let events = server.exported("events")?;
    let names = events.iter().filter_map(|event| text(event, "esimId"));
    let ids: BTreeSet<String> = names.map(str::to_owned).collect();
    ensure!(ids.len() == events.len(), "an event is there twice");
    Ok(ids)
}

fn ids(numbers: impl IntoIterator<Item = u32>) -> BTreeSet<String> {
    let ids = numbers.into_iter().map(|n| Esim::numbered(n).esim_id);
    ids.collect()
}

fn intact(data_dir: &Path) -> Result<()> {
    let db = rusqlite::Connection::open(data_dir.join("esim-watch.db"))?;
    let check: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    ensure!(check == "ok", "{check}");
    let half: i64 = db.query_row(
        "SELECT count(*) FROM events e WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.event = e.id)",
        [],
        |row| row.get(0),
    )?;
    ensure!(half == 0, "{half} events are half stored");
    Ok(())
}

async fn serve_on(disk: &Disk) -> Result<Watchd> {
    let env = [("ESIM_WATCH_WEBHOOK_SECRET", SECRET)];
    Watchd::serve_with(&disk.bin, &disk.path, &[], &env).await
}

/// Delivers eSIMs from `first` on until one is refused. Returns that one's number.
async fn until_refused(sender: &Sender, first: u32) -> Result<u32> {
    for number in first..first + MANY {
        let answer = sender.send(&payload(number)).await?;
        match answer.status {
            200 => {}
            503 => {
                ensure!(answer.body.contains("Send it again."), "{}", answer.body);
                return Ok(number);
            }
            other => anyhow::bail!("answered with {other}: {}", answer.body),
        }
    }
    anyhow::bail!("{MANY} deliveries were accepted: the disk is not full")
}

#[tokio::test]
async fn while_the_disk_is_full_nothing_is_acknowledged_and_afterwards_all_is_there() -> Result<()>
{
    let Some(disk) = Disk::mount(crate::BIN, 6000)? else {
        eprintln!("no mount is allowed here: refused writes stand for a full disk in another test");
        return Ok(());
    };
    let server = serve_on(&disk).await?;
    let sender = Sender::new(&server.url, Some(SECRET))?;
    for number in 0..20 {
        sender.deliver(&payload(number)).await?;
    }
    disk.fill()?;
    let refused = until_refused(&sender, 20).await?;
    for number in refused..refused + 20 {
        assert_eq!(sender.send(&payload(number)).await?.status, 503);
    }
    let log = server.log();
    assert!(log.contains("could not be stored"), "{log}");
    assert!(log.contains("Check that the disk has free space"), "{log}");
    assert_eq!(stored(&server)?, ids(0..refused), "readable while full");
    disk.free()?;
    for number in refused..refused + 20 {
        sender.deliver(&payload(number)).await?;
    }
    server.kill9();
    let server = serve_on(&disk).await?;
    assert_eq!(stored(&server)?, ids(0..refused + 20));
    server.sigterm().await?;
    intact(&disk.copy()?)
}

#[tokio::test]
async fn a_full_or_read_only_disk_is_told_at_the_start_and_left_alone() -> Result<()> {
    let Some(mut disk) = Disk::mount(crate::BIN, 6000)? else {
        eprintln!("no mount is allowed here");
        return Ok(());
    };
    let told = |disk: &Disk| -> Result<String> {
        let output = Command::new(&disk.bin)
            .args(["serve", "--port", "0", "--data-dir"])
            .arg(&disk.path)
            .output()?;
        assert_eq!(output.status.code(), Some(1));
        Ok(String::from_utf8(output.stderr)?)
    };
    disk.fill()?;
    let said = told(&disk)?;
    assert!(said.contains("is full. Make room on it"), "{said}");
    disk.free()?;
    serve_on(&disk).await?.sigterm().await?;
    // With a database there is nothing to write yet: the history can be read, and senders come again.
    disk.fill()?;
    let server = serve_on(&disk).await?;
    let sender = Sender::new(&server.url, Some(SECRET))?;
    assert_eq!(sender.send(&payload(1)).await?.status, 503);
    disk.free()?;
    sender.deliver(&payload(1)).await?;
    server.sigterm().await?;
    disk.read_only()?;
    let said = told(&disk)?;
    assert!(said.contains("can't be used"), "{said}");
    assert!(said.contains("the disk can only be read"), "{said}");
    Ok(())
}

/// The log goes to a file as well, and can't be written either: that must not stop anything.
#[tokio::test]
async fn while_the_disk_refuses_every_write_senders_are_asked_to_come_again() -> Result<()> {
    let gagged = Gagged::new(crate::BIN)?;
    let dir = tempfile::tempdir()?;
    let env = [("ESIM_WATCH_WEBHOOK_SECRET", SECRET)];
    let server = Watchd::serve_with(&gagged.bin, dir.path(), &[], &env).await?;
    let sender = Sender::new(&server.url, Some(SECRET))?;
    for number in 0..20 {
        sender.deliver(&payload(number)).await?;
    }
    gagged.refuse_writes()?;
    for number in 20..40 {
        let answer = sender.send(&payload(number)).await?;
        assert_eq!(answer.status, 503, "{}", answer.body);
    }
    gagged.allow_writes()?;
    for number in 20..40 {
        sender.deliver(&payload(number)).await?;
    }
    let kept = Watchd::export_from(crate::BIN.as_ref(), dir.path(), "events", "json")?;
    let kept: Vec<serde_json::Value> = serde_json::from_str(&kept)?;
    assert_eq!(kept.len(), 40);
    server.sigterm().await?;
    intact(dir.path())
}

#[tokio::test]
async fn a_data_folder_that_is_moved_away_gets_no_more_events_until_it_is_back() -> Result<()> {
    let parent = tempfile::tempdir()?;
    let (dir, away) = (parent.path().join("data"), parent.path().join("away"));
    let server = serve_signed(&dir).await?;
    let sender = Sender::new(&server.url, Some(SECRET))?;
    sender.deliver(&payload(1)).await?;
    std::fs::rename(&dir, &away)?;
    for number in 2..5 {
        assert_eq!(sender.send(&payload(number)).await?.status, 503);
    }
    let log = server.log();
    assert!(log.contains("was moved or deleted while"), "{log}");
    std::fs::rename(&away, &dir)?;
    sender.deliver(&payload(2)).await?;
    assert_eq!(stored(&server)?, ids(1..3));
    server.sigterm().await?;
    intact(&dir)
}

#[tokio::test]
async fn a_data_folder_that_is_deleted_is_written_again_at_the_end() -> Result<()> {
    let (dir, server, sender) = signed().await?;
    for number in 0..50 {
        sender.deliver(&payload(number)).await?;
    }
    let token = server.url.rsplit('/').next().context("no path")?.to_owned();
    std::fs::remove_dir_all(dir.path())?;
    assert_eq!(sender.send(&payload(50)).await?.status, 503);
    server.sigterm().await?;
    intact(dir.path())?;
    let server = serve_signed(dir.path()).await?;
    assert!(server.url.ends_with(&token), "the address is the same");
    Sender::new(&server.url, Some(SECRET))?
        .deliver(&payload(50))
        .await?;
    assert_eq!(stored(&server)?, ids(0..51));
    Ok(())
}

#[tokio::test]
async fn a_deleted_log_of_the_database_loses_nothing() -> Result<()> {
    let (dir, server, sender) = signed().await?;
    for number in 0..50 {
        sender.deliver(&payload(number)).await?;
    }
    std::fs::remove_file(dir.path().join("esim-watch.db-wal"))?;
    assert_eq!(sender.send(&payload(50)).await?.status, 503);
    server.sigterm().await?;
    let server = serve_signed(dir.path()).await?;
    assert_eq!(stored(&server)?, ids(0..50));
    server.sigterm().await?;
    intact(dir.path())
}
