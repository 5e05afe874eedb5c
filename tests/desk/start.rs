//! Starting: over what was there before, in a plain locale, and where it can't.

use std::path::Path;

use anyhow::{Result, ensure};
use esim_watch_testkit::{Esim, PATIENCE, Play, Screen, Setup, Spot, eventually, play};
use serde_json::json;

use crate::{await_events, count, usual};

#[test]
fn a_power_cut_loses_nothing_and_notifies_nothing_twice() -> Result<()> {
    play(&usual(), async |stage| {
        let sender = stage.sender().await?;
        let (esim, later) = (Esim::numbered(81), Esim::numbered(82));
        sender.deliver(&esim.status("ACTIVATED")).await?;
        stage
            .desktop
            .notifications
            .notification(&[esim.last_six()])
            .await?;
        // A cut before that is on the disk would rather tell it again than leave it untold.
        eventually(PATIENCE, "a note that it was shown", async || {
            let query = json!({ "search": "", "states": [], "rules": [], "esim": null, "offset": 0, "limit": 9 });
            let page = stage.desk.invoke("alerts", json!({ "query": query })).await?;
            let shown = page.pointer("/rows/0/shownAtMs");
            ensure!(shown.is_some_and(serde_json::Value::is_i64), "{page}");
            Ok(())
        })
        .await?;

        stage.restart().await?;

        let again = stage.sender().await?;
        assert_eq!(
            again.url(),
            sender.url(),
            "the address to paste is another one"
        );
        await_events(&stage.desk, 1).await?;
        stage.desk.await_text(count("ACTIVATED"), "1").await?;
        again.deliver(&later.status("ACTIVATED")).await?;
        let server = &stage.desktop.notifications;
        server.notification(&[later.last_six()]).await?;
        assert_eq!(server.notified().len(), 2, "{:?}", server.notified());
        stage.desk.go(Screen::Esims).await?;
        stage
            .desk
            .click(Spot::new("esim-row").with("data-key", &esim.esim_id))
            .await?;
        stage.desk.await_count("timeline-item", 1).await?;
        Ok(())
    })
}

#[test]
fn when_the_system_ends_the_program_does_in_order() -> Result<()> {
    play(&usual(), async |stage| {
        let sender = stage.sender().await?;
        sender
            .deliver(&Esim::numbered(84).status("ACTIVATED"))
            .await?;
        await_events(&stage.desk, 1).await?;
        stage.desk.ask_to_end()?;
        stage.desk.ended().await?;
        // A store that was closed has everything in its one file.
        let log = stage.folder().join("data/esim-watch.db-wal");
        let length = std::fs::metadata(&log).map_or(0, |log| log.len());
        assert_eq!(length, 0);
        Ok(())
    })
}

#[test]
fn a_plain_c_locale_draws_a_full_window() -> Result<()> {
    let plain = Setup {
        lang: "C.UTF-8".into(),
        ..Setup::default()
    };
    play(
        &Play {
            desktop: plain,
            ..usual()
        },
        async |stage| {
            let sender = stage.sender().await?;
            let esim = Esim::numbered(83);
            sender.deliver(&esim.status("ACTIVATED")).await?;
            stage.desk.await_text("feed-item", &esim.reference).await?;
            stage.desk.await_text("status-line", "127.0.0.1").await?;
            Ok(())
        },
    )
}

#[test]
fn a_data_directory_that_is_a_file_is_told_in_the_window() -> Result<()> {
    says_it_could_not_start(|folder| Ok(std::fs::write(folder.join("data"), "a file")?))
}

#[test]
fn a_database_that_is_a_directory_is_told_in_the_window() -> Result<()> {
    says_it_could_not_start(|folder| {
        Ok(std::fs::create_dir_all(folder.join("data/esim-watch.db"))?)
    })
}

fn says_it_could_not_start(before: fn(&Path) -> Result<()>) -> Result<()> {
    play(&Play { before, ..usual() }, async |stage| {
        let text = stage.desk.await_text("fatal", "").await?;
        let data_dir = stage.launch().data_dir.display().to_string();
        assert!(text.contains(&data_dir), "it does not say where: {text}");
        for jargon in ["os error", "Os {", "SqliteFailure", "Error {"] {
            assert!(!text.contains(jargon), "not words for a person: {text}");
        }
        assert!(!stage.desk.parts().await?.contains(&"nav-today".to_owned()));
        Ok(())
    })
}
