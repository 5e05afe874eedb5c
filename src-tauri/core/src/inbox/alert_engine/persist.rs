//! From what has to be done to alerts that are kept, and from those to what a notification is owed for.

use std::collections::HashMap;

use super::super::InboxError;
use super::super::open_alerts::OpenAlert;
use super::AlertEngine;
use crate::alert::{Fact, Severity, Subject, Waiting};
use crate::esim::EsimState;
use crate::store::{AlertDone, AlertState, AlertStep, Opened, Setting};

/// A clock that differs by less is not set back, seconds.
const LONG_AFTER_SECS: i64 = 3_600;

impl AlertEngine {
    /// Does the steps, and remembers what is open now and what a notification is owed for.
    pub(super) async fn write(
        &mut self,
        steps: Vec<AlertStep>,
        esims: &HashMap<i64, EsimState>,
        now_ms: i64,
    ) -> Result<(), InboxError> {
        if steps.is_empty() {
            return Ok(());
        }
        let done = match self.writer.alerts(steps.clone(), now_ms).await {
            Ok(done) => done,
            Err(error) => {
                self.tell_all_the_same(steps, now_ms);
                return Err(error.into());
            }
        };
        self.revision = self.revision.wrapping_add(1);
        for (step, done) in steps.into_iter().zip(done) {
            match (step, done) {
                (
                    AlertStep::Raise { fact, .. }
                    | AlertStep::GoOn { fact, .. }
                    | AlertStep::Again { fact, .. },
                    AlertDone::Open(opened),
                ) => {
                    self.opened(fact, opened, esims, now_ms);
                }
                // It went to another eSIM meanwhile, which is looked at as well.
                (AlertStep::GoOn { id, .. } | AlertStep::Again { id, .. }, _) => {
                    self.open.remove(id)
                }
                (AlertStep::Clear { id }, _) => {
                    if self.time.may_be_later() {
                        self.cleared_behind.insert(id);
                    }
                    self.notifier.withdraw(id);
                    self.open.remove(id);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn opened(&mut self, fact: Fact, opened: Opened, esims: &HashMap<i64, EsimState>, now_ms: i64) {
        let told = (fact.subject.clone(), fact.rule, fact.occasion.clone());
        if let Some(unkept) = self.unkept.remove(&told) {
            self.notifier.withdraw(unkept);
        }
        let id = opened.id;
        let waits = self.notifier.holds(id) || self.handed_out.contains(&id);
        let wanted = self.settings.of(fact.rule).notify && !opened.muted;
        if opened.state == AlertState::New && opened.owed && wanted && !waits {
            let esim = match fact.subject {
                Subject::Esim(row) => esims.get(&row).map(|state| (row, state)),
                _ => None,
            };
            let told_late = esim.is_some_and(|(row, _)| self.told_late.contains(&row));
            let late = told_late && fact.rule.severity() == Severity::Warning;
            let waiting = self.waiting_for(id, &fact, esim, now_ms);
            self.raised.push(Waiting { late, ..waiting });
        }
        self.open.add(OpenAlert {
            id,
            fact,
            raised_at: opened.raised_at_ms.div_euclid(1000),
            snoozed_until: opened.snoozed_until,
            acknowledged: opened.state == AlertState::Acknowledged,
        });
    }

    /// The store fails: what breaks through everything is told once without being kept. It will be
    /// kept, and not told again, when the store works.
    fn tell_all_the_same(&mut self, steps: Vec<AlertStep>, now_ms: i64) {
        for step in steps {
            let AlertStep::Raise { fact, owed: true } = step else {
                continue;
            };
            if fact.subject != Subject::Program {
                continue;
            }
            let told = (fact.subject.clone(), fact.rule, fact.occasion.clone());
            if self.unkept.contains_key(&told) {
                continue;
            }
            let id = self.unkept.values().min().map_or(-1, |least| least - 1);
            self.unkept.insert(told, id);
            let waiting = self.waiting_for(id, &fact, None, now_ms);
            self.notifier.offer(waiting, now_ms);
        }
    }

    /// What is told without being kept and is over before it was shown is not shown.
    pub(super) fn withdraw_unkept(&mut self, facts: &[Fact]) {
        let notifier = &mut self.notifier;
        self.unkept.retain(|(subject, rule, occasion), id| {
            let holds = |fact: &Fact| {
                fact.subject == *subject && fact.rule == *rule && fact.occasion == *occasion
            };
            let over = !facts.iter().any(holds) && notifier.holds(*id);
            if over {
                notifier.withdraw(*id);
            }
            !over
        });
    }

    /// Ends the open alerts of eSIMs that are gone: nothing else would.
    pub(super) async fn end_alerts_of_nobody(&mut self, now_ms: i64) -> Result<(), InboxError> {
        let ids = self.readers.read(|store| store.alerts_of_nobody())?;
        let steps = ids.into_iter().map(|id| AlertStep::Clear { id }).collect();
        self.write(steps, &HashMap::new(), now_ms).await
    }

    /// The clock was ahead, and has been right for a while: nothing was raised or cleared long after now, and what somebody
    /// put off or muted then lasts for as long as they meant.
    pub(super) async fn set_back(&mut self, now_ms: i64) -> Result<(), InboxError> {
        let now = now_ms.div_euclid(1000);
        self.set_mute_back(now).await?;
        let steps = vec![AlertStep::SetBack { now }];
        let changed = self.writer.alerts(steps, now_ms).await?;
        for done in changed {
            let AlertDone::Changed(ids) = done else {
                continue;
            };
            for id in ids {
                let alert = self.readers.read(|store| store.alert(id))?;
                if let Some(alert) = alert.filter(|alert| alert.state != AlertState::Cleared) {
                    self.open.add(alert.into());
                }
            }
        }
        Ok(())
    }

    async fn set_mute_back(&mut self, now: i64) -> Result<(), InboxError> {
        let ahead = self.settings.muted_at.map(|at| at.saturating_sub(now));
        let Some(ahead) = ahead.filter(|ahead| *ahead > LONG_AFTER_SECS) else {
            return Ok(());
        };
        let mut settings = self.settings.clone();
        settings.set_mute_back(ahead);
        // Plain numbers and names, which always can be written.
        let text = serde_json::to_string(&settings).unwrap_or_default();
        self.writer.set(Setting::Alerts, Some(text)).await?;
        self.mute_is(settings);
        Ok(())
    }

    /// Ends what was put off until now; it is to be told again.
    pub(super) async fn wake(&mut self, now_ms: i64) -> Result<(), InboxError> {
        let now = now_ms.div_euclid(1000);
        let done = self
            .writer
            .alerts(vec![AlertStep::Wake { now }], now_ms)
            .await?;
        self.revision = self.revision.wrapping_add(1);
        for done in done {
            let AlertDone::Changed(ids) = done else {
                continue;
            };
            for id in ids {
                if let Some(alert) = self.readers.read(|store| store.alert(id))? {
                    if self.is_owed(&alert) {
                        self.raised.push(self.waiting(&alert, now_ms));
                    }
                    self.open.add(alert.into());
                }
            }
        }
        Ok(())
    }
}
