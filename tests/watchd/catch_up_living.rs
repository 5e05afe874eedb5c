//! `catch-up` where eSIMs live again after their end and no history tells it.

use anyhow::Result;
use esim_watch_testkit::now;
use serde_json::{Value, json};

use crate::catch_up::fake::{Fake, MADE, Sim};
use crate::catch_up::{exported, row, statuses};
use crate::{number, text};

/// When they ended and when they lived again, seconds since they were made.
const ENDED: i64 = 400_000;
const LIVES: i64 = 600_000;

const DAY: i64 = 86_400;

fn put(of: &mut Value, name: &str, value: Value) {
    if let Some(fields) = of.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}

/// One that ended at that time, as its history tells or the list alone.
fn ended(place: usize, status: &str, dated: bool) -> Sim {
    let history = [("INSTALLED", 100), ("ACTIVATED", 200), (status, ENDED)];
    let told = if dated { &history[..] } else { &history[..2] };
    let mut sim = Sim::new(place, status).with(told);
    for of in [&mut sim.row, &mut sim.usage] {
        put(of, "expiredAt", json!(MADE + ENDED));
    }
    put(&mut sim.row, "updatedAt", json!(MADE + ENDED));
    sim
}

/// It runs again, with 10 GB until then.
fn lives(sim: &mut Sim, until: i64) {
    for (of, status) in [(&mut sim.row, "INSTALLED"), (&mut sim.usage, "ACTIVATED")] {
        put(of, "status", json!(status));
        put(of, "expiredAt", json!(until));
    }
    put(&mut sim.row, "updatedAt", json!(MADE + LIVES));
    put(&mut sim.usage, "allowedData", json!(10_240));
    put(&mut sim.usage, "remainingData", json!(5_000));
}

fn is_topped_up(sim: &mut Sim) {
    if let Some(order) = &mut sim.order {
        put(order, "orderType", json!("topup"));
        put(order, "createdAt", json!(MADE + LIVES - 9));
    }
}

#[tokio::test]
async fn what_is_topped_up_or_given_back_runs_again_until_it_ends_once_more() -> Result<()> {
    let kinds = [
        ("EXPIRED", true),
        ("EXPIRED", false),
        ("REVOKED", true),
        ("REVOKED", false),
    ];
    let sims = kinds.iter().enumerate();
    let mut sims: Vec<Sim> = sims
        .map(|(place, (status, dated))| ended(place, status, *dated))
        .collect();
    // Of this one nobody knows what is left, and of this one not when it began.
    sims.push(ended(4, "EXPIRED", false));
    sims.push(ended(5, "EXPIRED", true));
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims.clone()).await?);
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(complete, "{printed}");
    for sim in &sims {
        assert_eq!(
            text(&row(dir.path(), sim)?, "status"),
            sim.row["status"].as_str()
        );
    }
    let told: Vec<_> = sims
        .iter()
        .map(|sim| statuses(dir.path(), sim))
        .collect::<Result<_>>()?;
    let until = now() + 5 * DAY;
    for (place, sim) in fake.world().sims.iter_mut().enumerate() {
        lives(sim, until);
        match place {
            4 => is_topped_up(sim),
            5 => sim.usage["startedAt"] = Value::Null,
            _ => {}
        }
    }
    for name in [
        format!("iccid={}", sims[4].iccid()),
        format!("esimId={}", sims[4].id),
    ] {
        let path = format!("/api/esim/usage?{name}");
        fake.fail(&path, usize::MAX, 404, &[], r#"{"message":"Not found"}"#);
    }
    for again in [false, true] {
        let (printed, complete) = fake.catch_up(dir.path()).await?;
        assert!(complete, "{printed}");
        assert_eq!(printed["problems"], json!([]));
        assert_eq!(printed["new"] == json!(0), again, "{printed}");
        for (place, sim) in sims.iter().enumerate() {
            let row = row(dir.path(), sim)?;
            let status = if place == 4 { "INSTALLED" } else { "ACTIVATED" };
            assert_eq!(text(&row, "status"), Some(status), "{row}");
            assert_eq!(number(&row, "statusSince"), Some(MADE + LIVES), "{row}");
            assert_eq!(number(&row, "end"), Some(until), "{row}");
            // Nothing but dated entries of a history is a status event.
            assert_eq!(statuses(dir.path(), sim)?, told[place]);
        }
    }
    let events = exported(dir.path(), "events")?;
    let readings = events.iter().filter(|event| {
        let left = &event["payload"]["usage_data"]["remaining_data"];
        *left == json!(5_000)
    });
    let of_now = |event: &Value| number(event, "occurredAt") > Some(until - 6 * DAY);
    let readings: Vec<&Value> = readings.collect();
    assert!(readings.len() == 5 && readings.into_iter().all(of_now));
    // Another end of it is one, also where the list alone tells it.
    let over = now();
    for (sim, before) in fake.world().sims.iter_mut().zip(&sims) {
        sim.row["status"] = before.row["status"].clone();
        sim.usage["status"] = before.row["status"].clone();
        for of in [&mut sim.row, &mut sim.usage] {
            of["expiredAt"] = json!(over);
        }
        sim.row["updatedAt"] = json!(over);
    }
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(complete, "{printed}");
    for sim in &sims {
        let row = row(dir.path(), sim)?;
        assert_eq!(text(&row, "status"), sim.row["status"].as_str(), "{row}");
        assert_eq!(number(&row, "statusSince"), Some(over), "{row}");
    }
    Ok(())
}

#[tokio::test]
async fn a_list_that_lags_or_stands_alone_takes_no_end_back() -> Result<()> {
    let kinds = [
        ("EXPIRED", true),
        ("EXPIRED", false),
        ("REVOKED", true),
        ("REVOKED", false),
    ];
    let all = kinds.iter().cycle().take(8).enumerate();
    let sims: Vec<Sim> = all
        .map(|(place, (status, dated))| ended(place, status, *dated))
        .collect();
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims.clone()).await?);
    fake.catch_up(dir.path()).await?;
    for (place, sim) in fake.world().sims.iter_mut().enumerate() {
        let before = sim.clone();
        lives(sim, now() + 5 * DAY);
        if place < 4 {
            sim.row["updatedAt"] = json!(MADE + ENDED);
        } else {
            sim.usage = before.usage;
        }
    }
    for _ in 0..2 {
        let (printed, complete) = fake.catch_up(dir.path()).await?;
        assert!(complete, "{printed}");
        for sim in &sims {
            let row = row(dir.path(), sim)?;
            assert_eq!(text(&row, "status"), sim.row["status"].as_str(), "{row}");
            assert_eq!(number(&row, "statusSince"), Some(MADE + ENDED), "{row}");
        }
    }
    Ok(())
}
