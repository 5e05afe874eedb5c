//! The list in memory behind the window: it holds what the store holds, also after a burst, and follows alerts.

use std::sync::Arc;

use anyhow::{Result, ensure};
use esim_watch_testkit::{Esim, PATIENCE, Screen, Sender, Spot, eventually, play};
use serde_json::Value;
use tokio::task::JoinSet;

use crate::{await_events, usual};

/// A hundred eSIMs at once.
async fn burst(sender: &Arc<Sender>, first: u32) -> Result<()> {
    let mut under_way = JoinSet::new();
    for number in first..first + 100 {
        let sender = Arc::clone(sender);
        let told = Esim::numbered(number).status("ACTIVATED");
        under_way.spawn(async move { sender.deliver(&told).await });
    }
    while let Some(answer) = under_way.join_next().await {
        answer??;
    }
    Ok(())
}

#[test]
fn after_a_burst_every_esim_is_in_the_list() -> Result<()> {
    play(&usual(), async |stage| {
        let sender = Arc::new(stage.sender().await?);
        let desk = &stage.desk;
        sender.deliver(&Esim::numbered(6000).status("NEW")).await?;
        desk.go(Screen::Esims).await?;
        desk.await_count("esim-row", 1).await?;
        // More at a time than one update tells.
        for first in [6001, 6101, 6201] {
            burst(&sender, first).await?;
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

/// To make elements costs the frames in which somebody scrolls; to read rows in another order than they stand in
/// costs whoever has them read aloud.
#[test]
fn scrolled_rows_take_over_elements_and_stand_in_order_at_rest() -> Result<()> {
    play(&usual(), async |stage| {
        let sender = Arc::new(stage.sender().await?);
        let desk = &stage.desk;
        burst(&sender, 6001).await?;
        burst(&sender, 6101).await?;
        await_events(desk, 200).await?;
        desk.go(Screen::Esims).await?;
        desk.await_part("esim-row").await?;
        let rows = "[...document.querySelectorAll('[data-testid=esim-row]')]";
        let scroll = format!(
            "window.elements = new Set({rows});
            document.querySelector('[role=grid]').scrollTop = 3600;"
        );
        desk.script(&scroll, vec![]).await?;
        let look = format!(
            "const rows = {rows};
            const indices = rows.map(row => Number(row.ariaRowIndex ?? row.getAttribute('aria-rowindex')));
            const tops = rows.map(row => row.getBoundingClientRect().top);
            const ascends = numbers => numbers.every((number, at) => at === 0 || number > numbers[at - 1]);
            return {{
                first: indices[0],
                taken: rows.length > 0 && rows.every(row => elements.has(row)),
                inOrder: ascends(indices) && ascends(tops),
            }}"
        );
        eventually(PATIENCE, "rows further down, in order", async || {
            let seen = desk.script(&look, vec![]).await?;
            ensure!(
                seen.pointer("/first").and_then(Value::as_u64) > Some(80),
                "{seen}"
            );
            ensure!(seen.pointer("/taken") == Some(&Value::Bool(true)), "{seen}");
            ensure!(
                seen.pointer("/inOrder") == Some(&Value::Bool(true)),
                "{seen}"
            );
            Ok(())
        })
        .await
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
