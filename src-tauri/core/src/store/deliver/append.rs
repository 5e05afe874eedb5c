//! One delivery into the tables, inside the writer's transaction.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::esim::EsimState;
use crate::event::{Event, Keys, Sources, Topic};
use crate::store::deliver::delivery::{Change, Delivery, EsimChange};
use crate::store::deliver::late::LateEvents;
use crate::store::deliver::merge;
use crate::store::deliver::owner::{EventOwner, IccidClaim, claim_iccid};
use crate::store::deliver::settle::{replaced_key, settle};
use crate::store::deliver::verdict::Verdict;
use crate::store::tables::claims;
use crate::store::tables::counters::{Deltas, Numbered};
use crate::store::tables::deliveries;
use crate::store::tables::esims;
use crate::store::tables::events::{self, EventPlace, StoredEvent};

/// Stores one delivery. What `late` is left with has to be folded before the transaction ends.
pub(in crate::store) fn append(
    tx: &Connection,
    delivery: &Delivery,
    deltas: &mut Deltas,
    late: &mut LateEvents,
) -> rusqlite::Result<Change> {
    if !delivery.again {
        deltas.received_at(delivery.received_at_ms);
    }
    let event = match &delivery.parsed {
        Ok(event) => event,
        Err(why) => {
            let key = Keys(delivery.provider).of_raw(&delivery.body);
            deliveries::keep_malformed(tx, &key, delivery, deltas)?;
            return Ok(Change {
                verdict: Verdict::Malformed,
                delivery: None,
                event: None,
                esim: None,
                heard: false,
                unreadable: (!delivery.again).then(|| (why.clone(), delivery.received_at_ms)),
            });
        }
    };
    let mut owner = EventOwner::of(tx, event)?;
    let change = match owner.find(tx, event, late)? {
        None => append_new(tx, delivery, event, owner, deltas, late)?,
        Some(known) => append_known(tx, delivery, event, known, deltas, late)?,
    };
    merge::hand_on(tx, change.esim.as_ref(), delivery.received_at_ms)?;
    Ok(change)
}

pub(in crate::store) fn append_new(
    tx: &Connection,
    delivery: &Delivery,
    event: &Event,
    owner: EventOwner,
    deltas: &mut Deltas,
    late: &mut LateEvents,
) -> rusqlite::Result<Change> {
    let row = deltas.next_id(tx, Numbered::Deliveries)?;
    let came = Came {
        delivery: row,
        at_ms: delivery.received_at_ms,
        source: delivery.source,
    };
    let (stored, esim) = insert_new(tx, event, owner, came, deltas, late)?;
    let verdict = if event.recognized() {
        Verdict::Accepted
    } else {
        Verdict::Unrecognized
    };
    deliveries::insert(tx, row, verdict, stored.id, delivery)?;
    let heard = is_heard(delivery, event, deltas);
    Ok(Change {
        verdict,
        delivery: Some(row),
        event: Some(stored),
        esim,
        heard,
        unreadable: None,
    })
}

/// Whether a delivery that is the first to bring its event shows that the provider reaches this desk.
fn is_heard(delivery: &Delivery, event: &Event, deltas: &mut Deltas) -> bool {
    let sent = delivery.source.have(Sources::WEBHOOK) && !delivery.again;
    let heard = sent && event.kind.topic() != Some(Topic::Test);
    if heard {
        deltas.heard_at(delivery.received_at_ms);
    }
    heard
}

/// How an event came.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct Came {
    /// Row of the delivery that brought it.
    pub delivery: i64,
    /// When, UTC milliseconds.
    pub at_ms: i64,
    /// By which way.
    pub source: Sources,
}

/// Stores an event whose key is new, and applies it to its eSIM.
pub(in crate::store) fn insert_new(
    tx: &Connection,
    event: &Event,
    owner: EventOwner,
    came: Came,
    deltas: &mut Deltas,
    late: &mut LateEvents,
) -> rusqlite::Result<(StoredEvent, Option<EsimChange>)> {
    let id = deltas.next_id(tx, Numbered::Events)?;
    let known = owner.esim.as_ref();
    let mut esim = None;
    if event.esim_id.is_some() || event.iccid.is_some() {
        let mut after = known.map(|known| known.state.clone()).unwrap_or_default();
        let in_order = after.is_next(event);
        if in_order {
            after.apply(event);
        } else {
            // The rest of it is applied when its eSIM is folded.
            after.unbelieved_until = after.unbelieved_until.max(event.unbelieved_at);
        }
        let row = match known {
            Some(known) => {
                esims::update(tx, known, &after, Some(id), deltas)?;
                known.id
            }
            None => esims::insert(tx, &after, Some(id), deltas)?,
        };
        esim = Some((row, after, in_order));
    }
    let place = EventPlace {
        id,
        esim: esim.as_ref().map(|(row, _, _)| *row),
        previous: known.and_then(|known| known.last_event),
        delivery: came.delivery,
        sources: came.source,
    };
    events::insert(tx, event, place, came.at_ms)?;
    deltas.event_added(event.recognized());
    deltas.status_told(event, 1);
    let stored = StoredEvent {
        id,
        received_at_ms: came.at_ms,
        esim: place.esim,
        details_dropped: false,
        sources: came.source,
        event: event.clone(),
    };
    let Some((row, after, in_order)) = esim else {
        return Ok((stored, None));
    };
    late.added(row, event, id);
    let claim = owner.claim_iccid(tx, event, row)?;
    let claimed = claim == IccidClaim::Its;
    let is_first = after.event_count == 1;
    let settled = match (in_order, &event.iccid) {
        _ if !owner.disputed().is_empty() => false,
        (true, _) if claimed || claim == IccidClaim::Again => true,
        (true, Some(iccid)) if is_first && claims::is_handed_over(tx, event, iccid, row)? => {
            esims::set_owner_of_iccid(tx, event.provider, iccid, row)?;
            true
        }
        (false, iccid) if claimed && owner.knows_name(event) && !moves(tx, event, iccid)? => {
            late.fold_later(row, after.event_count);
            true
        }
        _ => false,
    };
    let change = if settled {
        EsimChange {
            replaced: replaced_key(owner.esim.as_ref().map(|known| &known.state), &after),
            rows: vec![row],
            merges: Vec::new(),
        }
    } else {
        let touched = BTreeSet::from([row]);
        let iccids: BTreeSet<&String> = event.iccid.iter().chain(owner.disputed()).collect();
        settle(tx, &stored, touched, iccids, deltas, late)?
    };
    Ok((stored, Some(change)))
}

