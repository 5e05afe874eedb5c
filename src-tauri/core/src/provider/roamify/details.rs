//! What a payload says beyond what every event has.

use serde_json::value::RawValue;

use super::fields::Fields;
use super::units::megabytes;
use crate::event::{
    BalanceDetails, Details, EventKind, Left, OrderDetails, RefundDetails, Topic, UsageDay,
    UsageReport, figure, left, size,
};

/// Reads what events of this kind say. Of a kind that is not known everything is read that is there.
pub(super) fn details(kind: &EventKind, fields: &Fields<'_>) -> Details {
    let mut details = Details::default();
    match (kind, kind.topic()) {
        (EventKind::Other { .. }, _) => {
            details.usage = something(usage_report(fields));
            details.balance = something(balance(fields));
            details.order = fields
                .raw("order_data")
                .and_then(|_| something(order(fields)));
            details.refund = something(refund(fields));
        }
        (EventKind::EsimStatus, _) | (_, Some(Topic::Test)) => {}
        (_, Some(Topic::Esim) | None) => details.usage = something(usage_report(fields)),
        (_, Some(Topic::Balance)) => details.balance = something(balance(fields)),
        (_, Some(Topic::Order)) => details.order = something(order(fields)),
        (_, Some(Topic::Refund)) => details.refund = something(refund(fields)),
    }
    details
}

fn something<T: Default + PartialEq>(part: T) -> Option<T> {
    (part != T::default()).then_some(part)
}

fn balance(fields: &Fields<'_>) -> BalanceDetails {
    BalanceDetails {
        balance: fields.number("balance"),
        threshold: fields.number("threshold"),
        currency: fields.text("currency"),
    }
}

fn order(fields: &Fields<'_>) -> OrderDetails {
    let order = fields.object("order_data");
    let order = order.as_ref();
    OrderDetails {
        order_id: order.and_then(|order| order.text("order_id")),
        partner: fields.text("partner_name"),
        total: order.and_then(|order| order.number("order_total")),
        currency: order.and_then(|order| order.text("order_currency")),
        status: order.and_then(|order| order.text("order_status")),
        commission: fields.number("commission_amount"),
    }
}

fn refund(fields: &Fields<'_>) -> RefundDetails {
    let refund_id = fields.text("refund_id");
    RefundDetails {
        // The status of an eSIM is another thing.
        outcome: refund_id.as_ref().and_then(|_| fields.text("status")),
        refund_id,
        reason: fields.text("rejection_reason"),
    }
}

fn usage_report(fields: &Fields<'_>) -> UsageReport {
    let data = fields.object("usage_data");
    // On one page of the documentation the list stands inside of `usage_data`.
    let list = fields
        .raw("usage_list")
        .or_else(|| data.as_ref().and_then(|data| data.raw("usage_list")));
    let of = |allowed, remaining| {
        let data = data.as_ref()?;
        let of = Left {
            allowed: size(data.number(allowed)),
            remaining: left(data.number(remaining)),
        };
        is_anything(of).then_some(of)
    };
    UsageReport::new(
        list.map(|list| days(fields, list)).unwrap_or_default(),
        of("allowed_sms", "remaining_sms"),
        of("allowed_voice", "remaining_voice"),
    )
}

fn is_anything(left: Left) -> bool {
    let some = |value: Option<f64>| value.is_some_and(|value| value > 0.0);
    some(left.allowed) || some(left.remaining)
}

fn days(fields: &Fields<'_>, list: &RawValue) -> Vec<UsageDay> {
    // A list that is none says nothing; the report's other fields stand.
    let entries: Vec<&RawValue> = serde_json::from_str(list.get()).unwrap_or_default();
    entries
        .into_iter()
        .filter_map(|entry| {
            let entry = Fields::of(entry)?;
            let mb =
                figure(megabytes(fields, entry.number("data_used"))).filter(|mb| *mb >= 0.0)?;
            Some(UsageDay {
                date: day(&entry.text("date")?),
                location: entry.text("location").unwrap_or_default(),
                mb,
            })
        })
        .collect()
}

