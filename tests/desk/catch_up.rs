//! Catching up, as a person sees it: the token, the progress, what it brought, and what became of a night.

use std::path::Path;

use anyhow::{Context, Result};
use esim_watch_core::clock::now_ms;
use esim_watch_core::store::{Delivery, Store};
use esim_watch_testkit::{
    API_TOKEN, ApiEsim, Esim, FakeApi, Key, Play, Screen, Spot, Stage, files_that_hold, now, play,
};

use crate::accessibility::{audit, axe};
use crate::{count, usual};

const HOUR: i64 = 3600;

/// When the eSIMs were activated: the same second for whoever tells of it, two or three days ago.
fn begin() -> i64 {
    (now() / (24 * HOUR) - 2) * 24 * HOUR
}

/// A world in which, in the last night, one eSIM expired, one was revoked, one went in and out of use, and one is new.
fn night() -> Vec<ApiEsim> {
    let begin = begin();
    let at = |hours: i64| now() - hours * HOUR;
    vec![
        ApiEsim::numbered(1, "EXPIRED", &[("ACTIVATED", begin), ("EXPIRED", at(5))]),
        ApiEsim::numbered(2, "REVOKED", &[("ACTIVATED", begin), ("REVOKED", at(4))]),
        ApiEsim::numbered(
            3,
            "INSTALLED",
            &[
                ("ACTIVATED", begin),
                ("INACTIVE", at(6)),
                ("ACTIVATED", at(3)),
            ],
        ),
        ApiEsim::numbered(4, "READY", &[("NEW", at(2))]),
        ApiEsim::numbered(5, "INSTALLED", &[("ACTIVATED", begin)]),
    ]
}

/// As the program left its folder in the evening, ten hours ago.
fn left_in_the_evening(folder: &Path) -> Result<()> {
    // The stage has a runtime on this thread already.
    let filled = std::thread::scope(|scope| scope.spawn(|| fill(folder)).join());
    filled.map_err(|_| anyhow::anyhow!("the thread that fills it panicked"))?
}

fn fill(folder: &Path) -> Result<()> {
    let store = Store::open(&folder.join("data"), |_| {})?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let begin = begin();
    for number in [1, 2, 3, 5] {
        let body = Esim::numbered(number).status("ACTIVATED").at(begin).bytes();
        runtime.block_on(
            store
                .writer()
                .deliver(Delivery::of(body, begin * 1000 + 900)),
        )?;
    }
    let evening_ms = now_ms() - 10 * HOUR * 1000;
    runtime.block_on(store.writer().note_listening(evening_ms))?;
    runtime.block_on(store.writer().mark_seen(evening_ms))?;
    store.close();
    Ok(())
}

/// What is wrong with the screen as it is, and its pictures in both themes.
async fn look_at(stage: &Stage, name: &str, found: &mut Vec<String>) -> Result<()> {
    audit(stage, &axe()?, name, found).await?;
    shot(stage, &format!("{name}-dark"))?;
    stage.desk.theme("light").await?;
    stage.desk.at_rest().await?;
    shot(stage, name)
}

fn shot(stage: &Stage, name: &str) -> Result<()> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("desk");
    std::fs::create_dir_all(&folder)?;
    stage
        .desktop
        .photograph(&folder.join(format!("{name}.png")))
}

#[test]
fn a_token_is_set_tried_used_and_removed_and_stands_in_no_file() -> Result<()> {
    let api = FakeApi::start(night())?;
    let without = Play {
        env: api.variables(None),
        ..usual()
    };
    play(&without, async |stage| {
        let mut found = Vec::new();
        let keyring = stage.desktop.start_keyring().await?;
        let desk = &stage.desk;
        desk.ready().await?;
        desk.go(Screen::Connection).await?;
        desk.await_attribute("catch-up", "data-token", "none")
            .await?;
        desk.await_text("api-token-state", "can't be asked for")
            .await?;
        shot(stage, "catch-up-no-token")?;

        desk.fill("api-token-input", "tok_of_another").await?;
        desk.click("api-token-save").await?;
        desk.await_text("catch-up", "The token is not saved. Roamify refused")
            .await?;
        desk.await_attribute("catch-up", "data-token", "none")
            .await?;
        desk.click("api-token-anyway").await?;
        desk.await_text("catch-up", "Saved. Roamify refused the API token")
            .await?;
        desk.await_attribute("catch-up", "data-token", "keyring")
            .await?;
        desk.await_text("line-catch-up-stands", "refused the API token")
            .await?;
        desk.await_text("catch-up-last", "Not caught up today")
            .await?;
        shot(stage, "catch-up-refused")?;
        desk.go(Screen::Today).await?;
        desk.await_text("today-catch-up-stands", "refused the API token")
            .await?;
        look_at(stage, "today-catch-up-refused", &mut found).await?;
        desk.go(Screen::Connection).await?;

        // What a good one can ask for is asked for at once.
        api.hold(true);
        desk.fill("api-token-input", API_TOKEN).await?;
        desk.click("api-token-save").await?;
        desk.await_text("catch-up", "Saved, and Roamify takes the token")
            .await?;
        desk.await_text("catch-up-progress", "0 of 5 eSIMs asked for")
            .await?;
        shot(stage, "catch-up-progress")?;
        desk.click("catch-up-cancel").await?;
        desk.await_text("catch-up-problems", "stopped before its end")
            .await?;
        api.hold(false);
        desk.click("catch-up-run").await?;
        // Whether it was this one or one that came by itself: nothing is missing any more.
        desk.await_text("catch-up-last", "5 eSIMs at Roamify")
            .await?;
        desk.await_text("catch-up-last", "Caught up today").await?;
        look_at(stage, "catch-up-done", &mut found).await?;

        api.world().token = "rotated".to_owned();
        desk.click("api-token-try").await?;
        desk.await_text("api-token-trial", "was it rotated in the portal?")
            .await?;
        for folder in [stage.folder(), &stage.desktop.home()] {
            assert!(files_that_hold(folder, API_TOKEN)?.is_empty());
        }
        desk.click("api-token-remove").await?;
        desk.click("api-token-remove-yes").await?;
        desk.await_attribute("catch-up", "data-token", "none")
            .await?;
        drop(keyring);
        assert!(found.is_empty(), "{}", found.join("\n"));
        Ok(())
    })
}

