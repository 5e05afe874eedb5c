//! `catch-up` and `serve`: what is asked for and how often, what goes wrong, and going on afterwards.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use esim_watch_testkit::{PATIENCE, Sender, Watchd, eventually, now};
use serde_json::{Value, json};

use crate::catch_up::fake::{Fake, MADE, Sim};
use crate::catch_up::{exported, row, statuses, world};
use crate::{BIN, text};

pub fn problems(printed: &Value) -> Vec<String> {
    let told = printed["problems"].as_array().into_iter().flatten();
    told.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The ids of the eSIMs whose histories were asked for.
fn histories(asked: &[String]) -> Vec<String> {
    let ids = asked
        .iter()
        .filter_map(|uri| uri.strip_prefix("/api/esim/event?esimId="));
    ids.map(str::to_owned).collect()
}

#[tokio::test]
async fn a_second_one_asks_only_for_what_is_in_use_or_has_changed() -> Result<()> {
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
    fake.catch_up(dir.path()).await?;
    let first = fake.asked();
    assert_eq!(histories(&first).len(), world().len(), "every history once");
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(complete && printed["new"] == 0, "{printed}");
    let second = fake.asked();
    assert!(
        second.len() * 2 <= first.len(),
        "{} after {}",
        second.len(),
        first.len()
    );
    let in_use = [&world()[2].id, &world()[6].id].map(Clone::clone);
    let mut asked = histories(&second);
    asked.sort();
    assert_eq!(asked, in_use);
    // What happens to one in use need not show in the list; what happens to another one does.
    {
        let mut world = fake.world();
        world.sims[2]
            .events
            .push(("INACTIVE".to_owned(), MADE + 900));
        world.sims[7]
            .events
            .push(("DOWNLOADED".to_owned(), MADE + 950_000));
        world.sims[7].row["updatedAt"] = json!(MADE + 950_000);
    }
    let (printed, _) = fake.catch_up(dir.path()).await?;
    assert_eq!(printed["new"], 2, "{printed}");
    let mut asked = histories(&fake.asked());
    asked.sort();
    assert_eq!(asked, [2, 6, 7].map(|place| world()[place].id.clone()));
    assert_eq!(
        text(&row(dir.path(), &world()[2])?, "status"),
        Some("INACTIVE")
    );
    Ok(())
}

#[tokio::test]
async fn a_history_is_read_although_the_row_agrees_with_the_list() -> Result<()> {
    let sim = Sim::new(1, "READY").with(&[("NEW", 0)]);
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(vec![sim.clone()]).await?);
    let server = Watchd::serve(Path::new(BIN), dir.path(), &[]).await?;
    let sender = Sender::new(&server.url, None)?;
    sender.post(sim.webhook("READY", 60).into_bytes()).await?;
    fake.catch_up(dir.path()).await?;
    assert_eq!(
        statuses(dir.path(), &sim)?,
        [("NEW".to_owned(), 0), ("READY".to_owned(), 60)]
    );
    Ok(())
}

#[tokio::test]
async fn one_that_was_killed_goes_on_and_does_not_ask_again() -> Result<()> {
    let sims: Vec<Sim> = (0..30)
        .map(|number| Sim::new(number, "READY").with(&[("NEW", 0)]))
        .collect();
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims.clone()).await?);
    let mut command = Command::new(BIN);
    command
        .args(["catch-up", "--json", "--data-dir"])
        .arg(dir.path());
    command
        .envs(fake.variables())
        .env("ESIM_WATCH_API_RATE", "50")
        .stdout(Stdio::null());
    let mut killed = command.spawn()?;
    eventually(PATIENCE, "some are asked for", async || {
        let count = fake.world().asked.len();
        (count > 12).then_some(()).context(count)
    })
    .await?;
    killed.kill()?;
    killed.wait()?;
    let before = histories(&fake.asked());
    let stored: Vec<String> = exported(dir.path(), "events")?
        .iter()
        .filter(|event| text(event, "status") == Some("NEW"))
        .filter_map(|event| text(event, "esimId").map(str::to_owned))
        .collect();
    assert!(!stored.is_empty() && stored.len() < 30, "{}", stored.len());
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(complete, "{printed}");
    let after = histories(&fake.asked());
    assert!(
        after.iter().all(|id| !stored.contains(id)),
        "{stored:?} {after:?}"
    );
    assert!(before.len() + after.len() <= 31);
    assert_eq!(exported(dir.path(), "esims")?.len(), 30);
    Ok(())
}

