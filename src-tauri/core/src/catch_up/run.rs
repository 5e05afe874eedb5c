//! One catch-up: asks by the plan, stores what each eSIM's answers told, and goes on where it was interrupted.

mod begin;
mod keep;
mod tally;

use std::collections::HashSet;
use std::sync::Arc;

use tally::{Tally, first_of};
use tokio::sync::watch;

use super::figures;
use super::plan::{Before, Importance, plan};
use super::stop::Stop;
use super::{CatchUpProgress, CaughtUp};
use crate::clock::{Moment, ToldTime};
use crate::event::Status;
use crate::message::ToMessage;
use crate::presence::Presence;
use crate::provider::{
    Api, ApiAccess, ApiError, EsimSoFar, EsimsSoFar, ListedEsim, Provider, Told,
};
use crate::store::{
    AskedEsim, CatchUpRun, FiguresAsked, LastAsked, ListedFacts, OpenError, Readers, VanishedEsim,
    WriteError, Writer,
};

/// So many eSIMs in a row of which nothing could be read, and the rest is left for another time. One or two whose answers
/// never come through must not keep all others waiting for ever; where nothing comes through, each further one would take a
/// request or more for nothing.
const MAX_FAILURES: usize = 5;

/// The mark of an eSIM of which nothing is known but that it was named: no entry of a list has it.
pub(super) const NAMED: &str = "named";

/// Told of each write whether it was done.
pub type OnWrite = Arc<dyn Fn(Result<(), &WriteError>) + Send + Sync>;

/// Catches up with one provider.
#[derive(Clone)]
pub struct CatchUp {
    /// With whom.
    pub provider: &'static dyn Provider,
    /// Asks the store.
    pub readers: Readers,
    /// Keeps what is found.
    pub writer: Writer,
    /// What the clocks tell.
    pub clock: fn() -> Moment,
    /// Takes note of what the provider's own clock tells.
    pub told: ToldTime,
    /// Takes note of when the program listens.
    pub presence: Presence,
    /// Told of each write whether it was done.
    pub on_write: OnWrite,
}

impl CatchUpProgress {
    /// These are asked for, too.
    fn plan(&mut self, planned: &[(Importance, ListedEsim)]) {
        self.planned += planned.len();
        let urgent = planned
            .iter()
            .filter(|(importance, _)| *importance == Importance::InUse);
        self.urgent += urgent.count();
    }
}

impl CatchUp {
    /// Asks for everything that is due, or for one eSIM by its provider's id. Ends early when `cancel` becomes true.
    pub async fn run(
        &self,
        access: Result<ApiAccess, ApiError>,
        esim_id: Option<&str>,
        mut cancel: watch::Receiver<bool>,
        progress: &watch::Sender<CatchUpProgress>,
    ) -> CaughtUp {
        let requests = access
            .as_ref()
            .map(|access| Arc::clone(&access.requests))
            .unwrap_or_default();
        let mut tally = Tally::new(requests);
        let answered = access.as_ref().ok();
        let answered = answered.map(|access| access.answered.subscribe());
        let asked = async {
            match esim_id {
                Some(esim_id) => self.one(access, esim_id, &mut tally).await,
                None => self.everything(access, &mut tally, progress).await,
            }
        };
        let done = tokio::select! {
            biased;
            () = cancelled(&mut cancel) => Err(Stop::Cancelled),
            done = asked => done,
            () = tells_answered(answered, progress) => Err(Stop::Cancelled),
        };
        if esim_id.is_none() && matches!(done, Err(Stop::Api(_) | Stop::Failing(_))) {
            self.note_cut_off().await;
        }
        let stop = done.as_ref().err();
        let again = tally.missing().filter_map(ApiError::passes_after_secs);
        let needs_somebody = stop.is_some_and(Stop::needs_somebody);
        let again_after_secs = again.chain(stop.and_then(Stop::passes_after_secs)).max();
        let mut problems = tally.problems();
        let only_doubts = done.is_ok() && tally.missing().all(ApiError::is_doubt);
        problems.extend(done.err().map(|stop| stop.to_message()));
        progress.send_modify(|progress| {
            progress.over = true;
            progress.again = again_after_secs == Some(0);
        });
        CaughtUp {
            requests: tally.requests(),
            esims: tally.esims,
            found: tally.found,
            new: tally.new,
            seconds: tally.seconds(),
            problems,
            only_doubts,
            again_after_secs,
            needs_somebody,
            first: tally.first,
            before: tally.before().map(Box::new),
            listed_otherwise: tally.listed_otherwise,
        }
    }

