//! The table of travellers: one row for an eSIM, or for all eSIMs of an order.

mod same_order;

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::esim::EsimState;
use crate::event::Status;
use crate::letters::Letters;
use crate::search::{Search, SearchedText};
use crate::store::Reader;
use crate::store::tables::caught_up::VanishedEsims;
use crate::store::tables::{esims, events};
use crate::traveller::{EsimTime, Owner, Traveller};

pub(in crate::store) const COLUMNS: &str = "name, contact, trip_start, trip_end, note, tags";

/// Reads [`COLUMNS`], the first of which is column `at`.
pub(in crate::store) fn from_row(row: &Row<'_>, at: usize) -> rusqlite::Result<Traveller> {
    let tags: String = row.get(at + 5)?;
    Ok(Traveller {
        name: row.get(at)?,
        contact: row.get(at + 1)?,
        trip_start: row.get(at + 2)?,
        trip_end: row.get(at + 3)?,
        note: row.get(at + 4)?,
        tags: tags.lines().map(str::to_owned).collect(),
    })
}

/// The traveller of an owner.
pub(in crate::store) fn of(db: &Connection, owner: &Owner) -> rusqlite::Result<Option<Traveller>> {
    let read = |row: &Row<'_>| from_row(row, 0);
    match owner {
        Owner::Esim(esim) => db
            .prepare_cached(&format!("SELECT {COLUMNS} FROM travellers WHERE esim = ?1"))?
            .query_row([esim], read)
            .optional(),
        Owner::Order(reference) => db
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM travellers WHERE reference_id = ?1"
            ))?
            .query_row([reference], read)
            .optional(),
    }
}

/// Who travels with an eSIM: its own traveller, or its order's if its time and the trip can meet.
pub(in crate::store) fn shown(db: &Connection, esim: i64) -> rusqlite::Result<Option<Traveller>> {
    if let Some(own) = of(db, &Owner::Esim(esim))? {
        return Ok(Some(own));
    }
    let Some(found) = esims::by_row(db, esim)? else {
        return Ok(None);
    };
    match found.state.reference_id.clone() {
        Some(reference) => if_fits(db, esim, &found.state, of(db, &Owner::Order(reference))?),
        None => Ok(None),
    }
}

/// The traveller of an order, if the time of this eSIM and the trip can meet.
pub(in crate::store) fn if_fits(
    db: &Connection,
    row: i64,
    state: &EsimState,
    of_order: Option<Traveller>,
) -> rusqlite::Result<Option<Traveller>> {
    let Some(traveller) = of_order else {
        return Ok(None);
    };
    let fits = fits_order(db, row, state, &traveller)?;
    Ok(fits.then_some(traveller))
}

/// Whether an eSIM may be for the trip of its order's traveller. Where days of the trip are missing, the order's other eSIMs
/// tell when it is.
fn fits_order(
    db: &Connection,
    row: i64,
    state: &EsimState,
    traveller: &Traveller,
) -> rusqlite::Result<bool> {
    let time = time_of(db, row, state)?;
    match (&state.reference_id, time.began) {
        (Some(reference), Some(began)) if traveller.last_day().is_none() => Ok(
            !same_order::is_of_an_earlier_trip(db, row, reference, began)?,
        ),
        (Some(reference), Some(began))
            if traveller.trip_end.is_none() && traveller.ends_before(time) =>
        {
            same_order::replaces(db, row, reference, began, traveller)
        }
        _ => Ok(traveller.fits(time)),
    }
}

/// How long after a trip its eSIM may still be used for the first time.
const LATE_SECONDS: i64 = 6 * 86_400;

/// When the eSIM in this row is there to be used: from its sale on, whatever has become of it since. The period of one that
/// nobody has used yet is only planned.
pub(in crate::store) fn time_of(
    db: &Connection,
    row: i64,
    state: &EsimState,
) -> rusqlite::Result<EsimTime> {
    let status = state.status.as_ref();
    let over = status.is_some_and(Status::is_terminal);
    let known = |second: Option<i64>| second.filter(|second| *second > 0);
    let since = known(state.status_since);
    let used = known(state.first_activated_at);
    let end = known(state.period_end).filter(|_| over || used.is_some());
    let ends = [end, since.filter(|_| over)].into_iter().flatten();
    let sold = match status {
        Some(Status::New) => since,
        // It was so before it was made ready.
        Some(Status::Ready) if used.is_none() => events::sold_at(db, row)?.min(since).or(since),
        _ => None,
    };
    Ok(EsimTime {
        began: used.map(|used| used - LATE_SECONDS).or(sold),
        ended: ends.min(),
    })
}

