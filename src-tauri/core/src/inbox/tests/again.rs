//! What was over and is true again: another matter if it was gone for longer than a flap, else as it was.

use super::*;
use crate::alert::Subject;

/// What is new of this rule.
pub(super) fn new_of(desk: &Desk, rule: Rule) -> usize {
    let new = desk.rows(&[AlertState::New]);
    new.iter().filter(|row| row.fact.rule == rule).count()
}

#[tokio::test]
async fn data_that_was_added_and_used_up_again_is_new_and_told() {
    let mut desk = Desk::open().await;
    desk.report("7", "ACTIVATED", desk.now, 0.0).await;
    assert_eq!(desk.titles(600).await.len(), 2);
    desk.take_up_all().await;
    desk.report("7", "ACTIVATED", desk.now, 3000.0).await;
    desk.after(8 * HOUR).await;
    desk.report("7", "ACTIVATED", desk.now, 0.0).await;
    assert_eq!(desk.titles(600).await, ["Data used up: TRIP-7"]);
    assert_eq!(new_of(&desk, Rule::DataUsedUp), 1);
    // And once: the report comes again, and after a restart.
    desk.report("7", "ACTIVATED", desk.now, 0.0).await;
    assert_eq!(desk.titles(600).await, [""; 0]);
    let mut desk = desk.restart_after(60).await;
    assert_eq!(desk.titles(600).await, [""; 0]);
}

#[tokio::test]
async fn a_withdrawal_after_a_reinstatement_of_hours_is_new_and_told() {
    let mut desk = Desk::open().await;
    desk.status("7", "REVOKED").await;
    assert_eq!(desk.titles(HOUR).await, ["Revoked: TRIP-7"]);
    desk.take_up_all().await;
    desk.status("7", "ACTIVATED").await;
    desk.after(4 * HOUR).await;
    desk.status("7", "REVOKED").await;
    assert_eq!(desk.titles(600).await, ["Revoked: TRIP-7"]);
    assert_eq!(new_of(&desk, Rule::Revoked), 1);
}

#[tokio::test]
async fn a_withdrawal_after_a_reinstatement_that_the_desk_slept_through_is_told() {
    let mut desk = Desk::open().await;
    desk.status("7", "REVOKED").await;
    desk.after(600).await;
    desk.take_up_all().await;
    // Both come together, and the withdrawal first.
    desk.now += 6 * HOUR;
    desk.status_at("7", "REVOKED", desk.now).await;
    desk.status_at("7", "ACTIVATED", desk.now - 2 * HOUR).await;
    assert_eq!(desk.titles(600).await, ["Revoked: TRIP-7"]);
}

#[tokio::test]
async fn a_flap_of_which_half_came_an_hour_late_is_a_flap() {
    let mut desk = Desk::open().await;
    let at = desk.now;
    desk.status_at("7", "EXPIRED", at).await;
    assert_eq!(desk.titles(60).await.len(), 1);
    desk.take_up_all().await;
    desk.status_at("7", "ACTIVATED", at + 5).await;
    desk.after(HOUR).await;
    desk.status_at("7", "EXPIRED", at + 10).await;
    desk.after(60).await;
    assert_eq!(new_of(&desk, Rule::Expired), 0);
    assert_eq!(desk.summary().counts.acknowledged, 1);
}

#[tokio::test]
async fn what_was_cleared_in_quiet_hours_and_is_true_again_is_told_in_the_morning() {
    let mut desk = Desk::open().await;
    desk.quiet_at_night().await;
    desk.after(13 * HOUR).await;
    let at = desk.now;
    for (status, at) in [("EXPIRED", at), ("ACTIVATED", at + 5), ("EXPIRED", at + 10)] {
        desk.now = at;
        desk.status_at("7", status, at).await;
        assert_eq!(desk.titles(0).await, [""; 0]);
    }
    assert_eq!(desk.titles(9 * HOUR).await.len(), 1);
}

#[tokio::test]
async fn a_crowd_that_flaps_is_told_of_completely() {
    let mut desk = Desk::open().await;
    let mut told = std::collections::BTreeSet::new();
    for n in 0..30 {
        let esim = format!("{n:02}");
        for (status, wait) in [("REVOKED", 4), ("INACTIVE", 2), ("REVOKED", 1)] {
            desk.status(&esim, status).await;
            told.extend(
                desk.after(wait)
                    .await
                    .into_iter()
                    .flat_map(|notice| notice.alerts),
            );
        }
    }
    told.extend(
        desk.after(180)
            .await
            .into_iter()
            .flat_map(|notice| notice.alerts),
    );
    assert_eq!(told.len(), 30);
}

