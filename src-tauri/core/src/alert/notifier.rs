//! When alerts are shown, and which are shown together.
//!
//! A desk that is shown more than it can read switches the notifications off: there are never more than
//! [`MAX_NOTICES_PER_WINDOW`] in a minute, and the last of these places is kept for what is critical. Two are shown alone,
//! at once; what else comes about then is told together. What happens to the eSIMs of one order at about the same time is
//! told together as well. What quiet hours, muting or an absence held back is one digest at their end. Whatever
//! is acknowledged or over before it was shown is not shown.

mod away;
mod notice;
mod quiet;
mod summary;

use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};

use super::{About, AlertSettings, Rule, Severity};
use crate::catalogue::SharedLanguage;
use crate::message::Message;
pub use away::Away;
pub use notice::{Notice, NoticeKind, Opens, Party, Waiting};
pub use quiet::quiet_from;
use summary::notice_of;

/// Most notices in any [`WINDOW_MS`].
const MAX_NOTICES_PER_WINDOW: usize = 3;

/// Most of them that tell nothing critical.
const MAX_ORDINARY_PER_WINDOW: usize = MAX_NOTICES_PER_WINDOW - 1;

/// The time in which they are counted.
const WINDOW_MS: i64 = 60_000;

/// How long what is told together is gathered.
const GATHER_MS: i64 = 3_000;

/// How long a warning waits of what was told long after it happened: where a history is sent again from its beginning, the
/// next event may answer it.
const LATE_WAITS_MS: i64 = 90_000;

/// How long the activations of one order are.
const GATHER_ACTIVATIONS_MS: i64 = 3 * 60_000;

/// Holds what is to be shown until its time comes. Told the time with every call, in UTC
/// milliseconds.
#[derive(Debug)]
pub struct Notifier {
    settings: AlertSettings,
    language: SharedLanguage,
    /// By the alert's row.
    held: BTreeMap<i64, Held>,
    /// When the last [`MAX_NOTICES_PER_WINDOW`] notices were shown, and how grave they were.
    shown: VecDeque<(i64, Severity)>,
    /// When what is gathered may be shown.
    gathered_at: i64,
    /// Until when what happened in an absence is gathered: it is not all known yet.
    away_until: i64,
    /// Of what is critical only what began by then, UTC seconds.
    away_began_by: i64,
    /// The absence that was last.
    absence: Away,
    /// How many eSIMs the first catch-up ever has found, if what is told is what that found; `None`: it is not.
    beginning: Option<i64>,
    /// The latest time that was told.
    clock: i64,
}

#[derive(Debug)]
struct Held {
    alert: Waiting,
    group: Group,
    /// Until when it waits in [`Group::Late`], or for others of its order in [`Group::Party`].
    ready_at: i64,
}

impl Held {
    /// What it is told together with, if it is not critical: others under the same rule for the same order.
    fn party(&self) -> Option<(&str, Rule)> {
        let alert = &self.alert;
        let ordinary = alert.rule.severity() < Severity::Critical;
        let party = alert.party.as_ref().filter(|_| ordinary)?;
        Some((&party.reference, alert.rule))
    }
}

