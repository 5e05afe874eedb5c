//! Text that wants to be more than text, and identifiers that are longer than usual.

use anyhow::{Result, ensure};
use esim_watch_testkit::{Desk, Esim, Key, PATIENCE, Screen, Spot, Stage, eventually, play};
use serde_json::json;

use crate::{await_events, usual};

const MARKUP: &str =
    r#"<script>hacked=1</script><b onclick="hacked=1">TRIP</b><img src=x onerror=hacked=1>&lt;"#;

/// Opens the eSIM from the list and looks at it on each screen on the way.
async fn walk(desk: &Desk, key: &str, reference: &str) -> Result<()> {
    desk.await_text("feed-item", reference).await?;
    no_harm(desk).await?;
    desk.go(Screen::Esims).await?;
    let row = Spot::new("esim-row").with("data-key", key);
    desk.await_text(row.clone(), reference).await?;
    no_harm(desk).await?;
    desk.click(row).await?;
    desk.await_attribute("esim-detail", "data-ready", "true")
        .await?;
    desk.await_text("esim-detail", reference).await?;
    no_harm(desk).await?;
    desk.click(Spot::css("[data-testid=timeline-item] button"))
        .await?;
    desk.await_part("payload").await?;
    no_harm(desk).await
}

/// No script ran, and nothing made the window wider than it is.
async fn no_harm(desk: &Desk) -> Result<()> {
    let state = "return [typeof hacked, document.documentElement.scrollWidth <= innerWidth]";
    eventually(PATIENCE, "an unharmed window", async || {
        let state = desk.script(state, vec![]).await?;
        ensure!(
            state == json!(["undefined", true]),
            "[script ran, window is wide enough]: {state}"
        );
        Ok(())
    })
    .await
}

/// What dunst shows of the notification that names this eSIM.
async fn notified(stage: &Stage, last_six: &str) -> Result<String> {
    let server = &stage.desktop.notifications;
    let shown = server.notification(&[last_six]).await?;
    server.close_all().await?;
    Ok(server.remembered(&shown).await?.read)
}

#[test]
fn markup_in_an_order_reference_is_shown_as_it_was_sent() -> Result<()> {
    play(&usual(), async |stage| {
        let sender = stage.sender().await?;
        let esim = Esim {
            reference: MARKUP.into(),
            ..Esim::numbered(51)
        };
        sender.deliver(&esim.status("ACTIVATED")).await?;
        let read = notified(stage, esim.last_six()).await?;
        assert!(
            read.contains("<script>hacked=1</script><b onclick="),
            "{read}"
        );
        walk(&stage.desk, &esim.esim_id, MARKUP).await
    })
}

#[test]
fn markup_in_a_status_is_shown_as_text() -> Result<()> {
    play(&usual(), async |stage| {
        let (sender, desk) = (stage.sender().await?, &stage.desk);
        let esim = Esim::numbered(52);
        // Statuses are told apart without regard to case, and shown in capitals.
        let status = "<SCRIPT>HACKED=1</SCRIPT>";
        sender.deliver(&esim.status(status)).await?;
        await_events(desk, 1).await?;
        desk.await_text("total-unrecognized", "1").await?;
        desk.await_text("feed-item", status).await?;
        walk(desk, &esim.esim_id, &esim.reference).await
    })
}

#[test]
fn an_order_reference_of_200_characters_breaks_no_screen() -> Result<()> {
    play(&usual(), async |stage| {
        let sender = stage.sender().await?;
        let reference = "LONG-".repeat(40);
        let esim = Esim {
            reference: reference.clone(),
            ..Esim::numbered(53)
        };
        sender.deliver(&esim.status("EXPIRED")).await?;
        let read = notified(stage, esim.last_six()).await?;
        assert!(read.contains("LONG-LONG-"), "{read}");
        walk(&stage.desk, &esim.esim_id, &reference).await
    })
}

#[test]
fn text_from_right_to_left_stays_in_its_place() -> Result<()> {
    play(&usual(), async |stage| {
        let sender = stage.sender().await?;
        let reference = "\u{202e}טיול 2025 \u{2066}exe.gpj";
        let esim = Esim {
            reference: reference.into(),
            ..Esim::numbered(54)
        };
        sender.deliver(&esim.status("REVOKED")).await?;
        let read = notified(stage, esim.last_six()).await?;
        assert!(read.contains("טיול 2025"), "{read}");
        assert!(
            !read.contains('\u{202e}'),
            "it turns the text after it: {read:?}"
        );
        // What turns text is no part of a reference.
        walk(&stage.desk, &esim.esim_id, "טיול 2025 exe.gpj").await
    })
}

#[test]
fn a_number_of_20_digits_keeps_its_last_digit() -> Result<()> {
    play(&usual(), async |stage| {
        let (sender, desk) = (stage.sender().await?, &stage.desk);
        let iccid = "89445001021983048267";
        let esim = Esim {
            iccid: iccid.into(),
            ..Esim::numbered(55)
        };
        let text = String::from_utf8(esim.status("ACTIVATED").bytes())?;
        let number = text.replace(&format!("\"{iccid}\""), iccid);
        let answer = sender.post(number).await?;
        assert_eq!(answer.status, 200, "{answer:?}");

        let read = notified(stage, "048267").await?;
        assert!(read.contains(&esim.reference), "{read}");
        desk.go(Screen::Esims).await?;
        desk.fill("esim-search", iccid).await?;
        desk.await_text("esim-row", iccid).await?;
        desk.press(Key::Enter).await?;
        desk.await_text("esim-detail", iccid).await?;
        Ok(())
    })
}
