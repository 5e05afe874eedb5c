//! What is news by itself: refunds, kinds of events that nobody understands yet, and deliveries that are no event.

use super::*;

const REFUND: &str = r#"{"event_category":"refund","event_type":"rejected","event_id":"rfd_1_rejected","data":{"timestamp":1764583200,"refund_id":"1","status":"REJECTED","product_type":"esim","esim_id":"7","iccid":"","rejection_reason":"used"}}"#;

/// An event of a kind that nobody understands, one of several.
fn voucher(code: u32) -> String {
    format!(
        r#"{{"event_category":"voucher","event_type":"issued","data":{{"timestamp":1764583200,"code":{code}}}}}"#
    )
}

/// A desk to which this came, and how many notices were shown of it.
async fn told_of(body: &str) -> (Desk, usize) {
    let mut desk = Desk::open().await;
    desk.deliver(body).await;
    let shown = desk.after(30).await.len();
    (desk, shown)
}

#[tokio::test]
async fn a_refund_is_told() {
    let (desk, shown) = told_of(REFUND).await;
    assert_eq!((shown, desk.summary().counts.unread), (1, 1));
}

#[tokio::test]
async fn a_refund_is_told_of_its_esim_and_stays_with_it() {
    let mut desk = Desk::open().await;
    desk.status("7", "ACTIVATED").await;
    desk.after(600).await;
    desk.deliver(REFUND).await;
    assert_eq!(desk.titles(30).await, ["Refund rejected: TRIP-7"]);
    // Known by its ICCID alone until an event names both.
    let by_iccid = REFUND
        .replace("rfd_1_rejected", "rfd_2_rejected")
        .replace(r#""esim_id":"7","iccid":"""#, r#""iccid":"894450018""#);
    desk.deliver(&by_iccid).await;
    desk.after(30).await;
    desk.status("8", "ACTIVATED").await;
    desk.after(600).await;
    let refunds: Vec<_> = desk
        .rows(&[AlertState::New])
        .into_iter()
        .filter(|row| row.fact.rule == Rule::RefundDecided)
        .filter_map(|row| row.esim?.esim_id)
        .collect();
    assert_eq!(refunds, ["8", "7"]);
}

#[tokio::test]
async fn a_refund_that_comes_again_is_not_told_again() {
    let (mut desk, _) = told_of(REFUND).await;
    desk.deliver(REFUND).await;
    assert_eq!(desk.titles(600).await, [""; 0]);
    assert_eq!(desk.summary().counts.unread, 1);
}

#[tokio::test]
async fn a_decision_of_a_refund_is_told_once_however_many_events_tell_it() {
    let without_id = REFUND.replace(r#""event_id":"rfd_1_rejected","#, "");
    let later = |seconds: i64| without_id.replace("1764583200", &(MORNING + seconds).to_string());
    let (mut desk, told) = told_of(&without_id).await;
    assert_eq!(told, 1);
    // Another second, by itself, two at once, and after a restart; with an id of the event, and of the eSIM.
    desk.deliver(&later(60)).await;
    assert_eq!(desk.titles(600).await, [""; 0]);
    let named = later(90).replace(r#""esim_id":"7""#, r#""esim_id":"""#);
    for body in [REFUND, &later(61), &named] {
        desk.deliver(body).await;
    }
    assert_eq!(desk.titles(600).await, [""; 0]);
    let mut desk = desk.restart_after(60).await;
    desk.deliver(&later(62)).await;
    assert_eq!(desk.titles(600).await, [""; 0]);
    assert_eq!(desk.rows(&[]).len(), 1);
    // Another decision, another refund, and the same number of another eSIM's.
    let other = later(63).replace("rejected", "refunded");
    let another = later(64).replace(r#""refund_id":"1""#, r#""refund_id":"2""#);
    let of_another = later(65).replace(r#""esim_id":"7""#, r#""esim_id":"8""#);
    for body in [other, another, of_another] {
        desk.deliver(&body).await;
        assert_eq!(desk.titles(600).await.len(), 1, "{body}");
    }
}

#[tokio::test]
async fn two_events_of_one_decision_that_come_at_once_are_told_once() {
    let mut desk = Desk::open().await;
    let without_id = REFUND.replace(r#""event_id":"rfd_1_rejected","#, "");
    for seconds in [0, 1] {
        let at = (MORNING + seconds).to_string();
        desk.deliver(&without_id.replace("1764583200", &at)).await;
    }
    assert_eq!(desk.titles(600).await.len(), 1);
    assert_eq!(desk.rows(&[]).len(), 1);
}

#[tokio::test]
async fn a_refund_is_not_told_again_after_a_restart() {
    let (desk, _) = told_of(REFUND).await;
    let mut desk = desk.restart_after(60).await;
    assert_eq!(desk.titles(600).await, [""; 0]);
    assert_eq!(desk.summary().counts.unread, 1);
}

#[tokio::test]
async fn a_kind_that_nobody_understands_is_told() {
    let (desk, shown) = told_of(&voucher(1)).await;
    assert_eq!((shown, desk.summary().counts.unread), (1, 1));
}

#[tokio::test]
async fn another_event_of_a_kind_that_nobody_understands_is_not_told() {
    let (mut desk, _) = told_of(&voucher(1)).await;
    desk.deliver(&voucher(2)).await;
    assert_eq!(desk.titles(600).await, [""; 0]);
    assert_eq!(desk.summary().counts.unread, 1);
}

#[tokio::test]
async fn a_kind_that_nobody_understands_is_not_told_again_after_a_restart() {
    let (desk, _) = told_of(&voucher(1)).await;
    let mut desk = desk.restart_after(60).await;
    assert_eq!(desk.titles(600).await, [""; 0]);
    assert_eq!(desk.summary().counts.unread, 1);
}

#[tokio::test]
async fn news_that_nobody_takes_up_are_over_after_a_week() {
    let (mut desk, _) = told_of(REFUND).await;
    desk.after(7 * 24 * HOUR + 120).await;
    assert_eq!(desk.summary().counts.unread, 0);
}

#[tokio::test]
async fn a_kind_that_comes_every_other_day_stays_open_and_is_told_once() {
    let (mut desk, _) = told_of(&voucher(1)).await;
    for code in 2..8 {
        assert_eq!(desk.titles(2 * 24 * HOUR).await, [""; 0]);
        desk.deliver(&voucher(code)).await;
    }
    let mut desk = desk.restart_after(60).await;
    assert_eq!(desk.titles(600).await, [""; 0]);
    assert_eq!(desk.summary().counts.unread, 1);
}

#[tokio::test]
async fn a_kind_that_is_true_again_after_weeks_is_told_and_survives_the_first_look_of_the_next_start()
 {
    let (mut desk, _) = told_of(&voucher(1)).await;
    desk.after(20 * 24 * HOUR).await;
    assert_eq!(desk.summary().counts.unread, 0);
    desk.deliver(&voucher(2)).await;
    assert_eq!(desk.after(600).await.len(), 1);
    let mut desk = desk.restart_after(60).await;
    desk.after(600).await;
    assert_eq!(desk.summary().counts.unread, 1);
}

#[tokio::test]
async fn news_of_a_rule_that_is_off_are_over_and_open_again_when_it_is_on() {
    let (mut desk, _) = told_of(REFUND).await;
    let mut off = AlertSettings::default();
    let usual = off.of(Rule::RefundDecided);
    let rule = crate::alert::RuleSetting {
        enabled: false,
        ..usual
    };
    off.rules.insert(Rule::RefundDecided, rule);
    desk.engine.set_settings(off).await.unwrap();
    desk.after(60).await;
    assert_eq!(desk.summary().counts.unread, 0);
    let usual = AlertSettings::default();
    desk.engine.set_settings(usual).await.unwrap();
    assert_eq!(desk.titles(60).await, [""; 0]);
    assert_eq!(desk.summary().counts.unread, 1);
}

#[tokio::test]
async fn a_time_that_can_not_be_read_or_believed_is_told_with_its_esim() {
    for timestamp in ["\"soon\"", "0", "4102444800"] {
        let body = format!(
            r#"{{"event_category":"esim","event_type":"status","iccid":"8944500102198304826","status":"READY","timestamp":{timestamp}}}"#
        );
        let mut desk = Desk::open().await;
        desk.deliver(&body).await;
        let shown = desk.after(30).await;
        assert_eq!(shown.len(), 1, "{shown:?}");
        assert!(shown[0].words.body.contains("ICCID …304826"), "{shown:?}");
    }
}

/// An event with a status that nobody understands.
fn unknown_status(esim: &str, status: &str) -> String {
    format!(
        r#"{{"event_category":"esim","event_type":"status","esim_id":"{esim}","status":"{status}","timestamp":1764583200}}"#
    )
}

#[tokio::test]
async fn each_reason_why_events_of_a_kind_are_not_understood_is_told_and_stays_open() {
    let mut desk = Desk::open().await;
    desk.deliver(&unknown_status("1", "SUSPENDED")).await;
    assert_eq!(desk.after(30).await.len(), 1);
    desk.deliver(&unknown_status("2", "PAUSED")).await;
    assert_eq!(desk.after(30).await.len(), 1);
    desk.deliver(&unknown_status("3", "SUSPENDED")).await;
    assert_eq!(desk.titles(600).await, [""; 0]);
    let reasons = |desk: &Desk| {
        let open = desk.rows(&[AlertState::New]).into_iter();
        let each = open.map(|row| (row.fact.occasion, row.fact.detail.count));
        each.collect::<Vec<_>>()
    };
    let both = [
        ("unknownStatus:PAUSED".to_owned(), Some(1)),
        ("unknownStatus:SUSPENDED".to_owned(), Some(2)),
    ];
    assert_eq!(reasons(&desk), both);
    let mut desk = desk.restart_after(60).await;
    assert_eq!(desk.titles(600).await, [""; 0]);
    assert_eq!(reasons(&desk), both);
}

#[tokio::test]
async fn reasons_that_come_before_anything_is_shown_are_all_told() {
    let mut desk = Desk::open().await;
    let muted = AlertSettings {
        muted_until: Some(MORNING + HOUR),
        ..AlertSettings::default()
    };
    desk.engine.set_settings(muted).await.unwrap();
    for (esim, status) in [
        ("1", "SUSPENDED"),
        ("2", "PAUSED"),
        ("3", "LOST@SEA"),
        ("4", "LOST@HOME"),
    ] {
        desk.deliver(&unknown_status(esim, status)).await;
    }
    assert_eq!(desk.titles(60).await, [""; 0]);
    let shown = desk.after(2 * HOUR).await;
    let alerts: usize = shown.iter().map(|notice| notice.alerts.len()).sum();
    assert_eq!(alerts, 4, "{shown:?}");
}

#[tokio::test]
async fn a_reason_that_the_version_before_told_and_cleared_for_another_is_not_told_again() {
    let (mut desk, shown) = told_of(&unknown_status("1", "SUSPENDED")).await;
    assert_eq!(shown, 1);
    desk.deliver(&unknown_status("2", "PAUSED")).await;
    desk.after(30).await;
    let rows = desk.rows(&[AlertState::New]);
    let earlier = rows
        .iter()
        .find(|row| row.fact.occasion.ends_with("SUSPENDED"));
    let clear = AlertStep::Clear {
        id: earlier.unwrap().id,
    };
    desk.store
        .writer()
        .alerts(vec![clear], desk.now * 1000)
        .await
        .unwrap();
    let mut desk = desk.restart_after(60).await;
    desk.deliver(&unknown_status("3", "SUSPENDED")).await;
    assert_eq!(desk.titles(600).await, [""; 0]);
    assert_eq!(desk.summary().counts.unread, 2);
}

#[tokio::test]
async fn a_time_that_can_be_read_and_not_be_right_is_told_as_such() {
    for (timestamp, why) in [
        ("86400", "before anything"),
        ("4102444800", "in the future"),
    ] {
        let body = format!(
            r#"{{"event_category":"esim","event_type":"status","esim_id":"1","status":"READY","timestamp":{timestamp}}}"#
        );
        let mut desk = Desk::open().await;
        desk.deliver(&unknown_status("2", "PAUSED")).await;
        desk.after(600).await;
        desk.deliver(&body).await;
        let shown = desk.after(30).await;
        assert_eq!(shown.len(), 1, "{shown:?}");
        let words = &shown[0].words;
        assert_eq!(
            words.title,
            "Event with a time that can't be right: esim/status"
        );
        assert!(
            words.body.contains("sent an event with a time"),
            "{words:?}"
        );
        assert!(words.body.contains(why), "{words:?}");
        assert!(words.body.contains("date and time are right"), "{words:?}");
        assert!(!words.body.contains("update"), "{words:?}");
    }
}

#[tokio::test]
async fn the_first_delivery_of_each_reason_that_is_no_event_is_told() {
    let mut desk = Desk::open().await;
    desk.deliver("<event/>").await;
    let shown = desk.after(30).await;
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert_eq!(shown[0].words.title, "Delivery that can't be read");
    assert!(shown[0].words.body.contains("JSON"), "{shown:?}");
    // What is wrong with one is wrong with all of them, and with their retries.
    desk.deliver("<event id='2'/>").await;
    desk.deliver("<event/>").await;
    assert_eq!(desk.titles(600).await, [""; 0]);
    desk.deliver("[{}]").await;
    let shown = desk.after(30).await;
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert!(shown[0].words.body.contains("a list"), "{shown:?}");
    let mut desk = desk.restart_after(60).await;
    assert_eq!(desk.titles(600).await, [""; 0]);
    assert_eq!(desk.summary().counts.unread, 2);
    desk.after(7 * 24 * HOUR + 120).await;
    assert_eq!(desk.summary().counts.unread, 0);
}

#[tokio::test]
async fn what_was_no_event_is_told_although_the_program_ended_before_it_looked() {
    let mut desk = Desk::open().await;
    desk.deliver("[]").await;
    let mut desk = desk.restart_after(60).await;
    assert_eq!(desk.after(60).await.len(), 1);
}

#[tokio::test]
async fn what_a_person_has_read_again_and_is_still_no_event_is_no_news() {
    let mut desk = Desk::open().await;
    desk.deliver("[]").await;
    desk.after(20 * 24 * HOUR).await;
    let read = provider::parse(b"[]");
    let first = ProviderId::FIRST;
    let again = Delivery {
        again: true,
        ..Delivery::received(desk.now * 1000, None, first, b"[]".to_vec(), read)
    };
    desk.store.writer().deliver(again).await.unwrap();
    let commit = desk.commits.recv().await.unwrap();
    desk.engine.note(&commit);
    assert_eq!(desk.titles(600).await, [""; 0]);
    let mut desk = desk.restart_after(60).await;
    assert_eq!(desk.titles(600).await, [""; 0]);
}
