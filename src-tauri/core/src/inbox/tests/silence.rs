//! Whether deafness is found, on desks that sleep, close and start again.

use super::*;
use crate::alert::Rule::NoEvents;

const DAY: i64 = 24 * HOUR;

/// A report of an eSIM whose period ends after so many seconds.
fn report(esim: u32, at: i64, ends_after: i64) -> String {
    format!(
        r#"{{"event_category":"esim","event_type":"usage","esim_id":"{esim}","iccid":"8944500100{esim}","start":{},"end":{},"status":"ACTIVATED","timestamp":{at},"usage_data":{{"isUnlimited":false,"allowed_data":3000,"remaining_data":2000}}}}"#,
        MORNING - DAY,
        MORNING + ends_after,
    )
}

/// A desk on which so many eSIMs have reported a moment ago, and are in use for the next month.
async fn with_reports_of(esims: u32) -> Desk {
    let mut desk = Desk::open().await;
    for esim in 0..esims {
        desk.deliver(&report(esim, MORNING, 30 * DAY)).await;
    }
    awake(&mut desk, 5).await;
    desk
}

/// Lets the desk be awake for so many seconds. Gives when deafness was told.
async fn awake(desk: &mut Desk, seconds: i64) -> Vec<i64> {
    let (mut at_ms, end_ms) = (desk.now * 1000, (desk.now + seconds) * 1000);
    let mut told = Vec::new();
    while at_ms <= end_ms {
        desk.engine.set_program(Program {
            last_received_at: desk.engine.heard_at(),
            active_esims: desk.engine.active_esims(),
            ..Program::default()
        });
        for notice in desk.work(at_ms).await.unwrap() {
            desk.engine
                .shown(notice.alerts.clone(), at_ms)
                .await
                .unwrap();
            let ids = notice.alerts;
            let rows = desk.rows(&[]);
            let silent = |row: &&StoredAlert| ids.contains(&row.id) && row.fact.rule == NoEvents;
            told.extend(rows.iter().filter(silent).map(|_| at_ms / 1000));
        }
        at_ms = desk.engine.next_at(at_ms).max(at_ms + 1);
    }
    desk.now += seconds;
    told
}

fn is_open(desk: &Desk) -> bool {
    let open = desk.rows(&[AlertState::New, AlertState::Acknowledged]);
    open.iter().any(|row| row.fact.rule == NoEvents)
}

#[tokio::test]
async fn a_clock_that_is_back_by_a_day_for_a_minute_makes_no_second_day_of_deafness() {
    let mut desk = with_reports_of(10).await;
    assert_eq!(awake(&mut desk, 8 * HOUR).await.len(), 1);
    (desk.now, desk.ahead) = (desk.now - DAY, -DAY);
    assert_eq!(awake(&mut desk, 60).await, [0; 0]);
    (desk.now, desk.ahead) = (desk.now + DAY, 0);
    assert_eq!(awake(&mut desk, HOUR).await, [0; 0]);
    assert!(is_open(&desk));
    assert_eq!(awake(&mut desk, DAY).await.len(), 1);
}

#[tokio::test]
async fn a_desk_of_half_days_adds_up_what_it_was_awake() {
    let mut desk = with_reports_of(10).await;
    assert_eq!(awake(&mut desk, 3 * HOUR).await, [0_i64; 0]);
    // It is closed until the next morning, and then sleeps over lunch.
    let mut desk = desk.restart_after(20 * HOUR).await;
    assert_eq!(awake(&mut desk, 2 * HOUR).await, [0_i64; 0]);
    desk.now += HOUR;
    let told = awake(&mut desk, 2 * HOUR).await;
    assert_eq!(told.len(), 1);
    let awake_for = told[0] - desk.now + 2 * HOUR + 5 * HOUR;
    assert!((awake_for - 6 * HOUR).abs() < 15 * 60, "{awake_for}");
}

#[tokio::test]
async fn what_was_found_stays_open_over_restarts_and_sleeps_until_something_comes() {
    let mut desk = with_reports_of(10).await;
    assert_eq!(awake(&mut desk, 7 * HOUR).await.len(), 1);
    desk.now += 12 * HOUR;
    assert_eq!(awake(&mut desk, 60).await, [0_i64; 0]);
    assert!(is_open(&desk));
    let mut desk = desk.restart_after(HOUR).await;
    assert_eq!(awake(&mut desk, 60).await, [0_i64; 0]);
    assert!(is_open(&desk) && desk.summary().deaf);
    let again = report(3, desk.now, 30 * DAY);
    desk.deliver(&again).await;
    awake(&mut desk, 60).await;
    assert!(!is_open(&desk));
}

