//! Tests of the texts, each asserted to the letter.

use jiff::tz::TimeZone;

use super::figures::MAX_NAME;
use super::*;
use crate::catalogue::{Catalogue, Clock, Hours, Language};

/// 27 November 2025, 08:00:00 UTC.
const NOW: i64 = 1_764_230_400;
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

const ROSSI: Name<'static> = Name {
    traveller: None,
    reference: Some("TRIP-ROSSI"),
    iccid: Some("8944500102198304826"),
    esim_id: Some("0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11"),
};

fn berlin() -> Locale {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3")
        .unwrap()
        .into()
}

fn at(at: i64) -> Detail {
    Detail {
        at: Some(at),
        ..Detail::default()
    }
}

#[track_caller]
fn reads(rule: Rule, detail: &Detail, title: &str, body: &str) {
    let words = text(rule, detail, &ROSSI, NOW).words(&berlin(), NOW);
    assert_eq!((words.title.as_str(), words.body.as_str()), (title, body));
}

#[test]
fn statuses_say_what_happened_and_what_to_do() {
    reads(
        Rule::FirstActivation,
        &Detail::default(),
        "Activated: TRIP-ROSSI",
        "ICCID …304826 is now in use. Nothing to do.",
    );
    reads(
        Rule::Expired,
        &Detail::default(),
        "Expired: TRIP-ROSSI",
        "ICCID …304826 ran out and no longer works. Offer a new package if the trip goes on.",
    );
    reads(
        Rule::Revoked,
        &Detail::default(),
        "Revoked: TRIP-ROSSI",
        "ICCID …304826 was withdrawn and no longer works. Offer a replacement or ask Roamify.",
    );
}

#[test]
fn times_are_local_and_counted_from_the_day_they_are_read() {
    for (at_second, time) in [
        (NOW + 9 * HOUR, "today at 18:00"),
        (NOW + 17 * HOUR, "tomorrow at 02:00"),
        (NOW + 6 * DAY, "on 3 Dec at 09:00"),
        (NOW + 60 * DAY, "on 26 Jan 2026 at 09:00"),
    ] {
        reads(
            Rule::ExpiresSoon,
            &at(at_second),
            "Expires soon: TRIP-ROSSI",
            &format!(
                "ICCID …304826 stops working {time}. Offer a new package if the trip goes on."
            ),
        );
    }
    reads(
        Rule::ExpiresVerySoon,
        &at(NOW - 12 * HOUR),
        "Expires very soon: TRIP-ROSSI",
        "ICCID …304826 was to stop working yesterday at 21:00.",
    );
    reads(
        Rule::PastEnd,
        &at(NOW - HOUR),
        "Past its end: TRIP-ROSSI",
        "ICCID …304826 was to stop working today at 08:00, but nothing said that it did. Check it with Roamify.",
    );
    reads(
        Rule::PastEnd,
        &at(i64::MAX),
        "Past its end: TRIP-ROSSI",
        "ICCID …304826 was to stop working at an unknown time, but nothing said that it did. Check it with Roamify.",
    );
}

#[test]
fn data_is_told_in_figures() {
    let left = |mb: f64, percent: f64| Detail {
        remaining_mb: Some(mb),
        percent: Some(percent),
        ..Detail::default()
    };
    for (detail, figures) in [
        (left(307.2, 10.0), "307 MB left (10%)"),
        (left(1229.0, 12.4), "1.2 GB left (12%)"),
        (left(0.4, 0.01), "less than 1 MB left (less than 1%)"),
        (Detail::default(), "little data left"),
    ] {
        reads(
            Rule::DataLow,
            &detail,
            "Low on data: TRIP-ROSSI",
            &format!("ICCID …304826 has {figures}. Offer more before it runs out."),
        );
    }
    reads(
        Rule::DataUsedUp,
        &Detail::default(),
        "Data used up: TRIP-ROSSI",
        "ICCID …304826 has no data left. Offer more if the trip goes on.",
    );
    reads(
        Rule::ConnectedWithoutData,
        &Detail::default(),
        "Connected without data: TRIP-ROSSI",
        "ICCID …304826 is in use, but its package holds no data. Ask Roamify.",
    );
}

