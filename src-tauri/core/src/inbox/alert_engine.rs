//! Compares what the rules find with the alerts that are open, and writes the difference.

mod listening;
mod persist;
mod steady;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;

use listening::Listening;
use steady::SteadyTime;

use super::open_alerts::{OpenAlert, OpenAlerts, Timers};
use super::{InboxError, MAX_LATEST, Summary, rows};
use crate::alert::{
    AlertSettings, Fact, Notice, Notifier, Program, Rule, Subject, Trip, Waiting, Watched,
    account_facts, asks_for_trip, esim_facts, next_check, next_program_check, note_failures,
    program_facts, refund_fact, unrecognized_fact,
};
use crate::catalogue::SharedLanguage;
use crate::esim::EsimState;
use crate::event::Topic;
use crate::message::{Message, ToMessage};
use crate::store::{AlertState, AlertStep, Commit, Readers, Setting, StoredEvent, Verdict, Writer};

/// eSIMs that are looked at between two writes.
const ESIMS_PER_WRITE: usize = 1000;

/// How long an alert about a refund or a new kind of event stays open, seconds.
const NEWS_STAYS_OPEN_SECS: i64 = 7 * 86_400;

/// How often what depends on time alone is looked at, apart from the eSIMs' own times; seconds.
const SWEEP_EVERY_SECS: i64 = 60;

/// Keeps the alerts up to date. Told the time with every call, in UTC milliseconds.
pub struct AlertEngine {
    readers: Readers,
    writer: Writer,
    language: SharedLanguage,
    settings: AlertSettings,
    notifier: Notifier,
    program: Program,
    open: OpenAlerts,
    /// When which eSIM has to be looked at again through time alone.
    timers: Timers,
    /// eSIMs that changed.
    dirty: BTreeSet<i64>,
    /// Events that may be news by themselves.
    news: Vec<StoredEvent>,
    /// The last event that was looked at.
    seen_up_to: i64,
    account: bool,
    swept_at: i64,
    active_esims: i64,
    listening: Listening,
    time: SteadyTime,
    /// Told although they could not be kept, because the store fails.
    unkept: BTreeSet<(Subject, Rule, String)>,
    revision: u32,
    problem: Option<Message>,
}

impl AlertEngine {
    /// Reads what is open. What happened while the program was not running is found by the first
    /// [`AlertEngine::catch_up`].
    ///
    /// # Errors
    /// [`InboxError`] if the store can't be read.
    pub fn new(
        readers: Readers,
        writer: Writer,
        language: SharedLanguage,
        now_ms: i64,
    ) -> Result<AlertEngine, InboxError> {
        let (open, settings, seen_up_to) = readers.read(|store| {
            Ok((
                store.open_alerts()?,
                store.alert_settings()?,
                store.alerts_seen_up_to()?,
            ))
        })?;
        let listening = Listening::load(&readers, now_ms.div_euclid(1000))?;
        let mut engine = AlertEngine {
            notifier: Notifier::new(settings.clone(), language.clone()),
            readers,
            writer,
            language,
            settings,
            program: Program {
                started_at: now_ms.div_euclid(1000),
                last_received_at: listening.heard_at,
                ..Program::default()
            },
            open: OpenAlerts::default(),
            timers: Timers::default(),
            dirty: BTreeSet::new(),
            news: Vec::new(),
            seen_up_to,
            account: true,
            swept_at: i64::MIN,
            active_esims: 0,
            listening,
            time: SteadyTime::new(now_ms),
            unkept: BTreeSet::new(),
            revision: 0,
            problem: None,
        };
        for alert in open {
            engine.open.add(alert.into());
        }
        Ok(engine)
    }

    /// Looks at everything once: what happened while the program was not running is told together.
    ///
    /// # Errors
    /// [`InboxError`]; then call it again.
    pub async fn catch_up(&mut self, now_ms: i64) -> Result<(), InboxError> {
        let now_ms = self.time.tell(now_ms);
        let owed = self.readers.read(|store| store.open_alerts())?;
        let owed = owed.into_iter().filter(|alert| alert.owed && !alert.muted);
        let mut absent: Vec<Waiting> = owed.map(|alert| self.waiting(&alert, now_ms)).collect();
        self.missed()?;
        absent.extend(self.look(now_ms).await?);
        self.notifier.resume(absent, now_ms);
        self.revision = self.revision.wrapping_add(1);
        Ok(())
    }

