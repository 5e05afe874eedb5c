//! The one place that opens the database, with every pragma and its reason.
//!
//! Also tells what is wrong with one that can't be opened: it is another program's, a newer
//! version's, or damaged. What happens to a damaged one is decided in [`crate::store::file::damaged`].

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::io_reason::IoReason;
use crate::private;
use crate::store::file::checkpoint::LARGEST_LOG_BYTES;
use crate::store::file::error::{Damage, OpenError, explain, is_damage};
use crate::store::file::{schema, suspect};

/// Name of the database in the data directory.
pub const DATABASE_FILE: &str = "esim-watch.db";

/// How long a lock of another program is waited for. A provider allows a webhook 2 s in its strictest
/// documentation; an answer of 503 must still be in time to be sent again.
const BUSY_TIMEOUT: Duration = Duration::from_millis(1500);

/// Memory for pages of the writing connection, in KiB. With twice as much nothing that is measured gets quicker, and the program
/// takes three MiB more when 256 senders come at once.
const CACHE_KIB: i64 = 2 * 1024;

/// A database up to this size (bytes) is checked page by page at every start, which takes a tenth of
/// a second. Of a larger one only the ends of each table and index are looked at.
const CHECKED_ENTIRELY_BYTES: i64 = 8 * 1024 * 1024;

/// The path of a file that belongs to the database: `suffix` is `-wal` or `-shm`.
pub(in crate::store) fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut path = OsString::from(database);
    path.push(suffix);
    path.into()
}

/// Opens the database for the writer, creating and migrating it where needed.
pub(in crate::store) fn open_writer(path: &Path) -> Result<Connection, OpenError> {
    ordinary(path)?;
    let explained = |error| explain(path, error);
    // SQLite would make it as open as the system's usual, and its log like it. What keeps it from being made is SQLite's
    // to say.
    let _ = private::open_file(path);
    let mut db = Connection::open(path).map_err(explained)?;
    prepare(&mut db, path)?;
    Ok(db)
}

/// SQLite would wait for ever for what a pipe says, and read a device to its end.
fn ordinary(path: &Path) -> Result<(), OpenError> {
    for file in ["", "-wal", "-shm", "-journal"].map(|suffix| beside(path, suffix)) {
        private::ordinary(&file).map_err(|error| OpenError::NoFile {
            path: file,
            reason: IoReason::from(&error),
        })?;
    }
    Ok(())
}

fn prepare(db: &mut Connection, path: &Path) -> Result<(), OpenError> {
    let explained = |error| explain(path, error);
    db.busy_timeout(BUSY_TIMEOUT).map_err(explained)?;
    // Until the file is known to be sound and ours, closing it must leave it as it was found.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
        .map_err(explained)?;
    ours(db, path)?;
    writable(db, path)?;
    let suspect = suspect::is_suspect(path);
    if let Some(damage) = fault(db, suspect).map_err(explained)? {
        let path = path.to_owned();
        return Err(OpenError::Damaged { path, damage });
    }
    if suspect {
        suspect::cleared(path);
    }
    // Of a new database. Nearly every page that an event touches lies somewhere else, so a smaller one is less to write;
    // a file system's block holds two.
    db.pragma_update(None, "page_size", 2048)
        .map_err(explained)?;
    // Readers never block the writer, nor it them (sqlite.org/wal.html).
    db.pragma_update(None, "journal_mode", "wal")
        .map_err(explained)?;
    // In WAL mode only FULL syncs at every commit; NORMAL may lose the last commits in a power cut.
    db.pragma_update(None, "synchronous", "full")
        .map_err(explained)?;
    // macOS leaves what was synced in the drive's cache unless asked for more; elsewhere it has no effect.
    db.pragma_update(None, "fullfsync", "on")
        .map_err(explained)?;
    // Before that, the log is copied beside the writer.
    let page: i64 = db
        .query_row("PRAGMA page_size", [], |row| row.get(0))
        .map_err(explained)?;
    db.pragma_update(
        None,
        "wal_autocheckpoint",
        LARGEST_LOG_BYTES / page.max(512),
    )
    .map_err(explained)?;
    // In KiB when negative: the pages of a large store that events keep touching.
    db.pragma_update(None, "cache_size", -CACHE_KIB)
        .map_err(explained)?;
    // Statements of one append, all of them kept prepared.
    db.set_prepared_statement_cache_capacity(64);
    schema::migrate(db).map_err(explained)?;
    if let Some(table) = schema::missing(db).map_err(explained)? {
        let (path, damage) = (path.to_owned(), Damage::Missing(table));
        return Err(OpenError::Damaged { path, damage });
    }
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)
        .map_err(explained)?;
    Ok(())
}

