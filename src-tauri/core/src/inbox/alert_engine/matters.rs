//! What has to be done so that exactly the facts that hold have an open alert: which of them is a matter that is kept
//! already, which one is another, and which one is no news.

use super::super::InboxError;
use super::super::open_alerts::OpenAlert;
use super::{AlertEngine, NEWS, NEWS_STAYS_OPEN_SECS};
use crate::alert::{
    Course, Fact, Kept, Matter, Rule, Subject, Trip, another, course, is_worse, matter, updated,
};
use crate::event::{SAME_END_SECS, Sources, Status};
use crate::store::{AlertState, AlertStep, StoredAlert, StoredEvent};

/// Among so many of an eSIM's latest events one is looked for.
const LATEST_EVENTS: u32 = 100;

/// A warning that comes so much too early is still that warning, seconds.
const EARLY_SECS: i64 = 3_600;

/// What was cleared so much earlier than it was raised was cleared by a clock that is behind, seconds.
const CLEARED_BEHIND_SECS: i64 = 3_600;

impl AlertEngine {
    /// Writes down what has to be done so that exactly these facts have an open alert.
    pub(super) fn compare(
        &self,
        subject: &Subject,
        facts: Vec<Fact>,
        trip: Option<Trip>,
        now: i64,
        steps: &mut Vec<AlertStep>,
    ) -> Result<(), InboxError> {
        let enabled = |fact: &Fact| self.settings.of(fact.rule).enabled;
        let mut facts: Vec<Fact> = facts.into_iter().filter(enabled).collect();
        let mut ended = Vec::new();
        for open in self.open.of(subject) {
            let Some(place) = self.found_again(&open.fact, &facts) else {
                ended.push(AlertStep::Clear { id: open.id });
                continue;
            };
            let Some(fact) = facts.get(place) else {
                continue;
            };
            if !self.is_same(open, fact, trip, now)? {
                ended.push(AlertStep::Clear { id: open.id });
                continue;
            }
            if let Some(told) = self.told_before(open, fact, trip)? {
                let fact = updated(&told.fact, &facts.remove(place));
                steps.push(AlertStep::Clear { id: open.id });
                steps.push(AlertStep::GoOn { id: told.id, fact });
                continue;
            }
            let fact = updated(&open.fact, &facts.remove(place));
            if fact != open.fact {
                steps.push(self.goes_on(open.id, &open.fact, open.acknowledged, fact));
            }
        }
        steps.extend(ended);
        for fact in facts {
            steps.extend(self.begin(fact, trip, now)?);
        }
        Ok(())
    }

    /// The alert that told before of what this open one is about, if nobody was shown that: what parted the two turns out to have
    /// been over within moments.
    fn told_before(
        &self,
        open: &OpenAlert,
        fact: &Fact,
        trip: Option<Trip>,
    ) -> Result<Option<StoredAlert>, InboxError> {
        let moved = open.fact.since.saturating_sub(fact.since);
        if !matches!(fact.rule, Rule::Expired | Rule::Revoked) || moved <= fact.rule.flap_secs() {
            return Ok(None);
        }
        let (rows, course) = (
            self.readers
                .read(|store| store.alerts_of(&fact.subject, fact.rule))?,
            self.course(fact, trip)?,
        );
        let is_owed = |row: &StoredAlert| row.id == open.id && self.is_owed(row);
        if !rows.iter().any(is_owed) || self.handed_out.contains(&open.id) {
            return Ok(None);
        }
        let told = |row: &StoredAlert| {
            let was_told = row.shown_at_ms.or(row.acknowledged_at_ms).is_some();
            let began = course.map_or(i64::MAX, |course| course.began);
            row.id != open.id && was_told && row.fact.since >= began
        };
        Ok(rows.into_iter().find(told))
    }

