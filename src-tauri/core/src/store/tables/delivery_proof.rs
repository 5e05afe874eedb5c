//! By which way changes of status came to be known, and how late: what shows whether a provider's webhooks reach this
//! desk. Events that came before anybody listened are no part of it.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Row, params};

use crate::event::{EventKind, ProviderId, Sources, Status};
use crate::provider;
use crate::store::Reader;
use crate::store::tables::absences::Absence;
use crate::store::tables::kinds;
use crate::store::tables::listed_ends;
use crate::store::tables::receipts::last_event_before;

const HOUR_MS: i64 = 3_600_000;
const MINUTE_MS: i64 = 60_000;

/// What was to be believed although it lay ahead of this computer's clock, milliseconds: clocks differ.
const AHEAD_MS: i64 = HOUR_MS;

/// One change of status, and when it came to be known.
#[derive(Debug, Clone, PartialEq)]
pub struct ProvenEvent {
    /// When it happened, UTC seconds.
    pub occurred_at: i64,
    /// When it was known first, UTC milliseconds.
    pub known_at_ms: i64,
    /// When its webhook came first, UTC milliseconds; `None`: none did.
    pub webhook_at_ms: Option<i64>,
    /// By which ways it came.
    pub sources: Sources,
    /// The status.
    pub status: Option<String>,
    /// The provider's id of the eSIM.
    pub esim_id: Option<String>,
    /// The SIM profile's number.
    pub iccid: Option<String>,
    /// The order reference, as it is written.
    pub reference_id: Option<String>,
    /// Whether nobody listened when it happened.
    pub away: bool,
    /// Whether its provider sends a webhook for such a change at all.
    pub sent: bool,
    /// Whether the provider's list alone knows it: it is an end that no entry of a history dates. Whether a webhook was ever
    /// sent for it nobody can know.
    pub listed: bool,
}

impl ProvenEvent {
    /// Whether its webhook did not come, of those that are sent.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.sent && !self.listed && self.webhook_at_ms.is_none()
    }

    /// Whether it says anything of how webhooks come: one came, or was to come.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.webhook_at_ms.is_some() || self.is_missing()
    }
}

/// How late some events were, milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delays {
    /// Half of them were no later.
    pub median_ms: i64,
    /// The latest of them.
    pub worst_ms: i64,
}

/// Hours in a row in which no webhook came although something happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SilentHours {
    /// The first of them, UTC milliseconds.
    pub from_ms: i64,
    /// The end of the last of them, UTC milliseconds.
    pub to_ms: i64,
    /// How many changes of status happened meanwhile that the catch-up alone told.
    pub missed: i64,
    /// Whether somebody listened when one of them happened.
    pub listening: bool,
}

/// What a span of time shows.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliveryProof {
    /// Where it begins: not before somebody listened; UTC milliseconds.
    pub from_ms: i64,
    /// Where it ends, UTC milliseconds.
    pub to_ms: i64,
    /// Each change of status, as they happened.
    pub events: Vec<ProvenEvent>,
    /// How late webhooks were; `None`: none came.
    pub webhooks: Option<Delays>,
    /// How late the catch-up was with what it alone told; `None`: nothing.
    pub caught_up: Option<Delays>,
    /// When no webhook came although something happened.
    pub silent: Vec<SilentHours>,
}

impl Reader<'_> {
    /// How changes of status of this span came to be known (UTC milliseconds).
    pub fn delivery_proof(&self, from_ms: i64, to_ms: i64) -> rusqlite::Result<DeliveryProof> {
        let heard_from = match self.catch_up_run()?.quiet_before {
            Some(at) => Some(at.saturating_mul(1000)),
            None => self.first_received_at_ms()?,
        };
        let from_ms = heard_from.map_or(to_ms, |at| at.max(from_ms)).min(to_ms);
        // Who asks until now knows in whole minutes by how much the clock is wrong.
        let absences = self.absences(0, to_ms.saturating_add(MINUTE_MS))?;
        let mut events = events_of(self.db, from_ms, to_ms)?;
        for event in &mut events {
            let at_ms = event.occurred_at.saturating_mul(1000);
            let meant = |absence: &Absence| (absence.from_ms..=absence.to_ms).contains(&at_ms);
            event.away = absences.iter().any(meant);
        }
        let late = |at: fn(&ProvenEvent) -> Option<i64>| {
            let delay = |event: &ProvenEvent| Some(at(event)? - event.occurred_at * 1000);
            delays(
                events
                    .iter()
                    .filter_map(delay)
                    .map(|ms| ms.max(0))
                    .collect(),
            )
        };
        let missed_at = |event: &ProvenEvent| event.is_missing().then_some(event.known_at_ms);
        let (webhooks, caught_up) = (late(|event| event.webhook_at_ms), late(missed_at));
        let heard = hours_heard(self.db, from_ms)?;
        Ok(DeliveryProof {
            from_ms,
            to_ms,
            webhooks,
            caught_up,
            silent: silent(&events, &heard),
            events,
        })
    }
}

