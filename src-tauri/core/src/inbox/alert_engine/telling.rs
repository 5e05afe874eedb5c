//! What a notification is owed for. The table says so; what waits in the notifier is read from it again when its
//! time comes, so that it is told as it is then, or not at all.

use super::super::{InboxError, rows};
use super::AlertEngine;
use crate::alert::{Away, Fact, Name, Notice, Party, Subject, Waiting};
use crate::esim::EsimState;
use crate::store::{Absence, AlertState, StoredAlert};

/// What happened to an eSIM longer ago than this, in seconds, wakes nobody at night.
const FRESH_SECS: i64 = 86_400;

/// Within so many milliseconds after it listens again the program looks.
const BACK_MS: i64 = 2 * 60_000;

impl AlertEngine {
    /// Whether a notification of it is to be shown.
    pub(super) fn is_owed(&self, alert: &StoredAlert) -> bool {
        let rule = self.settings.of(alert.fact.rule);
        let is_there = !matches!(alert.fact.subject, Subject::Esim(_)) || alert.esim.is_some();
        let wanted = rule.enabled && rule.notify && !alert.muted;
        alert.state == AlertState::New && alert.owed && wanted && is_there
    }

    /// Everything that is owed and was not handed out.
    pub(super) fn owed(&self, now_ms: i64) -> Result<Vec<Waiting>, InboxError> {
        let owed = self.readers.read(|store| store.owed_alerts())?;
        let waits =
            |alert: &&StoredAlert| self.is_owed(alert) && !self.handed_out.contains(&alert.id);
        let waiting = owed.iter().filter(waits);
        Ok(waiting.map(|alert| self.waiting(alert, now_ms)).collect())
    }

    /// Looks for all that is owed, if it is time to.
    pub(super) fn collect(&mut self, now_ms: i64) -> Result<(), InboxError> {
        if self.collect_at_ms.is_some_and(|at| at <= now_ms) {
            let owed = self.owed(now_ms)?;
            self.raised.extend(owed);
            self.collect_at_ms = None;
        }
        Ok(())
    }

    /// Offers what is owed for the eSIM in this row.
    pub(super) fn offer_owed_of(&mut self, esim: i64, now_ms: i64) -> Result<(), InboxError> {
        for alert in self.readers.read(|store| store.open_alerts_of(esim))? {
            if self.is_owed(&alert) && !self.handed_out.contains(&alert.id) {
                let waiting = self.waiting(&alert, now_ms);
                self.notifier.offer(waiting, now_ms);
            }
        }
        Ok(())
    }

    /// What is to be shown now, and handed out.
    pub(super) fn due(&mut self, now_ms: i64) -> Vec<Notice> {
        self.reword(now_ms);
        if self.notifier.tells_of_absence(now_ms) {
            let absence = self.absence(now_ms);
            self.notifier.set_absence(absence);
            self.notifier.set_beginning(self.beginning());
        }
        let notices = self.notifier.due(now_ms);
        let handed_out = notices.iter().flat_map(|notice| &notice.alerts);
        self.handed_out.extend(handed_out.filter(|id| **id > 0));
        notices
    }

    /// If something is about to be shown: words it as it is now, and lets go of what is owed no more.
    pub(super) fn reword(&mut self, now_ms: i64) {
        if self.notifier.next_at(now_ms).is_none_or(|at| at > now_ms) {
            return;
        }
        for id in self.notifier.might_show(now_ms) {
            // What could not be kept is not in the table.
            if id < 0 {
                continue;
            }
            match self.readers.read(|store| store.alert(id)) {
                Ok(Some(alert)) if self.is_owed(&alert) => {
                    let waiting = self.waiting(&alert, now_ms);
                    self.notifier.offer(waiting, now_ms);
                }
                Ok(_) => self.notifier.withdraw(id),
                Err(error) => {
                    tracing::warn!(%error, "what waits is told as it was");
                    return;
                }
            }
        }
    }

    /// The absence that is over.
    pub(super) fn absence(&self, now_ms: i64) -> Away {
        let absences = self.readers.read(|store| store.absences(0, now_ms));
        let absences = absences.unwrap_or_else(|error| {
            tracing::warn!(%error, "what nobody heard can't be read");
            Vec::new()
        });
        let back_ms = self.back_ms(now_ms);
        let is_it = |last: &&Absence| last.to_ms >= back_ms.saturating_sub(BACK_MS);
        Away {
            from_ms: absences.last().filter(is_it).map(|last| last.from_ms),
            to_ms: back_ms,
        }
    }

    /// How many eSIMs there are, if nobody ever listened before and the first catch-up found them; `None`: it is another time.
    pub(super) fn beginning(&self) -> Option<i64> {
        let found = self.readers.read(|store| {
            let is_first = !store.listened_before()? && store.catch_up_run()?.run == 1;
            Ok(if is_first {
                Some(store.counts()?.esims)
            } else {
                None
            })
        });
        found.unwrap_or_else(|error| {
            tracing::warn!(%error, "whether somebody was away can't be read");
            None
        })
    }

    pub(super) fn waiting(&self, alert: &StoredAlert, now_ms: i64) -> Waiting {
        let esim = alert.esim_row.zip(alert.esim.as_ref());
        let waiting = self.waiting_for(alert.id, &alert.fact, esim, now_ms);
        Waiting {
            raised_at_ms: alert.raised_at_ms,
            ..waiting
        }
    }

    pub(super) fn waiting_for(
        &self,
        id: i64,
        fact: &Fact,
        esim: Option<(i64, &EsimState)>,
        now_ms: i64,
    ) -> Waiting {
        let now = now_ms.div_euclid(1000);
        let state = esim.map(|(_, state)| state);
        let traveller = esim.and_then(|(row, _)| rows::traveller(&self.readers, row));
        let name = rows::named(state, traveller.as_deref());
        let old = esim.is_some() && now.saturating_sub(fact.since) > FRESH_SECS;
        Waiting {
            id,
            rule: fact.rule,
            esim: esim.map(|(row, _)| row),
            since: fact.since,
            raised_at_ms: now_ms,
            text: crate::alert::text(fact.rule, &fact.detail, &name, now),
            opens: rows::opens(&fact.subject, fact.rule, state),
            breaks_quiet: self.settings.of(fact.rule).breaks_quiet && !old,
            late: false,
            currency: fact.detail.currency.clone(),
            party: state.and_then(|state| self.party(fact, state, now)),
        }
    }

    /// The order that this eSIM shares with others. If it can't be read, its alerts are told alone.
    fn party(&self, fact: &Fact, esim: &EsimState, now: i64) -> Option<Party> {
        let reference = esim.reference_id.clone()?;
        let esims = self.readers.read(|store| store.esims_of_order(&reference));
        let esims = esims.unwrap_or_else(|error| {
            tracing::warn!(%error, "the eSIMs of an order can't be counted");
            1
        });
        let name = Name {
            reference: esim.reference(),
            ..Name::default()
        };
        let title = crate::alert::text(fact.rule, &fact.detail, &name, now).title;
        (esims > 1).then_some(Party {
            reference,
            title,
            esims,
        })
    }
}