#[test]
fn what_is_not_installed_says_why_that_matters() {
    reads(
        Rule::NotInstalled,
        &at(NOW + 23 * HOUR),
        "Not installed: TRIP-ROSSI",
        "ICCID …304826 is not on a device yet, and its period starts tomorrow at 08:00. Ask whether the traveller needs help.",
    );
    reads(
        Rule::NotInstalled,
        &at(NOW - HOUR),
        "Not installed: TRIP-ROSSI",
        "ICCID …304826 is not on a device yet, and its period started today at 08:00. Ask whether the traveller needs help.",
    );
    let trip = |second: i64| Detail {
        trip: Some("2025-12-02".to_owned()),
        ..at(second)
    };
    reads(
        Rule::NotInstalled,
        &trip(NOW + 15 * HOUR),
        "Not installed: TRIP-ROSSI",
        "ICCID …304826 is not on a device yet, and the trip starts tomorrow. Ask whether the traveller needs help.",
    );
    reads(
        Rule::NotInstalled,
        &trip(NOW - 9 * HOUR),
        "Not installed: TRIP-ROSSI",
        "ICCID …304826 is not on a device yet, and the trip started today. Ask whether the traveller needs help.",
    );
    reads(
        Rule::NotInstalled,
        &Detail {
            days: Some(7),
            ..Detail::default()
        },
        "Not installed: TRIP-ROSSI",
        "ICCID …304826 was sold more than 7 days ago and is not on a device yet. Ask whether the traveller needs help.",
    );
}

#[test]
fn the_account_names_what_is_left() {
    let balance = |amount: f64, count: Option<i64>| Detail {
        amount: Some(amount),
        currency: Some("EUR".to_owned()),
        count,
        ..Detail::default()
    };
    reads(
        Rule::BalanceLow,
        &balance(148.2, None),
        "Balance low",
        "148.20 EUR is left. Top up before orders fail.",
    );
    reads(
        Rule::BalanceInsufficient,
        &balance(3.1, Some(1)),
        "An order failed: the balance is too low",
        "3.10 EUR is left. Top up, then order again.",
    );
    reads(
        Rule::BalanceInsufficient,
        &Detail {
            count: Some(3),
            ..Detail::default()
        },
        "3 orders failed: the balance is too low",
        "Little is left. Top up, then order again.",
    );
    reads(
        Rule::BalanceToppedUp,
        &balance(1003.1, None),
        "Balance topped up",
        "It is now 1003.10 EUR. Nothing to do.",
    );
}

#[test]
fn a_refund_tells_what_support_decided() {
    let decided = |outcome: &str, reason: Option<&str>| Detail {
        outcome: Some(outcome.to_owned()),
        reason: reason.map(str::to_owned),
        ..Detail::default()
    };
    reads(
        Rule::RefundDecided,
        &decided("REFUNDED", None),
        "Refunded: TRIP-ROSSI",
        "The refund for ICCID …304826 was granted. Tell the traveller.",
    );
    reads(
        Rule::RefundDecided,
        &decided("REJECTED", Some("eSIM already used")),
        "Refund rejected: TRIP-ROSSI",
        "The refund for ICCID …304826 was rejected: eSIM already used. Tell the traveller, or ask Roamify.",
    );
    let nobody = text(
        Rule::RefundDecided,
        &decided("REJECTED", None),
        &Name::default(),
        NOW,
    )
    .words(&berlin(), NOW);
    assert_eq!(nobody.title, "Refund rejected: an eSIM");
    assert_eq!(
        nobody.body,
        "The refund was rejected. Tell the traveller, or ask Roamify."
    );
}