    /// Takes note of what was committed; the next [`AlertEngine::work`] looks at it.
    pub fn note(&mut self, commit: &Commit) {
        for change in &commit.changes {
            if let Some(esim) = &change.esim {
                self.dirty.extend(&esim.rows);
            }
            let Some(stored) = &change.event else {
                continue;
            };
            if change.heard {
                self.listening.heard_at = Some(stored.received_at_ms.div_euclid(1000));
            }
            if change.verdict == Verdict::Duplicate {
                continue;
            }
            let topic = stored.event.kind.topic();
            self.account |= topic == Some(Topic::Balance);
            if topic == Some(Topic::Refund) || !stored.event.recognized() {
                self.news.push(stored.clone());
            }
        }
    }

    /// Takes note of eSIMs of which the desk noted something else: the next [`AlertEngine::work`] looks at them.
    pub fn note_esims(&mut self, rows: Vec<i64>) {
        self.dirty.extend(rows);
    }

    /// Commits were missed: everything has to be looked at again.
    ///
    /// # Errors
    /// [`InboxError`] if the store can't be read.
    pub fn missed(&mut self) -> Result<(), InboxError> {
        let mut after = 0;
        loop {
            let rows = self
                .readers
                .read(|store| store.esim_rows_after(after, ESIMS_PER_WRITE))?;
            let Some(last) = rows.last() else { break };
            after = *last;
            self.dirty.extend(rows);
        }
        let seen = self.seen_up_to;
        let (news, heard_at) = self
            .readers
            .read(|store| Ok((store.news_after(seen)?, store.last_heard_at_ms()?)))?;
        self.news = news;
        self.listening.heard_at = heard_at.map(|ms| ms.div_euclid(1000));
        self.account = true;
        Ok(())
    }

    /// When the last event came that shows that the provider reaches this desk, UTC seconds.
    #[must_use]
    pub fn heard_at(&self) -> Option<i64> {
        self.listening.heard_at
    }

    /// How many eSIMs ought to have been heard of, as of the last sweep. None while they are.
    #[must_use]
    pub fn active_esims(&self) -> i64 {
        self.active_esims
    }

    /// What the program knows of itself.
    pub fn set_program(&mut self, program: Program) {
        let known = std::mem::replace(&mut self.program, program);
        self.program.spells = known.spells;
    }

    /// The rules as they are set.
    #[must_use]
    pub fn settings(&self) -> &AlertSettings {
        &self.settings
    }

    /// Sets the rules; every eSIM is looked at again.
    ///
    /// # Errors
    /// [`InboxError`] if they can't be kept; then nothing was changed.
    pub async fn set_settings(&mut self, settings: AlertSettings) -> Result<(), InboxError> {
        // Plain numbers and names, which always can be written.
        let text = serde_json::to_string(&settings).unwrap_or_default();
        self.writer.set(Setting::Alerts, Some(text)).await?;
        self.notifier.set_settings(settings.clone());
        self.settings = settings;
        self.swept_at = i64::MIN;
        self.missed()
    }

    /// Brings the alerts up to date and says what is to be shown now.
    ///
    /// # Errors
    /// [`InboxError`]; what could not be done is done by the next call.
    pub async fn work(&mut self, now_ms: i64) -> Result<Vec<Notice>, InboxError> {
        let now_ms = self.time.tell(now_ms);
        let raised = self.look(now_ms).await;
        let result = match raised {
            Ok(raised) => {
                for waiting in raised {
                    self.notifier.offer(waiting, now_ms);
                }
                self.set_problem(None);
                Ok(())
            }
            Err(error) => {
                self.set_problem(Some(error.to_message()));
                Err(error)
            }
        };
        let notices = self.notifier.due(now_ms);
        if notices.is_empty() {
            result.map(|()| notices)
        } else {
            Ok(notices)
        }
    }

    /// When [`AlertEngine::work`] has to be called again although nothing happens, UTC milliseconds.
    #[must_use]
    pub fn next_at(&self, now_ms: i64) -> i64 {
        let clock_ms = now_ms;
        let now_ms = self.time.believed(now_ms);
        let snoozed = self.open.next_snoozed();
        let snoozed = snoozed.map(|until| until.max(self.listening.wakes_from));
        let timer = self.timers.next();
        let sweep = self.swept_at.saturating_add(SWEEP_EVERY_SECS);
        let now = now_ms.div_euclid(1000);
        let program = next_program_check(&self.program, &self.settings, now);
        let seconds = [snoozed, timer, program, Some(sweep)];
        let seconds = seconds.into_iter().flatten().min();
        let at = seconds.map(|at| at.saturating_mul(1000));
        let at = [at, self.notifier.next_at(now_ms)]
            .into_iter()
            .flatten()
            .min()
            .unwrap_or(now_ms);
        self.time.on_the_clock(at).max(clock_ms)
    }

