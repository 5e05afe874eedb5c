//! The inbox in the window: an alert comes, is taken up, put off or muted, and the rules are set.

use anyhow::{Result, ensure};
use esim_watch_testkit::{Desk, Esim, Key, PATIENCE, Screen, Sender, Spot, eventually, now, play};
use serde_json::json;

use crate::accessibility::{audit, axe};
use crate::usual;

/// The rows of the inbox for this rule.
fn row(rule: &str) -> Spot {
    Spot::new("alert-row").with("data-rule", rule)
}

/// Delivers that this eSIM expired.
async fn expired(sender: &Sender, number: u32) -> Result<Esim> {
    let esim = Esim::numbered(number);
    sender.deliver(&esim.status("EXPIRED")).await?;
    Ok(esim)
}

async fn focus_rows(desk: &Desk) -> Result<()> {
    let grid = "document.querySelector('[role=grid]').focus()";
    desk.script(grid, vec![]).await.map(drop)
}

/// As [`audit`], where the switch of the theme is out of reach behind a question.
async fn audit_dialog(desk: &Desk, axe: &str, name: &str, found: &mut Vec<String>) -> Result<()> {
    let set = "document.documentElement.dataset.theme = arguments[0]";
    for theme in ["light", "dark"] {
        desk.script(set, vec![theme.into()]).await?;
        let violations = desk.audit(axe).await?;
        found.extend(
            violations
                .iter()
                .map(|one| format!("{name}, {theme}: {one}")),
        );
    }
    Ok(())
}

#[test]
fn what_expires_is_an_alert_that_is_acknowledged_with_a_note_by_keyboard() -> Result<()> {
    play(&usual(), async |stage| {
        let sender = stage.sender().await?;
        let esim = expired(&sender, 7001).await?;
        let desk = &stage.desk;
        desk.await_text("unread", "1").await?;
        desk.await_text("attention-group", &esim.reference).await?;
        desk.go(Screen::Alerts).await?;
        let text = desk.await_text(row("expired"), &esim.reference).await?;
        ensure!(text.contains(esim.last_six()), "{text}");

        focus_rows(desk).await?;
        desk.press_letter('n').await?;
        desk.await_part(Spot::css("[data-testid=note-input]:focus"))
            .await?;
        for letter in "called".chars() {
            desk.press_letter(letter).await?;
        }
        desk.press(Key::Enter).await?;
        desk.await_count("alert-row", 0).await?;
        desk.await_count("unread", 0).await?;

        desk.click("tab-acknowledged").await?;
        desk.await_text("details-note-text", "called").await?;
        desk.fill("alert-search", "CALLED").await?;
        desk.await_count("alert-row", 1).await?;
        desk.fill("alert-search", "nobody").await?;
        desk.await_count("alert-row", 0).await?;

        stage.restart().await?;
        let desk = &stage.desk;
        desk.go(Screen::Alerts).await?;
        desk.click("tab-acknowledged").await?;
        desk.await_text(row("expired"), "called").await?;
        Ok(())
    })
}

#[test]
fn what_was_done_is_undone_and_what_is_chosen_is_opened() -> Result<()> {
    play(&usual(), async |stage| {
        let sender = stage.sender().await?;
        let esim = expired(&sender, 7002).await?;
        let desk = &stage.desk;
        desk.go(Screen::Alerts).await?;
        desk.await_part(row("expired")).await?;
        focus_rows(desk).await?;
        desk.press_letter('e').await?;
        desk.await_count("alert-row", 0).await?;
        desk.click("toast-undo").await?;
        desk.await_text("unread", "1").await?;
        desk.await_part(row("expired")).await?;
        focus_rows(desk).await?;
        desk.press(Key::Enter).await?;
        desk.await_attribute("esim-detail", "data-key", &esim.esim_id)
            .await?;
        desk.await_text("esim-alert", &esim.reference).await?;
        desk.click("esim-acknowledge").await?;
        desk.await_attribute("esim-alert", "data-state", "acknowledged")
            .await
    })
}

