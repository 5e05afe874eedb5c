//! What is told of one eSIM becomes.

use serde_json::Value;

use super::super::shapes;
use super::super::tell::Telling;
use super::*;
use crate::esim::EsimState;
use crate::event::{Bought, Event, EventKind};
use crate::provider::parse;

pub(super) const MADE: i64 = 1_795_000_000;
pub(super) const NOW: i64 = 1_795_900_000;

pub(super) struct Case {
    pub(super) listed: ListedEsim,
    pub(super) known: EsimSoFar,
    history: History,
    usage: UsageRow,
}

/// An eSIM with this entry in the list, these in its history (status, seconds since it was made), and usage.
pub(super) fn case(row: &str, history: &[(&str, i64)], usage: &str) -> Case {
    let list = format!(
        r#"{{"status":"success","data":[{{"id":"e1","iccid":"8944500102198304826","createdAt":{MADE},{row},
            "activation":"LPA:1$secret","esim":{{"lpaCode":"LPA:1$rsp.example$SECRET","pin":"1234","puk":"12345678"}}}}]}}"#
    );
    let entries: Vec<String> = history
        .iter()
        .map(|(status, at)| {
            let at = MADE + at;
            format!(r#"{{"iccid":"8944500102198304826","eid":"8904","status":"{status}","timeStamp":{at}}}"#)
        })
        .collect();
    let told = format!(
        r#"{{"iccid":"8944500102198304826","esimId":"e1","referenceId":"","events":[{}],"locations":[]}}"#,
        entries.join(",")
    );
    let usage = format!(r#"{{"status":"success","data":{{"id":"e1",{usage}}}}}"#);
    let (mut rows, unreadable) = shapes::esims(list.as_bytes()).unwrap();
    assert!(!unreadable);
    Case {
        listed: rows.remove(0),
        known: EsimSoFar::default(),
        history: shapes::history(told.as_bytes()).unwrap(),
        usage: shapes::usage(usage.as_bytes()).unwrap(),
    }
}

impl Case {
    fn telling(&self) -> Telling<'_> {
        Telling {
            listed: &self.listed,
            known: &self.known,
            history: &self.history,
            usage: &self.usage,
            now: NOW,
        }
    }

    pub(super) fn bodies(&self) -> Vec<String> {
        let bodies = self.telling().bodies().into_iter();
        bodies
            .map(|body| String::from_utf8(body).unwrap())
            .collect()
    }

    pub(super) fn events(&self) -> Vec<Event> {
        let bodies = self.bodies();
        bodies
            .iter()
            .map(|body| parse(body.as_bytes()).unwrap())
            .collect()
    }

    /// How many reports tell a status.
    pub(super) fn listed_words(&self) -> usize {
        let told = self.told().into_iter();
        told.filter(|(kind, status, _)| *kind == REPORT && !status.is_empty())
            .count()
    }

    /// Kind, status and seconds since it was made, of each.
    pub(super) fn told(&self) -> Vec<(&'static str, String, i64)> {
        let told = self.events().into_iter().map(|event| {
            assert_eq!(event.problem, None);
            let kind = match event.kind {
                EventKind::EsimStatus => "status",
                EventKind::EsimUsage => "report",
                other => panic!("{other}"),
            };
            let status = event.status.map(|status| status.to_string());
            let at = event.occurred_at.unwrap();
            (kind, status.unwrap_or_default(), at - MADE)
        });
        told.collect()
    }
}

const NO_USAGE: &str = r#""status":"READY""#;
pub(super) const REPORT: &str = "report";
pub(super) const STATUS: &str = "status";

pub(super) fn told(kind: &'static str, status: &str, at: i64) -> (&'static str, String, i64) {
    (kind, status.to_owned(), at)
}

#[test]
fn an_entry_of_the_history_is_the_event_that_the_webhook_brings() {
    let case = case(
        r#""status":"INSTALLED""#,
        &[("ACTIVATED", 50)],
        r#""status":"ACTIVATED""#,
    );
    let at = MADE + 50;
    let webhook = format!(
        r#"{{"event_category":"esim","event_type":"status","data":{{"timestamp":{at},"iccid":"8944500102198304826","esim_id":"e1","status":"ACTIVATED"}}}}"#
    );
    let webhook = parse(webhook.as_bytes()).unwrap();
    assert_eq!(case.events()[0], webhook);
}

