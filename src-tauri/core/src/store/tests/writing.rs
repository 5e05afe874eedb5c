//! The real writer: batches of any size, restarts in between, and a clock that jumps.

use super::*;
use crate::provider;

fn delivery(body: &str, received_at_ms: i64) -> Delivery {
    Delivery::of(body, received_at_ms)
}

/// Hands these to the writer at once, and awaits that all are stored.
async fn deliver_together(store: &Store, bodies: &[String]) {
    let mut waiting = tokio::task::JoinSet::new();
    for body in bodies {
        let (writer, delivery) = (store.writer().clone(), delivery(body, CAME));
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
        let other = file::connection::open_reader(&dir.path().join(DATABASE_FILE)).unwrap();
        prop_assert_eq!(rows(&one), rows(&other));
    }
}

#[test]
fn a_clock_that_jumps_changes_no_state_and_the_last_delivery_is_the_one_that_came_last() {
    // Right, in the far future, before 1970, and right again.
    const CLOCK: [i64; 4] = [1_764_000_000_000, 4_000_000_000_000, 0, 1_764_000_001_000];
    let (steady, jumping) = (database(), database());
    for (n, now) in CLOCK.into_iter().enumerate() {
        let body = status(r#""esim_id":"a""#, "ACTIVATED", 1_763_999_990 + n as i64);
        for (db, now) in [(&steady, 1_764_000_000_000), (&jumping, now)] {
            let change = deliver_at(db, &body, now);
            assert_eq!(change.verdict, Verdict::Accepted);
            assert_eq!(change.event.unwrap().received_at_ms, now);
            let last = Reader { db }.last_received_at_ms().unwrap();
            assert_eq!(last, Some(now), "delivery {n}");
        }
    }
    assert_eq!(rows(&steady), rows(&jumping));
    let listed = Reader { db: &jumping }.latest_changes(10).unwrap();
    let order: Vec<_> = listed
        .iter()
        .map(|stored| stored.event.occurred_at)
        .collect();
    let newest_first = [3, 2, 1, 0].map(|n| Some(1_763_999_990 + n));
    assert_eq!(order, newest_first);
}

/// Whoever lowers one of these makes an acknowledged delivery one that a power cut can lose, and no test
/// that kills the program would notice: only the machine's end shows it.
#[test]
fn the_writer_syncs_every_commit_and_readers_do_not_wait_for_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(DATABASE_FILE);
    let promises = |db: &Connection| {
        let number =
            |name: &str| -> i64 { db.pragma_query_value(None, name, |row| row.get(0)).unwrap() };
        let journal: String = db
            .pragma_query_value(None, "journal_mode", |row| row.get(0))
            .unwrap();
        (journal, number("synchronous"), number("fullfsync"))
    };
    // What `Store::open` hands to the writer: of a new database, one that was there, one that replaces another.
    let opened = || file::damaged::open_or_replace(&path, 0).unwrap();
    let durable = ("wal".to_owned(), 2, 1);
    assert_eq!(promises(&opened().0), durable);
    assert_eq!(promises(&opened().0), durable);
    std::fs::write(&path, [0; 8192]).unwrap();
    let (replaced, notice) = opened();
    assert!(notice.is_some(), "it was not replaced");
    assert_eq!(promises(&replaced), durable);
}

#[test]
fn a_reader_says_what_to_do_about_a_database_that_is_not_of_its_version() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(DATABASE_FILE);
    let told = |sql: &str| {
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        Readers::of(dir.path()).map(|_| ()).unwrap_err().to_string()
    };
    let older = told("PRAGMA application_id = 0x6553494d; PRAGMA user_version = 1");
    let (folder, known) = (dir.path().display(), schema::current_version());
    assert_eq!(
        older,
        format!(
            "The database in {folder} was written by an older version of eSIM Watch (format 1, this version reads \
             {known}). Start eSIM Watch once with this data folder: it brings the database up to date."
        )
    );
    let newer = told("PRAGMA user_version = 999");
    assert!(newer.contains("Install the newer version again"), "{newer}");
    let foreign = told("PRAGMA application_id = 7; PRAGMA user_version = 1");
    assert!(
        foreign.contains("a database of another program"),
        "{foreign}"
    );
    std::fs::write(&path, "").unwrap();
    let empty = Readers::of(dir.path()).map(|_| ()).unwrap_err().to_string();
    assert!(empty.contains("There is no eSIM Watch database"), "{empty}");
}

/// What an eSIM is after these, each with the desk's clock at its receipt: through the one way in, and after a restart.
async fn status_after(came: &[(&str, i64, i64)]) -> String {
    let dir = tempfile::tempdir().unwrap();
    for (named, occurred_at, clock) in came {
        let store = Store::open(dir.path(), |_| {}).unwrap();
        let body = status(r#""esim_id":"a""#, named, *occurred_at);
        let parsed = provider::DEFAULT.read(body.as_bytes());
        let known = store.writer().known_until();
        let id = provider::DEFAULT.id();
        let delivery = Delivery::received(clock * 1000, known, id, body.into(), parsed);
        store.writer().deliver(delivery).await.unwrap();
        tokio::task::spawn_blocking(move || store.close())
            .await
            .unwrap();
    }
    crate::store::replay(dir.path()).unwrap();
    let db = file::connection::open_reader(&dir.path().join(DATABASE_FILE)).unwrap();
    let state = Reader { db: &db }.esim_state(1).unwrap().unwrap();
    rows(&db);
    state.status_text().to_owned()
}

#[tokio::test]
async fn a_desk_whose_clock_went_back_loses_nothing() {
    const NOW: i64 = 1_795_860_000;
    const DAY: i64 = 86_400;
    for back in [1800, 2 * DAY, 365 * DAY, NOW] {
        let came = [
            ("ACTIVATED", NOW, NOW),
            ("INACTIVE", NOW + 3600, NOW + 3600 - back),
            ("ACTIVATED", NOW + 2 * DAY, NOW + 2 * DAY - back),
            ("REVOKED", NOW + 2 * DAY + 10, NOW + 2 * DAY + 10 - back),
        ];
        assert_eq!(status_after(&came).await, "REVOKED", "{back}");
        // Not even then is everything believed.
        let future = [
            ("ACTIVATED", NOW, NOW),
            ("INACTIVE", NOW + 40 * 365 * DAY, NOW - back),
            ("EXPIRED", NOW + 60, NOW + 60),
        ];
        assert_eq!(status_after(&future).await, "EXPIRED", "{back}");
    }
}
