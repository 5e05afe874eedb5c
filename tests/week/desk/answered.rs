//! What the API answered well, and when: so much the desk can know.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Asked, Desk};

/// What the API answered well in this catch-up, by the world's time.
#[derive(Debug, Default)]
pub struct Answered {
    /// When the list was read first.
    pub list: Option<i64>,
    /// When which eSIM's history was read last, by its id; also by one that was interrupted and is gone on with.
    pub histories: BTreeMap<String, i64>,
    /// When the balance was last.
    pub balance: Option<i64>,
    /// The same of what is left, by what was asked for.
    pub usages: BTreeMap<String, i64>,
    /// The eSIMs that lists have named which may be cut.
    pub named: BTreeSet<String>,
}

impl Desk {
    /// Takes note of what the API answered well.
    pub fn note_answered(&mut self, path: &str, query: &[String], at: i64) {
        let Some(esim_id) = self.answered.note(path, query, at) else {
            return;
        };
        let list = self.answered.list.unwrap_or(at);
        self.asked.entry(esim_id).or_default().push(Asked {
            at,
            turns_known_until: list - self.roamify.quirks.list_lags_seconds,
        });
    }
}

impl Answered {
    /// Gives the id of the eSIM whose history it is.
    fn note(&mut self, path: &str, query: &[String], at: i64) -> Option<String> {
        let first = query.first().and_then(|one| one.split_once('='));
        let value = first.map(|(_, value)| value.to_owned()).unwrap_or_default();
        match path {
            "/api/esims" => {
                self.list.get_or_insert(at);
            }
            "/api/balance" => self.balance = Some(at),
            "/api/esim/event" | "/api/esim/events" => {
                self.histories.insert(value.clone(), at);
                return Some(value);
            }
            "/api/esim/usage" => {
                self.usages.insert(value, at);
            }
            _ => {}
        }
        None
    }

    /// The ids in a list of eSIMs, or of orders.
    pub fn note_named(&mut self, list: &Value) {
        match list {
            Value::Array(all) => all.iter().for_each(|one| self.note_named(one)),
            Value::Object(fields) => {
                let ids = ["id", "esimId"]
                    .into_iter()
                    .filter_map(|name| fields.get(name));
                self.named
                    .extend(ids.filter_map(Value::as_str).map(str::to_owned));
                fields.values().for_each(|value| self.note_named(value));
            }
            _ => {}
        }
    }
}
