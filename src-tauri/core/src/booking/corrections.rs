//! What somebody said of the columns of a list, kept for the next list with the same headings.

use serde::{Deserialize, Serialize};

use super::column::Column;

/// How many lists' columns are remembered.
const KEPT: usize = 50;

/// What is remembered, the latest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrections(Vec<Correction>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Correction {
    headings: Vec<String>,
    columns: Vec<Column>,
}

/// Headings as they are compared: what a spreadsheet program changes by itself does not count.
fn alike(headings: &[String]) -> Vec<String> {
    let headings = headings.iter().map(|heading| heading.trim().to_lowercase());
    headings.collect()
}

impl Corrections {
    /// What was said of the columns of a list with these headings.
    #[must_use]
    pub fn of(&self, headings: &[String]) -> Option<Vec<Column>> {
        let headings = alike(headings);
        // Lists without headings say nothing of each other.
        if headings.iter().all(String::is_empty) {
            return None;
        }
        let found = self.0.iter().find(|one| one.headings == headings);
        found.map(|one| one.columns.clone())
    }

    /// As it is kept.
    ///
    /// # Errors
    /// None that headings and columns could bring about.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// What was kept; nothing, if it can't be read any more.
    #[must_use]
    pub fn from_text(text: &str) -> Corrections {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// Remembers what is said of the columns of a list with these headings.
    pub fn remember(&mut self, headings: &[String], columns: &[Column]) {
        let headings = alike(headings);
        if headings.iter().all(String::is_empty) {
            return;
        }
        self.0.retain(|one| one.headings != headings);
        self.0.insert(
            0,
            Correction {
                headings,
                columns: columns.to_vec(),
            },
        );
        self.0.truncate(KEPT);
    }
}