    /// Writes down what follows from news. What was told before of the same subject holds for its time, also if what comes
    /// now is not understood for another reason.
    pub(super) fn compare_news(
        &self,
        fact: Fact,
        now: i64,
        steps: &mut Vec<AlertStep>,
    ) -> Result<(), InboxError> {
        if !self.settings.of(fact.rule).enabled {
            return Ok(());
        }
        let Some(open) = self.open.exactly(&fact) else {
            steps.extend(self.begin(fact, None, now)?);
            return Ok(());
        };
        if !self.is_same(open, &fact, None, now)? {
            steps.push(AlertStep::Clear { id: open.id });
            steps.extend(self.begin(fact, None, now)?);
            return Ok(());
        }
        let fact = updated(&open.fact, &fact);
        if fact != open.fact {
            steps.push(self.goes_on(open.id, &open.fact, open.acknowledged, fact));
        }
        Ok(())
    }

    /// Whether the decision of a refund was told before by another event, or is among these steps.
    pub(super) fn was_told_of_refund(
        &self,
        decided: &StoredEvent,
        fact: &Fact,
        steps: &[AlertStep],
    ) -> Result<bool, InboxError> {
        let is_told = |subject: &Subject| -> Result<bool, InboxError> {
            let now = |step: &AlertStep| matches!(step, AlertStep::Raise { fact, .. } if fact.subject == *subject);
            let rows = self
                .readers
                .read(|store| store.alerts_of(subject, fact.rule))?;
            Ok(!rows.is_empty() || steps.iter().any(now))
        };
        if is_told(&fact.subject)? {
            return Ok(false);
        }
        for key in self.readers.read(|store| store.same_refund(decided))? {
            if is_told(&Subject::Refund(key))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Where among the facts that is of which this open alert tells.
    fn found_again(&self, open: &Fact, facts: &[Fact]) -> Option<usize> {
        let (rule, currency) = (open.rule, &open.detail.currency);
        let exactly = |fact: &Fact| fact.rule == rule && fact.detail.currency == *currency;
        // Its currency was learnt meanwhile, or nobody names it any more.
        let perhaps = |fact: &Fact| {
            let unsure = currency.is_none() || fact.detail.currency.is_none();
            fact.rule == rule && unsure && self.open.exactly(fact).is_none()
        };
        let place = facts.iter().position(exactly);
        place.or_else(|| facts.iter().position(perhaps))
    }

    /// What to do about a matter that goes on.
    fn goes_on(&self, id: i64, kept: &Fact, taken_up: bool, fact: Fact) -> AlertStep {
        let owed = self.settings.of(fact.rule).notify;
        match taken_up && is_worse(kept, &fact) {
            true => AlertStep::Again { id, fact, owed },
            false => AlertStep::GoOn { id, fact },
        }
    }

    /// Whether what was found is what an open alert tells of.
    fn is_same(
        &self,
        open: &OpenAlert,
        fact: &Fact,
        trip: Option<Trip>,
        now: i64,
    ) -> Result<bool, InboxError> {
        let kept = open.kept();
        match matter(&kept, fact, now) {
            Matter::Same => return Ok(true),
            Matter::Another => return self.was_put_off(open, fact),
            Matter::Ask if self.came_in_order(fact) => return Ok(true),
            Matter::Ask => {}
        }
        let Some(course) = self.course(fact, trip)? else {
            return Ok(true);
        };
        Ok(course.goes_on(&kept)
            || (fact.rule.is_of_data() && self.tells_of(open, course.began)?))
    }

    /// Whether somebody put off these failed orders with others, and was told only then that money came between them: they wait
    /// until then. Of orders that nobody had heard of it is not said.
    fn was_put_off(&self, open: &OpenAlert, fact: &Fact) -> Result<bool, InboxError> {
        if fact.rule != Rule::BalanceInsufficient || open.snoozed_until.is_none() {
            return Ok(false);
        }
        let (row, heard_ms) = self.readers.read(|store| {
            let heard_ms = store.failed_order_heard(fact.since, fact.detail.currency.as_deref())?;
            Ok((store.alert(open.id)?, heard_ms))
        })?;
        let put_off_ms = row.and_then(|row| row.put_off_at_ms);
        let times = heard_ms.zip(put_off_ms);
        Ok(times.is_some_and(|(heard_ms, put_off_ms)| heard_ms <= put_off_ms))
    }

    /// Whether what came of the data left tells of nothing before what was known: then an open alert about that is still
    /// what it was.
    fn came_in_order(&self, fact: &Fact) -> bool {
        let Subject::Esim(row) = fact.subject else {
            return false;
        };
        fact.rule.is_of_data() && !self.changed.came_late(row, fact.since)
    }

    /// Whether whoever was shown or took up an open alert of an eSIM has it as it is since this second (UTC): the report of
    /// then had come, and nobody knew yet that it is of another matter. What nobody was shown is told as it is.
    fn tells_of(&self, open: &OpenAlert, began: i64) -> Result<bool, InboxError> {
        let Subject::Esim(esim) = open.fact.subject else {
            return Ok(true);
        };
        let (row, latest) = self.readers.read(|store| {
            Ok((
                store.alert(open.id)?,
                store.events_of_esim(esim, 0, LATEST_EVENTS)?,
            ))
        })?;
        let seen_ms = row.and_then(|row| {
            let put_off = row.state == AlertState::Snoozed;
            let put_off_ms = put_off.then(|| row.put_off_at_ms.unwrap_or(row.raised_at_ms));
            row.shown_at_ms.max(row.acknowledged_at_ms).max(put_off_ms)
        });
        let Some(last_ms) = seen_ms else {
            return Ok(true);
        };
        let is_first = |stored: &&StoredEvent| stored.event.order().0 == began;
        let came_ms = latest
            .iter()
            .filter(is_first)
            .map(|stored| stored.received_at_ms);
        Ok(came_ms.min().is_some_and(|came_ms| came_ms <= last_ms))
    }

    /// What to do about a fact without an open alert; nothing if it is no news.
    fn begin(
        &self,
        mut fact: Fact,
        trip: Option<Trip>,
        now: i64,
    ) -> Result<Option<AlertStep>, InboxError> {
        let rows = self
            .readers
            .read(|store| store.alerts_of(&fact.subject, fact.rule));
        let rows = match rows {
            // What is wrong with the program is said although nothing can be read.
            Err(_) if fact.subject == Subject::Program => Vec::new(),
            rows => rows?,
        };
        let asks = fact.rule.timing().asks_for_course;
        let course = match asks || !rows.is_empty() {
            true => self.course(&fact, trip)?,
            false => None,
        };
        let same = |row: &&StoredAlert| {
            if was_before_its_time(row) && !self.cleared_behind.contains(&row.id) {
                return false;
            }
            // An open one in another currency has a fact of its own.
            let other = row.fact.detail.currency != fact.detail.currency;
            if other && row.state != AlertState::Cleared {
                return false;
            }
            let kept = Kept {
                fact: &row.fact,
                raised_at: row.raised_at_ms.div_euclid(1000),
                open: false,
            };
            match matter(&kept, &fact, now) {
                Matter::Same => true,
                Matter::Another => false,
                Matter::Ask => course.is_none_or(|course| course.goes_on(&kept)),
            }
        };
        if let Some(row) = rows.iter().find(same) {
            let taken_up = row.acknowledged_at_ms.is_some();
            let fact = updated(&row.fact, &fact);
            return Ok(Some(self.goes_on(row.id, &row.fact, taken_up, fact)));
        }
        if course.is_some_and(|course| course.no_news) || self.was_over(&fact)? {
            return Ok(None);
        }
        let began = course.map_or(fact.since, |course| course.began);
        for at in [began, now] {
            if rows.iter().any(|row| row.fact.occasion == fact.occasion) {
                fact.occasion = another(&fact.occasion, at);
            }
        }
        let told = (fact.subject.clone(), fact.rule, fact.occasion.clone());
        let shown = self
            .unkept
            .get(&told)
            .is_some_and(|id| !self.notifier.holds(*id));
        let notify = self.settings.of(fact.rule).notify && !shown;
        let owed = notify && !self.was_told_as_past_its_end(&fact)?;
        Ok(Some(AlertStep::Raise { fact, owed }))
    }

    /// Whether a fact was over before anybody listened here: then it is history and no news.
    fn was_over(&self, fact: &Fact) -> Result<bool, InboxError> {
        if !fact.rule.timing().tells_of_past {
            return Ok(false);
        }
        let run = self.readers.read(|store| store.catch_up_run())?;
        Ok(run.quiet_before.is_some_and(|before| fact.since < before))
    }

    /// Whether it was told before that an eSIM is past its end, and its provider said only when it was asked that it had
    /// expired then, or later and before that was told, because something was added meanwhile: that corrects what was told,
    /// and is no news.
    fn was_told_as_past_its_end(&self, fact: &Fact) -> Result<bool, InboxError> {
        let (Rule::Expired, Subject::Esim(row)) = (fact.rule, &fact.subject) else {
            return Ok(false);
        };
        let told = self
            .readers
            .read(|store| store.alerts_of(&fact.subject, Rule::PastEnd))?;
        let is_same = |alert: &StoredAlert| {
            let (Some(shown_ms), Some(end)) = (alert.shown_at_ms, alert.fact.detail.at) else {
                return false;
            };
            let had_expired = end <= fact.since && fact.since <= shown_ms.div_euclid(1000);
            had_expired || end.abs_diff(fact.since) <= SAME_END_SECS.unsigned_abs()
        };
        if !told.iter().any(is_same) {
            return Ok(false);
        }
        let was_sent = |stored: &StoredEvent| {
            let event = &stored.event;
            let ended = event.status == Some(Status::Expired);
            ended && event.occurred_at == Some(fact.since) && stored.sources.have(Sources::WEBHOOK)
        };
        let latest = self
            .readers
            .read(|store| store.events_of_esim(*row, 0, LATEST_EVENTS))?;
        Ok(!latest.iter().any(was_sent))
    }

    /// The course of a fact about an eSIM; `None`: it is about none, or it is gone.
    fn course(&self, fact: &Fact, trip: Option<Trip>) -> Result<Option<Course>, InboxError> {
        let Subject::Esim(row) = fact.subject else {
            return Ok(None);
        };
        let history = self.readers.read(|store| store.history_of(row))?;
        let known = !history.is_empty();
        Ok(known.then(|| course(history, fact, trip, &self.settings)))
    }

    /// News of rules that were off: they are open again while they are news.
    pub(super) fn news_switched_on(&self, now: i64) -> Result<Vec<AlertStep>, InboxError> {
        let mut steps = Vec::new();
        for rule in NEWS.iter().filter(|rule| self.switched_on.contains(rule)) {
            let since = now.saturating_sub(NEWS_STAYS_OPEN_SECS);
            for row in self
                .readers
                .read(|store| store.cleared_alerts(*rule, since))?
            {
                let (id, fact) = (row.id, row.fact);
                steps.push(AlertStep::GoOn { id, fact });
            }
        }
        Ok(steps)
    }
}

/// Whether a warning was given by a clock that was ahead, and cleared when that was set right, before its time had come:
/// then it was false, and says nothing of one that is true. One that was cleared long before it was given was cleared by a
/// clock that is behind, as somebody starts with: of a clock that was ahead and has been right for a while both are known
/// ([`AlertStep::SetBack`]).
fn was_before_its_time(alert: &StoredAlert) -> bool {
    let early = match alert.fact.rule {
        // It begins later than that of which it tells.
        Rule::PastEnd => 0,
        _ => EARLY_SECS,
    };
    let cleared_at = alert.cleared_at_ms.map(|at| at.div_euclid(1000));
    let raised_at = alert.raised_at_ms.div_euclid(1000);
    let came_at = alert.fact.since.saturating_sub(early);
    let before = |at: i64| at < came_at && raised_at <= at.saturating_add(CLEARED_BEHIND_SECS);
    alert.fact.rule.timing().warns && cleared_at.is_some_and(before)
}
