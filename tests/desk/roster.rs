//! The list in memory behind the window: it holds what the store holds, also after a burst, and follows alerts.

use std::sync::Arc;

use anyhow::Result;
use esim_watch_testkit::{Esim, Screen, Spot, play};
use tokio::task::JoinSet;

use crate::{await_events, usual};

#[test]
fn after_a_burst_every_esim_is_in_the_list() -> Result<()> {
    play(&usual(), async |stage| {
        let sender = Arc::new(stage.sender().await?);
        let desk = &stage.desk;
        sender.deliver(&Esim::numbered(6000).status("NEW")).await?;
        desk.go(Screen::Esims).await?;
        desk.await_count("esim-row", 1).await?;
        // More at a time than one update tells.
        for first in (6001..6301).step_by(100) {
            let mut under_way = JoinSet::new();
            for number in first..first + 100 {
                let sender = Arc::clone(&sender);
                let told = Esim::numbered(number).status("ACTIVATED");
                under_way.spawn(async move { sender.deliver(&told).await });
            }
            while let Some(answer) = under_way.join_next().await {
                answer??;
            }
        }
        desk.await_part("list-pending").await?;
        desk.go(Screen::Today).await?;
        await_events(desk, 301).await?;
        desk.go(Screen::Esims).await?;
        desk.await_text("esim-list-total", "301").await?;
        for number in [6001, 6150, 6300] {
            desk.fill("esim-search", &format!("trip-{number}")).await?;
            let row = Spot::new("esim-row").with("data-key", &Esim::numbered(number).esim_id);
            desk.await_part(row).await?;
            desk.await_count("esim-row", 1).await?;
        }
        Ok(())
    })
}

#[test]
fn who_needs_somebody_comes_into_the_list_with_the_alert() -> Result<()> {
    play(&usual(), async |stage| {
        let (sender, desk) = (stage.sender().await?, &stage.desk);
        let (well, withdrawn) = (Esim::numbered(6501), Esim::numbered(6502));
        sender.deliver(&well.status("ACTIVATED")).await?;
        sender.deliver(&withdrawn.status("ACTIVATED")).await?;
        await_events(desk, 2).await?;
        desk.go(Screen::Esims).await?;
        desk.await_count("esim-row", 2).await?;
        desk.click("attention-filter").await?;
        desk.await_count("esim-row", 0).await?;
        sender.deliver(&withdrawn.status("REVOKED")).await?;
        let row = Spot::new("esim-row").with("data-key", &withdrawn.esim_id);
        desk.await_part(row).await?;
        desk.await_count("esim-row", 1).await?;
        Ok(())
    })
}
