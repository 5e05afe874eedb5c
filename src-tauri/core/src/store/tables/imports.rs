//! Booking lists taken over: what they can name, setting all of it at once, and taking it back.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use crate::booking::{
    self, Booking, Corrections, Found, FoundEsim, KnownEsim, KnownEsims, KnownMarks, Proposal,
    Rules, Table,
};
use crate::event::Status;
use crate::store::Reader;
use crate::store::tables::esims;
use crate::store::tables::settings::Setting;
use crate::store::tables::travellers::{self, TravellersChanged};
use crate::traveller::{Owner, Traveller, TravellerChange};

/// How many imports can be taken back.
const KEPT_IMPORTS: i64 = 20;

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
    /// For how many lines of the list it stands.
    #[serde(default = "one")]
    lines: usize,
}

fn one() -> usize {
    1
}

/// Everything that a list can name.
fn known(db: &Connection, bookings: &[Booking]) -> rusqlite::Result<KnownEsims> {
    let mut known = KnownEsims::named_by(bookings);
    let mut statement = db.prepare("SELECT iccid, esim FROM iccid_esims WHERE owner = 1")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        known.has_iccid(row.get(0)?, row.get(1)?);
    }
    let mut statement = db.prepare(&format!("SELECT {} FROM esims", esims::COLUMNS))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let esim = esims::from_row(row)?;
        known.has(KnownEsim {
            row: esim.id,
            is_over: esim.state.status.as_ref().is_some_and(Status::is_terminal),
            is_used: esim.state.first_activated_at.is_some(),
            time: travellers::time_of(db, esim.id, &esim.state)?,
            esim_id: esim.state.esim_id,
            reference: esim.state.reference_id,
            written: esim.state.reference_written,
        });
    }
    Ok(known)
}

