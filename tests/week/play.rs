//! Plays a week: absences, and after each of them catching up until nothing is missing.

use std::path::Path;
use std::sync::Arc;

use esim_watch_core::catch_up::{CatchUp, CatchUpProgress, CaughtUp};
use esim_watch_core::inbox::KNOWN_WITHIN_MS;
use esim_watch_core::message::Message;
use esim_watch_core::provider::{ApiAccess, DEFAULT, DEFAULT_RATE, RequestPace};
use esim_watch_core::secret::Secret;
use esim_watch_tools::stand_in::World;
use tokio::sync::watch;

use crate::check;
use crate::desk::{Answered, Desk, Shown};
use crate::line::{Line, allow_readings, clock};
use crate::plan::{DAY, Mishap, Week};

/// After one that missed something, so long it takes until the next, in seconds; twice as long each time. As in the program.
const AGAIN_AFTER: i64 = 4;

/// So often one may miss something before that is an error of its own.
const MOST_ATTEMPTS: usize = 16;

/// For so long the desk that hears everything is played on.
const AFTERWARDS: i64 = DAY;

/// What came of a week.
#[derive(Default)]
pub struct Story {
    pub wrong: Vec<String>,
    pub catch_ups: usize,
    pub killed: usize,
    pub missing: usize,
    pub requests: u64,
    pub found: u64,
    pub new: u64,
    pub told: usize,
    /// Notifications of each absence, until all was caught up.
    pub notices: Vec<usize>,
}

/// What became of one catch-up.
enum Ended {
    Killed,
    Done(CaughtUp),
}

struct Play<'a> {
    week: &'a Week,
    world: &'a World,
    line: Arc<Line>,
    story: Story,
    number: u64,
}

/// Plays it, and compares what was told with what a desk is told that hears everything at once.
pub async fn play(week: &Week, dir: &Path) -> Story {
    let world = Arc::new(World::of(week.world));
    let desk_dir = dir.join("desk");
    let desk = Desk::new(week, &world, &desk_dir);
    let mut play = Play {
        week,
        world: &world,
        line: Line::new(desk),
        story: Story::default(),
        number: 0,
    };
    play.line.desk.lock().await.start();
    play.caught_up().await;
    for absence in &week.absences {
        let mut desk = play.line.desk.lock().await;
        desk.pass(absence.from * 1000).await;
        if desk.now() >= absence.to {
            continue;
        }
        match absence.asleep {
            true => desk.doze().await,
            false => desk.stop().await,
        }
        desk.pass(absence.to * 1000).await;
        match absence.asleep {
            true => desk.wake(),
            false => desk.start(),
        }
        drop(desk);
        play.caught_up().await;
        if !play.story.wrong.is_empty() {
            break;
        }
    }
    let mut desk = play.line.desk.lock().await;
    let shown = std::mem::take(&mut desk.shown);
    let taken = std::mem::take(&mut desk.taken);
    let asked = std::mem::take(&mut desk.asked);
    let ended_at = desk.now();
    desk.stop().await;
    drop(desk);
    let mut story = play.story;
    story.told = shown.iter().map(|shown| shown.told.len()).sum();
    if story.wrong.is_empty() {
        let all = that_hears_all(week, &world, &dir.join("all"), ended_at + AFTERWARDS).await;
        let told = check::Told {
            shown: &shown,
            taken: &taken,
            asked: &asked,
        };
        check::told(week, &world, &told, &all, &mut story.wrong);
    }
    story
}

/// What a desk is told that hears every webhook when it is sent.
async fn that_hears_all(week: &Week, world: &Arc<World>, dir: &Path, until: i64) -> Vec<Shown> {
    let mut desk = Desk::that_hears_all(week, world, dir);
    desk.start();
    desk.pass(until * 1000).await;
    let shown = std::mem::take(&mut desk.shown);
    desk.stop().await;
    shown
}

