//! `catch-up` where answers are odd, and beside programs that end.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use anyhow::{Context, Result};
use esim_watch_testkit::{PATIENCE, ask_to_end, eventually, in_its_own_group};
use serde_json::{Value, json};

use crate::catch_up::fake::{Fake, MADE, Sim};
use crate::catch_up::{exported, row, world};
use crate::{BIN, text};

pub fn problems(printed: &Value) -> Vec<String> {
    let told = printed["problems"].as_array().into_iter().flatten();
    told.filter_map(Value::as_str).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_list_that_lags_ends_no_esim_that_lives_again() -> Result<()> {
    let again = [("ACTIVATED", 200), ("REVOKED", 400), ("ACTIVATED", 600)];
    let mut sims = vec![Sim::new(1, "REVOKED").with(&again)];
    let topped_up = [("ACTIVATED", 200), ("ACTIVATED", 600)];
    sims.push(Sim::new(2, "EXPIRED").with(&topped_up));
    for sim in &mut sims {
        sim.row["updatedAt"] = json!(MADE + 400);
        sim.row["expiredAt"] = json!(MADE + 400);
    }
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims.clone()).await?);
    for healed in [false, false, true] {
        if healed {
            for sim in &mut fake.world().sims {
                sim.row["status"] = json!("INSTALLED");
                sim.row["updatedAt"] = json!(MADE + 600);
            }
        }
        let (printed, complete) = fake.catch_up(dir.path()).await?;
        assert!(complete, "{printed}");
        let asked = fake.asked();
        for sim in &sims {
            let row = row(dir.path(), sim)?;
            assert_eq!(text(&row, "status"), Some("ACTIVATED"), "{row}");
            // It is in use, whatever the list says.
            let history = format!("/api/esim/event?esimId={}", sim.id);
            assert!(asked.contains(&history), "{asked:?}");
        }
    }
    Ok(())
}

/// `catch-up --json` under way, with so many requests a second.
fn begin(fake: &Fake, data_dir: &Path, rate: &str) -> Result<Child> {
    let mut command = Command::new(BIN);
    command
        .args(["catch-up", "--json", "--data-dir"])
        .arg(data_dir)
        .envs(fake.variables())
        .env("ESIM_WATCH_API_RATE", rate)
        .stdout(Stdio::piped());
    in_its_own_group(&mut command);
    Ok(command.spawn()?)
}

async fn printed(running: Child) -> Result<(Value, bool)> {
    let ended = tokio::task::spawn_blocking(move || running.wait_with_output());
    let Output { status, stdout, .. } = ended.await??;
    Ok((serde_json::from_slice(&stdout)?, status.success()))
}

async fn asked_for(fake: &Fake, most: usize) -> Result<()> {
    eventually(PATIENCE, "some are asked for", async || {
        let count = fake.world().asked.len();
        (count > most).then_some(()).context(count)
    })
    .await
}

#[tokio::test]
async fn one_beside_a_server_that_ends_is_done_all_the_same() -> Result<()> {
    let sims: Vec<Sim> = (0..30).map(|number| Sim::new(number, "READY")).collect();
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims).await?);
    // It has nothing to do with the API itself; then it catches up for the command.
    let server = esim_watch_testkit::Watchd::serve(Path::new(BIN), dir.path(), &[]).await?;
    // It ends in the middle of a request that has arrived: one that is on its way is counted by whoever sent it alone.
    fake.world().silent = Some(7);
    let running = begin(&fake, dir.path(), "20")?;
    asked_for(&fake, 6).await?;
    server.sigterm().await?;
    let (printed, complete) = printed(running).await?;
    assert!(complete && problems(&printed).is_empty(), "{printed}");
    assert_eq!(exported(dir.path(), "esims")?.len(), 30);
    // What was asked for by the server was done for the command too.
    assert_eq!(printed["requests"], fake.asked().len(), "{printed}");
    assert_eq!(printed["new"], exported(dir.path(), "events")?.len());
    Ok(())
}