#[tokio::test]
async fn a_refused_token_ends_it_at_once() -> Result<()> {
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
    "tok_rotated".clone_into(&mut fake.world().token);
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(!complete && printed["requests"] == 1, "{printed}");
    assert!(
        problems(&printed)[0].contains("refused the API token"),
        "{printed}"
    );
    // Rotated midway, what was read by then is there.
    crate::catch_up::fake::TOKEN.clone_into(&mut fake.world().token);
    fake.fail("/api/esim/event", 3, 200, &[], r#"{"events":[]}"#);
    fake.fail("/api/esim/event", 1, 401, &[], "{}");
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    let asked = fake.asked();
    assert!(
        !complete && asked.last().is_some_and(|uri| uri.contains("/event")),
        "{asked:?}"
    );
    assert_eq!(problems(&printed).len(), 1);
    assert!(printed["new"].as_u64() > Some(0), "{printed}");
    Ok(())
}

#[tokio::test]
async fn a_request_that_was_repeated_with_success_is_no_problem() -> Result<()> {
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
    let failed = r#"{"message":"Unknown error","status":"failed"}"#;
    for (path, status, body) in [
        ("/api/esims", 500, failed),
        ("/orders", 200, failed),
        ("/event", 503, "<html>busy</html>"),
        ("/usage", 200, "<html>log in</html>"),
        ("/balance", 200, "{\"status\":"),
    ] {
        fake.fail(path, 1, status, &[], body);
    }
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(complete && problems(&printed).is_empty(), "{printed}");
    assert_eq!(printed["requests"], fake.asked().len());
    Ok(())
}

#[tokio::test]
async fn what_fails_for_good_is_told_and_asked_for_the_next_time() -> Result<()> {
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
    let id = world()[0].id.clone();
    fake.fail(
        &format!("/event?esimId={id}"),
        99,
        500,
        &[],
        r#"{"message":"Unknown error","status":"failed"}"#,
    );
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(!complete && problems(&printed).len() == 1, "{printed}");
    let of_which = &problems(&printed)[0];
    assert!(of_which.ends_with(" This concerns TRIP–0."), "{of_which}");
    let tries = histories(&fake.asked())
        .iter()
        .filter(|asked| **asked == id)
        .count();
    assert!((2..=5).contains(&tries), "{tries}");
    fake.world().faults.clear();
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(
        complete && histories(&fake.asked()).contains(&id),
        "{printed}"
    );
    Ok(())
}

#[tokio::test]
async fn what_is_not_allowed_is_told_once_and_the_rest_goes_on() -> Result<()> {
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
    fake.fail("/usage", usize::MAX, 403, &[], "{}");
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(!complete && problems(&printed).len() == 1, "{printed}");
    assert!(problems(&printed)[0].contains("403"));
    let asked = fake.asked();
    assert_eq!(asked.iter().filter(|uri| uri.contains("/usage")).count(), 1);
    assert_eq!(histories(&asked).len(), world().len());
    Ok(())
}

#[tokio::test]
async fn after_being_asked_too_often_the_rate_stays_halved_for_a_while() -> Result<()> {
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
    fake.fail("/api/esims", 1, 429, &[("retry-after", "1")], "{}");
    let mut variables = fake.variables();
    variables.push(("ESIM_WATCH_API_RATE", "10".to_owned()));
    let (printed, complete) = crate::catch_up::fake::catch_up_with(dir.path(), variables).await?;
    assert!(complete, "{printed}");
    let times: Vec<_> = fake.world().asked.iter().map(|(at, _)| *at).collect();
    let gaps: Vec<Duration> = times.windows(2).map(|two| two[1] - two[0]).collect();
    assert!(gaps[0] >= Duration::from_secs(1), "{gaps:?}");
    // When they arrive depends on what else this machine does; that is why only their sum is looked at.
    let halved: Duration = gaps[1..7].iter().sum();
    assert!(halved >= Duration::from_millis(900), "{gaps:?}");
    Ok(())
}

#[tokio::test]
async fn what_a_list_leaves_out_is_found_all_the_same_or_told() -> Result<()> {
    let mut sims: Vec<Sim> = (0..40).map(|number| Sim::new(number, "READY")).collect();
    sims.extend((40..80).map(|number| Sim::new(number, "NEW")));
    sims.extend((80..100).map(|number| Sim::new(number, "EXPIRED")));
    for sim in &mut sims {
        sim.order = None;
    }
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims).await?);
    fake.world().most = 50;
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(complete && printed["esims"] == 100, "{printed}");
    // Whose order is listed is found whatever the list leaves out.
    let sims: Vec<Sim> = (0..7).map(|number| Sim::new(number, "READY")).collect();
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims.clone()).await?);
    let rows = json!({"status": "success", "data": [sims[0].row]});
    fake.fail("/api/esims", usize::MAX, 200, &[], &rows.to_string());
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(complete && printed["esims"] == 7, "{printed}");
    // Where each list lacks what the other has, both may lack more: that is told.
    let mut sims: Vec<Sim> = (0..7).map(|number| Sim::new(number, "READY")).collect();
    for sim in sims.iter_mut().step_by(2) {
        sim.order = None;
    }
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims.clone()).await?);
    let rows = json!({"status": "success", "data": [sims[0].row]});
    fake.fail("/api/esims", usize::MAX, 200, &[], &rows.to_string());
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(
        !complete && problems(&printed)[0].contains("left something out"),
        "{printed}"
    );
    // Orders that are asked for by status as well name what both lists leave out.
    let mut sims: Vec<Sim> = (0..90).map(|number| Sim::new(number, "READY")).collect();
    for order in sims
        .iter_mut()
        .step_by(2)
        .filter_map(|sim| sim.order.as_mut())
    {
        order["status"] = json!("refunded");
    }
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims).await?);
    fake.world().most = 50;
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(complete && printed["esims"] == 90, "{printed}");
    // Where nothing else tells of them, that some may be missing is told.
    let sims: Vec<Sim> = (0..60).map(|number| Sim::new(number, "READY")).collect();
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims).await?);
    fake.world().most = 50;
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(
        !complete && problems(&printed)[0].contains("left something out"),
        "{printed}"
    );
    Ok(())
}

