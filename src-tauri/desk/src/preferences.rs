//! What the program remembers of this workstation: choices about this workstation's desktop, not about eSIMs. A small
//! file beside the database, because it is needed before the store is open and when it can't be.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use esim_watch_core::catalogue::{self, Clock};
use esim_watch_core::held;
use esim_watch_core::message::Message;
use serde::{Deserialize, Serialize};

use crate::upgrade::UpgradeChoices;

/// The file's name in the data directory.
const FILE: &str = "desktop.json";

mirrored! {
    /// A language that there is a catalogue of.
    #[derive(Default)]
    Language of catalogue::Language {
        /// English.
        #[default]
        En,
        /// Spanish.
        Es,
        /// French.
        Fr,
        /// German.
        De,
        /// Italian.
        It,
        /// Portuguese.
        Pt,
    }
}

mirrored! {
    /// How the time of day is written.
    #[derive(Default)]
    Hours of catalogue::Hours {
        /// As the system's language has it.
        #[default]
        Usual,
        /// 1:00 PM.
        Twelve,
        /// 13:00.
        TwentyFour,
    }
}

/// The choices, each with its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Choices {
    /// Whether closing the window leaves the program running in the tray.
    pub close_to_tray: bool,
    /// Whether the person was told that it does.
    pub told_of_tray: bool,
    /// How the window looks.
    pub look: Look,
    /// Whether newer versions are looked for, and which was found.
    #[serde(deserialize_with = "lenient")]
    pub upgrades: UpgradeChoices,
}

/// How the window looks. A word that this version does not know is the default of its kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(default, rename_all = "camelCase")]
pub struct Look {
    /// Light or dark.
    #[serde(deserialize_with = "lenient")]
    #[specta(type = Theme)]
    pub theme: Theme,
    /// How close rows stand.
    #[serde(deserialize_with = "lenient")]
    #[specta(type = Density)]
    pub density: Density,
    /// How the time of day is written.
    #[serde(deserialize_with = "lenient")]
    #[specta(type = Hours)]
    pub hours: Hours,
    /// The language of every text; null: the system's, or English where there is no catalogue of it.
    #[serde(deserialize_with = "lenient")]
    #[specta(type = Option<Language>)]
    pub language: Option<Language>,
    /// Columns of the list of eSIMs, by the names that the window has for them; empty: the usual ones.
    #[serde(deserialize_with = "lenient")]
    #[specta(type = Vec<String>)]
    pub columns: Vec<String>,
}

impl Look {
    /// The language that is spoken.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language.unwrap_or_else(system_language)
    }

    /// How the time of day is told: by the customs of the system where it speaks the language, else by those of
    /// the language itself. The window does the same.
    #[must_use]
    pub fn clock(&self) -> Clock {
        let language = catalogue::Language::from(self.language());
        let spoken = sys_locale::get_locales();
        let mut spoken = spoken.filter(|tag| catalogue::Language::of(tag) == Some(language));
        let spoken = spoken.next();
        Clock::of(
            spoken.as_deref().unwrap_or(language.code()),
            self.hours.into(),
        )
    }
}

/// The first language of this system that there is a catalogue of.
pub(crate) fn system_language() -> Language {
    let tags = sys_locale::get_locales();
    tags.filter_map(|tag| catalogue::Language::of(&tag))
        .next()
        .unwrap_or_default()
        .into()
}

/// What is told, in the system's language, to somebody whose system can't draw the window.
#[must_use]
pub fn no_web_view() -> String {
    in_the_systems_language(&Message::of("start.noWebView"))
}

/// What is told, in the system's language, when the program can't start for this reason, in words of the system.
#[must_use]
pub fn could_not_start(reason: &str) -> String {
    in_the_systems_language(&Message::of("start.failed").with("reason", Message::quoted(reason)))
}

fn in_the_systems_language(message: &Message) -> String {
    catalogue::Catalogue::of(system_language().into()).text(message)
}

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// How close rows stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum Density {
    /// With some room.
    #[default]
    Comfortable,
    /// As many as fit.
    Compact,
}

/// What can't be understood is the default: one word of another version must not cost all other choices.
fn lenient<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + serde::de::DeserializeOwned,
{
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

impl Default for Choices {
    fn default() -> Self {
        Choices {
            close_to_tray: true,
            told_of_tray: false,
            look: Look::default(),
            upgrades: UpgradeChoices::default(),
        }
    }
}

/// The choices, in memory and in their file.
#[derive(Debug)]
pub struct Preferences {
    file: Option<PathBuf>,
    choices: Mutex<Choices>,
}

impl Preferences {
    /// Reads the file of a data directory. Without one, or if it can't be read, the defaults count.
    #[must_use]
    pub fn load(data_dir: Option<&Path>) -> Preferences {
        let file = data_dir.map(|folder| folder.join(FILE));
        let choices = match file.as_deref().map(read) {
            Some(Ok(choices)) => choices,
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, "the desktop's choices can't be read: the defaults count");
                Choices::default()
            }
            Some(Err(_)) | None => Choices::default(),
        };
        Preferences {
            file,
            choices: Mutex::new(choices),
        }
    }

    /// The choices as they are.
    #[must_use]
    pub fn get(&self) -> Choices {
        self.choices
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Changes choices, and keeps them.
    ///
    /// # Errors
    /// If the file can't be written; the change counts until the program ends.
    pub fn change(&self, change: impl FnOnce(&mut Choices)) -> io::Result<()> {
        let mut choices = self.choices.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut choices);
        match &self.file {
            Some(file) => write(file, &choices),
            None => Ok(()),
        }
    }
}

fn read(file: &Path) -> io::Result<Choices> {
    Ok(serde_json::from_slice(&std::fs::read(file)?)?)
}

/// Beside the file first, so that a power cut leaves the old one or the new one.
fn write(file: &Path, choices: &Choices) -> io::Result<()> {
    let new = file.with_extension("json.new");
    std::fs::write(&new, serde_json::to_vec_pretty(choices)?)?;
    held::rename(&new, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_is_there_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let preferences = Preferences::load(Some(folder.path()));
        assert_eq!(preferences.get(), Choices::default());
        preferences
            .change(|choices| choices.close_to_tray = false)
            .unwrap();
        let again = Preferences::load(Some(folder.path())).get();
        assert!(!again.close_to_tray && !again.told_of_tray);
    }

    #[test]
    fn a_file_that_makes_no_sense_leaves_the_defaults_and_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "{").unwrap();
        let preferences = Preferences::load(Some(folder.path()));
        assert_eq!(preferences.get(), Choices::default());
        preferences
            .change(|choices| choices.told_of_tray = true)
            .unwrap();
        let again = Preferences::load(Some(folder.path())).get();
        assert!(again.close_to_tray && again.told_of_tray);
    }

    #[test]
    fn a_choice_of_a_later_version_is_no_mistake() {
        let later = r#"{"toldOfTray":true,"somethingNew":1,"look":{"theme":"sepia","density":"compact","columns":7}}"#;
        let choices: Choices = serde_json::from_str(later).unwrap();
        assert!(choices.close_to_tray && choices.told_of_tray);
        let look = Look {
            density: Density::Compact,
            ..Look::default()
        };
        assert_eq!(choices.look, look);
    }
}
