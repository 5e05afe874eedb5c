//! One matter is told once, whatever of it is learnt late or moves a little.

use super::*;

const DAY: i64 = 24 * HOUR;

#[tokio::test]
async fn an_end_that_moves_by_a_second_with_every_report_is_warned_of_once() {
    let mut desk = Desk::open().await;
    let (start, end) = (MORNING - 6 * DAY, MORNING + 20 * HOUR);
    for n in 0..4 {
        let at = desk.now;
        desk.status_in("7", "INACTIVE", at, (start, end + n % 2))
            .await;
        let told = desk.titles(HOUR).await;
        assert_eq!(told.len(), usize::from(n == 0), "{told:?}");
    }
    assert_eq!(desk.rows(&[]).len(), 1);
}

#[tokio::test]
async fn an_end_that_moves_by_a_day_is_warned_of_again() {
    let mut desk = Desk::open().await;
    let (start, end) = (MORNING - 6 * DAY, MORNING + 20 * HOUR);
    desk.status_in("7", "INACTIVE", desk.now, (start, end))
        .await;
    assert_eq!(desk.titles(HOUR).await.len(), 1);
    desk.status_in("7", "INACTIVE", desk.now, (start, end + DAY))
        .await;
    assert_eq!(desk.titles(24 * HOUR).await.len(), 1);
}

#[tokio::test]
async fn a_withdrawal_of_yesterday_that_is_told_late_is_the_one_that_was_told() {
    let mut desk = Desk::open().await;
    let midnight = MORNING.div_euclid(DAY) * DAY;
    desk.now = midnight + 600;
    desk.status_at("7", "REVOKED", midnight + 600).await;
    assert_eq!(desk.titles(20 * 60).await.len(), 1);
    desk.status_at("7", "REVOKED", midnight - 300).await;
    assert_eq!(desk.titles(600).await, [""; 0]);
    assert_eq!(desk.rows(&[]).len(), 1);
}

#[tokio::test]
async fn orders_that_failed_are_told_once_although_the_first_is_told_last() {
    let mut desk = Desk::open().await;
    let failed = |at: i64| {
        format!(
            r#"{{"event_category":"partner","event_type":"insufficient_balance","data":{{"timestamp":{at},"balance":3,"currency":"EUR"}}}}"#
        )
    };
    desk.now = MORNING + 300;
    desk.deliver(&failed(MORNING + 300)).await;
    assert_eq!(desk.titles(60).await.len(), 1);
    desk.deliver(&failed(MORNING - 120)).await;
    assert_eq!(desk.titles(60).await, [""; 0]);
    assert_eq!(desk.rows(&[])[0].fact.detail.count, Some(2));
}

#[tokio::test]
async fn a_trip_that_is_noted_after_the_warning_changes_nothing_that_was_done() {
    let mut desk = Desk::open().await;
    let start = MORNING + 20 * HOUR;
    desk.status_in("7", "NEW", desk.now - 3 * DAY, (start, start + 7 * DAY))
        .await;
    assert_eq!(desk.titles(120).await, ["Not installed: TRIP-7"]);
    desk.take_up_all().await;
    let traveller = Traveller {
        trip_start: Some("2025-12-02".to_owned()),
        ..Traveller::default()
    };
    let set = vec![(Owner::Order("TRIP-7".to_owned()), Some(traveller))];
    let writer = desk.store.writer().clone();
    let changed = writer.set_travellers(set, 0).await.unwrap().unwrap();
    desk.engine.note_esims(changed.esims);
    assert_eq!(desk.titles(600).await, [""; 0]);
    assert_eq!(desk.summary().counts.acknowledged, 1);
}

