//! A clock that is wrong for a while: nothing is lost, nothing is told twice.

use super::*;

const DAY: i64 = 24 * HOUR;
const MINUTE: i64 = 60;

/// Lets the clock be wrong by so many seconds for some minutes. Gives what was shown meanwhile.
async fn wrong_for(desk: &mut Desk, by: i64, minutes: i64) -> Vec<String> {
    (desk.now, desk.ahead) = (desk.now + by, by);
    let mut titles = desk.titles(minutes * MINUTE).await;
    (desk.now, desk.ahead) = (desk.now - by, 0);
    titles.extend(desk.titles(1).await);
    titles
}

fn open(desk: &Desk) -> Vec<Rule> {
    let mut rules: Vec<Rule> = desk
        .rows(&[AlertState::New])
        .iter()
        .map(|row| row.fact.rule)
        .collect();
    rules.sort();
    rules
}

#[tokio::test]
async fn whatever_a_clock_did_for_minutes_time_still_raises_what_it_must() {
    let ends_at = MORNING + 25 * HOUR;
    let long = [
        -800 * DAY,
        -HOUR,
        HOUR,
        2 * HOUR,
        26 * HOUR,
        3 * DAY,
        800 * DAY,
    ];
    for by in long {
        let mut desk = Desk::open().await;
        desk.status("1", "REVOKED").await;
        let body = format!(
            r#"{{"event_category":"esim","event_type":"status","esim_id":"7","start":{},"end":{ends_at},"status":"INACTIVE","timestamp":{MORNING}}}"#,
            MORNING - DAY
        );
        desk.deliver(&body).await;
        desk.after(MINUTE).await;
        assert_eq!(wrong_for(&mut desk, by, 3).await, [""; 0], "by {by}");
        assert_eq!(open(&desk), [Rule::Revoked], "by {by}");
        for (before_end, rule) in [
            (23 * HOUR, Rule::ExpiresSoon),
            (2 * HOUR, Rule::ExpiresVerySoon),
            (-2 * HOUR, Rule::PastEnd),
        ] {
            let told = desk.after(ends_at - before_end - desk.now).await;
            assert_eq!(told.len(), 1, "by {by}: {rule:?}");
            assert!(open(&desk).contains(&rule), "by {by}: {rule:?}");
        }
    }
}

#[tokio::test]
async fn who_wakes_with_a_clock_that_is_wrong_by_hours_is_told_nothing_that_is_not_so() {
    let mut desk = Desk::open().await;
    let (start, end) = (MORNING - 6 * DAY, MORNING + 17 * HOUR);
    desk.status_in("7", "INACTIVE", MORNING, (start, end)).await;
    desk.after(HOUR).await;
    desk.now += 11 * HOUR;
    // The hardware clock keeps local time: 7 hours ahead, until the network says better.
    assert_eq!(wrong_for(&mut desk, 7 * HOUR, 2).await, [""; 0]);
    assert_eq!(open(&desk), [Rule::ExpiresSoon]);
    // A sleep is believed at once.
    desk.now = end - HOUR;
    let told = desk.titles(120).await;
    assert!(told[0].starts_with("Expires very soon"), "{told:?}");
}

#[tokio::test]
async fn what_was_told_by_a_clock_that_was_ahead_is_told_again_when_it_is_true() {
    let ends_at = MORNING + 60 * HOUR;
    let mut desk = Desk::open().await;
    desk.status_in("7", "INACTIVE", MORNING, (MORNING - 5 * DAY, ends_at))
        .await;
    desk.after(MINUTE).await;
    // As often as it happens.
    for _ in 0..2 {
        for by in [2 * DAY, 3 * DAY] {
            assert_eq!(wrong_for(&mut desk, by, 20).await.len(), 1, "by {by}");
            desk.after(10 * MINUTE).await;
            assert_eq!(open(&desk), [], "by {by}");
        }
    }
    for (before_end, rule) in [
        (23 * HOUR, Rule::ExpiresSoon),
        (2 * HOUR, Rule::ExpiresVerySoon),
        (-2 * HOUR, Rule::PastEnd),
    ] {
        let told = desk.after(ends_at - before_end - desk.now).await;
        assert_eq!(open(&desk), [rule]);
        assert_eq!(told.len(), 1, "{rule:?}");
    }
}