    /// Notices were shown: their alerts owe nothing any more.
    ///
    /// # Errors
    /// [`InboxError`] if that can't be kept.
    pub async fn shown(&mut self, alerts: Vec<i64>, now_ms: i64) -> Result<(), InboxError> {
        let ids: Vec<i64> = alerts.into_iter().filter(|id| *id > 0).collect();
        self.act(AlertStep::Shown { ids }, now_ms).await
    }

    /// Does what a person asked for.
    ///
    /// # Errors
    /// [`InboxError`] if that can't be kept; then nothing was changed.
    pub async fn act(&mut self, step: AlertStep, now_ms: i64) -> Result<(), InboxError> {
        let withdrawn = match &step {
            AlertStep::Acknowledge { ids, .. } | AlertStep::Snooze { ids, .. } => ids.clone(),
            AlertStep::Mute { esim, muted: true } => {
                let subject = Subject::Esim(*esim);
                self.open.of(&subject).map(|open| open.id).collect()
            }
            _ => Vec::new(),
        };
        let reload = match &step {
            AlertStep::Acknowledge { ids, .. }
            | AlertStep::Snooze { ids, .. }
            | AlertStep::Reopen { ids } => ids.clone(),
            _ => Vec::new(),
        };
        self.writer.alerts(vec![step], now_ms).await?;
        self.revision = self.revision.wrapping_add(1);
        for id in withdrawn {
            self.notifier.withdraw(id);
        }
        for id in reload {
            if let Some(alert) = self.readers.read(|store| store.alert(id))? {
                self.open.remove(id);
                if alert.state != AlertState::Cleared {
                    self.open.add(alert.into());
                }
            }
        }
        Ok(())
    }

    /// The state at a glance.
    ///
    /// # Errors
    /// [`InboxError`] if the store can't be read.
    pub fn summary(&self, now_ms: i64) -> Result<Summary, InboxError> {
        let now = now_ms.div_euclid(1000);
        let (counts, latest) = self
            .readers
            .read(|store| Ok((store.alert_counts()?, store.newest_new_alerts(MAX_LATEST)?)))?;
        let latest = latest
            .iter()
            .map(|alert| rows::headline(alert, now))
            .collect();
        Ok(Summary {
            counts,
            revision: self.revision,
            latest,
            muted_until: self.settings.muted_until.filter(|until| *until > now),
            deaf: self.is_deaf(),
            problem: self.problem.clone(),
        })
    }

    /// Looks at what changed or is due, and writes what follows. Returns what a notification is owed for.
    async fn look(&mut self, now_ms: i64) -> Result<Vec<Waiting>, InboxError> {
        let now = now_ms.div_euclid(1000);
        if self.listening.listen(&mut self.program, now) {
            // What was found by a clock that was ahead, and the times for which it set the timers.
            self.missed()?;
        }
        self.dirty.extend(self.timers.due(now));
        let mut raised = Vec::new();
        let is_due = |until: i64| until <= now && self.listening.wakes_from <= now;
        if self.open.next_snoozed().is_some_and(is_due) {
            raised.extend(self.wake(now_ms).await?);
        }
        while !self.dirty.is_empty() {
            let rows: Vec<i64> = self.dirty.iter().take(ESIMS_PER_WRITE).copied().collect();
            raised.extend(self.look_at_esims(&rows, now_ms).await?);
            for row in rows {
                self.dirty.remove(&row);
            }
        }
        if !self.news.is_empty() {
            raised.extend(self.look_at_news(now_ms).await?);
        }
        raised.extend(self.look_at_the_rest(now_ms).await?);
        Ok(raised)
    }

    async fn look_at_esims(
        &mut self,
        rows: &[i64],
        now_ms: i64,
    ) -> Result<Vec<Waiting>, InboxError> {
        let now = now_ms.div_euclid(1000);
        let states = self.readers.read(|store| store.esim_states(rows))?;
        let gone = states.iter().any(|(_, state)| state.is_none());
        if gone {
            // Their alerts went to the eSIMs that they became one with, which changed as well.
            for (row, _) in &states {
                self.open.remove_all(&Subject::Esim(*row));
                for alert in self.readers.read(|store| store.open_alerts_of(*row))? {
                    self.open.add(alert.into());
                }
            }
        }
        let mut steps = Vec::new();
        let mut esims = HashMap::new();
        for (row, state) in states {
            let Some(state) = state else {
                self.timers.set(row, None);
                continue;
            };
            let watched = Watched {
                state: &state,
                trip: self.trip(row, &state)?,
            };
            let facts = esim_facts(row, watched, &self.settings, now);
            self.timers
                .set(row, next_check(watched, &self.settings, now));
            self.compare(&Subject::Esim(row), facts, &mut steps);
            esims.insert(row, state);
        }
        self.write(steps, &esims, now_ms).await
    }

