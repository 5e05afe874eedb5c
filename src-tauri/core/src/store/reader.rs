//! Questions to the store. Must not know: where it is kept, nor what a window makes of the answers.

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;

use crate::search::{Search, SearchedText};

/// Asks questions of one consistent state of the store.
pub struct Reader<'a> {
    pub(in crate::store) db: &'a Connection,
}

impl Reader<'_> {
    /// Teaches SQLite `found(text, …)`: whether a search means a row with these texts, together.
    pub(in crate::store) fn know_search(&self, search: Search) -> rusqlite::Result<()> {
        let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
        self.db
            .create_scalar_function("found", -1, flags, move |of| {
                let mut searched = SearchedText::default();
                for number in 0..of.len() {
                    if let ValueRef::Text(text) | ValueRef::Blob(text) = of.get_raw(number) {
                        searched.add(&String::from_utf8_lossy(text));
                    }
                }
                Ok(search.finds(&searched))
            })
    }
}
