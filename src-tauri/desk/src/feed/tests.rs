//! Tests: what a window is told, over a real engine.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use esim_watch_core::engine::{Engine, Options, PATIENCE};
use esim_watch_core::inbox::Inbox;
use jiff::tz::TimeZone;

use super::pump::LONGEST_WAIT;
use super::*;
use crate::error::DeskError;
use crate::upgrade::Upgrades;

async fn engine(dir: &std::path::Path) -> (Arc<Engine>, Inbox) {
    let engine = Engine::start(Options {
        data_dir: dir.to_owned(),
        bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
        port: Some(0),
        secrets: Default::default(),
        api: Default::default(),
        keyring: false,
        patience: PATIENCE,
    })
    .await
    .unwrap();
    engine.listen().await.unwrap();
    let (inbox, _) = engine.open_inbox(TimeZone::UTC).await.unwrap();
    (Arc::new(engine), inbox)
}

fn kinds(updates: &[Update]) -> Vec<String> {
    let kind = |update| serde_json::to_value(update).unwrap()["kind"].to_string();
    updates.iter().map(kind).collect()
}

/// The next place that the window is to show; until then only the alerts may change.
async fn opened(feed: &Feed) -> Place {
    loop {
        for update in feed.updates(false).await.unwrap() {
            match update {
                Update::Open { place } => return place,
                other => assert!(matches!(other, Update::Alerts { .. }), "{other:?}"),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_begins_with_a_snapshot_and_then_waits_for_what_is_new() {
    let dir = tempfile::tempdir().unwrap();
    let started = engine(dir.path()).await;
    let feed = Feed::start(
        Ok(started.clone()),
        EsimList::of(jiff::tz::TimeZone::UTC.into()),
        Upgrades::none().watch(),
    );
    let first = feed.updates(true).await.unwrap();
    assert_eq!(
        kinds(&first),
        [r#""snapshot""#, r#""alerts""#, r#""catchUp""#]
    );
    // Nobody waits: what comes is kept for who asks next.
    for place in [Place::Alerts, Place::Account] {
        feed.open(place.clone());
        assert_eq!(opened(&feed).await, place);
    }
    started.0.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_was_loaded_again_takes_the_place_of_the_page_before() {
    let dir = tempfile::tempdir().unwrap();
    let started = engine(dir.path()).await;
    let feed = Feed::start(
        Ok(started.clone()),
        EsimList::of(jiff::tz::TimeZone::UTC.into()),
        Upgrades::none().watch(),
    );
    feed.updates(true).await.unwrap();
    let mut before = std::pin::pin!(feed.updates(false));
    // Asked, and not waited for.
    tokio::select! {
        biased;
        _ = &mut before => {}
        () = std::future::ready(()) => {}
    }
    let first = feed.updates(true).await.unwrap();
    assert_eq!(
        kinds(&first),
        [r#""snapshot""#, r#""alerts""#, r#""catchUp""#]
    );
    assert!(before.await.is_err());
    started.0.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_program_that_could_not_start_says_so_to_each_page_and_nothing_more() {
    let failure = Failure::new(&DeskError::AlertsNotReady);
    let feed = Feed::start(
        Err(failure.clone()),
        EsimList::of(jiff::tz::TimeZone::UTC.into()),
        Upgrades::none().watch(),
    );
    for _ in 0..2 {
        let told = feed.updates(true).await.unwrap();
        assert_eq!(told, [Update::Failed(failure.clone())]);
        let more = tokio::time::timeout(2 * LONGEST_WAIT, feed.updates(false)).await;
        assert!(more.is_err(), "nothing follows a failure: {more:?}");
    }
}