#[test]
fn what_is_left_now_is_later_than_what_a_clock_told_that_was_ahead() {
    let usage = r#""status":"ACTIVATED","allowedData":5000,"remainingData":10"#;
    let mut known = case(r#""status":"INSTALLED""#, &[("ACTIVATED", 50)], usage);
    for (before, at) in [
        (None, NOW),
        (Some(MADE + 50), NOW),
        (Some(NOW), NOW + 1),
        (Some(NOW + 3600), NOW + 3601),
    ] {
        known.known.last_event_at = before;
        let told = known.told();
        assert_eq!(told.last().unwrap().2, at - MADE, "{before:?}: {told:?}");
    }
}

#[test]
fn of_a_travellers_secrets_nothing_is_told() {
    let case = case(r#""status":"INSTALLED""#, &[("INSTALLED", 50)], NO_USAGE);
    let all = case.bodies().join("\n");
    for secret in ["LPA", "SECRET", "1234\"", "12345678", "eid"] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
}

#[test]
fn ready_stands_before_every_finer_word_and_keeps_its_time() {
    let alone = case(r#""status":"READY""#, &[], NO_USAGE);
    assert_eq!(alone.told(), [told(STATUS, "READY", 0)]);
    // It was made some seconds before, and what the entry says of another time is no time.
    let row = format!(r#""status":"READY","updatedAt":{}"#, MADE + 19);
    let changed = case(&row, &[], NO_USAGE);
    assert_eq!(changed.told(), [told(STATUS, "READY", 19)]);
    let row = format!(r#""status":"READY","updatedAt":{}"#, NOW + 86_400);
    let to_come = case(&row, &[], NO_USAGE);
    assert_eq!(to_come.told(), [told(STATUS, "READY", 0)]);
    let after_new = case(r#""status":"READY""#, &[("NEW", 5)], NO_USAGE);
    assert_eq!(after_new.told()[1], told(STATUS, "READY", 5));
    let finer = case(r#""status":"READY""#, &[("DOWNLOADED", 0)], NO_USAGE);
    assert_eq!(finer.told()[1], told(STATUS, "READY", -1));
    let mut known = case(r#""status":"READY""#, &[], NO_USAGE);
    known.known.ready_at = Some(MADE + 77);
    assert_eq!(known.told(), [told(STATUS, "READY", 77)]);
}

#[test]
fn what_the_list_alone_calls_new_is_so_until_anything_else_is_known() {
    let alone = case(r#""status":"NEW""#, &[], NO_USAGE);
    assert_eq!(alone.told(), [told(REPORT, "NEW", 0)]);
    let mut known = case(r#""status":"NEW""#, &[], NO_USAGE);
    known.known.status = Some(Status::Ready);
    known.known.status_since = Some(MADE + 60);
    assert_eq!(known.told(), []);
    let finer = case(r#""status":"NEW""#, &[("DOWNLOADED", 50)], NO_USAGE);
    assert_eq!(finer.told(), [told(STATUS, "DOWNLOADED", 50)]);
}

#[test]
fn an_end_that_only_the_list_knows_counts() {
    let end = MADE + 600;
    let row = format!(
        r#""status":"EXPIRED","expiredAt":{end},"updatedAt":{}"#,
        end + 5
    );
    let expired = case(
        &row,
        &[("ACTIVATED", 50)],
        r#""status":"EXPIRED","startedAt":1795000050"#,
    );
    assert_eq!(expired.told()[1], told(REPORT, "EXPIRED", 600));
    assert!(!expired.telling().contradicts_itself());
    let row = format!(r#""status":"REVOKED","updatedAt":{}"#, MADE + 700);
    let revoked = case(&row, &[("NEW", 0)], NO_USAGE);
    assert_eq!(revoked.told()[1], told(REPORT, "REVOKED", 700));
    // What is in the history is told by it.
    let dated = case(&row, &[("NEW", 0), ("REVOKED", 650)], NO_USAGE);
    assert_eq!(dated.told().len(), 2);
}

#[test]
fn an_end_that_is_older_than_what_happened_is_asked_for_again() {
    let row = format!(
        r#""status":"EXPIRED","expiredAt":{0},"updatedAt":{0}"#,
        MADE + 600
    );
    for (last, is_told) in [
        // It was topped up since; that it is idle or deleted undoes no end, which goes last of what happened.
        ("ACTIVATED", false),
        ("INACTIVE", true),
        ("DELETED", true),
    ] {
        let case = case(&row, &[("ACTIVATED", 50), (last, 900)], NO_USAGE);
        assert!(case.telling().contradicts_itself());
        let ends = case.told().contains(&told(REPORT, "EXPIRED", 900));
        assert_eq!(ends, is_told, "{last}");
        assert_eq!(case.listed_words(), usize::from(is_told), "{last}");
    }
}

#[test]
fn an_end_that_was_undone_is_not_told_again_by_a_list_that_lags() {
    for end in ["REVOKED", "EXPIRED"] {
        let at = MADE + 600;
        for row in [
            format!(r#""status":"{end}","updatedAt":{at},"expiredAt":{at}"#),
            format!(
                r#""status":"{end}","updatedAt":{},"expiredAt":{}"#,
                at + 9,
                NOW + 900
            ),
            format!(r#""status":"{end}""#),
        ] {
            for history in [
                &[("ACTIVATED", 50), (end, 600), ("ACTIVATED", 900)][..],
                &[
                    (end, 600),
                    ("INSTALLED", 900),
                    ("ACTIVATED", 900),
                    ("INACTIVE", 990),
                ],
            ] {
                let case = case(&row, history, NO_USAGE);
                assert!(case.telling().contradicts_itself());
                assert_eq!(case.listed_words(), 0, "{row} {history:?}");
                let periods = case.events().into_iter().map(|event| event.period_end);
                assert!(periods.flatten().all(|end| end > NOW), "{row} {history:?}");
            }
        }
        // A webhook told it, and the history is behind as well.
        let row = format!(r#""status":"{end}","updatedAt":{at},"expiredAt":{at}"#);
        let mut case = case(&row, &[("ACTIVATED", 50)], NO_USAGE);
        case.known.status = Some(Status::Activated);
        case.known.status_since = Some(MADE + 900);
        assert_eq!(case.listed_words(), 0);
    }
    // Another end of the same kind later on counts.
    let row = format!(r#""status":"REVOKED","updatedAt":{}"#, MADE + 950);
    let again = case(&row, &[("REVOKED", 600), ("ACTIVATED", 900)], NO_USAGE);
    assert_eq!(again.told()[2], told(REPORT, "REVOKED", 950));
    // What has no time of its own is no older than anything.
    let row = r#""status":"REVOKED""#;
    let undated = case(row, &[("ACTIVATED", 900)], NO_USAGE);
    assert_eq!(undated.told()[1], told(REPORT, "REVOKED", 900));
}

#[test]
fn an_end_that_was_told_is_told_once_whatever_followed_it_but_life() {
    for (end, history) in [
        (
            "EXPIRED",
            [("ACTIVATED", 50), ("EXPIRED", 600), ("DELETED", 900)],
        ),
        (
            "EXPIRED",
            [("ACTIVATED", 50), ("EXPIRED", 600), ("INACTIVE", 700)],
        ),
        (
            "EXPIRED",
            [("ACTIVATED", 50), ("EXPIRED", 600), ("REVOKED", 900)],
        ),
        (
            "REVOKED",
            [("ACTIVATED", 50), ("REVOKED", 600), ("DELETED", 900)],
        ),
    ] {
        let row = format!(r#""status":"{end}","updatedAt":{}"#, MADE + 900);
        let case = case(&row, &history, NO_USAGE);
        assert_eq!(case.listed_words(), 0, "{history:?}");
    }
}

#[test]
fn a_plan_that_began_after_the_end_of_the_history_runs() {
    let (began, ends) = (MADE + 90_000, NOW + 86_400);
    let row = format!(r#""status":"INSTALLED","updatedAt":{began}"#);
    let usage = |status: &str, began: i64| {
        format!(
            r#""status":"{status}","startedAt":{began},"expiredAt":{ends},"allowedData":1024,"remainingData":1000"#
        )
    };
    let history = [("ACTIVATED", 50), ("EXPIRED", 600)];
    for (usage_says, is_told) in [("ACTIVATED", "ACTIVATED"), ("READY", "INSTALLED")] {
        let refilled = case(&row, &history, &usage(usage_says, began));
        assert!(refilled.told().contains(&told(REPORT, is_told, 90_000)));
        let state = EsimState::fold(refilled.events());
        assert_eq!(state.status_text(), is_told);
        assert_eq!(state.period_end, Some(ends));
        assert_eq!(state.usage.remaining_mb, Some(1000.0));
    }
    // What began before it ended is what ended, if the list has not changed since.
    let row = format!(r#""status":"INSTALLED","updatedAt":{}"#, MADE + 600);
    let over = case(&row, &history, &usage("ACTIVATED", MADE + 50));
    assert_eq!(EsimState::fold(over.events()).status_text(), "EXPIRED");
}

#[test]
fn a_reference_that_is_known_stays_where_no_order_is() {
    let mut case = case(r#""status":"INSTALLED""#, &[("ACTIVATED", 50)], NO_USAGE);
    case.history.reference_id = Some("TOPUP-4".to_owned());
    let reference = |case: &Case| case.events()[0].reference_id.clone();
    assert_eq!(reference(&case).as_deref(), Some("TOPUP-4"));
    case.known.reference_id = Some("SALE-4".to_owned());
    assert_eq!(reference(&case).as_deref(), Some("SALE-4"));
}

#[test]
fn a_reference_is_told_as_it_is_written_and_known_however_that_is() {
    let of = |written: &str| Bought {
        reference_id: Some(written.to_owned()),
        ..Bought::default()
    };
    let mut case = case(r#""status":"INSTALLED""#, &[("ACTIVATED", 50)], NO_USAGE);
    case.listed.bought = vec![of("AG-1006"), of("AG–1007"), of("AG-1008")];
    // Earlier versions knew the one form alone.
    for known in ["AG-1007", "AG–1007"] {
        case.known.reference_id = Some(known.to_owned());
        for event in case.events() {
            assert_eq!(event.reference(), Some("AG–1007"), "{known}");
            assert_eq!(event.reference_id.as_deref(), Some("AG-1007"));
        }
    }
    case.listed.bought = Vec::new();
    assert_eq!(case.events()[0].reference(), Some("AG–1007"));
}

#[test]
fn a_list_that_says_less_than_is_known_says_nothing() {
    let row = format!(r#""status":"INSTALLED","updatedAt":{}"#, MADE + 900);
    for last in [
        "INSTALLED",
        "ACTIVATED",
        "INACTIVE",
        "EXPIRED",
        "DELETED",
        "REVOKED",
    ] {
        let case = case(&row, &[("NEW", 0), (last, 50)], NO_USAGE);
        assert_eq!(case.told().len(), 2, "{last}");
    }
    let mut webhook = case(&row, &[], NO_USAGE);
    webhook.known.status = Some(Status::Expired);
    webhook.known.status_since = Some(MADE + 60);
    assert_eq!(webhook.told(), []);
    // That nobody knew how it was replaces nothing.
    let unknown = case(&row, &[("ACTIVATED", 50), ("UNKNOWN", 90)], NO_USAGE);
    assert_eq!(unknown.told().len(), 2);
    let more = case(&row, &[("NEW", 0)], NO_USAGE);
    assert_eq!(more.told()[1], told(REPORT, "INSTALLED", 900));
}

#[test]
fn only_a_plan_that_runs_has_a_period() {
    let life = MADE + 365 * 86_400;
    let usage = |status: &str| {
        format!(
            r#""status":"{status}","startedAt":{},"expiredAt":{life},"allowedData":1024,"remainingData":1024"#,
            MADE + 50
        )
    };
    for (status, history, runs) in [
        ("NEW", [("NEW", 0)], false),
        ("READY", [("NEW", 0)], false),
        ("INSTALLED", [("DOWNLOADED", 10)], false),
        ("INSTALLED", [("INSTALLED", 10)], false),
        ("REVOKED", [("NEW", 0)], false),
        ("INSTALLED", [("ACTIVATED", 10)], true),
        ("EXPIRED", [("INACTIVE", 10)], true),
    ] {
        let row = format!(r#""status":"{status}","expiredAt":{life}"#);
        let case = case(&row, &history, &usage(status));
        let periods = case.events().into_iter().map(|event| event.period_end);
        let ends: Vec<i64> = periods.flatten().collect();
        assert_eq!(!ends.is_empty(), runs, "{status} {history:?}: {ends:?}");
    }
}

#[test]
fn figures_are_numbers_and_what_stands_for_none_is_left_out() {
    let usage = r#""status":"ACTIVATED","allowedData":"1024","remainingData":307.25,"allowedSms":-1,"remainingSms":-1,"allowedVoice":30,"remainingVoice":0"#;
    let limited = case(
        r#""status":"INSTALLED","data":{"isUnlimited":false}"#,
        &[],
        usage,
    );
    let report: Value = serde_json::from_str(limited.bodies().last().unwrap()).unwrap();
    assert_eq!(
        report["usage_data"],
        serde_json::json!({"isUnlimited": false, "allowed_data": 1024, "remaining_data": 307.25, "allowed_voice": 30, "remaining_voice": 0})
    );
    let endless = r#""status":"ACTIVATED","allowedData":9007199254740991,"remainingData":9007199254740991,"allowedSms":-1"#;
    let endless = case(
        r#""status":"INSTALLED","data":{"isUnlimited":true}"#,
        &[],
        endless,
    );
    let report: Value = serde_json::from_str(endless.bodies().last().unwrap()).unwrap();
    assert_eq!(
        report["usage_data"],
        serde_json::json!({"isUnlimited": true})
    );
}

#[test]
fn a_report_tells_no_status() {
    let usage = r#""status":"INSTALLED","allowedData":1024,"remainingData":7"#;
    let case = case(r#""status":"INSTALLED""#, &[("ACTIVATED", 10)], usage);
    assert_eq!(case.told()[1], told(REPORT, "", NOW - MADE));
}

#[test]
fn orders_bring_reference_package_and_price() {
    let orders = r#"{"status":"success","data":{"orders":[
        {"id":"o1","referenceId":"TRIP-1","orderType":"purchase","status":"completed","createdAt":1795000000,
         "items":[{"esimId":"E1-other","packageId":"p","package":"x"},
                  {"esimId":"e1","packageId":"esim-japan","package":"3 GB - 7 Days","type":"esim","price":"4.50","currency":"EUR"}]},
        {"id":"o2","referenceId":"","orderType":"topup","createdAt":1795000500,
         "items":[{"esimId":"e1","packageId":"esim-japan-2","package":"1 GB","type":"topup","price":2,"currency":"EUR"}]}]}}"#;
    let shapes::OrderList {
        count,
        items,
        unreadable,
        ..
    } = shapes::orders(orders.as_bytes()).unwrap();
    assert_eq!((count, unreadable), (2, false));
    let mut case = case(r#""status":"NEW""#, &[], NO_USAGE);
    let its = items.into_iter().filter(|item| item.esim_id == "e1");
    case.listed.bought = its.filter_map(|item| item.bought).collect();
    let report: Value = serde_json::from_str(case.bodies().last().unwrap()).unwrap();
    assert_eq!(report["reference_id"], "TRIP-1");
    assert_eq!(report["package_name"], "1 GB");
    assert_eq!(report["price"], 2);
    assert_eq!(report["currency"], "EUR");
    // A reference that is known stays while an order has it, and no other takes its place.
    case.known.reference_id = Some("TRIP-1".to_owned());
    let event = parse(case.bodies().last().unwrap().as_bytes()).unwrap();
    assert_eq!(event.reference_id.as_deref(), Some("TRIP-1"));
}

#[test]
fn the_end_of_a_profiles_life_is_what_one_that_nobody_installed_shows_and_no_other() {
    const LIFE: i64 = MADE + 365 * 86_400;
    let ends = |status: &str, history: &[(&str, i64)], known: Option<Status>| {
        let row = format!(r#""status":"{status}","expiredAt":{LIFE}"#);
        let mut case = case(&row, history, NO_USAGE);
        case.known.status = known;
        case.telling().life_ends_at()
    };
    assert_eq!(ends("NEW", &[("NEW", 0)], None), Some(LIFE));
    assert_eq!(ends("READY", &[], Some(Status::Ready)), Some(LIFE));
    assert_eq!(ends("READY", &[("DOWNLOADED", 9)], None), Some(LIFE));
    // Its plan may run: then it is the plan's end.
    assert_eq!(ends("INSTALLED", &[("INSTALLED", 9)], None), None);
    // The list lags behind.
    assert_eq!(ends("READY", &[("ACTIVATED", 9)], None), None);
    assert_eq!(ends("READY", &[], Some(Status::Activated)), None);
    assert_eq!(ends("EXPIRED", &[("NEW", 0)], None), None);
}