/// Changes of status, in whatever form they were told.
fn events_of(db: &Connection, from_ms: i64, to_ms: i64) -> rusqlite::Result<Vec<ProvenEvent>> {
    let changes = told_as(db, &kinds::changes_status(), from_ms, to_ms)?;
    let mut events: Vec<ProvenEvent> = changes.into_iter().map(|(event, _)| event).collect();
    for (event, esim) in told_as(db, &listed_ends::are(), from_ms, to_ms)? {
        if listed_ends::is_alone(db, event.occurred_at, event.status.as_deref(), esim)? {
            events.push(ProvenEvent {
                listed: true,
                ..event
            });
        }
    }
    events.sort_by_key(|event| event.occurred_at);
    Ok(events)
}

/// Events of a span on which a condition holds, each with the row of its eSIM.
fn told_as(
    db: &Connection,
    condition: &str,
    from_ms: i64,
    to_ms: i64,
) -> rusqlite::Result<Vec<(ProvenEvent, Option<i64>)>> {
    let after = last_event_before(db, from_ms.saturating_sub(AHEAD_MS))?;
    let read = |row: &Row<'_>| {
        let status: Option<String> = row.get(4)?;
        let provider = provider::by_id(ProviderId::new(row.get(8)?));
        let is_sent = |text: &String| provider.sends(&Status::from_text(text));
        let event = ProvenEvent {
            occurred_at: row.get(0)?,
            known_at_ms: row.get(1)?,
            webhook_at_ms: row.get(2)?,
            sources: Sources::new(row.get(3)?),
            sent: status.as_ref().is_none_or(is_sent),
            status,
            esim_id: row.get(5)?,
            iccid: row.get(6)?,
            reference_id: row.get(7)?,
            away: false,
            listed: false,
        };
        Ok((event, row.get(9)?))
    };
    // Who knew of it by the API first has the webhook among the deliveries that told it again.
    db.prepare_cached(&format!(
        "SELECT occurred_at, events.received_at_ms,
             iif(sources & {webhook} = 0, NULL, iif(first.source = {api}, (SELECT min(again.received_at_ms) FROM deliveries AS again
                 WHERE again.event = events.id AND again.verdict = 'duplicate' AND again.source = {webhook}), events.received_at_ms)),
             sources, events.status, esim_id, iccid, coalesce(reference_written, reference_id), events.provider, events.esim
         FROM events LEFT JOIN deliveries AS first ON first.id = events.delivery
         WHERE events.id > ?1 AND {condition} AND unbelieved_at IS NULL AND occurred_at >= ?2 AND occurred_at < ?3
         ORDER BY occurred_at, events.id",
        webhook = Sources::WEBHOOK.number(),
        api = Sources::API.number(),
    ))?
    .query_map(
        params![after, from_ms.div_euclid(1000), to_ms.div_euclid(1000)],
        read,
    )?
    .collect()
}