#[tokio::test]
async fn one_that_waits_for_another_is_done_when_that_ends_or_is_stopped() -> Result<()> {
    for stopped in [true, false] {
        let sims: Vec<Sim> = (0..30).map(|number| Sim::new(number, "READY")).collect();
        let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims).await?);
        let first = begin(&fake, dir.path(), "20")?;
        asked_for(&fake, 6).await?;
        let second = begin(&fake, dir.path(), "20")?;
        asked_for(&fake, 12).await?;
        if stopped {
            ask_to_end(first.id())?;
        }
        let (_, complete) = printed(first).await?;
        assert_eq!(complete, !stopped);
        let (second, complete) = printed(second).await?;
        assert!(complete && problems(&second).is_empty(), "{second}");
        assert_eq!(second["esims"], 30, "{second}");
        assert!(second["requests"].as_u64() > Some(0), "{second}");
    }
    Ok(())
}

pub fn count(asked: &[String], part: &str) -> usize {
    asked.iter().filter(|uri| uri.contains(part)).count()
}

#[tokio::test]
async fn what_was_in_use_and_is_no_more_is_named_once_and_found_when_it_is_back() -> Result<()> {
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
    fake.catch_up(dir.path()).await?;
    let vanished = [7, 2].map(|place| fake.world().sims.remove(place));
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    let told = problems(&printed);
    assert!(!complete && told.len() == 1, "{printed}");
    assert!(told[0].contains("TRIP–2") && !told[0].contains("TRIP–7"));
    fake.asked();
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(complete, "{printed}");
    assert_eq!(count(&fake.asked(), "status="), 0, "what is gone is known");
    fake.world().sims.extend(vanished);
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(complete && printed["esims"] == 9, "{printed}");
    let id = &world()[2].id;
    assert_eq!(count(&fake.asked(), &format!("/event?esimId={id}")), 1);
    Ok(())
}

#[tokio::test]
async fn an_account_that_has_none_of_what_is_known_is_a_problem_until_it_is_the_right_one()
-> Result<()> {
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
    fake.catch_up(dir.path()).await?;
    let stranger = Sim::new(77, "NEW").with(&[("NEW", 0)]);
    for others in [Vec::new(), vec![stranger]] {
        fake.world().sims = others;
        for _ in 0..2 {
            fake.asked();
            let (printed, complete) = fake.catch_up(dir.path()).await?;
            let told = problems(&printed);
            assert!(!complete && told.len() == 1, "{printed}");
            assert!(told[0].contains("token"), "{printed}");
            // A few tell it.
            assert!(count(&fake.asked(), "/api/esim?") <= 5);
        }
    }
    fake.world().sims = world();
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(complete, "{printed}");
    assert_eq!(exported(dir.path(), "esims")?.len(), world().len());
    Ok(())
}

#[tokio::test]
async fn what_only_orders_name_comes_after_what_is_there_and_is_not_asked_for_again_and_again()
-> Result<()> {
    let mut sims = world();
    let mut ghost = Sim::new(500, "INSTALLED").with(&[("INSTALLED", 100)]);
    ghost.order = None;
    let ids = (500..540).map(|number| Sim::new(number, "NEW").id);
    let items = ids
        .map(|id| json!({"esimId": id, "package": "1 GB"}))
        .collect();
    if let Some(order) = &mut sims[0].order {
        order["items"] = Value::Array(items);
    }
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims).await?);
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(complete && printed["esims"] == 9, "{printed}");
    let asked = fake.asked();
    let place = |part: &str| asked.iter().position(|uri| uri.contains(part));
    let last = asked.iter().rposition(|uri| uri.contains("/event?"));
    assert!(place("/api/esim?") > last, "{asked:?}");
    assert_eq!(count(&asked, "/api/esim?"), 40);
    for _ in 0..2 {
        fake.catch_up(dir.path()).await?;
        let asked = fake.asked();
        assert!(count(&asked, "/api/esim?") <= 3, "{asked:?}");
        assert_eq!(count(&asked, "status="), 0, "{asked:?}");
    }
    fake.world().sims.push(ghost);
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(complete && printed["esims"] == 10, "{printed}");
    Ok(())
}