#[tokio::test]
async fn a_server_with_a_token_does_one_at_its_start() -> Result<()> {
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
    let server = fake.serve(dir.path()).await?;
    eventually(PATIENCE, "all of them are there", async || {
        let count = exported(dir.path(), "esims")?.len();
        (count == world().len()).then_some(()).context(count)
    })
    .await?;
    let log = server.sigterm().await?;
    assert!(!log.contains(crate::catch_up::fake::TOKEN), "{log}");
    Ok(())
}

#[tokio::test]
async fn one_is_done_beside_a_running_server_that_has_no_token() -> Result<()> {
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
    let server = Watchd::serve(Path::new(BIN), dir.path(), &[]).await?;
    let sender = Sender::new(&server.url, None)?;
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(complete && printed["esims"] == 9, "{printed}");
    assert_eq!(printed["new"], exported(dir.path(), "events")?.len());
    // It goes on receiving.
    let sim = &world()[2];
    let answer = sender
        .post(sim.webhook("INACTIVE", 900).into_bytes())
        .await?;
    assert_eq!(answer.status, 200);
    assert_eq!(text(&row(dir.path(), sim)?, "status"), Some("INACTIVE"));
    server.sigterm().await?;
    Ok(())
}

#[tokio::test]
async fn an_entry_of_a_history_that_is_dated_far_ahead_ends_nothing() -> Result<()> {
    let ahead = now() + 400 * 86_400 - MADE;
    let sim = Sim::new(2, "INSTALLED").with(&[("ACTIVATED", 200), ("EXPIRED", ahead)]);
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(vec![sim.clone()]).await?);
    for _ in 0..2 {
        let (printed, complete) = fake.catch_up(dir.path()).await?;
        assert!(complete, "{printed}");
        let row = row(dir.path(), &sim)?;
        assert_eq!(text(&row, "status"), Some("ACTIVATED"), "{row}");
    }
    Ok(())
}

