//! The deliveries that a desk would get: lives of many eSIMs told at the same time, with what
//! concerns the account in between, some of it twice, some of it late.
//!
//! Pure: a [`Plan`] in, deliveries out, without end and without a clock. It must not know of HTTP.

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::account::Account;
use super::cast::Cast;
use super::delivery::{Arrival, Delivery, Kind};
use crate::deck::Deck;

/// What decides the traffic.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// How many eSIMs there are.
    pub esims: u32,
    /// Deliveries per second: how fast the clock of the events goes on from one to the next.
    pub rate: f64,
    /// Same seed, same deliveries in the same order.
    pub seed: u64,
    /// Seconds since the epoch at the first delivery; all times are counted from here.
    pub base: i64,
}

#[derive(Debug, Clone, Copy, Default)]
enum Card {
    /// An eSIM that was not heard of before.
    Begin,
    /// The next step of what happened before the run.
    #[default]
    Past,
    /// Something that happens now.
    Now,
    Balance,
    Order,
    Refund,
    UnheardCategory,
    UnheardType,
    UnheardStatus,
}

/// When a delivery is sent again.
#[derive(Debug, Clone, Copy, Default)]
enum Again {
    #[default]
    Never,
    /// Nearly at once, as when an answer is lost.
    Soon,
    /// Some seconds later.
    Later,
    /// Some seconds later, and again after twice that time.
    Twice,
}

/// The endless, seeded iterator of deliveries.
#[derive(Debug)]
pub struct Traffic {
    plan: Plan,
    rng: StdRng,
    count: u64,
    cast: Cast,
    /// Deliveries to be sent again, by the number of the delivery that they take the place of.
    repeats: BTreeMap<(u64, u64), Delivery>,
    cards: Deck<Card>,
    agains: Deck<Again>,
    account: Account,
}

impl Traffic {
    /// The traffic of `plan`, from its beginning.
    #[must_use]
    pub fn new(plan: Plan) -> Self {
        Self {
            rng: StdRng::seed_from_u64(plan.seed),
            count: 0,
            cast: Cast::new(plan.esims, plan.base),
            repeats: BTreeMap::new(),
            cards: Deck::new(&[
                (8, Card::Begin),
                (23, Card::Past),
                (6, Card::Now),
                (1, Card::Balance),
                (1, Card::Order),
                (1, Card::Refund),
                (1, Card::UnheardCategory),
                (1, Card::UnheardType),
                (1, Card::UnheardStatus),
            ]),
            agains: Deck::new(&[
                (25, Again::Never),
                (1, Again::Soon),
                (1, Again::Later),
                (1, Again::Twice),
            ]),
            account: Account::new(plan.base),
            plan,
        }
    }

    /// How many eSIMs have been heard of.
    #[must_use]
    pub fn esims_begun(&self) -> u32 {
        self.cast.begun()
    }

    /// Plays a card, or what comes closest to it. Orders never run out.
    fn play(&mut self, card: Card, now: i64) -> Delivery {
        let Self {
            cast, account, rng, ..
        } = self;
        let esim_told = match card {
            Card::Begin => cast
                .begin(rng)
                .or_else(|| cast.past(rng))
                .or_else(|| cast.happening(rng, now)),
            Card::Past => cast
                .past(rng)
                .or_else(|| cast.begin(rng))
                .or_else(|| cast.happening(rng, now)),
            Card::Now => cast
                .happening(rng, now)
                .or_else(|| cast.past(rng))
                .or_else(|| cast.begin(rng)),
            Card::UnheardStatus => cast.unheard_status(rng, now).or_else(|| cast.past(rng)),
            _ => None,
        };
        if let Some(delivery) = esim_told {
            return delivery;
        }
        let (body, kind) = match (card, cast.recent(rng)) {
            (Card::Balance, _) => (account.balance(rng, now), Kind::Balance),
            (Card::Refund, Some(esim)) => (account.refund(rng, now, esim), Kind::Refund),
            (Card::UnheardCategory, Some(esim)) => {
                (account.unheard_category(rng, now, esim), Kind::Unheard)
            }
            (Card::UnheardType, Some(esim)) => {
                (account.unheard_type(rng, now, esim), Kind::Unheard)
            }
            _ => (account.order(rng, now), Kind::Order),
        };
        Delivery {
            body,
            kind,
            arrival: Arrival::InTurn,
        }
    }

    fn send_again(&mut self, delivery: &Delivery) {
        let seconds = self.rng.random_range(2.0..6.0);
        let later = ((seconds * self.plan.rate) as u64).max(1);
        let soon = self.rng.random_range(1..=5);
        let waits = match self.agains.draw(&mut self.rng) {
            Again::Never => return,
            Again::Soon => vec![soon],
            Again::Later => vec![later],
            Again::Twice => vec![later, 3 * later],
        };
        for wait in waits {
            let copy = Delivery {
                arrival: Arrival::Repeat,
                ..delivery.clone()
            };
            self.repeats.insert((self.count + wait, self.count), copy);
        }
    }
}

impl Iterator for Traffic {
    type Item = Delivery;

    /// Always some.
    fn next(&mut self) -> Option<Delivery> {
        self.count += 1;
        let due = self
            .repeats
            .first_entry()
            .filter(|first| first.key().0 <= self.count);
        if let Some(repeat) = due {
            return Some(repeat.remove());
        }
        let now = ((self.count - 1) as f64 / self.plan.rate) as i64;
        let card = self.cards.draw(&mut self.rng);
        let delivery = self.play(card, now);
        self.send_again(&delivery);
        Some(delivery)
    }
}