impl Reader<'_> {
    /// Which texts of a list eSIMs are known by.
    pub fn marks(&self, table: &Table) -> rusqlite::Result<KnownMarks> {
        let mut marks = KnownMarks::asked(table);
        let sql = "SELECT reference_id, esim_id, iccid FROM esims";
        let mut statement = self.db.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let text = |at: usize| {
                row.get_ref(at)?
                    .as_str_or_null()
                    .map_err(rusqlite::Error::from)
            };
            marks.has(text(0)?, text(1)?, text(2)?);
        }
        Ok(marks)
    }

    /// Of two readings of a list's days the one under which more of its trips are at the time of their eSIMs: whether it is
    /// the first. `None`: both fit as well.
    pub fn better_days(
        &self,
        one: &[Booking],
        other: &[Booking],
    ) -> rusqlite::Result<Option<bool>> {
        let known = known(self.db, one)?;
        let (one, other) = (known.fitting(one), known.fitting(other));
        Ok((one != other).then_some(one > other))
    }

    /// Whose each line of a list is, and what it would change.
    pub fn propose(&self, bookings: &[Booking], rules: Rules) -> rusqlite::Result<Vec<Proposal>> {
        let known = known(self.db, bookings)?;
        let proposals = booking::propose(bookings, &known, rules, |owner| {
            let traveller = travellers::of(self.db, owner)?;
            let Owner::Esim(row) = owner else {
                return Ok(Found {
                    traveller,
                    ..Found::default()
                });
            };
            let esim = esims::by_row(self.db, *row)?;
            Ok(Found {
                shown: travellers::shown(self.db, *row)?,
                traveller,
                esim: esim.map(|esim| FoundEsim {
                    key: esim.state.key().unwrap_or_default(),
                    iccid: esim.state.iccid,
                }),
            })
        });
        proposals.map(|proposals| known.as_written(proposals))
    }

    /// What was said of the columns of earlier lists. What can't be read is forgotten.
    pub fn corrections(&self) -> rusqlite::Result<Corrections> {
        let kept = self.setting(Setting::BookingColumns)?;
        Ok(kept.map_or_else(Corrections::default, |kept| Corrections::from_text(&kept)))
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
/// file's name; `now_ms`: UTC milliseconds. `None`: an eSIM is gone since the list was looked at, and nothing was set.
pub(in crate::store) fn import(
    tx: &Connection,
    source: &str,
    changes: &[TravellerChange],
    now_ms: i64,
) -> rusqlite::Result<Option<TravellersChanged>> {
    if travellers::is_any_gone(tx, changes.iter().map(|change| &change.owner))? {
        return Ok(None);
    }
    let mut undo = Vec::with_capacity(changes.len());
    let mut esims = Vec::new();
    let mut count = 0;
    for TravellerChange {
        owner,
        traveller: after,
        lines,
    } in changes
    {
        let before = travellers::of(tx, owner)?;
        travellers::set(tx, owner, Some(after), now_ms)?;
        esims.extend(travellers::rows_of(tx, owner)?);
        count += lines;
        undo.push(Undo {
            owner: owner.clone(),
            before,
            after: after.clone(),
            lines: *lines,
        });
    }
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    tx.execute(
        "INSERT INTO traveller_imports (imported_at_ms, source, row_count, undo) VALUES (?1, ?2, ?3, ?4)",
        params![now_ms, source, count, json(&undo)?],
    )?;
    tx.execute(
        "DELETE FROM traveller_imports WHERE id <= last_insert_rowid() - ?1",
        [KEPT_IMPORTS],
    )?;
    Ok(Some(TravellersChanged { esims }))
}

/// Two eSIMs are about to become one, and with them what is noted of their travellers
/// ([`travellers::move_to`]): to take an import back is then to leave of both what there would be without it.
pub(in crate::store) fn follow(tx: &Connection, gone: i64, survivor: i64) -> rusqlite::Result<()> {
    let Some(moved) = travellers::of(tx, &Owner::Esim(gone))? else {
        return Ok(());
    };
    let kept = travellers::of(tx, &Owner::Esim(survivor))?;
    let mut rows = tx.prepare_cached(
        "SELECT id, undo FROM traveller_imports
         WHERE undone_at_ms IS NULL AND (instr(undo, ?1) > 0 OR instr(undo, ?2) > 0)",
    )?;
    let names = |row: i64| json(&Owner::Esim(row));
    let found: Vec<(i64, String)> = rows
        .query_map([names(gone)?, names(survivor)?], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect::<Result<_, _>>()?;
    for (id, undo) in found {
        let merged = merged(undo_of(&undo)?, (survivor, kept.as_ref()), (gone, &moved));
        tx.execute(
            "UPDATE traveller_imports SET undo = ?2 WHERE id = ?1",
            params![id, json(&merged)?],
        )?;
    }
    Ok(())
}

/// What is kept of an import when of these two rows, each with its traveller, only the first is left.
fn merged(
    changes: Vec<Undo>,
    (survivor, kept): (i64, Option<&Traveller>),
    (gone, moved): (i64, &Traveller),
) -> Vec<Undo> {
    let both = |stays: Option<&Traveller>, goes: Option<&Traveller>| match (stays, goes) {
        (Some(stays), Some(goes)) => Some(stays.clone().and(goes)),
        (one, other) => one.or(other).cloned(),
    };
    let (survivor, gone) = (Owner::Esim(survivor), Owner::Esim(gone));
    let is = |owner: &Owner| *owner == survivor || *owner == gone;
    let mut others = Vec::with_capacity(changes.len());
    let (mut of_survivor, mut of_gone) = (None, None);
    for change in changes {
        match change {
            change if !is(&change.owner) => others.push(change),
            change if change.owner == gone => of_gone = Some(change),
            change => of_survivor = Some(change),
        }
    }
    let before = both(
        of_survivor
            .as_ref()
            .map_or(kept, |change| change.before.as_ref()),
        of_gone
            .as_ref()
            .map_or(Some(moved), |change| change.before.as_ref()),
    );
    let after = both(
        of_survivor
            .as_ref()
            .map_or(kept, |change| Some(&change.after)),
        of_gone
            .as_ref()
            .map_or(Some(moved), |change| Some(&change.after)),
    );
    let lines = [&of_survivor, &of_gone];
    let lines = lines.into_iter().flatten().map(|change| change.lines).sum();
    // One of the two is there.
    others.extend(after.map(|after| Undo {
        owner: survivor,
        before,
        after,
        lines,
    }));
    others
}

fn undo_of(kept: &str) -> rusqlite::Result<Vec<Undo>> {
    serde_json::from_str(kept).map_err(|error| {
        let text = rusqlite::types::Type::Text;
        rusqlite::Error::FromSqlConversionFailure(0, text, Box::new(error))
    })
}

/// The imports that hold and came after one, the next first, each with what it replaced.
fn later(tx: &Connection, id: i64) -> rusqlite::Result<Vec<(i64, Vec<Undo>)>> {
    let mut rows = tx.prepare_cached(
        "SELECT id, undo FROM traveller_imports WHERE id > ?1 AND undone_at_ms IS NULL ORDER BY id",
    )?;
    let found = rows.query_map([id], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
    found
        .map(|row| row.and_then(|(id, undo)| Ok((id, undo_of(&undo)?))))
        .collect()
}

/// Takes an import back, but what somebody has changed since. Where a later import replaced what this one had set, that
/// stays, and to take the later one back is then to leave what there was before both. `None`: there is none with this
/// row, or it was taken back before.
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
    let changes = undo_of(&kept)?;
    let mut later = later(tx, id)?;
    let mut passed_on = HashSet::new();
    let mut undone = Undone::default();
    for Undo {
        owner,
        before,
        after,
        lines,
    } in changes.iter().rev()
    {
        let next = later.iter_mut().find_map(|(id, changes)| {
            let change = changes.iter_mut().find(|one| one.owner == *owner)?;
            Some((*id, change))
        });
        if let Some((next, change)) = next {
            if change.before.as_ref() == Some(after) {
                change.before.clone_from(before);
                passed_on.insert(next);
            }
            undone.kept += lines;
            continue;
        }
        if travellers::of(tx, owner)?.as_ref() != Some(after) {
            undone.kept += lines;
            continue;
        }
        travellers::set(tx, owner, before.as_ref(), now_ms)?;
        undone.esims.extend(travellers::rows_of(tx, owner)?);
        undone.restored += lines;
    }
    for (id, changes) in later.iter().filter(|(id, _)| passed_on.contains(id)) {
        tx.execute(
            "UPDATE traveller_imports SET undo = ?2 WHERE id = ?1",
            params![id, json(changes)?],
        )?;
    }
    tx.execute(
        "UPDATE traveller_imports SET undone_at_ms = ?2, undo = '[]' WHERE id = ?1",
        params![id, now_ms],
    )?;
    Ok(Some(undone))
}
#[cfg(test)]
mod tests;
