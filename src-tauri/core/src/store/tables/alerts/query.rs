//! What can be asked about alerts, and what the rules need to know of the store.

use rusqlite::types::Value;
use rusqlite::{params, params_from_iter};

use super::{AlertState, COLUMNS, SEEN_UP_TO, StoredAlert, from_row};
use crate::alert::{AlertSettings, Rule, Severity, Subject};
use crate::event::{EventKind, Problem, Topic};
use crate::provider::Unreadable;
use crate::search::Search;
use crate::store::tables::settings::{self, Setting};
use crate::store::tables::{counters, events, kinds};
use crate::store::{Reader, StoredEvent};

/// The decision of a refund is not told again after so long, seconds.
const TOLD_AGAIN_SECS: i64 = 90 * 86_400;

/// Most rows of one page of alerts.
pub const MAX_ALERTS: u32 = 200;

/// How many alerts there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlertCounts {
    /// New ones: nobody has taken them up.
    pub unread: i64,
    /// New ones that are more than news: somebody has to do something.
    pub attention: i64,
    /// New ones of the gravest kind.
    pub critical: i64,
    /// Acknowledged ones whose cause goes on.
    pub acknowledged: i64,
    /// Snoozed ones.
    pub snoozed: i64,
}

/// A page of the list of alerts, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertQuery {
    /// Words that must all occur in reference, ICCID, eSIM id, the note, or what is known of the traveller.
    pub search: String,
    /// Only these states; empty: all.
    pub states: Vec<AlertState>,
    /// Only these rules; empty: all.
    pub rules: Vec<Rule>,
    /// Only alerts of the eSIM with this key.
    pub esim: Option<String>,
    /// Rows to skip.
    pub offset: u32,
    /// Rows to return, at most [`MAX_ALERTS`].
    pub limit: u32,
}

