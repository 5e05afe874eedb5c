//! The table of alerts: one row per subject, rule and occasion, for ever. What was gone for no longer than a flap
//! opens its row again with everything that a person did to it, and with the notification that is still owed.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::alert::{Detail, Fact, Rule, Subject};
use crate::esim::EsimState;
use crate::store::tables::counters;
use crate::store::tables::esims;
use crate::store::tables::events;
use crate::store::tables::travellers;

mod account;
mod query;

pub use query::{AlertCounts, AlertQuery, MAX_ALERTS};

/// What has become of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// When it was put off, while it is, UTC milliseconds; `None`: it is not, or was by a version before.
    pub put_off_at_ms: Option<i64>,
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
    /// Row of the eSIM that it is about.
    pub esim_row: Option<i64>,
    /// The eSIM it is about.
    pub esim: Option<EsimState>,
    /// The name of the eSIM's traveller.
    pub traveller: Option<String>,
}

/// One thing to be done to alerts. Steps of one call are committed together.
#[derive(Debug, Clone, PartialEq)]
pub enum AlertStep {
    /// A matter that has no alert. `owed`: it is to be shown as a notification. Does nothing if the fact is about
    /// an eSIM that is gone.
    Raise {
        /// The fact.
        fact: Fact,
        /// Whether a notification is wanted.
        owed: bool,
    },
    /// A matter of which there is an alert goes on: what is known of it may have changed, and if it was cleared it is
    /// as it was before.
    GoOn {
        /// The alert.
        id: i64,
        /// What is known now.
        fact: Fact,
    },
    /// A matter that somebody took up has become worse: it is new again.
    Again {
        /// The alert.
        id: i64,
        /// What is known now.
        fact: Fact,
        /// Whether a notification is wanted.
        owed: bool,
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
    /// Makes alerts new again that somebody took up or put off by mistake. A notification that nobody was shown is owed again.
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
    /// The clock was ahead and is right: what was raised or cleared long after now was so by now at the latest.
    SetBack {
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
    /// There is an open alert with this row.
    Open(Opened),
    /// These alerts changed.
    Changed(Vec<i64>),
}

/// An alert that was raised or goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opened {
    /// The alert.
    pub id: i64,
    /// When it was raised, UTC milliseconds.
    pub raised_at_ms: i64,
    /// What has become of it.
    pub state: AlertState,
    /// Until when it is snoozed, UTC seconds.
    pub snoozed_until: Option<i64>,
    /// Whether a notification is owed.
    pub owed: bool,
    /// Whether its eSIM is muted.
    pub muted: bool,
}

/// The last event whose news was looked at, among the counters.
const SEEN_UP_TO: &str = "alerts_seen_up_to";

const COLUMNS: &str = "alerts.id, alerts.subject, alerts.rule, alerts.occasion, alerts.since, alerts.detail, \
     alerts.state, alerts.raised_at_ms, alerts.snoozed_until, alerts.note, alerts.acknowledged_at_ms, \
     alerts.cleared_at_ms, alerts.shown_at_ms, alerts.owed, alerts.esim, \
     EXISTS (SELECT 1 FROM muted_esims WHERE muted_esims.esim = alerts.esim), alerts.put_off_at_ms";

/// `None`: a newer version's rule or subject.
fn from_row(db: &Connection, row: &Row<'_>) -> rusqlite::Result<Option<StoredAlert>> {
    let (subject, rule): (String, String) = (row.get(1)?, row.get(2)?);
    let (Some(subject), Some(rule)) = (Subject::from_text(&subject), Rule::from_text(&rule)) else {
        return Ok(None);
    };
    let detail: String = row.get(5)?;
    let state: String = row.get(6)?;
    let esim: Option<i64> = row.get(14)?;
    let state = AlertState::from_text(&state);
    let owed: bool = row.get(13)?;
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
        state,
        raised_at_ms: row.get(7)?,
        // A cleared alert keeps both for the case that it was only a flap.
        snoozed_until: row
            .get::<_, Option<i64>>(8)?
            .filter(|_| state == AlertState::Snoozed),
        put_off_at_ms: row
            .get::<_, Option<i64>>(16)?
            .filter(|_| state == AlertState::Snoozed),
        note: row.get(9)?,
        acknowledged_at_ms: row.get(10)?,
        cleared_at_ms: row.get(11)?,
        shown_at_ms: row.get(12)?,
        owed: owed && state == AlertState::New,
        muted: row.get(15)?,
        esim_row: esim,
        traveller: esim
            .map(|row| travellers::name_of(db, row))
            .transpose()?
            .flatten(),
        esim: esim
            .map(|row| esims::by_row(db, row))
            .transpose()?
            .flatten()
            .map(|stored| stored.state),
    }))
}