#[tokio::test]
async fn what_was_put_off_is_told_then_although_it_flapped_meanwhile() {
    let mut desk = Desk::open().await;
    desk.status("7", "EXPIRED").await;
    desk.after(60).await;
    let ids = vec![desk.rows(&[AlertState::New])[0].id];
    let until = desk.now + 10 * HOUR;
    let step = AlertStep::Snooze { ids, until };
    desk.engine.act(step, desk.now * 1000).await.unwrap();
    desk.after(HOUR).await;
    desk.status("7", "ACTIVATED").await;
    desk.after(2).await;
    desk.status("7", "EXPIRED").await;
    assert_eq!(desk.titles(60).await, [""; 0]);
    assert_eq!(desk.summary().counts.snoozed, 1);
    // Off and on within a minute.
    let mut off = AlertSettings::default();
    let rule = off.of(Rule::Expired);
    off.rules.insert(
        Rule::Expired,
        crate::alert::RuleSetting {
            enabled: false,
            ..rule
        },
    );
    desk.engine.set_settings(off).await.unwrap();
    desk.after(60).await;
    desk.engine
        .set_settings(AlertSettings::default())
        .await
        .unwrap();
    assert_eq!(desk.titles(60).await, [""; 0]);
    assert_eq!(desk.titles(9 * HOUR).await, ["Expired: TRIP-7"]);
}

#[tokio::test]
async fn a_rule_that_was_off_for_a_day_forgets_nothing_that_a_person_did() {
    let mut desk = Desk::open().await;
    desk.status("7", "EXPIRED").await;
    desk.after(60).await;
    desk.take_up_all().await;
    let mut off = AlertSettings::default();
    let rule = off.of(Rule::Expired);
    off.rules.insert(
        Rule::Expired,
        crate::alert::RuleSetting {
            enabled: false,
            ..rule
        },
    );
    desk.engine.set_settings(off).await.unwrap();
    desk.after(24 * HOUR).await;
    desk.engine
        .set_settings(AlertSettings::default())
        .await
        .unwrap();
    assert_eq!(desk.titles(600).await, [""; 0]);
    assert_eq!(desk.summary().counts.acknowledged, 1);
}

#[tokio::test]
async fn an_esim_that_is_muted_no_more_tells_what_it_owes() {
    let mut desk = Desk::open().await;
    desk.quiet_at_night().await;
    desk.after(13 * HOUR).await;
    desk.status("7", "EXPIRED").await;
    assert_eq!(desk.titles(60).await, [""; 0]);
    let Subject::Esim(esim) = desk.rows(&[])[0].fact.subject else {
        panic!("no eSIM's");
    };
    for muted in [true, false] {
        let step = AlertStep::Mute { esim, muted };
        desk.engine.act(step, desk.now * 1000).await.unwrap();
    }
    assert_eq!(desk.titles(9 * HOUR).await.len(), 1);
}

#[tokio::test]
async fn orders_that_fail_again_after_a_top_up_within_the_hour_are_told() {
    let mut desk = Desk::open().await;
    let say = async |desk: &mut Desk, kind: &str| {
        let body = format!(
            r#"{{"event_category":"partner","event_type":"{kind}","data":{{"timestamp":{},"balance":3,"currency":"EUR"}}}}"#,
            desk.now
        );
        desk.deliver(&body).await;
    };
    say(&mut desk, "insufficient_balance").await;
    assert_eq!(desk.titles(300).await.len(), 1);
    desk.take_up_all().await;
    say(&mut desk, "top_up").await;
    desk.after(600).await;
    say(&mut desk, "insufficient_balance").await;
    assert_eq!(desk.titles(300).await.len(), 1);
    assert_eq!(new_of(&desk, Rule::BalanceInsufficient), 1);
}

