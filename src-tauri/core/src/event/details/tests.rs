//! Tests of details: their JSON, and that two tellings make the same in either order.

use proptest::prelude::*;

use super::*;

fn day(date: &str, location: &str, mb: f64) -> UsageDay {
    UsageDay {
        date: date.to_owned(),
        location: location.to_owned(),
        mb,
    }
}

#[test]
fn several_entries_for_one_day_and_place_are_parts_of_it() {
    let days = vec![day("b", "", 1.0), day("a", "ES", 2.0), day("b", "", 9.0)];
    let report = UsageReport::new(days, None, None);
    assert_eq!(report.days, [day("a", "ES", 2.0), day("b", "", 10.0)]);
}

#[test]
fn what_is_kept_is_short_and_read_again_as_it_was() {
    let details = Details {
        usage: Some(UsageReport::new(
            vec![day("2025-11-27", "Japan", 1900.5)],
            Some(Left {
                allowed: Some(50.0),
                remaining: None,
            }),
            None,
        )),
        ..Details::default()
    };
    let json = serde_json::to_string(&details).unwrap();
    assert_eq!(
        json,
        r#"{"usage":{"days":[["2025-11-27","Japan",1900.5]],"sms":{"allowed":50.0,"remaining":null}}}"#
    );
    assert_eq!(serde_json::from_str::<Details>(&json).unwrap(), details);
    assert_eq!(Details::default().boxed(), None);
}

fn number() -> impl Strategy<Value = Option<f64>> {
    prop::option::of((0..4_u8).prop_map(f64::from))
}

fn text() -> impl Strategy<Value = Option<String>> {
    prop::option::of(prop::sample::select(vec!["a".to_owned(), "b".to_owned()]))
}

fn left() -> impl Strategy<Value = Option<Left>> {
    prop::option::of(
        (number(), number()).prop_map(|(allowed, remaining)| Left { allowed, remaining }),
    )
}

fn usage() -> impl Strategy<Value = UsageReport> {
    let one = (0..3_u8, 0..2_u8, 0..4_u8)
        .prop_map(|(date, place, mb)| day(&date.to_string(), &place.to_string(), f64::from(mb)));
    (prop::collection::vec(one, 0..5), left(), left())
        .prop_map(|(days, sms, voice)| UsageReport::new(days, sms, voice))
}

fn details() -> impl Strategy<Value = Details> {
    let balance =
        (number(), number(), text()).prop_map(|(balance, threshold, currency)| BalanceDetails {
            balance,
            threshold,
            currency,
        });
    let order =
        (text(), number(), text(), number()).prop_map(|(order_id, total, status, commission)| {
            OrderDetails {
                order_id,
                total,
                status,
                commission,
                ..OrderDetails::default()
            }
        });
    let refund = (text(), text(), text()).prop_map(|(refund_id, outcome, reason)| RefundDetails {
        refund_id,
        outcome,
        reason,
    });
    (
        prop::option::of(usage()),
        prop::option::of(balance),
        prop::option::of(order),
        prop::option::of(refund),
    )
        .prop_map(|(usage, balance, order, refund)| Details {
            usage,
            balance,
            order,
            refund,
        })
}

proptest! {
    #[test]
    fn tellings_in_any_order_and_again_make_the_same(
        tellings in prop::collection::vec(details(), 1..5), again in any::<prop::sample::Index>()
    ) {
        let join = |all: &mut dyn Iterator<Item = &Details>| {
            let mut joined = Details::default();
            for one in all {
                joined.absorb(one);
            }
            joined
        };
        let mut there = join(&mut tellings.iter());
        prop_assert_eq!(&there, &join(&mut tellings.iter().rev()));
        prop_assert!(!there.absorb(&tellings[again.index(tellings.len())]), "it was taken over already");
        let json = serde_json::to_string(&there).unwrap();
        prop_assert_eq!(serde_json::from_str::<Details>(&json).unwrap(), there);
    }
}

#[test]
fn what_an_earlier_version_kept_of_no_figure_is_not_read() {
    let kept = r#"{"usage":{"days":[["2025-11-27","",9007199254740991.0],["2025-11-28","",5.0]],"sms":{"allowed":50.0,"remaining":-1.0}}}"#;
    let usage = serde_json::from_str::<Details>(kept)
        .unwrap()
        .usage
        .unwrap();
    assert_eq!(usage.days, [day("2025-11-28", "", 5.0)]);
    let sms = usage.sms.unwrap();
    assert_eq!((sms.allowed, sms.remaining), (Some(50.0), None));
}
