//! The four moments that decide whether a desk keeps the program, one after the other: the set-up, something
//! happens, a traveller calls, and the morning after.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use esim_watch_core::clock::now_ms;
use esim_watch_core::store::{Delivery, OpenError, Setting, Store};
use esim_watch_testkit::{
    Authority, Esim, Internet, Key, PATIENCE, Play, Screen, Sender, Spot, Stage, Tunnel,
    eventually, now, play,
};
use serde_json::json;

use crate::accessibility::{audit, axe};
use crate::usual;

const SECRET: &str = "whsec_of_the_portal";
const HOUR_MS: i64 = 3_600_000;

#[test]
fn a_desk_is_set_up_told_asked_and_greeted() -> Result<()> {
    let (authority, internet) = (Authority::new()?, Internet::open()?);
    let bare = Play {
        secret: None,
        trust: Some(authority.file()),
        env: vec![internet.env()],
        ..usual()
    };
    play(&bare, async |stage| {
        let (axe, mut found) = (axe()?, Vec::new());
        let tunnel = set_up(stage, &authority, &axe, &mut found).await?;
        something_happens(stage, &authority).await?;
        a_traveller_calls(stage).await?;
        drop(tunnel);
        the_morning_after(stage, &axe, &mut found).await?;
        ensure!(found.is_empty(), "{found:#?}");
        Ok(())
    })
}

/// From nothing to a green check that a signed test event made the whole round trip.
async fn set_up(
    stage: &Stage,
    authority: &Authority,
    axe: &str,
    found: &mut Vec<String>,
) -> Result<Tunnel> {
    let desk = &stage.desk;
    desk.ready().await?;
    desk.await_part("setup").await?;
    audit(stage, axe, "Set-up, nothing done", found).await?;
    let port = stage.launch().port.context("it has a port of its own")?;
    let tunnel = Tunnel::open(authority, port).await?;
    desk.fill("public-url-input", &tunnel.url()).await?;
    desk.click("public-url-save").await?;
    desk.await_attribute("setup-tunnel", "data-done", "true")
        .await?;
    desk.fill("secret-input", SECRET).await?;
    desk.click("secret-save").await?;
    desk.await_attribute("setup-secret", "data-done", "true")
        .await?;
    desk.click("send-test").await?;
    desk.await_text("test-event", "whole round trip").await?;
    desk.await_text("test-event", "Its signature was checked")
        .await?;
    desk.await_part("setup-finished").await?;
    desk.await_attribute("setup-test", "data-done", "true")
        .await?;
    audit(stage, axe, "Set-up, all done", found).await?;
    desk.click(Spot::css("[data-testid=setup-finished] button"))
        .await?;
    desk.await_text("feed-item", "A test event of this program arrived.")
        .await?;
    Ok(tunnel)
}

/// A notification, worth reading; a click on it opens that eSIM.
async fn something_happens(stage: &Stage, authority: &Authority) -> Result<()> {
    let connection = stage.desk.invoke("connection", json!({})).await?;
    let url = connection
        .pointer("/providers/0/webhookUrl")
        .and_then(serde_json::Value::as_str)
        .context("no address")?;
    ensure!(url.starts_with("https://"), "{url}");
    let roamify = Sender::trusting(&authority.file(), url, Some(SECRET))?;
    let esim = Esim::numbered(8001);
    roamify
        .deliver(
            // Before the night that follows.
            &esim
                .status("ACTIVATED")
                .at(now() - 7200)
                .period(now() - 7200, now() + 86_400 * 9),
        )
        .await?;
    let server = &stage.desktop.notifications;
    let notice = server.notification(&["Activated: TRIP-8001"]).await?;
    server.click(&notice).await?;
    stage
        .desk
        .await_attribute("esim-detail", "data-key", &esim.esim_id)
        .await?;
    stage
        .desk
        .await_text("esim-status", "It is in use.")
        .await?;
    stage.desk.click("traveller-edit").await?;
    stage.desk.fill("traveller-name", "Maria Rossi").await?;
    stage.desk.click("traveller-save").await?;
    stage
        .desk
        .await_text(Spot::css("h1"), "Maria Rossi")
        .await?;
    Ok(())
}

