//! Whether the database is whole, and whether it agrees with its events.

use crate::esim::EsimState;
use crate::store::Reader;
use crate::store::file::error::{Damage, is_damage};
use crate::store::tables::{counters, esims, events};
use crate::store::upkeep::replay;

impl Reader<'_> {
    /// What SQLite finds wrong with the file, and rows that point to nothing. Empty: all is well.
    ///
    /// # Errors
    /// If the database can't be read at all.
    pub fn damage(&self) -> rusqlite::Result<Vec<Damage>> {
        let mut found = Vec::new();
        let mut check = self.db.prepare("PRAGMA integrity_check")?;
        let lines = check.query_map([], |row| row.get::<_, String>(0))?;
        for line in lines {
            match line {
                Ok(line) if line == "ok" => {}
                Ok(line) => found.push(Damage::Sqlite(line)),
                // Too damaged to be looked through is a finding, too.
                Err(error) if is_damage(&error) => found.push(Damage::from(&error)),
                Err(error) => return Err(error),
            }
        }
        if found.is_empty() {
            let mut check = self.db.prepare("PRAGMA foreign_key_check")?;
            let lines = check.query_map([], |row| {
                Ok(Damage::Dangling {
                    table: row.get(0)?,
                    parent: row.get(2)?,
                })
            })?;
            for line in lines {
                found.push(line?);
            }
        }
        Ok(found)
    }

    /// Folds every eSIM again from its events and names those whose row says otherwise; counts the
    /// totals again, and reads the kept bodies again, too. Empty: all is well; else `replay` mends it.
    pub fn check(&self) -> rusqlite::Result<Vec<String>> {
        let mut wrong = Vec::new();
        let mut statuses = std::collections::HashMap::<String, i64>::new();
        let mut rows = self
            .db
            .prepare(&format!("SELECT {} FROM esims ORDER BY id", esims::COLUMNS))?;
        for esim in rows.query_map([], esims::from_row)? {
            let esim = esim?;
            let history = events::of_esim(self.db, esim.id)?
                .into_iter()
                .map(|stored| stored.event)
                .collect();
            if EsimState::fold(history) != esim.state {
                wrong.push(format!("eSIM {}", esim.state.key().unwrap_or_default()));
            }
            *statuses
                .entry(esim.state.status_text().to_owned())
                .or_default() += 1;
        }
        let count = |sql: &str| self.db.query_row(sql, [], |row| row.get::<_, i64>(0));
        let counts = self.counts()?;
        if counts.events != count("SELECT count(*) FROM events")? {
            wrong.push("the number of events".to_owned());
        }
        if counts.unrecognized != count("SELECT count(*) FROM events WHERE problem IS NOT NULL")? {
            wrong.push("the number of unrecognised events".to_owned());
        }
        if !events::all_iccids_noted(self.db)? {
            wrong.push("which eSIMs an ICCID leads to".to_owned());
        }
        if !esims::owners_agree(self.db)? {
            wrong.push("which eSIM an ICCID belongs to".to_owned());
        }
        if !events::chains_agree(self.db)? {
            wrong.push("which events belong to which eSIM".to_owned());
        }
        if !events::keys_differ(self.db)? || !events::changes_differ(self.db)? {
            wrong.push("that every event is stored once".to_owned());
        }
        if !events::deliveries_found(self.db)? {
            wrong.push("which deliveries brought which events".to_owned());
        }
        let details = replay::wrong_details(self.db)?;
        if details > 0 {
            wrong.push(format!(
                "the details of {details} events, which their bodies tell otherwise"
            ));
        }
        if !counters::hourly_agrees(self.db)? {
            wrong.push("the number of status changes by hour".to_owned());
        }
        for entry in counts.by_status {
            if statuses.remove(&entry.status).unwrap_or(0) != entry.count {
                wrong.push(format!("the number of eSIMs that are {}", entry.status));
            }
        }
        wrong.extend(
            statuses
                .into_keys()
                .map(|status| format!("the number of eSIMs that are {status}")),
        );
        Ok(wrong)
    }
}