/// Refuses what another program or a newer version wrote.
fn ours(db: &Connection, path: &Path) -> Result<(), OpenError> {
    let explained = |error| explain(path, error);
    let found = schema::version(db).map_err(explained)?;
    let id: i32 = db
        .query_row("PRAGMA application_id", [], |row| row.get(0))
        .map_err(explained)?;
    let path = path.to_owned();
    let known = schema::current_version();
    match (id, found) {
        (schema::APPLICATION_ID, 1..) if found > known => {
            return Err(OpenError::Newer { found, known });
        }
        (schema::APPLICATION_ID, 1..) | (0, 0) => {}
        (schema::APPLICATION_ID, _) => {
            let damage = Damage::Format(found);
            return Err(OpenError::Damaged { path, damage });
        }
        _ => return Err(OpenError::Foreign { path }),
    }
    let count = "SELECT count(*) FROM sqlite_schema";
    match db.query_row(count, [], |row| row.get::<_, i64>(0)) {
        Ok(tables) if id == 0 && tables > 0 => Err(OpenError::Foreign { path }),
        Ok(_) => Ok(()),
        // Not among the errors for damage: a schema that SQLite does not understand.
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::Unknown) => {
            let damage = Damage::from(&error);
            Err(OpenError::Damaged { path, damage })
        }
        Err(error) => Err(explained(error)),
    }
}

/// SQLite opens what it can't write for reading only, without a word.
fn writable(db: &Connection, path: &Path) -> Result<(), OpenError> {
    if !db
        .is_readonly("main")
        .map_err(|error| explain(path, error))?
    {
        return Ok(());
    }
    Err(match std::fs::File::options().write(true).open(path) {
        Ok(_) => OpenError::Damaged {
            path: path.to_owned(),
            damage: Damage::Header,
        },
        Err(error) => OpenError::Folder {
            path: path.parent().unwrap_or(path).to_owned(),
            reason: IoReason::from(&error).into(),
        },
    })
}

/// What is wrong with the file, as far as a look tells that is short beside a start: a small or
/// suspect database is checked entirely, of a larger one both ends of each table and index are read.
fn fault(db: &Connection, suspect: bool) -> rusqlite::Result<Option<Damage>> {
    let number = |pragma: &str| db.query_row(pragma, [], |row| row.get::<_, i64>(0));
    let size = number("PRAGMA page_count")?.saturating_mul(number("PRAGMA page_size")?);
    let check = match (suspect, size) {
        (true, _) => "PRAGMA integrity_check(1)",
        (false, ..=CHECKED_ENTIRELY_BYTES) => "PRAGMA quick_check(1)",
        (false, _) => {
            return match read_ends(db) {
                Err(error) if is_damage(&error) => Err(error),
                // A look that could not be taken says nothing about the file.
                Err(error) => {
                    tracing::warn!(%error, "the database could not be looked at");
                    Ok(None)
                }
                Ok(()) => Ok(None),
            };
        }
    };
    let said: String = db.query_row(check, [], |row| row.get(0))?;
    Ok((said != "ok").then_some(Damage::Sqlite(said)))
}

/// Reads the first and the last entry of every table and every index.
fn read_ends(db: &Connection) -> rusqlite::Result<()> {
    let names = |sql: &str| -> rusqlite::Result<Vec<(String, String)>> {
        db.prepare(sql)?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect()
    };
    let tables = names("SELECT name, name FROM sqlite_schema WHERE type = 'table'")?;
    // The index of a primary key or of UNIQUE has no text of its own; a partial one can't be read whole.
    let indexes = names(
        "SELECT s.tbl_name || '\" INDEXED BY \"' || s.name, i.name
         FROM sqlite_schema s, pragma_index_list(s.tbl_name) l, pragma_index_info(s.name) i
         WHERE s.type = 'index' AND l.name = s.name AND l.partial = 0 AND l.origin <> 'pk' AND i.seqno = 0
             AND i.name IS NOT NULL",
    )?;
    let by_rowid = |table: &str| -> rusqlite::Result<bool> {
        db.query_row(
            "SELECT wr = 0 FROM pragma_table_list WHERE name = ?1 AND schema = 'main'",
            [table],
            |row| row.get(0),
        )
    };
    for (table, _) in &tables {
        let order = if by_rowid(table)? { "rowid" } else { "1" };
        read_end(db, &format!("SELECT * FROM \"{table}\""), order)?;
    }
    for (source, column) in &indexes {
        let sql = format!("SELECT \"{column}\" FROM \"{source}\"");
        read_end(db, &sql, &format!("\"{column}\""))?;
    }
    Ok(())
}

fn read_end(db: &Connection, sql: &str, order: &str) -> rusqlite::Result<()> {
    for direction in ["ASC", "DESC"] {
        let sql = format!("{sql} ORDER BY {order} {direction} LIMIT 1");
        let mut statement = db.prepare(&sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                row.get_ref(column)?;
            }
        }
    }
    Ok(())
}

/// Opens the database for reading only. It must exist and have this version's schema.
pub(in crate::store) fn open_reader(path: &Path) -> Result<Connection, OpenError> {
    if !path.exists() {
        let path = path.parent().unwrap_or(path).to_owned();
        return Err(OpenError::Missing { path });
    }
    ordinary(path)?;
    let explained = |error| explain(path, error);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags).map_err(explained)?;
    db.busy_timeout(BUSY_TIMEOUT).map_err(explained)?;
    ours(&db, path)?;
    let found = schema::version(&db).map_err(explained)?;
    let known = schema::current_version();
    let path = path.parent().unwrap_or(path).to_owned();
    match found {
        0 => Err(OpenError::Missing { path }),
        found if found < known => Err(OpenError::Older { path, found, known }),
        _ => Ok(db),
    }
}
