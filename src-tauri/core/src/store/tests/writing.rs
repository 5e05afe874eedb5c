//! The real writer: batches of any size, restarts in between, and a clock that jumps.

use super::*;

fn delivery(body: &str, received_at_ms: i64) -> Delivery {
    Delivery {
        received_at_ms,
        headers: None,
        body: body.as_bytes().to_vec(),
        parsed: parse(body.as_bytes()),
    }
}

/// Hands these to the writer at once, and awaits that all are stored.
async fn deliver_together(store: &Store, bodies: &[String]) {
    let mut waiting = tokio::task::JoinSet::new();
    for body in bodies {
        let (writer, delivery) = (store.writer().clone(), delivery(body, 1));
        waiting.spawn(async move { writer.deliver(delivery).await });
    }
    while let Some(stored) = waiting.join_next().await {
        stored.unwrap().unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_batches_and_any_restarts_give_the_same_rows_as_one_by_one(
        (history, again) in histories(),
        batches in prop::collection::vec((1..9_usize, any::<bool>()), 1..8),
    ) {
        let one = database();
        for body in &history {
            deliver(&one, body);
        }
        let dir = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut store = Store::open(dir.path(), |_| {}).unwrap();
        let (mut rest, mut batches) = (again.as_slice(), batches.into_iter().cycle());
        while let (false, Some((size, restart))) = (rest.is_empty(), batches.next()) {
            let (batch, after) = rest.split_at(size.min(rest.len()));
            runtime.block_on(deliver_together(&store, batch));
            rest = after;
            if restart {
                store.close();
                drop(store);
                store = Store::open(dir.path(), |_| {}).unwrap();
            }
        }
        store.close();
        let other = connection::open_reader(&dir.path().join(DATABASE_FILE)).unwrap();
        prop_assert_eq!(rows(&one), rows(&other));
    }
}

#[test]
fn a_clock_that_jumps_changes_no_state_and_the_last_delivery_is_the_one_that_came_last() {
    // Right, in the far future, before 1970, and right again.
    const CLOCK: [i64; 4] = [1_764_000_000_000, 4_000_000_000_000, 0, 1_764_000_001_000];
    let (steady, jumping) = (database(), database());
    for (n, now) in CLOCK.into_iter().enumerate() {
        let body = status(r#""esim_id":"a""#, "ACTIVATED", 10 + n as i64);
        for (db, now) in [(&steady, 1_764_000_000_000), (&jumping, now)] {
            let change = deliver_at(db, &body, now);
            assert_eq!(change.verdict, Verdict::Accepted);
            assert_eq!(change.event.unwrap().received_at_ms, now);
            let last = Reader { db }.last_received_at_ms().unwrap();
            assert_eq!(last, Some(now), "delivery {n}");
        }
    }
    assert_eq!(rows(&steady), rows(&jumping));
    let listed = Reader { db: &jumping }.recent_events(10).unwrap();
    let order: Vec<_> = listed.iter().map(|event| event.occurred_at).collect();
    assert_eq!(order, [Some(13), Some(12), Some(11), Some(10)]);
}
