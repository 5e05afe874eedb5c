//! A newer version: asked for once the user agrees, told with its notes, and brought to where this kind of installation wants it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use esim_watch_publisher::{MANIFEST, Release, Reply, Server, Signer};
use esim_watch_testkit::{Play, Screen, Stage, play};

use crate::accessibility::{audit, axe};
use crate::usual;

/// The program as a package of this kind installs it, below a folder of the test's own.
fn installed(folder: &Path, kind: &str) -> Result<PathBuf> {
    let bin = folder.join("bin/esim-watch");
    std::fs::create_dir_all(folder.join("bin"))?;
    std::fs::create_dir_all(folder.join("share/esim-watch"))?;
    std::fs::write(folder.join("share/esim-watch/package"), kind)?;
    let built = env!("CARGO_BIN_EXE_esim-watch");
    if std::fs::hard_link(built, &bin).is_err() {
        std::fs::copy(built, &bin)?;
    }
    Ok(bin)
}

/// A program of this kind that asks this server.
fn asking(bin: PathBuf, server: &Server, signer: &Signer) -> Play {
    let variable = |name: &str, value: String| (name.to_owned(), value);
    Play {
        bin,
        env: vec![
            variable("ESIM_WATCH_UPDATE_URL", server.url(MANIFEST)),
            variable("ESIM_WATCH_UPDATE_KEY", signer.public_key()),
        ],
        ..usual()
    }
}

/// A folder beside the built program: a link to it can be made there.
fn room() -> Result<tempfile::TempDir> {
    Ok(tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?)
}

fn downloads(stage: &Stage) -> Result<Vec<PathBuf>> {
    let folder = stage.desktop.home().join("Downloads");
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(folder)?;
    entries.map(|entry| Ok(entry?.path())).collect()
}

#[test]
fn a_newer_version_is_asked_for_once_somebody_agrees_and_brought_when_somebody_says_so()
-> Result<()> {
    let (server, signer, room) = (Server::open(), Signer::new(), room()?);
    let release = Release {
        file: "esim-watch_99.0.0_amd64.deb".to_owned(),
        notes: format!(
            "- <b>Bold</b> is no mark-up here.\n{}",
            "- And more.\n".repeat(60)
        ),
        ..Release::of("99.0.0")
    };
    release.publish(&server, &signer);
    let bin = installed(room.path(), "deb")?;
    play(&asking(bin, &server, &signer), async |stage| {
        let (axe, mut found) = (axe()?, Vec::new());
        stage.desk.ready().await?;
        let desk = &stage.desk;
        desk.await_text("line-upgrade", "May newer versions be looked for?")
            .await?;
        desk.click("line-upgrade").await?;
        desk.await_text("upgrade-ask", "127.0.0.1").await?;
        ensure!(server.asked().is_empty(), "{:?}", server.asked());
        audit(stage, &axe, "Updates, asked", &mut found).await?;
        desk.click("upgrade-agree").await?;
        desk.await_text("line-upgrade", "Version 99.0.0 is available")
            .await?;
        desk.await_text("upgrade-notes", "<b>Bold</b>").await?;
        audit(stage, &axe, "Updates, a newer one", &mut found).await?;
        ensure!(downloads(stage)?.is_empty(), "nobody said so");

        desk.click("upgrade-install").await?;
        let command = desk
            .await_text("upgrade-command", "sudo apt install")
            .await?;
        let brought = downloads(stage)?;
        let file = brought.first().context("nothing was brought")?;
        ensure!(brought.len() == 1, "{brought:?}");
        ensure!(
            command == format!("sudo apt install {}", file.display()),
            "{command}"
        );
        ensure!(
            std::fs::read(file)? == release.content,
            "{}",
            file.display()
        );
        audit(stage, &axe, "Updates, brought", &mut found).await?;
        let backups = stage.launch().data_dir.join("backups");
        ensure!(std::fs::read_dir(backups)?.count() == 1, "no backup");
        ensure!(
            !stage.launch().data_dir.join("updates").exists(),
            "something is left"
        );

        // What was agreed counts after a restart, and what was found is told without being asked for again.
        let asked = server.asked().len();
        stage.restart().await?;
        stage.desk.ready().await?;
        stage
            .desk
            .await_text("line-upgrade", "Version 99.0.0 is available")
            .await?;
        ensure!(server.asked().len() == asked, "{:?}", server.asked());
        ensure!(found.is_empty(), "{}", found.join("\n"));
        Ok(())
    })
}

#[test]
fn a_package_that_is_not_the_publishers_is_told_and_gone() -> Result<()> {
    let (server, signer, room) = (Server::open(), Signer::new(), room()?);
    let release = Release::of("99.0.0");
    release.publish(&server, &signer);
    server.answer(&format!("/{}", release.file), Reply::Content(vec![7; 5000]));
    let bin = installed(room.path(), "rpm")?;
    play(&asking(bin, &server, &signer), async |stage| {
        let desk = &stage.desk;
        desk.ready().await?;
        desk.go(Screen::Settings).await?;
        desk.click("upgrade-agree").await?;
        desk.await_part("upgrade-install").await?;
        desk.click("upgrade-install").await?;
        desk.await_text(
            "upgrade-problem",
            "The package is not signed by the publisher",
        )
        .await?;
        ensure!(downloads(stage)?.is_empty(), "{:?}", downloads(stage)?);
        ensure!(
            !stage.launch().data_dir.join("updates").exists(),
            "something is left"
        );
        // The next try finds it in order.
        release.publish(&server, &signer);
        desk.click("upgrade-install").await?;
        desk.await_text("upgrade-command", "sudo dnf install")
            .await?;
        Ok(())
    })
}

#[test]
fn where_nobody_publishes_newer_versions_the_window_does_not_speak_of_them() -> Result<()> {
    play(&usual(), async |stage| {
        let desk = &stage.desk;
        desk.ready().await?;
        desk.go(Screen::Settings).await?;
        desk.await_part("keeping").await?;
        desk.await_count("upgrade", 0).await?;
        desk.await_count("line-upgrade", 0).await?;
        Ok(())
    })
}
