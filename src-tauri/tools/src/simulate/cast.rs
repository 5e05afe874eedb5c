//! The eSIMs of a run and where each of them stands: which one tells its next step, and when one
//! that has told everything gets something new to tell.
//!
//! Holds the eSIMs that still have something to tell and nothing of what was told. It must not
//! know of what else is delivered, or sent twice.

use std::collections::VecDeque;

use rand::RngExt;
use rand::rngs::StdRng;

use super::account::Orders;
use super::delivery::{Arrival, Delivery, Kind};
use super::esim::{Esim, Status, Step, What};
use super::fate::Fate;
use super::lifecycle;
use crate::deck::{Deck, pick};
use crate::identity::{Identity, iccid, uuid};
use crate::wire::Style;

/// Most stories are told by this many eSIMs, the earliest begun, so that they come to their ends.
const FRONT: usize = 10;
/// So many eSIMs are in the middle of something that happens during the run.
const BUSY: usize = 8;
/// So many eSIMs, the latest begun, are those that other events are about.
const RECENT: usize = 32;
/// An eSIM that ends within so many seconds of the clock base is told to end as soon as it does.
const ENDING: i64 = 300;

/// All eSIMs that there are, or will be.
#[derive(Debug)]
pub(super) struct Cast {
    esims: u32,
    begun: u32,
    /// eSIMs whose past is being told, about in the order in which they began.
    past: VecDeque<Esim>,
    /// eSIMs in the middle of something that happens now.
    busy: Vec<Esim>,
    /// Living eSIMs with nothing to tell.
    resting: Vec<Esim>,
    /// Those of them that end within minutes.
    ending: Vec<Esim>,
    recent: VecDeque<Identity>,
    teller: Teller,
    fates: Deck<Fate>,
    orders: Orders,
}

impl Cast {
    /// `esims` of them; `base` is the clock base in seconds since the epoch.
    pub(super) fn new(esims: u32, base: i64) -> Self {
        Self {
            esims,
            begun: 0,
            past: VecDeque::new(),
            busy: Vec::new(),
            resting: Vec::new(),
            ending: Vec::new(),
            recent: VecDeque::new(),
            fates: Fate::deck(),
            teller: Teller {
                base,
                styles: Style::deck(),
            },
            orders: Orders::new(base),
        }
    }

    /// How many eSIMs have been heard of.
    pub(super) fn begun(&self) -> u32 {
        self.begun
    }

    /// An eSIM that was heard of lately.
    pub(super) fn recent(&self, rng: &mut StdRng) -> Option<&Identity> {
        self.recent
            .get(rng.random_range(0..RECENT.min(self.recent.len().max(1))))
    }

    /// The first word of another eSIM.
    pub(super) fn begin(&mut self, rng: &mut StdRng) -> Option<Delivery> {
        if self.begun >= self.esims {
            return None;
        }
        let (reference, ordered) = self.orders.next(rng);
        let identity = Identity {
            esim_id: uuid(rng),
            iccid: iccid(rng, self.begun),
            reference,
        };
        self.begun += 1;
        self.recent.push_back(identity.clone());
        if self.recent.len() > RECENT {
            self.recent.pop_front();
        }
        let fate = self.fates.draw(rng);
        let mut esim = lifecycle::past(rng, identity, fate, ordered);
        let told = self.teller.tell(rng, &mut esim);
        self.past.push_back(esim);
        told
    }

    /// The next step of some eSIM's past. One with nothing left to tell leaves the queue.
    pub(super) fn past(&mut self, rng: &mut StdRng) -> Option<Delivery> {
        while !self.past.is_empty() {
            let among = match rng.random_ratio(3, 4) {
                true => self.past.len().min(FRONT),
                false => self.past.len(),
            };
            let place = rng.random_range(0..among);
            let esim = self.past.get_mut(place)?;
            let told = self.teller.tell(rng, esim);
            if esim.steps.is_empty() {
                // Nearly keeps the order, and takes the same time however many there are.
                let done = match place < FRONT {
                    true => self.past.swap_remove_front(place),
                    false => self.past.swap_remove_back(place),
                };
                done.into_iter().for_each(|esim| self.rest(esim));
            }
            if told.is_some() {
                return told;
            }
        }
        None
    }

