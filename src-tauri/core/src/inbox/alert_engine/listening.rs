//! For how long the program has heard nothing while it was awake. Kept in the store now and then, so that sleeps and
//! restarts don't begin it anew.

use serde::{Deserialize, Serialize};

use crate::alert::{Fact, Program, Rule};
use crate::clock::SteadyTime;
use crate::store::{OpenError, Readers, Setting, Writer};

/// Longest time between two looks of a program that is awake, seconds.
const AWAKE_STEP_SECS: i64 = 90;

/// Silence is kept each time it has lasted so much longer, seconds.
const KEPT_EVERY_SECS: i64 = 600;

/// Before this, nobody asks how many eSIMs ought to have reported; seconds.
const QUIET_FROM_SECS: i64 = 1_800;

/// An eSIM that reported in this time before the last event is one that reports, seconds: of its six reports a day some
/// may be lost.
const REPORTED_WITHIN_SECS: i64 = 86_400;

/// How long a clock that was set back stands there before what it says of earlier times is believed, seconds.
const BELIEVED_AFTER_SECS: i64 = 300;

const DAY_SECS: i64 = 86_400;

/// A clock that is set back by less needs no look at everything, seconds.
const DRIFT_SECS: i64 = 30;

/// What is kept of the silence. All in seconds, UTC.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Silence {
    /// The event since which it lasts.
    heard_at: Option<i64>,
    /// For how long the program was awake in it.
    awake_secs: i64,
    /// When it was found to be too long.
    deaf_since: Option<i64>,
    /// When that was told last, each day anew.
    told_at: Option<i64>,
}

impl Silence {
    /// The same as of now: what a clock told that was ahead was told by now. Which of the days that was stays as it is, or it
    /// would be told as another one.
    fn as_of(self, now: i64) -> Silence {
        let ahead = self.told_at.map_or(0, |at| at.saturating_sub(now).max(0));
        let right = |at: i64| at.saturating_sub(ahead).min(now);
        Silence {
            deaf_since: self.deaf_since.map(right),
            told_at: self.told_at.map(|at| at.min(now)),
            ..self
        }
    }
}

/// What the engine knows of its own hearing and waking. All in seconds, UTC.
#[derive(Debug)]
pub(super) struct Listening {
    silence: Silence,
    /// As it is in the store.
    kept: Silence,
    /// When it last looked.
    looked_at: i64,
    /// When it started or woke.
    woke_at: i64,
    /// When the clock was last set back, by itself, or the program started.
    set_back_at: i64,
    /// It has stood there for a while.
    is_believed: bool,
    /// When deafness was told last in this run, by the clock that nobody can set.
    told_running: Option<i64>,
    /// The last event that shows that the provider reaches this desk.
    pub heard_at: Option<i64>,
}

impl Listening {
    pub(super) fn load(readers: &Readers, now: i64) -> Result<Listening, OpenError> {
        let (kept, heard_at) = readers
            .read(|store| Ok((store.setting(Setting::Silence)?, store.last_heard_at_ms()?)))?;
        // What another version wrote begins anew.
        let kept: Silence = kept
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        Ok(Listening {
            silence: kept,
            kept,
            looked_at: now,
            woke_at: now,
            // The last run's may have been ahead, or this one's is behind.
            set_back_at: now,
            is_believed: false,
            told_running: None,
            heard_at: heard_at.map(|ms| ms.div_euclid(1000)),
        })
    }

