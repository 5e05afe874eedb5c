//! What the desk has set: names and texts. Never a secret.

use std::borrow::Cow;

use rusqlite::{Connection, OptionalExtension, params};

use crate::store::Reader;

/// Where the first provider's secrets are, and what the others' settings begin with.
const SECRET_PLACE: &str = "secret.place";

/// The settings that exist. A name is stored, so it never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// The unguessable last part of the webhook's path.
    Token,
    /// The listener's port.
    Port,
    /// The tunnel's public address, as the user typed it.
    PublicUrl,
    /// The rules for alerts, as JSON.
    Alerts,
    /// Where the signing secrets of a provider are ([`crate::secret::Place`]); `None`: the first one. Not the secrets.
    SecretPlace(Option<&'static str>),
    /// After how many days raw bodies are dropped; see [`crate::store::Ages`].
    BodiesDays,
    /// After how many days usage events are folded; see [`crate::store::Ages`].
    UsageDays,
    /// What somebody has seen last, as JSON; see [`crate::store::SinceSeen`].
    LastSeen,
    /// What was said of the columns of booking lists, as JSON; see [`crate::booking::Corrections`].
    BookingColumns,
    /// For how long nothing has been heard, as JSON.
    Silence,
    /// When the program listened, as JSON; see [`crate::store::Absence`].
    Listening,
    /// Where the API token is ([`crate::secret::Place`]). Not the token.
    ApiTokenPlace,
    /// How many requests a second the API is asked for at most.
    ApiRate,
    /// How far the last catch-up came, as JSON.
    CatchUp,
    /// What it has done so far, as JSON; see [`crate::store::CatchUpSoFar`].
    CatchUpSoFar,
    /// What the last catch-up did, as JSON.
    LastCatchUp,
}

impl Setting {
    fn name(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Setting::Token => "listener.token",
            Setting::Port => "listener.port",
            Setting::PublicUrl => "tunnel.public_url",
            Setting::Alerts => "alerts",
            Setting::SecretPlace(None) => SECRET_PLACE,
            Setting::SecretPlace(Some(provider)) => {
                return Cow::Owned(format!("{SECRET_PLACE}.{provider}"));
            }
            Setting::BodiesDays => "retention.bodies_days",
            Setting::UsageDays => "retention.usage_days",
            Setting::LastSeen => "window.last_look",
            Setting::BookingColumns => "booking.columns",
            Setting::Silence => "silence",
            Setting::Listening => "listening",
            Setting::ApiTokenPlace => "secret.place/api-token",
            Setting::ApiRate => "catch_up.rate",
            Setting::CatchUp => "catch_up",
            Setting::CatchUpSoFar => "catch_up.so_far",
            Setting::LastCatchUp => "catch_up.last",
        })
    }
}

impl Reader<'_> {
    /// A setting.
    pub fn setting(&self, setting: Setting) -> rusqlite::Result<Option<String>> {
        get(self.db, setting)
    }
}

pub(in crate::store) fn get(db: &Connection, setting: Setting) -> rusqlite::Result<Option<String>> {
    db.query_row(
        "SELECT value FROM settings WHERE name = ?1",
        [setting.name()],
        |row| row.get(0),
    )
    .optional()
}

pub(in crate::store) fn set(
    tx: &Connection,
    setting: Setting,
    value: Option<&str>,
) -> rusqlite::Result<()> {
    match value {
        Some(value) => tx.execute(
            "INSERT INTO settings (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            params![setting.name(), value],
        )?,
        None => tx.execute("DELETE FROM settings WHERE name = ?1", [setting.name()])?,
    };
    Ok(())
}

/// Under which name it is tried whether anything can be written.
const TRIAL: &str = "trial";

/// What some deliveries take.
const TRIAL_BYTES: usize = 64 * 1024;

/// Writes as much as some deliveries take.
pub(in crate::store) fn put_trial(tx: &Connection) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        params![TRIAL, " ".repeat(TRIAL_BYTES)],
    )?;
    Ok(())
}

/// Takes it out again.
pub(in crate::store) fn remove_trial(tx: &Connection) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM settings WHERE name = ?1", [TRIAL])?;
    Ok(())
}

/// Every setting by its stored name, also those that this version does not know.
pub(in crate::store) fn all(db: &Connection) -> rusqlite::Result<Vec<(String, String)>> {
    db.prepare("SELECT name, value FROM settings WHERE name <> ?1 ORDER BY name")?
        .query_map([TRIAL], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// Where every provider's secrets are, by the stored names of the settings.
pub(in crate::store) fn secret_places(db: &Connection) -> rusqlite::Result<Vec<(String, String)>> {
    let mut settings = all(db)?;
    settings.retain(|(name, _)| name.starts_with(SECRET_PLACE));
    Ok(settings)
}

/// Sets settings by their stored names.
pub(in crate::store) fn overwrite(
    tx: &Connection,
    settings: &[(String, String)],
) -> rusqlite::Result<()> {
    for (name, value) in settings {
        tx.execute(
            "INSERT INTO settings (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            params![name, value],
        )?;
    }
    Ok(())
}

/// Takes settings over from another database; what is set here already stays.
pub(in crate::store) fn put_all(
    tx: &Connection,
    settings: &[(String, String)],
) -> rusqlite::Result<()> {
    for (name, value) in settings {
        tx.execute(
            "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING",
            params![name, value],
        )?;
    }
    Ok(())
}
