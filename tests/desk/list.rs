//! Finding an eSIM while its traveller is on the phone: search, filter, keys, payload.

use anyhow::{Context, Result, ensure};
use esim_watch_testkit::{Esim, Key, PATIENCE, Screen, Spot, Stage, eventually, now, play};
use serde_json::json;

use crate::{await_events, usual};

/// Three eSIMs: 8001 and 8002 in use, 8003 eSIMs expired.
async fn three(stage: &Stage) -> Result<[Esim; 3]> {
    let sender = stage.sender().await?;
    let esims = [8001, 8002, 8003].map(Esim::numbered);
    for (esim, status) in esims.iter().zip(["ACTIVATED", "ACTIVATED", "EXPIRED"]) {
        sender.deliver(&esim.status(status)).await?;
    }
    await_events(&stage.desk, 3).await?;
    stage.desk.await_text("total-esims", "3").await?;
    Ok(esims)
}

fn row(esim: &Esim) -> Spot {
    Spot::new("esim-row").with("data-key", &esim.esim_id)
}

#[test]
fn a_part_of_the_number_or_of_the_reference_finds_the_esim() -> Result<()> {
    play(&usual(), async |stage| {
        let [first, second, _] = three(stage).await?;
        let desk = &stage.desk;
        desk.go(Screen::Esims).await?;
        desk.await_count("esim-row", 3).await?;
        for (words, found) in [
            ("008002", &second),
            ("trip-8001", &first),
            (" 00 8002 ", &second),
        ] {
            desk.fill("esim-search", words).await?;
            desk.await_part(row(found)).await?;
            desk.await_count("esim-row", 1).await?;
            desk.await_text("esim-list-total", "1").await?;
        }
        desk.fill("esim-search", "nobody").await?;
        desk.await_count("esim-row", 0).await?;
        desk.fill("esim-search", "").await?;
        desk.await_count("esim-row", 3).await?;
        Ok(())
    })
}

#[test]
fn selected_rows_are_copied_as_a_table() -> Result<()> {
    play(&usual(), async |stage| {
        let esims = three(stage).await?;
        let desk = &stage.desk;
        desk.go(Screen::Esims).await?;
        desk.await_count("esim-row", 3).await?;
        desk.script("document.querySelector('[role=grid]').focus()", vec![])
            .await?;
        desk.chord(Key::Control, 'a').await?;
        desk.await_text("selection", "3 selected").await?;
        desk.chord(Key::Control, 'c').await?;
        desk.await_text("toast", "3 rows copied").await?;
        // What is pasted where only plain text is taken.
        desk.fill("esim-search", "").await?;
        desk.script(
            "window.pasted = null; addEventListener('paste', event => {
                window.pasted = ['text/html', 'text/plain'].map(kind => event.clipboardData.getData(kind));
            })",
            vec![],
        )
        .await?;
        desk.chord(Key::Control, 'v').await?;
        let pasted = eventually(PATIENCE, "something pasted", async || {
            let pasted = desk.script("return window.pasted", vec![]).await?;
            serde_json::from_value::<[String; 2]>(pasted).context("nothing")
        })
        .await?;
        let [html, text] = pasted;
        ensure!(html.contains("<table"), "{html}");
        for esim in &esims {
            ensure!(
                html.contains(&esim.iccid) && text.contains(&esim.iccid),
                "{html}\n{text}"
            );
        }
        ensure!(
            text.starts_with("Traveller\tContact\tOrder reference\tICCID"),
            "{text}"
        );
        ensure!(text.lines().count() == 4, "{text}");
        Ok(())
    })
}