#[tokio::test]
async fn what_an_earlier_version_told_on_its_own_occasions_is_not_told_again() {
    let mut desk = Desk::open().await;
    desk.status("7", "REVOKED").await;
    desk.status("8", "EXPIRED").await;
    desk.after(60).await;
    let path = desk.dir.path().join(crate::store::DATABASE_FILE);
    let db = rusqlite::Connection::open(path).unwrap();
    db.execute_batch(
        "UPDATE alerts SET occasion = 'day:20423' WHERE rule = 'revoked';
         UPDATE alerts SET occasion = 'start:1764579600/end:1767175200' WHERE rule = 'expired';",
    )
    .unwrap();
    drop(db);
    let mut desk = desk.restart_after(60).await;
    assert_eq!(desk.titles(600).await, [""; 0]);
    assert_eq!(desk.rows(&[]).len(), 2);
    // Nor by a flap, nor after it was cleared.
    for status in ["INACTIVE", "REVOKED"] {
        desk.status("7", status).await;
        assert_eq!(desk.titles(20).await, [""; 0]);
    }
    assert_eq!(
        desk.rows(&[])
            .iter()
            .filter(|row| row.fact.rule == Rule::Revoked)
            .count(),
        1
    );
}

#[tokio::test]
async fn nothing_is_told_again_by_the_version_that_orders_events_anew() {
    let mut desk = Desk::open().await;
    desk.status("1", "REVOKED").await;
    desk.status("2", "EXPIRED").await;
    desk.report("3", "ACTIVATED", MORNING, 20.0).await;
    desk.status_at("4", "ACTIVATED", MORNING + 40 * 24 * HOUR)
        .await;
    desk.deliver(r#"{"event_category":"esim","event_type":"status","esim_id":"5","status":"NEW"}"#)
        .await;
    // One number in two spellings, each told of as an eSIM of its own.
    for (iccid, at) in [
        ("8944500102198300023", MORNING),
        ("8944500102198300999", MORNING + 5),
    ] {
        let body = format!(
            r#"{{"event_category":"esim","event_type":"status","iccid":"{iccid}","status":"REVOKED","timestamp":{at}}}"#
        );
        desk.deliver(&body).await;
    }
    assert!(!desk.after(600).await.is_empty());
    let told: Vec<_> = desk.rows(&[]).iter().map(|row| row.id).collect();
    assert!(told.len() >= 6, "{told:?}");
    let (dir, now) = desk.end().await;
    let db = rusqlite::Connection::open(dir.path().join("esim-watch.db")).unwrap();
    for (table, column) in [
        ("events", "iccid"),
        ("esims", "iccid"),
        ("iccid_esims", "iccid"),
    ] {
        db.execute(
            &format!("UPDATE {table} SET {column} = '8944-5001-0219-8300-023' WHERE {column} = '8944500102198300999'"),
            [],
        )
        .unwrap();
    }
    db.execute_batch(include_str!("../../store/tests/before_catch_up.sql"))
        .unwrap();
    db.execute_batch(include_str!("../../store/tests/before_order.sql"))
        .unwrap();
    drop(db);
    let mut desk = Desk::open_in(dir, now + 60).await;
    assert_eq!(desk.titles(24 * HOUR).await, [""; 0]);
    let after: Vec<_> = desk.rows(&[]).iter().map(|row| row.id).collect();
    assert!(
        after.iter().all(|id| told.contains(id)),
        "{told:?} {after:?}"
    );
}

#[tokio::test]
async fn an_end_that_turns_out_to_be_the_one_that_was_told_is_not_told_in_the_morning() {
    let mut desk = Desk::open().await;
    desk.quiet_at_night().await;
    let at = MORNING + 11 * HOUR;
    desk.now = at;
    desk.status_at("7", "EXPIRED", at).await;
    assert_eq!(desk.titles(2).await.len(), 1);
    // It flaps, and hours later another word that it has ended comes before the one that is missing.
    desk.status_at("7", "ACTIVATED", at + 3).await;
    desk.after(4 * HOUR).await;
    desk.status_at("7", "EXPIRED", desk.now).await;
    assert_eq!(desk.titles(HOUR).await, [""; 0]);
    desk.status_at("7", "EXPIRED", at + 6).await;
    assert_eq!(desk.titles(12 * HOUR).await, [""; 0]);
    let open = desk.rows(&[AlertState::New]);
    assert_eq!(open.len(), 1);
    assert!(open[0].shown_at_ms.is_some());
}
