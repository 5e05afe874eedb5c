//! The virtual desktop itself: its notification server shows, remembers and reports clicks.
#![cfg(target_os = "linux")]

use anyhow::{Result, ensure};
use esim_watch_testkit::{PATIENCE, VirtualDesktop, eventually};

/// Sends a notification from a program of its own that offers a default action, and awaits it.
async fn notify(desktop: &VirtualDesktop, title: &str, body: &str) -> Result<()> {
    let mut gdbus = desktop.command("gdbus");
    gdbus.args([
        "call",
        "--session",
        "--dest",
        "org.freedesktop.Notifications",
    ]);
    gdbus.args([
        "--object-path",
        "/org/freedesktop/Notifications",
        "--method",
    ]);
    gdbus.args([
        "org.freedesktop.Notifications.Notify",
        "tester",
        "0",
        "",
        title,
        body,
    ]);
    gdbus.args(["['default', '']", "{}", "int32 -1"]);
    let output = gdbus.output()?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

#[tokio::test]
async fn a_click_is_reported_and_the_history_has_the_notification() -> Result<()> {
    let desktop = VirtualDesktop::start().await?;
    for title in ["first", "second", "third"] {
        notify(&desktop, title, "a text").await?;
    }
    let server = &desktop.notifications;
    let second = server.notification(&["second"]).await?;
    assert_eq!(
        (second.app.as_str(), second.body.as_str()),
        ("tester", "a text")
    );
    assert!(server.history().await?.is_empty());

    server.click(&second).await?;

    assert_eq!(server.remembered(&second).await?.summary, "second");
    server.close_all().await?;
    eventually(PATIENCE, "all three in the history", async || {
        let titles: Vec<_> = server
            .history()
            .await?
            .into_iter()
            .map(|one| one.summary)
            .collect();
        ensure!(titles.len() == 3, "{titles:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_history_tells_what_a_person_reads() -> Result<()> {
    let desktop = VirtualDesktop::start().await?;
    notify(&desktop, "markup", "<b>bold</b> &lt;plain&gt;").await?;
    let server = &desktop.notifications;
    let notification = server.notification(&["markup"]).await?;
    server.close_all().await?;
    let read = server.remembered(&notification).await?.read;
    assert!(read.contains("bold <plain>"), "{read}");
    Ok(())
}

#[tokio::test]
async fn two_desktops_know_nothing_of_each_other() -> Result<()> {
    let (one, other) = tokio::try_join!(VirtualDesktop::start(), VirtualDesktop::start())?;
    notify(&one, "here", "").await?;
    one.notifications.notification(&["here"]).await?;
    assert!(other.notifications.notified().is_empty());
    Ok(())
}

#[tokio::test]
async fn a_picture_of_the_screen_can_be_taken() -> Result<()> {
    let desktop = VirtualDesktop::start().await?;
    let png = desktop.home().join("screen.png");
    desktop.photograph_at_rest(&png).await?;
    assert!(std::fs::read(&png)?.starts_with(b"\x89PNG"));
    Ok(())
}