/// Whether a late event may move others from one eSIM to another: as a claim on an ICCID that several had.
fn moves<'a>(
    tx: &Connection,
    event: &Event,
    iccids: impl IntoIterator<Item = &'a String>,
) -> rusqlite::Result<bool> {
    for iccid in iccids.into_iter().filter(|_| event.esim_id.is_some()) {
        if claims::is_shared(tx, iccid)? {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(in crate::store) fn append_known(
    tx: &Connection,
    delivery: &Delivery,
    event: &Event,
    known: StoredEvent,
    deltas: &mut Deltas,
    late: &mut LateEvents,
) -> rusqlite::Result<Change> {
    let mut stored = known.clone();
    let news = stored.absorb(event);
    let row = deliveries::repeat(tx, known.id, delivery, news, deltas)?;
    let mut heard = false;
    if !known.sources.have(delivery.source) {
        events::add_sources(tx, known.id, delivery.source)?;
        stored.sources = known.sources.and(delivery.source);
        heard = is_heard(delivery, event, deltas);
    }
    let esim = if news {
        rewrite(tx, &known, &mut stored, deltas, late)?
    } else {
        None
    };
    Ok(Change {
        verdict: Verdict::Duplicate,
        delivery: row,
        event: Some(stored),
        esim,
        heard,
        unreadable: None,
    })
}

/// Writes what is now known of a stored event, and folds again whatever eSIM it belonged to or
/// belongs to. Its key stays, unless it named an ICCID alone.
pub(in crate::store) fn rewrite(
    tx: &Connection,
    known: &StoredEvent,
    stored: &mut StoredEvent,
    deltas: &mut Deltas,
    late: &mut LateEvents,
) -> rusqlite::Result<Option<EsimChange>> {
    match (known.event.recognized(), stored.event.recognized()) {
        (false, true) => deltas.event_became_recognized(),
        (true, false) => deltas.event_became_unrecognized(),
        _ => {}
    }
    deltas.status_told(&known.event, -1);
    deltas.status_told(&stored.event, 1);
    stored.esim = None;
    if stored.event.esim_id.is_some() || stored.event.iccid.is_some() {
        stored.esim = Some(match EventOwner::of(tx, &stored.event)?.esim {
            Some(owner) => owner.id,
            // A name that no eSIM had yet; the state is folded below.
            None => {
                let state = EsimState {
                    provider: stored.event.provider,
                    esim_id: stored.event.esim_id.clone(),
                    ..EsimState::default()
                };
                esims::insert(tx, &state, None, deltas)?
            }
        });
    }
    events::update(tx, stored, known.esim)?;
    if stored.event.key != known.event.key {
        events::rename(tx, stored)?;
    }
    if let Some(row) = stored.esim {
        claim_iccid(tx, &stored.event, row, true)?;
    }
    let touched: BTreeSet<i64> = known.esim.into_iter().chain(stored.esim).collect();
    if touched.is_empty() {
        return Ok(None);
    }
    let (was, is) = (&known.event, &stored.event);
    let got_its_id = was.is_told_by_iccid() && is.esim_id.is_some();
    let mut iccids: BTreeSet<String> = was.iccid.iter().chain(&is.iccid).cloned().collect();
    if let (true, Some(row)) = (got_its_id, stored.esim) {
        iccids.extend(esims::iccids_of(tx, row)?);
    }
    let same_place = (was.occurred_at, known.esim) == (is.occurred_at, stored.esim);
    let same_names = (&was.esim_id, &was.iccid) == (&is.esim_id, &is.iccid);
    if let (true, Some(row)) = (same_place, stored.esim)
        && (same_names || (got_its_id && iccids.len() == 1))
        && !moves(tx, is, &iccids)?
        && let Some(esim) = esims::by_row(tx, row)?
        && (same_names || esim.state.esim_id == is.esim_id)
    {
        late.rewritten(row, is, stored.id);
        late.fold_later(row, esim.state.event_count);
        return Ok(Some(EsimChange {
            replaced: Vec::new(),
            rows: vec![row],
            merges: Vec::new(),
        }));
    }
    settle(tx, stored, touched, &iccids, deltas, late).map(Some)
}
