//! When alerts are shown, and which are shown together.
//!
//! A desk that is shown more than it can read switches the notifications off: there are never more than
//! [`MAX_NOTICES_PER_WINDOW`] in a minute. Two are shown alone, at once; the third tells everything else that comes
//! about then. What quiet hours, muting or an absence held back is one digest at their end. Whatever
//! is acknowledged or over before it was shown is not shown.

mod notice;
mod quiet;
mod summary;

use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};

use super::{AlertSettings, Severity};
use crate::catalogue::SharedLanguage;
use notice::notice_of;
pub use notice::{Notice, NoticeKind, Opens, Waiting};

/// Most notices in any [`WINDOW_MS`].
const MAX_NOTICES_PER_WINDOW: usize = 3;

/// The time in which they are counted.
const WINDOW_MS: i64 = 60_000;

/// How long what is told together is gathered.
const GATHER_MS: i64 = 3_000;

/// Holds what is to be shown until its time comes. Told the time with every call, in UTC
/// milliseconds.
#[derive(Debug)]
pub struct Notifier {
    settings: AlertSettings,
    language: SharedLanguage,
    /// By the alert's row.
    held: BTreeMap<i64, Held>,
    /// When the last [`MAX_NOTICES_PER_WINDOW`] notices were shown.
    shown: VecDeque<i64>,
    /// When what is gathered may be shown.
    gathered_at: i64,
    /// The latest time that was told.
    clock: i64,
}

#[derive(Debug)]
struct Held {
    alert: Waiting,
    group: Group,
}

/// With what others an alert is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    /// With none, if it can be shown at once.
    Fresh,
    /// With everything that comes within [`GATHER_MS`] or until a notice may be shown again.
    Gathered,
    /// With everything that was held back while nobody was to be disturbed.
    Quiet,
    /// With everything that came while the program or the user was away.
    Away,
}

impl Notifier {
    /// With nothing to show yet. Quiet hours are by the clock there.
    #[must_use]
    pub fn new(settings: AlertSettings, language: SharedLanguage) -> Self {
        Notifier {
            settings,
            language,
            held: BTreeMap::new(),
            shown: VecDeque::new(),
            gathered_at: i64::MIN,
            clock: i64::MIN,
        }
    }

    /// Takes other quiet hours, or another end of muting, from now on.
    pub fn set_settings(&mut self, settings: AlertSettings) {
        self.settings = settings;
    }

    /// Takes an alert that was just raised. One that waits already is replaced, and keeps its place.
    pub fn offer(&mut self, alert: Waiting, now_ms: i64) {
        self.tick(now_ms);
        self.hold(alert, Group::Fresh);
    }

    /// Lets go of an alert that was acknowledged, snoozed or cleared before it was shown.
    pub fn withdraw(&mut self, id: i64) {
        self.held.remove(&id);
    }

    /// Takes what was raised before a restart or during an absence and never shown.
    pub fn resume(&mut self, alerts: Vec<Waiting>, now_ms: i64) {
        self.tick(now_ms);
        for alert in alerts {
            self.hold(alert, Group::Away);
        }
    }

    /// What is to be shown now, most urgent first. Every alert comes out once, in one notice.
    pub fn due(&mut self, now_ms: i64) -> Vec<Notice> {
        self.tick(now_ms);
        let is_quiet = quiet::until(&self.settings, &self.language.locale().zone, now_ms).is_some();
        if is_quiet {
            for held in self.held.values_mut() {
                if !held.alert.breaks_quiet {
                    held.group = Group::Quiet;
                }
            }
        }
        let mut notices = Vec::new();
        while self.shown_lately(now_ms) < MAX_NOTICES_PER_WINDOW
            && let Some(notice) = self.next(is_quiet, now_ms)
        {
            self.shown.push_back(now_ms);
            while self.shown.len() > MAX_NOTICES_PER_WINDOW {
                self.shown.pop_front();
            }
            notices.push(notice);
        }
        self.gather(now_ms);
        notices
    }

    /// When [`Self::due`] has to be asked again, UTC milliseconds; `None`: not before the next offer.
    #[must_use]
    pub fn next_at(&self, now_ms: i64) -> Option<i64> {
        if now_ms < self.clock && !self.held.is_empty() {
            return Some(now_ms);
        }
        let quiet_until = quiet::until(&self.settings, &self.language.locale().zone, now_ms);
        let slot_at = match self.shown.front() {
            Some(first) if self.shown_lately(now_ms) >= MAX_NOTICES_PER_WINDOW => {
                first.saturating_add(WINDOW_MS + 1)
            }
            _ => now_ms,
        };
        let times = self
            .held
            .values()
            .map(|held| match (held.group, quiet_until) {
                (Group::Quiet, Some(until)) => until,
                (_, Some(until)) if !held.alert.breaks_quiet => until,
                (Group::Fresh, _) => now_ms,
                (Group::Gathered, _) => slot_at.max(self.gathered_at),
                (Group::Quiet | Group::Away, _) => slot_at,
            });
        times.min()
    }

