//! Copies of the database: made while deliveries are stored, looked at, and put back.
//!
//! A copy is made within one read transaction. So it is one state of the store however long it
//! takes, the writer never waits for it, and what is written meanwhile does not make it start over
//! (sqlite.org/backup.html). It is looked through for damage before it gets its name: a backup that is
//! listed was good when it was made.
//!
//! Nothing is deleted but backups beyond the last [`KEPT_BACKUPS`], unless they hold more events than the store
//! does, and what is left of a copy that failed.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::backup::StepResult;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::clock::utc_date;
use crate::held;
use crate::io_reason::IoReason;
use crate::message::{Message, ToMessage};
use crate::private;
use crate::store::Reader;
use crate::store::Readers;
use crate::store::file::aside::move_aside;
use crate::store::file::connection::DATABASE_FILE;
use crate::store::file::error::{Damage, OpenError, SqliteReason, is_damage};
use crate::store::file::folder::lock;
use crate::store::file::schema;
use crate::store::tables::settings;
use crate::{display_in_english, hand_on};

/// Where they are, in the data directory.
pub(in crate::store) const BACKUPS_FOLDER: &str = "backups";

/// How many are kept.
const KEPT_BACKUPS: usize = 7;

/// Pages of 4 kB that are copied at once.
const STEP_PAGES: i32 = 128;

/// Steps after which the disk is made to write. All of it at the end would hold up the writer's syncs.
const STEPS_PER_SYNC: u32 = 8;

/// One backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// The file.
    pub path: PathBuf,
    /// The UTC date in its name.
    pub date: String,
    /// When it was made, UTC milliseconds.
    pub at_ms: i64,
    /// Its size.
    pub bytes: u64,
}

/// What is in a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contents {
    /// Number of events.
    pub events: i64,
    /// Number of eSIMs.
    pub esims: i64,
}

/// What [`restore`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What the database holds now.
    pub contents: Contents,
    /// Where the database that was there before is now.
    pub aside: Option<PathBuf>,
    /// Whether it told where the signing secrets are kept; then the new one says the same.
    pub secrets_from_before: bool,
}

/// Why a backup can't be made, read or put back. Every text is for the user and says what to do.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file or folder can't be used.
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        reason: IoReason,
    },
    /// The file was never a database of ours.
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// The file is damaged.
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        damage: Damage,
    },
    /// The database can't be opened, or was written by a newer version.
    Open(OpenError),
    /// Anything else that SQLite reports.
    Sqlite(#[from] rusqlite::Error),
    /// Whoever asked for it wants it no more.
    Stopped,
}

hand_on!(BackupError: Open(OpenError));
display_in_english!(BackupError);

impl ToMessage for BackupError {
    fn to_message(&self) -> Message {
        match self {
            BackupError::File { path, reason } => Message::of("error.backup.file")
                .with("path", path.as_path())
                .with("reason", reason.to_message()),
            BackupError::NotOurs { path } => {
                Message::of("error.backup.foreign").with("path", path.as_path())
            }
            BackupError::Damaged { path, damage } => Message::of("error.backup.damaged")
                .with("path", path.as_path())
                .with("reason", damage.to_message()),
            BackupError::Open(error) => error.to_message(),
            BackupError::Sqlite(error) => Message::of("error.backup.notCopied")
                .with("reason", SqliteReason::from(error).to_message()),
            BackupError::Stopped => Message::of("error.backup.stopped"),
        }
    }
}

impl Readers {
    /// Makes the backup of this time's day (UTC milliseconds) and lets go of the oldest ones. `pace`
    /// is called after each small step; it may take its time, and ends it all with `false`. Blocks.
    ///
    /// # Errors
    /// [`BackupError`]; then there is no new backup, and no old one less.
    pub fn back_up(
        &self,
        now_ms: i64,
        pace: &mut dyn FnMut() -> bool,
    ) -> Result<Backup, BackupError> {
        let _alone = self
            .backing_up
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let folder = self.path.with_file_name(BACKUPS_FOLDER);
        private::create_folder(&folder).map_err(|error| file_error(&folder, &error))?;
        let date = utc_date(now_ms);
        let path = folder.join(format!("esim-watch-{date}.db"));
        let part = folder.join("esim-watch.part");
        let copied = self
            .read(|store| {
                // Only a question begins the transaction that holds the state.
                store.counts()?;
                Ok(copy(store.db, &part, pace))
            })
            .map_err(BackupError::from)
            .and_then(|copied| copied)
            .and_then(|()| verify(&part))
            .and_then(|contents| {
                put_in_place(&part, &path, now_ms).map_err(|error| file_error(&path, &error))?;
                Ok(contents)
            });
        let contents = match copied {
            Ok(contents) => contents,
            Err(error) => {
                // What is left of it is of no use; that it failed is what counts.
                let _ = fs::remove_file(&part);
                return Err(error);
            }
        };
        let made = listed(&path, date.clone()).map_err(|error| file_error(&path, &error))?;
        let mut all = list(&folder).map_err(|error| file_error(&folder, &error))?;
        // Those of days to come were made while the clock was wrong: they go first.
        all.sort_by(|a, b| (b.date <= date, &b.date).cmp(&(a.date <= date, &a.date)));
        for old in all.iter().skip(KEPT_BACKUPS) {
            if may_be_missed(&old.path, contents) {
                continue;
            }
            held::remove_file(&old.path).map_err(|error| file_error(&old.path, &error))?;
        }
        Ok(made)
    }
}

