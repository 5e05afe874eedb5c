//! What the API told of one eSIM, written as webhooks would have told it: in the flat form, without what stands for "no
//! limit" or "none", without a traveller's secrets.
//!
//! - An entry of the history is the status event that the webhook brought or should have brought.
//! - READY of the list is one too; nothing else dates it, so it stands before every finer word.
//! - An end that only the list knows, and that an eSIM is installed, are told as a report of that time. What lives again
//!   since that end has been topped up or reinstated, and the list lags behind.
//! - Where the history ends with an end, and the plan began since, it runs again. It does so as well where its entry in the
//!   list changed after the end, so that the list does not lag, and usage or an order says the same: no history need tell it.
//! - What is left of the package and what was bought are a report of now, or of the end if there was one. It tells no
//!   status: the history is finer.

use serde_json::{Map, Value};

use super::json::{number, put, written};
use super::shapes::{History, HistoryEntry, UsageRow};
use crate::event::{Bought, SAME_END_SECS, Status, Usage, as_typed, return_id};
use crate::provider::{EsimSoFar, ListedEsim};

/// How far ahead of the API's own clock its times may lie, seconds.
const AHEAD_SECS: i64 = 60;

/// Everything that is known of one eSIM.
#[derive(Clone, Copy)]
pub(super) struct Telling<'a> {
    pub listed: &'a ListedEsim,
    pub known: &'a EsimSoFar,
    pub history: &'a History,
    pub usage: &'a UsageRow,
    /// By the API's clock, UTC seconds.
    pub now: i64,
}

/// Whether the history tells that the eSIM was in use.
pub(super) fn was_used(history: &History) -> bool {
    history.entries.iter().any(|entry| is_use(&entry.status))
}

/// Whether a status tells that an eSIM is on a device, or about to be. `INACTIVE` may follow an end.
fn lives(status: &Status) -> bool {
    matches!(
        status,
        Status::Downloaded | Status::Installed | Status::Activated
    )
}

fn is_use(status: &Status) -> bool {
    matches!(status, Status::Activated | Status::Inactive)
}

/// The balance as it stands.
pub(super) fn balance(balance: f64, currency: Option<String>, now: i64) -> Vec<u8> {
    let mut body = Map::new();
    body.insert("event_category".to_owned(), "partner".into());
    body.insert("event_type".to_owned(), "balance".into());
    body.insert("timestamp".to_owned(), now.into());
    body.insert("balance".to_owned(), number(balance));
    put(&mut body, "currency", currency);
    written(body)
}

