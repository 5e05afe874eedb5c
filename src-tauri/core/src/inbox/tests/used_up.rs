//! Data that is used up, and some MB that a report has all the same.

use super::*;

#[tokio::test]
async fn some_mb_after_all_was_used_up_are_no_data_that_is_low() {
    let mut desk = Desk::open().await;
    desk.report("7", "ACTIVATED", desk.now, 2000.0).await;
    desk.after(60).await;
    desk.report("7", "ACTIVATED", desk.now, 0.0).await;
    let told = desk.titles(4 * HOUR).await;
    assert_eq!(told, ["Data used up: TRIP-7"]);
    for left in [3.0, 0.0, 30.0, 12.0, 0.0] {
        desk.report("7", "ACTIVATED", desk.now, left).await;
        assert_eq!(desk.titles(4 * HOUR).await, [""; 0], "{left}");
        let new = desk.rows(&[AlertState::New]);
        let rules: Vec<Rule> = new.iter().map(|row| row.fact.rule).collect();
        assert!(rules.contains(&Rule::DataUsedUp), "{left}: {rules:?}");
        desk = desk.restart_after(60).await;
    }
    // What is added is told when it is little.
    desk.report("7", "ACTIVATED", desk.now, 500.0).await;
    let told = desk.titles(4 * HOUR).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("Low on data"), "{told:?}");
}

#[tokio::test]
async fn as_little_of_a_package_of_which_nothing_was_used_up_is_low() {
    let mut desk = Desk::open().await;
    desk.report("7", "ACTIVATED", desk.now, 2000.0).await;
    desk.after(60).await;
    desk.report("7", "ACTIVATED", desk.now, 3.0).await;
    let told = desk.titles(4 * HOUR).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("Low on data"), "{told:?}");
}