/// At 200 % on a screen of 1280 × 800.
#[test]
fn the_row_that_the_keys_stand_on_is_in_view_where_the_page_scrolls_around_the_list() -> Result<()>
{
    play(&usual(), async |stage| {
        let sender = stage.sender().await?;
        for number in 7100..7108 {
            expired(&sender, number).await?;
        }
        let desk = &stage.desk;
        desk.await_text("unread", "8").await?;
        desk.go(Screen::Alerts).await?;
        desk.await_part(row("expired")).await?;
        for _ in 0..5 {
            desk.chord(Key::Control, '=').await?;
        }
        eventually(PATIENCE, "twice the size", async || {
            let width = desk.script("return innerWidth", vec![]).await?;
            ensure!(width == 640, "it is {width} wide");
            Ok(())
        })
        .await?;
        focus_rows(desk).await?;
        let out_of_view = "const grid = document.querySelector('[role=grid]');
             const row = document.getElementById(grid.getAttribute('aria-activedescendant'));
             const at = row.getBoundingClientRect(), main = document.querySelector('main').getBoundingClientRect();
             return Math.max(main.top - at.top, at.bottom - main.bottom, 0)";
        for _ in 0..7 {
            desk.press(Key::Down).await?;
            desk.at_rest().await?;
            let hidden = desk.script(out_of_view, vec![]).await?;
            ensure!(
                hidden.as_f64().is_some_and(|hidden| hidden < 1.0),
                "{hidden} pixels"
            );
        }
        Ok(())
    })
}

#[test]
fn many_are_selected_by_keyboard_and_snoozed_together() -> Result<()> {
    play(&usual(), async |stage| {
        let sender = stage.sender().await?;
        for number in 7010..7013 {
            expired(&sender, number).await?;
        }
        let desk = &stage.desk;
        desk.go(Screen::Alerts).await?;
        desk.await_count("alert-row", 3).await?;
        focus_rows(desk).await?;
        desk.press_letter(' ').await?;
        desk.press(Key::Down).await?;
        desk.press_letter(' ').await?;
        desk.await_text("alerts-total", "2").await?;
        desk.press_letter('s').await?;
        desk.await_part("snooze-dialog-tomorrow").await?;
        desk.press_letter('2').await?;
        desk.await_count("alert-row", 1).await?;
        desk.await_text("unread", "1").await?;
        desk.click("tab-snoozed").await?;
        desk.await_count("alert-row", 2).await?;
        desk.await_text("alert-row", "tomorrow").await?;
        Ok(())
    })
}

#[test]
fn muted_nothing_is_shown_and_the_alert_is_in_the_inbox() -> Result<()> {
    play(&usual(), async |stage| {
        let sender = stage.sender().await?;
        let desk = &stage.desk;
        desk.go(Screen::Alerts).await?;
        desk.click("mute-open").await?;
        desk.click("mute-dialog-hour").await?;
        desk.await_attribute("mute", "data-muted", "true").await?;
        desk.await_text("line-muted", "Muted until").await?;
        let quiet = expired(&sender, 7020).await?;
        desk.await_text(row("expired"), &quiet.reference).await?;
        desk.click("mute-end").await?;
        desk.await_attribute("mute", "data-muted", "false").await?;
        // What was held back is told now; while it was muted nothing was.
        let server = &stage.desktop.notifications;
        server.notification(&[&quiet.reference]).await?;
        ensure!(server.notified().len() == 1, "{:?}", server.notified());
        Ok(())
    })
}

#[test]
fn an_esim_is_muted_where_it_is_looked_at() -> Result<()> {
    play(&usual(), async |stage| {
        let sender = stage.sender().await?;
        let esim = expired(&sender, 7021).await?;
        let desk = &stage.desk;
        desk.click(Spot::css("[data-testid=feed-item] button"))
            .await?;
        desk.await_attribute("esim-mute", "aria-checked", "false")
            .await?;
        desk.click("esim-mute").await?;
        desk.await_attribute("esim-mute", "aria-checked", "true")
            .await?;
        let muted = desk
            .invoke("esim_muted", json!({ "key": esim.esim_id }))
            .await?;
        ensure!(muted == json!(true), "{muted}");
        Ok(())
    })
}

#[test]
fn a_rule_that_is_changed_counts_at_once() -> Result<()> {
    play(&usual(), async |stage| {
        let sender = stage.sender().await?;
        let desk = &stage.desk;
        desk.go(Screen::Settings).await?;
        desk.click("enabled-expired").await?;
        desk.await_attribute("enabled-expired", "aria-checked", "false")
            .await?;
        desk.fill("number-dataLowPercent", "90").await?;
        desk.press(Key::Enter).await?;
        desk.await_text("number-dataLowPercent-said", "Saved.")
            .await?;
        desk.fill("number-noEventHours", "1").await?;
        desk.press(Key::Enter).await?;
        desk.await_text("number-noEventHours-said", "from 5 to 168 hours")
            .await?;

        let [off, low] = [7030, 7031].map(Esim::numbered);
        sender.deliver(&off.status("EXPIRED")).await?;
        let used = low
            .status("ACTIVATED")
            .period(now() - 3600, now() + 864_000);
        sender.deliver(&used.at(now() - 10)).await?;
        sender.deliver(&low.usage(1000.0, 800.0)).await?;
        desk.go(Screen::Alerts).await?;
        desk.await_text(row("dataLow"), &low.reference).await?;
        desk.await_count(row("expired"), 0).await?;

        // Set back, what is so already is an alert, too.
        desk.go(Screen::Settings).await?;
        desk.click("rules-restore").await?;
        desk.click("rules-restore-yes").await?;
        desk.await_attribute("enabled-expired", "aria-checked", "true")
            .await?;
        desk.go(Screen::Alerts).await?;
        desk.await_count(row("dataLow"), 0).await?;
        Ok(())
    })
}

