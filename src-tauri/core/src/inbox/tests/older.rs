//! A folder that an older version of the program wrote, with alerts of each kind: what it told is not told again.

use super::*;

const DAY: i64 = 24 * HOUR;

/// What each version has beside the one before, taken out again: of which version, and how.
const WITHOUT: [(i64, &str); 10] = [
    (
        16,
        "ALTER TABLE caught_up DROP COLUMN life_ends_at; ALTER TABLE caught_up DROP COLUMN bought;",
    ),
    (17, "DROP INDEX events_listed_ends;"),
    (18, ""),
    (19, "DROP INDEX events_told;"),
    (20, ""),
    (21, "DROP INDEX iccid_esims_esim;"),
    (
        22,
        "ALTER TABLE esims DROP COLUMN used_since_end; ALTER TABLE alerts DROP COLUMN put_off_at_ms;",
    ),
    (23, ""),
    (
        24,
        "ALTER TABLE esims DROP COLUMN reference_written; ALTER TABLE events DROP COLUMN reference_written;",
    ),
    (
        25,
        "ALTER TABLE esims DROP COLUMN queued_start; ALTER TABLE esims DROP COLUMN queued_end;
         ALTER TABLE esims DROP COLUMN end_is_reported;",
    ),
];

/// A desk to which much was told; some of it was taken up, put off, or is over.
async fn with_alerts() -> Desk {
    let mut desk = Desk::open().await;
    for (esim, status) in [
        ("1", "REVOKED"),
        ("2", "EXPIRED"),
        ("3", "REVOKED"),
        ("4", "EXPIRED"),
        ("5", "ACTIVATED"),
        ("6", "NEW"),
    ] {
        desk.status(esim, status).await;
    }
    desk.report("7", "ACTIVATED", MORNING, 0.0).await;
    desk.report("8", "ACTIVATED", MORNING, 200.0).await;
    let soon = (MORNING - 5 * DAY, MORNING + 20 * HOUR);
    desk.status_in("9", "INACTIVE", MORNING, soon).await;
    let over = (MORNING - 9 * DAY, MORNING - 3 * HOUR);
    desk.status_in("10", "INACTIVE", MORNING, over).await;
    for (kind, left) in [("low_balance", 150), ("insufficient_balance", 2)] {
        desk.deliver(&format!(
            r#"{{"event_category":"partner","event_type":"{kind}","timestamp":{MORNING},"balance":{left},"threshold":200,"currency":"EUR"}}"#
        ))
        .await;
    }
    desk.deliver(&format!(
        r#"{{"event_category":"refund","event_type":"refunded","event_id":"rfd_9_refunded","data":{{"timestamp":{MORNING},"refund_id":"9","status":"REFUNDED","product_type":"esim","esim_id":"1"}}}}"#
    ))
    .await;
    desk.deliver(r#"{"event_category":"voucher","event_type":"issued"}"#)
        .await;
    desk.after(HOUR).await;
    let row = |esim: &str, desk: &Desk| {
        let of_it = |row: &StoredAlert| key(row).as_deref() == Some(esim);
        desk.rows(&[]).into_iter().find(of_it).unwrap().id
    };
    let ids = vec![row("2", &desk)];
    let note = Some("called".to_owned());
    let now_ms = desk.now * 1000;
    let taken_up = AlertStep::Acknowledge { ids, note };
    desk.engine.act(taken_up, now_ms).await.unwrap();
    let ids = vec![row("3", &desk)];
    let until = desk.now + 5 * HOUR;
    let put_off = AlertStep::Snooze { ids, until };
    desk.engine.act(put_off, now_ms).await.unwrap();
    let at = desk.now;
    desk.status_at("4", "ACTIVATED", at).await;
    desk.after(HOUR).await;
    desk
}

/// What is kept of each alert, but for what its words are made of.
fn kept(desk: &Desk) -> Vec<String> {
    let mut rows: Vec<String> = desk
        .rows(&[])
        .iter()
        .map(|row| {
            let StoredAlert {
                id,
                fact,
                state,
                raised_at_ms,
                acknowledged_at_ms,
                shown_at_ms,
                note,
                ..
            } = row;
            let told = (shown_at_ms, acknowledged_at_ms, note);
            let fact = (&fact.subject, fact.rule, &fact.occasion);
            format!("{id} {fact:?} {state:?} {raised_at_ms} {told:?}")
        })
        .collect();
    rows.sort();
    rows
}

#[tokio::test]
async fn what_any_version_before_told_is_not_told_again_and_stays_what_it_was() {
    for version in 15..=24 {
        let desk = with_alerts().await;
        let before = kept(&desk);
        assert!(before.len() > 12, "{before:?}");
        let (dir, now) = desk.end().await;
        let path = dir.path().join(crate::store::DATABASE_FILE);
        let db = rusqlite::Connection::open(path).unwrap();
        for (_, how) in WITHOUT.iter().rev().filter(|(since, _)| *since > version) {
            db.execute_batch(how).unwrap();
        }
        db.pragma_update(None, "user_version", version).unwrap();
        drop(db);
        let mut desk = Desk::open_in(dir, now + 60).await;
        assert_eq!(desk.titles(HOUR).await, [""; 0], "{version}");
        assert_eq!(kept(&desk), before, "{version}");
        // What was put off comes when its time has come, and what ends then is told: once.
        let told = desk.titles(5 * HOUR).await;
        assert_eq!(told, ["Revoked: TRIP-3"], "{version}");
        assert_eq!(desk.titles(HOUR).await, [""; 0], "{version}");
    }
}