impl Telling<'_> {
    /// The bodies.
    pub fn bodies(&self) -> Vec<Vec<u8>> {
        let mut bodies = self.entries();
        bodies.extend(self.ran_between_ends());
        bodies.extend(self.ready());
        bodies.extend(self.listed_status());
        bodies.extend(self.report());
        bodies
    }

    /// Those of the history alone.
    pub fn entries(&self) -> Vec<Vec<u8>> {
        let entries = self.history.entries.iter().map(|entry| {
            let mut body = self.body("status", entry.at);
            if let Some(iccid) = &entry.iccid {
                body.insert("iccid".to_owned(), iccid.as_str().into());
            }
            put(&mut body, "reference_id", self.reference());
            body.insert("status".to_owned(), entry.status.as_str().into());
            written(body)
        });
        entries.collect()
    }

    /// Whether its history tells of nothing after what is known.
    pub fn is_quiet(&self) -> bool {
        let last = self.history.entries.iter().map(|entry| entry.at).max();
        self.known.status_since.is_some() && last <= self.known.status_since
    }

    /// When the life of the profile ends: what an eSIM that nobody has installed shows as its end. Of one that was
    /// installed it may be the plan's, also while the list lags behind and calls it READY.
    pub fn life_ends_at(&self) -> Option<i64> {
        let is_sold =
            |status: &Status| matches!(status, Status::New | Status::Ready | Status::Downloaded);
        let told = self.history.entries.iter().map(|entry| &entry.status);
        let mut words = told.chain(&self.known.status).chain(&self.listed.status);
        let untouched = !self.known.was_used && words.all(is_sold);
        let is_listed = self.listed.status.is_some();
        self.listed.ends_at.filter(|_| untouched && is_listed)
    }

    /// Whether the list says that the eSIM ended, and all its times lie before something that happened since.
    pub fn contradicts_itself(&self) -> bool {
        match (self.listed_end(), self.last()) {
            (Some(_), Some((_, at))) => self.end_time(at).is_none(),
            _ => false,
        }
    }

    fn body(&self, kind: &str, at: i64) -> Map<String, Value> {
        let mut body = Map::new();
        body.insert("event_category".to_owned(), "esim".into());
        body.insert("event_type".to_owned(), kind.into());
        body.insert("timestamp".to_owned(), at.into());
        put(&mut body, "iccid", self.listed.iccid.clone());
        body.insert("esim_id".to_owned(), self.listed.esim_id.as_str().into());
        body
    }

    /// The last status that is known with its time.
    fn last(&self) -> Option<(&Status, i64)> {
        self.last_of(|_| true)
    }

    /// The same of those that are meant.
    fn last_of(&self, is_meant: impl Fn(&Status) -> bool) -> Option<(&Status, i64)> {
        let mut told = self.history.entries.iter().rev();
        let told = told.find(|entry| is_meant(&entry.status));
        let told = told.map(|entry| (&entry.status, entry.at));
        let known = self.known.status.as_ref().zip(self.known.status_since);
        let known = known.filter(|(status, _)| is_meant(status));
        // Of one second the history's: it has them in their order.
        match (told, known) {
            (Some(told), Some(known)) if known.1 > told.1 => Some(known),
            (told, known) => told.or(known),
        }
    }

    fn ready(&self) -> Option<Vec<u8>> {
        let is_ready = |status: &Status| *status == Status::Ready;
        let in_history = self
            .history
            .entries
            .iter()
            .any(|entry| is_ready(&entry.status));
        if in_history || !self.listed.status.as_ref().is_some_and(is_ready) {
            return None;
        }
        let at = match self.known.ready_at {
            Some(at) => at,
            None => self.ready_since()?,
        };
        let mut body = self.body("status", at);
        put(&mut body, "reference_id", self.reference());
        body.insert("status".to_owned(), Status::Ready.as_str().into());
        Some(written(body))
    }

    /// Since when it has been ready: since its entry changed last, and before anything finer.
    fn ready_since(&self) -> Option<i64> {
        let is_finer = |status: &Status| status.place_in_life() > Status::Ready.place_in_life();
        let latest = self.now.saturating_add(AHEAD_SECS);
        let changed = self.listed.updated_at.filter(|at| *at <= latest);
        let ready = changed.max(self.listed.created_at);
        let mut finer: Vec<i64> = Vec::new();
        let of_history = self.history.entries.iter();
        finer.extend(
            of_history
                .filter(|entry| is_finer(&entry.status))
                .map(|entry| entry.at),
        );
        if self.known.status.as_ref().is_some_and(is_finer) {
            finer.extend(self.known.status_since);
        }
        match (finer.into_iter().min(), self.last()) {
            (Some(finer), _) => ready.map(|at| at.min(finer.saturating_sub(1))),
            (None, Some((_, at))) => Some(ready.map_or(at, |ready| ready.max(at))),
            (None, None) => Some(ready.unwrap_or(self.now)),
        }
    }

    /// The list's word for an end, if that is not the last that is known.
    fn listed_end(&self) -> Option<&Status> {
        let listed = self.listed.status.as_ref()?;
        let is_last = self.last().is_some_and(|(last, _)| last == listed);
        (listed.is_terminal() && !is_last).then_some(listed)
    }

    /// The list's word for an end that nothing else tells, and that nothing has undone.
    fn unheard_end(&self) -> Option<&Status> {
        self.listed_end()
            .filter(|end| !self.is_undone(end) && !self.is_heard(end))
    }

    /// Whether the eSIM lives again since this end, and the list has not heard of it: it was topped up, or withdrawn by
    /// mistake.
    fn is_undone(&self, end: &Status) -> bool {
        let heard = self.latest(|one| one == end);
        let ended = self.end_times().into_iter().flatten().chain(heard).max();
        match (ended, self.latest(lives)) {
            (Some(ended), Some(lived)) => lived > ended,
            _ => false,
        }
    }

    /// Whether this end was told with its time, and what followed it was no life.
    fn is_heard(&self, end: &Status) -> bool {
        let heard = self.latest(|one| one == end);
        // Of another plan, which was bought since.
        let [plan_ended, _] = self.end_times();
        let is_later = |heard: i64| plan_ended > Some(heard.saturating_add(SAME_END_SECS));
        let is_last = |heard: i64| self.latest(lives).is_none_or(|lived| lived <= heard);
        heard.is_some_and(|heard| is_last(heard) && !is_later(heard))
    }

    /// When such a status was told last.
    fn latest(&self, is_meant: impl Fn(&Status) -> bool) -> Option<i64> {
        let told = self.history.entries.iter();
        let told = told.map(|entry| (&entry.status, entry.at));
        let known = self.known.status.as_ref().zip(self.known.status_since);
        let meant = told.chain(known).filter(|(one, _)| is_meant(one));
        meant.map(|(_, at)| at).max()
    }

    /// That the plan that is over began after an end before, where the history has the two ends alone.
    fn ran_between_ends(&self) -> Option<Vec<u8>> {
        let started = self.usage.started_at.filter(|at| *at <= self.now)?;
        let mut told = self.history.entries.iter();
        let next = told.position(|entry| entry.at >= started)?;
        let around = [next.checked_sub(1)?, next].map(|place| self.history.entries.get(place));
        let ends = |entry: &HistoryEntry| matches!(entry.status, Status::Expired | Status::Revoked);
        let both = around.into_iter().all(|entry| entry.is_some_and(ends));
        both.then(|| self.listed_as(&Status::Activated, started, Some(return_id(started))))
    }

    /// As what and since when the eSIM runs again of which the history only tells that it ended.
    fn runs_again(&self) -> Option<(Status, i64)> {
        self.began_again().or_else(|| self.was_given_back())
    }

    /// As what and since when the eSIM runs again whose plan began after its end.
    fn began_again(&self) -> Option<(Status, i64)> {
        let (_, ended) = self.last().filter(|(last, _)| last.is_terminal())?;
        let started = self.usage.started_at;
        let started = started.filter(|at| ended < *at && *at <= self.now)?;
        let used = self.usage.status.clone().filter(is_use);
        let installed = self
            .listed
            .status
            .clone()
            .filter(|listed| *listed == Status::Installed);
        Some((used.or(installed)?, started))
    }

    /// As what and since when the eSIM runs again whose entry in the list says so and changed after its end: more was bought for
    /// it, or it was given back. The list alone is not believed: what was bought since bears it out, or usage that does not
    /// speak of an end.
    fn was_given_back(&self) -> Option<(Status, i64)> {
        let is_over = |status: &Status| matches!(status, Status::Expired | Status::Revoked);
        let (_, ended) = self.last().filter(|(last, _)| is_over(last))?;
        let is_listed = self.listed.status == Some(Status::Installed);
        let latest = self.now.saturating_add(AHEAD_SECS);
        let changed = self.listed.updated_at.filter(|_| is_listed);
        let changed = changed.filter(|at| ended < *at && *at <= latest)?;
        let usage = self.usage_of_now();
        let is_active = usage.status == Some(Status::Activated);
        let ends = usage.status.as_ref().is_some_and(Status::is_terminal);
        let runs = match usage.ends_at {
            Some(end) => end > self.now && !ends,
            None => is_active,
        };
        let status = if is_active {
            Status::Activated
        } else {
            Status::Installed
        };
        (runs || self.was_bought_since(ended)).then_some((status, changed.min(self.now)))
    }

    /// Whether anything was bought after this time.
    fn was_bought_since(&self, at: i64) -> bool {
        let bought = self.listed.bought.iter();
        bought.filter_map(|bought| bought.at).any(|one| at < one)
    }

    /// What is left, if it is of now: usage that tells of an end may lag behind the list that knows of what was bought since.
    fn usage_of_now(&self) -> UsageRow {
        let ends = self.usage.status.as_ref().is_some_and(Status::is_terminal);
        let told = self.last().filter(|(last, _)| ends && last.is_terminal());
        let passed = self.usage.ends_at.filter(|end| *end <= self.now);
        let ended = passed.max(told.map(|(_, at)| at));
        let is_listed = self.listed.status == Some(Status::Installed);
        let lags = |at: i64| self.listed.updated_at > Some(at) && self.was_bought_since(at);
        if is_listed && ended.is_some_and(lags) {
            return UsageRow::default();
        }
        self.usage.clone()
    }

    /// The list's times for its end, unless they are still to come.
    fn end_times(&self) -> [Option<i64>; 2] {
        let ends_at = match self.listed.status {
            Some(Status::Expired) => self.listed.ends_at,
            _ => None,
        };
        let latest = self.now.saturating_add(AHEAD_SECS);
        [ends_at, self.listed.updated_at].map(|at| at.filter(|at| *at <= latest))
    }

    /// When the list's end was: the first of its times that is not before what is known to have happened by `since`.
    fn end_time(&self, since: i64) -> Option<i64> {
        let mut times = self.end_times().into_iter().flatten();
        times.find(|at| *at >= since)
    }

    /// When the list's end was, in any case: ends go last of all that happened in a second.
    fn ended_at(&self) -> i64 {
        match self.last() {
            Some((_, since)) => self.end_time(since).unwrap_or(since),
            None => self.end_time(0).unwrap_or(self.now),
        }
    }

    /// What no history tells of the status: that it ended, that it runs again, that it is installed, or that it is new.
    fn listed_status(&self) -> Option<Vec<u8>> {
        if let Some(status) = self.unheard_end() {
            return Some(self.listed_as(status, self.ended_at(), None));
        }
        if let Some((status, since)) = self.runs_again() {
            return Some(self.listed_as(&status, since, Some(return_id(since))));
        }
        let coarser =
            |status: &Status| matches!(status, Status::New | Status::Ready | Status::Downloaded);
        let installed = Status::Installed;
        if self.listed.status == Some(Status::New) && self.is_unheard_of() {
            let at = self.listed.created_at.or(self.listed.updated_at);
            let at = at.unwrap_or(self.now).min(self.now);
            return Some(self.listed_as(&Status::New, at, None));
        }
        if self.listed.status.as_ref() != Some(&installed) {
            return None;
        }
        let changed = self.listed.updated_at.or(self.listed.created_at);
        // That nobody knew how it was replaces nothing.
        let at = match self.last_of(|status| *status != Status::Unknown) {
            Some((last, _)) if !coarser(last) => return None,
            Some((_, since)) => changed.map_or(since, |at| at.max(since)),
            None => changed.unwrap_or(self.now),
        };
        Some(self.listed_as(&installed, at.min(self.now), None))
    }

    /// Whether nobody ever said how it is.
    fn is_unheard_of(&self) -> bool {
        self.last_of(|status| *status != Status::Unknown).is_none()
    }

    /// `event_id`: its own; `None`: it is known by what it says.
    fn listed_as(&self, status: &Status, at: i64, event_id: Option<String>) -> Vec<u8> {
        let mut body = self.body("usage", at);
        put(&mut body, "event_id", event_id);
        self.put_period(&mut body);
        body.insert("status".to_owned(), status.as_str().into());
        written(body)
    }

    /// Only a plan that runs or ran has a period: what an eSIM that is on no device shows as its end is the end of its
    /// profile's life.
    fn period(&self) -> Option<(Option<i64>, Option<i64>)> {
        let usage = self.usage_of_now();
        let started = usage.started_at;
        let ran = self.listed.status == Some(Status::Expired) && started.is_some();
        let used = self.known.was_used
            || was_used(self.history)
            || usage.status.as_ref().is_some_and(is_use)
            || ran;
        let end = usage.ends_at.or(self.listed.ends_at);
        // Of a list that lags behind a top-up, and of what was given back, only an end to come can be this plan's.
        let is_undone = self.listed_end().is_some_and(|end| self.is_undone(end));
        let lags = is_undone || self.was_given_back().is_some();
        let end = end.filter(|end| started.is_none_or(|start| start < *end));
        let end = end.filter(|end| !lags || *end > self.now);
        used.then_some((started, end))
    }

    fn put_period(&self, body: &mut Map<String, Value>) {
        let (start, end) = self.period().unwrap_or_default();
        for (name, at) in [("start", start), ("end", end)] {
            if let Some(at) = at {
                body.insert(name.to_owned(), at.into());
            }
        }
    }

    /// The partner's reference as it is written: one that is known stays, if it is that of an order or no order is known.
    fn reference(&self) -> Option<String> {
        let known = self.known.reference_id.as_ref();
        let of_orders = || {
            self.listed
                .bought
                .iter()
                .filter(|bought| bought.reference_id.is_some())
        };
        let form = |written: Option<&String>| written.map(|written| as_typed(written).into_owned());
        let known_form = form(known);
        let is_known = |bought: &&Bought| form(bought.reference_id.as_ref()) == known_form;
        let first = || {
            let sold = of_orders().find(|bought| !bought.top_up);
            sold.or_else(|| of_orders().next())
        };
        let found = of_orders().find(is_known).or_else(first);
        found
            .and_then(|bought| bought.reference_id.clone())
            .or_else(|| known.cloned())
            .or_else(|| self.history.reference_id.clone())
    }

    /// When what is left was so: now, while it may become less. Of what was only bought, when it was; of what is over, when
    /// that was.
    fn report_time(&self, usage: &UsageRow) -> i64 {
        let ended = self.last().filter(|(last, _)| last.is_terminal());
        let ended = ended.filter(|_| self.runs_again().is_none());
        let listed = self.unheard_end().map(|_| self.ended_at());
        let only_bought = *usage == UsageRow::default();
        let last = self.last().filter(|(last, _)| lives(last));
        let since = self
            .runs_again()
            .or(last.map(|(last, at)| (last.clone(), at)));
        // What was bought for one that had ended counts from when it runs again.
        let counts_from = |bought: &Bought| {
            let since = since.as_ref().filter(|_| bought.top_up);
            bought.at.max(since.map(|(_, at)| *at))
        };
        let bought = self.listed.bought.last().and_then(counts_from);
        let at = listed
            .or(ended.map(|(_, at)| at))
            .or(bought.filter(|_| only_bought));
        at.map_or_else(|| self.latest_now(), |at| at.min(self.now))
    }

    /// Now, which is after all that is known: a clock that was ahead once must not make what it told the latest for as long.
    fn latest_now(&self) -> i64 {
        let after = self.known.last_event_at.map(|at| at.saturating_add(1));
        after.map_or(self.now, |after| after.max(self.now))
    }

    /// What is left and what was bought; `None`: nothing is known of either.
    fn report(&self) -> Option<Vec<u8>> {
        let usage = self.usage_of_now();
        let mut body = self.body("usage", self.report_time(&usage));
        let plain = body.len();
        put(&mut body, "reference_id", self.reference());
        self.put_period(&mut body);
        if let Some(bought) = self.listed.bought.last() {
            put(&mut body, "package_id", bought.package_id.clone());
            put(&mut body, "package_name", bought.package_name.clone());
            if let Some(price) = bought.price {
                body.insert("price".to_owned(), number(price));
                put(&mut body, "currency", bought.currency.clone());
            }
        }
        let data = Usage::told(None, usage.allowed_data, usage.remaining_data, None);
        let endless = self.listed.unlimited == Some(true) || data.unlimited == Some(true);
        let mut figures = Map::new();
        if endless || usage.allowed_data.is_some() {
            figures.insert("isUnlimited".to_owned(), endless.into());
        }
        for (name, figure) in [
            ("allowed_data", data.allowed_mb.filter(|_| !endless)),
            ("remaining_data", data.remaining_mb.filter(|_| !endless)),
            ("allowed_sms", usage.allowed_sms),
            ("remaining_sms", usage.remaining_sms),
            ("allowed_voice", usage.allowed_voice),
            ("remaining_voice", usage.remaining_voice),
        ] {
            if let Some(figure) = figure {
                figures.insert(name.to_owned(), number(figure));
            }
        }
        if !figures.is_empty() {
            body.insert("usage_data".to_owned(), Value::Object(figures));
        }
        (body.len() > plain).then(|| written(body))
    }
}