#[test]
fn a_test_notification_says_that_it_was_shown() -> Result<()> {
    play(&usual(), async |stage| {
        let desk = &stage.desk;
        desk.go(Screen::Settings).await?;
        desk.click("test-notification").await?;
        desk.await_text(Spot::css("#test-result"), "shown").await?;
        let server = &stage.desktop.notifications;
        server.notification(&["test notification"]).await?;
        Ok(())
    })
}

#[test]
fn alerts_and_settings_keep_no_one_out() -> Result<()> {
    play(&usual(), async |stage| {
        let (axe, mut found) = (axe()?, Vec::new());
        let sender = stage.sender().await?;
        let desk = &stage.desk;
        desk.go(Screen::Alerts).await?;
        desk.await_text("inbox", "Nothing needs you.").await?;
        audit(stage, &axe, "Alerts, empty", &mut found).await?;
        for (number, status) in [(7040, "EXPIRED"), (7041, "REVOKED"), (7042, "ACTIVATED")] {
            let esim = Esim::numbered(number);
            let status = esim.status(status).period(now() - 3600, now() + 864_000);
            sender.deliver(&status).await?;
        }
        desk.await_count("alert-row", 3).await?;
        audit(stage, &axe, "Alerts", &mut found).await?;
        focus_rows(desk).await?;
        desk.press_letter('n').await?;
        desk.await_part("note-input").await?;
        audit_dialog(desk, &axe, "a note", &mut found).await?;
        desk.press(Key::Escape).await?;
        desk.await_count("note-dialog", 0).await?;
        focus_rows(desk).await?;
        desk.press_letter('s').await?;
        desk.await_part("snooze-dialog").await?;
        audit_dialog(desk, &axe, "until when", &mut found).await?;
        desk.press(Key::Escape).await?;
        desk.await_count("snooze-dialog", 0).await?;
        focus_rows(desk).await?;
        desk.press_letter(' ').await?;
        desk.await_part("bulk").await?;
        audit(stage, &axe, "Alerts, selected", &mut found).await?;
        desk.press_letter('e').await?;
        desk.await_part("toast").await?;
        desk.click("tab-all").await?;
        desk.await_count("alert-row", 3).await?;
        audit(stage, &axe, "Alerts, all", &mut found).await?;
        desk.go(Screen::Settings).await?;
        desk.await_part("keeping-bodiesDays").await?;
        desk.click("quiet-on").await?;
        desk.await_attribute("quiet-on", "aria-checked", "true")
            .await?;
        desk.click("enabled-pastEnd").await?;
        audit(stage, &axe, "Settings", &mut found).await?;
        desk.go(Screen::Today).await?;
        desk.await_part("attention-group").await?;
        audit(stage, &axe, "Today, attention", &mut found).await?;
        desk.click(Spot::css("[data-testid=attention-group] .newest button"))
            .await?;
        desk.await_part("esim-alert").await?;
        audit(stage, &axe, "one eSIM with alerts", &mut found).await?;
        assert!(
            found.is_empty(),
            "{} violations:\n{}",
            found.len(),
            found.join("\n")
        );
        Ok(())
    })
}

#[test]
fn rows_hold_still_while_somebody_chooses() -> Result<()> {
    play(&usual(), async |stage| {
        let sender = stage.sender().await?;
        expired(&sender, 7050).await?;
        let desk = &stage.desk;
        desk.go(Screen::Alerts).await?;
        desk.await_count("alert-row", 1).await?;
        expired(&sender, 7051).await?;
        desk.await_count("alert-row", 2).await?;
        focus_rows(desk).await?;
        desk.press_letter(' ').await?;
        expired(&sender, 7052).await?;
        desk.await_text("alerts-pending", "1 new").await?;
        desk.await_count("alert-row", 2).await?;
        desk.click("alerts-pending").await?;
        eventually(PATIENCE, "the new alert on top", async || {
            let rows = desk.texts("alert-row").await?;
            ensure!(rows.len() == 3, "{rows:?}");
            Ok(())
        })
        .await
    })
}