#[tokio::test]
async fn a_tunnel_that_flaps_all_night_is_told_once_an_hour_at_most() {
    let mut desk = Desk::open().await;
    let mut shown = 0;
    let (begin, nights) = (desk.now, 8 * HOUR);
    while desk.now < begin + nights {
        desk.engine.set_program(Program {
            started_at: begin,
            tunnel_down: Some(Trouble {
                since: desk.now,
                reason: Message::of("tunnel.reason.unreachable"),
            }),
            ..Program::default()
        });
        shown += desk.after(15).await.len();
        desk.engine.set_program(Program {
            started_at: begin,
            ..Program::default()
        });
        shown += desk.after(105).await.len();
    }
    assert!((2..=9).contains(&shown), "{shown}");
}

/// A usage report of 3,000 MB, of which so much is left, in this period.
pub(super) async fn report_in(desk: &mut Desk, left: f64, (start, end): (i64, i64)) {
    let at = desk.now;
    let body = format!(
        r#"{{"event_category":"esim","event_type":"usage","esim_id":"7","start":{start},"end":{end},"status":"ACTIVATED","timestamp":{at},"usage_data":{{"allowed_data":3000,"remaining_data":{left}}}}}"#
    );
    desk.deliver(&body).await;
}

#[tokio::test]
async fn a_package_is_not_judged_by_what_was_left_of_the_one_before() {
    const DAY: i64 = 24 * HOUR;
    let mut desk = Desk::open().await;
    let first = (MORNING - 2 * DAY, MORNING + 5 * DAY);
    let second = (MORNING + HOUR, MORNING + 20 * DAY);
    desk.status_in("7", "ACTIVATED", MORNING - 2 * DAY, first)
        .await;
    report_in(&mut desk, 0.0, first).await;
    let told = desk.titles(HOUR).await;
    assert!(told.iter().any(|title| title.starts_with("Data used up")));
    // Somebody paid, and nothing is reported of the new package yet; then a late report of the old one.
    let at = desk.now;
    desk.status_in("7", "ACTIVATED", at, second).await;
    assert_eq!(desk.titles(HOUR).await, [""; 0]);
    report_in(&mut desk, 0.0, first).await;
    assert_eq!(desk.titles(HOUR).await, [""; 0]);
    report_in(&mut desk, 3000.0, second).await;
    assert_eq!(desk.titles(2 * DAY).await, [""; 0]);
    report_in(&mut desk, 0.0, second).await;
    assert_eq!(desk.titles(HOUR).await, ["Data used up: TRIP-7"]);
}

#[tokio::test]
async fn what_was_left_before_more_was_bought_is_not_told_again() {
    const DAY: i64 = 24 * HOUR;
    let first = (MORNING - 2 * DAY, MORNING + 5 * DAY);
    let longer = (first.0, first.1 + 7 * DAY);
    for (left, rule) in [(0.0, Rule::DataUsedUp), (20.0, Rule::DataLow)] {
        for (end, renewed) in [("EXPIRED", longer), ("EXPIRED", first), ("REVOKED", longer)] {
            let mut desk = Desk::open().await;
            desk.status_in("7", "ACTIVATED", first.0, first).await;
            report_in(&mut desk, left, first).await;
            desk.after(HOUR).await;
            let at = desk.now;
            desk.status_in("7", end, at, first).await;
            desk.after(20 * 60).await;
            let at = desk.now;
            desk.status_in("7", "ACTIVATED", at, renewed).await;
            assert_eq!(desk.titles(HOUR).await, [""; 0], "{end}");
            assert_eq!(new_of(&desk, rule), 0, "{end}");
            // What comes to be true of the new one is told.
            report_in(&mut desk, 3000.0, renewed).await;
            desk.after(4 * HOUR).await;
            report_in(&mut desk, left, renewed).await;
            assert_eq!(desk.titles(HOUR).await.len(), 1, "{end}");
            assert_eq!(new_of(&desk, rule), 1, "{end}");
        }
    }
}

#[tokio::test]
async fn what_was_left_of_an_esim_that_is_given_back_is_told_again() {
    const DAY: i64 = 24 * HOUR;
    let mut desk = Desk::open().await;
    let period = (MORNING - 2 * DAY, MORNING + 5 * DAY);
    desk.status_in("7", "ACTIVATED", period.0, period).await;
    report_in(&mut desk, 20.0, period).await;
    assert_eq!(desk.titles(HOUR).await, ["Low on data: TRIP-7"]);
    for (status, told) in [("REVOKED", "Revoked"), ("ACTIVATED", "Low on data")] {
        let at = desk.now;
        desk.status_in("7", status, at, period).await;
        let titles = desk.titles(HOUR).await;
        assert!(titles.contains(&format!("{told}: TRIP-7")), "{titles:?}");
    }
}