#[tokio::test]
async fn while_neither_list_answers_no_esim_is_asked_for() -> Result<()> {
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
    fake.catch_up(dir.path()).await?;
    fake.asked();
    fake.fail("/api/esims", usize::MAX, 404, &[], "{}");
    fake.fail("/api/esim/orders", usize::MAX, 404, &[], "{}");
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(!complete, "{printed}");
    assert_eq!(count(&fake.asked(), "esimId="), 0);
    Ok(())
}

#[tokio::test]
async fn how_what_is_left_is_asked_for_is_found_out_once() -> Result<()> {
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
    fake.fail("/usage?iccid=", usize::MAX, 422, &[], "{}");
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(complete, "{printed}");
    let asked = fake.asked();
    assert_eq!(count(&asked, "/usage?iccid="), 1, "{asked:?}");
    assert!(count(&asked, "/usage?esimId=") > 1, "{asked:?}");
    Ok(())
}

#[tokio::test]
async fn a_list_that_is_cut_anywhere_is_asked_by_status_and_what_may_be_missing_is_told()
-> Result<()> {
    let sims = (0..130).map(|number| Sim::new(number, ["READY", "INSTALLED"][number % 2]));
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims.collect()).await?);
    fake.world().most = 57;
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(!complete && !problems(&printed).is_empty(), "{printed}");
    assert!(printed["esims"].as_u64() > Some(57), "{printed}");
    Ok(())
}

/// How many of the folder's eSIMs have a package.
fn with_package(data_dir: &Path) -> Result<usize> {
    let events = exported(data_dir, "events")?;
    let named = events.iter().filter(|event| {
        let name = event.pointer("/payload/package_name");
        name.is_some_and(Value::is_string)
    });
    let ids: BTreeSet<_> = named.filter_map(|event| text(event, "esimId")).collect();
    Ok(ids.len())
}

#[tokio::test]
async fn orders_that_their_list_leaves_out_are_found_by_reference_or_may_be_missing() -> Result<()>
{
    for has_references in [true, false] {
        let mut sims: Vec<Sim> = (0..40)
            .map(|number| Sim::new(number, ["READY", "INSTALLED", "NEW", "NEW"][number % 4]))
            .collect();
        for (number, sim) in sims.iter_mut().enumerate().filter(|_| has_references) {
            sim.reference = format!("TRIP-{number}");
            if let Some(order) = &mut sim.order {
                order["referenceId"] = json!(sim.reference);
            }
        }
        let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims).await?);
        fake.world().most_orders = 13;
        let (printed, complete) = fake.catch_up(dir.path()).await?;
        let told = usize::from(!has_references);
        assert!(complete && problems(&printed).len() == told, "{printed}");
        let count = if has_references { 40 } else { 13 };
        assert_eq!(with_package(dir.path())?, count);
        let first = fake.asked();
        let (printed, complete) = fake.catch_up(dir.path()).await?;
        assert!(complete && problems(&printed).is_empty(), "{printed}");
        let second = fake.asked();
        assert_eq!(count_lists(&second), 2, "{second:?}");
        assert!(second.len() * 2 <= first.len(), "{}", second.len());
    }
    Ok(())
}

/// How often a list was asked for.
fn count_lists(asked: &[String]) -> usize {
    count(asked, "/api/esims") + count(asked, "/api/esim/orders")
}

#[tokio::test]
async fn both_lists_that_end_at_no_round_figure_are_told_to_be_cut() -> Result<()> {
    let statuses = ["EXPIRED", "EXPIRED", "INSTALLED"];
    let sims = (0..90).map(|number| Sim::new(number, statuses[number % 3]));
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims.collect()).await?);
    fake.world().most = 31;
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(!complete && !problems(&printed).is_empty(), "{printed}");
    // All that are in use, and as many of the others as it gives.
    assert_eq!(printed["esims"], 61, "{printed}");
    Ok(())
}

#[tokio::test]
async fn a_list_that_is_cut_is_asked_by_status_whatever_becomes_of_the_orders() -> Result<()> {
    let statuses = ["READY", "INSTALLED", "NEW"];
    let sims = (0..120).map(|number| Sim::new(number, statuses[number % 3]));
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims.collect()).await?);
    fake.world().most = 50;
    fake.fail("/api/esim/orders", usize::MAX, 403, &[], "{}");
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert_eq!(printed["esims"], 120, "{printed}");
    assert!(!complete, "what was bought is not known: {printed}");
    Ok(())
}

