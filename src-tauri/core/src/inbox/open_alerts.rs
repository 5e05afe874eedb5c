//! What is open, and what is due: the engine's memory, which the store can always fill again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::alert::{Fact, Kept, Rule, Subject};
use crate::store::{AlertState, StoredAlert};

/// An alert that is open.
#[derive(Debug, Clone)]
pub(super) struct OpenAlert {
    pub id: i64,
    pub fact: Fact,
    /// UTC seconds.
    pub raised_at: i64,
    /// UTC seconds.
    pub snoozed_until: Option<i64>,
    /// Whether somebody took it up.
    pub acknowledged: bool,
}

impl OpenAlert {
    pub(super) fn kept(&self) -> Kept<'_> {
        Kept {
            fact: &self.fact,
            raised_at: self.raised_at,
            open: true,
        }
    }
}

impl From<StoredAlert> for OpenAlert {
    fn from(alert: StoredAlert) -> OpenAlert {
        OpenAlert {
            id: alert.id,
            acknowledged: alert.state == AlertState::Acknowledged,
            fact: alert.fact,
            raised_at: alert.raised_at_ms.div_euclid(1000),
            snoozed_until: alert.snoozed_until,
        }
    }
}

/// What tells the open alerts of one subject from each other: the rule, and what sets its facts apart.
type Place = (Rule, Option<String>);

fn place(fact: &Fact) -> Place {
    (fact.rule, fact.apart().map(str::to_owned))
}

/// The alerts that are open: one per subject and rule, of money one per currency, and of events that are not understood
/// one per reason.
#[derive(Debug, Default)]
pub(super) struct OpenAlerts {
    open: HashMap<Subject, BTreeMap<Place, OpenAlert>>,
    /// Where each of them is found.
    places: HashMap<i64, (Subject, Place)>,
    /// Those that are put off: until when (UTC seconds), and which.
    snoozed: BTreeSet<(i64, i64)>,
}

impl OpenAlerts {
    pub(super) fn add(&mut self, open: OpenAlert) {
        let (subject, place) = (open.fact.subject.clone(), place(&open.fact));
        // It may have learnt its currency.
        self.remove(open.id);
        let before = self.at(&subject, &place).map(|before| before.id);
        if let Some(before) = before {
            self.remove(before);
        }
        if let Some(until) = open.snoozed_until {
            self.snoozed.insert((until, open.id));
        }
        self.places
            .insert(open.id, (subject.clone(), place.clone()));
        self.open.entry(subject).or_default().insert(place, open);
    }

    pub(super) fn remove(&mut self, id: i64) {
        let Some((subject, place)) = self.places.remove(&id) else {
            return;
        };
        let Some(places) = self.open.get_mut(&subject) else {
            return;
        };
        if let Some(open) = places.remove(&place)
            && let Some(until) = open.snoozed_until
        {
            self.snoozed.remove(&(until, id));
        }
        if places.is_empty() {
            self.open.remove(&subject);
        }
    }

    /// Whether a rule has an open alert about this subject, in whatever currency.
    pub(super) fn has(&self, subject: &Subject, rule: Rule) -> bool {
        self.of(subject).any(|open| open.fact.rule == rule)
    }

    /// The open alert of the rule and subject of this fact, and of what sets it apart.
    pub(super) fn exactly(&self, fact: &Fact) -> Option<&OpenAlert> {
        self.at(&fact.subject, &place(fact))
    }

    fn at(&self, subject: &Subject, place: &Place) -> Option<&OpenAlert> {
        self.open.get(subject)?.get(place)
    }

    /// The alerts of one subject.
    pub(super) fn of(&self, subject: &Subject) -> impl Iterator<Item = &OpenAlert> {
        self.open
            .get(subject)
            .into_iter()
            .flat_map(BTreeMap::values)
    }

    /// All alerts.
    pub(super) fn all(&self) -> impl Iterator<Item = &OpenAlert> {
        self.open.values().flat_map(BTreeMap::values)
    }

    /// When the next one that is put off is to be told again, UTC seconds.
    pub(super) fn next_snoozed(&self) -> Option<i64> {
        self.snoozed.first().map(|(until, _)| *until)
    }
}

/// When which eSIM has to be looked at again, UTC seconds.
#[derive(Debug, Default)]
pub(super) struct Timers {
    due: BTreeSet<(i64, i64)>,
    of_esim: HashMap<i64, i64>,
}

impl Timers {
    /// Sets or ends the timer of the eSIM in this row.
    pub(super) fn set(&mut self, row: i64, due: Option<i64>) {
        let before = match due {
            Some(due) => self.of_esim.insert(row, due),
            None => self.of_esim.remove(&row),
        };
        if let Some(before) = before {
            self.due.remove(&(before, row));
        }
        if let Some(due) = due {
            self.due.insert((due, row));
        }
    }

    /// The rows whose time has come. Their timers stay until they are set again.
    pub(super) fn due(&self, now: i64) -> impl Iterator<Item = i64> {
        self.due.range(..=(now, i64::MAX)).map(|(_, row)| *row)
    }

    /// When the next one is due.
    pub(super) fn next(&self) -> Option<i64> {
        self.due.first().map(|(due, _)| *due)
    }
}