#[tokio::test]
async fn the_end_of_a_second_package_is_told_although_nobody_told_of_its_beginning() {
    const DAY: i64 = 24 * HOUR;
    let mut desk = Desk::open().await;
    let first = (MORNING - 7 * DAY, MORNING);
    let second = (MORNING + DAY, MORNING + 8 * DAY);
    desk.status_in("7", "EXPIRED", MORNING, first).await;
    assert_eq!(desk.titles(8 * DAY).await, ["Expired: TRIP-7"]);
    let at = desk.now;
    desk.status_in("7", "EXPIRED", at, second).await;
    assert_eq!(desk.titles(HOUR).await, ["Expired: TRIP-7"]);
}

#[tokio::test]
async fn an_end_that_a_version_before_took_back_holds_again_and_is_not_told_again() {
    const DAY: i64 = 24 * HOUR;
    let mut desk = Desk::open().await;
    let period = (MORNING - 2 * DAY, MORNING + 5 * DAY);
    desk.status_in("7", "REVOKED", MORNING, period).await;
    assert_eq!(desk.titles(HOUR).await, ["Revoked: TRIP-7"]);
    report_in(&mut desk, 700.0, (period.0 + 5 * HOUR, period.1)).await;
    assert_eq!(desk.titles(HOUR).await, [""; 0]);
    let (dir, now) = desk.end().await;
    // By that version the report was of another period.
    let db = rusqlite::Connection::open(dir.path().join(crate::store::DATABASE_FILE)).unwrap();
    db.execute_batch(include_str!("../../store/tests/before_listed.sql"))
        .unwrap();
    db.execute_batch(
        "UPDATE esims SET status = 'ACTIVATED', status_since = last_event_at;
         UPDATE alerts SET state = 'cleared', cleared_at_ms = raised_at_ms + 3600000;
         PRAGMA user_version = 14;",
    )
    .unwrap();
    drop(db);
    let mut desk = Desk::open_in(dir, now + 60).await;
    assert_eq!(desk.titles(HOUR).await, [""; 0]);
    let open = desk.rows(&[AlertState::New]);
    let rules: Vec<Rule> = open.iter().map(|alert| alert.fact.rule).collect();
    assert_eq!(rules, [Rule::Revoked]);
}

#[tokio::test]
async fn a_package_is_activated_although_a_report_that_lagged_told_so_of_the_one_before() {
    const DAY: i64 = 24 * HOUR;
    let mut desk = Desk::open().await;
    let first = (MORNING - DAY, MORNING - 60);
    report_in(&mut desk, 2600.0, first).await;
    assert_eq!(desk.titles(600).await, ["Activated: eSIM id …7"]);
    desk.status_in("7", "EXPIRED", MORNING - 30, first).await;
    assert_eq!(desk.titles(2 * DAY).await, ["Expired: TRIP-7"]);
    let next = (desk.now, desk.now + 5 * DAY);
    desk.status_in("7", "ACTIVATED", desk.now, next).await;
    assert_eq!(desk.titles(600).await, ["Activated: TRIP-7"]);
    // And once, although it was activated before: that is learnt late.
    desk.status_in("7", "ACTIVATED", MORNING - DAY, first).await;
    assert_eq!(desk.titles(600).await, [""; 0]);
}

#[tokio::test]
async fn data_is_used_up_again_also_if_that_more_was_added_is_told_last() {
    for (left, rule) in [(0.0, Rule::DataUsedUp), (300.0, Rule::DataLow)] {
        for restarts in [false, true] {
            let mut desk = Desk::open().await;
            desk.report("7", "ACTIVATED", desk.now, left).await;
            desk.after(600).await;
            desk.take_up_all().await;
            let added_at = desk.now;
            desk.now += 8 * HOUR;
            desk.report("7", "ACTIVATED", desk.now, left).await;
            // Nothing tells yet that it is another matter.
            assert_eq!(desk.titles(HOUR).await, [""; 0]);
            desk.report("7", "ACTIVATED", added_at, 3000.0).await;
            if restarts {
                // The program ends before the rules could look.
                desk = desk.restart_after(60).await;
            }
            let told = desk.titles(2 * HOUR).await;
            assert_eq!(told.len(), 1, "{rule:?} {restarts} {told:?}");
            assert_eq!(new_of(&desk, rule), 1, "{rule:?} {restarts}");
            // And once.
            desk.report("7", "ACTIVATED", desk.now, left).await;
            assert_eq!(desk.titles(HOUR).await, [""; 0]);
            let mut desk = desk.restart_after(60).await;
            assert_eq!(desk.titles(HOUR).await, [""; 0]);
        }
    }
}

