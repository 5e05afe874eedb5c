//! Whatever happens: no alert is lost or shown twice, no minute is too full, no quiet is broken.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;

use jiff::tz::TimeZone;

use super::super::{Quiet, Rule, Text};
use super::*;
use crate::message::Message;

/// 27 November 2025, 08:00:00 UTC.
const START: i64 = 1_764_230_400_000;

/// Quiet hours hold nothing back for longer than this.
const LONGEST: i64 = 3 * 86_400_000;

#[derive(Debug, Clone)]
enum Step {
    /// That many alerts of this rule (by its place among all).
    Offer(usize, usize),
    Resume(usize, usize),
    /// The alert this far behind the newest.
    Withdraw(i64),
    /// Time passes, in milliseconds; `due` is asked whenever `next_at` said.
    Wait(i64),
    /// The wall clock is set, by so many milliseconds.
    SetClock(i64),
    Quiet(Option<(u16, u16)>),
    /// For so many seconds.
    Mute(Option<i64>),
}

fn step() -> impl Strategy<Value = Step> {
    let rules = 0..Rule::ALL.len();
    prop_oneof![
        6 => (rules.clone(), 1..4_usize).prop_map(|(rule, count)| Step::Offer(rule, count)),
        1 => (rules.clone(), 5..60_usize).prop_map(|(rule, count)| Step::Offer(rule, count)),
        1 => (rules, 0..6_usize).prop_map(|(rule, count)| Step::Resume(rule, count)),
        3 => (0..20_i64).prop_map(Step::Withdraw),
        6 => (0..5_000_i64).prop_map(Step::Wait),
        3 => (0..70_000_i64).prop_map(Step::Wait),
        1 => (0..90_000_000_i64).prop_map(Step::Wait),
        1 => (-100_000_000..100_000_000_i64).prop_map(Step::SetClock),
        1 => proptest::option::of((0..1440_u16, 0..1440_u16)).prop_map(Step::Quiet),
        1 => proptest::option::of(0..100_000_i64).prop_map(Step::Mute),
    ]
}

/// Runs a notifier the way the program does, and keeps account of what it shows.
struct Desk {
    notifier: Notifier,
    settings: AlertSettings,
    /// What really passed, milliseconds; no clock setting touches it.
    passed: i64,
    /// What the wall clock shows.
    wall: i64,
    last_id: i64,
    /// What waits to be shown, and whether it breaks through.
    owed: BTreeMap<i64, bool>,
    ever_shown: BTreeSet<i64>,
    shown_at: Vec<i64>,
    critical: BTreeSet<i64>,
    critical_at: Vec<i64>,
}

impl Desk {
    fn new() -> Desk {
        let settings = AlertSettings::default();
        Desk {
            notifier: Notifier::new(settings.clone(), zone().into()),
            settings,
            passed: 0,
            wall: START,
            last_id: 0,
            owed: BTreeMap::new(),
            ever_shown: BTreeSet::new(),
            shown_at: Vec::new(),
            critical: BTreeSet::new(),
            critical_at: Vec::new(),
        }
    }