    /// When the traveller of this eSIM leaves, if a rule asks for it and the desk noted it.
    fn trip(&self, row: i64, state: &EsimState) -> Result<Option<Trip>, InboxError> {
        if !asks_for_trip(state) {
            return Ok(None);
        }
        let noted = self.readers.read(|store| store.trip_start(row))?;
        let day = noted.and_then(|noted| noted.parse::<Date>().ok());
        let zone = self.language.locale().zone;
        let begins = |day: Date| day.to_zoned_datetime(zone.clone()).ok();
        Ok(day.and_then(|day| {
            let at = begins(day)?.timestamp().as_second();
            Some(Trip { day, at })
        }))
    }

    async fn look_at_news(&mut self, now_ms: i64) -> Result<Vec<Waiting>, InboxError> {
        let now = now_ms.div_euclid(1000);
        let mut steps = Vec::new();
        let mut kinds: BTreeMap<Subject, Fact> = BTreeMap::new();
        for stored in &self.news {
            let event = &stored.event;
            let received_at = stored.received_at_ms.div_euclid(1000);
            if !event.recognized() {
                let count = self
                    .readers
                    .read(|store| store.unrecognized_of_kind(&event.kind))?;
                if let Some(fact) = unrecognized_fact(event, count, received_at, now) {
                    kinds.insert(fact.subject.clone(), fact);
                }
                continue;
            }
            if let Some(fact) = refund_fact(event, now) {
                let subject = fact.subject.clone();
                self.compare(&subject, vec![fact], &mut steps);
            }
        }
        for (subject, fact) in kinds {
            self.compare(&subject, vec![fact], &mut steps);
        }
        let last = self.news.iter().map(|stored| stored.id).max();
        let up_to = self.seen_up_to.max(last.unwrap_or(0));
        steps.push(AlertStep::SeenUpTo { event: up_to });
        let raised = self.write(steps, &HashMap::new(), now_ms).await?;
        self.seen_up_to = up_to;
        self.news.clear();
        Ok(raised)
    }

    /// The account, the program itself, and news that are old.
    async fn look_at_the_rest(&mut self, now_ms: i64) -> Result<Vec<Waiting>, InboxError> {
        let now = now_ms.div_euclid(1000);
        let mut steps = Vec::new();
        let mut spells = std::mem::take(&mut self.program.spells);
        note_failures(&mut spells, &self.program, now);
        self.program.spells = spells;
        let mut program = program_facts(&self.program, &self.settings, now);
        let listening = &mut self.listening;
        listening
            .keep(&self.writer, &mut self.program, &program, now)
            .await;
        program.retain(|fact| self.settings.of(fact.rule).enabled);
        self.compare(&Subject::Program, program, &mut steps);
        let sweep = now >= self.swept_at.saturating_add(SWEEP_EVERY_SECS) || now < self.swept_at;
        if self.account || sweep {
            let events = self.readers.read(|store| store.account_events(now))?;
            self.compare(&Subject::Account, account_facts(&events, now), &mut steps);
        }
        if sweep {
            let old = |open: &&OpenAlert| now - open.fact.since > NEWS_STAYS_OPEN_SECS;
            let news = |open: &&OpenAlert| {
                matches!(open.fact.subject, Subject::Refund(_) | Subject::Kind(_))
            };
            let ids = self.open.all().filter(news).filter(old).map(|open| open.id);
            steps.extend(ids.map(|id| AlertStep::Clear { id }));
        }
        let raised = self.write(steps, &HashMap::new(), now_ms).await?;
        self.account = false;
        if sweep {
            self.swept_at = now;
            self.active_esims = self.listening.count_reporting(&self.readers, now)?;
        }
        Ok(raised)
    }

    fn is_deaf(&self) -> bool {
        let silent = self.open.get(&Subject::Program, Rule::NoEvents);
        self.program.is_deaf() || silent.is_some()
    }

    fn set_problem(&mut self, problem: Option<Message>) {
        if self.problem != problem {
            self.problem = problem;
            self.revision = self.revision.wrapping_add(1);
        }
    }
}
