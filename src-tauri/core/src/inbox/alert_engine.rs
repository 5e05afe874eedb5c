//! Compares what the rules find with the alerts that are open, and writes the difference.

mod acting;
mod listening;
mod look;
mod matters;
mod persist;
mod telling;

use std::collections::{BTreeMap, BTreeSet};

use listening::Listening;

use super::changed::Changed;
use super::open_alerts::{OpenAlerts, Timers};
use super::{Gather, InboxError, MAX_LATEST, Summary, rows};
use crate::alert::{
    AlertSettings, Notice, Notifier, Program, Rule, Subject, Waiting, next_program_check,
};
use crate::catalogue::SharedLanguage;
use crate::clock::{Moment, SteadyTime, ToldTime};
use crate::event::Topic;
use crate::message::{Message, ToMessage};
use crate::store::{AlertStep, Commit, Readers, Setting, StoredEvent, Verdict, Writer};

/// eSIMs that are looked at between two writes. One in tests, so that whatever concerns two is split.
const ESIMS_PER_WRITE: usize = if cfg!(test) { 1 } else { 1000 };

/// How long an alert about a refund or a new kind of event stays open, seconds.
const NEWS_STAYS_OPEN_SECS: i64 = 7 * 86_400;

/// The rules of what is news by itself.
const NEWS: [Rule; 3] = [Rule::RefundDecided, Rule::Unrecognized, Rule::Unreadable];

/// How often what depends on time alone is looked at, apart from the eSIMs' own times; seconds.
const SWEEP_EVERY_SECS: i64 = 60;

/// How long after a notification could not be shown it is tried again.
const SHOW_AGAIN_AFTER_MS: i64 = 10 * 60_000;

/// What is told of an eSIM so long after it happened may be of an old history that is being sent.
const LATE_MS: i64 = 10 * 60_000;

