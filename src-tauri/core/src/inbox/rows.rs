//! Alerts as lists show them.

use serde::Serialize;

use super::Headline;
use crate::alert::{self, Detail, Name, Opens, Rule, Severity, Subject, Text};
use crate::esim::EsimState;
use crate::message::Message;
use crate::store::{AlertQuery, AlertState, Reader, Readers, SqliteError, StoredAlert};

/// One alert as lists show it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
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
    /// The eSIM's order reference.
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

/// The answer to an [`AlertQuery`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
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
    pub fn read(
        store: &Reader<'_>,
        query: &AlertQuery,
        now: i64,
    ) -> Result<AlertPage, SqliteError> {
        let (total, alerts) = store.alerts(query)?;
        Ok(AlertPage {
            total,
            offset: query.offset,
            rows: alerts
                .into_iter()
                .map(|alert| row(alert, now))
                .collect(),
        })
    }
}

/// How many alerts of a group are known by name.
const NAMED: u32 = 3;

/// The new alerts of one rule, at a glance.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
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
    /// Everything that is new, in the order of the rules. `now`: UTC seconds.
    ///
    /// # Errors
    /// SQLite's.
    pub fn read_all(
        store: &Reader<'_>,
        now: i64,
    ) -> Result<Vec<AlertGroup>, SqliteError> {
        let group = |(rule, count, alerts): (Rule, i64, Vec<StoredAlert>)| AlertGroup {
            rule,
            severity: rule.severity(),
            count,
            newest: alerts
                .into_iter()
                .map(|alert| row(alert, now))
                .collect(),
        };
        let by_rule = store.new_alerts_by_rule(NAMED)?;
        let mut groups: Vec<AlertGroup> = by_rule.into_iter().map(group).collect();
        groups.sort_by_key(|group| group.rule);
        Ok(groups)
    }
}

fn row(alert: StoredAlert, now: i64) -> AlertRow {
    let text = text(&alert, now);
    let esim = alert.esim;
    AlertRow {
        id: alert.id,
        rule: alert.fact.rule,
        severity: alert.fact.rule.severity(),
        state: alert.state,
        title: text.title,
        body: text.body,
        detail: alert.fact.detail,
        esim_key: esim.as_ref().and_then(EsimState::key),
        iccid: esim.as_ref().and_then(|esim| esim.iccid.clone()),
        reference_id: esim.and_then(|esim| esim.reference_id),
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

/// What an alert says.
pub(super) fn text(alert: &StoredAlert, now: i64) -> Text {
    let name = named(alert.esim.as_ref(), alert.traveller.as_deref());
    alert::text(alert.fact.rule, &alert.fact.detail, &name, now)
}

/// An alert in a menu.
pub(super) fn headline(alert: &StoredAlert, now: i64) -> Headline {
    Headline {
        id: alert.id,
        title: text(alert, now).title,
        esim_key: alert.esim.as_ref().and_then(EsimState::key),
    }
}

/// What names an eSIM to a person.
pub(super) fn named<'a>(esim: Option<&'a EsimState>, traveller: Option<&'a str>) -> Name<'a> {
    Name {
        traveller,
        reference: esim.and_then(|esim| esim.reference_id.as_deref()),
        iccid: esim.and_then(|esim| esim.iccid.as_deref()),
        esim_id: esim.and_then(|esim| esim.esim_id.as_deref()),
    }
}

/// The name of an eSIM's traveller, for a notification: without it, it is better than none.
pub(super) fn traveller(readers: &Readers, esim: i64) -> Option<String> {
    let name = readers.read(|store| store.traveller_name(esim));
    name.unwrap_or_else(|error| {
        tracing::warn!(%error, "the name of a traveller can't be read");
        None
    })
}

/// What a click on the alert's notification opens.
pub(super) fn opens(subject: &Subject, rule: Rule, esim: Option<&EsimState>) -> Opens {
    match (subject, esim.and_then(EsimState::key)) {
        (_, Some(key)) => Opens::Esim(key),
        (Subject::Account, None) => Opens::Account,
        (Subject::Program, None) if rule != Rule::NoEvents => Opens::Connection,
        _ => Opens::Alerts,
    }
}