    /// Asks whether the API takes the token, by the one thing that it is quickest to tell.
    ///
    /// # Errors
    /// [`ApiError`] if it does not, or nobody knows.
    pub async fn try_access(&self, access: Result<ApiAccess, ApiError>) -> Result<(), ApiError> {
        let mut api = self.open(access)?;
        let told = api.account().await?;
        match told.missing.into_iter().next() {
            // Who may not read this is known all the same.
            None | Some(ApiError::NotAllowed(_)) => Ok(()),
            Some(error) => Err(error),
        }
    }

    fn open(&self, access: Result<ApiAccess, ApiError>) -> Result<Box<dyn Api>, ApiError> {
        let api = self.provider.api();
        let api = api.ok_or_else(|| ApiError::Unusable(self.provider.name().to_owned()))?;
        api.open(access?)
    }

    async fn one(
        &self,
        access: Result<ApiAccess, ApiError>,
        esim_id: &str,
        tally: &mut Tally,
    ) -> Result<(), Stop> {
        let mut api = self.open(access)?;
        let listed = api.one(esim_id).await?;
        tally.esims = 1;
        let told = api.esim(&listed, &self.known(esim_id)?).await?;
        tally.miss(told.missing.iter().cloned());
        self.keep(api.now(), told, None, tally).await?;
        let shown = self.known(esim_id)?.status;
        tally.compare(listed.status, shown.as_ref());
        Ok(())
    }

    async fn everything(
        &self,
        access: Result<ApiAccess, ApiError>,
        tally: &mut Tally,
        progress: &watch::Sender<CatchUpProgress>,
    ) -> Result<(), Stop> {
        let mut api = self.open(access)?;
        let id = self.provider.id();
        let (mut before, last, ordered) = self.readers.read(|store| {
            let last = store.catch_up_run()?;
            let before = Before {
                asked: store.last_asked(id)?,
                esims: store.esims_by_id(id)?,
                unanswered: last.unanswered.iter().cloned().collect(),
                fresh_figures: HashSet::new(),
            };
            Ok((before, last, store.esims_with_orders(id)?))
        })?;
        let known = EsimsSoFar {
            sizes: last.list_sizes,
            ordered,
            ..before.known()
        };
        let listing = api.list(&known).await?;
        let last = CatchUpRun {
            list_sizes: listing.sizes,
            ..last
        };
        tally.take(&listing.esims, listing.missing);
        let in_use_left = listing.in_use_left;
        if let Some(now) = api.told() {
            self.compare_clocks(now).await;
        }
        let mut run = self.begin(last, api.told()).await?;
        let so_far = self.readers.read(|store| store.catch_up_so_far())?;
        tally.begin(run.run, so_far);
        let is_back = |one: &VanishedEsim| {
            let mut listed = listing.esims.iter();
            listed.any(|esim| esim.esim_id == one.esim_id)
        };
        run.vanished.retain(|one| !is_back(one));
        let planned = plan(listing.esims, &before, run.run, api.now());
        progress.send_modify(|progress| {
            progress.listed = true;
            progress.plan(&planned);
            progress.urgent += in_use_left;
        });
        before.fresh_figures =
            figures::fresh(&planned, &before, run.figures, api.now(), tally.requests());
        if before.fresh_figures.is_empty() && tally.before().is_none() {
            let (run_number, at) = (run.run, api.now());
            run.figures = Some(FiguresAsked {
                run: run_number,
                at,
            });
            self.note_run(run.clone()).await?;
        }
        let account = api.account().await?;
        tally.miss(account.missing.iter().cloned());
        self.keep(api.now(), account, None, tally).await?;
        self.ask(&mut *api, planned, &before, run.run, tally, progress)
            .await?;
        // Those that no list has take a request each to be found, or not: what the lists told comes first.
        let mut rest = api.rest(&known).await?;
        progress.send_modify(|progress| {
            progress.urgent = progress.urgent.saturating_sub(in_use_left);
        });
        loop {
            tally.take(&rest.esims, rest.missing);
            self.note_gone(rest.gone, &before, &mut run, api.now(), tally)
                .await?;
            let planned = plan(rest.esims, &before, run.run, api.now());
            progress.send_modify(|progress| progress.plan(&planned));
            self.ask(&mut *api, planned, &before, run.run, tally, progress)
                .await?;
            rest = api.named(&known).await?;
            if rest.esims.is_empty() && rest.gone.is_empty() {
                tally.miss(rest.missing);
                break;
            }
        }
        let ending = api.ending();
        tally.miss(ending.missing);
        run.list_sizes = ending.sizes;
        self.end(run, tally).await
    }