impl Reader<'_> {
    /// The rules as they are set.
    pub fn alert_settings(&self) -> rusqlite::Result<AlertSettings> {
        let text = settings::get(self.db, Setting::Alerts)?;
        // What another version wrote and this one can't read: the defaults are better than no alerts.
        Ok(text
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default())
    }

    /// Every alert that is not cleared.
    pub fn open_alerts(&self) -> rusqlite::Result<Vec<StoredAlert>> {
        self.alerts_where("state <> 'cleared' ORDER BY id", &[])
    }

    /// The open alerts of one eSIM, by its row.
    pub fn open_alerts_of(&self, esim: i64) -> rusqlite::Result<Vec<StoredAlert>> {
        self.alerts_where(
            "alerts.esim = ?1 AND state <> 'cleared' ORDER BY id",
            &[esim.into()],
        )
    }

    /// The alerts of one rule about one subject, cleared or not, newest first.
    pub fn alerts_of(&self, subject: &Subject, rule: Rule) -> rusqlite::Result<Vec<StoredAlert>> {
        self.alerts_where(
            "subject = ?1 AND rule = ?2 ORDER BY id DESC LIMIT 50",
            &[subject.as_text().into(), rule.as_str().to_owned().into()],
        )
    }

    /// The alerts of one rule that were cleared although what they tell is no older than this (UTC seconds).
    pub fn cleared_alerts(&self, rule: Rule, since: i64) -> rusqlite::Result<Vec<StoredAlert>> {
        self.alerts_where(
            "rule = ?1 AND state = 'cleared' AND since > ?2 ORDER BY id",
            &[rule.as_str().to_owned().into(), since.into()],
        )
    }

    /// The new alerts of which a notification is owed, oldest first; those of muted eSIMs as well.
    pub fn owed_alerts(&self) -> rusqlite::Result<Vec<StoredAlert>> {
        self.alerts_where(
            "state <> 'cleared' AND state = 'new' AND owed ORDER BY id",
            &[],
        )
    }

    /// The open alerts about eSIMs that are gone.
    pub fn alerts_of_nobody(&self) -> rusqlite::Result<Vec<i64>> {
        self.db
            .prepare_cached(
                "SELECT id FROM alerts WHERE state <> 'cleared' AND esim IS NOT NULL
                     AND NOT EXISTS (SELECT 1 FROM esims WHERE esims.id = alerts.esim)",
            )?
            .query_map([], |row| row.get(0))?
            .collect()
    }

    /// The newest alerts that nobody has taken up.
    pub fn newest_new_alerts(&self, limit: usize) -> rusqlite::Result<Vec<StoredAlert>> {
        self.alerts_where(
            "state = 'new' ORDER BY id DESC LIMIT ?1",
            &[i64::try_from(limit).unwrap_or(i64::MAX).into()],
        )
    }

    /// The last event whose news was looked at.
    pub fn alerts_seen_up_to(&self) -> rusqlite::Result<i64> {
        Ok(counters::get(self.db, SEEN_UP_TO)?.unwrap_or(0))
    }

    /// Events after this one that may be news by themselves: refunds, and kinds that are not recognised.
    pub fn news_after(&self, event: i64) -> rusqlite::Result<Vec<StoredEvent>> {
        self.db
            .prepare_cached(&format!(
                "SELECT {} FROM events WHERE id > ?1 AND ({} OR problem IS NOT NULL) ORDER BY id",
                events::COLUMNS,
                kinds::about(Topic::Refund)
            ))?
            .query_map([event], events::from_row)?
            .collect()
    }

    /// Refunds that were decided since then (UTC seconds), and of what came since and is not understood the last of each kind
    /// and reason, in the order in which they came.
    pub fn news_since(&self, since: i64) -> rusqlite::Result<Vec<StoredEvent>> {
        self.db
            .prepare_cached(&format!(
                "SELECT {} FROM events WHERE ({} AND occurred_at > ?1)
                     OR id IN (SELECT max(id) FROM events WHERE problem IS NOT NULL AND received_at_ms > ?1 * 1000
                         GROUP BY category, type, problem)
                 ORDER BY id",
                events::COLUMNS,
                kinds::about(Topic::Refund)
            ))?
            .query_map([since], events::from_row)?
            .collect()
    }

    /// The keys under which the decision of a refund, which this event tells, was told at other times, the one that came first
    /// first. A number that names two eSIMs names two refunds.
    pub fn same_refund(&self, decided: &StoredEvent) -> rusqlite::Result<Vec<String>> {
        let details = decided.event.details.as_ref();
        let number = details.and_then(|said| said.refund.as_ref()?.refund_id.as_ref());
        let (Some(number), Some(at)) = (number, decided.event.occurred_at) else {
            return Ok(Vec::new());
        };
        let rows: Vec<StoredEvent> = self
            .db
            .prepare_cached(&format!(
                "SELECT {} FROM events WHERE {} AND occurred_at BETWEEN ?1 - {TOLD_AGAIN_SECS} AND ?1 + {TOLD_AGAIN_SECS}
                     AND type = ?2 AND details ->> '$.refund.refundId' = ?3 AND id <> ?4 ORDER BY id",
                events::COLUMNS,
                kinds::about(Topic::Refund)
            ))?
            .query_map(
                params![at, decided.event.kind.as_parts().1, number, decided.id],
                events::from_row,
            )?
            .collect::<Result<_, _>>()?;
        let is_same = |other: &StoredEvent| {
            let (one, other, esims) = (&decided.event, &other.event, other.esim.zip(decided.esim));
            let differ = |one: &Option<String>, other: &Option<String>| {
                one.is_some() && other.is_some() && one != other
            };
            let names = !differ(&one.esim_id, &other.esim_id) && !differ(&one.iccid, &other.iccid);
            one.provider == other.provider && esims.map_or(names, |(one, other)| one == other)
        };
        let same = rows.into_iter().filter(is_same);
        Ok(same.map(|other| other.event.key).collect())
    }

    /// The last delivery that was no event, of each kind of reason: why, and when it came, UTC milliseconds.
    pub fn unreadable(&self) -> rusqlite::Result<Vec<(Unreadable, i64)>> {
        let mut statement = self.db.prepare_cached(
            "SELECT reason, max(last_received_at_ms) FROM deliveries
             WHERE malformed_key IS NOT NULL AND reason IS NOT NULL
             GROUP BY substr(reason, 1, instr(reason || ':', ':'))",
        )?;
        let rows = statement.query_map([], |row| {
            let reason: String = row.get(0)?;
            Ok(Unreadable::from_text(&reason).zip(Some(row.get(1)?)))
        })?;
        // What a later version wrote it told itself.
        rows.filter_map(Result::transpose).collect()
    }

    /// How many events of a kind were not recognised for this reason.
    pub fn unrecognized_of_kind(
        &self,
        kind: &EventKind,
        problem: &Problem,
    ) -> rusqlite::Result<i64> {
        let (category, kind) = kind.as_parts();
        self.db
            .prepare_cached(
                "SELECT count(*) FROM events WHERE problem IS NOT NULL AND category = ?1 AND type = ?2 AND problem = ?3",
            )?
            .query_row([category, kind, &problem.as_text()], |row| row.get(0))
    }

    /// One alert.
    pub fn alert(&self, id: i64) -> rusqlite::Result<Option<StoredAlert>> {
        Ok(self.alerts_where("id = ?1", &[id.into()])?.pop())
    }

    /// Totals of the alerts that are open.
    pub fn alert_counts(&self) -> rusqlite::Result<AlertCounts> {
        let mut counts = AlertCounts::default();
        let mut statement = self.db.prepare_cached(
            "SELECT state, rule, count(*) FROM alerts WHERE state <> 'cleared' GROUP BY 1, 2",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (state, rule): (String, String) = (row.get(0)?, row.get(1)?);
            let count: i64 = row.get(2)?;
            match AlertState::from_text(&state) {
                AlertState::New => {
                    counts.unread += count;
                    match Rule::from_text(&rule).map(Rule::severity) {
                        Some(Severity::Critical) => {
                            counts.critical += count;
                            counts.attention += count;
                        }
                        Some(Severity::Warning) => counts.attention += count,
                        Some(Severity::Info) | None => {}
                    }
                }
                AlertState::Acknowledged => counts.acknowledged += count,
                AlertState::Snoozed => counts.snoozed += count,
                AlertState::Cleared => {}
            }
        }
        Ok(counts)
    }

    /// The rules that new alerts come from, each with their number and its newest ones, at most `newest`.
    pub fn new_alerts_by_rule(
        &self,
        newest: u32,
    ) -> rusqlite::Result<Vec<(Rule, i64, Vec<StoredAlert>)>> {
        let counts: Vec<(String, i64)> = self
            .db
            .prepare_cached("SELECT rule, count(*) FROM alerts WHERE state = 'new' GROUP BY 1")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let mut found = Vec::new();
        for (name, count) in counts {
            // A rule of a later version: its alerts can't be worded here.
            let Some(rule) = Rule::from_text(&name) else {
                continue;
            };
            let alerts = self.alerts_where(
                "state = 'new' AND rule = ?1 ORDER BY id DESC LIMIT ?2",
                &[name.into(), newest.into()],
            )?;
            found.push((rule, count, alerts));
        }
        Ok(found)
    }

    /// How many alerts match, and one page of them, newest first.
    pub fn alerts(&self, query: &AlertQuery) -> rusqlite::Result<(i64, Vec<StoredAlert>)> {
        let mut condition = String::from("1");
        let mut values: Vec<Value> = Vec::new();
        let search = Search::of(&query.search);
        if !search.is_empty() {
            self.know_search(search)?;
            condition += " AND found(note, (SELECT search_text FROM esims WHERE esims.id = alerts.esim),
                (SELECT name || char(10) || contact || char(10) || note || char(10) || tags FROM travellers
                 WHERE esim = alerts.esim
                 UNION ALL SELECT name || char(10) || contact || char(10) || note || char(10) || tags FROM travellers
                 WHERE reference_id = (SELECT reference_id FROM esims WHERE esims.id = alerts.esim) LIMIT 1))";
        }
        let mut one_of = |column: &str, texts: Vec<&str>| {
            if texts.is_empty() {
                return;
            }
            let places: Vec<String> = texts
                .into_iter()
                .map(|text| {
                    values.push(text.to_owned().into());
                    format!("?{}", values.len())
                })
                .collect();
            condition += &format!(" AND {column} IN ({})", places.join(", "));
        };
        one_of(
            "state",
            query.states.iter().map(|state| state.as_str()).collect(),
        );
        one_of(
            "rule",
            query.rules.iter().map(|rule| rule.as_str()).collect(),
        );
        if let Some(key) = &query.esim {
            let row = self.esim_row(key)?;
            values.push(row.map_or(Value::Null, Value::Integer));
            condition += &format!(" AND alerts.esim = ?{}", values.len());
        }
        let total = self
            .db
            .prepare(&format!("SELECT count(*) FROM alerts WHERE {condition}"))?
            .query_row(params_from_iter(&values), |row| row.get(0))?;
        let page = format!(
            "{condition} ORDER BY id DESC LIMIT {} OFFSET {}",
            query.limit.min(MAX_ALERTS),
            query.offset
        );
        Ok((total, self.alerts_where(&page, &values)?))
    }

    /// Whether notifications of this eSIM are held back for good.
    pub fn is_muted(&self, esim: i64) -> rusqlite::Result<bool> {
        self.db
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM muted_esims WHERE esim = ?1)")?
            .query_row([esim], |row| row.get(0))
    }

    fn alerts_where(
        &self,
        condition: &str,
        values: &[Value],
    ) -> rusqlite::Result<Vec<StoredAlert>> {
        let mut statement = self
            .db
            .prepare_cached(&format!("SELECT {COLUMNS} FROM alerts WHERE {condition}"))?;
        let mut rows = statement.query(params_from_iter(values))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.extend(from_row(self.db, row)?);
        }
        Ok(found)
    }
}