    /// Takes note that time has come to `now`, as `time` believes. Returns whether the clock was set back, so that everything
    /// has to be looked at again.
    pub(super) fn listen(&mut self, program: &mut Program, now: i64, time: &SteadyTime) -> bool {
        let listening = self;
        let passed = now.saturating_sub(listening.looked_at);
        if !(-DRIFT_SECS..=AWAKE_STEP_SECS).contains(&passed) {
            listening.woke_at = now;
        }
        let started_at = Some(program.started_at).filter(|at| *at <= now);
        let awake_from = started_at.map_or(listening.looked_at, |at| at.max(listening.looked_at));
        let awake = match passed {
            0..=AWAKE_STEP_SECS => now.saturating_sub(awake_from).max(0),
            _ => 0,
        };
        let silence = &mut listening.silence;
        if silence.heard_at == program.last_received_at {
            silence.awake_secs = silence.awake_secs.saturating_add(awake);
        } else {
            let since = program
                .last_received_at
                .map_or(0, |at| now.saturating_sub(at));
            *silence = Silence {
                heard_at: program.last_received_at,
                awake_secs: since.clamp(0, awake),
                ..Silence::default()
            };
        }
        // One that a clock set which was ahead is not believed; one that is back for minutes only changes nothing.
        if passed < -DRIFT_SECS {
            (listening.set_back_at, listening.is_believed) = (now, false);
        }
        let stands = now.saturating_sub(listening.set_back_at) >= BELIEVED_AFTER_SECS;
        if !time.may_be_later() && stands {
            *silence = silence.as_of(now);
        }
        // Who comes back after days is told then, and no second time a moment later; nor by a clock that leaps ahead.
        let running = time.running_ms().div_euclid(1000);
        let has_passed = |at: i64| running.saturating_sub(at) >= DAY_SECS - DRIFT_SECS;
        let is_another_day = |at: i64| now.saturating_sub(at) >= DAY_SECS;
        if silence.told_at.is_some_and(is_another_day)
            && listening.told_running.is_none_or(has_passed)
        {
            silence.told_at = Some(now);
            listening.told_running = Some(running);
        }
        program.silent_since = now.saturating_sub(silence.awake_secs);
        let silence = silence.as_of(now);
        (program.deaf_since, program.deaf_told_at) = (silence.deaf_since, silence.told_at);
        program.started_at = started_at.map_or(listening.woke_at, |at| at.max(listening.woke_at));
        listening.looked_at = now;
        passed < -DRIFT_SECS
    }

    /// Whether a clock that was set back has stood there for a while as of now, and had not before.
    pub(super) fn comes_to_be_believed(&mut self, now: i64, time: &SteadyTime) -> bool {
        let stands = now.saturating_sub(self.set_back_at) >= BELIEVED_AFTER_SECS;
        let doubted = time.may_be_later() || time.is_settling();
        let comes = stands && !self.is_believed && !doubted;
        self.is_believed |= comes;
        comes
    }

    /// Takes note of whether silence was found, and keeps now and then for how long it lasts.
    pub(super) async fn keep(
        &mut self,
        writer: &Writer,
        program: &mut Program,
        facts: &[Fact],
        now: i64,
        time: &SteadyTime,
    ) {
        let silence = &mut self.silence;
        if facts.iter().any(|fact| fact.rule == Rule::NoEvents) {
            if silence.deaf_since.is_none() {
                self.told_running = Some(time.running_ms().div_euclid(1000));
            }
            let deaf_since = *silence.deaf_since.get_or_insert(now);
            // An earlier version kept nothing of it.
            silence.told_at.get_or_insert(deaf_since);
            (program.deaf_since, program.deaf_told_at) = (silence.deaf_since, silence.told_at);
        }
        let (silence, kept) = (*silence, self.kept);
        let known = match silence.heard_at == kept.heard_at {
            true => kept.awake_secs,
            false => 0,
        };
        let longer = silence.awake_secs.saturating_sub(known) >= KEPT_EVERY_SECS;
        let told = |silence: Silence| (silence.deaf_since, silence.told_at);
        if !longer && (silence.deaf_since.is_none() || told(silence) == told(kept)) {
            return;
        }
        // Plain numbers, which always can be written.
        let text = serde_json::to_string(&silence).unwrap_or_default();
        match writer.set(Setting::Silence, Some(text)).await {
            Ok(()) => self.kept = silence,
            Err(error) => tracing::debug!(%error, "for how long nothing came is kept later"),
        }
    }

    /// How many eSIMs ought to have been heard of, once it has been quiet for a while.
    pub(super) fn count_reporting(&self, readers: &Readers, now: i64) -> Result<i64, OpenError> {
        let silence = self.silence;
        if silence.awake_secs < QUIET_FROM_SECS {
            return Ok(0);
        }
        let heard_at = silence.heard_at.filter(|at| *at <= now).unwrap_or(now);
        let since = heard_at.saturating_sub(REPORTED_WITHIN_SECS);
        readers.read(|store| store.reporting_esims(now, since))
    }
}
