//! What the writer is measured against: storing nothing, and storing the naive way.
//!
//! Only with the feature `yardsticks`, which nothing that is shipped asks for. Both take the very
//! deliveries that the writer takes, so that all that differs is how they are stored.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, TransactionBehavior};

use crate::store::Stored;
use crate::store::Verdict;
use crate::store::WriteError;
use crate::store::deliver::append::append;
use crate::store::deliver::delivery::Delivery;
use crate::store::file::connection::{self, DATABASE_FILE};
use crate::store::file::error::OpenError;
use crate::store::tables::counters::Deltas;

/// One way to store deliveries. Cheap to clone.
#[derive(Clone)]
pub struct Yardstick(Kind);

#[derive(Clone)]
enum Kind {
    Nothing,
    Naive(Arc<Mutex<Connection>>),
}

impl Yardstick {
    /// Stores nothing: what verifying, parsing and HTTP cost by themselves.
    #[must_use]
    pub fn nothing() -> Self {
        Yardstick(Kind::Nothing)
    }

    /// A mutex around a connection, and one commit per delivery. The same file, pragmas and
    /// statements as the writer's.
    ///
    /// # Errors
    /// [`OpenError`] if the database can't be opened.
    pub fn naive(data_dir: &Path) -> Result<Self, OpenError> {
        let db = connection::open_writer(&data_dir.join(DATABASE_FILE))?;
        Ok(Yardstick(Kind::Naive(Arc::new(Mutex::new(db)))))
    }

    /// Stores one delivery. Blocks, as the naive way does.
    ///
    /// # Errors
    /// [`WriteError`] if it could not be stored.
    pub fn deliver(&self, delivery: &Delivery) -> Result<Stored, WriteError> {
        match &self.0 {
            Kind::Nothing => Ok(Stored {
                delivery: None,
                verdict: match &delivery.parsed {
                    Ok(event) if event.recognized() => Verdict::Accepted,
                    Ok(_) => Verdict::Unrecognized,
                    Err(_) => Verdict::Malformed,
                },
            }),
            Kind::Naive(db) => {
                let mut db = db.lock().unwrap_or_else(PoisonError::into_inner);
                commit_one(&mut db, delivery).map_err(|error| WriteError::Sqlite(error.to_string()))
            }
        }
    }
}

impl fmt::Debug for Yardstick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Kind::Nothing => "Yardstick(nothing)",
            Kind::Naive(_) => "Yardstick(naive)",
        })
    }
}

fn commit_one(db: &mut Connection, delivery: &Delivery) -> rusqlite::Result<Stored> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut deltas = Deltas::default();
    let change = append(&tx, delivery, &mut deltas)?;
    deltas.write(&tx)?;
    tx.commit()?;
    Ok(Stored {
        verdict: change.verdict,
        delivery: change.delivery,
    })
}
