//! Tests of retention: what goes, what stays, and that no eSIM notices.

use esim_watch_payloads::Payload;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::store::tests::{self, database, deliver_at, histories, rows};
use crate::store::{Reader, Verdict};

const NOW: i64 = 1_900_000_000_000;
const LONG_AGO: i64 = NOW - 1000 * DAY_MS;
/// What the seconds below are counted from: 2024-01-01, UTC seconds.
const FIRST_DAY: i64 = 1_704_067_200;

fn status(of: &str, status: &str, second: i64) -> String {
    tests::status(of, status, FIRST_DAY + second)
}

fn usage(second: i64, left: i64) -> String {
    Payload::new("esim", "usage")
        .esim_id("a")
        .iccid("89")
        .at(FIRST_DAY + second)
        .set("status", "ACTIVATED")
        .set("package_name", "P")
        .set("usage_data", json!({ "remaining_data": left }))
        .set(
            "usage_list",
            json!([{ "date": "2026-11-20", "location": "ES", "data_used": left }]),
        )
        .flat()
        .json()
        .to_string()
}

/// Everything that is due on a desk that has been running until now. The latest delivery is what age is counted from.
fn tidy(db: &Connection, ages: Ages) -> Tidied {
    counters::set(db, BELIEVED, NOW).unwrap();
    let mut all = Tidied::default();
    loop {
        let done = step(db, &ages, NOW).unwrap();
        all.bodies += done.bodies;
        all.folded += done.folded;
        if !done.more {
            return all;
        }
    }
}