    /// Takes note of those that are no more, and tells of those that were in use. `now`: the provider's time, UTC seconds.
    async fn note_gone(
        &self,
        gone: Vec<String>,
        before: &Before,
        run: &mut CatchUpRun,
        now: i64,
        tally: &mut Tally,
    ) -> Result<(), Stop> {
        let was_gone = |id: &String| before.asked.get(id).is_some_and(LastAsked::was_gone);
        let is_new = |id: &&String| !was_gone(id) && before.is_on_device(id);
        let vanished: Vec<String> = gone.iter().filter(is_new).cloned().collect();
        if !vanished.is_empty() {
            let found_at_ms = self.now().clock_ms;
            let provider = self.provider.id().number();
            run.vanished
                .extend(vanished.iter().map(|esim_id| VanishedEsim {
                    provider,
                    esim_id: esim_id.clone(),
                    found_at_ms,
                }));
            self.note_run(run.clone()).await?;
            let name = |id: &String| self.name(id).unwrap_or_else(|| id.clone());
            let names: Vec<String> = vanished.iter().map(name).collect();
            tally.miss([ApiError::Vanished(first_of(&names))]);
        }
        for esim_id in gone {
            let asked = self.asked(esim_id, "", run.run, ListedFacts::default());
            self.keep(now, Told::default(), Some(asked), tally).await?;
        }
        Ok(())
    }

    /// What people know this eSIM by, if it is known here.
    fn name(&self, esim_id: &str) -> Option<String> {
        let id = self.provider.id();
        let found = self.readers.read(|store| store.esim_with_id(id, esim_id));
        let (state, _) = found.ok().flatten()?;
        state.reference().map(str::to_owned).or(state.iccid)
    }

    /// The same of one that the provider has.
    fn name_of(&self, listed: &ListedEsim) -> String {
        let bought = listed.bought.last();
        let reference = || bought.and_then(|bought| bought.reference_id.clone());
        let name = self.name(&listed.esim_id).or_else(reference);
        name.or_else(|| listed.iccid.clone())
            .unwrap_or_else(|| listed.esim_id.clone())
    }