    fn hold(&mut self, alert: Waiting, group: Group) {
        let group = self.held.get(&alert.id).map_or(group, |held| held.group);
        self.held.insert(alert.id, Held { alert, group });
    }

    /// Takes note of the time. If the clock was put back, no time has passed: what was shown a
    /// moment ago was shown a moment ago, and doesn't lie in the future and block for ever.
    fn tick(&mut self, now_ms: i64) {
        if now_ms < self.clock {
            let back = self.clock.saturating_sub(now_ms);
            for shown in &mut self.shown {
                *shown = shown.saturating_sub(back);
            }
            self.gathered_at = self.gathered_at.saturating_sub(back);
        }
        self.clock = now_ms;
    }

    fn shown_lately(&self, now_ms: i64) -> usize {
        let lately = |shown: &&i64| now_ms.saturating_sub(**shown) <= WINDOW_MS;
        self.shown.iter().filter(lately).count()
    }

    /// Takes out what comes next if a notice may be shown now.
    fn next(&mut self, is_quiet: bool, now_ms: i64) -> Option<Notice> {
        let lately = self.shown_lately(now_ms);
        let gathering = self.most_severe(Group::Gathered).is_some();
        let single = match !gathering && lately + 1 < MAX_NOTICES_PER_WINDOW {
            true => self.most_severe(Group::Fresh),
            false => None,
        };
        let gathered = match self.gathered_at <= now_ms {
            true => self.most_severe(Group::Gathered),
            false => None,
        };
        let quiet = match is_quiet {
            true => None,
            false => self.most_severe(Group::Quiet),
        };
        let (_, group) = [
            (self.most_severe(Group::Away), Group::Away),
            (quiet, Group::Quiet),
            (gathered, Group::Gathered),
            (single, Group::Fresh),
        ]
        .into_iter()
        .filter_map(|(severity, group)| Some((severity?, group)))
        .max_by_key(|(severity, _)| *severity)?;
        let locale = self.language.locale();
        let now = now_ms.div_euclid(1000);
        Some(match group {
            Group::Fresh => {
                let urgent = |held: &&Held| {
                    (
                        Reverse(held.alert.rule.severity()),
                        held.alert.raised_at_ms,
                        held.alert.id,
                    )
                };
                let fresh = self.held.values().filter(|held| held.group == Group::Fresh);
                let id = fresh.min_by_key(urgent)?.alert.id;
                let alert = self.held.remove(&id)?.alert;
                notice_of(&locale, now, vec![alert], NoticeKind::Single, None)
            }
            Group::Gathered => {
                let alerts = self.take(|held| matches!(held.group, Group::Gathered | Group::Fresh));
                notice_of(&locale, now, alerts, NoticeKind::Summary, None)
            }
            Group::Quiet => {
                let alerts = self.take(|held| held.group == group);
                notice_of(
                    &locale,
                    now,
                    alerts,
                    NoticeKind::Digest,
                    Some("digest.quiet"),
                )
            }
            Group::Away => {
                let alerts = self.take(|held| held.group == group);
                notice_of(
                    &locale,
                    now,
                    alerts,
                    NoticeKind::Digest,
                    Some("digest.away"),
                )
            }
        })
    }

    /// What could not be shown alone is gathered from now on.
    fn gather(&mut self, now_ms: i64) {
        let gathering = self.most_severe(Group::Gathered).is_some();
        for held in self.held.values_mut() {
            if held.group == Group::Fresh {
                held.group = Group::Gathered;
                if !gathering {
                    self.gathered_at = now_ms.saturating_add(GATHER_MS);
                }
            }
        }
    }

    fn most_severe(&self, group: Group) -> Option<Severity> {
        let of_group = self.held.values().filter(|held| held.group == group);
        of_group.map(|held| held.alert.rule.severity()).max()
    }

    fn take(&mut self, wanted: impl Fn(&Held) -> bool) -> Vec<Waiting> {
        let taken = self.held.extract_if(.., |_, held| wanted(held));
        taken.map(|(_, held)| held.alert).collect()
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