    /// Something that happens to an eSIM now.
    pub(super) fn happening(&mut self, rng: &mut StdRng, now: i64) -> Option<Delivery> {
        if self.busy.is_empty() || (self.busy.len() < BUSY && rng.random_bool(0.5)) {
            let may_end = self.resting.len() > self.esims as usize / 4;
            if let Some(mut esim) = self.rested(rng, now) {
                if lifecycle::happen(rng, &mut esim, now, may_end) {
                    self.busy.push(esim);
                } else {
                    self.rest(esim);
                }
            }
        }
        self.go_on(rng)
    }

    /// A status that nobody announced.
    pub(super) fn unheard_status(&mut self, rng: &mut StdRng, now: i64) -> Option<Delivery> {
        let mut esim = self.rested(rng, now)?;
        let word = pick(rng, &["SUSPENDED", "PENDING_ACTIVATION", "roaming-blocked"]);
        let told = (now > esim.last_at).then(|| esim.push(now, What::Unheard(word)));
        let told = told.and_then(|()| self.teller.tell(rng, &mut esim));
        self.rest(esim);
        told
    }

    /// Takes a living eSIM with nothing to tell: first of all one that is past its end.
    fn rested(&mut self, rng: &mut StdRng, now: i64) -> Option<Esim> {
        let over = |esim: &Esim| esim.end().is_some_and(|end| end <= now);
        if let Some(place) = self.ending.iter().position(over) {
            return Some(self.ending.swap_remove(place));
        }
        (!self.resting.is_empty()).then(|| {
            let place = rng.random_range(0..self.resting.len());
            self.resting.swap_remove(place)
        })
    }

    /// The next step of an eSIM in the middle of something.
    fn go_on(&mut self, rng: &mut StdRng) -> Option<Delivery> {
        if self.busy.is_empty() {
            return None;
        }
        let place = rng.random_range(0..self.busy.len());
        let mut esim = self.busy.swap_remove(place);
        let told = self.teller.tell(rng, &mut esim);
        if esim.steps.is_empty() {
            self.rest(esim);
        } else {
            self.busy.push(esim);
        }
        told
    }

    /// Puts an eSIM aside that has told everything, or forgets it if nothing can follow.
    fn rest(&mut self, esim: Esim) {
        if !esim.is_alive() {
            return;
        }
        if esim.end().is_some_and(|end| end < ENDING) {
            self.ending.push(esim);
        } else {
            self.resting.push(esim);
        }
    }
}

/// Puts steps into words.
#[derive(Debug)]
struct Teller {
    base: i64,
    styles: Deck<Style>,
}

impl Teller {
    /// How to tell `step`. The first word of an eSIM has both its names: nothing else would ever
    /// join those that only have one of them.
    fn style(&mut self, rng: &mut StdRng, step: Step) -> Style {
        let style = self.styles.draw(rng);
        if !style.names_half() || step.what != What::Status(Status::New) {
            return style;
        }
        let other = self.styles.draw(rng);
        self.styles.put_back(style);
        if other.names_half() {
            Style::Nested
        } else {
            other
        }
    }

    fn tell(&mut self, rng: &mut StdRng, esim: &mut Esim) -> Option<Delivery> {
        let step = esim.steps.pop_front()?;
        let style = self.style(rng, step);
        Some(Delivery {
            body: esim.tell(step, style, self.base),
            kind: match step.what {
                What::Status(_) => Kind::Status,
                What::Unheard(_) => Kind::Unheard,
                What::Usage(_) => Kind::Usage,
            },
            arrival: if step.late {
                Arrival::Late
            } else {
                Arrival::InTurn
            },
        })
    }
}
