//! The table of alerts: one row per subject, rule and occasion, for ever. What is true again on the same
//! occasion opens the same row, so nothing is told twice.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use serde::{Deserialize, Serialize};

use super::{Reader, StoredEvent, esims, events};
use crate::alert::{AccountEvent, Detail, Fact, Rule, Severity, Subject};
use crate::esim::EsimState;
use crate::event::facts;

/// Most rows of one page of alerts.
pub const MAX_ALERTS: u32 = 200;

/// What has become of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum AlertState {
    /// Nobody has taken it up.
    New,
    /// Somebody has.
    Acknowledged,
    /// Somebody wants to be told again later.
    Snoozed,
    /// Its cause is gone.
    Cleared,
}

impl AlertState {
    const ALL: [AlertState; 4] = [
        AlertState::New,
        AlertState::Acknowledged,
        AlertState::Snoozed,
        AlertState::Cleared,
    ];

    fn as_str(self) -> &'static str {
        match self {
            AlertState::New => "new",
            AlertState::Acknowledged => "acknowledged",
            AlertState::Snoozed => "snoozed",
            AlertState::Cleared => "cleared",
        }
    }

    fn from_text(text: &str) -> AlertState {
        // The table's CHECK allows no other.
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .unwrap_or(AlertState::New)
    }
}

/// An alert as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredAlert {
    /// Row id.
    pub id: i64,
    /// What it is about, which rule found it, since when, and the numbers in its text.
    pub fact: Fact,
    /// What has become of it.
    pub state: AlertState,
    /// When it was raised, UTC milliseconds.
    pub raised_at_ms: i64,
    /// Until when it is snoozed, UTC seconds.
    pub snoozed_until: Option<i64>,
    /// What somebody noted when taking it up.
    pub note: Option<String>,
    /// When it was taken up, UTC milliseconds.
    pub acknowledged_at_ms: Option<i64>,
    /// When its cause was gone, UTC milliseconds.
    pub cleared_at_ms: Option<i64>,
    /// When it was shown as a notification, UTC milliseconds.
    pub shown_at_ms: Option<i64>,
    /// Whether a notification is owed.
    pub owed: bool,
    /// Whether its eSIM is muted.
    pub muted: bool,
    /// The eSIM it is about.
    pub esim: Option<EsimState>,
}

/// One thing to be done to alerts. Steps of one call are committed together.
#[derive(Debug, Clone, PartialEq)]
pub enum AlertStep {
    /// A fact that has no open alert. `owed`: it is to be shown as a notification if its occasion is new.
    Raise {
        /// The fact.
        fact: Fact,
        /// Whether a notification is wanted.
        owed: bool,
    },
    /// What is known of an open alert has changed.
    Update {
        /// The alert.
        id: i64,
        /// What is known now.
        detail: Detail,
    },
    /// The cause is gone.
    Clear {
        /// The alert.
        id: i64,
    },
    /// Somebody takes them up.
    Acknowledge {
        /// The alerts.
        ids: Vec<i64>,
        /// What they note; `None` leaves a note as it is.
        note: Option<String>,
    },
    /// Makes alerts new again that somebody took up or put off by mistake.
    Reopen {
        /// The alerts.
        ids: Vec<i64>,
    },
    /// Somebody puts them off.
    Snooze {
        /// The alerts.
        ids: Vec<i64>,
        /// Until when, UTC seconds.
        until: i64,
    },
    /// The time for which they were put off is over: they are new, and to be shown again.
    Wake {
        /// UTC seconds.
        now: i64,
    },
    /// Every event up to this one was looked at.
    SeenUpTo {
        /// The event's row.
        event: i64,
    },
    /// They were shown as a notification.
    Shown {
        /// The alerts.
        ids: Vec<i64>,
    },
    /// No notifications for this eSIM, or again.
    Mute {
        /// The eSIM's row.
        esim: i64,
        /// Whether it is muted.
        muted: bool,
    },
}

/// What an [`AlertStep`] did.
#[derive(Debug, Clone, PartialEq)]
pub enum AlertDone {
    /// There is an open alert with this row; `new` if its occasion had none before.
    Raised {
        /// The alert.
        id: i64,
        /// Whether the occasion is new.
        new: bool,
        /// What has become of it.
        state: AlertState,
        /// Whether its eSIM is muted.
        muted: bool,
    },
    /// These alerts changed.
    Changed(Vec<i64>),
}

/// How many alerts there are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct AlertCounts {
    /// New ones: nobody has taken them up.
    pub unread: i64,
    /// New ones of the gravest kind.
    pub critical: i64,
    /// Acknowledged ones whose cause goes on.
    pub acknowledged: i64,
    /// Snoozed ones.
    pub snoozed: i64,
}