#[tokio::test]
async fn what_a_clock_that_was_ahead_told_is_told_again_although_the_program_ended_when_it_was_right()
 {
    let ends_at = MORNING + 60 * HOUR;
    let mut desk = Desk::open().await;
    desk.status_in("7", "INACTIVE", MORNING, (MORNING - 5 * DAY, ends_at))
        .await;
    desk.after(MINUTE).await;
    assert_eq!(wrong_for(&mut desk, 3 * DAY, 20).await.len(), 1);
    // It is over as soon as the clock is believed, and nothing was put right of when it was told.
    desk.after(6 * MINUTE).await;
    assert_eq!(open(&desk), []);
    let mut desk = desk.restart_after(12 * HOUR).await;
    assert_eq!(desk.titles(HOUR).await, [""; 0]);
    let told = desk.after(ends_at + 2 * HOUR - desk.now).await;
    assert_eq!(open(&desk), [Rule::PastEnd]);
    let last = told.last().map(|notice| notice.words.title.as_str());
    assert!(last.is_some_and(|title| title.contains("end")), "{told:?}");
    assert_eq!(told.len(), 3, "{told:?}");
}

#[tokio::test]
async fn who_starts_with_a_clock_that_is_behind_is_given_no_warning_again_when_it_is_right() {
    let mut desk = Desk::open().await;
    let (start, end) = (MORNING - 6 * DAY, MORNING + 2 * HOUR);
    desk.status_in("7", "INACTIVE", MORNING, (start, end)).await;
    desk.after(4 * HOUR).await;
    assert_eq!(open(&desk), [Rule::PastEnd]);
    let mut desk = desk.restart_after(-800 * DAY).await;
    assert_eq!(desk.titles(3 * MINUTE).await, [""; 0]);
    (desk.now, desk.ahead) = (desk.now + 800 * DAY, 800 * DAY);
    assert_eq!(desk.titles(20 * MINUTE).await, [""; 0]);
    assert_eq!(open(&desk), [Rule::PastEnd]);
}

#[tokio::test]
async fn who_starts_with_a_clock_that_is_a_day_behind_which_nothing_tells_is_given_no_warning_again()
 {
    for (before, rule) in [
        (3 * HOUR, Rule::PastEnd),
        (-2 * HOUR, Rule::ExpiresVerySoon),
        (-4 * HOUR, Rule::ExpiresSoon),
    ] {
        let mut desk = Desk::open().await;
        // The last that is known to have happened is from before that day.
        let end = MORNING + 30 * HOUR - before;
        desk.status_in("7", "INACTIVE", MORNING, (MORNING - 6 * DAY, end))
            .await;
        desk.after(30 * HOUR).await;
        assert_eq!(open(&desk), [rule]);
        let mut desk = desk.restart_after(-DAY).await;
        desk.titles(3 * MINUTE).await;
        (desk.now, desk.ahead) = (desk.now + DAY, DAY);
        let told = desk.titles(20 * MINUTE).await;
        assert_eq!(told, [""; 0], "{rule:?}");
        assert_eq!(open(&desk), [rule]);
    }
}

#[tokio::test]
async fn a_clock_that_is_behind_for_a_while_repeats_no_warning() {
    for minutes in [3, 30] {
        let mut desk = Desk::open().await;
        let (start, end) = (MORNING - 6 * DAY, MORNING + 4 * HOUR);
        desk.status_in("7", "INACTIVE", MORNING - DAY, (start, end))
            .await;
        let told = desk.titles(HOUR + MINUTE).await;
        assert_eq!(told.len(), 2, "{told:?}");
        for by in [-50 * MINUTE, -26 * HOUR] {
            if minutes == 3 || by > -HOUR {
                assert_eq!(wrong_for(&mut desk, by, minutes).await, [""; 0]);
                assert_eq!(desk.titles(10 * MINUTE).await, [""; 0], "{by}");
            }
        }
        assert_eq!(open(&desk), [Rule::ExpiresVerySoon]);
    }
}

#[tokio::test]
async fn a_leap_of_years_that_is_taken_back_is_told_of_by_nobody() {
    let mut desk = Desk::open().await;
    desk.status("1", "REVOKED").await;
    desk.status("7", "INACTIVE").await;
    desk.after(MINUTE).await;
    assert_eq!(wrong_for(&mut desk, 365 * DAY, 3).await, [""; 0]);
    assert_eq!(open(&desk), [Rule::Revoked]);
}

#[tokio::test]
async fn a_clock_that_was_right_only_after_its_leap_is_believed() {
    let mut desk = Desk::open().await;
    desk.status("7", "INACTIVE").await;
    desk.after(MINUTE).await;
    (desk.now, desk.ahead) = (desk.now + 31 * DAY, 31 * DAY);
    desk.after(4 * MINUTE).await;
    assert_eq!(open(&desk), []);
    desk.after(2 * MINUTE).await;
    assert_eq!(open(&desk), [Rule::PastEnd]);
}

