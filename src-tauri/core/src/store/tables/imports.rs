//! Booking lists taken over: whose each line is, setting all of it at once, and taking it back.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use crate::booking::{Booking, LineProblem, WHOLE_DIGITS};
use crate::store::Reader;
use crate::store::tables::esims;
use crate::store::tables::travellers::{self, Owner, TravellersChanged};
use crate::traveller::Traveller;

/// How many imports can be taken back.
const KEPT_IMPORTS: i64 = 20;

/// Whose a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineOwner {
    /// One eSIM.
    Esim {
        /// Opens it.
        key: String,
        /// Its ICCID.
        iccid: Option<String>,
        /// Whether only its last digits stand in the list.
        by_last_digits: bool,
    },
    /// An order.
    Order {
        /// How many eSIMs it has; 0: none has been told of yet, the traveller waits for it.
        esims: i64,
    },
    /// No eSIM has this number.
    Unknown,
    /// More than one eSIM ends in these digits.
    Several {
        /// How many.
        count: i64,
    },
    /// The same eSIM or order as in an earlier line.
    Repeated {
        /// That line.
        line: usize,
    },
    /// The line is wrong.
    Wrong {
        /// What is wrong with it.
        problem: LineProblem,
    },
}

/// What taking a line over would change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineChange {
    /// Nothing was known.
    Added,
    /// Something else was known.
    Changed,
    /// All of it was known.
    Same,
}

/// One line of a list, as it would be taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRow {
    /// Its number in the list.
    pub line: usize,
    /// The ICCID, or its last digits, as in the list.
    pub iccid: Option<String>,
    /// The order reference, as in the list.
    pub reference: Option<String>,
    /// Who travels, as in the list; null: the line is wrong.
    pub traveller: Option<Traveller>,
    /// Whose it is.
    pub owner: LineOwner,
    /// What it would change; null: it is not taken over.
    pub change: Option<LineChange>,
}

/// A line, and what it sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// For whoever decides.
    pub row: LineRow,
    /// What is set; `None`: nothing.
    pub set: Option<(Owner, Traveller)>,
}

/// An import as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRow {
    /// Its row.
    pub id: i64,
    /// UTC milliseconds.
    pub imported_at_ms: i64,
    /// The file's name; empty: it was pasted.
    pub source: String,
    /// How many travellers it set.
    pub travellers: i64,
    /// When it was taken back, UTC milliseconds; null: it holds.
    pub undone_at_ms: Option<i64>,
}

/// What taking an import back did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Undone {
    /// Travellers that are as before.
    pub restored: usize,
    /// Travellers that somebody has changed since: they stay.
    pub kept: usize,
    /// Rows of the eSIMs that have another traveller now.
    pub esims: Vec<i64>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Undo {
    owner: Owner,
    before: Option<Traveller>,
    after: Traveller,
}

/// Which eSIMs the numbers and references of a list name.
struct Index {
    by_iccid: HashMap<String, i64>,
    /// By length, then by the last digits: a row, and how many there are.
    by_end: HashMap<usize, HashMap<String, (i64, i64)>>,
    /// By the reference in lowercase: as it is written, a row, and how many there are.
    by_reference: HashMap<String, (String, i64, i64)>,
}