/// The name of an eSIM's traveller, its own or its order's.
pub(in crate::store) fn name_of(db: &Connection, esim: i64) -> rusqlite::Result<Option<String>> {
    let name = shown(db, esim)?.map(|traveller| traveller.name);
    Ok(name.filter(|name| !name.is_empty()))
}

/// Sets the traveller of an owner; an empty one, or none, removes it.
pub(in crate::store) fn set(
    tx: &Connection,
    owner: &Owner,
    traveller: Option<&Traveller>,
    now_ms: i64,
) -> rusqlite::Result<()> {
    let (esim, reference) = match owner {
        Owner::Esim(esim) => (Some(*esim), None),
        Owner::Order(reference) => (None, Some(reference.as_str())),
    };
    let Some(traveller) = traveller.filter(|traveller| !traveller.is_empty()) else {
        tx.execute(
            "DELETE FROM travellers WHERE esim IS ?1 AND reference_id IS ?2",
            params![esim, reference],
        )?;
        return Ok(());
    };
    let updated = tx
        .prepare_cached(
            "UPDATE travellers SET name = ?3, contact = ?4, trip_start = ?5, trip_end = ?6, note = ?7, tags = ?8,
                 changed_at_ms = ?9
             WHERE (?1 IS NOT NULL AND esim = ?1) OR (?2 IS NOT NULL AND reference_id = ?2)",
        )?
        .execute(values(esim, reference, traveller, &tags(traveller), now_ms))?;
    if updated == 0 {
        tx.prepare_cached(
            "INSERT INTO travellers (esim, reference_id, name, contact, trip_start, trip_end, note, tags, changed_at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(values(esim, reference, traveller, &tags(traveller), now_ms))?;
    }
    Ok(())
}

fn tags(traveller: &Traveller) -> String {
    traveller.tags.join("\n")
}

fn values<'a>(
    esim: Option<i64>,
    reference: Option<&'a str>,
    traveller: &'a Traveller,
    tags: &'a str,
    now_ms: i64,
) -> impl rusqlite::Params + 'a {
    (
        esim,
        reference,
        traveller.name.as_str(),
        traveller.contact.as_str(),
        traveller.trip_start.as_deref(),
        traveller.trip_end.as_deref(),
        traveller.note.as_str(),
        tags,
        now_ms,
    )
}

/// An eSIM's row became one with another: its traveller goes along.
pub(in crate::store) fn move_to(
    tx: &Connection,
    gone: i64,
    survivor: i64,
    now_ms: i64,
) -> rusqlite::Result<()> {
    let Some(moved) = of(tx, &Owner::Esim(gone))? else {
        return Ok(());
    };
    let both = match of(tx, &Owner::Esim(survivor))? {
        Some(kept) => kept.and(&moved),
        None => moved,
    };
    set(tx, &Owner::Esim(gone), None, now_ms)?;
    set(tx, &Owner::Esim(survivor), Some(&both), now_ms)
}

/// What a change of travellers did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TravellersChanged {
    /// Rows of the eSIMs that have another traveller now.
    pub esims: Vec<i64>,
}