#[test]
fn an_unknown_kind_of_event_is_named() {
    let unknown = |count: i64| Detail {
        kind: Some("voucher/redeemed".to_owned()),
        why: Some(Message::of("problem.unknownCategory").with("name", "voucher")),
        count: Some(count),
        ..Detail::default()
    };
    reads(
        Rule::Unrecognized,
        &unknown(1),
        "Unknown kind of event: voucher/redeemed",
        "Roamify sent an event that this version can't read. It is kept. The category “voucher” is new to this version. Look for an update of eSIM Watch.",
    );
    reads(
        Rule::Unrecognized,
        &Detail {
            why: None,
            ..unknown(3)
        },
        "Unknown kind of event: voucher/redeemed",
        "Roamify sent 3 events that this version can't read. They are kept. Look for an update of eSIM Watch.",
    );
    reads(
        Rule::Unrecognized,
        &Detail {
            kind: Some("esim/status".to_owned()),
            why: Some(Message::of("problem.unreadableTime")),
            iccid: Some("8944500102198304826".to_owned()),
            ..unknown(1)
        },
        "Unknown kind of event: esim/status",
        "Roamify sent an event that this version can't read. It is kept. Its timestamp can't be read. It concerns ICCID …304826. Look for an update of eSIM Watch.",
    );
}

#[test]
fn what_is_no_event_is_told_with_what_is_wrong_and_what_to_do() {
    reads(
        Rule::Unreadable,
        &Detail {
            why: Some(Message::of("refusal.contentEncoding").with("kind", "gzip")),
            ..Detail::default()
        },
        "Delivery that can't be read",
        "It came to the right address and is no event: it was turned away and is kept under Deliveries. The body is encoded as “gzip”; deliveries must come as plain JSON. Look whether a proxy or tunnel changes deliveries on their way here; if not, ask Roamify.",
    );
}

#[test]
fn the_program_says_that_it_is_deaf_and_why() {
    let silence = Detail {
        at: Some(NOW - 7 * HOUR),
        hours: Some(6),
        count: Some(12),
        ..Detail::default()
    };
    reads(
        Rule::NoEvents,
        &silence,
        "No events for 6 hours",
        "Nothing has come from Roamify since today at 02:00, although 12 eSIMs are in use. Check the tunnel, and the address in Roamify's portal.",
    );
    reads(
        Rule::NoEvents,
        &Detail {
            at: Some(NOW - 3 * DAY),
            count: Some(1),
            ..silence.clone()
        },
        "No events for 6 hours",
        "Nothing has come from Roamify since 24 Nov at 09:00, although 1 eSIM is in use. Check the tunnel, and the address in Roamify's portal.",
    );
    reads(
        Rule::NoEvents,
        &Detail {
            at: None,
            ..silence
        },
        "No events for 6 hours",
        "No webhook has ever come from Roamify, although 12 eSIMs are in use. Check the tunnel, and the address in Roamify's portal.",
    );
    let because = |why: Message| Detail {
        why: Some(why),
        ..Detail::default()
    };
    reads(
        Rule::ListenerDown,
        &because(Message::of("error.port.forbidden").with("port", "80")),
        "Not receiving: the listener is down",
        "The system does not allow port 80. Choose one between 1024 and 49151.",
    );
    reads(
        Rule::TunnelDown,
        &Detail::default(),
        "Not receiving: the tunnel is down",
        "Open eSIM Watch to see why.",
    );
    reads(
        Rule::TunnelDown,
        &Detail {
            count: Some(12),
            at: Some(NOW - 7 * HOUR),
            ..Detail::default()
        },
        "Not receiving: the tunnel is down",
        "It has failed 12 times since today at 02:00. Open eSIM Watch to see why.",
    );
    reads(
        Rule::StorageFailing,
        &because(
            Message::of("store.failing")
                .with("provider", "Roamify")
                .with("reason", Message::of("io.reason.diskFull")),
        ),
        "Events can't be stored",
        "Events can't be stored, and Roamify was asked to send them again: the disk is full.",
    );
    reads(
        Rule::RefusalsPilingUp,
        &Detail {
            count: Some(23),
            ..because(Message::of("refusal.tooSlow"))
        },
        "Deliveries are turned away",
        "23 deliveries in an hour. The last one: The body did not arrive in time. Check the address and the secret in Roamify's portal.",
    );
}

