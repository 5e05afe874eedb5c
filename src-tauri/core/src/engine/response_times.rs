//! Times that senders waited for their answers: gathered in memory, written together now and then, so that no
//! answer waits for its own measure.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::JoinHandle;

use crate::answer::Answered;
use crate::listener::OnAnswer;
use crate::store::Writer;

/// Most that are kept between two writes. Of what is beyond that, the deliveries say "not measured".
const MAX_GATHERED: usize = 5_000;

/// Most that are written at once: deliveries wait meanwhile.
const WRITTEN_AT_ONCE: usize = 250;

/// Between two writes.
const BETWEEN_WRITES: Duration = Duration::from_secs(2);

/// Gathers and writes.
pub(super) struct ResponseTimes {
    gathered: Arc<Mutex<Vec<Answered>>>,
    writer: Writer,
    task: JoinHandle<()>,
}

impl ResponseTimes {
    pub(super) fn start(writer: Writer) -> ResponseTimes {
        let gathered: Arc<Mutex<Vec<Answered>>> = Arc::default();
        let (of_task, to) = (Arc::clone(&gathered), writer.clone());
        let task = tokio::spawn(async move {
            loop {
                tokio::time::sleep(BETWEEN_WRITES).await;
                write(&of_task, &to).await;
            }
        });
        ResponseTimes {
            gathered,
            writer,
            task,
        }
    }

    /// What the listener calls.
    pub(super) fn on_answer(&self) -> OnAnswer {
        let gathered = Arc::clone(&self.gathered);
        Arc::new(move |answered| {
            let mut gathered = gathered.lock().unwrap_or_else(PoisonError::into_inner);
            if gathered.len() < MAX_GATHERED {
                gathered.push(answered);
            }
        })
    }

    /// Writes what is there, for the last time.
    pub(super) async fn finish(&self) {
        self.task.abort();
        write(&self.gathered, &self.writer).await;
    }
}

async fn write(gathered: &Mutex<Vec<Answered>>, writer: &Writer) {
    let some = std::mem::take(&mut *gathered.lock().unwrap_or_else(PoisonError::into_inner));
    for part in some.chunks(WRITTEN_AT_ONCE) {
        if let Err(error) = writer.keep_answers(part.to_vec()).await {
            // The store's own trouble is told elsewhere.
            tracing::debug!(%error, "the times of some answers are lost");
            return;
        }
    }
}