#[tokio::test]
async fn what_was_put_off_is_not_woken_by_a_leap_that_is_taken_back() {
    for by in [2 * DAY, 365 * DAY] {
        let mut desk = Desk::open().await;
        desk.status("1", "REVOKED").await;
        desk.after(MINUTE).await;
        let ids = vec![desk.rows(&[])[0].id];
        let (until, now_ms) = (desk.now + DAY, desk.now * 1000);
        let snooze = AlertStep::Snooze { ids, until };
        desk.engine.act(snooze, now_ms).await.unwrap();
        assert_eq!(wrong_for(&mut desk, by, 3).await, [""; 0]);
        assert_eq!(desk.titles(until - desk.now - MINUTE).await, [""; 0]);
        assert_eq!(desk.after(2 * MINUTE).await.len(), 1, "by {by}");
    }
}

impl Desk {
    /// An activation of three weeks ago, which is known and was never told, and one of today.
    async fn with_known_activations() -> Desk {
        let mut desk = Desk::open().await;
        let at = MORNING - 21 * DAY;
        desk.status_in("1", "ACTIVATED", at, (at, at + 60 * DAY))
            .await;
        desk.status("7", "ACTIVATED").await;
        assert_eq!(desk.titles(10 * MINUTE).await, ["Activated: TRIP-7"]);
        desk
    }
}

#[tokio::test]
async fn what_is_put_off_for_an_hour_by_a_clock_that_is_a_day_behind_comes_back_after_one() {
    let mut desk = Desk::open().await;
    desk.status("1", "REVOKED").await;
    desk.titles(MINUTE).await;
    (desk.now, desk.ahead) = (desk.now - DAY, -DAY);
    desk.titles(MINUTE).await;
    let (ids, until) = (vec![desk.rows(&[])[0].id], desk.now + HOUR);
    let step = AlertStep::Snooze { ids, until };
    desk.engine.act(step, desk.now * 1000).await.unwrap();
    assert_eq!(desk.titles(HOUR - MINUTE).await, [""; 0]);
    let told = desk.titles(2 * MINUTE).await;
    assert!(told[0].starts_with("Revoked"), "{told:?}");
}

#[tokio::test]
async fn a_clock_that_is_set_back_by_weeks_makes_nothing_new_of_what_is_known() {
    for minutes in [3, 3 * 60] {
        let mut desk = Desk::with_known_activations().await;
        let known = open(&desk);
        assert_eq!(wrong_for(&mut desk, -30 * DAY, minutes).await, [""; 0]);
        desk.after(minutes * MINUTE).await;
        assert_eq!(open(&desk), known);
        assert_eq!(desk.rows(&[]).len(), known.len());
    }
}

#[tokio::test]
async fn who_starts_with_a_clock_that_is_set_back_by_weeks_tells_nothing_of_what_is_known() {
    let desk = Desk::with_known_activations().await;
    let mut desk = desk.restart_after(-30 * DAY).await;
    assert_eq!(desk.titles(HOUR).await, [""; 0]);
    // What happens meanwhile is told, and once.
    let now = MORNING + 2 * HOUR;
    desk.status_at("9", "ACTIVATED", now).await;
    assert_eq!(desk.titles(10 * MINUTE).await, ["Activated: TRIP-9"]);
    let mut desk = desk.restart_after(30 * DAY + HOUR).await;
    assert_eq!(desk.titles(HOUR).await, [""; 0]);
}

#[tokio::test]
async fn a_clock_that_is_behind_hides_nothing_that_nobody_understands() {
    let mut desk = Desk::with_known_activations().await;
    let body = format!(
        r#"{{"event_category":"voucher","event_type":"sold","timestamp":{}}}"#,
        desk.now
    );
    desk.now -= 30 * DAY;
    desk.deliver(&body).await;
    desk.after(10 * MINUTE).await;
    assert!(open(&desk).contains(&Rule::Unrecognized));
}

#[tokio::test]
async fn what_came_not_understood_while_the_clock_was_ahead_is_over_after_a_week_as_well() {
    for body in [
        "[]",
        r#"{"event_category":"voucher","event_type":"issued"}"#,
    ] {
        let mut desk = Desk::open().await;
        let by = 800 * DAY;
        (desk.now, desk.ahead) = (desk.now + by, by);
        desk.deliver(body).await;
        desk.after(MINUTE).await;
        (desk.now, desk.ahead) = (desk.now - by, 0);
        desk.after(HOUR).await;
        assert_eq!(desk.rows(&[AlertState::New]).len(), 1, "{body}");
        desk.after(7 * DAY).await;
        assert_eq!(desk.rows(&[AlertState::New]).len(), 0, "{body}");
    }
}