/// Does one step.
pub(in crate::store) fn apply(
    tx: &Connection,
    step: &AlertStep,
    now_ms: i64,
) -> rusqlite::Result<AlertDone> {
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
        AlertStep::GoOn { id, fact } => go_on(tx, *id, fact, now_ms),
        AlertStep::Again { id, fact, owed } => again(tx, *id, fact, *owed),
        AlertStep::Clear { id } => changed(
            "UPDATE alerts SET state = 'cleared', cleared_at_ms = ?2 WHERE id = ?1 AND state <> 'cleared'",
            &[*id],
        ),
        AlertStep::Acknowledge { ids, note } => {
            if let Some(note) = note {
                let mut write = tx.prepare_cached("UPDATE alerts SET note = ?2 WHERE id = ?1")?;
                for id in ids {
                    write.execute(params![id, note])?;
                }
            }
            // What was cleared meanwhile stays so; that somebody took it up is noted all the same. What is owed is owed only
            // of what is new, and is again where this was a mistake.
            changed(
                "UPDATE alerts SET state = iif(state = 'cleared', state, 'acknowledged'), acknowledged_at_ms = ?2,
                     snoozed_until = NULL
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
                "UPDATE alerts SET state = 'snoozed', snoozed_until = ?2, put_off_at_ms = ?3, acknowledged_at_ms = NULL
                 WHERE id = ?1 AND state <> 'cleared'",
            )?;
            let mut done = Vec::new();
            for id in ids {
                if statement.execute(params![id, until, now_ms])? > 0 {
                    done.push(*id);
                }
            }
            Ok(AlertDone::Changed(done))
        }
        AlertStep::Wake { now } => {
            let woken = tx
                .prepare_cached(
                    "UPDATE alerts SET state = 'new', snoozed_until = NULL, acknowledged_at_ms = NULL, owed = 1
                     WHERE state = 'snoozed' AND snoozed_until <= ?1 RETURNING id",
                )?
                .query_map([now], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            Ok(AlertDone::Changed(woken))
        }
        AlertStep::SetBack { now } => set_back(tx, now.saturating_mul(1000)),
        AlertStep::Shown { ids } => changed(
            "UPDATE alerts SET shown_at_ms = ?2, owed = 0 WHERE id = ?1",
            ids,
        ),
        AlertStep::SeenUpTo { event } => {
            counters::set(tx, SEEN_UP_TO, *event)?;
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
    let esim = match &fact.subject {
        Subject::Esim(row) => Some(*row),
        Subject::Refund(key) => events::esim_of_refund(tx, key, fact.since)?,
        _ => None,
    };
    if let Subject::Esim(row) = fact.subject {
        let exists: bool = tx
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM esims WHERE id = ?1)")?
            .query_row([row], |row| row.get(0))?;
        // It became one with another, whose facts are looked at as well.
        if !exists {
            return Ok(AlertDone::Changed(Vec::new()));
        }
    }
    let known: Option<i64> = tx
        .prepare_cached("SELECT id FROM alerts WHERE subject = ?1 AND rule = ?2 AND occasion = ?3")?
        .query_row(params![subject, rule, fact.occasion], |row| row.get(0))
        .optional()?;
    let id = match known {
        Some(id) => return go_on(tx, id, fact, now_ms),
        None => tx
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
                owed,
            ])?,
    };
    opened(tx, id)
}

/// Whoever took it up has, and whoever put it off is told when that time is over, be it meanwhile.
fn go_on(tx: &Connection, id: i64, fact: &Fact, now_ms: i64) -> rusqlite::Result<AlertDone> {
    tx.prepare_cached("UPDATE alerts SET since = ?2, detail = ?3 WHERE id = ?1")?
        .execute(params![id, fact.since, json(&fact.detail)])?;
    tx.prepare_cached(
        "UPDATE alerts SET cleared_at_ms = NULL,
             state = CASE WHEN acknowledged_at_ms IS NOT NULL THEN 'acknowledged'
                 WHEN snoozed_until > ?2 THEN 'snoozed' ELSE 'new' END,
             owed = owed OR (acknowledged_at_ms IS NULL AND coalesce(snoozed_until <= ?2, 0)),
             snoozed_until = iif(snoozed_until > ?2, snoozed_until, NULL)
         WHERE id = ?1 AND state = 'cleared'",
    )?
    .execute(params![id, now_ms.div_euclid(1000)])?;
    opened(tx, id)
}

