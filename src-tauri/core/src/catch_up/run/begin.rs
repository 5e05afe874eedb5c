//! Where a catch-up begins: anew, or where the one before was interrupted; and how it ends.

use super::super::stop::Stop;
use super::CatchUp;
use super::tally::Tally;
use crate::store::{CatchUpRun, ToldClock};

/// An interrupted catch-up is gone on with for so long after its last answer was stored, milliseconds, if the API was not out of
/// reach since and no such time lies between two of its answers either, as when the computer slept: one without a pause may
/// take as long as it takes, and what it asked for first is as old at its end whether it was killed meanwhile or not. After
/// a longer one what was asked for may be another by now, and nobody may have listened: another catch-up begins, which asks
/// again for what is in use, and for all that this one did not get to.
const GOES_ON_MS: i64 = 5 * 60_000;

impl CatchUp {
    /// What was asked for before the API was out of reach may be another by now. Where that can't be noted, time will tell.
    pub(super) async fn note_cut_off(&self) {
        let last = self.readers.read(|store| store.catch_up_run());
        if let Ok(mut run) = last
            && !run.complete
        {
            run.cut_off = true;
            // The next one tells that it can't be stored.
            let _ = self.writer.note_catch_up(run).await;
        }
    }

    /// Begins a catch-up, or goes on with the one that was interrupted. `now`: the provider's time, UTC seconds, if an answer
    /// has told it; else what was told last stays.
    pub(super) async fn begin(
        &self,
        last: CatchUpRun,
        now: Option<i64>,
    ) -> Result<CatchUpRun, Stop> {
        let now_ms = self.now().clock_ms;
        let so_far = self.readers.read(|store| store.catch_up_so_far())?;
        let answered = (last.run > 0 && so_far.run == last.run).then_some(so_far);
        let since_ms = answered.map_or(last.begun_at_ms, |so_far| so_far.answered_at_ms);
        let is_recent = (0..GOES_ON_MS).contains(&now_ms.saturating_sub(since_ms));
        let longest_ms = answered.map_or(0, |so_far| so_far.longest_pause_ms);
        let went_on = longest_ms < GOES_ON_MS.unsigned_abs();
        // One that ended since is told of by a catch-up that began after it.
        let absences = self.readers.read(|store| store.kept_absences())?;
        let was_away = absences.iter().any(|away| away.to_ms > last.begun_at_ms);
        let was_broken_off = !last.complete && !last.cut_off && last.run > 0;
        let goes_on = was_broken_off && is_recent && went_on && !was_away;
        let told_now = now.map(|at| ToldClock {
            at,
            clock_ms: (self.clock)().clock_ms,
        });
        let told = told_now.or(last.told);
        if goes_on {
            return Ok(CatchUpRun { told, ..last });
        }
        let quiet_before = match last.quiet_before {
            Some(at) => Some(at),
            None => {
                let first = self.readers.read(|store| store.first_received_at_ms())?;
                let now = now.unwrap_or_else(|| now_ms.div_euclid(1000));
                Some(first.map_or(now, |ms| ms.div_euclid(1000).min(now)))
            }
        };
        let run = CatchUpRun {
            run: last.run.saturating_add(1),
            begun_at_ms: now_ms,
            complete: false,
            cut_off: false,
            quiet_before,
            told_all_at_ms: None,
            vanished: last.vanished,
            unanswered: last.unanswered,
            told,
            list_sizes: last.list_sizes,
            figures: last.figures,
        };
        self.note_run(run.clone()).await?;
        Ok(run)
    }

    /// The next catch-up does not begin with these: else it would end at the same place.
    pub(super) async fn note_unanswered(&self, esim_ids: Vec<String>) -> Result<(), Stop> {
        let mut run = self.readers.read(|store| store.catch_up_run())?;
        run.unanswered.retain(|known| !esim_ids.contains(known));
        run.unanswered.extend(esim_ids);
        self.note_run(run).await
    }

    /// Notes what a catch-up that has asked for everything has left out.
    pub(super) async fn end(&self, mut run: CatchUpRun, tally: &Tally) -> Result<(), Stop> {
        run.complete = tally
            .missing()
            .all(|error| error.passes_after_secs().is_none());
        // What it missed may be told in a moment, when what is in use may be another: what comes then is no part of this one.
        run.cut_off = !run.complete;
        if run.complete {
            run.unanswered.clear();
        }
        let told_all = tally.missing().all(|error| !error.hides_an_esim());
        run.told_all_at_ms = told_all.then(|| self.now().clock_ms);
        self.note_run(run).await
    }
}
