//! After how long content is old.

use super::*;
use crate::store::{Ages, DATABASE_FILE};

const CHOSEN: Ages = Ages {
    bodies_days: 0,
    usage_days: 30,
};

/// An engine in a new folder, which has these ages set.
async fn with_chosen() -> (tempfile::TempDir, Engine) {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::start(options(dir.path())).await.unwrap();
    engine.set_retention(CHOSEN).await.unwrap();
    (dir, engine)
}

/// Ages that are refused with these bounds, after which those that were chosen still count.
async fn refuses(ages: Ages, bounds: &str) {
    let (_dir, engine) = with_chosen().await;
    let refused = engine.set_retention(ages).await.unwrap_err();
    assert!(matches!(refused, EngineError::Ages(_)), "{refused:?}");
    assert!(refused.to_string().contains(bounds), "{refused}");
    assert_eq!(engine.retention().unwrap(), CHOSEN);
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_chose_the_usual_ages_count() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::start(options(dir.path())).await.unwrap();
    assert_eq!(engine.retention().unwrap(), Ages::default());
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_age_of_payloads_out_of_bounds_changes_nothing() {
    let ages = Ages {
        bodies_days: 29,
        usage_days: 60,
    };
    refuses(ages, "30 to 3650 days").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_age_of_usage_events_out_of_bounds_changes_nothing() {
    let ages = Ages {
        bodies_days: 60,
        usage_days: 6,
    };
    refuses(ages, "7 to 3650 days").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_told_when_only_the_first_of_two_ages_could_be_stored() {
    let (dir, engine) = with_chosen().await;
    let other = rusqlite::Connection::open(dir.path().join(DATABASE_FILE)).unwrap();
    other
        .execute_batch(
            "CREATE TRIGGER held BEFORE INSERT ON settings WHEN NEW.name = 'retention.usage_days'
             BEGIN SELECT RAISE(ABORT, 'held'); END",
        )
        .unwrap();
    let half = engine.set_retention(Ages::default()).await.unwrap_err();
    assert!(matches!(half, EngineError::HalfWritten(_)), "{half:?}");
    assert_eq!(engine.retention().unwrap().bodies_days, 400, "{half}");
    other.execute_batch("DROP TRIGGER held").unwrap();
    engine.set_retention(CHOSEN).await.unwrap();
    assert_eq!(engine.retention().unwrap(), CHOSEN);
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ages_are_kept_over_a_restart() {
    let (dir, engine) = with_chosen().await;
    engine.shutdown().await;
    drop(engine);
    let again = Engine::start(options(dir.path())).await.unwrap();
    assert_eq!(again.retention().unwrap(), CHOSEN);
    again.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_has_ended_says_that_nothing_was_changed() {
    let (_dir, engine) = with_chosen().await;
    engine.shutdown().await;
    let late = engine.set_retention(Ages::default()).await.unwrap_err();
    assert!(late.to_string().contains("Nothing was changed"), "{late}");
}