impl Index {
    fn of(db: &Connection, bookings: &[Booking]) -> rusqlite::Result<Index> {
        let ends: HashSet<usize> = bookings
            .iter()
            .filter_map(|booking| Some(booking.iccid.as_ref()?.len()))
            .filter(|length| *length < WHOLE_DIGITS)
            .collect();
        let wanted: HashSet<String> = bookings
            .iter()
            .filter_map(|booking| Some(booking.reference.as_ref()?.to_lowercase()))
            .collect();
        let mut index = Index {
            by_iccid: HashMap::new(),
            by_end: HashMap::new(),
            by_reference: HashMap::new(),
        };
        let mut statement = db.prepare("SELECT iccid, esim FROM iccid_esims WHERE owner = 1")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (iccid, esim): (String, i64) = (row.get(0)?, row.get(1)?);
            for length in &ends {
                let from = iccid.len().saturating_sub(*length);
                if let Some(end) = iccid.get(from..).filter(|end| end.len() == *length) {
                    let same = index.by_end.entry(*length).or_default();
                    same.entry(end.to_owned()).or_insert((esim, 0)).1 += 1;
                }
            }
            index.by_iccid.insert(iccid, esim);
        }
        let mut statement =
            db.prepare("SELECT reference_id, id FROM esims WHERE reference_id IS NOT NULL")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (reference, esim): (String, i64) = (row.get(0)?, row.get(1)?);
            let key = reference.trim().to_lowercase();
            if wanted.contains(&key) {
                index
                    .by_reference
                    .entry(key)
                    .or_insert((reference, esim, 0))
                    .2 += 1;
            }
        }
        Ok(index)
    }

    /// A whole ICCID is also known with or without its check digit.
    fn whole(&self, iccid: &str) -> Option<i64> {
        let without = iccid.get(..iccid.len().saturating_sub(1)).unwrap_or(iccid);
        let with = (0..10).map(|digit| format!("{iccid}{digit}"));
        let exact = self.by_iccid.get(iccid).copied();
        exact
            .or_else(|| {
                with.into_iter()
                    .find_map(|one| self.by_iccid.get(&one).copied())
            })
            .or_else(|| self.by_iccid.get(without).copied())
    }

    fn owner(&self, booking: &Booking) -> Result<(Owner, bool), LineOwner> {
        let mut fallback = LineOwner::Unknown;
        if let Some(iccid) = &booking.iccid {
            if iccid.len() >= WHOLE_DIGITS {
                if let Some(esim) = self.whole(iccid) {
                    return Ok((Owner::Esim(esim), false));
                }
            } else if let Some((esim, count)) = self
                .by_end
                .get(&iccid.len())
                .and_then(|ends| ends.get(iccid))
            {
                if *count == 1 {
                    return Ok((Owner::Esim(*esim), true));
                }
                fallback = LineOwner::Several { count: *count };
            }
        }
        let Some(reference) = &booking.reference else {
            return Err(fallback);
        };
        match self.by_reference.get(&reference.to_lowercase()) {
            Some((_, esim, 1)) => Ok((Owner::Esim(*esim), false)),
            Some((written, _, _)) => Ok((Owner::Order(written.clone()), false)),
            // A number that names no eSIM is rather wrong than early.
            None if booking.iccid.is_some() => Err(fallback),
            None => Ok((Owner::Order(reference.clone()), false)),
        }
    }

    fn size(&self, reference: &str) -> i64 {
        let found = self.by_reference.get(&reference.trim().to_lowercase());
        found.map_or(0, |(_, _, count)| *count)
    }
}

/// What the list says counts; what it says nothing of stays, and no note is lost.
fn over(known: Option<&Traveller>, listed: &Traveller) -> Traveller {
    let Some(known) = known else {
        return listed.clone();
    };
    let or = |new: &String, old: &String| if new.is_empty() { old } else { new }.clone();
    let note = match (known.note.is_empty(), listed.note.is_empty()) {
        (false, false) if !known.note.contains(&listed.note) => {
            format!("{}\n{}", known.note, listed.note)
        }
        (true, _) => listed.note.clone(),
        _ => known.note.clone(),
    };
    let mut tags = known.tags.clone();
    for tag in &listed.tags {
        if !tags
            .iter()
            .any(|one| one.to_lowercase() == tag.to_lowercase())
        {
            tags.push(tag.clone());
        }
    }
    Traveller {
        name: or(&listed.name, &known.name),
        contact: or(&listed.contact, &known.contact),
        trip_start: listed
            .trip_start
            .clone()
            .or_else(|| known.trip_start.clone()),
        trip_end: listed.trip_end.clone().or_else(|| known.trip_end.clone()),
        note,
        tags,
    }
}

