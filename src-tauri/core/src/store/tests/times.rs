//! Times that can't be believed, and numbers that are written in several ways.

use super::*;

const NOW: i64 = 1_795_860_000;

fn at(db: &Connection, body: &str, now: i64) -> Change {
    deliver_at(db, body, now * 1000)
}

fn esim(db: &Connection) -> EsimState {
    let reader = Reader { db };
    let row = reader.esim_row("a").unwrap().unwrap();
    reader.esim_state(row).unwrap().unwrap()
}

#[test]
fn a_time_beyond_its_receipt_is_ordered_by_the_receipt_and_marked() {
    for ahead in [3 * 3600, 74 * 365 * 86_400] {
        let db = database();
        let change = at(
            &db,
            &status(r#""esim_id":"a""#, "ACTIVATED", NOW + ahead),
            NOW,
        );
        assert_eq!(change.verdict, Verdict::Unrecognized);
        let event = change.event.unwrap().event;
        assert_eq!(
            (event.occurred_at, event.unbelieved_at),
            (Some(NOW), Some(NOW + ahead))
        );
        assert_eq!(event.problem, Some(crate::event::Problem::FutureTime));
        let revoked = at(
            &db,
            &status(r#""esim_id":"a""#, "REVOKED", NOW + 5),
            NOW + 5,
        );
        assert_eq!(state_of(&db, &revoked).status_text(), "REVOKED");
        assert_eq!(esim(&db).status_since, Some(NOW + 5));
        rows(&db);
    }
}

/// A counter that was never set, a day, a time in thousands of seconds, the year 2000.
#[test]
fn a_time_before_anything_that_is_told_of_is_ordered_by_the_receipt_and_marked() {
    for claimed in [1, 86_400, NOW / 1000, 946_684_800] {
        let db = database();
        at(
            &db,
            &status(r#""esim_id":"a""#, "ACTIVATED", NOW - 60),
            NOW - 60,
        );
        let body = status(r#""esim_id":"a""#, "REVOKED", claimed);
        let change = at(&db, &body, NOW);
        assert_eq!(change.verdict, Verdict::Unrecognized);
        let event = change.event.unwrap().event;
        assert_eq!(
            (event.occurred_at, event.unbelieved_at),
            (Some(NOW), Some(claimed))
        );
        assert_eq!(event.problem, Some(crate::event::Problem::PastTime));
        let state = esim(&db);
        assert_eq!(
            (state.status_text(), state.status_since),
            ("REVOKED", Some(NOW))
        );
        assert_eq!(at(&db, &body, NOW + 60).verdict, Verdict::Duplicate);
        rows(&db);
    }
}

#[test]
fn years_ago_is_believed_and_so_is_any_time_on_a_desk_that_lost_its_own() {
    let db = database();
    let years = at(
        &db,
        &status(r#""esim_id":"a""#, "ACTIVATED", 1_600_000_000),
        NOW,
    );
    assert_eq!(years.verdict, Verdict::Accepted);
    let no_clock = at(&database(), &status(r#""esim_id":"a""#, "READY", 5), 86_400);
    assert_eq!(no_clock.verdict, Verdict::Accepted);
}

#[test]
fn minutes_ahead_are_believed_and_so_is_any_time_on_a_desk_without_a_clock() {
    let db = database();
    let minutes = at(&db, &status(r#""esim_id":"a""#, "NEW", NOW + 600), NOW);
    assert_eq!(minutes.verdict, Verdict::Accepted);
    let no_clock = at(&db, &status(r#""esim_id":"a""#, "READY", NOW + 900), 86_400);
    assert_eq!(no_clock.event.unwrap().event.occurred_at, Some(NOW + 900));
}

#[test]
fn a_time_that_is_believed_when_it_comes_again_is_the_same_event() {
    let db = database();
    let body = status(r#""esim_id":"a""#, "ACTIVATED", NOW + 3600);
    at(&db, &body, NOW);
    assert_eq!(at(&db, &body, NOW + 60).verdict, Verdict::Duplicate);
    assert_eq!(esim(&db).status_since, Some(NOW));
    assert_eq!(at(&db, &body, NOW + 3000).verdict, Verdict::Duplicate);
    let state = esim(&db);
    assert_eq!(
        (state.status_since, state.event_count),
        (Some(NOW + 3600), 1)
    );
    assert_eq!(rows(&db).1.unrecognized, 0);
}

#[test]
fn without_a_time_that_can_be_read_the_receipt_counts() {
    for time in ["0", "null", r#""soon""#] {
        let db = database();
        let body = format!(
            r#"{{"event_category":"esim","event_type":"status","esim_id":"a","status":"REVOKED","timestamp":{time}}}"#
        );
        let change = at(&db, &body, NOW);
        assert_eq!(change.verdict, Verdict::Unrecognized);
        let state = esim(&db);
        assert_eq!(
            (state.status_text(), state.status_since),
            ("REVOKED", Some(NOW))
        );
        assert_eq!(at(&db, &body, NOW + 50).verdict, Verdict::Duplicate);
        assert_eq!(esim(&db).status_since, Some(NOW));
        rows(&db);
    }
}

#[test]
fn the_same_deliveries_at_the_same_times_give_the_same_rows_in_any_order() {
    let body = |status: &str, time: i64| super::status(r#""esim_id":"a""#, status, time);
    let came = [
        (body("ACTIVATED", NOW + 7200), NOW),
        (body("ACTIVATED", NOW + 7200), NOW + 100),
        (body("INACTIVE", NOW + 50), NOW + 60),
        (body("REVOKED", 0), NOW + 30),
        (body("REVOKED", 0), NOW + 90),
    ];
    let (one, other) = (database(), database());
    for (body, now) in &came {
        at(&one, body, *now);
    }
    for (body, now) in came.iter().rev() {
        at(&other, body, *now);
    }
    let events = |db: &Connection| {
        let reader = Reader { db };
        let row = reader.esim_row("a").unwrap().unwrap();
        let mut found = reader.events_of_esim(row, 0, 9).unwrap();
        found.sort_by(|a, b| a.event.key.cmp(&b.event.key));
        found.into_iter().map(|one| one.event).collect::<Vec<_>>()
    };
    assert_eq!(events(&one), events(&other));
    assert_eq!(esim(&one), esim(&other));
}

#[test]
fn one_esim_has_one_number_however_it_is_written() {
    let db = database();
    for (n, iccid) in [
        "8944500102198300023",
        "8944500102198300023F",
        "8944-5001-0219-8300-023",
    ]
    .into_iter()
    .enumerate()
    {
        let at = 10 + i64::try_from(n).unwrap();
        deliver(&db, &status(&format!(r#""iccid":"{iccid}""#), "NEW", at));
    }
    assert_eq!(rows(&db).1.esims, 1);
}

#[test]
fn what_lost_digits_overwrites_no_number_and_is_told() {
    let db = database();
    deliver(
        &db,
        &status(r#""esim_id":"a","iccid":"8944500102198300023""#, "NEW", 10),
    );
    for iccid in [
        "8.944500102198300023e18",
        "8944500102198300023.0",
        "8944500102198300000",
        "\"8944500102198300023.0\"",
    ] {
        let body = format!(
            r#"{{"event_category":"esim","event_type":"status","esim_id":"a","iccid":{iccid},"status":"READY","timestamp":20}}"#
        );
        let change = deliver(&db, &body);
        let event = change.event.unwrap().event;
        assert_eq!(event.problem, Some(crate::event::Problem::DamagedIccid));
        assert_eq!(esim(&db).iccid.as_deref(), Some("8944500102198300023"));
    }
}

#[test]
fn what_a_spreadsheet_filled_up_overwrites_no_number_and_names_nobody_alone() {
    let db = database();
    deliver(
        &db,
        &status(r#""esim_id":"a","iccid":"8944500102198300023""#, "NEW", 10),
    );
    for iccid in ["8944500102198300000", "8944500000000000000"] {
        let named = format!(r#""esim_id":"a","iccid":"{iccid}""#);
        let event = deliver(&db, &status(&named, "READY", 20)).event.unwrap();
        assert_eq!(event.event.problem, None);
        assert_eq!(esim(&db).iccid.as_deref(), Some("8944500102198300023"));
        let alone = deliver(&db, &status(&format!(r#""iccid":"{iccid}""#), "READY", 20));
        let problem = alone.event.unwrap().event.problem;
        assert_eq!(problem, Some(crate::event::Problem::DamagedIccid));
        assert_eq!(alone.esim, None);
    }
    assert_eq!(rows(&db).1.esims, 1);
}

#[test]
fn placeholders_are_nobodys_name() {
    let db = database();
    for word in [
        "N/A",
        "null",
        "-",
        "0",
        "n.a.",
        "[object Object]",
        "pending",
        "TBA",
        "k.A.",
        "n/d",
        "ninguno",
        "00000",
        "xxxx",
    ] {
        for name in ["iccid", "esim_id"] {
            let change = deliver(
                &db,
                &status(&format!(r#""{name}":"{word}""#), "REVOKED", 10),
            );
            assert_eq!(change.esim, None, "{name} {word}");
        }
    }
    assert_eq!(rows(&db).1.esims, 0);
}
