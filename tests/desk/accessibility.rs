//! Every screen, light and dark, as axe-core sees it.

use anyhow::{Context, Result};
use esim_watch_testkit::{Esim, Key, Payload, Play, Screen, Spot, Stage, now, play};

use crate::{await_events, usual};

/// The source of axe-core.
pub fn axe() -> Result<String> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/ui/node_modules/axe-core/axe.min.js"
    );
    std::fs::read_to_string(path).with_context(|| format!("{path}: `npm ci` in ui/ installs it"))
}

/// What is wrong with the screen as it is, in both themes.
pub async fn audit(stage: &Stage, axe: &str, screen: &str, found: &mut Vec<String>) -> Result<()> {
    for theme in ["light", "dark"] {
        stage.desk.theme(theme).await?;
        let violations = stage.desk.audit(axe).await?;
        found.extend(
            violations
                .into_iter()
                .map(|one| format!("{screen}, {theme}: {one}")),
        );
    }
    Ok(())
}

#[test]
fn no_screen_keeps_anyone_out() -> Result<()> {
    play(&usual(), async |stage| {
        let (axe, mut found) = (axe()?, Vec::new());
        let sender = stage.sender().await?;
        let desk = &stage.desk;
        audit(stage, &axe, "Today, empty", &mut found).await?;
        desk.go(Screen::Esims).await?;
        audit(stage, &axe, "eSIMs, empty", &mut found).await?;

        let statuses = [
            "NEW",
            "READY",
            "DOWNLOADED",
            "INSTALLED",
            "ACTIVATED",
            "INACTIVE",
            "EXPIRED",
            "REVOKED",
            "DELETED",
            "UNKNOWN",
            "ASTRAY",
        ];
        for (number, status) in (9000..).zip(statuses) {
            let esim = Esim {
                reference: "TRIP-ALL".into(),
                ..Esim::numbered(number)
            };
            sender
                .deliver(&esim.status(status).period(now() - 86_400, now() + 86_400))
                .await?;
        }
        let esim = Esim {
            reference: "TRIP-ALL".into(),
            ..Esim::numbered(9004)
        };
        sender
            .deliver(&esim.usage(3072.0, 307.2).at(now() + 1))
            .await?;
        let events = statuses.len() + 1;
        desk.go(Screen::Today).await?;
        await_events(desk, events).await?;
        desk.await_count("feed-item", events).await?;
        audit(stage, &axe, "Today", &mut found).await?;
        desk.go(Screen::Esims).await?;
        desk.fill("esim-search", "trip-all").await?;
        desk.await_count("esim-row", statuses.len()).await?;
        audit(stage, &axe, "eSIMs", &mut found).await?;
        desk.fill("esim-search", "nobody").await?;
        desk.await_count("esim-row", 0).await?;
        audit(stage, &axe, "eSIMs, none found", &mut found).await?;
        desk.fill("esim-search", "").await?;
        desk.await_count("esim-row", statuses.len()).await?;
        desk.click(Spot::new("esim-row").with("data-key", &esim.esim_id))
            .await?;
        desk.click(Spot::css("[data-testid=timeline-item] button"))
            .await?;
        desk.await_part("payload").await?;
        audit(stage, &axe, "one eSIM", &mut found).await?;
        desk.click("traveller-edit").await?;
        desk.await_part("traveller-form").await?;
        audit(stage, &axe, "one eSIM, its traveller", &mut found).await?;
        desk.go(Screen::Connection).await?;
        desk.await_part("port-input").await?;
        audit(stage, &axe, "Connection", &mut found).await?;
        desk.go(Screen::Settings).await?;
        desk.await_part("density-compact").await?;
        audit(stage, &axe, "Settings", &mut found).await?;
        desk.go(Screen::Alerts).await?;
        desk.await_part("alert-row").await?;
        audit(stage, &axe, "Alerts", &mut found).await?;
        desk.go(Screen::Account).await?;
        audit(stage, &axe, "Account, empty", &mut found).await?;
        for (kind, balance) in [("low_balance", 80.0), ("top_up", 900.0)] {
            let told = Payload::balance(kind, balance, "USD");
            sender.deliver(&told.at(now() - balance as i64)).await?;
        }
        sender
            .deliver(&Payload::order("O-1", 80.0, "EUR", "completed"))
            .await?;
        sender
            .deliver(&Payload::refund("rejected", "r1", &esim))
            .await?;
        desk.await_part("refund-row").await?;
        audit(stage, &axe, "Account", &mut found).await?;
        desk.go(Screen::Deliveries).await?;
        desk.await_part("delivery-row").await?;
        desk.click(Spot::css("[data-testid=delivery-row] button"))
            .await?;
        desk.await_part("delivery-body").await?;
        desk.click("send-test").await?;
        desk.await_text("test-event", "It is stored").await?;
        audit(stage, &axe, "Deliveries", &mut found).await?;
        for (keys, dialog) in [('?', "help"), ('k', "palette")] {
            if keys == 'k' {
                desk.chord(Key::Control, keys).await?;
            } else {
                desk.press_letter(keys).await?;
            }
            desk.await_part(dialog).await?;
            let violations = desk.audit(&axe).await?;
            found.extend(violations.into_iter().map(|one| format!("{dialog}: {one}")));
            desk.press(Key::Escape).await?;
            desk.await_count(dialog, 0).await?;
        }

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
fn the_screen_of_a_failed_start_keeps_no_one_out() -> Result<()> {
    let before = |folder: &std::path::Path| Ok(std::fs::write(folder.join("data"), "a file")?);
    play(&Play { before, ..usual() }, async |stage| {
        stage.desk.await_part("fatal").await?;
        let found = stage.desk.audit(&axe()?).await?;
        assert!(found.is_empty(), "{}", found.join("\n"));
        Ok(())
    })
}
