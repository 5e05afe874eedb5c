//! What was asked for becomes the same rows as what was sent, whichever comes first.

use super::*;
use crate::event::{Bought, Receipt, Sources, Status, return_id};
use crate::store::deliver::found::{Findings, append_found};
use crate::store::tables::caught_up;
use crate::store::tables::caught_up::{AskedEsim, LastAsked, ListedFacts};

fn asked(mark: &str, facts: ListedFacts) -> AskedEsim {
    AskedEsim {
        provider: ProviderId::FIRST,
        esim_id: "a".to_owned(),
        last: LastAsked {
            mark: mark.to_owned(),
            run: 1,
        },
        facts,
    }
}

/// Stores what the API told at this time (UTC seconds), as the writer does. Gives how many events were new.
pub(in crate::store) fn find(db: &Connection, bodies: &[String], at: i64) -> usize {
    let delivery = |body: &String| Delivery {
        source: Sources::API,
        ..Delivery::of(body.as_bytes(), at * 1000)
    };
    let findings = Findings {
        deliveries: bodies.iter().map(delivery).collect(),
        asked: Some(asked("x", ListedFacts::default())),
        so_far: None,
    };
    let (mut deltas, mut late) = (Deltas::default(), LateEvents::default());
    let changes = append_found(db, &findings, &mut deltas, &mut late).unwrap();
    late.fold(db, &mut deltas).unwrap();
    deltas.write(db).unwrap();
    assert!(changes.iter().all(|change| !change.heard));
    changes
        .iter()
        .filter(|change| change.verdict.is_new())
        .count()
}

const AT: i64 = 1_795_000_000;

fn told(status: &str, at: i64) -> String {
    format!(
        r#"{{"event_category":"esim","event_type":"status","timestamp":{},"iccid":"8944500102198304826","esim_id":"a","status":"{status}"}}"#,
        AT + at
    )
}

fn report(left: f64, at: i64) -> String {
    format!(
        r#"{{"event_category":"esim","event_type":"usage","timestamp":{},"iccid":"8944500102198304826","esim_id":"a","usage_data":{{"allowed_data":1024,"remaining_data":{left}}}}}"#,
        AT + at
    )
}

