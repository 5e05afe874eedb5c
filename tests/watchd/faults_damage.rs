//! A damaged database, seen from outside: kept, replaced, told, and the address stays.

use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use esim_watch_testkit::{Esim, Sender};

use crate::catch_up::fake::{Fake, Sim};
use crate::{SECRET, serve_signed, signed};

/// The files that were kept, sorted.
fn kept(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut kept = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("esim-watch-damaged-2") {
            kept.push(path);
        }
    }
    kept.sort();
    Ok(kept)
}

#[tokio::test]
async fn a_file_that_is_no_database_is_kept_and_a_new_one_started() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let before = "this is no database, but somebody may want it back".repeat(40);
    std::fs::write(dir.path().join("esim-watch.db"), &before)?;
    let server = serve_signed(dir.path()).await?;
    let sender = Sender::new(&server.url, Some(SECRET))?;
    sender.deliver(&Esim::numbered(1).status("NEW")).await?;
    let kept = kept(dir.path())?;
    assert_eq!(kept.len(), 1);
    assert_eq!(std::fs::read_to_string(&kept[0])?, before);
    let log = server.sigterm().await?;
    assert!(log.contains("The database was damaged ("), "{log}");
    assert!(log.contains("the webhook's address has changed"), "{log}");
    Ok(())
}

#[tokio::test]
async fn a_catch_up_that_starts_a_new_database_says_so() -> Result<()> {
    let fake = Fake::start(vec![Sim::new(0, "NEW")]).await?;
    let dir = tempfile::tempdir()?;
    std::fs::write(dir.path().join("esim-watch.db"), "no database".repeat(400))?;
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    let problem = printed["problems"][0].as_str().unwrap_or_default();
    let is_told = problem.starts_with("The database was damaged (");
    ensure!(is_told && !complete, "{printed}");
    assert_eq!(kept(dir.path())?.len(), 1);
    // It is the new one's business no more.
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    ensure!(complete, "{printed}");
    Ok(())
}

#[tokio::test]
async fn damage_is_found_at_the_start_and_the_address_stays_the_same() -> Result<()> {
    let (dir, server, sender) = signed().await?;
    for number in 0..300 {
        sender
            .deliver(&Esim::numbered(number).status("NEW"))
            .await?;
    }
    let path = |url: &str| url.rsplit('/').next().map(str::to_owned);
    let token = path(&server.url).context("no path")?;
    server.sigterm().await?;
    let database = dir.path().join("esim-watch.db");
    let mut file = std::fs::File::options().write(true).open(&database)?;
    let pages = file.metadata()?.len() / 4096;
    file.seek(SeekFrom::Start(pages / 2 * 4096))?;
    file.write_all(&[0xa5; 3 * 4096])?;
    drop(file);
    let before = std::fs::read(&database)?;
    let server = serve_signed(dir.path()).await?;
    assert_eq!(path(&server.url), Some(token));
    assert_eq!(server.exported("events")?.len(), 0);
    let kept = kept(dir.path())?;
    assert_eq!(std::fs::read(&kept[0])?, before);
    let log = server.sigterm().await?;
    assert!(log.contains("were taken over from"), "{log}");
    serve_signed(dir.path()).await?;
    Ok(())
}
