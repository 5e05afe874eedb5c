//! What is set about alerts.

use super::*;

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