/// Found by a name or the last digits, and one key copies it all.
async fn a_traveller_calls(stage: &Stage) -> Result<()> {
    let desk = &stage.desk;
    let esim = Esim::numbered(8001);
    desk.go(Screen::Today).await?;
    desk.press_letter('/').await?;
    for words in ["rossi", esim.last_six(), "trip-8001"] {
        desk.fill("esim-search", words).await?;
        desk.await_attribute("esim-list", "data-shown-search", words)
            .await?;
        desk.await_count("esim-row", 1).await?;
    }
    desk.press(Key::Enter).await?;
    desk.await_attribute("esim-detail", "data-ready", "true")
        .await?;
    desk.await_text(Spot::css("h1"), "Maria Rossi").await?;
    desk.press_letter('C').await?;
    desk.await_text("toast", "Copied for support").await?;
    Ok(())
}

/// One screen: what changed, what needs somebody.
async fn the_morning_after(stage: &mut Stage, axe: &str, found: &mut Vec<String>) -> Result<()> {
    stage.desk.kill().await?;
    let data = stage.launch().data_dir.clone();
    // The stage has a runtime on this thread already.
    let night = std::thread::scope(|scope| scope.spawn(|| a_night(&data)).join());
    night.map_err(|_| anyhow::anyhow!("the thread of the night panicked"))??;
    stage.restart().await?;
    let desk = &stage.desk;
    desk.ready().await?;
    let told = desk.await_text("lookback", "Since you last looked").await?;
    desk.await_text("lookback-absence", "While you were away")
        .await?;
    for part in ["2 new eSIMs", "2 Expired", "1 Revoked"] {
        let words = told.split_whitespace().collect::<Vec<_>>().join(" ");
        ensure!(words.contains(part), "{part} is not in {words}");
    }
    let expired = Spot::new("attention-group").with("data-rule", "expired");
    desk.await_text(expired, "TRIP-8002").await?;
    let revoked = Spot::new("attention-group").with("data-rule", "revoked");
    desk.await_text(revoked, "Maria Rossi").await?;
    desk.await_text(Spot::new("count-EXPIRED").inside("count-value"), "2")
        .await?;
    audit(stage, axe, "Today, in the morning", found).await?;
    let desk = &stage.desk;
    desk.click("lookback-EXPIRED").await?;
    let rows = desk.await_count("esim-row", 2).await?;
    ensure!(!rows.concat().contains("TRIP-8001"), "{rows:?}");
    desk.go(Screen::Today).await?;
    desk.click("lookback-read").await?;
    desk.await_count("lookback", 0).await?;
    Ok(())
}

/// Opens a folder. The program that was killed may hold it a moment longer.
fn open_when_free(data: &Path) -> Result<Store> {
    let look = async || match Store::open(data, |_| {}) {
        Err(busy @ OpenError::InUse { .. }) => Err(anyhow::Error::from(busy)),
        opened => Ok(opened),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    let opened = runtime.block_on(eventually(PATIENCE, "the folder to be free", look))?;
    Ok(opened?)
}

/// What came while nobody was there: as the desk would find its folder.
fn a_night(data: &Path) -> Result<()> {
    let store = open_when_free(data)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let evening = now_ms() - HOUR_MS;
    runtime.block_on(store.writer().mark_seen(evening))?;
    // As the program left it in the evening; from then on it was never told the time again.
    let listened = json!({ "listened_at_ms": evening, "absences": [] }).to_string();
    let left = store.writer().set(Setting::Listening, Some(listened));
    runtime.block_on(left)?;
    let at = evening / 1000;
    let events = [
        Esim::numbered(8002).status("EXPIRED").at(at).bytes(),
        Esim::numbered(8003).status("EXPIRED").at(at).bytes(),
        Esim::numbered(8001).status("REVOKED").at(at).bytes(),
    ];
    for body in events {
        runtime.block_on(store.writer().deliver(Delivery::of(body, evening + 1000)))?;
    }
    store.close();
    Ok(())
}