#[test]
fn columns_stand_where_they_are_put() -> Result<()> {
    play(&usual(), async |stage| {
        let [esim, ..] = three(stage).await?;
        let desk = &stage.desk;
        desk.go(Screen::Esims).await?;
        desk.await_count("esim-row", 3).await?;
        let heading = |name: &str| Spot::css("[role=columnheader]").with("data-column", name);
        let first_columns = async |expected: [&str; 2]| {
            let what = format!("columns that begin with {expected:?}");
            eventually(PATIENCE, &what, async || {
                let headings = Spot::css("[role=columnheader]");
                let all = desk.attributes(headings, "data-column").await?;
                ensure!(all.starts_with(&expected.map(str::to_owned)), "{all:?}");
                Ok(())
            })
            .await
        };
        first_columns(["traveller", "reference"]).await?;
        // Let go outside of the headings: a key sorts all the same afterwards.
        desk.drag(heading("iccid"), "esim-row").await?;
        let focus = "document.querySelector('[data-column=iccid] button').focus()";
        desk.script(focus, vec![]).await?;
        desk.press(Key::Enter).await?;
        desk.await_part(heading("iccid").with("aria-sort", "ascending"))
            .await?;

        desk.drag(heading("iccid"), "select-all").await?;
        first_columns(["iccid", "traveller"]).await?;
        let cells = Spot::css("[data-testid=esim-row] [role=gridcell]:nth-child(2)");
        ensure!(desk.texts(cells).await?.contains(&esim.iccid));
        // A drag is no click: it neither sorts nor selects.
        ensure!(desk.attribute(heading("iccid"), "aria-sort").await? == "ascending");
        desk.await_count("selection", 0).await?;

        desk.click("columns").await?;
        desk.await_part("columns-iccid").await?;
        let focus = "document.querySelector('[data-testid=columns-iccid]').focus()";
        desk.script(focus, vec![]).await?;
        desk.chord(Key::Alt, Key::Down.into()).await?;
        first_columns(["traveller", "iccid"]).await?;
        // It has the focus still.
        desk.chord(Key::Alt, Key::Down.into()).await?;
        first_columns(["traveller", "reference"]).await?;
        desk.chord(Key::Alt, Key::Up.into()).await?;
        first_columns(["traveller", "iccid"]).await?;
        let kept = desk.invoke("look", json!({})).await?;
        ensure!(
            kept.pointer("/columns/1") == Some(&json!("iccid")),
            "{kept}"
        );
        Ok(())
    })
}

#[test]
fn an_empty_list_fills_by_itself() -> Result<()> {
    play(&usual(), async |stage| {
        let (sender, desk) = (stage.sender().await?, &stage.desk);
        desk.go(Screen::Esims).await?;
        desk.await_text("esim-list-total", "0").await?;
        sender.deliver(&Esim::numbered(8005).status("NEW")).await?;
        desk.await_count("esim-row", 1).await?;
        Ok(())
    })
}

#[test]
fn a_list_that_is_looked_at_again_is_complete() -> Result<()> {
    play(&usual(), async |stage| {
        let sender = stage.sender().await?;
        three(stage).await?;
        let desk = &stage.desk;
        desk.go(Screen::Esims).await?;
        desk.await_count("esim-row", 3).await?;
        desk.go(Screen::Today).await?;
        sender.deliver(&Esim::numbered(8006).status("NEW")).await?;
        await_events(desk, 4).await?;
        desk.go(Screen::Esims).await?;
        desk.await_count("esim-row", 4).await?;
        Ok(())
    })
}

#[test]
fn a_list_that_is_looked_at_holds_new_rows_back_until_asked() -> Result<()> {
    play(&usual(), async |stage| {
        let sender = stage.sender().await?;
        three(stage).await?;
        let desk = &stage.desk;
        desk.go(Screen::Esims).await?;
        desk.await_count("esim-row", 3).await?;
        sender.deliver(&Esim::numbered(8007).status("NEW")).await?;
        desk.await_text("list-pending", "1").await?;
        desk.await_count("esim-row", 3).await?;
        desk.click("list-pending").await?;
        desk.await_count("esim-row", 4).await?;
        Ok(())
    })
}

#[test]
fn the_status_filter_shows_those_with_the_status() -> Result<()> {
    play(&usual(), async |stage| {
        let [_, _, expired] = three(stage).await?;
        let desk = &stage.desk;
        desk.go(Screen::Esims).await?;
        for status in ["EXPIRED", "ACTIVATED"] {
            desk.click("status-filter").await?;
            desk.click(&*format!("status-filter-{status}")).await?;
            desk.press(Key::Escape).await?;
            desk.await_count("status-filter-menu", 0).await?;
            let found = if status == "EXPIRED" { 1 } else { 3 };
            desk.await_count("esim-row", found).await?;
        }
        desk.await_part(row(&expired)).await?;
        desk.click("clear-filters").await?;
        desk.await_count("esim-row", 3).await?;
        desk.go(Screen::Today).await?;
        desk.click("count-EXPIRED").await?;
        desk.await_count("esim-row", 1).await?;
        Ok(())
    })
}

#[test]
fn an_esim_is_found_opened_and_left_with_the_keyboard_alone() -> Result<()> {
    play(&usual(), async |stage| {
        let [_, second, _] = three(stage).await?;
        let desk = &stage.desk;
        desk.press_letter('/').await?;
        desk.await_part("esim-search").await?;
        let focused = Spot::css("[data-testid=esim-search]:focus");
        desk.await_part(focused).await?;
        for letter in "8002".chars() {
            desk.press_letter(letter).await?;
        }
        desk.await_count("esim-row", 1).await?;
        desk.await_part(row(&second)).await?;
        desk.press(Key::Down).await?;
        desk.press(Key::Enter).await?;
        desk.await_attribute("esim-detail", "data-key", &second.esim_id)
            .await?;
        desk.press(Key::Escape).await?;
        desk.await_part(row(&second)).await?;
        Ok(())
    })
}