/// With what others an alert is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    /// With none, or those of its order, if nothing ended it in a moment.
    Late,
    /// With others of its order that come within some seconds or minutes.
    Party,
    /// With none, or those of its order, if it can be shown at once.
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
            away_until: i64::MIN,
            away_began_by: i64::MAX,
            absence: Away::default(),
            beginning: None,
            clock: i64::MIN,
        }
    }

    /// Tells all that concerns eSIMs and the account together with what happened in an absence, after so many milliseconds from
    /// now on (UTC milliseconds) or when this is called again. `began_by`: what is critical and began later (UTC seconds) is
    /// told at once.
    pub fn gather_away(&mut self, now_ms: i64, for_ms: i64, began_by: i64) {
        self.tick(now_ms);
        self.away_until = now_ms.saturating_add(for_ms);
        self.away_began_by = began_by;
    }

    /// Whether what happened in an absence is told now.
    #[must_use]
    pub fn tells_of_absence(&self, now_ms: i64) -> bool {
        let away = self.held.values().any(|held| held.group == Group::Away);
        away && self.away_until <= now_ms
    }

    /// What happened in an absence is told with its receipt, by when the absence began (UTC milliseconds); `None`: there is
    /// no receipt.
    pub fn set_absence(&mut self, absence: Away) {
        self.absence = absence;
    }

    /// What is told together is what the first catch-up ever has found, which knows so many eSIMs: nobody was away. `None`: it is
    /// not.
    pub fn set_beginning(&mut self, esims: Option<i64>) {
        self.beginning = esims;
    }

    /// Takes other quiet hours, or another end of muting, from now on.
    pub fn set_settings(&mut self, settings: AlertSettings) {
        self.settings = settings;
    }

    /// Takes an alert that was just raised. One that waits already is replaced, and keeps its place.
    pub fn offer(&mut self, alert: Waiting, now_ms: i64) {
        self.tick(now_ms);
        let group = match alert.rule.about() {
            About::Esim | About::Account if now_ms < self.away_until && !self.cuts_in(&alert) => {
                Group::Away
            }
            _ => Group::Fresh,
        };
        self.hold(alert, group, now_ms);
    }

    /// Whether it is not told together with what happened in an absence.
    fn cuts_in(&self, alert: &Waiting) -> bool {
        alert.rule.severity() == Severity::Critical && alert.since > self.away_began_by
    }

    /// Whether this alert waits.
    #[must_use]
    pub fn holds(&self, id: i64) -> bool {
        self.held.contains_key(&id)
    }

    /// The alerts that wait and that [`Self::due`] might show.
    #[must_use]
    pub fn might_show(&self, now_ms: i64) -> Vec<i64> {
        let is_quiet = self.is_quiet(now_ms);
        let might = |held: &&Held| held.alert.breaks_quiet || !is_quiet;
        let alerts = self.held.values().filter(might);
        alerts.map(|held| held.alert.id).collect()
    }

    fn is_quiet(&self, now_ms: i64) -> bool {
        quiet::until(&self.settings, &self.language.locale().zone, now_ms).is_some()
    }

    /// Lets go of an alert that was acknowledged, snoozed or cleared before it was shown.
    pub fn withdraw(&mut self, id: i64) {
        self.held.remove(&id);
    }

    /// Takes what was raised before a restart or during an absence and never shown. What waited for others when the computer
    /// fell asleep is told with what happened since, if that is told together.
    pub fn resume(&mut self, alerts: Vec<Waiting>, now_ms: i64) {
        self.tick(now_ms);
        for alert in alerts {
            let id = alert.id;
            // Whoever is deaf must not wait to say so until all that was missed is known.
            if alert.rule.about() == About::Program {
                self.hold(alert, Group::Fresh, now_ms);
                continue;
            }
            self.hold(alert, Group::Away, now_ms);
            if let Some(held) = self.held.get_mut(&id) {
                held.group = Group::Away;
            }
        }
    }

    /// What is to be shown now, most urgent first. Every alert comes out once, in one notice.
    pub fn due(&mut self, now_ms: i64) -> Vec<Notice> {
        self.tick(now_ms);
        let is_quiet = self.is_quiet(now_ms);
        for held in self.held.values_mut() {
            held.group = match held.group {
                _ if is_quiet && !held.alert.breaks_quiet => Group::Quiet,
                // It may break through by now.
                Group::Quiet if is_quiet => Group::Fresh,
                Group::Late | Group::Party if held.ready_at <= now_ms => Group::Fresh,
                group => group,
            };
        }
        let mut notices = Vec::new();
        while let Some((notice, severity)) = self.next(is_quiet, now_ms) {
            self.shown.push_back((now_ms, severity));
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
        let place_at = |group| {
            let severity = self.most_severe(group).unwrap_or(Severity::Info);
            self.place_at(severity, now_ms)
        };
        let (gathered, quiet, away) = (
            place_at(Group::Gathered).max(self.gathered_at),
            place_at(Group::Quiet),
            place_at(Group::Away).max(self.away_until),
        );
        let times = self
            .held
            .values()
            .map(|held| match (held.group, quiet_until) {
                (Group::Quiet, Some(until)) if !held.alert.breaks_quiet => until,
                (Group::Quiet, Some(_)) => now_ms,
                (_, Some(until)) if !held.alert.breaks_quiet => until,
                (Group::Fresh, _) => now_ms,
                (Group::Late | Group::Party, _) => held.ready_at.max(now_ms),
                (Group::Gathered, _) => gathered,
                (Group::Quiet, _) => quiet,
                (Group::Away, _) => away,
            });
        times.min()
    }

    /// Holds it in this group, or where it is held already.
    fn hold(&mut self, alert: Waiting, group: Group, now_ms: i64) {
        if let Some(held) = self.held.get_mut(&alert.id) {
            held.alert = alert;
            return;
        }
        let mut held = Held {
            alert,
            group,
            ready_at: now_ms,
        };
        if group == Group::Fresh && held.alert.late {
            held.ready_at = now_ms.saturating_add(LATE_WAITS_MS);
            held.group = Group::Late;
        } else if group == Group::Fresh
            && let Some(party) = held.party()
        {
            let waits = |other: &&Held| other.group == Group::Party && other.party() == Some(party);
            let gather = match held.alert.rule {
                Rule::FirstActivation => GATHER_ACTIVATIONS_MS,
                _ => GATHER_MS,
            };
            let others = self.held.values().find(waits);
            let ready_at = now_ms.saturating_add(gather);
            held.ready_at = others.map_or(ready_at, |other| other.ready_at);
            held.group = Group::Party;
        }
        self.held.insert(held.alert.id, held);
    }

    /// Takes note of the time. If the clock was put back, no time has passed: what was shown a
    /// moment ago was shown a moment ago, and doesn't lie in the future and block for ever.
    fn tick(&mut self, now_ms: i64) {
        if now_ms < self.clock {
            let back = self.clock.saturating_sub(now_ms);
            for (shown, _) in &mut self.shown {
                *shown = shown.saturating_sub(back);
            }
            for held in self.held.values_mut() {
                held.ready_at = held.ready_at.saturating_sub(back);
            }
            self.gathered_at = self.gathered_at.saturating_sub(back);
            self.away_until = self.away_until.saturating_sub(back);
        }
        self.clock = now_ms;
    }

    /// When a notice of this kind may be shown.
    fn place_at(&self, severity: Severity, now_ms: i64) -> i64 {
        let places = match severity {
            Severity::Critical => MAX_NOTICES_PER_WINDOW,
            Severity::Info | Severity::Warning => MAX_ORDINARY_PER_WINDOW,
        };
        // The place is free when the one before so many left the window.
        let shown = self.shown.iter().rev().nth(places - 1);
        let free_at = shown.map_or(now_ms, |(at, _)| at.saturating_add(WINDOW_MS + 1));
        free_at.max(now_ms)
    }

    /// Whether one of this kind may be shown alone: while there are places for others behind it, or if it is the first
    /// critical one for a minute.
    fn may_be_alone(&self, severity: Severity, now_ms: i64) -> bool {
        let lately = |(at, _): &&(i64, Severity)| now_ms.saturating_sub(*at) <= WINDOW_MS;
        let shown: Vec<_> = self.shown.iter().filter(lately).collect();
        let first = !shown.iter().any(|(_, of)| *of == Severity::Critical);
        shown.len() < MAX_ORDINARY_PER_WINDOW || (severity == Severity::Critical && first)
    }

    /// Takes out what comes next if a notice may be shown now, and says how grave it is.
    fn next(&mut self, is_quiet: bool, now_ms: i64) -> Option<(Notice, Severity)> {
        let gathers = |severity| match self.most_severe(Group::Gathered) {
            // What is critical does not wait with the others, unless others like it do.
            Some(gathered) => severity < Severity::Critical || gathered == Severity::Critical,
            None => false,
        };
        let single = self
            .most_severe(Group::Fresh)
            .filter(|severity| !gathers(*severity) && self.may_be_alone(*severity, now_ms));
        let gathered = match self.gathered_at <= now_ms {
            true => self.most_severe(Group::Gathered),
            false => None,
        };
        let quiet = match is_quiet {
            true => None,
            false => self.most_severe(Group::Quiet),
        };
        let away = match self.away_until <= now_ms {
            true => self.most_severe(Group::Away),
            false => None,
        };
        let (severity, group) = [
            (away, Group::Away),
            (quiet, Group::Quiet),
            (gathered, Group::Gathered),
            (single, Group::Fresh),
        ]
        .into_iter()
        .filter_map(|(severity, group)| Some((severity?, group)))
        .filter(|(severity, _)| self.place_at(*severity, now_ms) <= now_ms)
        .max_by_key(|(severity, _)| *severity)?;
        let locale = self.language.locale();
        let now = now_ms.div_euclid(1000);
        let notice = match group {
            Group::Fresh | Group::Late | Group::Party => {
                let urgent = |held: &&Held| {
                    (
                        Reverse(held.alert.rule.severity()),
                        held.alert.raised_at_ms,
                        held.alert.id,
                    )
                };
                let fresh = self.held.values().filter(|held| held.group == Group::Fresh);
                let first = fresh.min_by_key(urgent)?;
                let id = first.alert.id;
                let party = first.party().map(|(name, rule)| (name.to_owned(), rule));
                let alerts = self.take(|held| {
                    let of_party = held.group == Group::Fresh
                        && held.party().map(|(name, rule)| (name.to_owned(), rule)) == party;
                    held.alert.id == id || (party.is_some() && of_party)
                });
                notice_of(&locale, now, alerts, NoticeKind::Summary, None)
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
                    Some(Message::of("digest.quiet")),
                )
            }
            Group::Away => {
                let absence = self.absence;
                let alerts = self.take(|held| held.group == group);
                let kind = NoticeKind::Digest;
                let lead = match self.beginning {
                    Some(esims) => Message::of("digest.first").with("count", esims),
                    None if alerts.iter().all(|alert| absence.has(alert)) => {
                        Message::of("digest.away")
                    }
                    None => Message::of("digest.learnt"),
                };
                let receipt = absence.from_ms.filter(|_| {
                    let mut alerts = alerts.iter();
                    alerts.all(|alert| !absence.is_before(alert))
                });
                let mut notice = notice_of(&locale, now, alerts, kind, Some(lead));
                if let (NoticeKind::Digest, Some(from_ms)) = (notice.kind, receipt) {
                    notice.opens = Opens::Absence(from_ms);
                }
                notice
            }
        };
        Some((notice, severity))
    }

    /// What could not be shown alone is gathered from now on; for what is critical it begins anew.
    fn gather(&mut self, now_ms: i64) {
        let fresh = self.most_severe(Group::Fresh);
        let gathering = self.most_severe(Group::Gathered);
        let anew = |fresh| {
            gathering.is_none_or(|gathering| gathering < fresh && fresh == Severity::Critical)
        };
        if fresh.is_some_and(anew) {
            self.gathered_at = now_ms.saturating_add(GATHER_MS);
        }
        for held in self.held.values_mut() {
            if held.group == Group::Fresh {
                held.group = Group::Gathered;
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
