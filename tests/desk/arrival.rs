//! What a signed delivery does at the desk: the window, the notification, the click on it.

use anyhow::Result;
use esim_watch_testkit::{Esim, Payload, Screen, Spot, now, play};

use crate::{await_events, count, usual};

#[test]
fn an_activated_esim_is_in_the_window_and_in_a_notification_whose_click_opens_it() -> Result<()> {
    play(&usual(), async |stage| {
        let (sender, desk) = (stage.sender().await?, &stage.desk);
        let esim = Esim::numbered(304_826);
        sender
            .deliver(&esim.status("ACTIVATED").period(now(), now() + 604_800))
            .await?;

        desk.await_text(count("ACTIVATED"), "1").await?;
        let feed = desk.await_text("feed-item", &esim.reference).await?;
        assert!(feed.contains(esim.last_six()), "{feed}");
        desk.go(Screen::Esims).await?;
        let row = Spot::new("esim-row").with("data-key", &esim.esim_id);
        let text = desk.await_text(row.clone(), &esim.iccid).await?;
        assert!(text.contains(&esim.reference), "{text}");
        desk.await_attribute(row, "data-status", "ACTIVATED")
            .await?;
        desk.await_text("esim-list-total", "1").await?;

        let server = &stage.desktop.notifications;
        let shown = server
            .notification(&[&esim.reference, esim.last_six()])
            .await?;
        server.click(&shown).await?;

        desk.await_attribute("esim-detail", "data-key", &esim.esim_id)
            .await?;
        desk.await_attribute("esim-detail", "data-ready", "true")
            .await?;
        desk.await_attribute("esim-status", "data-status", "ACTIVATED")
            .await?;
        desk.await_count("timeline-item", 1).await?;
        let read = server.remembered(&shown).await?.read;
        assert!(
            read.contains(&esim.reference) && read.contains(esim.last_six()),
            "{read}"
        );
        assert_eq!(server.notified().len(), 1);
        Ok(())
    })
}

#[test]
fn an_end_is_notified_too_and_a_click_leads_from_one_esim_to_another() -> Result<()> {
    play(&usual(), async |stage| {
        let (sender, desk) = (stage.sender().await?, &stage.desk);
        let (expired, revoked) = (Esim::numbered(11), Esim::numbered(12));
        let server = &stage.desktop.notifications;
        for (esim, status) in [(&expired, "EXPIRED"), (&revoked, "REVOKED")] {
            sender.deliver(&esim.status(status)).await?;
            desk.await_text(count(status), "1").await?;
            let shown = server
                .notification(&[&esim.reference, esim.last_six()])
                .await?;

            server.click(&shown).await?;

            desk.await_attribute("esim-detail", "data-key", &esim.esim_id)
                .await?;
            desk.await_attribute("esim-status", "data-status", status)
                .await?;
            desk.go(Screen::Today).await?;
        }
        let (first, second) = (
            server.notification(&[expired.last_six()]).await?.title,
            server.notification(&[revoked.last_six()]).await?.title,
        );
        assert!(first.to_lowercase().contains("expired"), "{first}");
        assert!(second.to_lowercase().contains("revoked"), "{second}");
        Ok(())
    })
}

#[test]
fn what_needs_nobody_changes_the_window_and_raises_no_notification() -> Result<()> {
    play(&usual(), async |stage| {
        let (sender, desk) = (stage.sender().await?, &stage.desk);
        let quiet = Esim::numbered(21);
        let start = now() - 100;
        for (after, status) in (0..).zip(["NEW", "DOWNLOADED", "INSTALLED", "INACTIVE"]) {
            sender
                .deliver(&quiet.status(status).at(start + after))
                .await?;
        }
        sender
            .deliver(&quiet.usage(10_240.0, 8_192.0).set("status", "INACTIVE"))
            .await?;
        sender
            .deliver(&Payload::order("0815", 18.99, "EUR", "completed"))
            .await?;
        await_events(desk, 6).await?;
        desk.await_text(count("INACTIVE"), "1").await?;
        desk.await_text(count("INSTALLED"), "0").await?;

        // One of those would be on the screen by the time that two later ones have come.
        let server = &stage.desktop.notifications;
        for loud in [Esim::numbered(22), Esim::numbered(23)] {
            sender.deliver(&loud.status("ACTIVATED")).await?;
            server.notification(&[loud.last_six()]).await?;
        }
        assert_eq!(server.notified().len(), 2, "{:?}", server.notified());
        Ok(())
    })
}