/// A page of the list of alerts, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct AlertQuery {
    /// Words that must all occur in the reference, ICCID, eSIM id or note.
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

/// The last event whose news was looked at, among the counters.
const SEEN_UP_TO: &str = "alerts_seen_up_to";

const COLUMNS: &str = "alerts.id, alerts.subject, alerts.rule, alerts.occasion, alerts.since, alerts.detail, \
     alerts.state, alerts.raised_at_ms, alerts.snoozed_until, alerts.note, alerts.acknowledged_at_ms, \
     alerts.cleared_at_ms, alerts.shown_at_ms, alerts.owed, alerts.esim, \
     EXISTS (SELECT 1 FROM muted_esims WHERE muted_esims.esim = alerts.esim)";

/// `None`: a newer version's rule or subject.
fn from_row(db: &Connection, row: &Row<'_>) -> rusqlite::Result<Option<StoredAlert>> {
    let (subject, rule): (String, String) = (row.get(1)?, row.get(2)?);
    let (Some(subject), Some(rule)) = (Subject::from_text(&subject), Rule::from_text(&rule)) else {
        return Ok(None);
    };
    let detail: String = row.get(5)?;
    let state: String = row.get(6)?;
    let esim: Option<i64> = row.get(14)?;
    Ok(Some(StoredAlert {
        id: row.get(0)?,
        fact: Fact {
            subject,
            rule,
            occasion: row.get(3)?,
            since: row.get(4)?,
            // Written by this program; what another version can't read is only missing from the text.
            detail: serde_json::from_str(&detail).unwrap_or_default(),
        },
        state: AlertState::from_text(&state),
        raised_at_ms: row.get(7)?,
        snoozed_until: row.get(8)?,
        note: row.get(9)?,
        acknowledged_at_ms: row.get(10)?,
        cleared_at_ms: row.get(11)?,
        shown_at_ms: row.get(12)?,
        owed: row.get(13)?,
        muted: row.get(15)?,
        esim: esim
            .map(|row| esims::by_row(db, row))
            .transpose()?
            .flatten()
            .map(|stored| stored.state),
    }))
}

