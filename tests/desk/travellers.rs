//! A booking list is taken over, found again, and taken back.

use anyhow::{Result, ensure};
use esim_watch_testkit::{Desk, Esim, Key, Screen, Spot, now, play};

use crate::accessibility::{audit, axe};
use crate::{await_events, usual};

/// At 200 % on a small screen, where a page has half the room, each is read by scrolling down alone (WCAG 2.2, 1.4.10).
async fn nothing_scrolls_sideways(desk: &Desk) -> Result<()> {
    desk.resize(640, 500).await?;
    for screen in [
        Screen::Today,
        Screen::Esims,
        Screen::Alerts,
        Screen::Account,
        Screen::Deliveries,
        Screen::Connection,
        Screen::Settings,
        Screen::Travellers,
    ] {
        desk.go(screen).await?;
        desk.at_rest().await?;
        let sideways = "const main = document.querySelector('main');
            return main.scrollWidth - main.clientWidth";
        let sideways = desk.script(sideways, vec![]).await?;
        ensure!(sideways == 0, "{screen:?} is {sideways} pixels wider");
    }
    desk.resize(1280, 800).await
}

/// Whoever works with the keyboard is still where they were.
async fn focus_is_within(desk: &Desk, part: &str) -> Result<()> {
    let focus = format!(
        "const at = document.activeElement;
         return at.closest('[data-testid={part}]') === null ? at.outerHTML.slice(0, 200) : ''"
    );
    let elsewhere = desk.script(&focus, vec![]).await?;
    ensure!(elsewhere == "", "the focus is on {elsewhere}");
    Ok(())
}

#[test]
fn the_focus_stays_at_a_button_that_could_not_be_used_for_a_moment() -> Result<()> {
    play(&usual(), async |stage| {
        let desk = &stage.desk;
        desk.go(Screen::Settings).await?;
        desk.await_part("test-notification").await?;
        let focus = "document.querySelector('[data-testid=test-notification]').focus()";
        desk.script(focus, vec![]).await?;
        desk.press(Key::Enter).await?;
        desk.await_part(Spot::css("#test-result.saved")).await?;
        desk.at_rest().await?;
        focus_is_within(desk, "test-notification").await
    })
}

