//! For how long the program has heard nothing while it was awake. Kept in the store now and then, so that sleeps and
//! restarts don't begin it anew.

use serde::{Deserialize, Serialize};

use crate::alert::{Fact, Program, Rule};
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
    /// When the clock was last set back, by itself.
    set_back_at: i64,
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
            set_back_at: i64::MIN,
            heard_at: heard_at.map(|ms| ms.div_euclid(1000)),
        })
    }

    /// Takes note that time has come to `now`. Returns whether the clock was set back, so that everything has to be
    /// looked at again.
    pub(super) fn listen(&mut self, program: &mut Program, now: i64) -> bool {
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
                deaf_since: None,
            };
        }
        // One that a clock set which was ahead is not believed; one that is back for minutes only changes nothing.
        if passed < -DRIFT_SECS {
            listening.set_back_at = now;
        }
        if now.saturating_sub(listening.set_back_at) >= BELIEVED_AFTER_SECS {
            silence.deaf_since = silence.deaf_since.map(|at| at.min(now));
        }
        program.silent_since = now.saturating_sub(silence.awake_secs);
        program.deaf_since = silence.deaf_since.map(|at| at.min(now));
        program.started_at = started_at.map_or(listening.woke_at, |at| at.max(listening.woke_at));
        listening.looked_at = now;
        passed < -DRIFT_SECS
    }

    /// Takes note of whether silence was found, and keeps now and then for how long it lasts.
    pub(super) async fn keep(
        &mut self,
        writer: &Writer,
        program: &mut Program,
        facts: &[Fact],
        now: i64,
    ) {
        let silence = &mut self.silence;
        if facts.iter().any(|fact| fact.rule == Rule::NoEvents) {
            silence.deaf_since.get_or_insert(now);
            program.deaf_since = silence.deaf_since;
        }
        let (silence, kept) = (*silence, self.kept);
        let known = match silence.heard_at == kept.heard_at {
            true => kept.awake_secs,
            false => 0,
        };
        let longer = silence.awake_secs.saturating_sub(known) >= KEPT_EVERY_SECS;
        if !longer && (silence.deaf_since.is_none() || silence.deaf_since == kept.deaf_since) {
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
