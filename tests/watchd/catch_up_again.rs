//! `serve`: what makes it catch up again by itself.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use esim_watch_testkit::{PATIENCE, Sender, Watchd, eventually, now};
use rusqlite::Connection;

use crate::catch_up::fake::{Fake, MADE, Sim};
use crate::catch_up::{exported, statuses, world};
use crate::{BIN, text};

/// Between two catch-ups that nobody asked for there is a minute, and what is wrong is looked at once a minute.
const MINUTES: Duration = Duration::from_secs(180);

/// Longer than any tick of the program's clock may be late.
#[cfg(unix)]
const NAP: Duration = Duration::from_secs(37);

/// A server that has caught up.
async fn caught_up(fake: &Fake, data_dir: &Path, env: &[(&str, &str)]) -> Result<Watchd> {
    let variables = fake.variables();
    let mut all: Vec<(&str, &str)> = env.to_vec();
    all.extend(
        variables
            .iter()
            .map(|(name, value)| (*name, value.as_str())),
    );
    let server = Watchd::serve_with(Path::new(BIN), data_dir, &[], &all).await?;
    logged(&server, "caught up", 1, PATIENCE).await?;
    ensure!(exported(data_dir, "esims")?.len() == world().len());
    Ok(server)
}

/// Waits until it has logged this so many times.
async fn logged(server: &Watchd, what: &str, times: usize, within: Duration) -> Result<()> {
    eventually(within, what, async || {
        let log = server.log();
        ensure!(log.matches(what).count() >= times, "{log}");
        Ok(())
    })
    .await
}

/// An eSIM in use is idle now, and no webhook told it.
fn is_idle(fake: &Fake, at: i64) -> Result<Sim> {
    let mut world = fake.world();
    let sim = world.sims.get_mut(2).context("no third eSIM")?;
    sim.events.push(("INACTIVE".to_owned(), MADE + at));
    Ok(sim.clone())
}