/// The day of a date that may carry a time.
fn day(text: &str) -> String {
    match text.get(..10) {
        Some(day) if day.parse::<jiff::civil::Date>().is_ok() => day.to_owned(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::read;
    use super::*;

    fn report(data: &str) -> UsageReport {
        let body = format!(r#"{{"event_category":"esim","event_type":"usage","data":{{{data}}}}}"#);
        usage_report(&read(body.as_bytes()).unwrap())
    }

    #[test]
    fn days_are_read_from_both_places_and_numbers_from_texts() {
        let beside = r#""usage_list":[{"date":"2026-11-20","data_used":12.5,"location":"ES"},{"date":"2026-11-21T08:00:00Z","data_used":"300"}]"#;
        let days = [
            UsageDay {
                date: "2026-11-20".into(),
                location: "ES".into(),
                mb: 12.5,
            },
            UsageDay {
                date: "2026-11-21".into(),
                location: String::new(),
                mb: 300.0,
            },
        ];
        assert_eq!(report(beside).days, days);
        assert_eq!(report(&format!(r#""usage_data":{{{beside}}}"#)).days, days);
    }

    #[test]
    fn a_text_for_people_is_on_one_line_with_its_words_apart() {
        let body = r#"{"event_category":"refund","event_type":"rejected","refund_id":"r\u00001",
            "rejection_reason":"Already\r\nactivated\tby\u2028Ida  Berg\u0085 "}"#;
        let fields = read(body.as_bytes()).unwrap();
        let refund = refund(&fields);
        let reason = refund.reason.as_deref();
        assert_eq!(reason, Some("Already activated by Ida Berg"));
        assert_eq!(refund.refund_id.as_deref(), Some("r1"));
        let list = r#""usage_list":[{"date":"2026-11-20","data_used":3,"location":"ES\nPT"}]"#;
        assert_eq!(report(list).days[0].location, "ES PT");
    }

    #[test]
    fn what_makes_no_sense_is_passed_over() {
        for list in [
            "null",
            "7",
            "{}",
            r#"[null, 3, "x", {}, {"date":"2026-11-20"}, {"date":"2026-11-20","data_used":-4}, {"data_used":5}]"#,
        ] {
            let list = format!(r#""usage_list":{list}"#);
            assert_eq!(report(&list), UsageReport::default(), "{list}");
        }
    }

    #[test]
    fn what_stands_for_no_figure_is_none() {
        let told = r#""usage_data":{"allowed_sms":50,"remaining_sms":-1,"allowed_voice":9007199254740991,"remaining_voice":-1},
            "usage_list":[{"date":"2026-11-20","data_used":9007199254740991},{"date":"2026-11-21","data_used":-1},{"date":"2026-11-22","data_used":3}]"#;
        let report = report(told);
        let sms = Left {
            allowed: Some(50.0),
            remaining: None,
        };
        assert_eq!((report.sms, report.voice), (Some(sms), None));
        let days: Vec<_> = report.days.iter().map(|day| day.mb).collect();
        assert_eq!(days, [3.0]);
    }

    #[test]
    fn messages_and_minutes_are_told_only_where_the_package_has_some() {
        let none = r#""usage_data":{"allowed_sms":0,"remaining_sms":0,"allowed_voice":0,"remaining_voice":0}"#;
        assert_eq!(report(none), UsageReport::default());
        let some = r#""usage_data":{"allowed_sms":"50","remaining_sms":0,"allowed_voice":30,"remaining_voice":12.5}"#;
        let left = |allowed, remaining| {
            Some(Left {
                allowed: Some(allowed),
                remaining: Some(remaining),
            })
        };
        assert_eq!(report(some).sms, left(50.0, 0.0));
        assert_eq!(report(some).voice, left(30.0, 12.5));
    }
}
