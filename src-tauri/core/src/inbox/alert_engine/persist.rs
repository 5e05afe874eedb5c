//! From facts to alerts that are kept, and from those to what a notification is owed for.

use std::collections::HashMap;

use super::super::open_alerts::OpenAlert;
use super::super::{InboxError, rows};
use super::AlertEngine;
use crate::alert::{Fact, Subject, Waiting};
use crate::esim::EsimState;
use crate::store::{AlertDone, AlertStep, StoredAlert};

impl AlertEngine {
    /// Writes down what has to be done so that exactly these facts have an open alert.
    pub(super) fn compare(&self, subject: &Subject, facts: Vec<Fact>, steps: &mut Vec<AlertStep>) {
        let facts: Vec<Fact> = facts
            .into_iter()
            .filter(|fact| self.settings.of(fact.rule).enabled)
            .collect();
        for known in self.open.of(subject) {
            let holds =
                |fact: &&Fact| fact.rule == known.fact.rule && fact.occasion == known.fact.occasion;
            match facts.iter().find(holds) {
                None => steps.push(AlertStep::Clear { id: known.id }),
                Some(fact) if fact.detail != known.fact.detail => {
                    steps.push(AlertStep::Update {
                        id: known.id,
                        detail: fact.detail.clone(),
                    });
                }
                Some(_) => {}
            }
        }
        for fact in facts {
            let known = self.open.get(subject, fact.rule);
            if known.is_none_or(|known| known.fact.occasion != fact.occasion) {
                let told = (fact.subject.clone(), fact.rule, fact.occasion.clone());
                let owed = self.settings.of(fact.rule).notify && !self.unkept.contains(&told);
                steps.push(AlertStep::Raise { fact, owed });
            }
        }
    }

    /// Does the steps, and remembers what is open now. Returns what a notification is owed for.
    pub(super) async fn write(
        &mut self,
        steps: Vec<AlertStep>,
        esims: &HashMap<i64, EsimState>,
        now_ms: i64,
    ) -> Result<Vec<Waiting>, InboxError> {
        if steps.is_empty() {
            return Ok(Vec::new());
        }
        let done = match self.writer.alerts(steps.clone(), now_ms).await {
            Ok(done) => done,
            Err(error) => {
                self.tell_all_the_same(steps, now_ms);
                return Err(error.into());
            }
        };
        self.revision = self.revision.wrapping_add(1);
        let mut raised = Vec::new();
        for (step, done) in steps.into_iter().zip(done) {
            match (step, done) {
                (AlertStep::Raise { fact, owed }, AlertDone::Raised { id, new, muted, .. }) => {
                    let told = (fact.subject.clone(), fact.rule, fact.occasion.clone());
                    self.unkept.remove(&told);
                    if new && owed && !muted {
                        let esim = match fact.subject {
                            Subject::Esim(row) => esims.get(&row).map(|state| (row, state)),
                            _ => None,
                        };
                        raised.push(self.waiting_for(id, &fact, esim, now_ms));
                    }
                    self.open.add(OpenAlert {
                        id,
                        fact,
                        snoozed_until: None,
                    });
                }
                (AlertStep::Update { id, detail }, _) => {
                    if let Some(open) = self.open.get_mut(id) {
                        open.fact.detail = detail;
                    }
                }
                (AlertStep::Clear { id }, _) => {
                    self.notifier.withdraw(id);
                    self.open.remove(id);
                }
                _ => {}
            }
        }
        Ok(raised)
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
            let id = -i64::try_from(self.unkept.len()).unwrap_or(0) - 1;
            if self.unkept.insert(told) {
                let waiting = self.waiting_for(id, &fact, None, now_ms);
                self.notifier.offer(waiting, now_ms);
            }
        }
    }

    /// Ends what was put off until now; it is to be told again.
    pub(super) async fn wake(&mut self, now_ms: i64) -> Result<Vec<Waiting>, InboxError> {
        let now = now_ms.div_euclid(1000);
        let done = self
            .writer
            .alerts(vec![AlertStep::Wake { now }], now_ms)
            .await?;
        self.revision = self.revision.wrapping_add(1);
        let mut raised = Vec::new();
        for done in done {
            let AlertDone::Changed(ids) = done else {
                continue;
            };
            for id in ids {
                if let Some(alert) = self.readers.read(|store| store.alert(id))? {
                    if self.settings.of(alert.fact.rule).notify && !alert.muted {
                        raised.push(self.waiting(&alert, now_ms));
                    }
                    self.open.add(alert.into());
                }
            }
        }
        Ok(raised)
    }

    pub(super) fn waiting(&self, alert: &StoredAlert, now_ms: i64) -> Waiting {
        let esim = match (&alert.fact.subject, &alert.esim) {
            (Subject::Esim(row), Some(state)) => Some((*row, state)),
            _ => None,
        };
        self.waiting_for(alert.id, &alert.fact, esim, now_ms)
    }

    fn waiting_for(
        &self,
        id: i64,
        fact: &Fact,
        esim: Option<(i64, &EsimState)>,
        now_ms: i64,
    ) -> Waiting {
        let state = esim.map(|(_, state)| state);
        let traveller = esim.and_then(|(row, _)| rows::traveller(&self.readers, row));
        let name = rows::named(state, traveller.as_deref());
        Waiting {
            id,
            rule: fact.rule,
            esim: esim.map(|(row, _)| row),
            raised_at_ms: now_ms,
            text: crate::alert::text(fact.rule, &fact.detail, &name, now_ms.div_euclid(1000)),
            opens: rows::opens(&fact.subject, fact.rule, state),
            breaks_quiet: self.settings.of(fact.rule).breaks_quiet,
        }
    }
}
