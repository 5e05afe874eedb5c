//! Much at once, and what happened while nobody was there: told together, once.

use std::path::Path;

use anyhow::Result;
use esim_watch_core::clock::now_ms;
use esim_watch_core::store::{Delivery, Store};
use esim_watch_testkit::{Esim, Play, Screen, Spot, play};
use serde_json::json;

use crate::usual;

/// As the desk would find its folder if these came while it was closed.
fn three_expired(folder: &Path) -> Result<()> {
    // The stage has a runtime on this thread already.
    let filled = std::thread::scope(|scope| scope.spawn(|| fill(folder)).join());
    filled.map_err(|_| anyhow::anyhow!("the thread that fills it panicked"))?
}

fn fill(folder: &Path) -> Result<()> {
    let store = Store::open(&folder.join("data"), |_| {})?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    for number in 1..=3 {
        let body = Esim::numbered(number).status("EXPIRED").bytes();
        runtime.block_on(store.writer().deliver(Delivery::of(body, now_ms())))?;
    }
    store.close();
    Ok(())
}

#[test]
fn an_absence_is_one_digest_whose_click_opens_the_inbox() -> Result<()> {
    let after_an_absence = Play {
        before: three_expired,
        ..usual()
    };
    play(&after_an_absence, async |stage| {
        let sender = stage.sender().await?;
        let server = &stage.desktop.notifications;
        let title = "While you were away: 3 eSIMs expired";
        let digest = server.notification(&[title]).await?;
        server.click(&digest).await?;
        let row = Spot::new("alert-row").with("data-rule", "expired");
        stage.desk.await_count(row, 3).await?;
        // The same again, by a retry and after a restart, is no news.
        sender.deliver(&Esim::numbered(1).status("EXPIRED")).await?;
        stage.restart().await?;
        let sender = stage.sender().await?;
        let later = Esim::numbered(9);
        sender.deliver(&later.status("REVOKED")).await?;
        let server = &stage.desktop.notifications;
        server.notification(&[&later.reference]).await?;
        assert_eq!(server.notified().len(), 2);
        Ok(())
    })
}

#[test]
fn many_at_once_are_two_notifications_and_leave_a_place_for_what_is_critical() -> Result<()> {
    play(&usual(), async |stage| {
        let sender = stage.sender().await?;
        for number in 1..=12 {
            let esim = Esim::numbered(number);
            sender.deliver(&esim.status("EXPIRED")).await?;
        }
        let server = &stage.desktop.notifications;
        let row = Spot::new("alert-row").with("data-rule", "expired");
        server.notification(&["Expired"]).await?;
        let withdrawn = Esim::numbered(99);
        sender.deliver(&withdrawn.status("REVOKED")).await?;
        let shown = server.notification(&[&withdrawn.reference]).await?;
        assert_eq!(server.notified().len(), 3, "{:?}", server.notified());
        server.click(&shown).await?;
        let title = Spot::new("esim-detail");
        stage.desk.await_text(title, &withdrawn.reference).await?;
        stage.desk.go(Screen::Alerts).await?;
        stage.desk.await_count(row, 12).await?;
        Ok(())
    })
}

#[test]
fn quiet_hours_hold_back_all_but_what_breaks_through_and_end_in_a_digest() -> Result<()> {
    play(&usual(), async |stage| {
        let (sender, desk) = (stage.sender().await?, &stage.desk);
        let mut settings = desk.invoke("alert_settings", json!({})).await?;
        settings["quiet"] = json!({ "fromMinute": 0, "toMinute": 1439 });
        desk.invoke("set_alert_settings", json!({ "settings": settings }))
            .await?;
        for number in 1..=3 {
            sender
                .deliver(&Esim::numbered(number).status("EXPIRED"))
                .await?;
        }
        let withdrawn = Esim::numbered(9);
        sender.deliver(&withdrawn.status("REVOKED")).await?;
        let server = &stage.desktop.notifications;
        server.notification(&[&withdrawn.reference]).await?;
        assert_eq!(server.notified().len(), 1, "{:?}", server.notified());
        settings["quiet"] = json!(null);
        desk.invoke("set_alert_settings", json!({ "settings": settings }))
            .await?;
        server.notification(&["3 eSIMs expired"]).await?;
        assert_eq!(server.notified().len(), 2, "{:?}", server.notified());
        Ok(())
    })
}
