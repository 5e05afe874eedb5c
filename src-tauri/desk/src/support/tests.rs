//! Tests: the exact text.

use super::*;
use crate::usage::UsageDay;

fn words() -> SupportWords {
    esim_watch_core::provider::DEFAULT.support_words()
}

fn status(at: i64, status: &str) -> Event {
    told("status", at, status)
}

fn told(kind: &str, at: i64, status: &str) -> Event {
    let body = format!(
        r#"{{"event_category":"esim","event_type":"{kind}","timestamp":{at},"esim_id":"5ca1ab1e","status":"{status}"}}"#
    );
    esim_watch_core::provider::DEFAULT
        .read(body.as_bytes())
        .unwrap()
}

fn esim() -> EsimRow {
    EsimRow {
        key: "5ca1ab1e".into(),
        esim_id: Some("5ca1ab1e".into()),
        iccid: Some("89445001021983048260".into()),
        reference_id: Some("TRIP-1".into()),
        order: Some("TRIP-1".into()),
        gone: false,
        status: "ACTIVATED".into(),
        status_since: Some(1_795_000_013),
        start: Some(1_795_000_000),
        end: Some(1_795_604_800),
        first_activated_at: Some(1_795_000_000),
        last_event_at: Some(1_795_000_013),
        event_count: 5,
        package_name: Some("3 GB - 7 Days".into()),
        data_allowed_mb: Some(3072.0),
        data_remaining_mb: Some(1024.56),
        data_unlimited: Some(false),
        data_low: false,
        traveller: Some("Maria Rossi".into()),
        contact: String::new(),
        note: String::new(),
        trip_start: None,
        trip_end: None,
        tags: vec!["VIP".into()],
        attention: None,
    }
}

#[test]
fn the_text_has_all_that_support_asks_for_and_nothing_of_the_traveller() {
    let events = [
        status(1_795_000_013, "ACTIVATED"),
        status(1_795_000_011, "INACTIVE"),
        status(1_795_000_008, "ACTIVATED"),
        status(1_795_000_006, "INACTIVE"),
        status(1_794_900_000, "INSTALLED"),
    ];
    let day = |date: &str, location: &str, mb| UsageDay {
        date: date.into(),
        location: location.into(),
        mb,
    };
    let usage = EsimUsage {
        days: vec![
            day("2026-11-19", "FR", 300.0),
            day("2026-11-20", "ES", 1747.44),
        ],
        ..EsimUsage::default()
    };
    let zone = TimeZone::fixed(jiff::tz::offset(1));
    assert_eq!(
        text(&words(), &esim(), &events, &usage, 1_795_003_600, &zone),
        "\
ICCID:           89445001021983048260
eSIM id:         5ca1ab1e
Order reference: TRIP-1
Package:         3 GB - 7 Days
Status:          ACTIVATED since 2026-11-18 11:06:53 UTC (2026-11-18 12:06:53 +01)
Period from:     2026-11-18 11:06:40 UTC (2026-11-18 12:06:40 +01)
Period to:       2026-11-25 11:06:40 UTC (2026-11-25 12:06:40 +01)
Data:            1024.6 MB left of 3072 MB
Last used:       2026-11-20 (ES), 1747.4 MB

Status history (UTC, then local time):
  2026-11-17 07:20:00 UTC (2026-11-17 08:20:00 +01)  INSTALLED
  2026-11-18 11:06:46 UTC (2026-11-18 12:06:46 +01)  INACTIVE, ACTIVATED, INACTIVE, ACTIVATED (4 changes within 7 s)

Data used by place: ES 1747.4 MB, FR 300 MB

As of 2026-11-18 12:06:40 UTC (2026-11-18 13:06:40 +01)"
    );
}

fn words_of(events: &[Event]) -> Vec<String> {
    history(events)
        .into_iter()
        .map(|(_, words)| words)
        .collect()
}

#[test]
fn no_status_is_left_out_however_fast_the_next_one_came() {
    let at = 1_795_000_000;
    let life = [
        status(at + 90, "REVOKED"),
        status(at, "INSTALLED"),
        told("usage", at + 50, "ACTIVATED"),
        status(at + 30, "ACTIVATED"),
    ];
    assert_eq!(
        words_of(&life),
        ["INSTALLED, ACTIVATED, REVOKED (3 changes within 90 s)"]
    );
    let flaps = (0..40).map(|n| status(at + n, if n % 2 == 0 { "INACTIVE" } else { "ACTIVATED" }));
    let flaps: Vec<_> = [status(at - 1, "INSTALLED")]
        .into_iter()
        .chain(flaps)
        .collect();
    assert_eq!(
        words_of(&flaps),
        [
            "INSTALLED, INACTIVE 20 times, ACTIVATED 20 times, at last ACTIVATED (41 changes within 40 s)"
        ]
    );
}

#[test]
fn of_a_history_without_end_the_beginning_is_one_line() {
    let at = 1_795_000_000;
    let of = |n: i64| status(at + n * 3_600, if n == 0 { "NEW" } else { "ACTIVATED" });
    let words = words_of(&(0..400).map(of).collect::<Vec<_>>());
    assert_eq!(words.len(), HISTORY_LINES + 1);
    assert_eq!(
        words[0],
        "NEW, ACTIVATED 99 times, at last ACTIVATED (100 changes within 356400 s)"
    );
}

#[test]
fn what_is_not_known_is_said() {
    let nothing = EsimRow {
        iccid: None,
        reference_id: None,
        package_name: None,
        status_since: None,
        start: None,
        end: None,
        data_remaining_mb: None,
        ..esim()
    };
    let text = text(
        &words(),
        &nothing,
        &[],
        &EsimUsage::default(),
        0,
        &TimeZone::UTC,
    );
    assert!(text.starts_with("ICCID:           not known\n"), "{text}");
    assert!(text.contains("Data:            not known\n"), "{text}");
    assert!(text.contains("local time):\n  none\n"), "{text}");
}