#[test]
fn a_night_has_one_receipt_whose_lines_open_their_esims() -> Result<()> {
    let api = FakeApi::start(night())?;
    let after_a_night = Play {
        before: left_in_the_evening,
        env: api.variables(Some(API_TOKEN)),
        ..usual()
    };
    play(&after_a_night, async |stage| {
        let mut found = Vec::new();
        let desk = &stage.desk;
        desk.ready().await?;
        desk.await_text(count("EXPIRED"), "1").await?;
        let server = &stage.desktop.notifications;
        let title = "While you were away: 1 eSIM was revoked, 1 eSIM expired";
        let digest = server.notification(&[title]).await?;
        let sum = "3 eSIMs changed, 2 need you, all others are as they were.";
        desk.await_text(Spot::new("lookback").inside("receipt-sum"), sum)
            .await?;
        look_at(stage, "today-receipt", &mut found).await?;
        desk.click("lookback-read").await?;
        server.click(&digest).await?;
        desk.await_text(Spot::new("receipt").inside("receipt-sum"), sum)
            .await?;
        desk.go(Screen::Alerts).await?;
        // It is read, and kept.
        desk.chord(Key::Control, 'k').await?;
        desk.click("palette-absences").await?;
        desk.await_text("receipt-sum", sum).await?;
        let line = Spot::new("receipt-line");
        let lines = desk.await_count(line.clone(), 3).await?;
        let first = lines.first().context("no line")?;
        assert!(first.contains(&Esim::numbered(2).reference), "{lines:?}");
        look_at(stage, "receipt", &mut found).await?;
        desk.click(line).await?;
        desk.await_text("esim-detail", &Esim::numbered(2).reference)
            .await?;
        desk.await_text("packages", "3 GB").await?;
        desk.await_text("ask-provider", "Ask Roamify").await?;
        desk.click("ask-provider").await?;
        desk.await_text("ask-provider-said", "Roamify says the same")
            .await?;
        look_at(stage, "esim-asked", &mut found).await?;

        desk.go(Screen::Deliveries).await?;
        desk.click("proof-open").await?;
        desk.await_text("proof-webhook", "4").await?;
        desk.await_text("proof-away", "5").await?;
        desk.await_text("proof-never-sent", "1 change of status")
            .await?;
        desk.await_text("proof-missed", "0").await?;
        look_at(stage, "proof", &mut found).await?;

        // What Roamify has no longer is gone in the list as well, which no event tells.
        let lost = Esim::numbered(5);
        let row = Spot::new("esim-row").with("data-key", &lost.esim_id);
        desk.go(Screen::Esims).await?;
        desk.await_text(row.clone(), "Activated").await?;
        api.world()
            .esims
            .retain(|esim| esim.esim_id != lost.esim_id);
        desk.chord(Key::Control, 'k').await?;
        desk.click("palette-catchUp").await?;
        desk.await_text(row, "Gone").await?;
        look_at(stage, "esims-gone", &mut found).await?;

        // One per absence, also after a restart.
        stage.restart().await?;
        let desk = &stage.desk;
        desk.ready().await?;
        desk.chord(Key::Control, 'k').await?;
        desk.click("palette-absences").await?;
        desk.await_count(Spot::new("receipt"), 1).await?;
        assert!(found.is_empty(), "{}", found.join("\n"));
        Ok(())
    })
}

#[test]
fn a_folder_of_a_demo_is_marked_in_the_window() -> Result<()> {
    let demo = Play {
        before: |folder| {
            std::fs::create_dir_all(folder.join("data"))?;
            std::fs::write(folder.join("data/this-is-a-demo.txt"), "")?;
            Ok(())
        },
        ..usual()
    };
    play(&demo, async |stage| {
        stage.desk.ready().await?;
        stage.desk.await_text("demo", "Demo").await?;
        shot(stage, "demo")
    })
}