/// The backups in a data directory, newest first. One that was never made has none.
///
/// # Errors
/// [`BackupError`] if their folder can't be read.
pub fn backups(data_dir: &Path) -> Result<Vec<Backup>, BackupError> {
    let folder = data_dir.join(BACKUPS_FOLDER);
    match list(&folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        other => other.map_err(|error| file_error(&folder, &error)),
    }
}

/// Whether a backup holds more than the store does: it was made before something was lost. One that can't be looked
/// at now, or that a newer version wrote, may.
fn may_be_missed(old: &Path, contents: Contents) -> bool {
    match inspect(old) {
        Ok(old) => old.events > contents.events,
        Err(BackupError::Damaged { .. } | BackupError::NotOurs { .. }) => false,
        Err(_) => true,
    }
}

/// What is in a backup or another database of ours, whichever version wrote it. Quick: it is not looked through for
/// damage.
///
/// # Errors
/// [`BackupError`] if it is none, or can't be read.
pub fn inspect(path: &Path) -> Result<Contents, BackupError> {
    contents(&open(path)?).map_err(|error| damaged_or_other(path, error))
}

/// Puts a copy of `from` in the database's place, once it has been found good and brought up to date, and moves the
/// database that is there aside. Nothing is changed unless all is well. `now_ms` names what is moved aside.
///
/// # Errors
/// [`BackupError`], among them that a program uses the folder.
pub fn restore(data_dir: &Path, from: &Path, now_ms: i64) -> Result<Restored, BackupError> {
    let _lock = lock(data_dir)?;
    let source = open(from)?;
    let fresh = data_dir.join("esim-watch.restoring");
    let restored = copy(&source, &fresh, &mut || true)
        .and_then(|()| verify(&fresh))
        .and_then(|contents| {
            bring_up_to_date(&fresh)?;
            Ok(contents)
        })
        .map_err(|error| match error {
            // The copy is as bad as what it was made of; the user knows only that one.
            BackupError::Damaged { damage, .. } => BackupError::Damaged {
                path: from.to_owned(),
                damage,
            },
            BackupError::Sqlite(error) => damaged_or_other(from, error),
            other => other,
        })
        .and_then(|contents| {
            drop(source);
            let database = data_dir.join(DATABASE_FILE);
            let unusable = |error: io::Error| file_error(&database, &error);
            let secrets_from_before = keep_secret_places(&database, &fresh)?;
            let aside = move_aside(&database, "before-restore", now_ms).map_err(unusable)?;
            held::rename(&fresh, &database).map_err(unusable)?;
            sync_folder(data_dir).map_err(unusable)?;
            Ok(Restored {
                contents,
                aside,
                secrets_from_before,
            })
        });
    if restored.is_err() {
        // Only a copy; that it failed is what counts.
        let _ = fs::remove_file(&fresh);
    }
    restored
}

