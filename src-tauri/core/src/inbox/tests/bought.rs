//! What is bought for an eSIM that runs, and one that is sold once more.

use super::*;

const DAY: i64 = 24 * HOUR;
const MINUTE: i64 = 60;

#[tokio::test]
async fn a_package_that_waits_leaves_the_warnings_of_the_one_that_runs_and_begins_by_itself() {
    let mut desk = Desk::open().await;
    let first = (MORNING - DAY, MORNING + 3 * DAY);
    let next = (MORNING + 5 * DAY, MORNING + 12 * DAY);
    desk.status_in("1", "INACTIVE", MORNING - DAY, first).await;
    desk.status_in("1", "INACTIVE", MORNING, next).await;
    assert_eq!(desk.titles(MINUTE).await, [""; 0]);
    assert_eq!(desk.titles(2 * DAY).await, ["Expires soon: TRIP-1"]);
    assert_eq!(desk.titles(DAY).await, ["Expires very soon: TRIP-1"]);
    assert_eq!(desk.titles(2 * HOUR).await, ["Past its end: TRIP-1"]);
    // Nothing comes when its time has come.
    assert_eq!(desk.titles(2 * DAY).await, [""; 0]);
    assert_eq!(desk.rows(&[AlertState::New]).len(), 0);
    let told = desk.titles(7 * DAY - 4 * HOUR).await;
    assert_eq!(told, ["Expires soon: TRIP-1", "Expires very soon: TRIP-1"]);
}

#[tokio::test]
async fn an_end_is_no_end_where_the_next_package_follows_at_once() {
    let mut desk = Desk::open().await;
    let first = (MORNING - DAY, MORNING + 3 * DAY);
    desk.status_in("1", "INACTIVE", MORNING - DAY, first).await;
    let next = (MORNING + 3 * DAY, MORNING + 12 * DAY);
    desk.status_in("1", "INACTIVE", MORNING, next).await;
    assert_eq!(desk.titles(4 * DAY).await, [""; 0]);
}

#[tokio::test]
async fn an_esim_that_is_sold_once_more_and_not_installed_is_told_anew() {
    let mut desk = Desk::open().await;
    let sold = |reference: &str, at: i64| {
        format!(
            r#"{{"event_category":"esim","event_type":"status","esim_id":"1","reference_id":"{reference}","status":"NEW","timestamp":{at}}}"#
        )
    };
    desk.deliver(&sold("TRIP-A", MORNING)).await;
    let told = desk.titles(8 * DAY).await;
    assert_eq!(told, ["Not installed: TRIP-A"]);
    desk.take_up_all().await;
    desk.deliver(&sold("TRIP-B", desk.now)).await;
    assert_eq!(desk.titles(6 * DAY).await, [""; 0]);
    assert_eq!(desk.titles(2 * DAY).await, ["Not installed: TRIP-B"]);
}

#[tokio::test]
async fn two_balances_that_are_low_are_told_apart() {
    let mut desk = Desk::open().await;
    desk.quiet_at_night().await;
    desk.after(14 * HOUR).await;
    for currency in ["USD", "EUR"] {
        desk.deliver(&format!(
            r#"{{"event_category":"partner","event_type":"low_balance","timestamp":{},"balance":7,"threshold":50,"currency":"{currency}"}}"#,
            desk.now
        ))
        .await;
    }
    let told = desk.titles(12 * HOUR).await;
    assert_eq!(told, ["While it was quiet: the balance is low (EUR, USD)"]);
}
