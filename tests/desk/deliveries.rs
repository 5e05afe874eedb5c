//! What came, what became of it, and whether anything can come at all.

use anyhow::{Result, ensure};
use esim_watch_testkit::{Esim, PATIENCE, Screen, Spot, eventually, play};
use serde_json::json;

use crate::{await_events, usual};

#[test]
fn every_request_is_listed_with_verdict_answer_and_time() -> Result<()> {
    play(&usual(), async |stage| {
        let (sender, desk) = (stage.sender().await?, &stage.desk);
        let payload = Esim::numbered(6001).status("ACTIVATED");
        sender.deliver(&payload).await?;
        sender.deliver(&payload).await?;
        ensure!(sender.post("no json").await?.status == 400);
        ensure!(sender.post_signed("{}", Some("wrong")).await?.status == 401);
        await_events(desk, 1).await?;
        desk.go(Screen::Deliveries).await?;
        desk.await_count("delivery-row", 2).await?;
        desk.await_text("delivery-row", "Malformed").await?;
        let accepted = Spot::new("delivery-row").with("data-verdict", "accepted");
        desk.await_text(accepted.clone(), "2 ×").await?;
        // Times are written together, some seconds later.
        eventually(PATIENCE, "a measured answer", async || {
            desk.click("deliveries-all").await?;
            let text = desk.text(accepted.clone()).await?;
            ensure!(text.contains(" ms"), "{text}");
            Ok(())
        })
        .await?;
        desk.click(Spot::css(
            "[data-testid=delivery-row][data-verdict=accepted] button",
        ))
        .await?;
        desk.await_text("delivery-body", "\"status\": \"ACTIVATED\"")
            .await?;
        desk.click("resend").await?;
        desk.await_text("toast", "nothing is stored twice").await?;
        desk.click("deliveries-refused").await?;
        desk.await_text("refusal", "does not fit the body").await?;
        Ok(())
    })
}

#[test]
fn a_test_event_says_how_far_it_came() -> Result<()> {
    play(&usual(), async |stage| {
        let desk = &stage.desk;
        stage.sender().await?;
        desk.go(Screen::Deliveries).await?;
        desk.click("send-test").await?;
        desk.await_text("test-event", "arrived on this computer")
            .await?;
        desk.await_text("test-event", "Its signature was checked")
            .await?;
        desk.go(Screen::Today).await?;
        desk.await_text("feed-item", "A test event of this program arrived.")
            .await?;
        desk.await_text("total-unrecognized", "0").await?;
        // An address at which nothing answers.
        desk.invoke(
            "set_public_url",
            json!({ "url": "https://nothing.invalid" }),
        )
        .await?;
        desk.go(Screen::Connection).await?;
        desk.click("send-test").await?;
        desk.await_text("test-event", "The public address can't be reached")
            .await?;
        Ok(())
    })
}
