//! What a catch-up finds: history is no news, and what happened in an absence is known before the first look.

use tokio::sync::{broadcast, oneshot, watch};

use super::*;
use crate::alert::Subject;
use crate::clock::ToldTime;
use crate::event::Sources;
use crate::health::Health;
use crate::listener::Refusals;
use crate::store::{CatchUpRun, Findings, Writer};

const END: i64 = MORNING - 2 * HOUR;

fn body(status: &str, at: i64) -> String {
    format!(
        r#"{{"event_category":"esim","event_type":"status","esim_id":"a","iccid":"8944500102198304826","start":{},"end":{END},"status":"{status}","timestamp":{at}}}"#,
        END - 7 * 24 * HOUR,
    )
}

async fn find(writer: &Writer, status: &str, at: i64) {
    let delivery = Delivery {
        source: Sources::API,
        ..Delivery::of(body(status, at), MORNING * 1000)
    };
    let findings = Findings {
        deliveries: vec![delivery],
        asked: None,
        so_far: None,
    };
    assert_eq!(writer.found(findings).await.unwrap(), 1);
}

async fn begun(writer: &Writer, quiet_before: i64) {
    let run = CatchUpRun {
        run: 1,
        quiet_before: Some(quiet_before),
        ..CatchUpRun::default()
    };
    writer.note_catch_up(run).await.unwrap();
}

/// The rules that have an open alert once the engine has looked.
async fn open_rules(desk: &mut Desk) -> Vec<Rule> {
    while let Ok(commit) = desk.commits.try_recv() {
        desk.engine.note(&commit);
    }
    desk.work(desk.now * 1000).await.unwrap();
    let open = desk.store.readers().read(|store| store.open_alerts());
    open.unwrap()
        .into_iter()
        .map(|alert| alert.fact.rule)
        .collect()
}

/// A first look that waits for this, and no other.
fn once(wait: oneshot::Receiver<()>) -> FirstLook {
    let mut wait = Some(wait);
    Box::new(move || {
        let wait = wait.take();
        let first_look = async move { drop(wait.unwrap().await) };
        KnownWhen {
            most: Box::pin(first_look),
            reached: Box::pin(async {}),
            all: Box::pin(async {}),
        }
    })
}

/// An inbox over this store that looks for the first time when it may.
fn start(
    store: &Store,
    commits: broadcast::Receiver<Arc<Commit>>,
    first_look: oneshot::Receiver<()>,
) -> (Inbox, Notices) {
    let situation = Situation {
        health: watch::channel(Health::starting(None)).1,
        refusals: Arc::new(Refusals::default()),
        clock: || moment(MORNING * 1000, 0),
        told: ToldTime::default(),
        first_look: once(first_look),
        asking: watch::channel(false).1,
    };
    let (readers, writer) = (store.readers().clone(), store.writer().clone());
    let started = Inbox::start(readers, writer, TimeZone::UTC.into(), commits, situation);
    let (inbox, notices, _task) = started.unwrap();
    (inbox, notices)
}

/// The rules with an open alert of an eSIM: that nothing listens in these tests is none of theirs.
fn of_esims(store: &Store) -> Vec<Rule> {
    let open = store.readers().read(|store| store.open_alerts()).unwrap();
    let facts = open.into_iter().map(|alert| alert.fact);
    let of_esims = facts.filter(|fact| matches!(fact.subject, Subject::Esim(_)));
    of_esims.map(|fact| fact.rule).collect()
}

#[tokio::test]
async fn what_was_over_before_the_program_was_there_raises_no_alert() {
    for (quiet_before, raised) in [(END + 1, vec![]), (END, vec![Rule::Expired])] {
        let mut desk = Desk::open().await;
        let writer = desk.store.writer().clone();
        begun(&writer, quiet_before).await;
        find(&writer, "ACTIVATED", END - 24 * HOUR).await;
        find(&writer, "EXPIRED", END).await;
        assert_eq!(open_rules(&mut desk).await, raised);
    }
}