impl Play<'_> {
    /// Catches up until nothing is missing, and sees whether that is true.
    async fn caught_up(&mut self) {
        let (shown_before, back_ms) = {
            let mut desk = self.line.desk.lock().await;
            desk.answered = Answered::default();
            (desk.shown.len(), desk.back_ms)
        };
        let mut again_after = AGAIN_AFTER;
        // Until somebody has done something it is told what is known.
        let mut waited_for_somebody = false;
        let mut was_killed = false;
        let mut problems = Vec::new();
        for _ in 0..MOST_ATTEMPTS {
            self.number += 1;
            let ended = self.once().await;
            self.story.catch_ups += 1;
            let mut desk = self.line.desk.lock().await;
            let done = match ended {
                Ended::Killed => {
                    self.story.killed += 1;
                    was_killed = true;
                    desk.stop().await;
                    if let Mishap::EndedAtRequest(_, seconds) = desk.mishap {
                        let until_ms = desk.at_ms + seconds * 1000;
                        desk.pass(until_ms).await;
                        desk.answered = Answered::default();
                    }
                    desk.start();
                    continue;
                }
                Ended::Done(done) => done,
            };
            self.story.requests += done.requests;
            self.story.found += done.found;
            self.story.new += done.new;
            desk.heal();
            let wrong = &mut self.story.wrong;
            check::nothing_false(self.world, &desk, wrong);
            // Where lists end before their end nobody knows whether that is all: it is told each time.
            let is_cut = |problem: &Message| {
                matches!(problem.key.as_str(), "api.error.cut" | "api.error.unlisted")
            };
            let may_be_cut = self.week.quirks.most_rows.is_some();
            if done.problems.is_empty() || may_be_cut && done.problems.iter().all(is_cut) {
                check::nothing_missing(self.week, self.world, &desk, &done, wrong);
                // What happened in the absence is told, once.
                desk.knows_all().await;
                let at_ms = desk.at_ms;
                desk.pass(at_ms + 1_000).await;
                desk.progress = None;
                let shown = &desk.shown[shown_before..];
                let quick = at_ms - back_ms < KNOWN_WITHIN_MS;
                let undisturbed = !waited_for_somebody && !was_killed;
                let back = back_ms.div_euclid(1000);
                let reached_ms = desk.reached_ms.unwrap_or(at_ms);
                let reached = reached_ms.div_euclid(1000);
                let told = check::told_of_absence(shown, back, reached, &mut self.story.wrong);
                let (count, most) = match quick && !waited_for_somebody {
                    true => (shown.len(), 1_i64),
                    // What was known when nobody waited any longer, and what was told then, every so many minutes.
                    false if undisturbed => {
                        (told, 2 + at_ms.saturating_sub(reached_ms) / KNOWN_WITHIN_MS)
                    }
                    false => (0, 0),
                };
                if i64::try_from(count).unwrap() > most {
                    let told = format!("{count} notifications of one absence: {shown:?}");
                    self.story.wrong.push(told);
                }
                self.story.notices.push(shown.len());
                return;
            }
            self.story.missing += 1;
            problems = done.problems.iter().map(Message::english).collect();
            waited_for_somebody |= done.again_after_secs.is_none();
            if desk.mishap.rotates() {
                desk.paste_token();
            }
            let at_ms = desk.at_ms;
            desk.pass(at_ms + again_after * 1000).await;
            again_after = (again_after * 2).min(3_600);
        }
        let told =
            format!("{MOST_ATTEMPTS} catch-ups in a row missed something, the last: {problems:?}");
        self.story.wrong.push(told);
    }

    async fn once(&mut self) -> Ended {
        let mishap = self.week.mishap(self.number);
        let (progress, seen) = watch::channel(CatchUpProgress::default());
        let (catch_up, access) = {
            let mut desk = self.line.desk.lock().await;
            desk.answered.list = None;
            desk.requests = 0;
            desk.mishap = mishap;
            desk.progress = Some(seen);
            match mishap {
                Mishap::Full(after) => desk.fill_disk(after),
                Mishap::Cut(seconds) => desk.cut_network(seconds),
                _ => {}
            }
            let catch_up = CatchUp {
                provider: DEFAULT,
                readers: desk.store().readers().clone(),
                writer: desk.store().writer().clone(),
                clock,
                told: desk.told.clone(),
                presence: desk.presence(),
                on_write: Arc::new(|_| {}),
            };
            let access = ApiAccess {
                base: None,
                token: Secret::new(&desk.token).unwrap(),
                rate: DEFAULT_RATE,
                requests: Arc::default(),
                pace: RequestPace::default(),
                goes_first: false,
                answered: watch::Sender::default(),
                line: Some(Arc::clone(&self.line) as _),
            };
            desk.answering = Some(access.answered.subscribe());
            (catch_up, access)
        };
        self.line.lives();
        allow_readings(match mishap {
            Mishap::KilledAtWrite(at) => at.into(),
            _ => i64::MAX,
        });
        let (_cancel, cancelled) = watch::channel(false);
        let mut run = std::pin::pin!(catch_up.run(Ok(access), None, cancelled, &progress));
        let line = Arc::clone(&self.line);
        let ended = std::future::poll_fn(|cx| {
            let polled = run.as_mut().poll(cx);
            if line.is_killed() {
                return std::task::Poll::Ready(Ended::Killed);
            }
            polled.map(Ended::Done)
        });
        let ended = ended.await;
        allow_readings(i64::MAX);
        ended
    }
}