/// Whether one of these is an eSIM that is gone: since somebody looked, it became one with another.
pub(in crate::store) fn is_any_gone<'a>(
    db: &Connection,
    owners: impl IntoIterator<Item = &'a Owner>,
) -> rusqlite::Result<bool> {
    let mut exists = db.prepare_cached("SELECT 1 FROM esims WHERE id = ?1")?;
    for owner in owners {
        if let Owner::Esim(row) = owner
            && !exists.exists([row])?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Sets travellers, all of them or none; `None` or an empty one removes. `now_ms`: UTC milliseconds. `None`: an eSIM is
/// gone, and nothing was set.
pub(in crate::store) fn set_all(
    tx: &Connection,
    changes: &[(Owner, Option<Traveller>)],
    now_ms: i64,
) -> rusqlite::Result<Option<TravellersChanged>> {
    if is_any_gone(tx, changes.iter().map(|(owner, _)| owner))? {
        return Ok(None);
    }
    let mut esims = Vec::new();
    for (owner, traveller) in changes {
        set(tx, owner, traveller.as_ref(), now_ms)?;
        esims.extend(rows_of(tx, owner)?);
    }
    Ok(Some(TravellersChanged { esims }))
}

/// The rows of the eSIMs that may show an owner's traveller.
pub(in crate::store) fn rows_of(db: &Connection, owner: &Owner) -> rusqlite::Result<Vec<i64>> {
    match owner {
        Owner::Esim(esim) => Ok(vec![*esim]),
        Owner::Order(reference) => db
            .prepare_cached("SELECT id FROM esims WHERE reference_id = ?1")?
            .query_map([reference], |row| row.get(0))?
            .collect(),
    }
}

/// The traveller of one eSIM, as the desk edits it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EsimTraveller {
    /// This eSIM's own.
    pub own: Option<Traveller>,
    /// The order's, which counts where the eSIM has none of its own; `None` also where it is of another trip.
    pub of_order: Option<Traveller>,
    /// How many eSIMs the order has; 0: the eSIM names no order, or one whose traveller is of another trip.
    pub order_size: i64,
    /// The only one who is known by the order's reference, where nobody is known to travel with this eSIM: somebody of another
    /// trip, or with another eSIM.
    pub other: Option<String>,
}

/// A page of the list of travellers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TravellerQuery {
    /// Words that must all occur in what is known of the traveller, the reference or the ICCID.
    pub search: String,
    /// Rows to skip.
    pub offset: u32,
    /// Rows to return.
    pub limit: u32,
    /// Most eSIMs of an order that come with its traveller.
    pub most_esims: usize,
}

/// A traveller in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TravellerRow {
    /// Its row.
    pub id: i64,
    /// What is known.
    pub traveller: Traveller,
    /// The reference of the order, or of the eSIM's order, as it is written.
    pub reference_id: Option<String>,
    /// Whether it is the order's, and so all of its eSIMs'.
    pub of_order: bool,
    /// The keys and statuses of its eSIMs, at most as many as were asked for; none: no eSIM of the order is known yet.
    pub esims: Vec<TravellerEsim>,
}

/// An eSIM of a traveller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TravellerEsim {
    /// Opens it.
    pub key: String,
    /// The SIM profile's number.
    pub iccid: Option<String>,
    /// Its status; null: not known.
    pub status: Option<String>,
    /// Whether its provider no longer has it: the status is the last that was known, and it was in use.
    pub gone: bool,
}

/// The answer to a [`TravellerQuery`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TravellerPage {
    /// How many match in all.
    pub total: usize,
    /// The rows, by name.
    pub rows: Vec<TravellerRow>,
}

