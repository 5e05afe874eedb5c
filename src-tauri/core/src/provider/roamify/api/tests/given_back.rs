//! An eSIM that lives again after its end, although no history tells it.

use super::telling::{Case, MADE, NOW, REPORT, case, told};
use super::*;
use crate::esim::EsimState;
use crate::event::{Bought, Event};

const DAY: i64 = 86_400;

/// When it ended, seconds since it was made.
const ENDED: i64 = 600_000;

/// When its entry in the list changed after that, seconds since it was made.
const CHANGED: i64 = 800_000;

fn row(updated: i64, ends: i64) -> String {
    let updated = MADE + updated;
    format!(r#""status":"INSTALLED","updatedAt":{updated},"expiredAt":{ends}"#)
}

fn usage(status: &str, ends: i64) -> String {
    let started = MADE + 50;
    format!(
        r#""status":"{status}","startedAt":{started},"expiredAt":{ends},"allowedData":10240,"remainingData":5000"#
    )
}

const NO_USAGE: &str = r#""iccid":"x""#;

/// It ended like this: dated in the history, or known to the desk alone.
fn ended(end: &str, dated: bool, row: &str, usage: &str) -> Case {
    let history = [("ACTIVATED", 50), (end, ENDED)];
    let shown = if dated { &history[..] } else { &history[..1] };
    let mut case = case(row, shown, usage);
    case.known.status = Some(Status::from_text(end));
    case.known.status_since = Some(MADE + ENDED);
    case.known.was_used = true;
    case
}

impl Case {
    fn topped_up(mut self, at: i64) -> Case {
        let bought = |name: &str, top_up: bool, at: i64| Bought {
            package_name: Some(name.to_owned()),
            top_up,
            at: Some(MADE + at),
            ..Bought::default()
        };
        let all = [("3 GB", false, 0), ("10 GB", true, at)];
        self.listed.bought = all
            .map(|(name, top_up, at)| bought(name, top_up, at))
            .into();
        self
    }

    /// What a desk has that knew of the end, and when it was to be.
    fn desk(&self, end: &str) -> EsimState {
        let known = |kind: &str, status: &str, at: i64| {
            let body = format!(
                r#"{{"event_category":"esim","event_type":"{kind}","timestamp":{},"esim_id":"e1","start":{},"end":{},"status":"{status}"}}"#,
                MADE + at,
                MADE + 50,
                MADE + ENDED,
            );
            crate::provider::parse(body.as_bytes()).unwrap()
        };
        let before = [known("status", "ACTIVATED", 50), known("usage", end, ENDED)];
        let mut events: Vec<Event> = before.into();
        events.extend(self.events());
        let state = EsimState::fold(events.clone());
        events.reverse();
        assert_eq!(EsimState::fold(events), state);
        state
    }
}

#[test]
fn what_the_list_usage_or_orders_say_of_later_times_takes_an_end_back() {
    let ahead = NOW + 5 * DAY;
    for end in ["EXPIRED", "REVOKED"] {
        for dated in [true, false] {
            let of = |usage: &str| ended(end, dated, &row(CHANGED, ahead), usage);
            let unknown_start = usage("ACTIVATED", ahead).replace(&(MADE + 50).to_string(), "null");
            for (status, left, case) in [
                ("ACTIVATED", Some(5000.0), of(&usage("ACTIVATED", ahead))),
                ("ACTIVATED", Some(5000.0), of(&unknown_start)),
                ("INSTALLED", Some(5000.0), of(&usage("INACTIVE", ahead))),
                ("ACTIVATED", None, of(r#""iccid":"x","status":"ACTIVATED""#)),
                ("INSTALLED", None, of(NO_USAGE).topped_up(CHANGED - 9)),
                // Usage that lags behind what was bought.
                (
                    "INSTALLED",
                    None,
                    of(&usage(end, MADE + ENDED)).topped_up(CHANGED - 9),
                ),
                (
                    "INSTALLED",
                    None,
                    of(&usage("ACTIVATED", MADE + ENDED)).topped_up(CHANGED - 9),
                ),
            ] {
                let all = case.told();
                assert!(all.contains(&told(REPORT, status, CHANGED)), "{all:?}");
                let state = case.desk(end);
                assert_eq!(state.status_text(), status, "{end} {dated} {all:?}");
                assert_eq!(state.status_since, Some(MADE + CHANGED));
                assert_eq!(state.period_end, Some(ahead), "{end} {dated} {all:?}");
                assert_eq!(state.period_start, Some(MADE + 50));
                assert_eq!(state.usage.remaining_mb, left, "{end} {dated} {all:?}");
                let package = case.listed.bought.last().map(|_| "10 GB");
                assert_eq!(state.usage.package_name.as_deref(), package);
            }
        }
    }
}

#[test]
fn it_lives_again_however_soon_after_its_end() {
    let ahead = NOW + 5 * DAY;
    for end in ["EXPIRED", "REVOKED"] {
        for after in [1, 60, 3_000] {
            let usage = usage("ACTIVATED", ahead);
            let case = ended(end, true, &row(ENDED + after, ahead), &usage);
            assert_eq!(case.desk(end).status_text(), "ACTIVATED", "{end} {after}");
        }
    }
}

#[test]
fn an_end_stays_where_the_list_may_lag_or_nothing_bears_it_out() {
    let (ahead, passed) = (NOW + 5 * DAY, MADE + ENDED);
    for end in ["EXPIRED", "REVOKED"] {
        for dated in [true, false] {
            let of = |row: &str, usage: &str| ended(end, dated, row, usage);
            let changed = row(CHANGED, ahead);
            let runs = usage("ACTIVATED", ahead);
            let no_time = format!(r#""status":"INSTALLED","expiredAt":{ahead}"#);
            for case in [
                // The list may lag behind: its entry is no later than the end, has no time, or one that can't be.
                of(&row(ENDED, ahead), &runs).topped_up(CHANGED),
                of(&row(ENDED - 9, ahead), &runs),
                of(&row(NOW - MADE + DAY, ahead), &runs),
                of(&no_time, &runs),
                // Usage contradicts it, or says nothing, and nothing was bought since.
                of(&changed, &usage(end, ahead)),
                of(&changed, &usage("ACTIVATED", passed)),
                of(&changed, &usage("INSTALLED", passed)),
                of(&changed, &usage(end, passed)).topped_up(ENDED - 9),
                of(&changed, NO_USAGE),
            ] {
                assert_eq!(case.listed_words(), 0, "{end} {:?}", case.told());
            }
        }
    }
    // What was removed from its device is on it no more, whatever was bought.
    let deleted = ended("DELETED", true, &row(CHANGED, ahead), NO_USAGE);
    assert_eq!(deleted.topped_up(CHANGED - 9).listed_words(), 0);
}

#[test]
fn a_plan_that_ran_between_two_ends_of_the_history_is_known_with_its_dates() {
    let (started, over) = (ENDED + 30_000, CHANGED);
    let history = [
        ("ACTIVATED", 50),
        ("EXPIRED", ENDED),
        ("EXPIRED", over + 60),
    ];
    let listed = format!(
        r#""status":"EXPIRED","updatedAt":{},"expiredAt":{}"#,
        MADE + over + 60,
        MADE + over
    );
    let usage = usage("EXPIRED", MADE + over)
        .replace(&(MADE + 50).to_string(), &(MADE + started).to_string());
    let case = case(&listed, &history, &usage);
    assert!(case.told().contains(&told(REPORT, "ACTIVATED", started)));
    let state = EsimState::fold(case.events());
    assert_eq!(state.status_text(), "EXPIRED");
    assert_eq!(state.status_since, Some(MADE + over + 60));
    assert_eq!(state.period_start, Some(MADE + started));
    assert_eq!(state.period_end, Some(MADE + over));
}

#[test]
fn it_is_told_once_and_another_end_is_one() {
    let ahead = NOW + 5 * DAY;
    for end in ["EXPIRED", "REVOKED"] {
        for dated in [true, false] {
            let usage = usage("ACTIVATED", ahead);
            let mut again = ended(end, dated, &row(CHANGED + 90, ahead), &usage);
            again.known.status = Some(Status::Activated);
            again.known.status_since = Some(MADE + CHANGED);
            assert_eq!(again.listed_words(), 0, "{:?}", again.told());
            // An old entry of the list takes it not back.
            again.listed.status = Some(Status::from_text(end));
            again.listed.updated_at = Some(MADE + ENDED);
            again.listed.ends_at = Some(MADE + ENDED);
            assert_eq!(again.listed_words(), 0, "{:?}", again.told());
            // A new one does.
            again.listed.updated_at = Some(MADE + CHANGED + 990);
            again.listed.ends_at = Some(MADE + CHANGED + 990);
            let all = again.told();
            assert!(all.contains(&told(REPORT, end, CHANGED + 990)), "{all:?}");
        }
    }
    // Also where the last word since is that it was idle.
    let listed = format!(
        r#""status":"EXPIRED","updatedAt":{0},"expiredAt":{0}"#,
        MADE + CHANGED + 990
    );
    let history = [
        ("ACTIVATED", 50),
        ("EXPIRED", ENDED),
        ("INACTIVE", CHANGED + 9),
    ];
    let idle = case(&listed, &history, NO_USAGE);
    let all = idle.told();
    assert!(
        all.contains(&told(REPORT, "EXPIRED", CHANGED + 990)),
        "{all:?}"
    );
}