/// The eSIM's state, and its events with their sources.
fn seen(db: &Connection) -> (EsimState, Vec<(String, &'static str)>) {
    let reader = Reader { db };
    assert_eq!(reader.check().unwrap(), Vec::<String>::new());
    let row = reader.esim_row("a").unwrap().unwrap();
    let events = reader.events_of_esim(row, 0, 99).unwrap();
    let events = events
        .into_iter()
        .map(|stored| (stored.event.key, stored.sources.as_str()));
    (reader.esim_state(row).unwrap().unwrap(), events.collect())
}

#[test]
fn the_same_rows_come_of_it_whichever_comes_first() {
    let history = [told("NEW", 0), told("ACTIVATED", 20), told("INACTIVE", 30)];
    let sent = [told("ACTIVATED", 20), told("EXPIRED", 40)];
    let mut ends = Vec::new();
    for order in [[true, false], [false, true]] {
        let db = database();
        for asked in order {
            if asked {
                find(&db, &history, AT + 100);
            } else {
                for body in &sent {
                    deliver_at(&db, body, (AT + 50) * 1000);
                }
            }
        }
        ends.push(seen(&db));
    }
    assert_eq!(ends[0], ends[1]);
    let sources: Vec<_> = ends[0].1.iter().map(|(_, source)| *source).collect();
    assert_eq!(sources, ["webhook", "api", "both", "api"]);
}

#[test]
fn what_runs_again_does_so_whether_its_end_or_its_return_comes_first() {
    let period = |end: i64| format!(r#""start":{AT},"end":{}"#, AT + end);
    let usage = |status: &str, fields: &str, at: i64| {
        format!(
            r#"{{"event_category":"esim","event_type":"usage","timestamp":{},"esim_id":"a","status":"{status}",{fields}}}"#,
            AT + at
        )
    };
    let id = format!(
        r#""event_id":"{}",{}"#,
        return_id(AT + 9_000),
        period(90_000)
    );
    let lagging = format!(
        r#"{},"usage_data":{{"allowed_data":3000,"remaining_data":9}}"#,
        period(7_000)
    );
    let sent = [
        told("EXPIRED", 7_000),
        usage("ACTIVATED", &lagging, 6_900),
        usage("ACTIVATED", &lagging, 7_300),
    ];
    let found = [told("ACTIVATED", 20), usage("ACTIVATED", &id, 9_000)];
    let mut ends = Vec::new();
    for asked_first in [true, false] {
        let db = database();
        if asked_first {
            find(&db, &found, AT + 10_000);
        }
        for body in &sent {
            deliver_at(&db, body, (AT + 10_000) * 1000);
        }
        if !asked_first {
            find(&db, &found, AT + 10_000);
        }
        assert_eq!(find(&db, &found, AT + 11_000), 0);
        ends.push(seen(&db));
    }
    assert_eq!(ends[0].0, ends[1].0);
    let state = &ends[0].0;
    assert_eq!(state.status, Some(Status::Activated));
    assert_eq!(state.status_since, Some(AT + 9_000));
    assert_eq!(state.period_end, Some(AT + 90_000));
    assert_eq!(
        state.usage.remaining_mb, None,
        "that was left of the one before"
    );
}

#[test]
fn what_is_known_is_not_stored_again() {
    let db = database();
    let history = [told("NEW", 0), told("ACTIVATED", 20)];
    assert_eq!(find(&db, &history, AT + 100), 2);
    let rows = || -> i64 {
        db.query_row("SELECT count(*) FROM deliveries", [], |row| row.get(0))
            .unwrap()
    };
    assert_eq!(rows(), 2);
    assert_eq!(find(&db, &history, AT + 900), 0);
    deliver_at(&db, &told("NEW", 0), (AT + 950) * 1000);
    assert_eq!(find(&db, &history, AT + 990), 0);
    assert_eq!(rows(), 3, "only the webhook came again");
}

#[test]
fn the_first_webhook_of_what_the_api_told_shows_that_the_provider_reaches_this_desk() {
    let db = database();
    find(&db, &[told("NEW", 0)], AT + 100);
    let reader = Reader { db: &db };
    assert_eq!(reader.last_heard_at_ms().unwrap(), None);
    let first = deliver_at(&db, &told("NEW", 0), (AT + 200) * 1000);
    assert!(first.heard && first.verdict == Verdict::Duplicate);
    let again = deliver_at(&db, &told("NEW", 0), (AT + 300) * 1000);
    assert!(!again.heard, "a replay is no sign of life");
    assert_eq!(reader.last_heard_at_ms().unwrap(), Some((AT + 200) * 1000));
}

#[test]
fn a_report_is_kept_if_it_changes_what_is_known() {
    let db = database();
    find(&db, &[told("ACTIVATED", 0)], AT + 10);
    for (left, new) in [(500.0, 1), (500.0, 0), (300.0, 1), (300.0, 0), (500.0, 1)] {
        let at = 100 + seen(&db).0.event_count * 10;
        assert_eq!(find(&db, &[report(left, at)], AT + at), new, "{left}");
    }
    // What a webhook has told already is no news either.
    let said = report(200.0, 900);
    deliver_at(&db, &said, (AT + 900) * 1000);
    assert_eq!(find(&db, &[report(200.0, 950)], AT + 950), 0);
    let (state, _) = seen(&db);
    assert_eq!(state.usage.remaining_mb, Some(200.0));
    assert_eq!(state.status, Some(Status::Activated));
}

#[test]
fn a_report_that_says_less_of_what_is_over_is_no_news() {
    let db = database();
    let report = |fields: &str| {
        format!(
            r#"{{"event_category":"esim","event_type":"usage","timestamp":{},"iccid":"8944500102198304826","esim_id":"a"{fields}}}"#,
            AT + 50
        )
    };
    find(&db, &[told("ACTIVATED", 0), told("REVOKED", 50)], AT + 100);
    let whole = r#","reference_id":"TRIP-1","package_name":"3 GB","usage_data":{"allowed_data":3072,"remaining_data":5}"#;
    assert_eq!(find(&db, &[report(whole)], AT + 100), 1);
    for less in [
        "",
        r#","reference_id":"TRIP-1""#,
        r#","package_name":"3 GB""#,
    ] {
        assert_eq!(find(&db, &[report(less)], AT + 200), 0, "{less}");
    }
    let other = r#","usage_data":{"allowed_data":3072,"remaining_data":4}"#;
    assert_eq!(find(&db, &[report(other)], AT + 300), 1);
}

#[test]
fn a_balance_is_kept_if_it_is_another_one() {
    let db = database();
    let balance = |balance: f64, at: i64| {
        format!(
            r#"{{"event_category":"partner","event_type":"balance","timestamp":{},"balance":{balance},"currency":"EUR"}}"#,
            AT + at
        )
    };
    for (amount, at, new) in [(50.0, 10, 1), (50.0, 20, 0), (40.0, 30, 1)] {
        assert_eq!(find(&db, &[balance(amount, at)], AT + at), new);
    }
}

#[test]
fn a_clock_that_is_behind_believes_what_the_api_dates() {
    let mut event = crate::provider::parse(told("NEW", 0).as_bytes()).unwrap();
    event.received(Receipt {
        known_until: Some(AT + 5),
        ..Receipt::at(AT - 3_600)
    });
    assert_eq!((event.occurred_at, event.unbelieved_at), (Some(AT), None));
}

#[test]
fn the_deliveries_page_shows_what_was_sent_only() {
    let db = database();
    find(&db, &[told("NEW", 0), told("ACTIVATED", 20)], AT + 100);
    deliver_at(&db, &told("INACTIVE", 30), (AT + 200) * 1000);
    let query = crate::store::DeliveryQuery {
        verdicts: Vec::new(),
        search: String::new(),
        before: None,
        limit: 50,
    };
    let (rows, _) = Reader { db: &db }.deliveries(&query, &[]).unwrap();
    assert_eq!(rows.len(), 1);
}

#[test]
fn a_profiles_life_is_told_apart_from_the_plans_period() {
    let db = database();
    let bodies = [
        ("NEW", 0),
        ("DOWNLOADED", 20),
        ("INSTALLED", 30),
        ("ACTIVATED", 40),
        ("DELETED", 50),
        ("INSTALLED", 60),
    ];
    let bodies: Vec<String> = bodies
        .iter()
        .map(|(status, at)| told(status, *at))
        .collect();
    find(&db, &bodies, AT + 100);
    let row = Reader { db: &db }.esim_row("a").unwrap().unwrap();
    let steps = Reader { db: &db }.profile_steps(row).unwrap();
    let steps: Vec<_> = steps
        .iter()
        .map(|(status, at)| (status.as_str(), at - AT))
        .collect();
    assert_eq!(
        steps,
        [
            ("NEW", 0),
            ("DOWNLOADED", 20),
            ("DELETED", 50),
            ("INSTALLED", 60)
        ]
    );
}

fn bought(names: &[&str]) -> Vec<Bought> {
    let named = |name: &&str| Bought {
        package_name: Some((*name).to_owned()),
        ..Bought::default()
    };
    names.iter().map(named).collect()
}

#[test]
fn what_the_lists_said_stays_where_they_say_it_no_more() {
    let db = database();
    let note = |life_ends_at, names: &[&str]| {
        let bought = bought(names);
        let facts = ListedFacts {
            life_ends_at,
            bought,
        };
        caught_up::note(&db, &asked("x", facts)).unwrap();
        let known = Reader { db: &db }.listed_facts(ProviderId::FIRST, "a");
        let known = known.unwrap();
        let names = known.bought.into_iter().filter_map(|one| one.package_name);
        (known.life_ends_at, names.collect::<Vec<_>>())
    };
    assert_eq!(note(Some(AT), &["week"]), (Some(AT), vec!["week".into()]));
    // Its plan runs, and the list of orders was cut.
    assert_eq!(note(None, &[]), (Some(AT), vec!["week".into()]));
    let both: Vec<String> = vec!["week".into(), "top-up".into()];
    assert_eq!(note(None, &["week", "top-up"]), (Some(AT), both));
    let none = Reader { db: &db }.listed_facts(ProviderId::FIRST, "another");
    assert_eq!(none.unwrap(), ListedFacts::default());
}

#[test]
fn a_database_of_the_version_before_the_lists_were_kept_opens_and_each_esim_is_asked_for_once_more()
{
    let mut db = database();
    find(&db, &[told("NEW", 0)], AT + 100);
    let gone = AskedEsim {
        esim_id: "gone".to_owned(),
        ..asked("", ListedFacts::default())
    };
    caught_up::note(&db, &gone).unwrap();
    db.execute_batch(include_str!("before_listed.sql")).unwrap();
    schema::migrate(&mut db).unwrap();
    let known = Reader { db: &db }.last_asked(ProviderId::FIRST).unwrap();
    assert!(!["x", ""].contains(&known["a"].mark.as_str()));
    assert_eq!(known["gone"].mark, "");
    assert_eq!(seen(&db).1.len(), 1);
    let facts = Reader { db: &db }.listed_facts(ProviderId::FIRST, "a");
    assert_eq!(facts.unwrap(), ListedFacts::default());
}

#[test]
fn what_the_api_tells_stands_among_the_latest_changes_by_when_it_happened() {
    let db = database();
    let sent = |id: &str, came: i64| {
        let body = status(&format!(r#""esim_id":"{id}""#), "NEW", came - 1);
        deliver_at(&db, &body, came * 1000);
    };
    let asked = |events: &[(&str, i64)], now: i64| {
        let told = events
            .iter()
            .map(|(id, at)| status(&format!(r#""esim_id":"{id}""#), "ACTIVATED", *at));
        find(&db, &told.collect::<Vec<_>>(), now);
    };
    let listed = |most: u32| {
        let shown = Reader { db: &db }.latest_changes(most).unwrap();
        let ids = shown.into_iter().map(|one| one.event.esim_id.unwrap());
        ids.collect::<Vec<String>>()
    };
    sent("evening-1", AT);
    // A night with one expiry, and eSIMs of months ago.
    let old: Vec<String> = (1..=50).map(|number| format!("old-{number:02}")).collect();
    let mut found: Vec<(&str, i64)> = vec![("night-1", AT + 5 * 3600)];
    found.extend(
        old.iter()
            .zip(1..)
            .map(|(id, number)| (id.as_str(), AT - 90 * 86_400 - number)),
    );
    asked(&found, AT + 36_000);
    assert_eq!(listed(3), ["night-1", "evening-1", "old-01"]);
    assert_eq!(listed(100).len(), 52);
    sent("morning-1", AT + 36_100);
    // It came hours late, and is news all the same.
    let late = status(r#""esim_id":"late-1""#, "ACTIVATED", AT + 3600);
    deliver_at(&db, &late, (AT + 36_200) * 1000);
    assert_eq!(listed(4), ["late-1", "morning-1", "night-1", "evening-1"]);
    // Asked for it is known when it was.
    asked(&[("late-1", AT + 3600)], AT + 36_300);
    assert_eq!(listed(4), ["morning-1", "night-1", "late-1", "evening-1"]);
    let plan: Vec<String> = db
        .prepare("EXPLAIN QUERY PLAN SELECT id FROM events WHERE sources & 2 != 0 ORDER BY occurred_at DESC, id DESC")
        .unwrap()
        .query_map([], |row| row.get(3))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert!(plan.concat().contains("events_told"), "{plan:?}");
}

#[test]
fn what_was_only_bought_or_read_is_nothing_that_changed_last() {
    let db = database();
    let bought = |id: &str, more: &str| {
        format!(
            r#"{{"event_category":"esim","event_type":"usage","timestamp":{AT},"esim_id":"{id}","package_name":"1 GB"{more}}}"#
        )
    };
    find(
        &db,
        &[bought("a", ""), bought("b", r#","status":"REVOKED""#)],
        AT,
    );
    // Read by the API alone; read by it and sent as well; sent alone.
    find(&db, &[report(512.0, 60)], AT + 60);
    let sent = report(256.0, 70).replace(
        r#""iccid":"8944500102198304826","esim_id":"a""#,
        r#""esim_id":"d""#,
    );
    find(&db, std::slice::from_ref(&sent), AT + 75);
    deliver_at(&db, &sent, (AT + 80) * 1000);
    deliver_at(&db, &bought("c", ""), (AT + 90) * 1000);
    let reader = Reader { db: &db };
    let shown = reader.latest_changes(10).unwrap();
    let ids: Vec<_> = shown
        .iter()
        .rev()
        .map(|one| one.event.esim_id.as_deref().unwrap())
        .collect();
    assert_eq!(ids, ["b", "d", "c"]);
    assert!(shown.iter().all(StoredEvent::is_change));
    let rows = ["a", "b", "c"].map(|key| reader.esim_row(key).unwrap().unwrap());
    let events = rows
        .into_iter()
        .flat_map(|row| reader.events_of_esim(row, 0, 10).unwrap());
    let hidden: Vec<_> = events.filter(|stored| !stored.is_change()).collect();
    // They stay in the eSIM's timeline.
    assert_eq!(hidden.len(), 2);
    let of_a = |stored: &StoredEvent| stored.event.esim_id.as_deref() == Some("a");
    assert!(hidden.iter().all(of_a));
}