fn again(tx: &Connection, id: i64, fact: &Fact, owed: bool) -> rusqlite::Result<AlertDone> {
    tx.prepare_cached(
        "UPDATE alerts SET since = ?2, detail = ?3, owed = ?4, state = 'new', cleared_at_ms = NULL,
             acknowledged_at_ms = NULL, snoozed_until = NULL
         WHERE id = ?1",
    )?
    .execute(params![id, fact.since, json(&fact.detail), owed])?;
    opened(tx, id)
}

fn opened(tx: &Connection, id: i64) -> rusqlite::Result<AlertDone> {
    let read = |row: &Row<'_>| {
        let state: String = row.get(1)?;
        Ok(AlertDone::Open(Opened {
            id,
            raised_at_ms: row.get(0)?,
            state: AlertState::from_text(&state),
            snoozed_until: row.get(2)?,
            owed: row.get(3)?,
            muted: row.get(4)?,
        }))
    };
    let found = tx
        .prepare_cached(
            "SELECT raised_at_ms, state, snoozed_until, owed AND state = 'new',
                 EXISTS (SELECT 1 FROM muted_esims WHERE muted_esims.esim = alerts.esim)
             FROM alerts WHERE id = ?1",
        )?
        .query_row([id], read)
        .optional()?;
    Ok(found.unwrap_or(AlertDone::Changed(Vec::new())))
}

/// A clock that differs by less is not set back, milliseconds.
const LONG_AFTER_MS: i64 = 3_600_000;

/// What was cleared before the clock was believed, be it by a run before, was raised no later than that. What was put off by a
/// clock that was ahead was put off for as long.
fn set_back(tx: &Connection, now_ms: i64) -> rusqlite::Result<AlertDone> {
    let ids = tx
        .prepare_cached(
            "UPDATE alerts SET raised_at_ms = min(raised_at_ms, ?1, coalesce(cleared_at_ms, ?1)),
                 cleared_at_ms = min(cleared_at_ms, ?1), put_off_at_ms = min(put_off_at_ms, ?1),
                 snoozed_until = snoozed_until - max(coalesce(put_off_at_ms, 0) - ?1, 0) / 1000
             WHERE raised_at_ms > ?1 + ?2 OR cleared_at_ms > ?1 + ?2 OR put_off_at_ms > ?1 + ?2 RETURNING id",
        )?
        .query_map([now_ms, LONG_AFTER_MS], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(AlertDone::Changed(ids))
}

fn json(detail: &Detail) -> String {
    // Numbers and texts only, which always can be written.
    serde_json::to_string(detail).unwrap_or_default()
}

/// Gives the alerts of an eSIM's row that is gone to the one that it became one with. Where both had
/// the same, the survivor's stays. Of two open ones of one rule that stays open which somebody took up or was shown,
/// else the newer.
pub(in crate::store) fn move_to(
    tx: &Connection,
    gone: i64,
    survivor: i64,
    at_ms: i64,
) -> rusqlite::Result<()> {
    let (from, to) = (Subject::Esim(gone), Subject::Esim(survivor));
    tx.execute(
        "UPDATE OR IGNORE alerts SET subject = ?2, esim = ?3 WHERE subject = ?1",
        params![from.as_text(), to.as_text(), survivor],
    )?;
    tx.execute("DELETE FROM alerts WHERE subject = ?1", [from.as_text()])?;
    // Those of its refunds, which are subjects of their own.
    tx.execute(
        "UPDATE alerts SET esim = ?2 WHERE esim = ?1",
        [gone, survivor],
    )?;
    tx.execute(
        "UPDATE alerts SET state = 'cleared', cleared_at_ms = ?2 WHERE subject = ?1 AND state <> 'cleared'
             AND EXISTS (SELECT 1 FROM alerts AS other
                 WHERE other.subject = ?1 AND other.rule = alerts.rule AND other.state <> 'cleared'
                 AND (other.acknowledged_at_ms IS NOT NULL, other.shown_at_ms IS NOT NULL, other.id)
                     > (alerts.acknowledged_at_ms IS NOT NULL, alerts.shown_at_ms IS NOT NULL, alerts.id))",
        params![to.as_text(), at_ms],
    )?;
    tx.execute(
        "UPDATE OR IGNORE muted_esims SET esim = ?2 WHERE esim = ?1",
        [gone, survivor],
    )?;
    tx.execute("DELETE FROM muted_esims WHERE esim = ?1", [gone])?;
    Ok(())
}
