//! Pictures, to be looked at.
use crate::usual;
use anyhow::Result;
use esim_watch_testkit::{Esim, Key, Screen, Spot, now, play};
use serde_json::json;
use std::path::Path;

#[test]
fn look() -> Result<()> {
    play(&usual(), async |stage| {
        let sender = stage.sender().await?;
        let desk = &stage.desk;
        let day = 86_400;
        for number in 0..60_u32 {
            let esim = Esim::numbered(2000 + number);
            let status = [
                "NEW",
                "INSTALLED",
                "ACTIVATED",
                "ACTIVATED",
                "ACTIVATED",
                "INACTIVE",
                "EXPIRED",
                "REVOKED",
            ][number as usize % 8];
            let start = now() - day * i64::from(number % 5) - 3600;
            sender
                .deliver(&esim.status(status).at(start).period(start, start + 7 * day))
                .await?;
        }
        let esim = Esim {
            reference: "TRIP-2026-ROSSI".into(),
            ..Esim::numbered(7001)
        };
        let (start, end) = (now() - 2 * day, now() + 5 * day);
        sender
            .deliver(&esim.status("INSTALLED").at(start - day).period(start, end))
            .await?;
        for (at, status) in [
            (0, "ACTIVATED"),
            (3606, "INACTIVE"),
            (3608, "ACTIVATED"),
            (3611, "INACTIVE"),
            (3613, "ACTIVATED"),
        ] {
            sender
                .deliver(&esim.status(status).at(start + at).period(start, end))
                .await?;
        }
        let list = json!([
            { "date": "2026-11-25", "data_used": 700, "location": "ES" },
            { "date": "2026-11-26", "data_used": "500.5", "location": "FR" },
            { "date": "2026-11-26", "data_used": "250", "location": "ES" },
            { "date": "2026-11-27", "data_used": "420", "location": "PT" },
        ]);
        sender
            .deliver(
                &esim
                    .usage(3072.0, 2372.0)
                    .at(start + day)
                    .period(start, end),
            )
            .await?;
        sender
            .deliver(
                &esim
                    .usage(3072.0, 1200.0)
                    .at(now() - 60)
                    .period(start, end)
                    .set("usage_list", list),
            )
            .await?;
        let other = Esim {
            reference: esim.reference.clone(),
            ..Esim::numbered(7002)
        };
        sender
            .deliver(&other.status("EXPIRED").at(now() - 30).period(start, now()))
            .await?;
        desk.await_text("feed-item", "ROSSI").await?;
        desk.invoke("set_esim_traveller", json!({ "key": esim.esim_id, "ofOrder": true, "traveller": { "name": "María Rossi", "contact": "+39 06 1234 567", "tripStart": "2026-11-24", "tripEnd": "2026-12-01", "note": "Lands at 7, hotel has no Wi-Fi.", "tags": ["VIP", "Group 7"] } })).await?;
        let shot = async |name: &str| -> Result<()> {
            for theme in ["light", "dark"] {
                desk.theme(theme).await?;
                desk.at_rest().await?;
                let path = format!("/tmp/w/shots/{name}-{theme}.png");
                std::fs::create_dir_all("/tmp/w/shots")?;
                stage.desktop.photograph_at_rest(Path::new(&path)).await?;
            }
            Ok(())
        };
        desk.resize(1280, 800).await?;
        shot("today").await?;
        desk.go(Screen::Esims).await?;
        desk.await_part("esim-row").await?;
        shot("esims").await?;
        desk.script("document.querySelector('[role=grid]').focus()", vec![])
            .await?;
        for _ in 0..3 {
            desk.press_letter(' ').await?;
            desk.press(Key::Down).await?;
        }
        desk.click("status-filter").await?;
        desk.at_rest().await?;
        stage
            .desktop
            .photograph_at_rest(Path::new("/tmp/w/shots/esims-menu.png"))
            .await?;
        desk.press(Key::Escape).await?;
        desk.chord(Key::Control, 'k').await?;
        desk.await_part("palette-input").await?;
        for letter in "70".chars() {
            desk.press_letter(letter).await?;
        }
        desk.await_part("palette-esim").await?;
        desk.at_rest().await?;
        stage
            .desktop
            .photograph_at_rest(Path::new("/tmp/w/shots/palette.png"))
            .await?;
        desk.press(Key::Escape).await?;
        desk.fill("esim-search", "maria").await?;
        desk.await_count("esim-row", 2).await?;
        desk.click(Spot::new("esim-row").with("data-key", &esim.esim_id))
            .await?;
        desk.await_part("usage").await?;
        shot("esim").await?;
        desk.click("traveller-edit").await?;
        shot("esim-edit").await?;
        Ok(())
    })
}
