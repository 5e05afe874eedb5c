//! Whose an ICCID was when: the first event that names an eSIM beside it claims it for that eSIM, and those that name nothing
//! else go by their time. What is told of an eSIM after its number was given to another takes it back from nobody.

use std::collections::{BTreeSet, HashMap, HashSet};

use rusqlite::{Connection, params};

use crate::esim::EsimState;
use crate::event::{Event, ProviderId};
use crate::store::tables::counters::Deltas;
use crate::store::tables::esims::{self, StoredEsim};
use crate::store::tables::events::{self, StoredEvent};
use crate::store::tables::same_change;

/// The first event of each eSIM that is named beside the ICCID, in order.
fn claims(naming: &[StoredEvent]) -> Vec<&StoredEvent> {
    let mut claims: Vec<_> = naming
        .iter()
        .filter(|stored| stored.event.esim_id.is_some())
        .collect();
    claims.sort_by(|a, b| a.event.order().cmp(&b.event.order()));
    let mut seen = HashSet::new();
    claims.retain(|claim| seen.insert(claim.esim));
    claims
}

/// The row of the eSIM that had the ICCID at this time, or that was the first to have it.
fn claimant_at(claims: &[&StoredEvent], at: Option<i64>) -> Option<i64> {
    let by_then = claims.partition_point(|claim| claim.event.occurred_at <= at);
    claims.get(by_then.saturating_sub(1))?.esim
}

/// The same for an event that these eSIMs were told of by their ids as well, each with its row: then it is one of theirs.
fn claimant_of(claims: &[&StoredEvent], alike: &[i64], at: Option<i64>) -> Option<i64> {
    let then = claimant_at(claims, at);
    let is_alike = |row: &i64| alike.contains(row);
    let last = || claims.iter().rev().filter_map(|claim| claim.esim);
    then.filter(is_alike)
        .or_else(|| last().find(is_alike))
        .or(then)
}

/// The time of the latest event of the eSIMs that had this ICCID, UTC seconds. `None`: there is none.
fn latest_of_all(db: &Connection, iccid: &str) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached(
        "SELECT max(max(last_event_at, coalesce(unbelieved_until, last_event_at))) FROM iccid_esims CROSS JOIN esims NOT INDEXED ON esims.id = iccid_esims.esim
         WHERE iccid_esims.iccid = ?1",
    )?
    .query_row([iccid], |row| row.get(0))
}

/// The eSIM that had an ICCID of several at the time of an event that names nothing else. `now`: the one that has it.
pub(in crate::store) fn owner_then(
    db: &Connection,
    event: &Event,
    iccid: &str,
    now: StoredEsim,
) -> rusqlite::Result<StoredEsim> {
    let believed = event.unbelieved_at.is_none();
    if believed && event.occurred_at > latest_of_all(db, iccid)? {
        return Ok(now);
    }
    let naming = events::naming_iccid(db, event.provider, iccid)?;
    let claims = claims(&naming);
    let mut alike = Vec::new();
    for claim in &claims {
        let key = event.key_named(claim.event.esim_id.as_deref(), None);
        if let (Some(key), Some(row)) = (key, claim.esim)
            && events::by_keys(db, row, &[key])?.is_some()
        {
            alike.push(row);
        }
    }
    let then = claimant_of(&claims, &alike, event.occurred_at);
    let then = then.map(|row| esims::by_row(db, row)).transpose()?;
    Ok(then.flatten().unwrap_or(now))
}

/// Whether events of more than one eSIM name this ICCID.
pub(in crate::store) fn is_shared(db: &Connection, iccid: &str) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT count(*) > 1 FROM iccid_esims WHERE iccid = ?1")?
        .query_row([iccid], |row| row.get(0))
}

/// Whether the event that is the first to claim the ICCID of another eSIM for the one in this row, and the first of it, came
/// after all that is known of any of them: then no other event changes hands, and the ICCID is this one's from now on.
pub(in crate::store) fn is_handed_over(
    db: &Connection,
    event: &Event,
    iccid: &str,
    row: i64,
) -> rusqlite::Result<bool> {
    if event.esim_id.is_none() {
        return Ok(false);
    }
    // One that is known by the ICCID alone becomes one with this.
    db.prepare_cached(
        "SELECT count(*) > 0 AND max(max(last_event_at, coalesce(unbelieved_until, last_event_at))) < ?2 AND min(owner = 0 OR esim_id IS NOT NULL)
         FROM iccid_esims CROSS JOIN esims NOT INDEXED ON esims.id = iccid_esims.esim
         WHERE iccid_esims.iccid = ?1 AND iccid_esims.esim <> ?3",
    )?
    .query_row(params![iccid, event.occurred_at, row], |row| {
        Ok(row.get::<_, Option<bool>>(0)?.unwrap_or(false))
    })
}

