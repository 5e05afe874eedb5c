//! What a delivery that is sent to this program once more proves.

use super::*;
use crate::store::{Delivery, Store};

/// UTC milliseconds.
const THEN: i64 = 1_764_000_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_that_a_person_sends_once_more_is_no_word_from_the_provider() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), |_| {}).unwrap();
    let body = r#"{"event_category":"esim","event_type":"status","esim_id":"a","status":"NEW","timestamp":1764000000}"#;
    let delivery = Delivery::of(body, THEN);
    let row = store.writer().deliver(delivery).await.unwrap().delivery;
    tokio::task::spawn_blocking(move || drop(store))
        .await
        .unwrap();
    let engine = Engine::start(options(dir.path())).await.unwrap();
    let heard = |engine: &Engine| {
        let read = engine
            .readers()
            .read(|store| Ok((store.last_heard_at_ms()?, store.last_received_at_ms()?)));
        read.unwrap()
    };
    assert_eq!(heard(&engine), (Some(THEN), Some(THEN)));
    let resent = engine.resend(row.unwrap()).await.unwrap();
    assert_eq!(resent, Resent::Known);
    assert_eq!(heard(&engine), (Some(THEN), Some(THEN)));
    engine.shutdown().await;
}