    async fn ask(
        &self,
        api: &mut dyn Api,
        planned: Vec<(Importance, ListedEsim)>,
        before: &Before,
        run: i64,
        tally: &mut Tally,
        progress: &watch::Sender<CatchUpProgress>,
    ) -> Result<(), Stop> {
        let mut unanswered = Vec::new();
        for (importance, listed) in planned {
            let mut known = self.known(&listed.esim_id)?;
            known.figures_are_fresh = before.fresh_figures.contains(&listed.esim_id);
            let mut told = api.esim(&listed, &known).await?;
            // Before it is noted that this one was asked for: else nothing would lead to them once more.
            for esim_id in std::mem::take(&mut told.named) {
                let asked = self.asked(esim_id, NAMED, run, ListedFacts::default());
                self.keep(api.now(), Told::default(), Some(asked), tally)
                    .await?;
            }
            match told.missing.first() {
                Some(error) if told.bodies.is_empty() && is_failure(error) => {
                    unanswered.push(listed.esim_id.clone());
                }
                _ => unanswered.clear(),
            }
            let first = told.missing.first().cloned();
            if first.is_some() {
                tally.miss_of(Some(&self.name_of(&listed)), &told.missing);
            }
            let mark = keep::mark(&told, &listed, before.asked.get(&listed.esim_id));
            // What could not be read is asked for the next time.
            let asked = first.is_none().then(|| {
                let facts = ListedFacts {
                    life_ends_at: told.life_ends_at,
                    bought: match told.bought.is_empty() {
                        true => listed.bought,
                        false => told.bought.clone(),
                    },
                };
                self.asked(listed.esim_id, &mark, run, facts)
            });
            self.keep(api.now(), told, asked, tally).await?;
            if let Some(error) = first.filter(|_| unanswered.len() >= MAX_FAILURES) {
                self.note_unanswered(unanswered).await?;
                return Err(Stop::Failing(error));
            }
            progress.send_modify(|progress| {
                progress.done += 1;
                if importance == Importance::InUse {
                    progress.urgent = progress.urgent.saturating_sub(1);
                }
            });
        }
        Ok(())
    }

    /// What the store knows of an eSIM.
    fn known(&self, esim_id: &str) -> Result<EsimSoFar, OpenError> {
        let id = self.provider.id();
        let (found, shares_iccid) = self.readers.read(|store| {
            let found = store.esim_with_id(id, esim_id)?;
            Ok((found, store.shares_iccid(id, esim_id)?))
        })?;
        Ok(
            found.map_or_else(EsimSoFar::default, |(state, ready_at)| EsimSoFar {
                reference_id: state.reference().map(str::to_owned),
                was_used: state.first_activated_at.is_some()
                    || matches!(state.status, Some(Status::Activated | Status::Inactive)),
                last_event_at: state.last_event_at,
                status: state.status,
                status_since: state.status_since,
                ready_at,
                shares_iccid,
                figures_are_fresh: false,
            }),
        )
    }

    fn asked(&self, esim_id: String, mark: &str, run: i64, facts: ListedFacts) -> AskedEsim {
        AskedEsim {
            provider: self.provider.id(),
            esim_id,
            last: LastAsked {
                mark: mark.to_owned(),
                run,
            },
            facts,
        }
    }

    /// This moment by a clock that is right, as far as anybody knows.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.told.right((self.clock)())
    }

    /// Says in the log whether this computer's clock is wrong, and has the provider's believed from now on if it is. Nothing is
    /// missed for that. `now`: the provider's time, UTC seconds.
    async fn compare_clocks(&self, now: i64) {
        let moment = (self.clock)();
        let told = ToldTime::default();
        told.told(now, moment);
        let right = told.right(moment);
        self.presence.set_notes_right(right, moment).await;
        self.told.told(now, moment);
        self.presence.set_right(self.now()).await;
        if let Some(minutes) = self.told.minutes_ahead(moment) {
            tracing::warn!(
                minutes,
                "this computer's clock is ahead of the provider's, or behind it: set it right"
            );
        }
    }
}

/// Whether an API that answers so fails, rather than knowing nothing of one eSIM.
fn is_failure(error: &ApiError) -> bool {
    !matches!(
        error,
        ApiError::NotFound(_) | ApiError::NotTaken(..) | ApiError::NotAllowed(_)
    )
}

/// Tells when the API answers for the first time, and never ends.
async fn tells_answered(
    answered: Option<watch::Receiver<bool>>,
    progress: &watch::Sender<CatchUpProgress>,
) {
    if let Some(mut answered) = answered
        && answered.wait_for(|answered| *answered).await.is_ok()
    {
        progress.send_modify(|progress| progress.answered = true);
    }
    std::future::pending::<()>().await;
}

async fn cancelled(cancel: &mut watch::Receiver<bool>) {
    if cancel.wait_for(|cancelled| *cancelled).await.is_err() {
        // Nobody is left who could.
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests;