#[tokio::test]
async fn each_day_of_deafness_is_told() {
    let mut desk = with_reports_of(10).await;
    let told = awake(&mut desk, 3 * DAY).await;
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(
        told.windows(2)
            .all(|two| (two[1] - two[0] - DAY).abs() <= 60)
    );
}

#[tokio::test]
async fn a_night_of_sleep_is_no_silence() {
    let mut desk = with_reports_of(10).await;
    for _ in 0..5 {
        let heard = report(3, desk.now, 30 * DAY);
        desk.deliver(&heard).await;
        assert_eq!(awake(&mut desk, HOUR).await, [0_i64; 0]);
        desk.now += 15 * HOUR;
    }
    assert!(!is_open(&desk));
}

#[tokio::test]
async fn esims_that_never_report_or_are_over_prove_nothing() {
    let mut desk = Desk::open().await;
    for esim in ["1", "2", "3", "4", "5"] {
        desk.status(esim, "ACTIVATED").await;
    }
    for esim in 10..20 {
        // Their period ends before six hours are over, and nobody says that they expired.
        let over = report(esim, desk.now, 5 * HOUR);
        desk.deliver(&over).await;
    }
    assert_eq!(awake(&mut desk, 2 * DAY).await, [0_i64; 0]);
}

#[tokio::test]
async fn esims_that_stopped_to_report_long_before_prove_nothing() {
    let mut desk = with_reports_of(5).await;
    for _ in 0..8 {
        desk.now += 4 * HOUR;
        let sold = desk.now;
        desk.status_at(&format!("{sold}"), "NEW", sold).await;
        awake(&mut desk, 60).await;
    }
    assert_eq!(awake(&mut desk, 12 * HOUR).await, [0_i64; 0]);
}

#[tokio::test]
async fn one_esim_may_miss_a_report() {
    let mut desk = with_reports_of(1).await;
    assert_eq!(awake(&mut desk, 9 * HOUR - 120).await, [0_i64; 0]);
    assert_eq!(awake(&mut desk, 240).await.len(), 1);
}

#[tokio::test]
async fn what_is_replayed_unreadable_or_the_desks_own_is_no_sign_of_life() {
    let mut desk = with_reports_of(10).await;
    let mut told = Vec::new();
    for hour in 0..8 {
        let own = crate::provider::DEFAULT.test_event(&format!("test_{hour}"), desk.now);
        let own = String::from_utf8(own).unwrap();
        for body in [report(3, MORNING, 30 * DAY), "not json".to_owned(), own] {
            desk.deliver(&body).await;
        }
        told.extend(awake(&mut desk, HOUR).await);
    }
    assert_eq!(told.len(), 1);
}

#[tokio::test]
async fn a_clock_that_was_ahead_when_something_came_hides_no_silence() {
    let mut desk = with_reports_of(10).await;
    desk.now += 19 * DAY;
    let body = report(3, MORNING + 60, 30 * DAY);
    desk.deliver(&body).await;
    awake(&mut desk, 60).await;
    desk.now -= 19 * DAY;
    assert_eq!(awake(&mut desk, 7 * HOUR).await.len(), 1);
    let mut desk = desk.restart_after(HOUR).await;
    awake(&mut desk, 60).await;
    assert!(is_open(&desk));
}

#[tokio::test]
async fn the_programs_own_deafness_is_told_although_nothing_can_be_kept() {
    let mut desk = Desk::open().await;
    desk.after(1).await;
    let path = desk.dir.path().join(crate::store::DATABASE_FILE);
    let blocker = rusqlite::Connection::open(path).unwrap();
    blocker.execute_batch("BEGIN IMMEDIATE").unwrap();
    desk.engine.set_program(Program {
        started_at: desk.now,
        storage_failing: Some(Trouble {
            since: desk.now,
            reason: Message::of("sqlite.reason.locked"),
        }),
        ..Program::default()
    });
    let told = desk.work(desk.now * 1000).await.unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(desk.work(desk.now * 1000 + 2000).await.is_err());
    assert!(desk.summary().problem.is_some());
    blocker.execute_batch("ROLLBACK").unwrap();
    // Now it can be kept, and is not told again.
    assert_eq!(desk.titles(5).await, [""; 0]);
    let rows = desk.rows(&[AlertState::New]);
    assert_eq!(rows[0].fact.rule, Rule::StorageFailing);
    assert!(desk.summary().deaf);
    desk.engine.set_program(Program {
        started_at: desk.now,
        ..Program::default()
    });
    desk.after(5).await;
    assert_eq!(desk.rows(&[AlertState::New]).len(), 0);
    assert_eq!(desk.summary().problem, None);
}

