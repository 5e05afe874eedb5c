//! `catch-up`: what it brings, and what it prints.

pub mod fake;

use std::path::Path;

use anyhow::{Context, Result, ensure};
use esim_watch_testkit::{PATIENCE, Sender, Watchd, eventually, files_that_hold, now};
use serde_json::{Value, json};

use crate::{BIN, number, text};
use fake::{Fake, MADE, Sim, TOKEN, catch_up_with};

/// The events or eSIMs of a folder.
pub fn exported(data_dir: &Path, what: &str) -> Result<Vec<Value>> {
    let text = Watchd::export_from(Path::new(BIN), data_dir, what, "json")?;
    Ok(serde_json::from_str(&text)?)
}

/// The eSIM's row.
pub fn row(data_dir: &Path, sim: &Sim) -> Result<Value> {
    let rows = exported(data_dir, "esims")?;
    let row = rows
        .into_iter()
        .find(|row| text(row, "esimId") == Some(&sim.id));
    row.with_context(|| format!("no {}", sim.id))
}

/// The eSIM's statuses as events of status told them, with seconds since it was made, in their order.
pub fn statuses(data_dir: &Path, sim: &Sim) -> Result<Vec<(String, i64)>> {
    let events = exported(data_dir, "events")?;
    let mut told: Vec<(i64, String)> = events
        .iter()
        .filter(|event| {
            text(event, "esimId") == Some(&sim.id) && text(event, "type") == Some("status")
        })
        .map(|event| {
            let at = number(event, "occurredAt").unwrap_or_default();
            (
                at - MADE,
                text(event, "status").unwrap_or_default().to_owned(),
            )
        })
        .collect();
    told.sort();
    Ok(told.into_iter().map(|(at, status)| (status, at)).collect())
}

fn told(of: &[(&str, i64)]) -> Vec<(String, i64)> {
    of.iter()
        .map(|(status, at)| ((*status).to_owned(), *at))
        .collect()
}

/// A world with an eSIM of each kind.
pub fn world() -> Vec<Sim> {
    vec![
        Sim::new(0, "NEW").with(&[("NEW", 0)]),
        Sim::new(1, "READY"),
        Sim::new(2, "INSTALLED").with(&[("NEW", 0), ("INSTALLED", 100), ("ACTIVATED", 200)]),
        Sim::new(3, "EXPIRED").with(&[("NEW", 0), ("ACTIVATED", 200), ("INACTIVE", 500_000)]),
        Sim::new(4, "REVOKED").with(&[("NEW", 0)]),
        Sim::new(5, "READY").with(&[("NEW", 0), ("DOWNLOADED", 50)]),
        Sim::new(6, "INSTALLED").with(&[("INSTALLED", 100)]),
        Sim::new(7, "NEW").with(&[("NEW", 0)]),
        Sim::new(8, "EXPIRED").with(&[("ACTIVATED", 200)]),
    ]
}