/// Moves the events that name only this ICCID to the eSIM that had it then, or, where there is none, to an eSIM of their
/// own; those that tell again what is told by the eSIM's id become one with that. Adds the rows that lost or won events.
pub(in crate::store) fn give_iccid_to_claimants(
    tx: &Connection,
    provider: ProviderId,
    iccid: &str,
    touched: &mut BTreeSet<i64>,
    deltas: &mut Deltas,
) -> rusqlite::Result<()> {
    let mut naming = events::naming_iccid(tx, provider, iccid)?;
    let rows: BTreeSet<i64> = claims(&naming).iter().filter_map(|one| one.esim).collect();
    if same_change::part(tx, provider, iccid, &rows, touched, deltas)? {
        naming = events::naming_iccid(tx, provider, iccid)?;
    }
    let claims = claims(&naming);
    let claimant = claims.last().and_then(|stored| stored.esim);
    let nameless = || {
        naming
            .iter()
            .filter(|stored| stored.event.esim_id.is_none())
    };
    let row = match (claimant, nameless().next()) {
        (Some(row), _) => row,
        (None, None) => {
            esims::forget_iccid(tx, provider, iccid, &BTreeSet::new())?;
            return esims::give_up_iccid(tx, provider, iccid);
        }
        (None, Some(first)) => match first
            .esim
            .map(|row| esims::by_row(tx, row))
            .transpose()?
            .flatten()
        {
            Some(owner) if owner.state.esim_id.is_none() => owner.id,
            _ => {
                let state = EsimState {
                    provider,
                    ..EsimState::default()
                };
                esims::insert(tx, &state, None, deltas)?
            }
        },
    };
    let mut named: BTreeSet<i64> = claims.iter().filter_map(|claim| claim.esim).collect();
    named.insert(row);
    let told = ToldById::of(tx, &claims, nameless().next().is_some())?;
    for stored in nameless() {
        let alike = told.alike(&stored.event);
        let rows: Vec<i64> = alike.iter().map(|(row, _)| *row).collect();
        let had_it = claimant_of(&claims, &rows, stored.event.occurred_at).unwrap_or(row);
        named.insert(had_it);
        let same = alike.iter().find(|(row, _)| *row == had_it);
        let same = same.map(|(_, id)| events::by_row(tx, *id)).transpose()?;
        if let Some(same) = same.flatten() {
            same_change::join(tx, stored, &same, deltas)?;
            touched.extend(stored.esim);
            touched.insert(had_it);
        } else if stored.esim != Some(had_it) {
            events::move_to(tx, stored, had_it)?;
            touched.extend(stored.esim);
            touched.insert(had_it);
        }
    }
    touched.insert(row);
    esims::forget_iccid(tx, provider, iccid, &named)?;
    esims::set_owner_of_iccid(tx, provider, iccid, row)
}

/// What is told of eSIMs by their ids, by the keys.
struct ToldById<'a> {
    esims: Vec<(i64, &'a str, HashMap<String, i64>)>,
}

impl<'a> ToldById<'a> {
    /// Of these eSIMs. `wanted`: whether it will be asked for at all.
    fn of(
        db: &Connection,
        claims: &[&'a StoredEvent],
        wanted: bool,
    ) -> rusqlite::Result<ToldById<'a>> {
        let mut esims = Vec::new();
        for claim in claims.iter().filter(|_| wanted) {
            if let (Some(row), Some(id)) = (claim.esim, claim.event.esim_id.as_deref()) {
                esims.push((row, id, events::keys_of_esim(db, row)?));
            }
        }
        Ok(ToldById { esims })
    }

    /// The events that tell the same as one that names an ICCID alone, each with its eSIM's row in front.
    fn alike(&self, event: &Event) -> Vec<(i64, i64)> {
        let same = |(row, id, keys): &(i64, &str, HashMap<String, i64>)| {
            let key = event.key_named(Some(*id), None)?;
            Some((*row, *keys.get(&key)?))
        };
        self.esims.iter().filter_map(same).collect()
    }
}
