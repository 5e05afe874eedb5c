//! One look: at the eSIMs that changed or are due, at news, at the account and the program.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use super::super::InboxError;
use super::super::open_alerts::{OpenAlert, OpenAlerts};
use super::{AlertEngine, ESIMS_PER_WRITE, NEWS, NEWS_STAYS_OPEN_SECS, SWEEP_EVERY_SECS};
use crate::alert::{
    AlertSettings, Fact, Notice, Past, Subject, Trip, Watched, account_facts, asks_for_past,
    asks_for_trip, esim_facts, next_check, note_failures, program_facts, quiet_from, refund_fact,
    unreadable_fact, unrecognized_fact,
};
use crate::clock::Moment;
use crate::esim::EsimState;
use crate::event::{Event, Status};
use crate::store::{AlertStep, Commit, Reader};

impl AlertEngine {
    /// Looks at what changed or is due, and writes what follows. What a notification is owed for is in `raised` then,
    /// also if something failed after it was written.
    pub(super) async fn look(&mut self, now_ms: i64) -> Result<(), InboxError> {
        let now = now_ms.div_euclid(1000);
        if self.was_told == Some(false) {
            // What was noted by a clock that was wrong has been set right.
            self.read_open()?;
            self.read_mute()?;
            self.was_told = Some(true);
        }
        if self.listening.listen(&mut self.program, now, &self.time) {
            // What was found by a clock that was ahead, and the times for which it set the timers.
            self.missed()?;
            self.news_again(now)?;
        }
        if self.listening.comes_to_be_believed(now, &self.time) {
            self.set_back(now_ms).await?;
        }
        if self.switched_on.iter().any(|rule| NEWS.contains(rule)) {
            self.news_again(now)?;
        }
        self.changed.look_at(self.timers.due(now));
        if self.open.next_snoozed().is_some_and(|until| until <= now) {
            self.wake(now_ms).await?;
        }
        while !self.changed.is_empty() {
            let rows = self.changed.first(ESIMS_PER_WRITE);
            self.look_at_esims(&rows, now_ms).await?;
            for row in rows {
                self.changed.remove(row);
            }
        }
        if !self.news.is_empty() || !self.unreadable.is_empty() {
            self.look_at_news(now_ms).await?;
        }
        self.look_at_the_rest(now_ms).await
    }

    /// Looks at eSIMs that end at this moment, by what is delivered of them. For nothing else before the first look after an
    /// absence: of whatever has not ended just now, what happened meanwhile is not known yet.
    ///
    /// # Errors
    /// [`InboxError`]; then the first look finds them.
    pub async fn look_at_ends(
        &mut self,
        commit: &Commit,
        now: Moment,
    ) -> Result<Vec<Notice>, InboxError> {
        let now_ms = self.tell(now);
        let back = self.back_ms(now_ms).div_euclid(1000);
        let ends = |event: &Event| {
            event.status.as_ref().is_some_and(Status::is_terminal)
                && event.occurred_at.is_some_and(|at| at > back)
        };
        let changes = commit.changes.iter().filter(|change| change.heard);
        let changes =
            changes.filter(|change| change.event.as_ref().is_some_and(|it| ends(&it.event)));
        let rows = changes.filter_map(|change| change.esim.as_ref());
        let rows: Vec<i64> = rows.flat_map(|esim| &esim.rows).copied().collect();
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        self.gather(now, now_ms);
        self.look_at_esims(&rows, now_ms).await?;
        for waiting in std::mem::take(&mut self.raised) {
            self.notifier.offer(waiting, now_ms);
        }
        Ok(self.due(now_ms))
    }

    /// Takes note of what may be news although it was looked at: it was old by a clock that was ahead, or its rule was off.
    fn news_again(&mut self, now: i64) -> Result<(), InboxError> {
        let since = now.saturating_sub(NEWS_STAYS_OPEN_SECS);
        let news = self.readers.read(|store| store.news_since(since))?;
        self.news.extend(news);
        self.news.sort_by_key(|stored| stored.id);
        self.news.dedup_by_key(|stored| stored.id);
        Ok(())
    }