/// Does one step.
pub(super) fn apply(tx: &Connection, step: &AlertStep, now_ms: i64) -> rusqlite::Result<AlertDone> {
    let changed = |sql: &str, ids: &[i64]| -> rusqlite::Result<AlertDone> {
        let mut statement = tx.prepare_cached(sql)?;
        let mut done = Vec::new();
        for id in ids {
            if statement.execute(params![id, now_ms])? > 0 {
                done.push(*id);
            }
        }
        Ok(AlertDone::Changed(done))
    };
    match step {
        AlertStep::Raise { fact, owed } => raise(tx, fact, *owed, now_ms),
        AlertStep::Update { id, detail } => {
            tx.prepare_cached("UPDATE alerts SET detail = ?2 WHERE id = ?1")?
                .execute(params![id, json(detail)])?;
            Ok(AlertDone::Changed(vec![*id]))
        }
        AlertStep::Clear { id } => changed(
            "UPDATE alerts SET state = 'cleared', cleared_at_ms = ?2, snoozed_until = NULL, owed = 0
             WHERE id = ?1 AND state <> 'cleared'",
            &[*id],
        ),
        AlertStep::Acknowledge { ids, note } => {
            if let Some(note) = note {
                let mut write = tx.prepare_cached("UPDATE alerts SET note = ?2 WHERE id = ?1")?;
                for id in ids {
                    write.execute(params![id, note])?;
                }
            }
            // What was cleared meanwhile stays so; that somebody took it up is noted all the same.
            changed(
                "UPDATE alerts SET state = iif(state = 'cleared', state, 'acknowledged'), acknowledged_at_ms = ?2,
                     snoozed_until = NULL, owed = 0
                 WHERE id = ?1",
                ids,
            )
        }
        AlertStep::Reopen { ids } => changed(
            "UPDATE alerts SET state = 'new', acknowledged_at_ms = NULL, snoozed_until = NULL
             WHERE id = ?1 AND state IN ('acknowledged', 'snoozed') AND ?2 IS NOT NULL",
            ids,
        ),
        AlertStep::Snooze { ids, until } => {
            let mut statement = tx.prepare_cached(
                "UPDATE alerts SET state = 'snoozed', snoozed_until = ?2, owed = 0 WHERE id = ?1 AND state <> 'cleared'",
            )?;
            let mut done = Vec::new();
            for id in ids {
                if statement.execute(params![id, until])? > 0 {
                    done.push(*id);
                }
            }
            Ok(AlertDone::Changed(done))
        }
        AlertStep::Wake { now } => {
            let woken = tx
                .prepare_cached(
                    "UPDATE alerts SET state = 'new', snoozed_until = NULL, owed = 1
                     WHERE state = 'snoozed' AND snoozed_until <= ?1 RETURNING id",
                )?
                .query_map([now], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            Ok(AlertDone::Changed(woken))
        }
        AlertStep::Shown { ids } => changed(
            "UPDATE alerts SET shown_at_ms = ?2, owed = 0 WHERE id = ?1",
            ids,
        ),
        AlertStep::SeenUpTo { event } => {
            tx.prepare_cached(
                "INSERT INTO counters (name, value) VALUES (?1, ?2)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            )?
            .execute(params![SEEN_UP_TO, event])?;
            Ok(AlertDone::Changed(Vec::new()))
        }
        AlertStep::Mute { esim, muted } => {
            let sql = if *muted {
                "INSERT OR IGNORE INTO muted_esims (esim) VALUES (?1)"
            } else {
                "DELETE FROM muted_esims WHERE esim = ?1"
            };
            tx.execute(sql, [esim])?;
            Ok(AlertDone::Changed(Vec::new()))
        }
    }
}

fn raise(tx: &Connection, fact: &Fact, owed: bool, now_ms: i64) -> rusqlite::Result<AlertDone> {
    let (subject, rule) = (fact.subject.as_text(), fact.rule.as_str());
    let esim = match fact.subject {
        Subject::Esim(row) => Some(row),
        _ => None,
    };
    let muted = match esim {
        Some(row) => tx
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM muted_esims WHERE esim = ?1)")?
            .query_row([row], |row| row.get(0))?,
        None => false,
    };
    let known: Option<(i64, bool)> = tx
        .prepare_cached(
            "SELECT id, acknowledged_at_ms IS NOT NULL FROM alerts WHERE subject = ?1 AND rule = ?2 AND occasion = ?3",
        )?
        .query_row(params![subject, rule, fact.occasion], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    if let Some((id, acknowledged)) = known {
        let state = if acknowledged {
            AlertState::Acknowledged
        } else {
            AlertState::New
        };
        tx.prepare_cached(
            "UPDATE alerts SET state = ?2, cleared_at_ms = NULL, detail = ?3 WHERE id = ?1",
        )?
        .execute(params![id, state.as_str(), json(&fact.detail)])?;
        let new = false;
        return Ok(AlertDone::Raised {
            id,
            new,
            state,
            muted,
        });
    }
    let id = tx
        .prepare_cached(
            "INSERT INTO alerts (subject, rule, occasion, esim, since, detail, raised_at_ms, state, owed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'new', ?8)",
        )?
        .insert(params![
            subject,
            rule,
            fact.occasion,
            esim,
            fact.since,
            json(&fact.detail),
            now_ms,
            owed && !muted,
        ])?;
    Ok(AlertDone::Raised {
        id,
        new: true,
        state: AlertState::New,
        muted,
    })
}

fn json(detail: &Detail) -> String {
    // Numbers and texts only, which always can be written.
    serde_json::to_string(detail).unwrap_or_default()
}

/// Gives the alerts of an eSIM's row that is gone to the one that it became one with. Where both had
/// the same, the survivor's stays.
pub(super) fn move_to(tx: &Connection, gone: i64, survivor: i64) -> rusqlite::Result<()> {
    let (from, to) = (Subject::Esim(gone), Subject::Esim(survivor));
    tx.execute(
        "UPDATE OR IGNORE alerts SET subject = ?2, esim = ?3 WHERE subject = ?1",
        params![from.as_text(), to.as_text(), survivor],
    )?;
    tx.execute("DELETE FROM alerts WHERE subject = ?1", [from.as_text()])?;
    tx.execute(
        "UPDATE OR IGNORE muted_esims SET esim = ?2 WHERE esim = ?1",
        [gone, survivor],
    )?;
    tx.execute("DELETE FROM muted_esims WHERE esim = ?1", [gone])?;
    Ok(())
}

impl Reader<'_> {
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

    /// The newest alerts that nobody has taken up.
    pub fn newest_new_alerts(&self, limit: usize) -> rusqlite::Result<Vec<StoredAlert>> {
        self.alerts_where(
            "state = 'new' ORDER BY id DESC LIMIT ?1",
            &[i64::try_from(limit).unwrap_or(i64::MAX).into()],
        )
    }

    /// The last event whose news was looked at.
    pub fn alerts_seen_up_to(&self) -> rusqlite::Result<i64> {
        let seen = self
            .db
            .prepare_cached("SELECT value FROM counters WHERE name = ?1")?
            .query_row([SEEN_UP_TO], |row| row.get(0))
            .optional()?;
        Ok(seen.unwrap_or(0))
    }

    /// Events after this one that may be news by themselves: refunds, and kinds that are not recognised.
    pub fn news_after(&self, event: i64) -> rusqlite::Result<Vec<StoredEvent>> {
        self.db
            .prepare_cached(&format!(
                "SELECT {} FROM events WHERE id > ?1 AND (category = 'refund' OR problem IS NOT NULL) ORDER BY id",
                events::COLUMNS
            ))?
            .query_map([event], events::from_row)?
            .collect()
    }

    /// How many events of a kind were not recognised.
    pub fn unrecognized_of_kind(&self, category: &str, kind: &str) -> rusqlite::Result<i64> {
        self.db
            .prepare_cached(
                "SELECT count(*) FROM events WHERE problem IS NOT NULL AND category = ?1 AND type = ?2",
            )?
            .query_row([category, kind], |row| row.get(0))
    }

    /// The latest events about the balance.
    pub fn account_events(&self, limit: u32) -> rusqlite::Result<Vec<AccountEvent>> {
        let events: Vec<StoredEvent> = self
            .db
            .prepare_cached(&format!(
                "SELECT {} FROM events WHERE category = 'partner' AND problem IS NULL AND occurred_at IS NOT NULL
                 ORDER BY occurred_at DESC LIMIT ?1",
                events::COLUMNS
            ))?
            .query_map([limit], events::from_row)?
            .collect::<Result<_, _>>()?;
        let read = |stored: StoredEvent| {
            let said = self.payload(stored.id)?.map(|body| facts(&body));
            let said = said.unwrap_or_default();
            Ok(AccountEvent {
                occurred_at: stored.event.occurred_at.unwrap_or_default(),
                key: stored.event.key,
                kind: stored.event.kind,
                amount: said.amount,
                currency: said.currency,
            })
        };
        events.into_iter().map(read).collect()
    }

    /// Rows of eSIMs after this row.
    pub fn esim_rows_after(&self, row: i64, limit: usize) -> rusqlite::Result<Vec<i64>> {
        self.db
            .prepare_cached("SELECT id FROM esims WHERE id > ?1 ORDER BY id LIMIT ?2")?
            .query_map(params![row, i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
                row.get(0)
            })?
            .collect()
    }

    /// The states of the eSIMs in these rows; `None`: there is none any more.
    pub fn esim_states(&self, rows: &[i64]) -> rusqlite::Result<Vec<(i64, Option<EsimState>)>> {
        rows.iter()
            .map(|row| {
                let found = esims::by_row(self.db, *row)?;
                Ok((*row, found.map(|found| found.state)))
            })
            .collect()
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
                    if Rule::from_text(&rule).map(Rule::severity) == Some(Severity::Critical) {
                        counts.critical += count;
                    }
                }
                AlertState::Acknowledged => counts.acknowledged += count,
                AlertState::Snoozed => counts.snoozed += count,
                AlertState::Cleared => {}
            }
        }
        Ok(counts)
    }

    /// How many alerts match, and one page of them, newest first.
    pub fn alerts(&self, query: &AlertQuery) -> rusqlite::Result<(i64, Vec<StoredAlert>)> {
        let mut condition = String::from("1");
        let mut values: Vec<Value> = Vec::new();
        for word in super::query::words(&query.search) {
            values.push(word.into());
            let n = values.len();
            condition += &format!(
                " AND (instr(lower(coalesce(note, '')), ?{n}) > 0 OR instr(lower(subject), ?{n}) > 0
                  OR instr((SELECT search_text FROM esims WHERE esims.id = alerts.esim), ?{n}) > 0)"
            );
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
            let row = match esims::by_esim_id(self.db, key)? {
                Some(found) => Some(found.id),
                None => esims::owner_row_of_iccid(self.db, key)?,
            };
            values.push(row.map_or(Value::Null, Value::Integer));
            condition += &format!(" AND alerts.esim = ?{}", values.len());
        }
        let total = self
            .db
            .prepare_cached(&format!("SELECT count(*) FROM alerts WHERE {condition}"))?
            .query_row(params_from_iter(&values), |row| row.get(0))?;
        let page = format!(
            "{condition} ORDER BY id DESC LIMIT {} OFFSET {}",
            query.limit.min(MAX_ALERTS),
            query.offset
        );
        Ok((total, self.alerts_where(&page, &values)?))
    }

    /// The row of the eSIM with this key.
    pub fn esim_row(&self, key: &str) -> rusqlite::Result<Option<i64>> {
        Ok(match esims::by_esim_id(self.db, key)? {
            Some(found) => Some(found.id),
            None => esims::owner_row_of_iccid(self.db, key)?,
        })
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
