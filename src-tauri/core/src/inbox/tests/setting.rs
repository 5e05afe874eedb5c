//! What is set about alerts.

use super::*;
use crate::alert::RuleSetting;

/// Settings with one rule switched off.
fn without(rule: Rule) -> AlertSettings {
    let mut settings = AlertSettings::default();
    let mut off = settings.of(rule);
    off.enabled = false;
    settings.rules.insert(rule, off);
    settings
}

/// A desk that does not want to know of expiries, and an eSIM that expired.
async fn without_expiries() -> Desk {
    let mut desk = Desk::open().await;
    let settings = without(Rule::Expired);
    desk.engine.set_settings(settings).await.unwrap();
    desk.status("7", "EXPIRED").await;
    assert_eq!(desk.titles(60).await, [""; 0]);
    desk
}

#[tokio::test]
async fn a_rule_that_is_switched_off_raises_nothing_from_then_on() {
    let desk = without_expiries().await;
    assert_eq!(desk.summary().counts.unread, 0);
}

#[tokio::test]
async fn settings_survive_a_restart() {
    let mut desk = without_expiries().await.restart_after(60).await;
    assert_eq!(desk.engine.settings(), &without(Rule::Expired));
    assert_eq!(desk.titles(60).await, [""; 0]);
}

#[tokio::test]
async fn a_rule_that_is_switched_on_finds_what_still_holds() {
    let mut desk = without_expiries().await;
    let usual = AlertSettings::default();
    desk.engine.set_settings(usual).await.unwrap();
    assert_eq!(desk.after(60).await.len(), 1);
    assert_eq!(desk.summary().counts.unread, 1);
}

#[tokio::test]
async fn a_rule_that_is_switched_off_ends_what_is_open() {
    let mut desk = Desk::open().await;
    desk.status("7", "EXPIRED").await;
    desk.after(1).await;
    assert_eq!(desk.summary().counts.unread, 1);
    let settings = without(Rule::Expired);
    desk.engine.set_settings(settings).await.unwrap();
    desk.after(1).await;
    assert_eq!(desk.summary().counts.unread, 0);
}

#[tokio::test]
async fn a_rule_of_which_nobody_wants_to_be_notified_is_listed_in_silence() {
    let mut desk = Desk::open().await;
    let mut settings = AlertSettings::default();
    let mut silent = settings.of(Rule::Expired);
    silent.notify = false;
    settings.rules.insert(Rule::Expired, silent);
    desk.engine.set_settings(settings).await.unwrap();
    desk.status("7", "EXPIRED").await;
    assert_eq!(desk.titles(60).await, [""; 0]);
    assert_eq!(desk.summary().counts.unread, 1);
}

#[tokio::test]
async fn a_limit_that_was_lowered_is_told_of_when_it_is_reached() {
    let mut desk = Desk::open().await;
    desk.status("7", "ACTIVATED").await;
    desk.after(60).await;
    desk.report("7", "ACTIVATED", desk.now, 540.0).await;
    assert_eq!(desk.titles(HOUR).await, ["Low on data: TRIP-7"]);
    let settings = AlertSettings {
        data_low_percent: 10,
        ..AlertSettings::default()
    };
    desk.engine.set_settings(settings).await.unwrap();
    assert_eq!(desk.titles(HOUR).await, [""; 0]);
    assert_eq!(desk.rows(&[AlertState::New]).len(), 1);
    desk.report("7", "ACTIVATED", desk.now, 270.0).await;
    assert_eq!(desk.titles(HOUR).await, ["Low on data: TRIP-7"]);
}

/// It is eleven in the morning, and eleven at night where the desk has gone.
#[tokio::test]
async fn a_desk_that_travels_is_quiet_by_the_clock_on_its_wall() {
    let mut desk = Desk::open().await;
    desk.quiet_at_night().await;
    desk.after(HOUR).await;
    assert!(
        desk.language
            .set_zone(TimeZone::fixed(jiff::tz::offset(12)))
    );
    desk.engine.missed().unwrap();
    desk.status("7", "EXPIRED").await;
    assert_eq!(desk.titles(60).await, [""; 0]);
    assert!(desk.language.set_zone(TimeZone::UTC));
    desk.engine.missed().unwrap();
    assert_eq!(desk.titles(60).await, ["Expired: TRIP-7"]);
}

#[tokio::test]
async fn a_refund_that_came_while_its_rule_was_off_is_told_when_that_is_on() {
    let mut desk = Desk::open().await;
    let switched = |enabled: bool| {
        let mut settings = AlertSettings::default();
        let set = RuleSetting {
            enabled,
            ..settings.of(Rule::RefundDecided)
        };
        settings.rules.insert(Rule::RefundDecided, set);
        settings
    };
    desk.engine.set_settings(switched(false)).await.unwrap();
    let at = desk.now;
    desk.deliver(&format!(
        r#"{{"event_category":"refund","event_type":"refunded","event_id":"rfd_9_refunded","data":{{"timestamp":{at},"refund_id":"9","status":"REFUNDED","product_type":"esim","esim_id":"7"}}}}"#
    ))
    .await;
    assert_eq!(desk.titles(HOUR).await, [""; 0]);
    for _ in 0..2 {
        desk.engine.set_settings(switched(true)).await.unwrap();
        let told = desk.titles(HOUR).await;
        assert_eq!(desk.rows(&[AlertState::New]).len(), 1);
        desk.engine.set_settings(switched(false)).await.unwrap();
        desk.after(HOUR).await;
        assert!(told.len() <= 1, "{told:?}");
    }
}