#[tokio::test]
async fn a_history_that_fails_once_leaves_no_coarser_status_behind() -> Result<()> {
    let sim = Sim::new(2, "INSTALLED").with(&[("INSTALLED", 100), ("ACTIVATED", 200)]);
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(vec![sim.clone()]).await?);
    fake.fail("/event", 4, 503, &[], "{}");
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(!complete && problems(&printed).len() == 1, "{printed}");
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(complete, "{printed}");
    let row = row(dir.path(), &sim)?;
    assert_eq!(text(&row, "status"), Some("ACTIVATED"), "{row}");
    Ok(())
}

#[tokio::test]
async fn a_network_that_is_cut_midway_is_told_and_what_was_read_by_then_is_there() -> Result<()> {
    let sims: Vec<Sim> = (0..30)
        .map(|number| Sim::new(number, "READY").with(&[("NEW", 0)]))
        .collect();
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims).await?);
    let cable = fake.cable().await?;
    let mut variables = fake.variables();
    variables.push(("ESIM_WATCH_API_URL", cable.url.clone()));
    variables.push(("ESIM_WATCH_API_RATE", "20".to_owned()));
    let cut = async {
        eventually(PATIENCE, "some are asked for", async || {
            let count = fake.world().asked.len();
            (count > 10).then_some(()).context(count)
        })
        .await?;
        cable.cut();
        anyhow::Ok(())
    };
    let caught_up = crate::catch_up::fake::catch_up_with(dir.path(), variables);
    let (done, cut) = tokio::join!(caught_up, cut);
    cut?;
    let (printed, complete) = done?;
    assert!(!complete && problems(&printed).len() == 1, "{printed}");
    let told = &problems(&printed)[0];
    assert!(told.contains("can't be reached"), "{told}");
    let stored = exported(dir.path(), "events")?.len();
    assert!(stored > 0 && printed["new"] == stored, "{printed}");
    Ok(())
}

#[tokio::test]
async fn a_clock_that_is_an_hour_off_changes_nothing_of_what_is_known_and_is_told() -> Result<()> {
    let now = esim_watch_testkit::now();
    for ahead in [3_600, -3_600] {
        // To this computer the API's clock is as wrong as its own is to the API.
        let there = now + ahead;
        let at = there - MADE;
        let told = [("NEW", 0), ("INSTALLED", at - 900), ("ACTIVATED", at - 60)];
        let sim = Sim::new(2, "INSTALLED").with(&told);
        let (dir, fake) = (tempfile::tempdir()?, Fake::start(vec![sim.clone()]).await?);
        fake.world().date = Some(there);
        let mut command = Command::new(BIN);
        command
            .args(["catch-up", "--json", "--data-dir"])
            .arg(dir.path())
            .envs(fake.variables())
            .env("RUST_LOG", "info");
        let output = tokio::task::spawn_blocking(move || command.output()).await??;
        let log = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{log}");
        assert!(
            log.contains("clock is ahead") && log.contains("set it right"),
            "{log}"
        );
        let expected = told.map(|(status, at)| (status.to_owned(), at));
        assert_eq!(statuses(dir.path(), &sim)?, expected);
        let row = row(dir.path(), &sim)?;
        assert_eq!(text(&row, "status"), Some("ACTIVATED"), "{row}");
        let events = exported(dir.path(), "events")?;
        let not_believed = events.iter().filter(|event| !event["problem"].is_null());
        assert_eq!(not_believed.count(), 0, "{events:?}");
    }
    Ok(())
}

#[tokio::test]
async fn what_the_apis_clock_told_is_believed_after_a_restart() -> Result<()> {
    let sim = Sim::new(2, "READY").with(&[("NEW", 0)]);
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(vec![sim.clone()]).await?);
    fake.catch_up(dir.path()).await?;
    // To the API this computer's clock is seven hours behind, and nothing that is stored says so.
    let there = now() + 7 * 3_600;
    fake.world().date = Some(there);
    let (printed, _) = fake.catch_up(dir.path()).await?;
    assert_eq!(printed["new"], 0, "{printed}");
    let server = Watchd::serve(Path::new(BIN), dir.path(), &[]).await?;
    let sender = Sender::new(&server.url, None)?;
    let at = there - MADE + 60;
    sender
        .post(sim.webhook("INSTALLED", at).into_bytes())
        .await?;
    let expected = [("NEW", 0), ("READY", 900_000), ("INSTALLED", at)];
    let expected = expected.map(|(status, at)| (status.to_owned(), at));
    assert_eq!(statuses(dir.path(), &sim)?, expected);
    Ok(())
}
