//! The tray icon, in a real panel: what it tells, where its menu leads, and a window that is closed.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Result, ensure};
use esim_watch_core::engine::DEFAULT_PORT;
use esim_watch_testkit::{
    Esim, Frame, Icon, PATIENCE, Play, Setup, Sight, Stage, Tray, eventually, free_port, play,
};
use serde_json::json;

use crate::usual;

/// The window's title, apart from the number of new alerts in front of it.
pub(crate) const WINDOW: &str = "eSIM Watch";

/// On a desktop with a panel.
fn with_panel() -> Play {
    framed(Frame::Panel)
}

pub(crate) fn framed(frame: Frame) -> Play {
    Play {
        desktop: Setup {
            frame,
            ..Setup::default()
        },
        ..usual()
    }
}

/// Closes the window as its frame's button does, and awaits that the tray has it.
pub(crate) async fn close_to_tray(stage: &Stage) -> Result<()> {
    let windows = stage.desktop.windows()?;
    await_tray(stage, "shown").await?;
    windows.close(WINDOW)?;
    windows.await_sight(WINDOW, Sight::Hidden).await
}

/// Awaits what the program says of its icon.
pub(crate) async fn await_tray(stage: &Stage, kind: &str) -> Result<()> {
    eventually(PATIENCE, &format!("a tray that is {kind}"), async || {
        let state = stage.desk.invoke("desktop", json!({})).await?;
        let told = state.pointer("/tray/kind");
        ensure!(told.is_some_and(|told| told == kind), "{state}");
        Ok(())
    })
    .await
}

async fn alarm(stage: &Stage, esim: &Esim, tray: &Tray) -> Result<()> {
    let sender = stage.sender().await?;
    sender.deliver(&esim.status("REVOKED")).await?;
    tray.icon().await?.await_tooltip("1 new alert").await?;
    Ok(())
}

async fn await_entry(icon: &Icon<'_>, part: &str) -> Result<String> {
    eventually(PATIENCE, &format!("{part:?} in the menu"), async || {
        let menu = icon.menu().await?;
        let found = menu.iter().find(|entry| entry.contains(part));
        ensure!(found.is_some(), "{menu:?}");
        Ok(found.cloned().unwrap_or_default())
    })
    .await
}

#[test]
fn the_icon_tells_at_a_glance_and_in_words_how_things_are() -> Result<()> {
    play(&with_panel(), async |stage| {
        let tray = stage.desktop.tray().await?;
        let icon = tray.icon().await?;
        icon.await_tooltip("All well").await?;
        let well = icon.picture().await?;
        let esim = Esim::numbered(91);
        alarm(stage, &esim, &tray).await?;

        assert_ne!(icon.picture().await?, well, "the picture is the same");
        let entry = await_entry(&icon, &esim.reference).await?;
        let menu = icon.menu().await?;
        assert_eq!(menu.first().map(String::as_str), Some("Open eSIM Watch"));
        assert_eq!(menu.last().map(String::as_str), Some("Quit eSIM Watch"));
        assert!(menu.contains(&"All alerts (1 new)".to_owned()), "{menu:?}");
        let windows = stage.desktop.windows()?;
        windows.await_title("(1) eSIM Watch").await?;

        close_to_tray(stage).await?;
        icon.choose(&entry).await?;
        windows.await_sight(WINDOW, Sight::Open).await?;
        stage
            .desk
            .await_attribute("esim-detail", "data-key", &esim.esim_id)
            .await
    })
}

#[test]
fn the_icon_tells_that_the_program_is_deaf() -> Result<()> {
    // Whoever has it: it is taken.
    let _taken = TcpListener::bind((Ipv4Addr::LOCALHOST, DEFAULT_PORT));
    let with_stored_port = Play {
        own_port: false,
        ..with_panel()
    };
    play(&with_stored_port, async |stage| {
        stage.desk.ready().await?;
        let tray = stage.desktop.tray().await?;
        let icon = tray.icon().await?;
        icon.await_tooltip("Can't receive events").await?;
        let deaf = icon.picture().await?;
        close_to_tray(stage).await?;
        icon.choose("No events can be received: see why").await?;
        let windows = stage.desktop.windows()?;
        windows.await_sight(WINDOW, Sight::Open).await?;
        stage.desk.await_part("port-input").await?;

        let port = json!({ "port": free_port()? });
        stage.desk.invoke("set_port", port).await?;
        eventually(PATIENCE, "another tooltip", async || {
            let tooltip = icon.tooltip().await?;
            ensure!(!tooltip.contains("Can't"), "{tooltip}");
            Ok(())
        })
        .await?;
        assert_ne!(icon.picture().await?, deaf, "the picture is the same");
        Ok(())
    })
}