impl Reader<'_> {
    /// A page of the travellers, by name.
    pub fn travellers(
        &self,
        query: &TravellerQuery,
        letters: &Letters,
    ) -> rusqlite::Result<TravellerPage> {
        let search = Search::of(&query.search);
        let of_esims = match search.is_empty() {
            true => "NULL",
            false => {
                "(SELECT group_concat(search_text, char(10)) FROM esims
                  WHERE esims.id = travellers.esim OR esims.reference_id = travellers.reference_id)"
            }
        };
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT id, reference_id, {of_esims}, {COLUMNS} FROM travellers"
        ))?;
        let mut rows = statement.query([])?;
        // Those without a name last.
        let mut found: Vec<(bool, Box<[u8]>, i64)> = Vec::new();
        while let Some(row) = rows.next()? {
            let traveller = from_row(row, 3)?;
            let reference: Option<String> = row.get(1)?;
            let of_esims: Option<String> = row.get(2)?;
            let texts = [&traveller.name, &traveller.contact, &traveller.note];
            let texts = texts.into_iter().chain(&traveller.tags);
            let texts = texts.chain(&reference).chain(&of_esims).map(String::as_str);
            if search.is_empty() || search.finds(&SearchedText::of(texts)) {
                let name = letters.key(&traveller.name);
                found.push((traveller.name.is_empty(), name, row.get(0)?));
            }
        }
        found.sort_unstable();
        let total = found.len();
        let page = found
            .iter()
            .skip(query.offset as usize)
            .take(query.limit as usize);
        let vanished = self.vanished_esims()?;
        let rows = page.map(|(_, _, id)| self.traveller_row(*id, query.most_esims, &vanished));
        Ok(TravellerPage {
            total,
            rows: rows.collect::<Result<_, _>>()?,
        })
    }

    fn traveller_row(
        &self,
        id: i64,
        most_esims: usize,
        vanished: &VanishedEsims,
    ) -> rusqlite::Result<TravellerRow> {
        let (esim, reference, traveller): (Option<i64>, Option<String>, Traveller) = self
            .db
            .prepare_cached(&format!(
                "SELECT esim, reference_id, {COLUMNS} FROM travellers WHERE id = ?1"
            ))?
            .query_row([id], |row| {
                Ok((row.get(0)?, row.get(1)?, from_row(row, 2)?))
            })?;
        let owner = match (esim, &reference) {
            (Some(esim), _) => Owner::Esim(esim),
            (None, reference) => Owner::Order(reference.clone().unwrap_or_default()),
        };
        let mut esims = Vec::new();
        let mut written = None;
        for row in rows_of(self.db, &owner)? {
            let Some(found) = esims::by_row(self.db, row)? else {
                continue;
            };
            written = written.or_else(|| found.state.reference().map(str::to_owned));
            let is_another = esim.is_none()
                && (!fits_order(self.db, row, &found.state, &traveller)?
                    || of(self.db, &Owner::Esim(row))?.is_some());
            if is_another {
                continue;
            }
            if esims.len() == most_esims {
                break;
            }
            esims.push(TravellerEsim {
                key: found.state.key().unwrap_or_default(),
                gone: vanished.have(&found.state),
                status: found.state.status.as_ref().map(ToString::to_string),
                iccid: found.state.iccid,
            });
        }
        Ok(TravellerRow {
            id,
            traveller,
            of_order: esim.is_none(),
            reference_id: written.or(reference),
            esims,
        })
    }

    /// The traveller of the eSIM with this row.
    pub fn traveller(&self, esim: i64) -> rusqlite::Result<EsimTraveller> {
        let state = esims::by_row(self.db, esim)?.map(|esim| esim.state);
        let reference = state.as_ref().and_then(|state| state.reference_id.clone());
        let noted = match &reference {
            Some(reference) => of(self.db, &Owner::Order(reference.clone()))?,
            None => None,
        };
        // Whoever waits for another eSIM of the order must not be written over here.
        let of_order = match &state {
            Some(state) => if_fits(self.db, esim, state, noted.clone())?,
            None => None,
        };
        let is_other = noted.is_some() && of_order.is_none();
        let own = of(self.db, &Owner::Esim(esim))?;
        let other = match &reference {
            Some(reference) if own.is_none() && of_order.is_none() => {
                same_order::only_name(self.db, reference)?
            }
            _ => None,
        };
        let order_size = match reference.filter(|_| !is_other) {
            Some(reference) => self
                .db
                .prepare_cached("SELECT count(*) FROM esims WHERE reference_id = ?1")?
                .query_row([reference], |row| row.get(0))?,
            None => 0,
        };
        Ok(EsimTraveller {
            own,
            of_order,
            order_size,
            other,
        })
    }

    /// The order reference of the eSIM with this row, in its one form.
    pub fn reference_of(&self, esim: i64) -> rusqlite::Result<Option<String>> {
        Ok(esims::by_row(self.db, esim)?.and_then(|esim| esim.state.reference_id))
    }

    /// The name of an eSIM's traveller.
    pub fn traveller_name(&self, esim: i64) -> rusqlite::Result<Option<String>> {
        name_of(self.db, esim)
    }

    /// The first day of the trip of an eSIM's traveller, its own or its order's: `YYYY-MM-DD`.
    pub fn trip_start(&self, esim: i64) -> rusqlite::Result<Option<String>> {
        Ok(shown(self.db, esim)?.and_then(|traveller| traveller.trip_start))
    }

    /// Every tag that some traveller has, by name.
    pub fn traveller_tags(&self, letters: &Letters) -> rusqlite::Result<Vec<String>> {
        let all: Vec<String> = self
            .db
            .prepare_cached("SELECT tags FROM travellers WHERE tags <> ''")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut tags: Vec<String> = all
            .iter()
            .flat_map(|tags| tags.lines().map(str::to_owned))
            .collect();
        tags.sort_unstable();
        tags.dedup();
        letters.sort(&mut tags);
        Ok(tags)
    }
}
