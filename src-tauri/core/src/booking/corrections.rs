//! What somebody said of the columns of a list, kept for the next list with the same headings, or nearly the same.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::column::Column;
use super::columns::SINGLE;

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

/// Of so many headings so many have to be the same, and no fewer than these.
const MOST: (usize, usize) = (3, 2);
const MIN_SAME: usize = 2;

/// What was said of each heading, those that stand twice one after the other.
fn by_heading(said: &Correction) -> HashMap<&str, VecDeque<Column>> {
    let mut columns: HashMap<&str, VecDeque<Column>> = HashMap::new();
    for (heading, column) in said.headings.iter().zip(&said.columns) {
        columns.entry(heading).or_default().push_back(*column);
    }
    columns
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
        let mut columns = by_heading(said);
        let next = |heading: &String| columns.get_mut(heading.as_str())?.pop_front();
        headings.iter().map(next).collect()
    }

    /// What was said of the columns of a list most of whose headings are these, where they are the same; of the others what
    /// they are taken for. `None`: there is no such list, or nothing else was said.
    #[must_use]
    pub fn nearly(&self, headings: &[String], taken: &[Column]) -> Option<Vec<Column>> {
        let headings = alike(headings);
        let named = |headings: &[String]| headings.iter().filter(|one| !one.is_empty()).count();
        let (all, same) = MOST;
        let is_near = |one: &&Correction| {
            let mut columns = by_heading(one);
            let shared = headings.iter().filter(|heading| {
                let next = columns
                    .get_mut(heading.as_str())
                    .and_then(VecDeque::pop_front);
                !heading.is_empty() && next.is_some()
            });
            let shared = shared.count();
            let most = named(&headings).max(named(&one.headings));
            shared >= MIN_SAME && shared * all >= most * same
        };
        let said = self.0.iter().find(is_near)?;
        let mut columns = by_heading(said);
        let mut next = |heading: &String| {
            let columns = columns.get_mut(heading.as_str());
            columns.filter(|_| !heading.is_empty())?.pop_front()
        };
        let found: Vec<Option<Column>> = headings.iter().map(&mut next).collect();
        let is_said = |column: Column| found.contains(&Some(column));
        let each = found.iter().zip(taken).map(|(said, taken)| match said {
            Some(said) => *said,
            // Of what there is one in a list a heading that was not there before is no other.
            None if SINGLE.contains(taken) && is_said(*taken) => Column::Ignored,
            None => *taken,
        });
        let each: Vec<Column> = each.collect();
        (each != taken).then_some(each)
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
