//! What goes wrong at the desk: its store, its network, its token.

use esim_watch_core::store::DATABASE_FILE;
use rusqlite::Connection;

use super::Desk;

impl Desk {
    fn database(&self) -> Connection {
        Connection::open(self.dir.join(DATABASE_FILE)).unwrap()
    }

    /// Another program holds the store.
    pub fn lock_store(&mut self) {
        let lock = self.database();
        lock.execute_batch("BEGIN IMMEDIATE").unwrap();
        self.lock = Some(lock);
    }

    /// The disk is full after so many events.
    pub fn fill_disk(&mut self, after: i64) {
        let database = self.database();
        let last: i64 = database
            .query_row("SELECT coalesce(max(id), 0) FROM events", [], |row| {
                row.get(0)
            })
            .unwrap();
        let trigger = format!(
            "CREATE TRIGGER full BEFORE INSERT ON events WHEN NEW.id > {}
             BEGIN SELECT RAISE(ABORT, 'full'); END",
            last + after,
        );
        database.execute_batch(&trigger).unwrap();
        self.is_full = true;
    }

    /// There is room again, and nobody else has the store.
    pub fn heal(&mut self) {
        self.lock = None;
        if std::mem::take(&mut self.is_full) {
            self.database().execute_batch("DROP TRIGGER full").unwrap();
        }
    }

    pub fn is_failing(&self) -> bool {
        self.lock.is_some() || self.is_full
    }

    /// Somebody rotates the token in the portal.
    pub fn rotate_token(&mut self) {
        self.tokens += 1;
        self.roamify.rotate(Some(&format!("tok_{}", self.tokens)));
    }

    /// Somebody pastes it.
    pub fn paste_token(&mut self) {
        self.token = format!("tok_{}", self.tokens);
    }

    pub fn cut_network(&mut self, seconds: i64) {
        self.cut_until = self.now() + seconds;
    }

    pub fn is_cut(&self) -> bool {
        self.now() < self.cut_until
    }

    /// Whether nothing went wrong on purpose with the last answer.
    pub fn was_answered_well(&self) -> bool {
        let last = self.roamify.requests().last();
        last.is_some_and(|request| request.fault.is_none())
    }
}