#[tokio::test]
async fn everything_that_the_api_knows_is_there_with_its_history() -> Result<()> {
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(complete, "{printed}");
    assert_eq!(printed["problems"], json!([]));
    assert_eq!(printed["esims"], 9);
    assert_eq!(printed["requests"], fake.asked().len());
    let events = exported(dir.path(), "events")?;
    assert_eq!(
        (&printed["new"], &printed["found"]),
        (&json!(events.len()), &json!(events.len()))
    );
    assert!(
        printed["seconds"]
            .as_f64()
            .is_some_and(|seconds| seconds > 0.0)
    );
    assert!(
        events
            .iter()
            .all(|event| text(event, "source") == Some("api"))
    );
    let sims = world();
    for (place, status) in [
        (0, "NEW"),
        (1, "READY"),
        (2, "ACTIVATED"),
        (3, "EXPIRED"),
        (4, "REVOKED"),
        (5, "DOWNLOADED"),
        (6, "INSTALLED"),
    ] {
        let row = row(dir.path(), &sims[place])?;
        assert_eq!(text(&row, "status"), Some(status), "{row}");
        assert_eq!(
            text(&row, "referenceId"),
            Some(format!("TRIP–{place}").as_str())
        );
    }
    assert_eq!(
        statuses(dir.path(), &sims[2])?,
        told(&[("NEW", 0), ("INSTALLED", 100), ("ACTIVATED", 200)])
    );
    // Of the list only READY is told as a status; ends count all the same.
    assert_eq!(statuses(dir.path(), &sims[1])?, told(&[("READY", 900_000)]));
    assert_eq!(statuses(dir.path(), &sims[4])?, told(&[("NEW", 0)]));
    for command in ["check", "replay"] {
        let dir = dir.path().display().to_string();
        let output = crate::run(&[command, "--data-dir", &dir])?;
        let out = String::from_utf8(output.stdout)?;
        assert!(
            output.status.success() && !out.contains("disagree"),
            "{out}"
        );
        assert!(
            command == "check" || out.contains("Nothing changed."),
            "{out}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn only_a_plan_that_runs_has_a_period() -> Result<()> {
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
    fake.catch_up(dir.path()).await?;
    for (place, sim) in world().iter().enumerate() {
        let row = row(dir.path(), sim)?;
        let ran = [2, 3, 8].contains(&place);
        let period = ran.then_some((MADE + 200, MADE + 700_000));
        let found = number(&row, "start").zip(number(&row, "end"));
        assert_eq!(found, period, "{row}");
        assert_eq!(number(&row, "end").is_some(), ran, "{row}");
    }
    Ok(())
}

#[tokio::test]
async fn payloads_hold_neither_secrets_nor_what_stands_for_none_and_figures_are_numbers()
-> Result<()> {
    let mut sims = world();
    sims[6].row["data"]["isUnlimited"] = json!(true);
    sims[6].usage["allowedData"] = json!(9_007_199_254_740_991_i64);
    sims[6].usage["remainingData"] = json!(9_007_199_254_740_991_i64);
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims.clone()).await?);
    fake.catch_up(dir.path()).await?;
    for event in exported(dir.path(), "events")? {
        let payload = event["payload"].to_string();
        for never in [":-1", "90071992", "LPA", "SECRET"] {
            assert!(!payload.contains(never), "{never} in {payload}");
        }
        if let Some(figures) = event["payload"].get("usage_data") {
            assert!(figures["isUnlimited"].is_boolean(), "{payload}");
            let left = &figures["remaining_data"];
            let endless = figures["isUnlimited"] == true;
            assert!(left.is_number() != endless, "{payload}");
        }
    }
    for secret in ["F00D-SECRET", "SECRETPIN", "SECRETPUK", TOKEN] {
        let found = files_that_hold(dir.path(), secret)?;
        assert!(found.is_empty(), "{secret} in {found:?}");
    }
    Ok(())
}

#[tokio::test]
async fn the_same_change_is_one_event_whichever_way_it_comes_first() -> Result<()> {
    let sim = Sim::new(2, "INSTALLED").with(&[("INSTALLED", 100), ("ACTIVATED", 200)]);
    let mut all = Vec::new();
    for api_first in [true, false] {
        let (dir, fake) = (tempfile::tempdir()?, Fake::start(vec![sim.clone()]).await?);
        let mut new = Value::Null;
        for api in [api_first, !api_first] {
            if api {
                (new, _) = fake.catch_up(dir.path()).await?;
                continue;
            }
            let server = Watchd::serve(Path::new(BIN), dir.path(), &[]).await?;
            let sender = Sender::new(&server.url, None)?;
            for (status, at) in [("INSTALLED", 100), ("INACTIVE", 300)] {
                sender.post(sim.webhook(status, at).into_bytes()).await?;
            }
            server.sigterm().await?;
        }
        let events = exported(dir.path(), "events")?;
        let source = |status: &str| {
            let mut of = events
                .iter()
                .filter(|event| text(event, "status") == Some(status));
            of.next()
                .and_then(|event| text(event, "source"))
                .unwrap_or_default()
                .to_owned()
        };
        let sources = ["INSTALLED", "ACTIVATED", "INACTIVE"].map(source);
        assert_eq!(sources, ["both", "api", "webhook"]);
        assert_eq!(new["new"], if api_first { 4 } else { 3 }, "{new}");
        let told = statuses(dir.path(), &sim)?;
        let mut row = row(dir.path(), &sim)?;
        row["lastEventAt"] = Value::Null;
        all.push((told, row));
    }
    assert_eq!(all[0], all[1]);
    Ok(())
}

