//! `past`: a week that nobody waited for looks as one that was lived through.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;

use anyhow::{Context, Result};
use esim_watch_core::clock::now_ms;
use esim_watch_core::event::Sources;
use esim_watch_core::http;
use esim_watch_core::store::{AlertQuery, AlertState, MAX_ALERTS, Store, StoredEvent};
use esim_watch_tools::past::live_through;
use esim_watch_tools::stand_in::{Faults, Roamify, World, WorldPlan};

use crate::{BIN, Receiver, SECRET};

const DAY: i64 = 86_400;

/// A Monday, UTC.
const BEGAN: i64 = 1_795_996_800;

/// When the program ended, and when it is there again.
const UNTIL: i64 = BEGAN + 6 * DAY;
const BACK: i64 = UNTIL + 36_000;

fn roamify(esims: u32) -> Result<Roamify> {
    let plan = WorldPlan {
        seed: 7,
        begin: BEGAN,
        days: 9,
        esims,
        everyday: true,
        hurry: None,
    };
    let mut faults = Faults::none(7);
    let (from, to) = (BEGAN + 3 * DAY, BEGAN + 4 * DAY);
    let deaf = format!("webhook lost always {from}..{to}");
    faults.add(deaf.parse().map_err(anyhow::Error::msg)?);
    Ok(Roamify::over(Arc::new(World::of(plan)), faults, None))
}

#[test]
fn a_past_is_as_a_program_leaves_it_that_lived_through_it() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(live_through(roamify(60)?, dir.path(), UNTIL))?;

    let store = Store::open(dir.path(), |_| {})?;
    runtime.block_on(store.writer().note_listening(BACK * 1000))?;
    let query = AlertQuery {
        search: String::new(),
        states: Vec::new(),
        rules: Vec::new(),
        esim: None,
        offset: 0,
        limit: MAX_ALERTS,
    };
    let (events, (_, alerts), absences, wrong) = store.readers().read(|store| {
        Ok((
            store.latest_changes(10_000)?,
            store.alerts(&query)?,
            store.absences(0, BACK * 1000)?,
            store.check()?,
        ))
    })?;
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(events.len() > 100, "{}", events.len());
    let (found, events): (Vec<_>, Vec<_>) = events
        .into_iter()
        .partition(|stored| stored.sources == Sources::API);
    assert!(!found.is_empty(), "what was sold before is found");
    let before = |stored: &&StoredEvent| stored.event.occurred_at <= Some(BEGAN);
    assert!(found.iter().all(|stored| before(&stored)));
    for stored in &events {
        let happened = stored.event.occurred_at.context("no time")?;
        let late_ms = stored.received_at_ms - happened * 1000;
        assert!((0..60_000).contains(&late_ms), "{stored:?}");
        assert!((BEGAN..=UNTIL).contains(&happened), "{stored:?}");
        assert!(
            !(BEGAN + 3 * DAY..BEGAN + 4 * DAY).contains(&happened),
            "{stored:?}"
        );
        assert_eq!(stored.sources, Sources::WEBHOOK);
    }
    // In the order in which they came, whatever shared a commit.
    assert!(events.is_sorted_by_key(|stored| -stored.received_at_ms));
    assert!(
        alerts
            .iter()
            .all(|alert| alert.raised_at_ms <= UNTIL * 1000)
    );
    let old = |ms: i64| ms < (UNTIL - DAY) * 1000;
    let left = alerts
        .iter()
        .filter(|alert| alert.state == AlertState::New && old(alert.raised_at_ms));
    assert_eq!(left.count(), 0, "somebody took up what is old");
    assert!(
        alerts
            .iter()
            .any(|alert| alert.state == AlertState::Acknowledged)
    );
    let [absence] = &absences[..] else {
        anyhow::bail!("{absences:?}");
    };
    // It had listened until it ended.
    assert!(
        absence.from_ms > (UNTIL - 3_600) * 1000 && absence.to_ms == BACK * 1000,
        "{absence:?}"
    );
    store.close();
    Ok(())
}

#[test]
fn travellers_of_a_past_stand_beside_their_esims_and_some_are_about_to_leave() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(live_through(roamify(240)?, dir.path(), UNTIL))?;

    let store = Store::open(dir.path(), |_| {})?;
    let (imports, named, trips) = store.readers().read(|store| {
        let (mut named, mut trips) = (Vec::new(), Vec::new());
        for row in store.esim_rows_after(0, 1_000)? {
            named.push(store.traveller_name(row)?);
            trips.extend(store.trip_start(row)?);
        }
        Ok((store.imports()?, named, trips))
    })?;
    assert!(imports.len() > 3, "{imports:?}");
    let known = named.iter().flatten().count();
    assert!(known * 2 > named.len(), "{named:?}");
    let today = date(UNTIL)?;
    assert!(trips.iter().any(|first| *first > today), "{trips:?}");
    store.close();
    Ok(())
}

/// The day of this second, UTC.
fn date(second: i64) -> Result<String> {
    let time = jiff::Timestamp::from_second(second)?;
    Ok(time.strftime("%Y-%m-%d").to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_world_that_has_gone_by_tells_nobody_of_its_past() -> Result<()> {
    let receiver = Receiver::start().await?;
    let now = now_ms() / 1000;
    let mut child = Command::new(BIN)
        .args(["stand-in", "--port", "0", "--seed", "7", "--esims", "60"])
        .args(["--days", "9", "--began", &(now - 7 * DAY).to_string()])
        .args(["--webhook", &receiver.url, "--secret", SECRET])
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    let stdout = child.stdout.take().context("no stdout")?;
    BufReader::new(stdout).read_line(&mut line)?;
    let said: serde_json::Value = serde_json::from_str(&line)?;
    let url = said["url"].as_str().context("no address")?;
    let client = http::client().no_proxy().tls_certs_only([]).build()?;
    let state = client.get(format!("{url}/stand-in")).send().await?;
    let state = state.text().await?;
    child.kill()?;
    child.wait()?;
    let state: serde_json::Value = serde_json::from_str(&state)?;
    let at = state["now"].as_i64().context("no time")?;
    assert!((now..now + 600).contains(&at), "{state}");
    // What is due in this very second may be told.
    let sent = state["webhooks"]["sent"].as_u64();
    assert!(sent < Some(5), "{state}");
    assert!(
        state["webhooks"]["neverTold"].as_u64() > Some(100),
        "{state}"
    );
    Ok(())
}