fn column<T: rusqlite::types::FromSql>(db: &Connection, sql: &str) -> Vec<T> {
    db.prepare(sql)
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

#[test]
fn the_last_usage_event_of_a_day_stands_for_all_of_them() {
    let db = database();
    let day = 86_400;
    for (second, left) in [(10, 90), (30, 70), (20, 80), (day + 5, 60)] {
        deliver_at(&db, &usage(second, left), LONG_AGO);
    }
    deliver_at(&db, &status(r#""esim_id":"a""#, "INACTIVE", 15), LONG_AGO);
    deliver_at(&db, &usage(40, 50), NOW);
    let before = rows(&db);
    assert_eq!(tidy(&db, Ages::default()).folded, 2);
    assert_eq!(rows(&db), before, "no eSIM and no total notices");
    assert_eq!(
        column::<i64>(&db, "SELECT stands_for FROM events ORDER BY id"),
        [0, 3, 0, 1, 1, 1],
        "nothing of another day, no status, and nothing that came lately"
    );
    let reader = Reader { db: &db };
    let row = reader.esim_row("a").unwrap().unwrap();
    let state = reader.esim_state(row).unwrap().unwrap();
    assert_eq!(state.event_count, 6);
    let shown = reader.events_of_esim(row, 0, 10).unwrap();
    assert_eq!(shown.len(), 4);
    let left: Vec<_> = shown
        .iter()
        .map(|stored| stored.event.usage.remaining_mb)
        .collect();
    assert_eq!(left, [Some(60.0), Some(50.0), Some(70.0), None]);
    let reports = reader.usage_reports(row, 10).unwrap();
    let kept: Vec<bool> = reports
        .iter()
        .map(|report| report.event.details.is_some())
        .collect();
    assert_eq!(kept, [true, true, true, false, false]);
    assert!(reports[3].details_dropped && reports[4].details_dropped);
    assert_eq!(
        tidy(&db, Ages::default()),
        Tidied::default(),
        "once is enough"
    );
}

#[test]
fn how_long_senders_waited_goes_with_their_deliveries() {
    let db = database();
    for (second, left) in [(10, 90), (20, 80)] {
        deliver_at(&db, &usage(second, left), LONG_AGO);
    }
    deliver_at(&db, &usage(30, 70), NOW);
    db.execute(
        "INSERT INTO answers (delivery, took_us) SELECT id, 7 FROM deliveries",
        [],
    )
    .unwrap();
    assert_eq!(tidy(&db, Ages::default()).folded, 1);
    assert_eq!(
        column::<i64>(&db, "SELECT delivery FROM answers ORDER BY delivery"),
        column::<i64>(&db, "SELECT id FROM deliveries ORDER BY id"),
    );
    assert_eq!(column::<i64>(&db, "SELECT count(*) FROM answers"), [2]);
}

#[test]
fn one_that_comes_late_and_grows_old_takes_over() {
    let db = database();
    for (second, at) in [(10, LONG_AGO), (20, LONG_AGO), (30, NOW - 95 * DAY_MS)] {
        deliver_at(&db, &usage(second, 1), at);
    }
    let ages = |usage_days| Ages {
        usage_days,
        ..Ages::default()
    };
    deliver_at(&db, &status(r#""esim_id":"a""#, "INACTIVE", 40), NOW);
    assert_eq!(tidy(&db, ages(96)).folded, 1);
    assert_eq!(tidy(&db, ages(90)).folded, 1);
    assert_eq!(
        column::<i64>(&db, "SELECT stands_for FROM events ORDER BY id"),
        [0, 0, 3, 1]
    );
}

#[test]
fn a_folded_event_that_comes_again_is_known_and_keeps_nothing() {
    let db = database();
    deliver_at(&db, &usage(10, 2), LONG_AGO);
    deliver_at(&db, &usage(20, 1), LONG_AGO);
    deliver_at(&db, &status(r#""esim_id":"a""#, "INACTIVE", 40), NOW);
    tidy(&db, Ages::default());
    let before = (
        rows(&db),
        column::<i64>(&db, "SELECT count(*) FROM deliveries"),
    );
    let again = deliver_at(&db, &usage(10, 2), NOW);
    assert_eq!(again.verdict, Verdict::Duplicate);
    assert_eq!(again.esim, None);
    assert_eq!(
        (
            rows(&db),
            column::<i64>(&db, "SELECT count(*) FROM deliveries")
        ),
        before
    );
}

#[test]
fn old_bodies_go_and_their_bytes_are_known_when_they_come_again() {
    let db = database();
    let body = status(r#""esim_id":"a""#, "NEW", 10);
    deliver_at(&db, &body, LONG_AGO);
    let young = status(r#""esim_id":"a""#, "ACTIVATED", 20);
    deliver_at(&db, &young, NOW);
    assert_eq!(tidy(&db, Ages::default()).bodies, 1);
    let reader = Reader { db: &db };
    assert_eq!(reader.payload(1).unwrap(), None);
    assert_eq!(reader.payload(2).unwrap(), Some(young.into_bytes()));
    assert_eq!(deliver_at(&db, &body, NOW).verdict, Verdict::Duplicate);
    assert_eq!(column::<i64>(&db, "SELECT repeats FROM deliveries"), [1, 0]);
}

#[test]
fn what_is_shown_of_an_event_outlives_its_body() {
    let db = database();
    deliver_at(&db, &usage(10, 90), LONG_AGO);
    deliver_at(&db, &status(r#""esim_id":"a""#, "INACTIVE", 15), NOW);
    let shown = || {
        let reader = Reader { db: &db };
        reader.events_of_esim(1, 0, 10).unwrap()
    };
    let before = shown();
    assert_eq!(tidy(&db, Ages::default()).bodies, 1);
    assert_eq!(Reader { db: &db }.payload(1).unwrap(), None);
    assert_eq!(shown(), before);
    assert!(before.iter().any(|stored| stored.event.details.is_some()));
}

#[test]
fn what_a_later_version_may_understand_stays() {
    let db = database();
    for body in [
        "not json",
        r#"{"event_category":"weather","event_type":"rain","timestamp":1704067210}"#,
        &status(r#""esim_id":"a""#, "SUSPENDED", 10),
        r#"{"event_category":"partner","event_type":"top_up","timestamp":1704067210,"balance":5}"#,
    ] {
        deliver_at(&db, body, LONG_AGO);
    }
    deliver_at(&db, &status(r#""esim_id":"a""#, "NEW", 11), NOW);
    assert_eq!(tidy(&db, Ages::default()), Tidied::default());
}

#[test]
fn nothing_is_old_for_ever_or_by_a_clock_that_jumped_ahead() {
    let db = database();
    for second in [10, 20] {
        deliver_at(&db, &usage(second, 1), LONG_AGO);
    }
    assert_eq!(
        tidy(&db, Ages::default()),
        Tidied::default(),
        "nothing came since"
    );
    deliver_at(&db, &status(r#""esim_id":"a""#, "NEW", 11), NOW);
    let never = Ages {
        bodies_days: 0,
        usage_days: 0,
    };
    assert_eq!(tidy(&db, never), Tidied::default());
}

/// How many bodies go in so many hours, in which it is looked every quarter of an hour.
fn dropped_in(db: &Connection, hours: i64, from_ms: i64) -> usize {
    let looks = (0..hours * 4).map(|quarter| from_ms + quarter * DAY_MS / 96);
    let dropped = |now_ms| step(db, &Ages::default(), now_ms).unwrap().bodies;
    looks.map(dropped).sum()
}

#[test]
fn deliveries_by_a_clock_that_is_years_ahead_make_nothing_old() {
    for tidied_before in [false, true] {
        let db = database();
        for second in 0..9 {
            let at = NOW - (9 - second) * DAY_MS;
            deliver_at(&db, &status(r#""esim_id":"a""#, "NEW", second), at);
        }
        if tidied_before {
            step(&db, &Ages::default(), NOW).unwrap();
        }
        let ahead = NOW + 730 * DAY_MS;
        for second in 10..13 {
            deliver_at(&db, &status(r#""esim_id":"a""#, "NEW", second), ahead);
        }
        assert_eq!(dropped_in(&db, 24, ahead), 0, "{tidied_before}");
        // It is right again, and nothing is lost.
        deliver_at(&db, &status(r#""esim_id":"a""#, "NEW", 13), NOW + DAY_MS);
        assert_eq!(dropped_in(&db, 24, NOW + DAY_MS), 0, "{tidied_before}");
    }
}

#[test]
fn a_desk_that_was_off_for_years_catches_up() {
    let db = database();
    deliver_at(&db, &status(r#""esim_id":"a""#, "NEW", 1), LONG_AGO);
    step(&db, &Ages::default(), LONG_AGO).unwrap();
    deliver_at(&db, &status(r#""esim_id":"a""#, "NEW", 2), NOW);
    assert_eq!(dropped_in(&db, 24, NOW), 0);
    assert_eq!(dropped_in(&db, 24 * 20, NOW + DAY_MS), 1);
}

#[test]
fn a_setting_that_cannot_be_read_or_is_out_of_bounds_drops_nothing() {
    let db = database();
    let ages = || Reader { db: &db }.ages().unwrap();
    assert_eq!(ages(), Ages::default());
    settings::set(&db, Setting::BodiesDays, Some(" 30 ")).unwrap();
    settings::set(&db, Setting::UsageDays, Some("7")).unwrap();
    assert_eq!((ages().bodies_days, ages().usage_days), (30, 7));
    for unusable in ["a month", "-30", "1", "6", "3651", "99999999999", ""] {
        for setting in [Setting::BodiesDays, Setting::UsageDays] {
            settings::set(&db, setting, Some(unusable)).unwrap();
        }
        assert_eq!(
            (ages().bodies_days, ages().usage_days),
            (0, 0),
            "{unusable}"
        );
    }
}

#[test]
fn ages_out_of_bounds_are_refused_with_the_bounds() {
    let checked = |bodies_days, usage_days| {
        let ages = Ages {
            bodies_days,
            usage_days,
        };
        ages.checked().map_err(|error| error.to_string())
    };
    for (bodies, usage) in [(400, 90), (30, 7), (3650, 3650), (0, 0)] {
        assert!(checked(bodies, usage).is_ok(), "{bodies} and {usage}");
    }
    for (bodies, usage) in [(29, 90), (3651, 90)] {
        let said = format!(
            "Raw payloads can't be kept for {bodies} days. Choose 30 to 3650 days, or 0 to keep them for ever."
        );
        assert_eq!(checked(bodies, usage), Err(said));
    }
    for (bodies, usage) in [(400, 6), (400, u32::MAX)] {
        let said = format!(
            "Usage events can't be kept one by one for {usage} days. Choose 7 to 3650 days, or 0 to keep them for ever."
        );
        assert_eq!(checked(bodies, usage), Err(said));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Retention at any point, then more events and repeats in any order: the same rows as without it.
    #[test]
    fn no_esim_ever_notices((history, again) in histories(), at in any::<prop::sample::Index>()) {
        let (kept, tidied) = (database(), database());
        let all: Vec<&String> = history.iter().chain(&again).collect();
        let at = at.index(all.len());
        for (n, body) in all.iter().enumerate() {
            if n == at {
                deliver_at(&tidied, "the latest", NOW);
                deliver_at(&kept, "the latest", NOW);
                tidy(&tidied, Ages::default());
                prop_assert_eq!(rows(&kept), rows(&tidied));
            }
            let verdict = deliver_at(&kept, body, LONG_AGO).verdict;
            prop_assert_eq!(deliver_at(&tidied, body, LONG_AGO).verdict, verdict);
        }
        tidy(&tidied, Ages::default());
        prop_assert_eq!(rows(&kept), rows(&tidied));
        let stands_for = column::<i64>(&tidied, "SELECT coalesce(sum(stands_for), 0) FROM events");
        prop_assert_eq!(stands_for, column::<i64>(&tidied, "SELECT count(*) FROM events"));
    }
}
