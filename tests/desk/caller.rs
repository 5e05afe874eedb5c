//! A traveller calls: found by name or by the last digits, with all that the desk and Roamify's support ask.

use anyhow::{Result, ensure};
use esim_watch_testkit::{Esim, Key, Screen, Spot, Stage, now, play};
use serde_json::json;

use crate::{await_events, usual};

const DAY: i64 = 86_400;

/// An eSIM in use for two days, with what it used where.
async fn in_use(stage: &Stage, number: u32) -> Result<Esim> {
    let sender = stage.sender().await?;
    let esim = Esim::numbered(number);
    let (start, end) = (now() - 2 * DAY, now() + 5 * DAY);
    let list = json!([
        { "date": "2026-11-20", "data_used": 700, "location": "ES" },
        { "date": "2026-11-21", "data_used": "500.5", "location": "FR" },
    ]);
    let payloads = [
        esim.status("ACTIVATED").at(start),
        esim.usage(3072.0, 2372.0).at(start + DAY),
        esim.usage(3072.0, 1200.0)
            .at(now() - 60)
            .set("usage_list", list),
    ];
    for payload in payloads {
        sender.deliver(&payload.period(start, end)).await?;
    }
    await_events(&stage.desk, 3).await?;
    Ok(esim)
}

#[test]
fn a_traveller_is_noted_found_by_name_and_copied_for_support() -> Result<()> {
    play(&usual(), async |stage| {
        let esim = in_use(stage, 7001).await?;
        let desk = &stage.desk;
        desk.go(Screen::Esims).await?;
        desk.click(Spot::new("esim-row").with("data-key", &esim.esim_id))
            .await?;
        desk.await_attribute("esim-detail", "data-ready", "true")
            .await?;
        desk.await_text("next-step", "Nothing to do.").await?;
        // 1,872 MB in two days: the rest is gone before the period is.
        desk.await_text("pace", "before the period ends").await?;
        desk.await_text("usage", "Spain").await?;
        desk.click("traveller-edit").await?;
        desk.fill("traveller-name", "María Rossi <script>").await?;
        desk.fill("traveller-contact", "+39 06 1234").await?;
        desk.fill("traveller-note", "Lands at 7, hotel has no Wi-Fi")
            .await?;
        desk.click("traveller-save").await?;
        desk.await_text(Spot::css("h1"), "María Rossi <script>")
            .await?;

        desk.press(Key::Escape).await?;
        desk.await_part("esim-search").await?;
        for words in ["maria rossi", "no wi-fi", "+39 06"] {
            desk.fill("esim-search", words).await?;
            desk.await_attribute("esim-list", "data-shown-search", words)
                .await?;
            desk.await_count("esim-row", 1).await?;
            desk.await_text("esim-row", "María Rossi <script>").await?;
        }
        desk.press(Key::Enter).await?;
        desk.await_attribute("esim-detail", "data-ready", "true")
            .await?;
        desk.press_letter('C').await?;
        desk.await_text("toast", "Copied for support").await?;
        let text = desk
            .invoke("copy_for_support", json!({ "key": esim.esim_id }))
            .await?;
        let text = text.as_str().unwrap_or_default();
        ensure!(
            text.contains(&format!("ICCID:           {}", esim.iccid)),
            "{text}"
        );
        ensure!(
            text.contains("Last used:       2026-11-21 (FR), 500.5 MB"),
            "{text}"
        );
        ensure!(text.contains("ACTIVATED"), "{text}");
        ensure!(!text.contains("Rossi") && !text.contains("+39"), "{text}");
        Ok(())
    })
}

#[test]
fn the_palette_leads_to_an_esim_from_anywhere() -> Result<()> {
    play(&usual(), async |stage| {
        let esim = in_use(stage, 7002).await?;
        let desk = &stage.desk;
        desk.go(Screen::Settings).await?;
        desk.chord(Key::Control, 'k').await?;
        desk.await_part("palette-input").await?;
        for letter in "7002".chars() {
            desk.press_letter(letter).await?;
        }
        desk.await_text("palette-esim", &esim.reference).await?;
        desk.press(Key::Enter).await?;
        desk.await_attribute("esim-detail", "data-key", &esim.esim_id)
            .await?;
        desk.await_count("palette", 0).await?;
        desk.press_letter('?').await?;
        desk.await_text("help", "Copy the ICCID").await?;
        desk.press(Key::Escape).await?;
        desk.await_count("help", 0).await?;
        desk.press_letter('g').await?;
        desk.press_letter('a').await?;
        desk.await_part("inbox").await?;
        Ok(())
    })
}

#[test]
fn how_the_window_looks_is_kept_over_a_restart() -> Result<()> {
    play(&usual(), async |stage| {
        in_use(stage, 7003).await?;
        stage.desk.theme("dark").await?;
        stage.desk.go(Screen::Settings).await?;
        stage.desk.click("density-compact").await?;
        stage.desk.click("hours-twentyFour").await?;
        stage.desk.go(Screen::Esims).await?;
        stage.desk.click("columns").await?;
        stage.desk.click("columns-package").await?;
        let head = Spot::css("[role=columnheader]").with("data-column", "package");
        stage.desk.await_part(head.clone()).await?;
        stage.restart().await?;
        stage.desk.ready().await?;
        let root = Spot::css("html");
        for (name, value) in [("data-theme", "dark"), ("data-density", "compact")] {
            stage
                .desk
                .await_attribute(root.clone(), name, value)
                .await?;
        }
        stage.desk.go(Screen::Esims).await?;
        stage.desk.await_part(head).await?;
        stage.desk.await_text("esim-row", "10 GB - 30 Days").await?;
        let height = "return document.querySelector('[data-testid=esim-row]').offsetHeight";
        let height = stage.desk.script(height, vec![]).await?;
        ensure!(height == 28, "a row is {height} px high");
        Ok(())
    })
}

#[test]
fn a_number_that_is_pasted_into_the_palette_is_opened_by_enter() -> Result<()> {
    play(&usual(), async |stage| {
        let first = in_use(stage, 7004).await?;
        let sender = stage.sender().await?;
        let second = Esim::numbered(7005);
        sender.deliver(&second.status("ACTIVATED")).await?;
        await_events(&stage.desk, 4).await?;
        let desk = &stage.desk;
        for (turn, esim) in [&first, &second, &first, &second].into_iter().enumerate() {
            desk.invoke("copy_text", json!({ "text": esim.iccid }))
                .await?;
            desk.chord(Key::Control, 'k').await?;
            desk.await_part(Spot::css("[data-testid=palette-input]:focus"))
                .await?;
            desk.chord(Key::Control, 'v').await?;
            // Half of the times somebody looks first what was found.
            if turn < 2 {
                let marked = Spot::css("[data-testid=palette-esim][data-selected]");
                desk.await_text(marked, &esim.reference).await?;
                desk.await_count("palette-esim", 1).await?;
            }
            desk.press(Key::Enter).await?;
            desk.await_attribute("esim-detail", "data-key", &esim.esim_id)
                .await?;
        }
        Ok(())
    })
}