async fn knows(data_dir: &Path, sim: &Sim, at: i64) -> Result<()> {
    let idle = ("INACTIVE".to_owned(), at);
    eventually(MINUTES, "it knows that the eSIM is idle", async || {
        let told = statuses(data_dir, sim)?;
        ensure!(told.contains(&idle), "{told:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_was_answered_503_is_asked_for_once_the_store_works_again() -> Result<()> {
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
    let server = caught_up(&fake, dir.path(), &[]).await?;
    let sender = Sender::new(&server.url, None)?;
    let sim = is_idle(&fake, 900)?;
    let other = Connection::open(dir.path().join("esim-watch.db"))?;
    other.execute_batch("BEGIN IMMEDIATE")?;
    let body = sim.webhook("INACTIVE", 900).into_bytes();
    assert_eq!(sender.post(body).await?.status, 503);
    other.execute_batch("ROLLBACK")?;
    // It is never sent again, and nothing else comes.
    knows(dir.path(), &sim, 900).await?;
    let events = exported(dir.path(), "events")?;
    let idle = events
        .iter()
        .find(|event| text(event, "status") == Some("INACTIVE"));
    let idle = idle.context("no event")?;
    assert_eq!(text(idle, "source"), Some("api"));
    server.sigterm().await?;
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn after_a_sleep_it_asks_for_what_was_sent_meanwhile() -> Result<()> {
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
    let server = caught_up(&fake, dir.path(), &[]).await?;
    let sim = is_idle(&fake, 900)?;
    server.suspend(NAP).await?;
    knows(dir.path(), &sim, 900).await?;
    logged(&server, "the computer slept", 1, PATIENCE).await?;
    server.sigterm().await?;
    Ok(())
}

#[tokio::test]
async fn once_a_night_it_asks_although_nothing_happened() -> Result<()> {
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
    // A place where it is shortly before three.
    let ahead = (3 * 3_600 - 20 - now()).rem_euclid(86_400);
    let (hours, minutes, seconds) = (ahead / 3_600, ahead / 60 % 60, ahead % 60);
    let place = format!("NGT-{hours}:{minutes:02}:{seconds:02}");
    let server = caught_up(&fake, dir.path(), &[("TZ", &place)]).await?;
    let sim = is_idle(&fake, 900)?;
    knows(dir.path(), &sim, 900).await?;
    server.sigterm().await?;
    Ok(())
}

#[tokio::test]
async fn one_that_could_not_reach_the_api_is_followed_by_another() -> Result<()> {
    let (dir, fake) = (tempfile::tempdir()?, Fake::start(world()).await?);
    let failed = r#"{"message":"Unknown error","status":"failed"}"#;
    fake.fail("/api/", usize::MAX, 503, &[], failed);
    let server = fake.serve(dir.path()).await?;
    logged(&server, "catching up missed something", 1, MINUTES).await?;
    fake.world().faults.clear();
    logged(&server, "caught up", 2, MINUTES).await?;
    assert_eq!(exported(dir.path(), "esims")?.len(), world().len());
    server.sigterm().await?;
    Ok(())
}

/// As if the last catch-up had begun a quarter of an hour ago and been killed just before its end, so many minutes ago.
fn kill_minutes_ago(data_dir: &Path, minutes: i64) -> Result<()> {
    let db = Connection::open(data_dir.join("esim-watch.db"))?;
    let began = db.execute(
        "UPDATE settings SET value = json_set(value, '$.complete', json('false'), '$.toldAllAtMs', NULL,
            '$.begunAtMs', json_extract(value, '$.begunAtMs') - 900000) WHERE name = 'catch_up'",
        [],
    )?;
    let answered = db.execute(
        "UPDATE settings SET value = json_set(value, '$.answeredAtMs', json_extract(value, '$.answeredAtMs') - ?1)
         WHERE name = 'catch_up.so_far'",
        [minutes * 60_000],
    )?;
    ensure!((began, answered) == (1, 1));
    Ok(())
}

#[tokio::test]
async fn what_was_interrupted_minutes_ago_asks_again_for_what_is_in_use_and_for_nothing_else()
-> Result<()> {
    for (minutes, asked) in [(0, 0), (4, 0), (6, 1)] {
        let in_use = Sim::new(1, "INSTALLED").with(&[("ACTIVATED", 60)]);
        let sims = vec![in_use.clone(), Sim::new(2, "READY").with(&[("NEW", 0)])];
        let (dir, fake) = (tempfile::tempdir()?, Fake::start(sims).await?);
        fake.catch_up(dir.path()).await?;
        fake.asked();
        kill_minutes_ago(dir.path(), minutes)?;
        fake.catch_up(dir.path()).await?;
        let histories = fake.asked();
        let histories: Vec<_> = histories
            .iter()
            .filter(|uri| uri.starts_with("/api/esim/event"))
            .collect();
        assert_eq!(histories.len(), asked, "{minutes}: {histories:?}");
        assert!(histories.iter().all(|uri| uri.contains(&in_use.id)));
    }
    Ok(())
}

#[tokio::test]
async fn where_most_are_in_use_one_soon_after_another_makes_half_the_requests() -> Result<()> {
    let sim = |number: usize| match number % 5 {
        0 => Sim::new(number, "READY").with(&[("NEW", 0)]),
        _ => Sim::new(number, "INSTALLED").with(&[("ACTIVATED", 60)]),
    };
    let (dir, fake) = (
        tempfile::tempdir()?,
        Fake::start((1..=40).map(sim).collect()).await?,
    );
    let usage = |asked: &[String]| {
        let usage = asked
            .iter()
            .filter(|uri| uri.starts_with("/api/esim/usage"));
        usage.count()
    };
    fake.catch_up(dir.path()).await?;
    let first = fake.asked();
    assert_eq!(usage(&first), 32);
    // One is idle meanwhile, and has used more.
    let sim = is_idle(&fake, 900)?;
    fake.catch_up(dir.path()).await?;
    let second = fake.asked();
    assert!(second.len() * 2 <= first.len(), "{second:#?}");
    let histories = second
        .iter()
        .filter(|uri| uri.starts_with("/api/esim/event"));
    assert_eq!(histories.count(), 32);
    let idle = ("INACTIVE".to_owned(), 900);
    assert!(statuses(dir.path(), &sim)?.contains(&idle));
    // Its clock tells that more than an hour has passed.
    fake.world().date = Some(now() + 3_700);
    fake.catch_up(dir.path()).await?;
    assert_eq!(usage(&fake.asked()), 32);
    Ok(())
}