#[tokio::test]
async fn data_that_is_little_by_a_lower_limit_is_still_so_when_old_reports_come() {
    let mut desk = Desk::open().await;
    desk.report("7", "ACTIVATED", desk.now, 570.0).await;
    desk.after(600).await;
    desk.take_up_all().await;
    let earlier = desk.now;
    desk.after(4 * HOUR).await;
    let lower = AlertSettings {
        data_low_percent: 10,
        ..AlertSettings::default()
    };
    desk.report("7", "ACTIVATED", desk.now, 240.0).await;
    desk.after(60).await;
    desk.engine.set_settings(lower).await.unwrap();
    assert_eq!(desk.titles(60).await, [""; 0]);
    desk.report("7", "ACTIVATED", earlier, 560.0).await;
    assert_eq!(desk.titles(HOUR).await, [""; 0]);
    assert_eq!(desk.summary().counts.acknowledged, 2);
}

#[tokio::test]
async fn data_that_is_used_up_again_is_told_although_it_was_put_off_in_the_night() {
    let mut desk = Desk::open().await;
    desk.quiet_at_night().await;
    desk.after(13 * HOUR).await;
    desk.report("7", "ACTIVATED", desk.now, 0.0).await;
    assert_eq!(desk.titles(60).await, [""; 0]);
    let new = desk.rows(&[AlertState::New]);
    let ids = new.iter().map(|row| row.id).collect();
    let until = desk.now + 24 * HOUR;
    let step = AlertStep::Snooze { ids, until };
    desk.engine.act(step, desk.now * 1000).await.unwrap();
    let added_at = desk.now;
    desk.after(12 * HOUR).await;
    desk.report("7", "ACTIVATED", desk.now, 0.0).await;
    assert_eq!(desk.titles(HOUR).await, [""; 0]);
    desk.report("7", "ACTIVATED", added_at, 3000.0).await;
    assert_eq!(desk.titles(HOUR).await, ["Data used up: TRIP-7"]);
}

#[tokio::test]
async fn who_was_shown_data_as_it_is_is_not_told_again_that_it_had_been_added() {
    let mut desk = Desk::open().await;
    desk.quiet_at_night().await;
    desk.after(13 * HOUR).await;
    let at = desk.now;
    desk.report("7", "ACTIVATED", at, 0.0).await;
    desk.after(6 * HOUR).await;
    desk.report("7", "ACTIVATED", desk.now, 0.0).await;
    // In the morning: by then it is what was reported last.
    assert!(!desk.titles(4 * HOUR).await.is_empty());
    desk.report("7", "ACTIVATED", at + HOUR, 3000.0).await;
    assert_eq!(desk.titles(HOUR).await, [""; 0]);
    assert_eq!(new_of(&desk, Rule::DataUsedUp), 1);
}

#[tokio::test]
async fn who_puts_data_off_as_it_is_is_told_when_they_said() {
    for restarted in [false, true] {
        let mut desk = Desk::open().await;
        let at = desk.now;
        desk.report("7", "ACTIVATED", at, 0.0).await;
        desk.after(6 * HOUR).await;
        desk.report("7", "ACTIVATED", desk.now, 0.0).await;
        desk.after(HOUR).await;
        let used_up = |row: &&StoredAlert| row.fact.rule == Rule::DataUsedUp;
        let ids = desk.rows(&[AlertState::New]);
        let ids = ids.iter().filter(used_up).map(|row| row.id).collect();
        let until = desk.now + 5 * HOUR;
        let step = AlertStep::Snooze { ids, until };
        desk.engine.act(step, desk.now * 1000).await.unwrap();
        if restarted {
            desk = desk.restart_after(60).await;
        }
        // Nobody knew that it was another matter.
        desk.report("7", "ACTIVATED", at + HOUR, 3000.0).await;
        assert_eq!(desk.titles(4 * HOUR).await, [""; 0], "{restarted}");
        let told = desk.titles(2 * HOUR).await;
        assert_eq!(told, ["Data used up: TRIP-7"], "{restarted}");
    }
}
