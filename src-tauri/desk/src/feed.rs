//! What the window is told: a snapshot, then changes and what the inbox holds, in order, at most ten times a
//! second. A window that missed something is given a snapshot again: whatever it shows can be asked from the
//! store.
//!
//! The window asks for the next updates and is answered once there are some. Tauri's channels would have the
//! web view compile each update as a script of its own, and WebKit keeps the last two thousand of those.

mod pending;
mod pump;
mod update;

use std::sync::Arc;

use esim_watch_core::engine::Engine;
use esim_watch_core::inbox::Inbox;
use tokio::sync::oneshot::error::RecvError;
use tokio::sync::{mpsc, oneshot, watch};

use crate::esim_list::EsimList;
use crate::upgrade::UpgradeState;
use pump::{Pump, tell_failure};
use update::Request;
pub use update::{Failure, Place, SNAPSHOT_EVENTS, Update};

/// Reaches the task that tells the window. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Feed {
    requests: mpsc::UnboundedSender<Request>,
}

impl Feed {
    /// Starts the task.
    #[must_use]
    pub fn start(
        engine: Result<(Arc<Engine>, Inbox), Failure>,
        list: EsimList,
        upgrades: watch::Receiver<Option<UpgradeState>>,
    ) -> Feed {
        let (requests, incoming) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            match engine {
                Ok((engine, inbox)) => {
                    Pump::new(engine, list, inbox.summary(), upgrades)
                        .run(incoming)
                        .await;
                }
                Err(failure) => tell_failure(failure, incoming).await,
            }
        });
        Feed { requests }
    }

    /// What the window is to be told next, in order, as soon as there is something; none after half a minute
    /// in which nothing happened. `first` if the window knows nothing yet: a snapshot leads.
    ///
    /// # Errors
    ///
    /// If another question took the place of this one: there is one window.
    pub async fn updates(&self, first: bool) -> Result<Vec<Update>, RecvError> {
        let (waiting, answer) = oneshot::channel();
        self.request(if first {
            Request::First(waiting)
        } else {
            Request::Next(waiting)
        });
        answer.await
    }

    /// Has the window show something, at once or as soon as it is there.
    pub fn open(&self, place: Place) {
        self.request(Request::Open(place));
    }

    /// Tells the window that these eSIMs changed although no event came: rows of the store.
    pub fn esims_changed(&self, rows: Vec<i64>) {
        self.request(Request::Esims(rows));
    }

    /// Tells the window that all eSIMs look different although nothing happened to them: a snapshot.
    pub fn everything_changed(&self) {
        self.request(Request::Everything);
    }

    fn request(&self, request: Request) {
        // The task ends only with the program.
        let _ = self.requests.send(request);
    }
}

#[cfg(test)]
mod tests;