#[test]
fn a_closed_window_is_in_the_tray_and_the_program_goes_on() -> Result<()> {
    play(&with_panel(), async |stage| {
        let sender = stage.sender().await?;
        let windows = stage.desktop.windows()?;
        let server = &stage.desktop.notifications;
        close_to_tray(stage).await?;
        server.notification(&["goes on in the background"]).await?;

        let esim = Esim::numbered(92);
        sender.deliver(&esim.status("REVOKED")).await?;
        let shown = server.notification(&[&esim.reference]).await?;
        let tray = stage.desktop.tray().await?;
        let icon = tray.icon().await?;
        icon.choose("Open eSIM Watch").await?;
        windows.await_sight(WINDOW, Sight::Open).await?;

        // It is told once; a click on the icon or on a notification leads back as well.
        close_to_tray(stage).await?;
        icon.click().await?;
        windows.await_sight(WINDOW, Sight::Open).await?;
        close_to_tray(stage).await?;
        server.click(&shown).await?;
        windows.await_sight(WINDOW, Sight::Open).await?;
        assert_eq!(server.notified().len(), 2, "{:?}", server.notified());
        Ok(())
    })
}

#[test]
fn quit_in_the_menu_ends_the_program_cleanly() -> Result<()> {
    play(&with_panel(), async |stage| {
        let sender = stage.sender().await?;
        sender.deliver(&Esim::numbered(93).status("NEW")).await?;
        close_to_tray(stage).await?;
        let tray = stage.desktop.tray().await?;
        tray.icon().await?.choose("Quit eSIM Watch").await?;
        await_clean_end(stage).await
    })
}

/// A database that was closed has nothing in the log beside it.
async fn await_clean_end(stage: &Stage) -> Result<()> {
    stage.desk.ended().await?;
    let log = stage.launch().data_dir.join("esim-watch.db-wal");
    let left = std::fs::metadata(&log).map_or(0, |log| log.len());
    ensure!(left == 0, "{left} bytes are in {}", log.display());
    Ok(())
}

#[test]
fn without_a_tray_a_closed_window_is_the_end() -> Result<()> {
    play(&framed(Frame::Manager), async |stage| {
        stage.desk.ready().await?;
        await_tray(stage, "noHost").await?;
        stage.desktop.windows()?.close(WINDOW)?;
        await_clean_end(stage).await
    })
}

#[test]
fn a_closed_window_is_the_end_for_those_who_want_that() -> Result<()> {
    play(&with_panel(), async |stage| {
        stage.desk.ready().await?;
        await_tray(stage, "shown").await?;
        let chosen = json!({ "stays": false });
        let state = stage.desk.invoke("set_close_to_tray", chosen).await?;
        assert_eq!(state["closeToTray"], false);
        stage.desktop.windows()?.close(WINDOW)?;
        await_clean_end(stage).await
    })
}

#[test]
fn a_panel_may_come_later_and_may_go() -> Result<()> {
    play(&framed(Frame::None), async |stage| {
        stage.desk.ready().await?;
        await_tray(stage, "noHost").await?;
        stage.desktop.put_up(Frame::Panel).await?;
        await_tray(stage, "shown").await?;
        let tray = stage.desktop.tray().await?;
        tray.icon().await?.await_tooltip("All well").await?;

        stage.desktop.close_panel();
        await_tray(stage, "noHost").await?;
        stage.desktop.put_up(Frame::Panel).await?;
        await_tray(stage, "shown").await?;
        tray.icon().await?.await_tooltip("All well").await?;
        Ok(())
    })
}

#[test]
fn the_icon_needs_no_library_that_may_be_missing() -> Result<()> {
    play(&with_panel(), async |stage| {
        stage.desktop.tray().await?.icon().await?;
        await_tray(stage, "shown").await?;
        let libraries = stage.desk.libraries()?;
        assert!(libraries.contains("libgtk-3"), "{libraries}");
        assert!(!libraries.contains("appindicator"), "{libraries}");
        Ok(())
    })
}