impl Reader<'_> {
    /// Whose each line of a list is, and what it would change.
    pub fn propose(&self, bookings: &[Booking]) -> rusqlite::Result<Vec<Proposal>> {
        let index = Index::of(self.db, bookings)?;
        let mut taken: HashMap<Owner, usize> = HashMap::new();
        let mut proposals = Vec::with_capacity(bookings.len());
        for booking in bookings {
            let mut row = LineRow {
                line: booking.line,
                iccid: booking.iccid.clone(),
                reference: booking.reference.clone(),
                traveller: booking.traveller.as_ref().ok().cloned(),
                owner: LineOwner::Unknown,
                change: None,
            };
            let mut set = None;
            match (&booking.traveller, index.owner(booking)) {
                (Err(problem), _) => {
                    row.owner = LineOwner::Wrong {
                        problem: problem.clone(),
                    };
                }
                (Ok(_), Err(nobody)) => row.owner = nobody,
                (Ok(listed), Ok((owner, by_last_digits))) => {
                    if let Some(line) = taken.get(&owner) {
                        row.owner = LineOwner::Repeated { line: *line };
                    } else {
                        taken.insert(owner.clone(), booking.line);
                        row.owner = self.line_owner(&index, &owner, by_last_digits)?;
                        let known = travellers::of(self.db, &owner)?;
                        let after = over(known.as_ref(), listed).tidy();
                        match after {
                            Ok(after) => {
                                row.change = Some(match known {
                                    None => LineChange::Added,
                                    Some(known) if known == after => LineChange::Same,
                                    Some(_) => LineChange::Changed,
                                });
                                set = (row.change != Some(LineChange::Same))
                                    .then_some((owner, after));
                            }
                            Err(error) => {
                                row.owner = LineOwner::Wrong {
                                    problem: error.into(),
                                };
                            }
                        }
                    }
                }
            }
            proposals.push(Proposal { row, set });
        }
        Ok(proposals)
    }

    fn line_owner(
        &self,
        index: &Index,
        owner: &Owner,
        by_last_digits: bool,
    ) -> rusqlite::Result<LineOwner> {
        Ok(match owner {
            Owner::Order(reference) => LineOwner::Order {
                esims: index.size(reference),
            },
            Owner::Esim(row) => match esims::by_row(self.db, *row)? {
                Some(esim) => LineOwner::Esim {
                    key: esim.state.key().unwrap_or_default(),
                    iccid: esim.state.iccid,
                    by_last_digits,
                },
                None => LineOwner::Unknown,
            },
        })
    }

    /// The imports that can be taken back, and those that were, newest first.
    pub fn imports(&self) -> rusqlite::Result<Vec<ImportRow>> {
        self.db
            .prepare_cached(
                "SELECT id, imported_at_ms, source, row_count, undone_at_ms FROM traveller_imports ORDER BY id DESC",
            )?
            .query_map([], |row| {
                Ok(ImportRow {
                    id: row.get(0)?,
                    imported_at_ms: row.get(1)?,
                    source: row.get(2)?,
                    travellers: row.get(3)?,
                    undone_at_ms: row.get(4)?,
                })
            })?
            .collect()
    }
}

fn json<T: Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

/// Sets the travellers of a list, all of them or none, and keeps what they replace. `source`: the
/// file's name; `now_ms`: UTC milliseconds.
pub(in crate::store) fn import(
    tx: &Connection,
    source: &str,
    changes: &[(Owner, Traveller)],
    now_ms: i64,
) -> rusqlite::Result<TravellersChanged> {
    let mut undo = Vec::with_capacity(changes.len());
    let mut esims = Vec::new();
    for (owner, after) in changes {
        let before = travellers::of(tx, owner)?;
        travellers::set(tx, owner, Some(after), now_ms)?;
        esims.extend(travellers::rows_of(tx, owner)?);
        undo.push(Undo {
            owner: owner.clone(),
            before,
            after: after.clone(),
        });
    }
    let count = i64::try_from(changes.len()).unwrap_or(i64::MAX);
    tx.execute(
        "INSERT INTO traveller_imports (imported_at_ms, source, row_count, undo) VALUES (?1, ?2, ?3, ?4)",
        params![now_ms, source, count, json(&undo)?],
    )?;
    tx.execute(
        "DELETE FROM traveller_imports WHERE id <= last_insert_rowid() - ?1",
        [KEPT_IMPORTS],
    )?;
    Ok(TravellersChanged { esims })
}

/// Takes an import back, but what somebody has changed since. `None`: there is none with this row,
/// or it was taken back before.
pub(in crate::store) fn undo(
    tx: &Connection,
    id: i64,
    now_ms: i64,
) -> rusqlite::Result<Option<Undone>> {
    let kept: Option<String> = tx
        .query_row(
            "SELECT undo FROM traveller_imports WHERE id = ?1 AND undone_at_ms IS NULL",
            [id],
            |row| row.get(0),
        )
        .optional()?;
    let Some(kept) = kept else {
        return Ok(None);
    };
    let changes: Vec<Undo> = serde_json::from_str(&kept).map_err(|error| {
        let text = rusqlite::types::Type::Text;
        rusqlite::Error::FromSqlConversionFailure(0, text, Box::new(error))
    })?;
    let mut undone = Undone::default();
    for Undo {
        owner,
        before,
        after,
    } in &changes
    {
        if travellers::of(tx, owner)?.as_ref() != Some(after) {
            undone.kept += 1;
            continue;
        }
        travellers::set(tx, owner, before.as_ref(), now_ms)?;
        undone.esims.extend(travellers::rows_of(tx, owner)?);
        undone.restored += 1;
    }
    tx.execute(
        "UPDATE traveller_imports SET undone_at_ms = ?2, undo = '[]' WHERE id = ?1",
        params![id, now_ms],
    )?;
    Ok(Some(undone))
}
#[cfg(test)]
mod tests;
