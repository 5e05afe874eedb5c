//! Keeps what was told.

use super::super::stop::Stop;
use super::CatchUp;
use super::tally::Tally;
use crate::event::{Problem, Sources, Status};
use crate::provider::{ApiError, ListedEsim, Told};
use crate::store::{AskedEsim, CatchUpRun, Delivery, Findings, LastAsked, WriteError};

impl CatchUp {
    /// Stores what was told, and that it was asked for. `now`: the provider's time, UTC seconds.
    pub(super) async fn keep(
        &self,
        now: i64,
        told: Told,
        asked: Option<AskedEsim>,
        tally: &mut Tally,
    ) -> Result<(), Stop> {
        let now_ms = self.now().clock_ms;
        // This computer's clock may be behind; what the provider's own says has come.
        let known_until = self.writer.known_until().max(Some(now));
        let count = u64::try_from(told.bodies.len()).unwrap_or(u64::MAX);
        tally.found = tally.found.saturating_add(count);
        let id = self.provider.id();
        let deliveries: Vec<Delivery> = told
            .bodies
            .into_iter()
            .map(|body| {
                let read = self.provider.read(&body);
                Delivery {
                    source: Sources::API,
                    ..Delivery::received(now_ms, known_until, id, body, read)
                }
            })
            .collect();
        let (to_come, deliveries): (Vec<_>, Vec<_>) = deliveries.into_iter().partition(is_to_come);
        let is_left_out = !to_come.is_empty();
        let esim_id = asked.as_ref().map(|asked| asked.esim_id.clone());
        // Whose history has some is asked for again.
        let asked = asked.filter(|_| !is_left_out);
        if !deliveries.is_empty() || asked.is_some() {
            let findings = Findings {
                deliveries,
                asked,
                so_far: tally.so_far(now_ms),
            };
            let new = self.writer.found(findings).await;
            let new = self.written(new)?;
            tally.new = tally.new.saturating_add(new);
        }
        if is_left_out {
            tracing::warn!(
                entries = to_come.len(),
                "a history tells of times that have not come: that is left for later"
            );
        }
        if to_come.iter().any(|delivery| !is_planned(delivery)) {
            let esim = esim_id.map(|id| self.name(&id).unwrap_or(id));
            tally.miss_of(esim.as_deref(), &[ApiError::ToCome]);
        }
        Ok(())
    }

    pub(super) async fn note_run(&self, run: CatchUpRun) -> Result<(), Stop> {
        self.written(self.writer.note_catch_up(run).await)
    }

    /// What became of a write, told on the way.
    pub(super) fn written<T>(&self, written: Result<T, WriteError>) -> Result<T, Stop> {
        (self.on_write)(written.as_ref().map(drop));
        Ok(written?)
    }
}

/// Whether a history tells of a time that has not come, also by the provider's clock. A webhook that claims such a time came
/// now, and tells of now; an entry tells of then.
fn is_to_come(delivery: &Delivery) -> bool {
    let event = delivery.parsed.as_ref().ok();
    event.is_some_and(|event| {
        event.kind.changes_status() && event.problem == Some(Problem::FutureTime)
    })
}

/// An end that lies so far ahead is planned, seconds: clocks are rarely wrong by more, and then other entries lie ahead as well.
const PLANNED_AFTER_SECS: i64 = 86_400;

/// Whether what has not come is an end to be, which is told when it comes.
fn is_planned(to_come: &Delivery) -> bool {
    to_come.parsed.as_ref().is_ok_and(|event| {
        let at = event.unbelieved_at.zip(event.occurred_at);
        event.status.as_ref().is_some_and(Status::is_terminal)
            && at.is_some_and(|(claimed, now)| claimed.saturating_sub(now) > PLANNED_AFTER_SECS)
    })
}

/// The mark under which it is noted that an eSIM was asked for. One whose history may have more in it than was told has another
/// than its entry in the list until it was told so twice: it is asked for once more.
pub(super) fn mark(told: &Told, listed: &ListedEsim, before: Option<&LastAsked>) -> String {
    let once = format!("once|{}", listed.mark);
    let was_told = before.is_some_and(|last| last.mark == once || last.mark == listed.mark);
    match told.is_oddly_empty && !was_told {
        true => once,
        false => listed.mark.clone(),
    }
}
