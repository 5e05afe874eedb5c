//! What somebody said of the columns of a list, kept for the next list with the same headings.

use std::collections::{HashMap, VecDeque};

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

impl Correction {
    /// Whether it is of these headings, in whatever order.
    fn names(&self, headings: &[String]) -> bool {
        let sorted = |headings: &[String]| {
            let mut sorted = headings.to_vec();
            sorted.sort_unstable();
            sorted
        };
        self.headings.len() == headings.len() && sorted(&self.headings) == sorted(headings)
    }
}

impl Corrections {
    /// What was said of the columns of a list with these headings, in whatever order they stand.
    #[must_use]
    pub fn of(&self, headings: &[String]) -> Option<Vec<Column>> {
        let headings = alike(headings);
        // Lists without headings say nothing of each other.
        if headings.iter().all(String::is_empty) {
            return None;
        }
        let mut found = self.0.iter().filter(|one| one.names(&headings));
        let said = found.clone().find(|one| one.headings == headings);
        let said = said.or(found.next())?;
        let mut columns: HashMap<&str, VecDeque<Column>> = HashMap::new();
        for (heading, column) in said.headings.iter().zip(&said.columns) {
            columns.entry(heading).or_default().push_back(*column);
        }
        let next = |heading: &String| columns.get_mut(heading.as_str())?.pop_front();
        headings.iter().map(next).collect()
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
        self.0.retain(|one| !one.names(&headings));
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