/// Lets the copy say where the signing secrets are as far as the database in use knows: a backup may be older than the
/// secret, and must not switch the check off.
fn keep_secret_places(database: &Path, fresh: &Path) -> Result<bool, BackupError> {
    // A damaged or missing one says nothing; then the program looks for the secrets.
    let Ok(places) = open(database).and_then(|db| Ok(settings::secret_places(&db)?)) else {
        return Ok(false);
    };
    if places.is_empty() {
        return Ok(false);
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut copy = Connection::open_with_flags(fresh, flags)?;
    let tx = copy.transaction()?;
    settings::overwrite(&tx, &places)?;
    tx.commit()?;
    copy.close().map_err(|(_, error)| error)?;
    // Windows syncs only what may be written.
    let synced = File::options()
        .write(true)
        .open(fresh)
        .and_then(|file| file.sync_all());
    synced.map_err(|error| file_error(fresh, &error))?;
    Ok(true)
}

/// Copies a database into a file of its own that only its owner can read, on the disk when it returns.
fn copy(
    from: &Connection,
    target: &Path,
    pace: &mut dyn FnMut() -> bool,
) -> Result<(), BackupError> {
    let unusable = |error: io::Error| file_error(target, &error);
    let file = private::create_file(target).map_err(unusable)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut to = Connection::open_with_flags(target, flags)?;
    // A copy that fails is thrown away as a whole: it needs no journal, and is synced below.
    to.pragma_update(None, "journal_mode", "off")?;
    to.pragma_update(None, "synchronous", "off")?;
    {
        let backup = rusqlite::backup::Backup::new(from, &mut to)?;
        let mut steps = 0_u32;
        while backup.step(STEP_PAGES)? != StepResult::Done {
            steps += 1;
            if steps.is_multiple_of(STEPS_PER_SYNC) {
                file.sync_data().map_err(unusable)?;
            }
            if !pace() {
                return Err(BackupError::Stopped);
            }
        }
    }
    // The copy says that it has a write-ahead log, like the original. It has none, and is one file.
    to.pragma_update(None, "journal_mode", "delete")?;
    to.close().map_err(|(_, error)| error)?;
    file.sync_all().map_err(unusable)
}

fn verify(path: &Path) -> Result<Contents, BackupError> {
    let db = open(path)?;
    let damage = Reader { db: &db }
        .damage()
        .map_err(|error| damaged_or_other(path, error))?;
    match damage.into_iter().next() {
        Some(damage) => Err(BackupError::Damaged {
            path: path.to_owned(),
            damage,
        }),
        None => contents(&db).map_err(|error| damaged_or_other(path, error)),
    }
}

/// Migrates the copy of an older version's database, so that what only reads can be used right away.
fn bring_up_to_date(path: &Path) -> Result<(), BackupError> {
    let mut db = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    schema::migrate(&mut db)?;
    db.close().map_err(|(_, error)| error.into())
}

/// Opens a database of ours, of any version up to this one, that is not the one in use.
fn open(path: &Path) -> Result<Connection, BackupError> {
    private::ordinary(path)
        .and_then(|()| File::open(path))
        .map_err(|error| file_error(path, &error))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    let ours = |db: &Connection| {
        let id: i32 = db.query_row("PRAGMA application_id", [], |row| row.get(0))?;
        Ok((id == schema::APPLICATION_ID, schema::version(db)?))
    };
    match ours(&db) {
        Ok((true, found)) if found > schema::current_version() => Err(OpenError::Newer {
            found,
            known: schema::current_version(),
        }
        .into()),
        Ok((true, _)) => Ok(db),
        Ok((false, _)) => Err(BackupError::NotOurs {
            path: path.to_owned(),
        }),
        Err(error) => Err(damaged_or_other(path, error)),
    }
}

fn contents(db: &Connection) -> rusqlite::Result<Contents> {
    // Rows of tables that every version has; each version keeps its totals in its own way.
    let count = |sql: &str| db.query_row(sql, [], |row| row.get(0));
    Ok(Contents {
        events: count("SELECT count(*) FROM events")?,
        esims: count("SELECT count(*) FROM esims")?,
    })
}

fn put_in_place(part: &Path, path: &Path, now_ms: i64) -> io::Result<()> {
    let file = OpenOptions::new().write(true).open(part)?;
    let since = Duration::from_millis(u64::try_from(now_ms).unwrap_or(0));
    file.set_modified(UNIX_EPOCH + since)?;
    file.sync_all()?;
    drop(file);
    held::rename(part, path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

fn list(folder: &Path) -> io::Result<Vec<Backup>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let date = name
            .to_str()
            .and_then(|name| name.strip_prefix("esim-watch-")?.strip_suffix(".db"))
            .filter(|date| is_date(date));
        if let Some(date) = date {
            found.push(listed(&entry.path(), date.to_owned())?);
        }
    }
    found.sort_by(|a, b| b.date.cmp(&a.date));
    Ok(found)
}

fn listed(path: &Path, date: String) -> io::Result<Backup> {
    let meta = fs::metadata(path)?;
    let since = meta.modified().map(since_epoch)?;
    Ok(Backup {
        path: path.to_owned(),
        date,
        at_ms: since,
        bytes: meta.len(),
    })
}

fn since_epoch(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(n, byte)| match n {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// Makes a rename last through a power cut. Only Unix can open a folder; elsewhere renames are
/// journalled by the file system.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(path)?.sync_all()?;
    }
    Ok(())
}

fn file_error(path: &Path, error: &io::Error) -> BackupError {
    BackupError::File {
        path: path.to_owned(),
        reason: IoReason::from(error),
    }
}

fn damaged_or_other(path: &Path, error: rusqlite::Error) -> BackupError {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => BackupError::NotOurs {
            path: path.to_owned(),
        },
        _ if is_damage(&error) => BackupError::Damaged {
            path: path.to_owned(),
            damage: Damage::from(&error),
        },
        _ => BackupError::Sqlite(error),
    }
}

#[cfg(test)]
mod tests;
