//! The window, its notifications and the tray in another language, at once and after a restart.

use anyhow::{Result, ensure};
use esim_watch_testkit::{Esim, PATIENCE, Play, Screen, Setup, Spot, eventually, now, play};

use crate::{await_events, usual};

#[test]
fn another_language_counts_at_once_everywhere_and_is_kept() -> Result<()> {
    play(&usual(), async |stage| {
        let sender = stage.sender().await?;
        sender
            .deliver(&Esim::numbered(91).status("EXPIRED"))
            .await?;
        await_events(&stage.desk, 1).await?;
        let server = &stage.desktop.notifications;
        server.notification(&["Expired: TRIP-0091"]).await?;
        stage.desk.go(Screen::Settings).await?;
        stage.desk.choose("language", "de").await?;
        stage
            .desk
            .await_text(Spot::css("h1"), "Einstellungen")
            .await?;
        stage.desk.await_text("nav-today", "Heute").await?;
        sender
            .deliver(&Esim::numbered(92).status("REVOKED"))
            .await?;
        let notice = server.notification(&["Entzogen: TRIP-0092"]).await?;
        ensure!(
            notice.body.contains("wurde zurückgezogen"),
            "{}",
            notice.body
        );
        // What was raised before is told in the new words as well.
        stage.desk.go(Screen::Alerts).await?;
        stage
            .desk
            .await_text(
                Spot::new("alert-row").with("data-rule", "expired"),
                "Abgelaufen: TRIP-0091",
            )
            .await?;
        stage.desk.go(Screen::Connection).await?;
        stage.desk.fill("public-url-input", "address").await?;
        stage.desk.click("public-url-save").await?;
        stage
            .desk
            .await_text(Spot::css("#public-url-result"), "ist keine Webadresse")
            .await?;

        stage.restart().await?;
        stage.desk.ready().await?;
        stage
            .desk
            .await_text("nav-settings", "Einstellungen")
            .await?;
        Ok(())
    })
}

#[test]
fn the_time_of_day_is_told_the_same_way_everywhere() -> Result<()> {
    play(&usual(), async |stage| {
        let sender = stage.sender().await?;
        let esim = Esim::numbered(93).status("ACTIVATED");
        let period = esim.period(now() - 5 * 86_400, now() + 7200);
        sender.deliver(&period).await?;
        await_events(&stage.desk, 1).await?;
        // As is usual in the United States: the hours of both halves of the day have their letters.
        let told = |body: &str| body.contains("\u{a0}AM") || body.contains("\u{a0}PM");
        let server = &stage.desktop.notifications;
        let notice = server.notification(&["Expires", "TRIP-0093"]).await?;
        ensure!(told(&notice.body), "{}", notice.body);

        let row = Spot::new("alert-row").with("data-rule", "expiresVerySoon");
        stage.desk.go(Screen::Alerts).await?;
        let text = stage.desk.await_text(row.clone(), "stops working").await?;
        ensure!(told(&text), "{text}");
        stage.desk.go(Screen::Settings).await?;
        stage.desk.click("hours-twentyFour").await?;
        stage.desk.go(Screen::Alerts).await?;
        eventually(PATIENCE, "the alert by the chosen clock", async || {
            let text = stage.desk.text(row.clone()).await?;
            ensure!(text.contains("stops working") && !told(&text), "{text}");
            Ok(())
        })
        .await
    })
}

#[test]
fn the_system_s_language_is_spoken_unless_another_is_chosen() -> Result<()> {
    let italian = Setup {
        lang: "it_IT.UTF-8".into(),
        ..Setup::default()
    };
    play(
        &Play {
            desktop: italian,
            ..usual()
        },
        async |stage| {
            stage.desk.ready().await?;
            stage.desk.await_text("nav-today", "Oggi").await?;
            Ok(())
        },
    )
}
