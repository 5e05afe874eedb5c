//! Alerts as lists show them, and what is done to them.

use esim_watch_core::alert;
use esim_watch_core::esim::EsimState;
use esim_watch_core::inbox;
use esim_watch_core::store::{self, Reader, SqliteError, StoredAlert};
use serde::{Deserialize, Serialize};

use crate::message::Message;

/// Most rows of one page of alerts.
pub const MAX_ALERTS: u32 = store::MAX_ALERTS;

/// Longest note on an alert, in characters.
pub const MAX_NOTE_CHARS: usize = 2000;

/// How many alerts of a group are known by name.
const NAMED_ALERTS: u32 = 3;

esim_watch_core::every_rule! {
    mirrored
    /// What can be worth an alert. Sorted as a person would go through them: eSIMs, the account, the
    /// program itself.
    Rule of alert::Rule
}

mirrored! {
    /// What an alert can be about, as a person would go through them.
    About of alert::About {
        /// One eSIM.
        Esim,
        /// The partner's account.
        Account,
        /// The program itself.
        Program,
    }
}

mirrored! {
    /// How much an alert matters. Ordered: more severe is greater.
    Severity of alert::Severity {
        /// Good to know; nothing to do.
        Info,
        /// Somebody should do something, in good time.
        Warning,
        /// A traveller is cut off, orders fail, or the program is deaf.
        Critical,
    }
}

mirrored! {
    /// What has become of an alert.
    AlertState of store::AlertState {
        /// Nobody has taken it up.
        New,
        /// Somebody has.
        Acknowledged,
        /// Somebody wants to be told again later.
        Snoozed,
        /// Its cause is gone.
        Cleared,
    }
}

/// The figures and words that an alert's text names. Kept as JSON: whatever an older version did
/// not write is `None`, whatever a newer one wrote is left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct Detail {
    /// The second that it is about, UTC: when the eSIM expires, when its period starts, since when
    /// nothing has come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<i64>,
    /// The first day of the trip, `YYYY-MM-DD`, where `at` is its midnight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trip: Option<String>,
    /// Data left, in percent of the package.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<f64>,
    /// Data left, in MB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remaining_mb: Option<f64>,
    /// The balance, in units of `currency`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<f64>,
    /// ISO 4217.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// How many: failed orders, events, eSIMs in use, deliveries turned away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
    /// What was decided: `REFUNDED`, `REJECTED`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Message>,
    /// Why, in somebody else's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The hours that a rule was set to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<u32>,
    /// The days that a rule was set to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// The kind of event: `category/type`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

impl From<alert::Detail> for Detail {
    fn from(detail: alert::Detail) -> Detail {
        let alert::Detail {
            at,
            trip,
            percent,
            remaining_mb,
            amount,
            currency,
            count,
            outcome,
            why,
            reason,
            hours,
            days,
            // Only the rules ask for it.
            trip_day_ends: _,
            // The alert's text names these; nothing opens by them.
            iccid: _,
            esim_id: _,
            kind,
        } = detail;
        Detail {
            at,
            trip,
            percent,
            remaining_mb,
            amount,
            currency,
            count,
            outcome,
            why: why.map(Message::from),
            reason,
            hours,
            days,
            kind,
        }
    }
}

/// A page of the list of alerts, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct AlertQuery {
    /// Words that must all occur in the reference, ICCID, eSIM id, traveller's name or note.
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

impl From<AlertQuery> for store::AlertQuery {
    fn from(query: AlertQuery) -> store::AlertQuery {
        let AlertQuery {
            search,
            states,
            rules,
            esim,
            offset,
            limit,
        } = query;
        store::AlertQuery {
            search,
            states: states.into_iter().map(store::AlertState::from).collect(),
            rules: rules.into_iter().map(alert::Rule::from).collect(),
            esim,
            offset,
            limit,
        }
    }
}

