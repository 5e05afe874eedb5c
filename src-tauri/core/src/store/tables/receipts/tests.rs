//! What became of absences.

use super::*;
use crate::store::tables::caught_up::{self, CatchUpRun, VanishedEsim};
use crate::store::tests::{database, deliver_at, find, status};

const EVENING: i64 = 1_764_028_800;
const MORNING: i64 = EVENING + 10 * 3600;

fn night() -> Absence {
    Absence {
        from_ms: EVENING * 1000,
        to_ms: MORNING * 1000,
        caught_up_at_ms: Some((MORNING + 60) * 1000),
    }
}

fn found(db: &Connection, name: &str, to: &str, at: i64) {
    let body = status(&format!(r#""esim_id":"{name}-1""#), to, at);
    find(db, &[body], MORNING + 30);
}

fn raise(db: &Connection, esim: i64, rule: Rule, since: i64, raised: i64, state: &str) {
    db.execute(
        "INSERT INTO alerts (subject, rule, occasion, esim, since, detail, raised_at_ms, state, owed)
         VALUES ('esim:' || ?1, ?2, ?3, ?1, ?3, '{}', ?4, ?5, 0)",
        params![esim, rule.as_str(), since, raised * 1000, state],
    )
    .unwrap();
}

fn row_of(db: &Connection, name: &str) -> i64 {
    Reader { db }
        .esim_row(&format!("{name}-1"))
        .unwrap()
        .unwrap()
}

#[test]
fn what_ran_out_in_a_night_and_was_bought_again_is_told_with_its_new_end() {
    let db = database();
    let told = |at: i64, end: i64| {
        format!(
            r#"{{"event_category":"esim","event_type":"usage","timestamp":{at},"esim_id":"topped-1","status":"ACTIVATED","end":{end}}}"#
        )
    };
    let (old_end, new_end) = (EVENING + 3_600, MORNING + 500_000);
    deliver_at(&db, &told(EVENING - 60, old_end), (EVENING - 50) * 1000);
    found(&db, "topped", "EXPIRED", old_end);
    found(&db, "topped", "ACTIVATED", EVENING + 10_800);
    // The API is asked in the morning, and tells what is so then.
    find(&db, &[told(MORNING + 20, new_end)], MORNING + 30);
    let receipt = Reader { db: &db }.absence_receipt(night()).unwrap();
    let [line] = &receipt.lines[..] else {
        panic!("{receipt:?}");
    };
    assert_eq!(line.meanwhile, Some(Status::Expired));
    assert_eq!(line.after, Some(Status::Activated));
    assert_eq!(line.new_end, Some(new_end));
}

#[test]
fn what_had_run_out_and_was_bought_again_in_a_night_is_told_with_its_new_end() {
    let db = database();
    let told = |status: &str, at: i64, end: i64| {
        format!(
            r#"{{"event_category":"esim","event_type":"usage","timestamp":{at},"esim_id":"topped-1","status":"{status}","end":{end}}}"#
        )
    };
    deliver_at(
        &db,
        &told("ACTIVATED", EVENING - 900, EVENING - 60),
        (EVENING - 890) * 1000,
    );
    let body = status(r#""esim_id":"topped-1""#, "EXPIRED", EVENING - 60);
    deliver_at(&db, &body, (EVENING - 50) * 1000);
    found(&db, "topped", "ACTIVATED", EVENING + 10_800);
    let new_end = MORNING + 500_000;
    find(
        &db,
        &[told("ACTIVATED", MORNING + 20, new_end)],
        MORNING + 30,
    );
    let receipt = Reader { db: &db }.absence_receipt(night()).unwrap();
    assert_eq!(receipt.lines.len(), 1, "{receipt:?}");
    assert_eq!(receipt.lines[0].new_end, Some(new_end));
}

#[test]
fn what_the_rules_found_after_the_last_sign_of_life_needs_somebody_as_its_esim_changed() {
    let db = database();
    let body = status(r#""esim_id":"taken-1""#, "ACTIVATED", EVENING - 90_000);
    deliver_at(&db, &body, (EVENING - 80_000) * 1000);
    // It was asked for at once in the evening, and a moment later the power failed.
    let body = status(r#""esim_id":"taken-1""#, "REVOKED", EVENING - 7200);
    find(&db, &[body], EVENING + 10);
    let esim = row_of(&db, "taken");
    raise(
        &db,
        esim,
        Rule::Revoked,
        EVENING - 7200,
        EVENING + 11,
        "new",
    );
    let receipt = Reader { db: &db }.absence_receipt(night()).unwrap();
    assert_eq!((receipt.changed, receipt.needing), (1, 1), "{receipt:?}");
    assert_eq!(receipt.lines[0].needs, [Rule::Revoked]);
}

#[test]
fn what_changed_in_a_night_is_told_and_what_came_back_to_itself_is_not() {
    let db = database();
    for name in ["expired", "flaps", "idle", "early"] {
        let body = status(
            &format!(r#""esim_id":"{name}-1""#),
            "ACTIVATED",
            EVENING - 60,
        );
        deliver_at(&db, &body, (EVENING - 50) * 1000);
    }
    found(&db, "expired", "EXPIRED", EVENING + 3600);
    found(&db, "flaps", "INACTIVE", EVENING + 3600);
    found(&db, "flaps", "ACTIVATED", EVENING + 3700);
    found(&db, "new", "NEW", EVENING + 7200);
    // It was missed while somebody listened, and is learnt now.
    found(&db, "early", "INACTIVE", EVENING - 10);
    // This one was sold before, and nobody knew of it.
    found(&db, "sold", "EXPIRED", EVENING - 90_000);
    found(&db, "idle", "INACTIVE", MORNING + 10);
    // Its end is learnt, and was so before.
    let end = format!(
        r#"{{"event_category":"esim","event_type":"usage","timestamp":{MORNING},"esim_id":"idle-1","end":{}}}"#,
        MORNING + 90_000
    );
    find(&db, &[end], MORNING + 30);
    let told = Reader { db: &db }.absence_receipt(night()).unwrap();
    let lines: Vec<_> = told
        .lines
        .iter()
        .map(|line| (line.esim, line.before.clone(), line.after.clone()))
        .collect();
    assert_eq!(
        lines,
        [
            (row_of(&db, "new"), None, Some(Status::New)),
            (
                row_of(&db, "expired"),
                Some(Status::Activated),
                Some(Status::Expired)
            ),
            (
                row_of(&db, "early"),
                Some(Status::Activated),
                Some(Status::Inactive)
            )
        ]
    );
    assert_eq!((told.changed, told.needed, told.needing), (3, 0, 0));
}

#[test]
fn what_the_provider_no_longer_has_is_not_as_it_was() {
    let db = database();
    for name in ["vanished", "stays"] {
        let id = format!(r#""esim_id":"{name}-1""#);
        let body = status(&id, "ACTIVATED", EVENING - 60);
        deliver_at(&db, &body, (EVENING - 50) * 1000);
    }
    let run = CatchUpRun {
        vanished: vec![VanishedEsim {
            provider: ProviderId::FIRST.number(),
            esim_id: "vanished-1".to_owned(),
            found_at_ms: (MORNING + 30) * 1000,
        }],
        ..CatchUpRun::default()
    };
    caught_up::note_run(&db, &run).unwrap();
    let told = Reader { db: &db }.absence_receipt(night()).unwrap();
    let line = &told.lines[0];
    assert_eq!((told.changed, told.lines.len()), (1, 1));
    assert_eq!(line.esim, row_of(&db, "vanished"));
    assert_eq!(line.before, Some(Status::Activated));
    assert_eq!(
        (line.after.as_ref(), line.gone),
        (Some(&Status::Activated), true)
    );
    assert_eq!((told.needed, told.needing), (1, 1));
    let vanished = Reader { db: &db }.vanished_esims().unwrap();
    for (id, status, has) in [
        ("vanished-1", Status::Activated, true),
        ("stays-1", Status::Activated, false),
        // A webhook that came later told what became of it.
        ("vanished-1", Status::Revoked, false),
    ] {
        let state = EsimState {
            esim_id: Some(id.to_owned()),
            status: Some(status),
            ..EsimState::default()
        };
        assert_eq!(vanished.have(&state), has, "{state:?}");
    }
    // Another absence has nothing to do with it.
    let later = Absence {
        from_ms: (MORNING + 3600) * 1000,
        to_ms: (MORNING + 7200) * 1000,
        caught_up_at_ms: Some((MORNING + 7300) * 1000),
    };
    let told = Reader { db: &db }.absence_receipt(later).unwrap();
    assert_eq!(told.lines, []);
}

#[test]
fn one_that_expired_and_was_topped_up_says_why_it_is_another() {
    let db = database();
    let usage = |name: &str, at: i64, end: i64| {
        format!(
            r#"{{"event_category":"esim","event_type":"usage","timestamp":{at},"esim_id":"{name}-1","start":{},"end":{end}}}"#,
            EVENING - 90_000
        )
    };
    for name in ["topped-up", "longer"] {
        let body = status(
            &format!(r#""esim_id":"{name}-1""#),
            "ACTIVATED",
            EVENING - 60,
        );
        deliver_at(&db, &body, (EVENING - 50) * 1000);
        let end = usage(name, EVENING - 50, EVENING + 3600);
        deliver_at(&db, &end, (EVENING - 40) * 1000);
    }
    found(&db, "topped-up", "EXPIRED", EVENING + 3600);
    found(&db, "topped-up", "ACTIVATED", EVENING + 7200);
    for name in ["topped-up", "longer"] {
        let end = usage(name, EVENING + 7300, MORNING + 90_000);
        find(&db, &[end], MORNING + 30);
    }
    let told = Reader { db: &db }.absence_receipt(night()).unwrap();
    let mut lines: Vec<_> = told
        .lines
        .iter()
        .map(|line| (line.esim, line.meanwhile.clone(), line.new_end))
        .collect();
    lines.sort_by_key(|line| line.0);
    let end = Some(MORNING + 90_000);
    assert_eq!(
        lines,
        [
            (row_of(&db, "topped-up"), Some(Status::Expired), end),
            (row_of(&db, "longer"), None, end)
        ]
    );
}

#[test]
fn what_needs_somebody_comes_first_and_is_told_as_done_when_it_is() {
    let db = database();
    for name in ["a", "b", "c", "d"] {
        let body = status(
            &format!(r#""esim_id":"{name}-1""#),
            "ACTIVATED",
            EVENING - 60,
        );
        deliver_at(&db, &body, (EVENING - 50) * 1000);
    }
    found(&db, "a", "EXPIRED", EVENING + 60);
    found(&db, "b", "REVOKED", EVENING + 30);
    let row = |name| row_of(&db, name);
    raise(
        &db,
        row("a"),
        Rule::Expired,
        EVENING + 60,
        MORNING + 31,
        "new",
    );
    raise(
        &db,
        row("b"),
        Rule::Revoked,
        EVENING + 30,
        MORNING + 31,
        "new",
    );
    // Told as of now, by the catch-up.
    raise(
        &db,
        row("c"),
        Rule::DataLow,
        MORNING + 29,
        MORNING + 31,
        "acknowledged",
    );
    // Of the day after.
    raise(
        &db,
        row("d"),
        Rule::DataLow,
        MORNING + 900,
        MORNING + 900,
        "new",
    );
    raise(
        &db,
        row("d"),
        Rule::FirstActivation,
        EVENING + 60,
        MORNING + 31,
        "new",
    );
    let told = Reader { db: &db }.absence_receipt(night()).unwrap();
    let lines: Vec<_> = told
        .lines
        .iter()
        .map(|line| (line.esim, line.changed, line.needs.clone()))
        .collect();
    assert_eq!(
        lines,
        [
            (row("b"), true, vec![Rule::Revoked]),
            (row("a"), true, vec![Rule::Expired]),
            (row("c"), false, vec![])
        ]
    );
    assert_eq!((told.changed, told.unchanged), (2, 1));
    assert_eq!((told.needed, told.needing), (3, 2));
}

#[test]
fn what_was_bought_meanwhile_is_told_though_nothing_but_how_it_is_now_tells_it() {
    let db = database();
    let usage = |name: &str, at: i64, end: i64, allowed: i64| {
        format!(
            r#"{{"event_category":"esim","event_type":"usage","timestamp":{at},"esim_id":"{name}-1","start":{},"end":{end},"usage_data":{{"isUnlimited":false,"allowed_data":{allowed},"remaining_data":10}}}}"#,
            EVENING - 90_000
        )
    };
    let ends = MORNING + 90_000;
    for name in ["longer", "larger", "same", "live"] {
        let body = status(
            &format!(r#""esim_id":"{name}-1""#),
            "ACTIVATED",
            EVENING - 60,
        );
        deliver_at(&db, &body, (EVENING - 50) * 1000);
        let before = usage(name, EVENING - 50, ends, 1000);
        deliver_at(&db, &before, (EVENING - 40) * 1000);
    }
    for (name, end, allowed) in [
        ("longer", ends + 86_400, 1000),
        ("larger", ends, 5000),
        ("same", ends + 60, 1000),
    ] {
        let told = usage(name, MORNING + 30, end, allowed);
        find(&db, &[told], MORNING + 30);
    }
    // While somebody listened.
    let told = usage("live", MORNING + 20, ends + 86_400, 5000);
    deliver_at(&db, &told, (MORNING + 21) * 1000);
    let told = Reader { db: &db }.absence_receipt(night()).unwrap();
    let mut lines: Vec<_> = told
        .lines
        .iter()
        .map(|line| (line.esim, line.new_end, line.more_data, line.at))
        .collect();
    lines.sort_unstable();
    let row = |name| row_of(&db, name);
    assert_eq!(
        lines,
        [
            (row("longer"), Some(ends + 86_400), false, None),
            (row("larger"), None, true, None)
        ]
    );
}

#[test]
fn what_began_after_an_absence_is_none_of_its_receipt() {
    let db = database();
    for name in ["a", "b"] {
        let body = status(
            &format!(r#""esim_id":"{name}-1""#),
            "ACTIVATED",
            EVENING - 60,
        );
        deliver_at(&db, &body, (EVENING - 50) * 1000);
        // Withdrawn and low on data after somebody listened again, before all was told.
        let since = MORNING + 10;
        let rule = if name == "a" {
            Rule::Revoked
        } else {
            Rule::DataLow
        };
        raise(&db, row_of(&db, name), rule, since, since + 1, "new");
    }
    let needing = |absence| {
        let told = Reader { db: &db }.absence_receipt(absence).unwrap();
        told.lines.iter().map(|line| line.esim).collect::<Vec<_>>()
    };
    assert_eq!(needing(night()), [row_of(&db, "b")]);
    // Also while something is missing.
    let open = Absence {
        caught_up_at_ms: None,
        ..night()
    };
    assert_eq!(needing(open), [row_of(&db, "b")]);
}

#[test]
fn what_an_absence_s_catch_up_learns_of_the_evening_before_belongs_to_it_and_what_later_ones_learn_does_not()
 {
    let db = database();
    for name in ["learnt", "later"] {
        let body = status(
            &format!(r#""esim_id":"{name}-1""#),
            "ACTIVATED",
            EVENING - 900,
        );
        deliver_at(&db, &body, (EVENING - 890) * 1000);
    }
    found(&db, "learnt", "REVOKED", EVENING - 600);
    let learnt = row_of(&db, "learnt");
    raise(
        &db,
        learnt,
        Rule::Revoked,
        EVENING - 600,
        MORNING + 31,
        "new",
    );
    let body = status(r#""esim_id":"later-1""#, "REVOKED", EVENING - 600);
    find(&db, &[body], MORNING + 80_000);
    let later = row_of(&db, "later");
    raise(
        &db,
        later,
        Rule::Revoked,
        EVENING - 600,
        MORNING + 80_001,
        "new",
    );
    let receipt = Reader { db: &db }.absence_receipt(night()).unwrap();
    let [line] = &receipt.lines[..] else {
        panic!("{receipt:?}");
    };
    assert_eq!((line.esim, &line.needs[..]), (learnt, &[Rule::Revoked][..]));
    assert_eq!(
        (line.before.as_ref(), line.after.as_ref()),
        (Some(&Status::Activated), Some(&Status::Revoked))
    );
    assert_eq!((receipt.changed, receipt.unchanged), (1, 0));
}