#[tokio::test]
async fn what_nobody_knows_is_left_of_a_plan_is_not_missed() -> Result<()> {
    let unknown = r#"{"message":"Unknown error"}"#;
    for (last, status, body, known) in [
        ("INSTALLED", 404, "{}", true),
        // In use, and the API knows nothing of it: it won't the next time.
        ("ACTIVATED", 404, "{}", true),
        ("ACTIVATED", 200, unknown, false),
    ] {
        let sim = Sim::new(1, "INSTALLED").with(&[("NEW", 10), (last, 60)]);
        let (dir, fake) = (tempfile::tempdir()?, Fake::start(vec![sim]).await?);
        fake.fail("/api/esim/usage", usize::MAX, status, &[], body);
        let (printed, complete) = fake.catch_up(dir.path()).await?;
        assert_eq!(complete, known, "{last} {status}: {printed}");
    }
    Ok(())
}

#[tokio::test]
async fn what_nobody_can_tell_is_not_asked_for_and_of_two_entries_the_newer_counts() -> Result<()> {
    let mut sim = Sim::new(1, "REVOKED").with(&[("ACTIVATED", 60)]);
    sim.row["withUsageCheck"] = false.into();
    let mut stale = sim.clone();
    stale.row["status"] = "INSTALLED".into();
    stale.row["updatedAt"] = (MADE + 100).into();
    let id = sim.id.clone();
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(vec![sim, stale]).await?);
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(complete, "{printed}");
    assert_eq!(count(&fake.asked(), "/api/esim/usage"), 0);
    let rows = exported(dir.path(), "esims")?;
    let row = rows.iter().find(|row| text(row, "esimId") == Some(&id));
    assert_eq!(row.and_then(|row| text(row, "status")), Some("REVOKED"));
    Ok(())
}

#[tokio::test]
async fn what_is_in_use_is_asked_for_again_once_the_api_is_back() -> Result<()> {
    let sims: Vec<Sim> = (0..3)
        .map(|number| Sim::new(number, "INSTALLED").with(&[("ACTIVATED", 60)]))
        .collect();
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims).await?);
    fake.fail("/api/esim/event", 1, 200, &[], r#"{"events":[]}"#);
    fake.fail("/api/esim/event", 1, 401, &[], "{}");
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(!complete, "{printed}");
    fake.asked();
    // What was read by then may have changed, and its webhook found nobody.
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(complete, "{printed}");
    assert_eq!(count(&fake.asked(), "/api/esim/event?esimId="), 3);
    Ok(())
}

#[tokio::test]
async fn a_history_without_entries_or_of_another_form_hides_no_esim() -> Result<()> {
    for (body, is_read) in [
        (r#"{"events":null}"#, true),
        (
            r#"{"events":[{"status":null,"timeStamp":1795000000}]}"#,
            true,
        ),
        (r#"{"entries":"none"}"#, false),
    ] {
        let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
        fake.fail("/event", usize::MAX, 200, &[], body);
        let (printed, complete) = fake.catch_up(dir.path()).await?;
        assert_eq!(complete, is_read, "{printed}");
        for (place, status) in [(2, "INSTALLED"), (4, "REVOKED"), (1, "READY")] {
            let row = row(dir.path(), &world()[place])?;
            assert_eq!(text(&row, "status"), Some(status), "{body}: {row}");
        }
    }
    Ok(())
}

/// Data left of this eSIM, as its last reading tells it.
fn left(data_dir: &Path, sim: &Sim) -> Result<Option<f64>> {
    let mut readings = exported(data_dir, "events")?;
    readings.retain(|event| event["type"] == "usage" && text(event, "esimId") == Some(&sim.id));
    let last = readings.last().map(|event| &event["payload"]);
    Ok(last.and_then(|told| told.pointer("/usage_data/remaining_data")?.as_f64()))
}

#[tokio::test]
async fn what_is_left_of_two_that_had_one_iccid_is_each_ones_own() -> Result<()> {
    for by_id_too in [true, false] {
        let old = Sim::new(1, "EXPIRED").with(&[("ACTIVATED", 200), ("EXPIRED", 400)]);
        let new = Sim::new(2, "INSTALLED").with(&[("INSTALLED", 800_000), ("ACTIVATED", 800_100)]);
        let mut sims = [old, new];
        let iccid = sims[0].row["iccid"].clone();
        for (sim, left) in sims.iter_mut().zip([7, 900]) {
            sim.row["iccid"] = iccid.clone();
            sim.usage = json!({"iccid": iccid, "allowedData": 1024, "remainingData": left});
        }
        let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims.to_vec()).await?);
        if !by_id_too {
            fake.fail("/usage?esimId=", usize::MAX, 422, &[], "{}");
        }
        let (printed, complete) = fake.catch_up(dir.path()).await?;
        assert_eq!(complete, by_id_too, "{printed}");
        let told = sims.each_ref().map(|sim| left(dir.path(), sim));
        let [old, new] = told;
        let each = (old?, new?);
        let expected = match by_id_too {
            true => (Some(7.0), Some(900.0)),
            // Nobody knows whose it is.
            false => (None, None),
        };
        assert_eq!(each, expected);
    }
    Ok(())
}