#[test]
fn the_title_names_the_traveller_else_the_reference_else_the_number() {
    let title = |name: Name<'_>| {
        text(Rule::Revoked, &Detail::default(), &name, NOW)
            .words(&berlin(), NOW)
            .title
    };
    let traveller = Some("Anna Rossi");
    assert_eq!(title(Name { traveller, ..ROSSI }), "Revoked: Anna Rossi");
    assert_eq!(title(ROSSI), "Revoked: TRIP-ROSSI");
    let traveller = Some(" \n");
    assert_eq!(title(Name { traveller, ..ROSSI }), "Revoked: TRIP-ROSSI");
    let nameless = Name {
        reference: None,
        ..ROSSI
    };
    assert_eq!(title(nameless), "Revoked: ICCID …304826");
    let iccid = None;
    assert_eq!(
        title(Name { iccid, ..nameless }),
        "Revoked: eSIM id …3a9c11"
    );
    assert_eq!(title(Name::default()), "Revoked: an eSIM");
}

#[test]
fn hostile_text_stays_on_one_short_line_and_markup_out_of_the_body() {
    let reference = format!("<b>\u{202e}a\nb</b>{}", "x".repeat(200));
    let hostile = Name {
        reference: Some(&reference),
        iccid: Some("<i>89&445"),
        ..Name::default()
    };
    let detail = Detail {
        outcome: Some("REJECTED".to_owned()),
        reason: Some(format!("<a href=\"x\">&amp;{}", "y\n".repeat(500))),
        ..Detail::default()
    };
    let text = text(Rule::RefundDecided, &detail, &hostile, NOW).words(&berlin(), NOW);
    assert!(
        text.title.starts_with("Refund rejected: <b>a b</b>xxx"),
        "{}",
        text.title
    );
    assert!(text.title.ends_with('…'));
    assert_eq!(
        text.title.chars().count(),
        "Refund rejected: ".len() + MAX_NAME
    );
    assert!(
        text.body
            .starts_with("The refund for ICCID …i89445 was rejected: a href=\"x\"amp;y y y"),
        "{}",
        text.body
    );
    assert!(text.body.ends_with("… Tell the traveller, or ask Roamify."));
    assert!(!text.body.contains(['<', '>', '&', '\n']));
    assert!(text.body.chars().count() < 300);
}

#[test]
fn every_rule_has_a_text_whatever_is_missing() {
    for rule in Rule::ALL {
        let text = text(*rule, &Detail::default(), &Name::default(), NOW);
        // A key that no catalogue has is shown as it is.
        for message in text.body.iter().chain([&text.title]) {
            let known = Catalogue::of(Language::En).pattern(&message.key);
            assert!(known.is_some(), "{rule:?}: {}", message.key);
        }
        let text = text.words(&berlin(), NOW);
        assert!(
            !text.title.is_empty() && text.body.ends_with('.'),
            "{rule:?}: {text:?}"
        );
    }
}

#[test]
fn times_are_told_by_the_clock_of_the_locale() {
    let locale = Locale {
        clock: Clock::of("en-US", Hours::Usual),
        ..berlin()
    };
    let text = text(Rule::ExpiresSoon, &at(NOW + 9 * HOUR), &ROSSI, NOW).words(&locale, NOW);
    let plain = text.body.replace('\u{a0}', " ");
    assert!(plain.contains("today at 6:00 PM"), "{plain}");
}

#[test]
fn figures_have_the_units_and_signs_of_the_language() {
    let says = |language| {
        let locale = Locale {
            language,
            ..berlin()
        };
        let detail = Detail {
            remaining_mb: Some(1229.0),
            percent: Some(12.4),
            ..Detail::default()
        };
        text(Rule::DataLow, &detail, &ROSSI, NOW)
            .words(&locale, NOW)
            .body
    };
    let english = says(Language::En);
    assert!(english.contains("1.2 GB left (12%)"), "{english}");
    let german = says(Language::De);
    assert!(
        german.contains("1,2 GB") && german.contains("12\u{a0}%"),
        "{german}"
    );
    let french = says(Language::Fr);
    assert!(french.contains("1,2 Go"), "{french}");
}