#[tokio::test]
async fn an_iccid_that_is_used_again_keeps_two_timelines() -> Result<()> {
    let old = Sim::new(1, "EXPIRED").with(&[("ACTIVATED", 200), ("INACTIVE", 400)]);
    let mut new = Sim::new(2, "INSTALLED").with(&[("INSTALLED", 800_000), ("ACTIVATED", 800_100)]);
    new.row["iccid"] = old.row["iccid"].clone();
    new.usage["iccid"] = old.row["iccid"].clone();
    let (dir, fake) = (
        tempfile::tempdir()?,
        Fake::start(vec![old.clone(), new.clone()]).await?,
    );
    let (printed, complete) = fake.catch_up(dir.path()).await?;
    assert!(complete, "{printed}");
    let asked = fake.asked();
    let histories: Vec<_> = asked
        .iter()
        .filter(|uri| uri.starts_with("/api/esim/event"))
        .collect();
    assert!(
        histories.len() == 2 && histories.iter().all(|uri| uri.contains("esimId=")),
        "{asked:?}"
    );
    assert_eq!(
        statuses(dir.path(), &old)?,
        told(&[("ACTIVATED", 200), ("INACTIVE", 400)])
    );
    assert_eq!(
        statuses(dir.path(), &new)?,
        told(&[("INSTALLED", 800_000), ("ACTIVATED", 800_100)])
    );
    assert_eq!(text(&row(dir.path(), &old)?, "status"), Some("EXPIRED"));
    assert_eq!(text(&row(dir.path(), &new)?, "status"), Some("ACTIVATED"));
    Ok(())
}

#[tokio::test]
async fn a_list_that_lags_takes_no_end_back() -> Result<()> {
    let sim = Sim::new(1, "INSTALLED").with(&[("INSTALLED", 100), ("ACTIVATED", 200)]);
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(vec![sim.clone()]).await?);
    let server = Watchd::serve(Path::new(BIN), dir.path(), &[]).await?;
    let sender = Sender::new(&server.url, None)?;
    sender
        .post(sim.webhook("EXPIRED", 700_000).into_bytes())
        .await?;
    for _ in 0..2 {
        fake.catch_up(dir.path()).await?;
        assert_eq!(text(&row(dir.path(), &sim)?, "status"), Some("EXPIRED"));
    }
    Ok(())
}

#[tokio::test]
async fn a_reading_is_kept_once_for_each_value_and_moves_no_status() -> Result<()> {
    let sim = Sim::new(1, "INSTALLED").with(&[("ACTIVATED", 200)]);
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(vec![sim.clone()]).await?);
    let readings = || -> Result<usize> {
        let events = exported(dir.path(), "events")?;
        let is_one = |event: &&Value| !event["payload"]["usage_data"].is_null();
        Ok(events.iter().filter(is_one).count())
    };
    for (left, count) in [(1024.5, 1), (1024.5, 1), (7.0, 2), (7.0, 2), (1024.5, 3)] {
        fake.world().sims[0].usage["remainingData"] = json!(left);
        fake.catch_up(dir.path()).await?;
        // Two readings of one second have no order, and a desk never takes two so soon.
        let read = now();
        eventually(PATIENCE, "another second", async || {
            ensure!(now() > read);
            Ok(())
        })
        .await?;
        assert_eq!(readings()?, count, "{left}");
        assert_eq!(text(&row(dir.path(), &sim)?, "status"), Some("ACTIVATED"));
    }
    Ok(())
}

#[tokio::test]
async fn whatever_keeps_it_from_beginning_is_one_object_too() -> Result<()> {
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
    let with = |name: &'static str, value: &str| {
        let mut variables = fake.variables();
        variables.retain(|(known, _)| *known != name);
        variables.push((name, value.to_owned()));
        catch_up_with(dir.path(), variables)
    };
    for (name, value, names) in [
        ("ESIM_WATCH_API_TOKEN", "", "token"),
        ("ESIM_WATCH_API_TOKEN", " \t\u{feff}", "token"),
        ("ESIM_WATCH_API_TOKEN", "a\nb", "token"),
        ("ESIM_WATCH_API_TOKEN", "wrong", "token"),
        (
            "ESIM_WATCH_API_URL",
            "http://api.example",
            "http://api.example",
        ),
        (
            "ESIM_WATCH_API_URL",
            "https://api.example/v1",
            "ESIM_WATCH_API_URL",
        ),
        ("ESIM_WATCH_API_RATE", "fast", "ESIM_WATCH_API_RATE"),
    ] {
        let (printed, complete) = with(name, value).await?;
        assert!(!complete, "{name}={value}");
        let problems = printed["problems"].as_array().context("no problems")?;
        assert!(
            problems.len() == 1 && problems[0].to_string().contains(names),
            "{printed}"
        );
        assert_eq!((&printed["esims"], &printed["new"]), (&json!(0), &json!(0)));
        assert_eq!(fake.asked().len(), usize::from(value == "wrong"));
    }
    let file = dir.path().join("file");
    std::fs::write(&file, "")?;
    let (printed, complete) = fake.catch_up(&file).await?;
    assert!(
        !complete
            && printed["problems"]
                .as_array()
                .is_some_and(|told| told.len() == 1)
    );
    Ok(())
}