#[tokio::test]
async fn who_comes_back_after_days_of_deafness_is_told_once_and_then_a_day_later() {
    let mut desk = with_reports_of(10).await;
    assert_eq!(awake(&mut desk, 7 * HOUR).await.len(), 1);
    // The day of which it is told would end a quarter of an hour after it comes back.
    let found = desk.now - HOUR;
    let mut desk = desk.restart_after(3 * DAY - HOUR - 900).await;
    assert!(found + 3 * DAY > desk.now);
    assert_eq!(awake(&mut desk, DAY - 60).await.len(), 1);
    assert_eq!(awake(&mut desk, 120).await.len(), 1);
}

#[tokio::test]
async fn who_starts_with_a_clock_that_is_behind_is_told_of_no_second_day_of_deafness() {
    for behind in [DAY, 30 * DAY] {
        let mut desk = with_reports_of(10).await;
        assert_eq!(awake(&mut desk, 7 * HOUR).await.len(), 1);
        let (dir, now) = desk.end().await;
        let mut desk = Desk::open_in(dir, now - behind).await;
        assert_eq!(awake(&mut desk, 120).await, [0; 0]);
        desk.now = now + 120;
        assert_eq!(awake(&mut desk, 8 * HOUR).await, [0; 0], "{behind}");
        assert!(is_open(&desk));
    }
}

#[tokio::test]
async fn a_clock_that_is_ahead_by_days_for_minutes_makes_no_other_day_of_deafness() {
    let mut desk = with_reports_of(10).await;
    assert_eq!(awake(&mut desk, 7 * HOUR).await.len(), 1);
    (desk.now, desk.ahead) = (desk.now + 3 * DAY, 3 * DAY);
    assert_eq!(awake(&mut desk, 20 * 60).await, [0; 0]);
    (desk.now, desk.ahead) = (desk.now - 3 * DAY, 0);
    assert_eq!(awake(&mut desk, 12 * HOUR).await, [0; 0]);
    assert!(is_open(&desk));
    assert_eq!(awake(&mut desk, 12 * HOUR).await.len(), 1);
}

#[tokio::test]
async fn a_clock_that_is_set_ahead_for_good_brings_no_other_day_of_deafness_nearer() {
    let mut desk = with_reports_of(10).await;
    assert_eq!(awake(&mut desk, 7 * HOUR).await.len(), 1);
    (desk.now, desk.ahead) = (desk.now + DAY, DAY);
    assert_eq!(awake(&mut desk, 12 * HOUR).await, [0; 0]);
    // An hour has passed since it was told before, and then half a day.
    assert_eq!(awake(&mut desk, 12 * HOUR).await.len(), 1);
    // And the next one comes a day later.
    assert_eq!(awake(&mut desk, 23 * HOUR - 60).await, [0; 0]);
    assert_eq!(awake(&mut desk, HOUR + 120).await.len(), 1);
    assert!(is_open(&desk));
}

#[tokio::test]
async fn what_is_told_of_deafness_to_who_starts_with_a_clock_that_is_ahead_is_not_told_once_more() {
    let mut desk = with_reports_of(10).await;
    assert_eq!(awake(&mut desk, 7 * HOUR).await.len(), 1);
    // Five days later, by a clock that is ahead by two.
    let mut desk = desk.restart_after(7 * DAY).await;
    assert_eq!(awake(&mut desk, 120).await.len(), 1);
    (desk.now, desk.ahead) = (desk.now - 2 * DAY, -2 * DAY);
    assert_eq!(awake(&mut desk, 23 * HOUR).await, [0; 0]);
    assert!(is_open(&desk));
    for _ in 0..3 {
        assert_eq!(awake(&mut desk, DAY).await.len(), 1);
    }
}