#[test]
fn what_is_not_about_an_esim_is_notified_too() -> Result<()> {
    play(&usual(), async |stage| {
        let (sender, desk) = (stage.sender().await?, &stage.desk);
        let server = &stage.desktop.notifications;
        let low = Payload::balance("low_balance", 12.5, "EUR");
        sender.deliver(&low).await?;
        server.notification(&["12.5"]).await?;
        sender.deliver(&Payload::new("voucher", "redeemed")).await?;
        server.notification(&["voucher/redeemed"]).await?;
        desk.await_text("total-unrecognized", "1").await?;
        Ok(())
    })
}

#[test]
fn a_delivery_repeated_in_either_envelope_is_shown_and_notified_once() -> Result<()> {
    play(&usual(), async |stage| {
        let (sender, desk) = (stage.sender().await?, &stage.desk);
        let (esim, other) = (Esim::numbered(31), Esim::numbered(32));
        let payload = esim.status("ACTIVATED").at(now() - 60);
        for repeated in [payload.clone(), payload.clone(), payload.flat()] {
            sender.deliver(&repeated).await?;
        }
        await_events(desk, 1).await?;
        sender.deliver(&other.status("ACTIVATED")).await?;

        let server = &stage.desktop.notifications;
        server.notification(&[other.last_six()]).await?;
        await_events(desk, 2).await?;
        assert_eq!(server.notified().len(), 2, "{:?}", server.notified());
        desk.await_count("feed-item", 2).await?;
        desk.await_text(count("ACTIVATED"), "2").await?;
        desk.go(Screen::Esims).await?;
        desk.click(Spot::new("esim-row").with("data-key", &esim.esim_id))
            .await?;
        desk.await_attribute("esim-detail", "data-ready", "true")
            .await?;
        desk.await_count("timeline-item", 1).await?;
        Ok(())
    })
}

#[test]
fn whoever_scrolls_the_feed_down_finds_all_that_it_holds() -> Result<()> {
    const EVENTS: u32 = 50;
    const TO_THE_END: &str = "
        setInterval(() => {
            const feed = document.querySelector('ol.feed');
            feed.scrollTop = feed.scrollHeight;
        }, 50);
    ";
    play(&usual(), async |stage| {
        let (sender, desk) = (stage.sender().await?, &stage.desk);
        for number in 0..EVENTS {
            sender
                .deliver(&Esim::numbered(number).status("NEW"))
                .await?;
        }
        await_events(desk, EVENTS as usize).await?;
        let latest = Esim::numbered(EVENTS - 1).reference;
        desk.await_text("feed-item", &latest).await?;
        let drawn = desk.texts("feed-item").await?.len();
        assert!(
            drawn < EVENTS as usize,
            "{drawn} lines, of which few can be seen"
        );
        desk.script(TO_THE_END, vec![]).await?;
        let lines = desk.await_count("feed-item", EVENTS as usize).await?;
        for number in 0..EVENTS {
            let Esim { reference, .. } = Esim::numbered(number);
            assert!(
                lines.iter().any(|line| line.contains(&reference)),
                "{reference}"
            );
        }
        Ok(())
    })
}

#[test]
fn a_false_signature_changes_nothing_but_the_count_of_refusals() -> Result<()> {
    play(&usual(), async |stage| {
        let (sender, desk) = (stage.sender().await?, &stage.desk);
        let (forged, real) = (Esim::numbered(41), Esim::numbered(42));
        let false_signature = "0".repeat(64);
        let answer = sender
            .post_signed(forged.status("ACTIVATED").bytes(), Some(&false_signature))
            .await?;
        assert_eq!(answer.status, 401, "{answer:?}");

        sender.deliver(&real.status("ACTIVATED")).await?;
        stage
            .desktop
            .notifications
            .notification(&[real.last_six()])
            .await?;
        assert_eq!(stage.desktop.notifications.notified().len(), 1);
        await_events(desk, 1).await?;
        desk.await_text("status-line", "1 delivery refused").await?;
        Ok(())
    })
}