#[tokio::test]
async fn ids_in_capitals_are_asked_for_as_the_api_writes_them() -> Result<()> {
    let mut sims: Vec<Sim> = ["INSTALLED", "READY", "INSTALLED"]
        .into_iter()
        .zip(1..)
        .map(|(status, number)| Sim::new(number, status).with(&[("NEW", 100)]))
        .collect();
    for sim in &mut sims {
        sim.id = sim.id.replacen("00000000", "ABCDEF00", 1);
        sim.row["id"] = json!(sim.id);
        sim.usage["id"] = json!(sim.id);
        if let Some(order) = &mut sim.order {
            order["items"][0]["esimId"] = json!(sim.id);
        }
    }
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims.clone()).await?);
    // The list has one of them, that of those that are ready another, and an order names all.
    let mut items: Vec<Value> = Vec::new();
    for sim in &sims {
        items.push(json!({"esimId": sim.id, "package": "1 GB"}));
    }
    if let Some(order) = &mut fake.world().sims[0].order {
        order["items"] = Value::Array(items);
    }
    fake.world().most = 1;
    for _ in 0..2 {
        let (printed, complete) = fake.catch_up(dir.path()).await?;
        assert!(complete && printed["esims"] == 3, "{printed}");
        let asked = fake.asked();
        assert!(count(&asked, "esimId=ABCDEF00-") >= 3, "{asked:?}");
        assert_eq!(count(&asked, "esimId=abcdef00-"), 0, "{asked:?}");
    }
    let events = exported(dir.path(), "events")?;
    let new = events.iter().filter(|event| event["status"] == "NEW");
    assert_eq!(new.count(), 3, "{events:?}");
    Ok(())
}

#[test]
fn arguments_that_are_not_understood_are_one_object_too() -> Result<()> {
    let wrong: [&[&str]; 5] = [
        &["catch-up", "--json", "--nothing"],
        &["catch-up", "--nothing", "--json"],
        &["catch-up", "--json", "--data-dir"],
        &["catch-up", "--json=yes"],
        &["catch-up", "--json", "too", "many"],
    ];
    for arguments in wrong {
        let Output { status, stdout, .. } = Command::new(BIN).args(arguments).output()?;
        let printed: Value = serde_json::from_slice(&stdout)
            .with_context(|| format!("{arguments:?}: {}", String::from_utf8_lossy(&stdout)))?;
        assert!(!status.success(), "{arguments:?}");
        assert_eq!(problems(&printed).len(), 1, "{arguments:?}: {printed}");
        assert_eq!(
            (&printed["requests"], &printed["new"]),
            (&json!(0), &json!(0))
        );
    }
    let without = Command::new(BIN).args(["catch-up", "--nothing"]).output()?;
    assert!(without.stdout.is_empty() && !without.status.success());
    let help = Command::new(BIN)
        .args(["catch-up", "--json", "--help"])
        .output()?;
    assert!(help.status.success() && !help.stdout.is_empty());
    Ok(())
}