    fn read_open(&mut self) -> Result<(), InboxError> {
        self.open = OpenAlerts::default();
        for alert in self.readers.read(|store| store.open_alerts())? {
            self.open.add(alert.into());
        }
        Ok(())
    }

    /// How long notifications are held back, as it is kept.
    fn read_mute(&mut self) -> Result<(), InboxError> {
        let kept = self.readers.read(|store| store.alert_settings())?;
        self.mute_is(AlertSettings {
            muted_until: kept.muted_until,
            muted_at: kept.muted_at,
            ..self.settings.clone()
        });
        Ok(())
    }

    /// Of when notifications are held back something else is so than was set.
    pub(super) fn mute_is(&mut self, settings: AlertSettings) {
        if self.settings == settings {
            return;
        }
        self.notifier.set_settings(settings.clone());
        self.settings = settings;
        self.collect_at_ms = Some(i64::MIN);
        self.revision = self.revision.wrapping_add(1);
    }

    async fn look_at_esims(&mut self, rows: &[i64], now_ms: i64) -> Result<(), InboxError> {
        let now = now_ms.div_euclid(1000);
        let states = self.readers.read(|store| store.esim_states(rows))?;
        if states.iter().any(|(_, state)| state.is_none()) {
            // Their alerts went to the eSIMs that they became one with, wherever those are.
            self.read_open()?;
        }
        let mut steps = Vec::new();
        let mut esims = HashMap::new();
        for (row, state) in states {
            let Some(state) = state else {
                self.timers.set(row, None);
                continue;
            };
            let state = state.as_of(now).into_owned();
            let watched = Watched {
                state: &state,
                trip: self.trip(row, &state)?,
                past: self.past(row, &state)?,
                quiet_from: self.quiet_from(&state),
            };
            let facts = esim_facts(row, watched, &self.settings, now);
            self.timers
                .set(row, next_check(watched, &self.settings, now));
            self.compare(&Subject::Esim(row), facts, watched.trip, now, &mut steps)?;
            esims.insert(row, state);
        }
        self.write(steps, &esims, now_ms).await
    }

