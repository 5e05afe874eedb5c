//! What a provider told when it was asked, into the tables: the same events as a delivery brings, from the other side.
//!
//! What is known already costs nothing lasting but the note that the API told it too. A report of now has no time of its
//! own: it is kept only if it changes what is known, else every catch-up would add one.

use rusqlite::Connection;

use crate::esim::EsimState;
use crate::event::{Event, EventKind, Sources, Topic, UsageReport};
use crate::store::deliver::append::{append_known, append_new};
use crate::store::deliver::delivery::{Change, Delivery};
use crate::store::deliver::late::LateEvents;
use crate::store::deliver::merge;
use crate::store::deliver::owner::EventOwner;
use crate::store::tables::caught_up::{self, AskedEsim, CatchUpSoFar};
use crate::store::tables::counters::Deltas;
use crate::store::tables::esims::StoredEsim;
use crate::store::tables::events;

/// What one answer, or several about one eSIM, told.
#[derive(Debug, Clone)]
pub struct Findings {
    /// Each as if it had been delivered.
    pub deliveries: Vec<Delivery>,
    /// The eSIM that is known with it as far as the API knows it.
    pub asked: Option<AskedEsim>,
    /// What the catch-up that asked had done before this; `None`: no whole one asked.
    pub so_far: Option<CatchUpSoFar>,
}

/// Stores what was found. Gives what it changed.
pub(in crate::store) fn append_found(
    tx: &Connection,
    findings: &Findings,
    deltas: &mut Deltas,
    late: &mut LateEvents,
) -> rusqlite::Result<Vec<Change>> {
    let mut changes = Vec::new();
    for delivery in &findings.deliveries {
        // One that this program can't read is one that it did not write.
        let Ok(event) = &delivery.parsed else {
            continue;
        };
        changes.extend(append_one(tx, delivery, event, deltas, late)?);
    }
    if let Some(asked) = &findings.asked {
        caught_up::note(tx, asked)?;
    }
    if let Some(so_far) = &findings.so_far {
        let new = changes.iter().filter(|change| change.verdict.is_new());
        let new = u64::try_from(new.count()).unwrap_or(u64::MAX);
        caught_up::note_so_far(tx, so_far, new)?;
    }
    Ok(changes)
}

fn append_one(
    tx: &Connection,
    delivery: &Delivery,
    event: &Event,
    deltas: &mut Deltas,
    late: &mut LateEvents,
) -> rusqlite::Result<Option<Change>> {
    let is_report = event.kind == EventKind::EsimUsage;
    if is_report {
        // It is compared with what is known, so that has to be so.
        late.fold(tx, deltas)?;
    }
    let mut owner = EventOwner::of(tx, event)?;
    let mut change = match owner.find(tx, event, late)? {
        Some(known) => {
            let mut news = known.clone();
            if !news.absorb(event) {
                if !known.sources.have(Sources::API) {
                    events::add_sources(tx, known.id, Sources::API)?;
                }
                return Ok(None);
            }
            append_known(tx, delivery, event, known, deltas, late)?
        }
        None if is_report && tells_nothing(tx, event, owner.esim.as_ref())? => return Ok(None),
        None if event.kind.topic() == Some(Topic::Balance) && is_last_balance(tx, event)? => {
            return Ok(None);
        }
        None => {
            deltas.changed_at(delivery.received_at_ms);
            append_new(tx, delivery, event, owner, deltas, late)?
        }
    };
    // It is none that anybody sent.
    change.delivery = None;
    merge::hand_on(tx, change.esim.as_ref(), delivery.received_at_ms)?;
    Ok(Some(change))
}

/// Whether a report changes nothing of what is known.
fn tells_nothing(
    tx: &Connection,
    event: &Event,
    known: Option<&StoredEsim>,
) -> rusqlite::Result<bool> {
    let Some(known) = known else {
        return Ok(false);
    };
    let last = events::last_report(tx, known.id)?;
    let same_as_last = last.as_ref().is_some_and(|last| says_no_more(last, event));
    let mut after = known.state.clone();
    if !after.is_next(event) {
        return Ok(same_as_last || after.status.is_some() && after.status == event.status);
    }
    after.apply(event);
    let calls = |event: &Event| {
        let report = event.details.as_ref().and_then(|said| said.usage.clone());
        report.map(|report| (report.sms, report.voice))
    };
    let told = calls(event).filter(|told| *told != (None, None));
    let new_calls = told.is_some() && told != last.as_ref().and_then(calls);
    Ok(is_alike(&known.state, &after) && !new_calls)
}

/// Whether two states say the same, however they came about.
fn is_alike(before: &EsimState, after: &EsimState) -> bool {
    let mut after = after.clone();
    after.event_count = before.event_count;
    after.last_event_at = before.last_event_at;
    after.unbelieved_until = before.unbelieved_until;
    after.last_order.clone_from(&before.last_order);
    *before == after
}

/// Whether a report says nothing of another time that the last one does not say: the same, or less of it.
fn says_no_more(last: &Event, report: &Event) -> bool {
    let mut report = report.clone();
    report.key.clone_from(&last.key);
    report.occurred_at = last.occurred_at;
    report.unbelieved_at = last.unbelieved_at;
    leave_to(&mut report.status, &last.status);
    // One reference says no more for being written in another way.
    if report.reference_id.is_none() || report.reference_id == last.reference_id {
        report.reference_id.clone_from(&last.reference_id);
        report.reference_written.clone_from(&last.reference_written);
    }
    leave_to(&mut report.period_start, &last.period_start);
    leave_to(&mut report.period_end, &last.period_end);
    leave_to(&mut report.usage.package_name, &last.usage.package_name);
    leave_to(&mut report.usage.allowed_mb, &last.usage.allowed_mb);
    leave_to(&mut report.usage.remaining_mb, &last.usage.remaining_mb);
    leave_to(&mut report.usage.unlimited, &last.usage.unlimited);
    let said = report.details.as_ref().and_then(|said| said.usage.as_ref());
    if said.is_none_or(|said| *said == UsageReport::default()) {
        report.details.clone_from(&last.details);
    }
    report == *last
}

/// What is not said is as it was said last.
fn leave_to<T: Clone>(said: &mut Option<T>, last: &Option<T>) {
    if said.is_none() {
        said.clone_from(last);
    }
}

fn is_last_balance(tx: &Connection, event: &Event) -> rusqlite::Result<bool> {
    let balance = |event: &Event| {
        let said = event.details.as_ref()?.balance.as_ref()?;
        Some((said.balance, said.currency.clone()))
    };
    let last = events::last_about(tx, Topic::Balance)?;
    Ok(last.is_some_and(|last| balance(&last) == balance(event)))
}