/// Keeps the alerts up to date. Told the time with every call: by both clocks where it goes on, else by that on the wall, in
/// UTC milliseconds.
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
    changed: Changed,
    /// Those of which something was told now that happened long before: an old history may be on its way.
    told_late: BTreeSet<i64>,
    /// Events that may be news by themselves.
    news: Vec<StoredEvent>,
    /// By its code: why deliveries were no event, and when the last one came, UTC milliseconds.
    unreadable: BTreeMap<&'static str, (Message, i64)>,
    /// The last event that was looked at.
    seen_up_to: i64,
    account: bool,
    swept_at: i64,
    active_esims: i64,
    /// Rules that were switched on since the last look.
    switched_on: Vec<Rule>,
    /// What was raised or goes on and is owed a notification, until it is offered.
    raised: Vec<Waiting>,
    /// Handed out to be shown, and not known to have been.
    handed_out: BTreeSet<i64>,
    /// When all that is owed is looked for, UTC milliseconds.
    collect_at_ms: Option<i64>,
    listening: Listening,
    time: SteadyTime,
    /// What a provider's own clock tells.
    told: ToldTime,
    /// Whether what was open has been read again since a provider's clock told for the first time; `None`: it has not told yet.
    was_told: Option<bool>,
    /// When it started or came back, by the clock that nobody can set, milliseconds.
    back_at: i64,
    /// When a provider was asked last for what happened, by the same clock.
    asks_at: i64,
    /// Until when what is found is told together, by the clock that nobody can set.
    gathers: Option<i64>,
    /// What was cleared while it may have been later than was believed: it says nothing of when that was over.
    cleared_behind: BTreeSet<i64>,
    /// Told although they could not be kept, because the store fails; each with what the notifier knows it by.
    unkept: BTreeMap<(Subject, Rule, String), i64>,
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
        now: Moment,
    ) -> Result<AlertEngine, InboxError> {
        let (open, settings, seen_up_to) = readers.read(|store| {
            Ok((
                store.open_alerts()?,
                store.alert_settings()?,
                store.alerts_seen_up_to()?,
            ))
        })?;
        let time = SteadyTime::new(now, writer.known_until());
        let now_ms = time.believed(now.clock_ms);
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
            changed: Changed::default(),
            told_late: BTreeSet::new(),
            news: Vec::new(),
            unreadable: BTreeMap::new(),
            seen_up_to,
            account: true,
            swept_at: i64::MIN,
            active_esims: 0,
            listening,
            time,
            told: ToldTime::default(),
            was_told: None,
            back_at: now.running_ms,
            asks_at: now.running_ms,
            gathers: None,
            cleared_behind: BTreeSet::new(),
            switched_on: Vec::new(),
            raised: Vec::new(),
            handed_out: BTreeSet::new(),
            collect_at_ms: None,
            unkept: BTreeMap::new(),
            revision: 0,
            problem: None,
        };
        for alert in open {
            engine.open.add(alert.into());
        }
        Ok(engine)
    }

    /// The same, which knows what a provider's clock tells.
    #[must_use]
    pub fn sure_of(self, told: ToldTime) -> Self {
        AlertEngine { told, ..self }
    }

    /// Takes note of what the clocks tell. Returns what is believed, UTC milliseconds.
    fn tell(&mut self, now: Moment) -> i64 {
        match self.told.surely(now) {
            Some(right) => {
                self.was_told = Some(self.was_told.unwrap_or(false));
                self.time.tell_right(right)
            }
            None => self.time.tell(now, self.writer.known_until()),
        }
    }

    /// Looks at everything once: what happened while the program was not running is told together.
    ///
    /// # Errors
    /// [`InboxError`]; then call it again.
    pub async fn catch_up(&mut self, now: Moment) -> Result<(), InboxError> {
        let now_ms = self.tell(now);
        self.gather(now, now_ms);
        self.missed()?;
        self.end_alerts_of_nobody(now_ms).await?;
        self.look(now_ms).await?;
        // Only now: what the look found to be over is not told.
        let owed = self.owed(now_ms)?;
        self.raised.clear();
        self.notifier.resume(owed, now_ms);
        self.revision = self.revision.wrapping_add(1);
        Ok(())
    }

    /// The program started or the computer slept, and is back: until it looks for the first time, what is found is told together.
    pub fn comes_back(&mut self, now: Moment, gather: Gather) {
        self.back_at = now.running_ms;
        self.asks(now, gather);
    }

    /// A provider is asked from now on, and what is critical and begins later is none of what it tells.
    pub fn asks(&mut self, now: Moment, gather: Gather) {
        self.asks_at = now.running_ms;
        self.tell_together(now, gather);
    }

    /// When it came back, as far as is believed by now; both UTC milliseconds.
    fn back_ms(&self, now_ms: i64) -> i64 {
        self.was_ms(self.back_at, now_ms)
    }

    /// When the clock that nobody can set told this, milliseconds.
    fn was_ms(&self, running_ms: i64, now_ms: i64) -> i64 {
        let passed_ms = self.time.running_ms().saturating_sub(running_ms);
        now_ms.saturating_sub(passed_ms)
    }

    /// Tells what is found of eSIMs and the account together, for so long from now on or until this is called again: what
    /// happened in an absence is not all known yet.
    pub fn tell_together(&mut self, now: Moment, gather: Gather) {
        self.gathers = Some(now.running_ms.saturating_add(gather.for_ms));
    }

    /// Whatever leap of the wall clock is believed meanwhile, it lasts as long as it was to.
    fn gather(&mut self, now: Moment, now_ms: i64) {
        let Some(until_ms) = self.gathers else {
            return;
        };
        let left = until_ms.saturating_sub(now.running_ms).max(0);
        let began_by = self.was_ms(self.asks_at, now_ms).div_euclid(1000);
        self.notifier.gather_away(now_ms, left, began_by);
        if left == 0 {
            self.gathers = None;
        }
    }

    /// Takes note of what was committed; the next [`AlertEngine::work`] looks at it.
    pub fn note(&mut self, commit: &Commit) {
        for change in &commit.changes {
            if let Some(esim) = &change.esim {
                let event = change.event.as_ref().map(|stored| &stored.event);
                self.changed.told(&esim.rows, event);
            }
            if let Some((why, at_ms)) = &change.unreadable {
                self.unreadable
                    .insert(why.code(), (why.to_message(), *at_ms));
            }
            let Some(stored) = &change.event else {
                continue;
            };
            if change.heard {
                let heard_ms = self.time.believed(stored.received_at_ms);
                self.listening.heard_at = Some(heard_ms.div_euclid(1000));
            }
            if change.verdict == Verdict::Duplicate {
                continue;
            }
            if let Some((row, at)) = stored.esim.zip(stored.event.occurred_at)
                && stored
                    .received_at_ms
                    .saturating_sub(at.saturating_mul(1000))
                    > LATE_MS
            {
                self.told_late.insert(row);
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
        self.changed.look_at(rows);
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
            self.changed.missed(&rows);
        }
        let seen = self.seen_up_to;
        let (news, unreadable, heard_at) = self.readers.read(|store| {
            Ok((
                store.news_after(seen)?,
                store.unreadable()?,
                store.last_heard_at_ms()?,
            ))
        })?;
        self.news = news;
        let unreadable = unreadable.into_iter();
        self.unreadable = unreadable
            .map(|(why, at_ms)| (why.code(), (why.to_message(), at_ms)))
            .collect();
        let heard_at = heard_at.map(|ms| ms.div_euclid(1000));
        // By a clock that was behind it was received before it happened.
        self.listening.heard_at =
            heard_at.map(|at| at.max(self.writer.known_until().unwrap_or(at)));
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
        let mut settings = settings;
        if settings.muted_until == self.settings.muted_until {
            settings.muted_at = settings.muted_at.or(self.settings.muted_at);
        } else if self.time.may_be_later() {
            // Whoever mutes for an hour means an hour, whatever the clock on the wall shows.
            settings.set_mute_back(self.time.ahead_ms().div_euclid(1000));
        }
        // Plain numbers and names, which always can be written.
        let text = serde_json::to_string(&settings).unwrap_or_default();
        self.writer.set(Setting::Alerts, Some(text)).await?;
        let on = |settings: &AlertSettings, rule: Rule| settings.of(rule).enabled;
        let rules = Rule::ALL.iter().copied();
        let switched = rules.filter(|rule| on(&settings, *rule) && !on(&self.settings, *rule));
        self.switched_on.extend(switched);
        self.notifier.set_settings(settings.clone());
        self.settings = settings;
        self.swept_at = i64::MIN;
        // Of what waits some may now be shown, or not any more.
        self.collect_at_ms = Some(i64::MIN);
        self.missed()
    }

    /// Brings the alerts up to date and says what is to be shown now.
    ///
    /// # Errors
    /// [`InboxError`]; what could not be done is done by the next call.
    pub async fn work(&mut self, now: Moment) -> Result<Vec<Notice>, InboxError> {
        let now_ms = self.tell(now);
        self.gather(now, now_ms);
        let result = self.look(now_ms).await;
        self.told_late.clear();
        let result = match result {
            Ok(()) => self.collect(now_ms),
            Err(error) => Err(error),
        };
        // Also after a failure: what was raised before it is kept, and owed.
        for waiting in std::mem::take(&mut self.raised) {
            self.notifier.offer(waiting, now_ms);
        }
        self.set_problem(result.as_ref().err().map(ToMessage::to_message));
        let notices = self.due(now_ms);
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
        let timer = self.timers.next();
        let sweep = self.swept_at.saturating_add(SWEEP_EVERY_SECS);
        let now = now_ms.div_euclid(1000);
        let program = next_program_check(&self.program, &self.settings, now);
        let seconds = [snoozed, timer, program, Some(sweep)];
        let seconds = seconds.into_iter().flatten().min();
        let at = seconds.map(|at| at.saturating_mul(1000));
        let at = [at, self.notifier.next_at(now_ms), self.collect_at_ms]
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
        for id in &ids {
            self.handed_out.remove(id);
        }
        self.can_show();
        self.act(AlertStep::Shown { ids }, now_ms).await
    }

    /// Notices can be shown now: what could not be before is not kept waiting any longer.
    pub fn can_show(&mut self) {
        if self.collect_at_ms.is_some() {
            self.collect_at_ms = Some(i64::MIN);
        }
    }

    /// Notices could not be shown: what they tell is still owed, and tried again later.
    pub fn not_shown(&mut self, alerts: &[i64], now_ms: i64) {
        for id in alerts {
            self.handed_out.remove(id);
        }
        self.collect_at_ms = Some(now_ms.saturating_add(SHOW_AGAIN_AFTER_MS));
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
            muted_until: self.muted_until(now_ms),
            deaf: self.is_deaf(),
            problem: self.problem.clone(),
        })
    }

    /// Until when the clock on the wall shows that notifications are held back, UTC seconds.
    fn muted_until(&self, now_ms: i64) -> Option<i64> {
        let until_ms = self.settings.muted_until?.saturating_mul(1000);
        let muted = until_ms > self.time.believed(now_ms);
        muted.then(|| self.time.over_on_the_clock(until_ms).div_euclid(1000))
    }

    fn is_deaf(&self) -> bool {
        self.program.is_deaf() || self.open.has(&Subject::Program, Rule::NoEvents)
    }

    fn set_problem(&mut self, problem: Option<Message>) {
        if self.problem != problem {
            self.problem = problem;
            self.revision = self.revision.wrapping_add(1);
        }
    }
}