#[test]
fn the_timeline_shows_what_roamify_sent() -> Result<()> {
    play(&usual(), async |stage| {
        let (sender, desk) = (stage.sender().await?, &stage.desk);
        let esim = Esim::numbered(8004);
        sender
            .deliver(&esim.status("INSTALLED").at(now() - 7200))
            .await?;
        sender
            .deliver(
                &esim
                    .status("ACTIVATED")
                    .at(now() - 3600)
                    .set("note", "kept <as> sent"),
            )
            .await?;
        await_events(desk, 2).await?;
        desk.go(Screen::Esims).await?;
        desk.click(row(&esim)).await?;
        desk.await_count("timeline-item", 2).await?;
        let newest = Spot::new("timeline-item").with("data-status", "ACTIVATED");
        desk.await_part(newest).await?;
        desk.click(Spot::css(
            "[data-testid=timeline-item][data-status=ACTIVATED] button",
        ))
        .await?;
        let payload = desk.await_text("payload", &esim.iccid).await?;
        assert!(payload.contains("kept <as> sent"), "{payload}");
        // It is still there when the next event comes.
        sender.deliver(&esim.status("EXPIRED")).await?;
        desk.await_attribute("esim-status", "data-status", "EXPIRED")
            .await?;
        desk.await_count("timeline-item", 3).await?;
        desk.await_text("payload", "kept <as> sent").await?;
        Ok(())
    })
}

#[test]
fn an_esim_that_is_open_shows_a_change_at_once() -> Result<()> {
    play(&usual(), async |stage| {
        let [first, ..] = three(stage).await?;
        let desk = &stage.desk;
        desk.click(Spot::css("[data-testid=feed-item]:last-child button"))
            .await?;
        desk.await_attribute("esim-detail", "data-key", &first.esim_id)
            .await?;
        let sender = stage.sender().await?;
        desk.go(Screen::Esims).await?;
        desk.click(row(&first)).await?;
        desk.await_attribute("esim-status", "data-status", "ACTIVATED")
            .await?;
        sender
            .deliver(&first.status("REVOKED").at(now() + 1))
            .await?;
        desk.await_attribute("esim-status", "data-status", "REVOKED")
            .await?;
        Ok(())
    })
}

#[test]
fn a_list_takes_keys_at_once_and_its_search_lets_go_of_them() -> Result<()> {
    play(&usual(), async |stage| {
        let [first, _, third] = three(stage).await?;
        let desk = &stage.desk;
        let rows = Spot::css("[role=grid]:focus");
        for letter in ['g', 'e'] {
            desk.press_letter(letter).await?;
        }
        desk.await_part(rows.clone()).await?;
        desk.await_count("esim-row", 3).await?;
        let second = desk
            .attribute(Spot::css("[aria-rowindex='3']"), "data-key")
            .await?;
        desk.press(Key::Down).await?;
        desk.press(Key::Enter).await?;
        desk.await_attribute("esim-detail", "data-key", &second)
            .await?;
        desk.press(Key::Escape).await?;
        desk.await_part(rows.clone()).await?;

        // The second caller's digits take the place of the first one's.
        for esim in [&first, &third] {
            desk.press_letter('/').await?;
            desk.await_part(Spot::css("[data-testid=esim-search]:focus"))
                .await?;
            for digit in esim.last_six().chars() {
                desk.press_letter(digit).await?;
            }
            desk.await_attribute("esim-list", "data-shown-search", esim.last_six())
                .await?;
            desk.await_part(row(esim)).await?;
            desk.press(Key::Down).await?;
            desk.await_part(rows.clone()).await?;
        }
        desk.press_letter('/').await?;
        desk.press(Key::Escape).await?;
        desk.await_count("esim-row", 3).await?;
        desk.await_part(rows).await?;
        for letter in ['g', 'a'] {
            desk.press_letter(letter).await?;
        }
        desk.await_part("inbox").await?;
        desk.await_part(Spot::css("[role=grid]:focus")).await?;
        Ok(())
    })
}

#[test]
fn the_first_tick_leaves_every_row_where_it_is() -> Result<()> {
    play(&usual(), async |stage| {
        let [first, second, _] = three(stage).await?;
        let desk = &stage.desk;
        desk.go(Screen::Esims).await?;
        desk.await_count("esim-row", 3).await?;
        let top = "return document.querySelector(`[data-key=\"${arguments[0]}\"]`).getBoundingClientRect().top";
        let before = desk.script(top, vec![json!(first.esim_id)]).await?;
        let tick = format!("[data-key=\"{}\"] input", second.esim_id);
        desk.click(Spot::css(&tick)).await?;
        desk.await_text("selection", "1 selected").await?;
        let after = desk.script(top, vec![json!(first.esim_id)]).await?;
        ensure!(before == after, "{before} and then {after}");
        Ok(())
    })
}
