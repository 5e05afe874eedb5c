//! The table of travellers: one row for an eSIM, or for all eSIMs of an order.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::{Reader, WriteError, Writer, esims};
use crate::traveller::Traveller;

/// Whose a traveller is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Owner {
    /// The eSIM with this row.
    Esim(i64),
    /// All eSIMs of the order with this reference that have none of their own.
    Order(String),
}

pub(super) const COLUMNS: &str = "name, contact, trip_start, trip_end, note, tags";

/// Reads [`COLUMNS`], the first of which is column `at`.
pub(super) fn from_row(row: &Row<'_>, at: usize) -> rusqlite::Result<Traveller> {
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
pub(super) fn of(db: &Connection, owner: &Owner) -> rusqlite::Result<Option<Traveller>> {
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

/// The name of an eSIM's traveller, its own or its order's.
pub(super) fn name_of(db: &Connection, esim: i64) -> rusqlite::Result<Option<String>> {
    let name: Option<String> = db
        .prepare_cached(
            "SELECT name FROM travellers WHERE esim = ?1
             UNION ALL
             SELECT name FROM travellers WHERE reference_id = (SELECT reference_id FROM esims WHERE id = ?1)
             LIMIT 1",
        )?
        .query_row([esim], |row| row.get(0))
        .optional()?;
    Ok(name.filter(|name| !name.is_empty()))
}

/// Sets the traveller of an owner; an empty one, or none, removes it.
pub(super) fn set(
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
pub(super) fn move_to(
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

impl Writer {
    /// Sets travellers, all of them or none; `None` or an empty one removes. `now_ms`: UTC milliseconds.
    ///
    /// # Errors
    /// [`WriteError`] if it could not be stored.
    pub async fn set_travellers(
        &self,
        changes: Vec<(Owner, Option<Traveller>)>,
        now_ms: i64,
    ) -> Result<TravellersChanged, WriteError> {
        self.change(move |tx| {
            let mut esims = Vec::new();
            for (owner, traveller) in &changes {
                set(tx, owner, traveller.as_ref(), now_ms)?;
                esims.extend(rows_of(tx, owner)?);
            }
            Ok(TravellersChanged { esims })
        })
        .await
    }
}

/// The rows of the eSIMs that show an owner's traveller.
pub(super) fn rows_of(db: &Connection, owner: &Owner) -> rusqlite::Result<Vec<i64>> {
    match owner {
        Owner::Esim(esim) => Ok(vec![*esim]),
        Owner::Order(reference) => db
            .prepare_cached("SELECT id FROM esims WHERE reference_id = ?1")?
            .query_map([reference], |row| row.get(0))?
            .collect(),
    }
}

/// The traveller of one eSIM, as the desk edits it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct EsimTraveller {
    /// This eSIM's own.
    pub own: Option<Traveller>,
    /// The order's, which counts where the eSIM has none of its own.
    pub of_order: Option<Traveller>,
    /// How many eSIMs the order has; 0: the eSIM names no order.
    pub order_size: i64,
}

impl Reader<'_> {
    /// The traveller of the eSIM with this row.
    pub fn traveller(&self, esim: i64) -> rusqlite::Result<EsimTraveller> {
        let reference = esims::by_row(self.db, esim)?.and_then(|esim| esim.state.reference_id);
        let (of_order, order_size) = match reference {
            Some(reference) => {
                let size = self
                    .db
                    .prepare_cached("SELECT count(*) FROM esims WHERE reference_id = ?1")?
                    .query_row([&reference], |row| row.get(0))?;
                (of(self.db, &Owner::Order(reference))?, size)
            }
            None => (None, 0),
        };
        Ok(EsimTraveller {
            own: of(self.db, &Owner::Esim(esim))?,
            of_order,
            order_size,
        })
    }

    /// The order reference of the eSIM with this row.
    pub fn reference_of(&self, esim: i64) -> rusqlite::Result<Option<String>> {
        Ok(esims::by_row(self.db, esim)?.and_then(|esim| esim.state.reference_id))
    }

    /// The name of an eSIM's traveller.
    pub fn traveller_name(&self, esim: i64) -> rusqlite::Result<Option<String>> {
        name_of(self.db, esim)
    }

    /// Every tag that some traveller has, by name.
    pub fn traveller_tags(&self) -> rusqlite::Result<Vec<String>> {
        let all: Vec<String> = self
            .db
            .prepare_cached("SELECT tags FROM travellers WHERE tags <> ''")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut tags: Vec<String> = all
            .iter()
            .flat_map(|tags| tags.lines().map(str::to_owned))
            .collect();
        tags.sort_by_key(|tag| tag.to_lowercase());
        tags.dedup();
        Ok(tags)
    }
}
