//! What a catch-up found so far, and what it could not.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use crate::catch_up::CaughtUp;
use crate::event::Status;
use crate::message::{Message, ToMessage};
use crate::provider::{ApiError, ListedEsim};
use crate::store::CatchUpSoFar;

/// Most eSIMs that a problem names.
const MAX_NAMES: usize = 10;

/// What was found so far.
pub(super) struct Tally {
    begun: Instant,
    /// Every HTTP request that was made, repeats included.
    requests: Arc<AtomicU64>,
    /// Its number, and what its parts before did if this one goes on with it; `None`: it has not begun, or asks for one eSIM.
    run: Option<CatchUpSoFar>,
    pub esims: u64,
    pub found: u64,
    pub new: u64,
    pub first: bool,
    pub listed_otherwise: Option<String>,
    /// Why something was not told, each with the eSIMs of which it was not.
    missing: BTreeMap<ApiError, Vec<String>>,
}

impl Tally {
    /// Of one that begins now, and counts its requests there.
    pub fn new(requests: Arc<AtomicU64>) -> Tally {
        Tally {
            begun: Instant::now(),
            requests,
            run: None,
            esims: 0,
            found: 0,
            new: 0,
            first: false,
            listed_otherwise: None,
            missing: BTreeMap::new(),
        }
    }

    /// It has this number. `so_far`: what the store knows that one has done.
    pub fn begin(&mut self, run: i64, so_far: CatchUpSoFar) {
        self.first = run == 1;
        let fresh = CatchUpSoFar {
            run,
            ..CatchUpSoFar::default()
        };
        self.run = Some(if so_far.run == run { so_far } else { fresh });
    }

    /// What was done until now (UTC milliseconds), with the parts before.
    pub fn so_far(&self, now_ms: i64) -> Option<CatchUpSoFar> {
        let before = self.run?;
        let took_ms = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        Some(CatchUpSoFar {
            answered_at_ms: now_ms,
            requests: before.requests.saturating_add(self.requests()),
            found: before.found.saturating_add(self.found),
            new: before.new.saturating_add(self.new),
            took_ms: before.took_ms.saturating_add(took_ms),
            ..before
        })
    }

    /// What the parts before this one did, if there were any.
    pub fn before(&self) -> Option<CaughtUp> {
        let before = self.run.filter(|before| before.requests > 0)?;
        #[expect(
            clippy::cast_precision_loss,
            reason = "no catch-up takes as long as would be lost"
        )]
        let seconds = before.took_ms as f64 / 1000.0;
        Some(CaughtUp {
            requests: before.requests,
            found: before.found,
            new: before.new,
            seconds,
            ..CaughtUp::default()
        })
    }

    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// How long it took, seconds.
    pub fn seconds(&self) -> f64 {
        (self.begun.elapsed().as_secs_f64() * 1000.0).round() / 1000.0
    }

    /// The provider has these eSIMs, and this is missing of its lists.
    pub fn take(&mut self, esims: &[ListedEsim], missing: Vec<ApiError>) {
        let count = u64::try_from(esims.len()).unwrap_or(u64::MAX);
        self.esims = self.esims.saturating_add(count);
        self.miss(missing);
    }

    /// Takes note if the list calls the one that was asked for another thing than what is shown of it.
    pub fn compare(&mut self, listed: Option<Status>, shown: Option<&Status>) {
        let listed = listed.filter(|listed| shown.is_some_and(|shown| is_otherwise(listed, shown)));
        self.listed_otherwise = listed.map(|listed| listed.to_string());
    }

    /// Something was not told, for these reasons.
    pub fn miss(&mut self, errors: impl IntoIterator<Item = ApiError>) {
        for error in errors {
            self.missing.entry(error).or_default();
        }
    }

    /// The same of one eSIM, by what people know it by; `None`: of the one that was asked for, or of none.
    pub fn miss_of(&mut self, esim: Option<&str>, errors: &[ApiError]) {
        for error in errors {
            let esims = self.missing.entry(error.clone()).or_default();
            esims.extend(esim.map(str::to_owned));
        }
    }

    /// Why something was not told.
    pub fn missing(&self) -> impl Iterator<Item = &ApiError> {
        self.missing.keys()
    }

    /// The same for people.
    pub fn problems(&self) -> Vec<Message> {
        let problem = |(error, esims): (&ApiError, &Vec<String>)| {
            // What may not be read is not read of any.
            if esims.is_empty() || matches!(error, ApiError::NotAllowed(_)) {
                return error.to_message();
            }
            Message::of("catchUp.concerns")
                .with("problem", error.to_message())
                .with("esims", first_of(esims).join(", "))
        };
        self.missing.iter().map(problem).collect()
    }
}

/// The first of these names; that there are more is told.
pub(super) fn first_of(names: &[String]) -> Vec<String> {
    let mut first: Vec<String> = Vec::new();
    for name in names {
        // The eSIMs of an order have one.
        if first.contains(name) {
            continue;
        }
        if first.len() == MAX_NAMES {
            first.push("…".to_owned());
            break;
        }
        first.push(name.clone());
    }
    first
}

/// Whether a list that calls an eSIM this says another thing than is shown of it. Its words are coarse: whether it is over is
/// all that they tell for sure, and of what was removed from its device they tell nothing.
pub(super) fn is_otherwise(listed: &Status, shown: &Status) -> bool {
    let has_word = !matches!(listed, Status::Unknown | Status::Other(_));
    let removed = *shown == Status::Deleted;
    has_word && !removed && listed.is_terminal() != shown.is_terminal()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Asking;

    #[test]
    fn a_problem_names_the_esims_that_it_concerns_and_of_many_the_first() {
        let mut tally = Tally::new(Arc::default());
        let slow = ApiError::TooSlow(Asking::History);
        tally.miss([ApiError::TooSlow(Asking::Balance)]);
        tally.miss_of(Some("ORDER-0"), &[ApiError::NotAllowed(Asking::Usage)]);
        for number in 0..30 {
            let order = format!("ORDER-{}", number / 2);
            tally.miss_of(
                Some(&order),
                &[slow.clone(), ApiError::NotAllowed(Asking::Usage)],
            );
        }
        let problems = tally.problems();
        let told: Vec<String> = problems.iter().map(Message::english).collect();
        let (named, others): (Vec<_>, Vec<_>) =
            told.into_iter().partition(|text| text.contains("ORDER"));
        assert_eq!(others.len(), 2, "{others:?}");
        let ends = " This concerns ORDER-0, ORDER-1, ORDER-2, ORDER-3, ORDER-4, ORDER-5, ORDER-6, \
                    ORDER-7, ORDER-8, ORDER-9, ….";
        assert!(named[0].ends_with(ends), "{named:?}");
    }
}
