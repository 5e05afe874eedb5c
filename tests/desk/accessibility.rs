//! Every screen, light and dark, as axe-core sees it.

use anyhow::{Context, Result};
use esim_watch_testkit::{Esim, Play, Screen, Spot, Stage, now, play};

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
        desk.go(Screen::Connection).await?;
        desk.await_part("port-input").await?;
        audit(stage, &axe, "Connection", &mut found).await?;

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
