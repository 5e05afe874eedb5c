//! Whether events can be stored, found out without one: at a start, because what was wrong before it may still be, and
//! while it is known to fail, because nothing may come for hours.

use tokio::sync::watch;

use crate::health::{Health, StoreState};
use crate::message::{Message, ToMessage};
use crate::provider::{self, Provider};
use crate::store::{WriteError, Writer};

/// What to tell of events that can't be stored.
pub(super) fn failing(provider: &dyn Provider, reason: &WriteError) -> StoreState {
    let message = Message::of("store.failing")
        .with("provider", provider.display_name())
        .with("reason", reason.to_message());
    StoreState::Failing { message }
}

/// Tries whether events can be stored, and tells if that is news.
pub(super) async fn try_store(writer: Writer, health: watch::Sender<Health>) {
    let state = match writer.try_writing().await {
        Ok(()) => StoreState::Ok,
        // The program ends.
        Err(WriteError::Closed) => return,
        Err(reason) => {
            tracing::error!(%reason, "events can't be stored");
            failing(provider::DEFAULT, &reason)
        }
    };
    health.send_if_modified(|health| {
        let changed = health.store != state;
        health.store = state;
        changed
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{DATABASE_FILE, Store};

    #[tokio::test]
    async fn what_cannot_be_written_is_told_without_an_event_until_it_can() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), |_| {}).unwrap();
        let (health, seen) = watch::channel(Health::starting(None));
        let trial = async || try_store(store.writer().clone(), health.clone()).await;
        trial().await;
        assert_eq!(seen.borrow().store, StoreState::Ok);
        let other = rusqlite::Connection::open(dir.path().join(DATABASE_FILE)).unwrap();
        other
            .execute_batch(
                "CREATE TRIGGER hold BEFORE INSERT ON settings BEGIN SELECT RAISE(ABORT, 'held'); END",
            )
            .unwrap();
        trial().await;
        let StoreState::Failing { message } = seen.borrow().store.clone() else {
            panic!("nobody noticed");
        };
        assert!(message.english().contains("held"), "{message}");
        other.execute_batch("DROP TRIGGER hold").unwrap();
        trial().await;
        assert_eq!(seen.borrow().store, StoreState::Ok);
        let left: i64 = other
            .query_row("SELECT count(*) FROM settings", [], |row| row.get(0))
            .unwrap();
        assert_eq!(left, 0, "nothing of it stays");
    }
}