#[tokio::test]
async fn what_a_clock_that_was_ahead_told_and_took_for_over_is_told_when_it_is_true() {
    let mut desk = Desk::open().await;
    let end = MORNING + 3 * DAY;
    desk.status_in("7", "ACTIVATED", MORNING, (MORNING - DAY, end))
        .await;
    desk.after(HOUR).await;
    // It stands two hours before the end for long enough to be believed, and passes it before anybody sets it right.
    let ahead = end - 2 * HOUR - desk.now;
    (desk.now, desk.ahead) = (desk.now + ahead, ahead);
    assert_eq!(desk.titles(10 * MINUTE).await.len(), 1);
    desk.titles(2 * HOUR).await;
    (desk.now, desk.ahead) = (desk.now - ahead, 0);
    desk.after(HOUR).await;
    let told = desk.titles(2 * DAY + 20 * HOUR).await;
    assert_eq!(told, ["Expires soon: TRIP-7", "Expires very soon: TRIP-7"]);
}

#[tokio::test]
async fn a_refund_that_came_while_the_clock_was_ahead_is_told_once_it_is_right() {
    let mut desk = Desk::open().await;
    (desk.now, desk.ahead) = (desk.now + 30 * DAY, 30 * DAY);
    // It has stood there for so long that it is believed.
    desk.after(10 * MINUTE).await;
    (desk.now, desk.ahead) = (desk.now - 30 * DAY, 0);
    let at = desk.now - MINUTE;
    desk.deliver(&format!(
        r#"{{"event_category":"refund","event_type":"refunded","event_id":"rfd_9_refunded","data":{{"timestamp":{at},"refund_id":"9","status":"REFUNDED","product_type":"esim","esim_id":"7"}}}}"#
    ))
    .await;
    let told = desk.titles(20 * MINUTE).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(desk.titles(DAY).await, [""; 0]);
}

#[tokio::test]
async fn once_a_provider_has_told_the_time_a_clock_that_is_wrong_for_hours_raises_nothing_and_delays_nothing()
 {
    for by in [-800 * DAY, -DAY, 7 * HOUR, DAY, 800 * DAY] {
        let mut desk = Desk::open().await;
        let told = ToldTime::default();
        told.told(MORNING, moment(MORNING * 1000, 0));
        desk.engine = desk.engine.sure_of(told);
        let period = (MORNING - DAY, MORNING + 30 * HOUR);
        desk.status_in("7", "INACTIVE", MORNING, period).await;
        for (hours, ahead, rules) in [
            (0, 0, &[][..]),
            (1, by, &[]),
            (5, by, &[]),
            // Somebody sets it right while it runs.
            (5, 0, &[]),
            (7, by, &[Rule::ExpiresSoon]),
        ] {
            desk.ahead = ahead;
            let clock = MORNING + hours * HOUR + ahead;
            desk.work(clock * 1000).await.unwrap();
            assert_eq!(open(&desk), rules, "{by} {hours}");
        }
        let raised_at_ms = desk.rows(&[AlertState::New])[0].raised_at_ms;
        assert_eq!(raised_at_ms, (MORNING + 7 * HOUR) * 1000, "{by}");
    }
}

#[tokio::test]
async fn what_was_muted_and_put_off_while_the_clock_was_ahead_lasts_as_long_as_was_meant() {
    let mut desk = Desk::open().await;
    desk.status("1", "REVOKED").await;
    desk.titles(MINUTE).await;
    let by = 20 * DAY;
    let mut desk = desk.restart_after(by).await;
    let muted = desk.engine.settings().clone();
    let muted = muted.muted(Some(desk.now + 2 * HOUR), desk.now);
    desk.engine.set_settings(muted).await.unwrap();
    // Other rules that are set in the window say nothing of when that was.
    let set = AlertSettings {
        muted_at: None,
        data_low_percent: 30,
        ..desk.engine.settings().clone()
    };
    desk.engine.set_settings(set).await.unwrap();
    let (ids, until) = (vec![desk.rows(&[])[0].id], desk.now + 3 * HOUR);
    let step = AlertStep::Snooze { ids, until };
    desk.engine.act(step, desk.now * 1000).await.unwrap();
    let mut desk = desk.restart_after(-by).await;
    desk.status("2", "REVOKED").await;
    desk.titles(HOUR).await;
    let until = desk.engine.settings().muted_until.unwrap();
    let snoozed = desk.rows(&[AlertState::Snoozed])[0].snoozed_until.unwrap();
    for (until, hours) in [(until, 2), (snoozed, 3)] {
        let left = until - MORNING;
        assert!(
            left > hours * HOUR && left < hours * HOUR + 30 * MINUTE,
            "{left}"
        );
    }
    let kept = desk.store.readers().read(|store| store.alert_settings());
    assert_eq!(kept.unwrap(), *desk.engine.settings());
}