/// The hours since the epoch in which a provider's webhook came, from then on (UTC milliseconds).
fn hours_heard(db: &Connection, from_ms: i64) -> rusqlite::Result<BTreeSet<i64>> {
    let is_test = kinds::is(&EventKind::Test);
    let hours: Vec<(i64, i64)> = db
        .prepare_cached(&format!(
            "SELECT deliveries.received_at_ms / {HOUR_MS}, last_received_at_ms / {HOUR_MS}
             FROM deliveries LEFT JOIN events ON events.id = deliveries.event
             WHERE deliveries.source = {} AND last_received_at_ms >= ?1 AND coalesce(NOT ({is_test}), 1) GROUP BY 1, 2",
            Sources::WEBHOOK.number(),
        ))?
        .query_map([from_ms], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    Ok(hours
        .into_iter()
        .flat_map(|(first, last)| [first, last])
        .collect())
}

fn delays(mut delays: Vec<i64>) -> Option<Delays> {
    delays.sort_unstable();
    let half = delays.len().checked_sub(1)? / 2;
    Some(Delays {
        median_ms: *delays.get(half)?,
        worst_ms: *delays.last()?,
    })
}

/// Hours without a webhook in which something happened that only the catch-up told.
fn silent(events: &[ProvenEvent], heard: &BTreeSet<i64>) -> Vec<SilentHours> {
    let mut missed: BTreeMap<i64, (i64, bool)> = BTreeMap::new();
    for event in events.iter().filter(|event| event.is_missing()) {
        let hour = event.occurred_at.saturating_mul(1000).div_euclid(HOUR_MS);
        if !heard.contains(&hour) {
            let (count, listening) = missed.entry(hour).or_default();
            *count += 1;
            *listening |= !event.away;
        }
    }
    let mut spans: Vec<SilentHours> = Vec::new();
    for (hour, (count, listening)) in missed {
        let from_ms = hour * HOUR_MS;
        match spans.last_mut() {
            Some(last) if last.to_ms == from_ms && last.listening == listening => {
                last.to_ms += HOUR_MS;
                last.missed += count;
            }
            _ => spans.push(SilentHours {
                from_ms,
                to_ms: from_ms + HOUR_MS,
                missed: count,
                listening,
            }),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tables::absences::{note_listening, note_still_listening};
    use crate::store::tables::caught_up::{self, CatchUpRun, ToldClock};
    use crate::store::tests::{database, deliver_at, find, status};

    const BEGIN: i64 = 1_764_028_800;

    fn body(name: &str, to: &str, at: i64) -> String {
        status(&format!(r#""esim_id":"{name}""#), to, at)
    }

    fn webhook(db: &Connection, name: &str, to: &str, at: i64, late: i64) {
        deliver_at(db, &body(name, to, at), (at + late) * 1000);
    }

    fn api(db: &Connection, name: &str, to: &str, at: i64, asked: i64) {
        find(db, &[body(name, to, at)], asked);
    }

    #[test]
    fn each_way_is_counted_with_how_late_it_was() {
        let db = database();
        webhook(&db, "a", "NEW", BEGIN, 1);
        webhook(&db, "a", "INSTALLED", BEGIN + 100, 2);
        webhook(&db, "a", "ACTIVATED", BEGIN + 200, 9);
        // It was told by both, the webhook first.
        api(&db, "a", "ACTIVATED", BEGIN + 200, BEGIN + 900);
        // The API knew it before the webhook came.
        api(&db, "b", "NEW", BEGIN + 300, BEGIN + 900);
        webhook(&db, "b", "NEW", BEGIN + 300, 3600);
        api(&db, "b", "INSTALLED", BEGIN + 400, BEGIN + 900);
        // Before anybody listened.
        api(&db, "old", "NEW", BEGIN - 5000, BEGIN + 900);
        let proof = Reader { db: &db }
            .delivery_proof(0, (BEGIN + 10_000) * 1000)
            .unwrap();
        assert_eq!(proof.from_ms, (BEGIN + 1) * 1000);
        let told: Vec<_> = proof
            .events
            .iter()
            .map(|event| (event.occurred_at - BEGIN, event.sources.as_str()))
            .collect();
        assert_eq!(
            told,
            [(100, "webhook"), (200, "both"), (300, "both"), (400, "api")]
        );
        let late = |median: i64, worst: i64| {
            Some(Delays {
                median_ms: median * 1000,
                worst_ms: worst * 1000,
            })
        };
        assert_eq!(proof.webhooks, late(9, 3600));
        assert_eq!(proof.caught_up, late(500, 500));
    }

    #[test]
    fn what_is_never_sent_is_not_missed() {
        let db = database();
        webhook(&db, "a", "NEW", BEGIN, 0);
        for (at, to) in [(10, "READY"), (3700, "DOWNLOADED"), (7300, "INSTALLED")] {
            api(&db, "a", to, BEGIN + at, BEGIN + 9000);
        }
        let proof = Reader { db: &db }
            .delivery_proof(0, (BEGIN + 10_000) * 1000)
            .unwrap();
        let told: Vec<_> = proof
            .events
            .iter()
            .map(|event| (event.sent, event.is_missing()))
            .collect();
        assert_eq!(
            told,
            [(true, false), (false, false), (false, false), (true, true)]
        );
        let late = Some(Delays {
            median_ms: 1_700_000,
            worst_ms: 1_700_000,
        });
        assert_eq!(proof.caught_up, late);
        assert_eq!(proof.silent.len(), 1);
    }

    #[test]
    fn an_end_that_the_list_alone_knows_is_told_apart_and_was_not_missed() {
        let listed = |name: &str, to: &str, at: i64| {
            format!(
                r#"{{"event_category":"esim","event_type":"usage","timestamp":{at},"esim_id":"{name}","status":"{to}"}}"#
            )
        };
        let db = database();
        for name in ["listed-1", "both-1", "late-1", "again-1"] {
            webhook(&db, name, "ACTIVATED", BEGIN, 0);
        }
        find(
            &db,
            &[listed("listed-1", "REVOKED", BEGIN + 500)],
            BEGIN + 900,
        );
        // Its webhook came before, and one came after with a time of its own.
        webhook(&db, "both-1", "EXPIRED", BEGIN + 400, 0);
        find(
            &db,
            &[listed("both-1", "EXPIRED", BEGIN + 500)],
            BEGIN + 900,
        );
        find(
            &db,
            &[listed("late-1", "EXPIRED", BEGIN + 500)],
            BEGIN + 900,
        );
        webhook(&db, "late-1", "EXPIRED", BEGIN + 600, 400);
        // It ran out, ran again, and the list alone knows that it ran out again.
        webhook(&db, "again-1", "EXPIRED", BEGIN + 100, 0);
        webhook(&db, "again-1", "ACTIVATED", BEGIN + 200, 0);
        find(
            &db,
            &[listed("again-1", "EXPIRED", BEGIN + 500)],
            BEGIN + 900,
        );
        let proof = Reader { db: &db }
            .delivery_proof(0, (BEGIN + 10_000) * 1000)
            .unwrap();
        let listed: Vec<_> = proof
            .events
            .iter()
            .filter(|event| event.listed)
            .map(|event| (event.esim_id.as_deref(), event.occurred_at - BEGIN))
            .collect();
        assert_eq!(listed, [(Some("listed-1"), 500), (Some("again-1"), 500)]);
        assert!(!proof.events.iter().any(ProvenEvent::is_missing));
        assert_eq!((proof.caught_up, proof.silent), (None, Vec::new()));
    }

    #[test]
    fn hours_without_a_webhook_count_if_something_happened_in_them() {
        let db = database();
        let hour = |number: i64| BEGIN + number * 3600;
        webhook(&db, "a", "NEW", hour(0), 0);
        note_listening(&db, hour(2) * 1000).unwrap();
        note_listening(&db, hour(5) * 1000).unwrap();
        note_still_listening(&db, hour(9) * 1000, 4 * HOUR_MS).unwrap();
        // In the absence, twice; then, listening, in an hour without and in one with a webhook.
        api(&db, "a", "INSTALLED", hour(3) + 5, hour(9));
        api(&db, "a", "ACTIVATED", hour(4) + 5, hour(9));
        api(&db, "a", "INACTIVE", hour(6) + 5, hour(9));
        api(&db, "a", "ACTIVATED", hour(7) + 5, hour(9));
        webhook(&db, "b", "NEW", hour(7) + 50, 0);
        let proof = Reader { db: &db }
            .delivery_proof(hour(0) * 1000, hour(10) * 1000)
            .unwrap();
        let spans: Vec<_> = proof
            .silent
            .iter()
            .map(|one| {
                let at = |ms: i64| (ms / 1000 - BEGIN) / 3600;
                (at(one.from_ms), at(one.to_ms), one.missed, one.listening)
            })
            .collect();
        assert_eq!(spans, [(3, 5, 2, false), (6, 7, 1, true)]);
    }

    #[test]
    fn what_happened_while_the_computer_was_off_is_known_whatever_its_clock_shows() {
        for ahead in [0, 3600, -3600, 86_400, -86_400] {
            let db = database();
            let hour = |number: i64| BEGIN + number * 3600;
            let clock_ms = |at: i64| (at + ahead) * 1000;
            webhook(&db, "a", "NEW", hour(0), 0);
            note_listening(&db, hour(2) * 1000).unwrap();
            note_listening(&db, clock_ms(hour(12))).unwrap();
            // The provider's clock is asked before anything else.
            note_still_listening(&db, (hour(12) + 5) * 1000, 5_000).unwrap();
            // Just after the program had ended, and just before it was there again.
            api(&db, "a", "INSTALLED", hour(2) + 60, hour(12));
            api(&db, "a", "ACTIVATED", hour(12) - 90, hour(12));
            let told = ToldClock {
                at: hour(12),
                clock_ms: clock_ms(hour(12)),
            };
            let run = CatchUpRun {
                run: 1,
                begun_at_ms: (hour(12) + 5) * 1000,
                complete: true,
                quiet_before: Some(hour(0)),
                told_all_at_ms: Some((hour(12) + 60) * 1000),
                told: Some(told),
                ..CatchUpRun::default()
            };
            caught_up::note_run(&db, &run).unwrap();
            // A moment later, which is known in whole minutes.
            let now_ms = (hour(12) + 70 - 50) * 1000;
            let proof = Reader { db: &db }
                .delivery_proof(hour(0) * 1000, now_ms)
                .unwrap();
            let missed: Vec<bool> = proof
                .events
                .iter()
                .filter(|event| event.is_missing())
                .map(|event| event.away)
                .collect();
            assert_eq!(missed, [true, true], "{ahead}");
            let late = proof.webhooks.map(|delays| delays.worst_ms);
            assert_eq!(late, Some(0), "{ahead}");
        }
    }
}