#[tokio::test]
async fn an_expiry_of_the_night_is_told_as_one_if_it_is_found_before_the_first_look() {
    for found_first in [true, false] {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), |_| {}).unwrap();
        let writer = store.writer().clone();
        let delivery = Delivery::of(body("ACTIVATED", END - 24 * HOUR), (END - 24 * HOUR) * 1000);
        writer.deliver(delivery).await.unwrap();
        let (found, wait) = oneshot::channel();
        let (_commits, commits) = broadcast::channel(8);
        let (inbox, _notices) = start(&store, commits, wait);
        let open = || of_esims(&store);
        // It answers meanwhile, and has not looked.
        inbox.set_settings(inbox.settings()).await.unwrap();
        assert_eq!(open(), []);
        if found_first {
            find(&writer, "EXPIRED", END).await;
        }
        found.send(()).unwrap();
        let mut summary = inbox.summary();
        summary
            .wait_for(|now| !now.latest.is_empty())
            .await
            .unwrap();
        let rule = if found_first {
            Rule::Expired
        } else {
            Rule::PastEnd
        };
        assert_eq!(open(), [rule]);
    }
}

#[tokio::test]
async fn what_ends_before_the_first_look_is_told_at_once_and_what_ended_before_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let (committed, commits) = broadcast::channel(8);
    let store = Store::open(dir.path(), move |commit| drop(committed.send(commit))).unwrap();
    let (may_look, wait) = oneshot::channel();
    let (_inbox, mut notices) = start(&store, commits, wait);
    for (esim, at) in [("b", END), ("a", MORNING + 1), ("a", MORNING + 1)] {
        let body = body("REVOKED", at).replace(r#""a""#, &format!("{esim:?}"));
        let body = body.replace("8944500102198304826", &format!("89445001021983048{esim}"));
        let delivery = Delivery::of(body, MORNING * 1000);
        store.writer().deliver(delivery).await.unwrap();
    }
    let notice = notices.recv().await.unwrap();
    assert_eq!(notice.alerts.len(), 1);
    assert_eq!(of_esims(&store), [Rule::Revoked]);
    may_look.send(()).unwrap();
    while of_esims(&store).len() < 2 {
        tokio::task::yield_now().await;
    }
    // The other one waits for all that is known of the absence.
    assert!(notices.try_recv().is_err());
}

#[tokio::test]
async fn who_was_told_that_one_is_past_its_end_is_not_told_that_it_had_expired_by_then() {
    // It expired when its end was, or later, because something was added while nobody listened.
    for expired in [END, END + 3 * HOUR / 2] {
        let mut desk = Desk::open().await;
        desk.deliver(&body("ACTIVATED", END - 24 * HOUR)).await;
        let told = desk.after(5 * 60).await;
        assert_eq!(told.len(), 1, "{told:?}");
        let writer = desk.store.writer().clone();
        find(&writer, "EXPIRED", expired).await;
        // The writer answers before the engine hears of it.
        let commit = desk.commits.recv().await.unwrap();
        desk.engine.note(&commit);
        assert_eq!(open_rules(&mut desk).await, [Rule::Expired]);
        assert_eq!(desk.titles(HOUR).await, [""; 0], "{expired}");
    }
}

#[tokio::test]
async fn the_digest_of_an_absence_opens_its_receipt_and_that_of_a_restart_does_not() {
    let mut desk = Desk::open().await;
    let listened = async |desk: &Desk| {
        let noted = desk.store.writer().note_listening(desk.now * 1000).await;
        noted.unwrap();
    };
    listened(&desk).await;
    let left_ms = desk.now * 1000;
    let mut opens = Vec::new();
    for away in [HOUR, 5 * 60, 30 * 60] {
        for esim in ["1", "2"] {
            desk.status(&format!("{esim}-{away}"), "REVOKED").await;
        }
        desk = desk.restart_after(away).await;
        listened(&desk).await;
        let shown = desk.after(60).await;
        assert_eq!(shown.len(), 1, "{shown:?}");
        opens.push(shown[0].opens.clone());
    }
    assert_eq!(opens[0], Opens::Absence(left_ms));
    assert_eq!(opens[1], Opens::Alerts);
    assert!(matches!(opens[2], Opens::Absence(from_ms) if from_ms > left_ms));
}

#[tokio::test]
async fn what_is_critical_and_happens_once_somebody_listens_again_is_told_at_once() {
    let mut desk = Desk::open().await;
    let (_, gather) = Together::begin();
    let now = moment(desk.now * 1000, 0);
    desk.engine.tell_together(now, gather);
    desk.status_at("1", "REVOKED", MORNING - HOUR).await;
    desk.now += 30;
    desk.status("2", "REVOKED").await;
    desk.status("3", "EXPIRED").await;
    assert_eq!(desk.titles(60).await, ["Revoked: TRIP-2"]);
    let told = desk.titles(gather.for_ms / 1000).await;
    assert_eq!(
        told,
        ["While you were away: 1 eSIM was revoked, 1 eSIM expired"]
    );
}