/// One alert as lists show it.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct AlertRow {
    /// Row id; grows with the order in which alerts were raised.
    pub id: i64,
    /// Which rule found it.
    pub rule: Rule,
    /// How grave it is.
    pub severity: Severity,
    /// What has become of it.
    pub state: AlertState,
    /// Who, and what happened.
    pub title: Message,
    /// What it means, and what to do, sentence by sentence.
    pub body: Vec<Message>,
    /// The numbers in the text.
    pub detail: Detail,
    /// Opens the eSIM that it is about.
    pub esim_key: Option<String>,
    /// The eSIM's ICCID.
    pub iccid: Option<String>,
    /// The eSIM's order reference as its sender wrote it.
    pub reference_id: Option<String>,
    /// The name of its traveller, as the desk wrote it.
    pub traveller: Option<String>,
    /// Whether the eSIM is muted.
    pub muted: bool,
    /// When the cause began, UTC seconds.
    pub since: i64,
    /// When it was raised, UTC milliseconds.
    pub raised_at_ms: i64,
    /// Until when it is snoozed, UTC seconds.
    pub snoozed_until: Option<i64>,
    /// What somebody noted.
    pub note: Option<String>,
    /// When it was taken up, UTC milliseconds.
    pub acknowledged_at_ms: Option<i64>,
    /// When its cause was gone, UTC milliseconds.
    pub cleared_at_ms: Option<i64>,
    /// When it was shown as a notification, UTC milliseconds.
    pub shown_at_ms: Option<i64>,
}

impl AlertRow {
    /// `now`: UTC seconds.
    pub(crate) fn of(alert: StoredAlert, now: i64) -> AlertRow {
        let text = inbox::text(&alert, now);
        let esim = alert.esim;
        AlertRow {
            id: alert.id,
            rule: alert.fact.rule.into(),
            severity: alert.fact.rule.severity().into(),
            state: alert.state.into(),
            title: text.title.into(),
            body: text.body.into_iter().map(Message::from).collect(),
            detail: alert.fact.detail.into(),
            esim_key: esim.as_ref().and_then(EsimState::key),
            iccid: esim.as_ref().and_then(|esim| esim.iccid.clone()),
            reference_id: esim
                .as_ref()
                .and_then(|esim| esim.reference().map(str::to_owned)),
            traveller: alert.traveller,
            muted: alert.muted,
            since: alert.fact.since,
            raised_at_ms: alert.raised_at_ms,
            snoozed_until: alert.snoozed_until,
            note: alert.note,
            acknowledged_at_ms: alert.acknowledged_at_ms,
            cleared_at_ms: alert.cleared_at_ms,
            shown_at_ms: alert.shown_at_ms,
        }
    }
}

/// The answer to an [`AlertQuery`].
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct AlertPage {
    /// How many match in all.
    pub total: i64,
    /// Rows skipped.
    pub offset: u32,
    /// The rows, newest first.
    pub rows: Vec<AlertRow>,
}

impl AlertPage {
    /// Asks for one page. `now`: UTC seconds.
    ///
    /// # Errors
    /// SQLite's.
    pub fn read(store: &Reader<'_>, query: AlertQuery, now: i64) -> Result<AlertPage, SqliteError> {
        let offset = query.offset;
        let (total, alerts) = store.alerts(&query.into())?;
        let row = |alert| AlertRow::of(alert, now);
        Ok(AlertPage {
            total,
            offset,
            rows: alerts.into_iter().map(row).collect(),
        })
    }
}

/// The new alerts of one rule, at a glance.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct AlertGroup {
    /// Which rule found them.
    pub rule: Rule,
    /// How grave they are.
    pub severity: Severity,
    /// How many there are.
    pub count: i64,
    /// The last few, newest first.
    pub newest: Vec<AlertRow>,
}

impl AlertGroup {
    /// Everything that is new, in the order of the rules. `now`: UTC seconds;
    ///
    /// # Errors
    /// SQLite's.
    pub fn read_all(store: &Reader<'_>, now: i64) -> Result<Vec<AlertGroup>, SqliteError> {
        let group = |(rule, count, alerts): (alert::Rule, i64, Vec<StoredAlert>)| AlertGroup {
            rule: rule.into(),
            severity: rule.severity().into(),
            count,
            newest: alerts
                .into_iter()
                .map(|alert| AlertRow::of(alert, now))
                .collect(),
        };
        let by_rule = store.new_alerts_by_rule(NAMED_ALERTS)?;
        let mut groups: Vec<AlertGroup> = by_rule.into_iter().map(group).collect();
        groups.sort_by_key(|group| group.rule);
        Ok(groups)
    }
}
