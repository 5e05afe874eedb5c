//! What the API's answers hold.

use super::super::shapes;
use super::*;

#[test]
fn by_an_order_that_came_to_nothing_nothing_was_bought() {
    for (status, bought) in [
        ("completed", true),
        ("paid", true),
        ("", true),
        ("failed", false),
        ("FAILED", false),
        ("refunded", false),
        ("pending", false),
    ] {
        let orders = format!(
            r#"[{{"id":"o","status":"{status}","createdAt":1795000000,"items":[{{"esimId":"e1","packageId":"p"}}]}}]"#
        );
        let orders = shapes::orders(orders.as_bytes()).unwrap();
        // It names its eSIM all the same.
        assert_eq!(orders.items[0].esim_id, "e1");
        assert_eq!(orders.items[0].bought.is_some(), bought, "{status}");
    }
}

#[test]
fn histories_are_read_in_every_form() {
    for text in [
        r#"{"esimId":"e1","events":[{"status":"NEW","timeStamp":1795000000}]}"#,
        r#"{"status":"success","data":{"esimId":"E1","events":[{"status":"new","timeStamp":"1795000000"}]}}"#,
        r#"{"events":[{"status":"NEW","dateTime":"2026-11-18 11:06:40"},{"status":"NEW","timeStamp":1795000000}]}"#,
        r#"[{"status":"NEW","timestamp":1795000000000}]"#,
    ] {
        let history = shapes::history(text.as_bytes()).unwrap();
        let read: Vec<_> = history
            .entries
            .iter()
            .map(|one| (one.at, one.status.as_str()))
            .collect();
        assert_eq!(read, [(1_795_000_000, "NEW")], "{text}");
        assert!(!history.unreadable, "{text}");
    }
    for (none, is_oddly_empty) in [
        (r#"{"esimId":"e1","events":[]}"#, false),
        (r#"{"esimId":"e1","events":null}"#, true),
        ("[]", true),
        (
            r#"{"events":[null,{"status":null,"timeStamp":1795000000},{"status":"","timeStamp":1795000000}]}"#,
            false,
        ),
    ] {
        let history = shapes::history(none.as_bytes()).unwrap();
        assert_eq!(
            (history.entries, history.unreadable, history.is_oddly_empty),
            (vec![], false, is_oddly_empty),
            "{none}"
        );
    }
    let broken = r#"{"events":[{"status":"NEW"},{"status":"NEW","timeStamp":1795000000}]}"#;
    let broken = shapes::history(broken.as_bytes()).unwrap();
    assert!(broken.unreadable && broken.entries.len() == 1);
    assert!(shapes::history(br#"{"message":"x"}"#).is_err());
}

#[test]
fn a_list_of_orders_that_is_none_is_not_taken_for_one_without_orders() {
    assert!(shapes::orders(br#"{"status":"success","data":{"orders":[]}}"#).is_ok());
    for none in [
        r#"{"status":"success","data":null}"#,
        r#"{"status":"success","data":{"orders":null}}"#,
    ] {
        let error = shapes::orders(none.as_bytes()).unwrap_err();
        assert_eq!(error, ApiError::Unreadable(Asking::Orders), "{none}");
    }
}

#[test]
fn orders_that_cant_be_understood_are_told_and_hide_none_that_can() {
    let good = r#"{"id":"o1","items":[{"esimId":"e1","package":"1 GB"}]}"#;
    for (other, unreadable) in [
        (r#"{"id":"o2","status":"pending","items":[]}"#, false),
        (r#"{"id":"o2","status":"pending","items":null}"#, false),
        (r#"{"id":"o2","status":"pending"}"#, false),
        (r#"{"id":"o2","items":[{"package":"1 GB"}]}"#, false),
        ("null", true),
        (r#""o2""#, true),
        (r#"{"id":"o2","items":"none"}"#, true),
        (r#"{"id":"o2","items":[null]}"#, true),
    ] {
        let body = format!(r#"{{"status":"success","data":{{"orders":[{other},{good}]}}}}"#);
        let orders = shapes::orders(body.as_bytes()).unwrap();
        assert_eq!(orders.unreadable, unreadable, "{other}");
        assert_eq!((orders.count, orders.items.len()), (2, 1), "{other}");
    }
}
