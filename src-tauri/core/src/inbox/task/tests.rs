//! The task that runs the engine.

use super::*;
use crate::store::{Delivery, Store};

/// 2025-12-01 10:00:00 UTC, in milliseconds.
const NOW_MS: i64 = 1_764_583_200_000;

/// So many milliseconds after that.
fn after(millis: i64) -> Moment {
    Moment {
        clock_ms: NOW_MS + millis,
        running_ms: millis,
    }
}

#[tokio::test]
async fn a_notice_for_which_there_is_no_room_is_not_waited_for_and_told_later() {
    let dir = tempfile::tempdir().unwrap();
    let (sink, mut commits) = mpsc::unbounded_channel();
    let store = Store::open(dir.path(), move |commit| drop(sink.send(commit))).unwrap();
    let (readers, writer) = (store.readers().clone(), store.writer().clone());
    let language = SharedLanguage::from(jiff::tz::TimeZone::UTC);
    let mut engine = AlertEngine::new(readers, writer, language, after(0)).unwrap();
    engine.catch_up(after(0)).await.unwrap();
    let body = r#"{"event_category":"esim","event_type":"status","esim_id":"a","status":"REVOKED","timestamp":1764583200}"#;
    let delivery = Delivery::of(body, NOW_MS);
    store.writer().deliver(delivery).await.unwrap();
    engine.note(&commits.recv().await.unwrap());
    let due = engine.work(after(0)).await.unwrap();
    assert_eq!(due.len(), 1);

    let (notices, mut shown) = mpsc::channel(1);
    notices.try_send(due[0].clone()).unwrap();
    let mut task = InboxTask {
        engine,
        notices,
        summary: watch::channel(Summary::default()).0,
        settings: watch::channel(AlertSettings::default()).0,
        troubles: Troubles::default(),
        situation: Situation {
            health: watch::channel(Health::starting(None)).1,
            refusals: Arc::new(Refusals::default()),
            clock: || after(0),
            told: ToldTime::default(),
            first_look: Box::new(|| KnownWhen {
                most: Box::pin(async {}),
                reached: Box::pin(async {}),
                all: Box::pin(async {}),
            }),
            asking: watch::channel(false).1,
        },
        failure: None,
        looked_ms: 0,
    };
    task.hand_out(due.clone());
    assert_eq!(task.engine.work(after(60_000)).await.unwrap(), []);
    let later = task.engine.work(after(11 * 60_000)).await.unwrap();
    assert_eq!(later.len(), 1);
    assert_eq!(later[0].alerts, due[0].alerts);
    shown.recv().await.unwrap();
    task.hand_out(later);
    assert!(shown.try_recv().is_ok());
}
