//! Notifications of a real server: their buttons, and what is said when nobody shows them.

use anyhow::{Context, Result, bail, ensure};
use esim_watch_core::message::Message;
use esim_watch_testkit::{
    Desk, Esim, Frame, PATIENCE, Play, Setup, Sight, Stage, eventually, play,
};
use serde_json::{Value, json};

use crate::usual;

fn with_panel() -> Play {
    Play {
        desktop: Setup {
            frame: Frame::Panel,
            ..Setup::default()
        },
        ..usual()
    }
}

async fn await_state(desk: &Desk, kind: &str) -> Result<()> {
    eventually(
        PATIENCE,
        &format!("notifications that are {kind}"),
        async || {
            let state = desk.invoke("desktop", json!({})).await?;
            let told = state.pointer("/notifications/kind");
            ensure!(told.is_some_and(|told| told == kind), "{state}");
            Ok(())
        },
    )
    .await
}

/// What crosses as a message, in words.
fn english(message: &Value) -> Result<String> {
    Ok(serde_json::from_value::<Message>(message.clone())?.english())
}

/// Asks for a test notification, and gives the words of its refusal.
async fn refused(desk: &Desk) -> Result<String> {
    let Err(error) = desk.invoke("test_notification", json!({})).await else {
        bail!("it was shown");
    };
    let error = error.to_string();
    let (_, crossed) = error.split_once(": ").context("no message")?;
    english(&serde_json::from_str(crossed)?)
}

async fn await_reason(desk: &Desk, reason: &str) -> Result<()> {
    let what = format!("notifications that are missing: {reason}");
    eventually(PATIENCE, &what, async || {
        let state = desk.invoke("desktop", json!({})).await?;
        let told = state
            .pointer("/notifications/reason")
            .map(english)
            .transpose()?;
        ensure!(told.is_some_and(|told| told.contains(reason)), "{state}");
        Ok(())
    })
    .await
}

#[test]
fn it_says_so_when_nobody_shows_notifications() -> Result<()> {
    play(&with_panel(), async |stage| {
        stage.desk.ready().await?;
        await_state(&stage.desk, "ok").await?;
        let tray = stage.desktop.tray().await?;
        let icon = tray.icon().await?;
        icon.await_tooltip("All well").await?;

        stage.desktop.notifications.stop();
        await_state(&stage.desk, "missing").await?;
        icon.await_tooltip("notifications are not shown").await?;
        let error = refused(&stage.desk).await?;
        assert!(error.contains("No notification server"), "{error}");

        stage.desktop.notifications.start_again().await?;
        await_state(&stage.desk, "ok").await?;
        icon.await_tooltip("All well").await?;
        stage.desk.invoke("test_notification", json!({})).await?;
        let server = &stage.desktop.notifications;
        let shown = server.notification(&["test notification"]).await?;
        // It tells no alert, so it has no buttons; a click leads to the window.
        assert_eq!(shown.actions, ["default", "Open"]);
        Ok(())
    })
}

#[test]
fn it_says_so_when_the_server_refuses() -> Result<()> {
    play(&with_panel(), async |stage| {
        stage.desk.ready().await?;
        let server = &mut stage.desktop.notifications;
        server.stop();
        let refusing = server.refuse("too many notifications").await?;
        let error = refused(&stage.desk).await?;
        assert!(error.contains("too many notifications"), "{error}");
        await_state(&stage.desk, "missing").await?;
        let tray = stage.desktop.tray().await?;
        let icon = tray.icon().await?;
        icon.await_tooltip("notifications are not shown").await?;

        // That it is there speaks for no server that refused.
        refusing.go().await?;
        await_reason(&stage.desk, "No notification server").await?;
        refusing.come_again().await?;
        await_reason(&stage.desk, "too many notifications").await?;

        // One that does not refuse shows them.
        refusing.go().await?;
        stage.desktop.notifications.start_again().await?;
        stage.desk.invoke("test_notification", json!({})).await?;
        await_state(&stage.desk, "ok").await
    })
}

#[test]
fn what_a_server_that_hung_shows_late_is_shown_once() -> Result<()> {
    play(&with_panel(), async |stage| {
        stage.desk.ready().await?;
        await_state(&stage.desk, "ok").await?;
        let sender = stage.sender().await?;
        let (first, second) = (Esim::numbered(95), Esim::numbered(96));
        stage.desktop.notifications.hang()?;
        sender.deliver(&first.status("REVOKED")).await?;
        await_reason(&stage.desk, "no answer within").await?;
        stage.desktop.notifications.go_on()?;
        await_state(&stage.desk, "ok").await?;
        // What is owed again is shown before what comes later.
        sender.deliver(&second.status("REVOKED")).await?;
        let server = &stage.desktop.notifications;
        server.notification(&[&second.reference]).await?;
        let all = server.notified();
        let of_first = all
            .iter()
            .filter(|one| one.title.contains(&first.reference));
        assert_eq!(of_first.count(), 1, "{all:?}");
        Ok(())
    })
}

/// Raises an alert, presses this button of its notification, and awaits that it is new no more.
async fn press(stage: &Stage, button: &str) -> Result<()> {
    let sender = stage.sender().await?;
    let esim = Esim::numbered(95);
    sender.deliver(&esim.status("REVOKED")).await?;
    let server = &stage.desktop.notifications;
    let shown = server.notification(&[&esim.reference]).await?;
    let windows = stage.desktop.windows()?;
    windows.await_title("(1) eSIM Watch").await?;
    server.press(&shown, button).await?;
    windows.await_title("eSIM Watch").await?;
    let tray = stage.desktop.tray().await?;
    tray.icon().await?.await_tooltip("All well").await?;
    Ok(())
}

#[test]
fn a_button_acknowledges_the_alert() -> Result<()> {
    play(&with_panel(), async |stage| {
        press(stage, "acknowledge").await
    })
}

#[test]
fn a_button_snoozes_the_alert() -> Result<()> {
    play(&with_panel(), async |stage| press(stage, "snooze").await)
}

#[test]
fn muted_from_the_tray_nothing_is_shown_and_the_alert_is_kept() -> Result<()> {
    play(&with_panel(), async |stage| {
        let sender = stage.sender().await?;
        let tray = stage.desktop.tray().await?;
        let icon = tray.icon().await?;
        icon.choose("Mute notifications for 1 hour").await?;
        icon.await_tooltip("notifications are muted").await?;
        let quiet = Esim::numbered(96);
        sender.deliver(&quiet.status("EXPIRED")).await?;
        icon.await_tooltip("1 new alert").await?;
        icon.choose("Show notifications again").await?;

        let server = &stage.desktop.notifications;
        let shown = server.notification(&[&quiet.reference]).await?;
        assert_eq!(server.notified().len(), 1, "{:?}", server.notified());
        server.click(&shown).await?;
        let windows = stage.desktop.windows()?;
        windows.await_sight("eSIM Watch", Sight::Open).await
    })
}