    /// What happened to this eSIM before, if a rule asks for it.
    fn past(&self, row: i64, state: &EsimState) -> Result<Past, InboxError> {
        let ended = matches!(state.status, Some(Status::Expired | Status::Deleted));
        let history = |store: &Reader<'_>| {
            // Most that ended were never withdrawn, and there are many.
            match asks_for_past(state) && (!ended || store.was_withdrawn(row)?) {
                true => Ok(Past::of(store.history_of(row)?)),
                false => Ok(Past::default()),
            }
        };
        Ok(self.readers.read(history)?)
    }

    /// When the traveller of this eSIM leaves, if a rule asks for it and the desk noted it.
    fn trip(&self, row: i64, state: &EsimState) -> Result<Option<Trip>, InboxError> {
        if !asks_for_trip(state) {
            return Ok(None);
        }
        let noted = self.readers.read(|store| store.trip_start(row))?;
        let day = noted.and_then(|noted| noted.parse::<Date>().ok());
        let zone = self.language.locale().zone;
        let begins = |day: Date| {
            let midnight = day.to_zoned_datetime(zone.clone()).ok()?;
            Some(midnight.timestamp().as_second())
        };
        Ok(day.and_then(|day| {
            let (at, ends) = (begins(day)?, begins(day.tomorrow().ok()?)?);
            Some(Trip { day, at, ends })
        }))
    }

    /// When the quiet hours begin in which its period ends.
    fn quiet_from(&self, state: &EsimState) -> Option<i64> {
        let end = state.period_end.filter(|_| self.settings.quiet.is_some())?;
        quiet_from(&self.settings, &self.language.locale().zone, end)
    }

    async fn look_at_news(&mut self, now_ms: i64) -> Result<(), InboxError> {
        let now = now_ms.div_euclid(1000);
        let mut steps = Vec::new();
        let mut kinds: BTreeMap<(Subject, String), Fact> = BTreeMap::new();
        for stored in &self.news {
            let event = &stored.event;
            let received_at = stored.received_at_ms.div_euclid(1000);
            // By a clock that was behind it was received before it happened, by one that was ahead it comes yet.
            let received_at = received_at.max(event.occurred_at.unwrap_or(received_at));
            let received_at = received_at.min(now);
            if let Some(problem) = &event.problem {
                let count = self
                    .readers
                    .read(|store| store.unrecognized_of_kind(&event.kind, problem))?;
                if let Some(fact) = unrecognized_fact(event, count, received_at, now) {
                    kinds.insert((fact.subject.clone(), fact.occasion.clone()), fact);
                }
            }
            if let Some(fact) = refund_fact(event, now)
                && !self.was_told_of_refund(stored, &fact, &steps)?
            {
                self.compare_news(fact, now, &mut steps)?;
            }
        }
        for (code, (why, at_ms)) in &self.unreadable {
            let received_at = at_ms.div_euclid(1000).min(now);
            if let Some(fact) = unreadable_fact(code, why.clone(), received_at, now) {
                kinds.insert((fact.subject.clone(), fact.occasion.clone()), fact);
            }
        }
        for fact in kinds.into_values() {
            self.compare_news(fact, now, &mut steps)?;
        }
        let last = self.news.iter().map(|stored| stored.id).max();
        let up_to = self.seen_up_to.max(last.unwrap_or(0));
        steps.push(AlertStep::SeenUpTo { event: up_to });
        self.write(steps, &HashMap::new(), now_ms).await?;
        self.seen_up_to = up_to;
        self.news.clear();
        self.unreadable.clear();
        Ok(())
    }

    /// The account, the program itself, and news that are old.
    async fn look_at_the_rest(&mut self, now_ms: i64) -> Result<(), InboxError> {
        let now = now_ms.div_euclid(1000);
        let mut steps = Vec::new();
        let mut spells = std::mem::take(&mut self.program.spells);
        note_failures(&mut spells, &self.program, now);
        self.program.spells = spells;
        let mut program = program_facts(&self.program, &self.settings, now);
        let listening = &mut self.listening;
        listening
            .keep(&self.writer, &mut self.program, &program, now, &self.time)
            .await;
        program.retain(|fact| self.settings.of(fact.rule).enabled);
        self.withdraw_unkept(&program);
        self.compare(&Subject::Program, program, None, now, &mut steps)?;
        let sweep = now >= self.swept_at.saturating_add(SWEEP_EVERY_SECS) || now < self.swept_at;
        if self.account || sweep {
            let events = self.readers.read(|store| store.account_events(now))?;
            let facts = account_facts(&events, now);
            self.compare(&Subject::Account, facts, None, now, &mut steps)?;
        }
        if sweep {
            let old = |open: &&OpenAlert| {
                now - open.fact.since > NEWS_STAYS_OPEN_SECS
                    || !self.settings.of(open.fact.rule).enabled
            };
            let news = |open: &&OpenAlert| {
                matches!(
                    open.fact.subject,
                    Subject::Refund(_) | Subject::Kind(_) | Subject::Unreadable(_)
                )
            };
            let ids = self.open.all().filter(news).filter(old).map(|open| open.id);
            steps.extend(ids.map(|id| AlertStep::Clear { id }));
            steps.extend(self.news_switched_on(now)?);
        }
        self.write(steps, &HashMap::new(), now_ms).await?;
        self.account = false;
        self.switched_on.clear();
        if sweep {
            self.swept_at = now;
            self.active_esims = self.listening.count_reporting(&self.readers, now)?;
        }
        Ok(())
    }
}
