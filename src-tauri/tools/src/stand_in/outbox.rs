//! What waits to be sent, when, and how often it was tried. Pure: somebody else posts, and says what came of it.
//!
//! What got no answer in time is sent again, three times at the most and after longer and longer waits; then it is given
//! up for ever. What was answered otherwise than asked for is not sent again unless that is wanted: nobody promises it.

use std::collections::{BTreeMap, BTreeSet};

use super::faults::{Faults, PostFault};
use super::letters::Letter;

/// How long is waited after the first, second and third failure, in seconds.
const WAITS: [i64; 3] = [60, 300, 1_800];

/// Between the two tellings of what is repeated, in seconds.
const AGAIN_AFTER: i64 = 40;

/// What is out of order leaves so long after the next one about the same eSIM, at most this late.
const BEHIND: i64 = 1;
const MOST_BEHIND: i64 = 6 * 3_600;

/// One attempt to send one letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sending {
    /// Its place among the letters.
    pub letter: usize,
    /// When it is due, UTC seconds.
    pub due: i64,
    /// How often it was tried before.
    pub tried: usize,
    /// Whether what goes wrong with it was decided.
    decided: bool,
}

/// What came of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was answered as the documentation asks for.
    Taken,
    /// It was answered otherwise.
    Refused,
    /// No answer came in time.
    Unanswered,
}

/// What became of letters so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PostReport {
    /// Attempts made.
    pub sent: usize,
    /// Attempts that were answered as asked for.
    pub taken: usize,
    /// Attempts that were answered otherwise.
    pub refused: usize,
    /// Attempts that were not answered in time.
    pub unanswered: usize,
    /// Letters that were repeated on purpose.
    pub repeated: usize,
    /// Letters that were held back on purpose.
    pub held_back: usize,
    /// Letters that never arrived and never will: lost on purpose, refused, or given up. Their places among the letters.
    pub never_told: BTreeSet<usize>,
}

/// What waits to be sent; see the module.
#[derive(Debug)]
pub struct Outbox {
    letters: Vec<Letter>,
    waiting: BTreeMap<(i64, usize), Sending>,
    /// Letters that arrived.
    told: BTreeSet<usize>,
    next: usize,
    /// Attempts in the order in which they were asked for.
    serial: usize,
    /// Whether what was refused is sent again, too.
    pub repeats_refused: bool,
    report: PostReport,
}

impl Outbox {
    /// All of these, in the order of time.
    #[must_use]
    pub fn of(letters: Vec<Letter>) -> Outbox {
        Outbox {
            serial: letters.len(),
            letters,
            waiting: BTreeMap::new(),
            told: BTreeSet::new(),
            next: 0,
            repeats_refused: false,
            report: PostReport::default(),
        }
    }

    /// Every letter, sent or not.
    #[must_use]
    pub fn letters(&self) -> &[Letter] {
        &self.letters
    }

    /// What became of them so far.
    #[must_use]
    pub fn report(&self) -> &PostReport {
        &self.report
    }

    /// When the next one is due.
    #[must_use]
    pub fn next_due(&self) -> Option<i64> {
        let fresh = self.letters.get(self.next).map(|letter| letter.at);
        let waiting = self.waiting.keys().next().map(|(due, _)| *due);
        fresh.into_iter().chain(waiting).min()
    }

    /// The next one that is due by then, unless what goes wrong keeps it.
    pub fn take(&mut self, until: i64, faults: &mut Faults) -> Option<Sending> {
        loop {
            let sending = self.first(until)?;
            let fault = match sending.decided {
                false => faults.of_post(sending.due),
                true => None,
            };
            let decided = Sending {
                decided: true,
                ..sending
            };
            match fault {
                None => {}
                Some(PostFault::Lost) => {
                    self.give_up(sending);
                    continue;
                }
                Some(PostFault::Late(seconds)) => {
                    self.report.held_back += 1;
                    self.wait(decided, sending.due + seconds);
                    continue;
                }
                Some(PostFault::Disordered) => {
                    self.report.held_back += 1;
                    self.wait(decided, self.behind_the_next(sending));
                    continue;
                }
                Some(PostFault::Repeated) => {
                    self.report.repeated += 1;
                    self.wait(decided, sending.due + AGAIN_AFTER);
                }
            }
            self.report.sent += 1;
            return Some(decided);
        }
    }

    /// What came of one that was taken.
    pub fn came_of(&mut self, sending: Sending, outcome: Outcome) {
        let again = match outcome {
            Outcome::Taken => {
                self.report.taken += 1;
                self.told.insert(sending.letter);
                self.report.never_told.remove(&sending.letter);
                return;
            }
            Outcome::Refused => {
                self.report.refused += 1;
                self.repeats_refused
            }
            Outcome::Unanswered => {
                self.report.unanswered += 1;
                true
            }
        };
        match WAITS.get(sending.tried).filter(|_| again) {
            Some(wait) => {
                let again = Sending {
                    tried: sending.tried + 1,
                    ..sending
                };
                self.wait(again, sending.due + wait);
            }
            None => self.give_up(sending),
        }
    }

    fn give_up(&mut self, sending: Sending) {
        if !self.told.contains(&sending.letter) {
            self.report.never_told.insert(sending.letter);
        }
    }

    /// Forgets what is due by then: nobody is told.
    pub fn skip(&mut self, until: i64) {
        while let Some(sending) = self.first(until) {
            self.give_up(sending);
        }
    }

    fn first(&mut self, until: i64) -> Option<Sending> {
        let due = self.next_due().filter(|due| *due <= until)?;
        let fresh = self.letters.get(self.next).filter(|it| it.at == due);
        if fresh.is_some() {
            self.next += 1;
            return Some(Sending {
                letter: self.next - 1,
                due,
                tried: 0,
                decided: false,
            });
        }
        self.waiting.pop_first().map(|(_, sending)| sending)
    }

    fn wait(&mut self, sending: Sending, due: i64) {
        self.serial += 1;
        self.waiting
            .insert((due, self.serial), Sending { due, ..sending });
    }

    fn behind_the_next(&self, sending: Sending) -> i64 {
        let own = self.letters.get(sending.letter).and_then(|it| it.esim);
        let mut later = self.letters.iter().skip(sending.letter + 1);
        let next = later.find(|letter| letter.esim == own && letter.at > sending.due);
        let next = next.map_or(sending.due, |letter| letter.at);
        next.min(sending.due + MOST_BEHIND) + BEHIND
    }
}

#[cfg(test)]
mod tests;