    fn alerts(&mut self, rule: usize, count: usize) -> Vec<Waiting> {
        let rule = Rule::ALL[rule];
        (0..count)
            .map(|_| {
                self.last_id += 1;
                let breaks_quiet = AlertSettings::default().of(rule).breaks_quiet;
                self.owed.insert(self.last_id, breaks_quiet);
                if rule.severity() == Severity::Critical {
                    self.critical.insert(self.last_id);
                }
                Waiting {
                    id: self.last_id,
                    rule,
                    esim: Some(self.last_id / 2),
                    since: self.wall / 1000,
                    raised_at_ms: self.wall,
                    text: Text {
                        title: Message::of("Title"),
                        body: vec![Message::of("Body.")],
                    },
                    opens: Opens::Alerts,
                    breaks_quiet,
                    late: self.last_id % 5 == 0,
                    currency: None,
                    party: (self.last_id % 3 == 0).then(|| Party {
                        reference: format!("order-{}", self.last_id % 2),
                        title: Message::of("Order"),
                        esims: 12,
                    }),
                }
            })
            .collect()
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Offer(rule, count) => {
                for alert in self.alerts(rule, count) {
                    self.notifier.offer(alert, self.wall);
                }
                self.ask();
            }
            Step::Resume(rule, count) => {
                let alerts = self.alerts(rule, count);
                self.notifier.resume(alerts, self.wall);
                self.ask();
            }
            Step::Withdraw(behind) => {
                self.notifier.withdraw(self.last_id - behind);
                self.owed.remove(&(self.last_id - behind));
            }
            Step::Wait(time) => self.wait(time),
            Step::SetClock(by) => {
                // Put forward, the clock says that the minute is over; nobody can know better.
                if by > 0 {
                    self.shown_at.clear();
                    self.critical_at.clear();
                }
                self.wall += by;
                self.ask();
            }
            Step::Quiet(hours) => {
                let hours = hours.filter(|(from, to)| from != to);
                self.settings.quiet = hours.map(|(from_minute, to_minute)| Quiet {
                    from_minute,
                    to_minute,
                });
                self.set();
            }
            Step::Mute(seconds) => {
                self.settings.muted_until = seconds.map(|seconds| self.wall / 1000 + seconds);
                self.set();
            }
        }
    }

    fn set(&mut self) {
        self.notifier.set_settings(self.settings.clone());
        self.ask();
    }

    fn wait(&mut self, time: i64) {
        let end = self.wall + time;
        while let Some(next) = self.notifier.next_at(self.wall).filter(|next| *next <= end) {
            self.pass(next - self.wall);
            self.ask();
        }
        self.pass(end - self.wall);
    }

    fn pass(&mut self, time: i64) {
        assert!(time >= 0);
        self.wall += time;
        self.passed += time;
    }

    fn ask(&mut self) {
        let notices = self.notifier.due(self.wall);
        let is_quiet = quiet::until(&self.settings, &zone(), self.wall).is_some();
        for notice in notices {
            self.shown_at.push(self.passed);
            let counted = self
                .shown_at
                .iter()
                .filter(|at| self.passed - **at <= 60_000);
            assert!(counted.count() <= 3, "more than three in a minute");
            assert!(!notice.alerts.is_empty());
            assert_eq!(notice.alerts.len() == 1, notice.kind == NoticeKind::Single);
            self.critical_at.extend(
                notice
                    .alerts
                    .iter()
                    .any(|id| self.critical.contains(id))
                    .then_some(self.passed),
            );
            let ordinary = self
                .shown_at
                .iter()
                .filter(|at| self.passed - **at <= 60_000)
                .count();
            assert!(
                ordinary <= 2
                    || self
                        .critical_at
                        .iter()
                        .any(|at| self.passed - *at <= 60_000),
                "the last place is taken"
            );
            for id in notice.alerts {
                let breaks_quiet = self.owed.remove(&id);
                assert!(breaks_quiet.is_some(), "{id} was withdrawn or shown before");
                assert!(
                    !is_quiet || breaks_quiet == Some(true),
                    "{id} breaks the quiet"
                );
                assert!(self.ever_shown.insert(id));
            }
        }
        let next = self.notifier.next_at(self.wall);
        assert!(
            next.is_none_or(|next| next > self.wall),
            "asks again at once"
        );
        assert_eq!(
            next.is_none(),
            self.owed.is_empty(),
            "nothing waits for nothing"
        );
    }
}

fn zone() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
}

proptest! {
    #[test]
    fn every_alert_is_shown_once_and_in_its_time(steps in vec(step(), 1..80)) {
        let mut desk = Desk::new();
        for step in steps {
            desk.take(step);
        }
        // Muted by a clock that was put back since, it may last; the user ends that at last.
        desk.wait(LONGEST);
        if desk.settings.muted_until.is_none() {
            prop_assert!(desk.owed.is_empty(), "{:?} were never shown", desk.owed);
        }
        desk.take(Step::Quiet(None));
        desk.take(Step::Mute(None));
        // The activations of an order are gathered, and ordinary notices have two places.
        desk.wait(6 * 61_000);
        prop_assert!(desk.owed.is_empty(), "{:?} were never shown", desk.owed);
    }
}