#[test]
fn a_booking_list_finds_its_esims_and_can_be_taken_back() -> Result<()> {
    play(&usual(), async |stage| {
        let (sender, desk) = (stage.sender().await?, &stage.desk);
        let (axe, mut found) = (axe()?, Vec::new());
        for number in [6001, 6002, 6003] {
            sender
                .deliver(&Esim::numbered(number).status("ACTIVATED"))
                .await?;
        }
        await_events(desk, 3).await?;
        desk.go(Screen::Travellers).await?;
        desk.await_part("import-text").await?;
        audit(stage, &axe, "Travellers, empty", &mut found).await?;

        let list = stage.desktop.home().join("bookings <2026>.csv");
        std::fs::write(
            &list,
            "Reisende/r;Buchung;ICCID;Abreise;Rückreise;E-Mail\r\n\
             Zoë Müller;TRIP-6001;;03.12.2026;24.12.2026;zoe@example.org\r\n\
             ليلى حداد;;…006002;04.12.2026;;\r\n\
             Niemand;;999999;;;\r\n\
             Früh Dran;TRIP-7777;;;;\r\n",
        )?;
        desk.upload("import-file", &list).await?;
        let sum = desk.await_text("import-sum", "not taken over").await?;
        ensure!(
            sum.contains("4 lines") && sum.contains("3 new travellers"),
            "{sum}"
        );
        let lines = desk.await_count("import-line", 4).await?;
        ensure!(
            lines
                .first()
                .is_some_and(|line| line.contains("No eSIM has this number")),
            "{lines:?}"
        );
        audit(stage, &axe, "Travellers, a list", &mut found).await?;
        desk.click("import-apply").await?;
        desk.await_count("traveller-row", 3).await?;
        audit(stage, &axe, "Travellers", &mut found).await?;
        nothing_scrolls_sideways(desk).await?;

        desk.go(Screen::Esims).await?;
        desk.fill("esim-search", "zoe muller").await?;
        desk.await_count("esim-row", 1).await?;
        desk.await_text("esim-row", "TRIP-6001").await?;
        desk.fill("esim-search", "ليلى").await?;
        desk.await_text("esim-row", "TRIP-6002").await?;
        // The eSIM that a traveller waited for comes.
        let early = Esim {
            reference: "TRIP-7777".into(),
            ..Esim::numbered(6004)
        };
        sender.deliver(&early.status("NEW")).await?;
        await_events_shown(desk, "früh").await?;

        desk.go(Screen::Travellers).await?;
        desk.await_part("import-undo").await?;
        let focus = "document.querySelector('[data-testid=import-undo]').focus()";
        desk.script(focus, vec![]).await?;
        desk.press(Key::Enter).await?;
        desk.await_text("toast", "3 travellers are as before")
            .await?;
        // Its button is gone: the next Tab goes on from its line.
        desk.at_rest().await?;
        focus_is_within(desk, "import-row").await?;
        desk.await_count("traveller-row", 0).await?;
        desk.go(Screen::Esims).await?;
        desk.fill("esim-search", "zoe").await?;
        desk.await_count("esim-row", 0).await?;

        // A pasted table, with headings in another language.
        desk.go(Screen::Travellers).await?;
        let copied = serde_json::json!({ "text": "Nombre\tReferencia\nInés\ttrip-6003\n" });
        desk.invoke("copy_text", copied).await?;
        desk.click("import-text").await?;
        desk.chord(Key::Control, 'v').await?;
        desk.await_text("import-sum", "1 new traveller").await?;
        desk.click("import-apply").await?;
        desk.await_text(Spot::new("traveller-row"), "Inés").await?;
        ensure!(found.is_empty(), "{found:#?}");
        Ok(())
    })
}

#[test]
fn who_leaves_tomorrow_without_having_installed_is_told_of() -> Result<()> {
    play(&usual(), async |stage| {
        let (sender, desk) = (stage.sender().await?, &stage.desk);
        let esim = Esim::numbered(6010);
        sender
            .deliver(&esim.status("NEW").at(now() - 3 * 3600))
            .await?;
        await_events(desk, 1).await?;
        desk.await_part("attention-none").await?;
        let list = stage.desktop.home().join("bookings.csv");
        // The program's clock is set to UTC.
        let tomorrow = jiff::Timestamp::now()
            .to_zoned_datetime(jiff::tz::TimeZone::UTC)
            .date()
            .tomorrow()?;
        std::fs::write(
            &list,
            format!(
                "Name,Reference,Departure\r\nInés,{},{tomorrow}\r\n",
                esim.reference
            ),
        )?;
        desk.go(Screen::Travellers).await?;
        desk.upload("import-file", &list).await?;
        desk.await_text("import-sum", "1 new traveller").await?;
        desk.click("import-apply").await?;
        let server = &stage.desktop.notifications;
        server
            .notification(&["Not installed", "Inés", "the trip starts tomorrow"])
            .await?;
        desk.go(Screen::Today).await?;
        desk.await_text("attention-group", "Inés").await?;

        // The list was of the wrong year: nobody leaves tomorrow.
        desk.go(Screen::Travellers).await?;
        desk.click("import-undo").await?;
        desk.await_count("traveller-row", 0).await?;
        desk.go(Screen::Today).await?;
        desk.await_part("attention-none").await.map(drop)
    })
}

async fn await_events_shown(desk: &esim_watch_testkit::Desk, search: &str) -> Result<()> {
    desk.fill("esim-search", search).await?;
    desk.await_count("esim-row", 1).await.map(drop)
}
