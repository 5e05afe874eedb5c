//! The partner's money: it becomes less with every order, warnings come, orders fail, money is added. And what else the sender
//! tells: refunds, and kinds of events that nobody knows.

use std::ops::Range;

use crate::calendar::{DAY, HOUR, MINUTE};
use crate::chance::Chance;

use super::Temper;

/// Below this the sender warns.
pub const THRESHOLD: f64 = 200.0;

/// No order costs more.
pub const MOST_PRICE: f64 = 20.0;

/// One thing that the sender tells of the account.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    Low,
    Failed,
    Added,
    /// In another currency, which has nothing to do with the first.
    AddedElsewhere,
    Refund(usize),
    /// A kind that is not known.
    Novelty(usize),
}

#[derive(Debug, Clone)]
pub struct Happened {
    pub at: i64,
    pub told: Told,
    pub balance: f64,
    /// When it reached the desk first; `None`: never.
    pub known_at: Option<i64>,
}

pub struct Money {
    pub happened: Vec<Happened>,
}

impl Money {
    pub fn of(chance: &mut Chance, temper: &Temper, month: Range<i64>) -> Money {
        let mut money = Money {
            happened: Vec::new(),
        };
        let mut at = month.start + chance.between(HOUR, 4 * DAY);
        while at < month.end - DAY {
            at = money.cycle(chance, temper, at);
            at += chance.between(2 * DAY, 8 * DAY);
        }
        for number in 0..chance.between(0, 5) {
            let at = chance.between(month.start, month.end);
            money.note(at, Told::Refund(usize::try_from(number).unwrap()), 0.0);
        }
        if chance.percent(30) {
            for _ in 0..chance.between(1, 4) {
                let at = chance.between(month.start, month.end);
                let kind = usize::try_from(chance.between(0, 2)).unwrap();
                money.note(at, Told::Novelty(kind), 0.0);
            }
        }
        money
            .happened
            .retain(|happened| month.contains(&happened.at));
        money.happened.sort_by_key(|happened| happened.at);
        money
    }

    /// Balances that are told a little otherwise than they are, and orders that are given back while others fail.
    pub fn wobble(&mut self, chance: &mut Chance, temper: &Temper) {
        let mut back = 0.0;
        for happened in &mut self.happened {
            match happened.told {
                Told::Added => back = 0.0,
                Told::Failed if back == 0.0 && chance.percent(temper.given_back / 3) => {
                    back = chance.between(2, 9) as f64 + 0.5;
                }
                _ => {}
            }
            let mut balance = happened.balance;
            if happened.told == Told::Failed {
                balance += back;
            }
            if temper.rounds_money && matches!(happened.told, Told::Low | Told::Failed) {
                balance += chance.one_of(&[-0.01, 0.0, 0.0, 0.01]);
            }
            happened.balance = (balance * 100.0).round() / 100.0;
        }
    }

    fn note(&mut self, at: i64, told: Told, balance: f64) {
        self.happened.push(Happened {
            at,
            told,
            balance,
            known_at: None,
        });
    }

    /// From a balance that becomes low to one that is high again.
    fn cycle(&mut self, chance: &mut Chance, temper: &Temper, begin: i64) -> i64 {
        let mut at = begin;
        for percent in [100, 75, 50, 25]
            .into_iter()
            .take(usize::try_from(chance.between(1, 5)).unwrap())
        {
            let below = chance.between(1, 9) as f64;
            self.note(
                at,
                Told::Low,
                THRESHOLD * f64::from(percent) / 100.0 - below,
            );
            at += chance.between(5 * MINUTE, 16 * HOUR);
        }
        if chance.percent(10) {
            self.note(at, Told::AddedElsewhere, 900.0);
            at += chance.between(5 * MINUTE, HOUR);
        }
        if chance.percent(60) {
            at = self.orders_fail(chance, temper, at, 3.0);
            if chance.percent(30) {
                at += chance.between(2 * HOUR, 6 * HOUR);
                at = self.orders_fail(chance, temper, at, 2.5);
            }
            // Too little, which the next order uses up.
            if chance.percent(30) {
                at += chance.between(2 * MINUTE, 20 * MINUTE);
                let last = self.happened.last().map_or(at, |last| last.at);
                let at_once = temper.money_at_once && chance.percent(50);
                self.note(if at_once { last } else { at }, Told::Added, 13.0);
                at += chance.between(2 * MINUTE, 20 * MINUTE);
                at = self.orders_fail(chance, temper, at, 12.0);
            }
        }
        at += chance.between(3 * MINUTE, 30 * HOUR);
        self.note(at, Told::Added, 500.0 + chance.between(0, 500) as f64);
        at
    }

    fn orders_fail(&mut self, chance: &mut Chance, temper: &Temper, begin: i64, left: f64) -> i64 {
        let (count, apart) = match (temper.failing_by_hundreds, temper.failing_for_days) {
            (true, _) => (chance.between(100, 130), 10..3 * MINUTE),
            (false, true) => (chance.between(30, 100), 20 * MINUTE..55 * MINUTE),
            (false, false) => (chance.between(1, 5), 10..3 * MINUTE),
        };
        let mut at = begin;
        for _ in 0..count {
            self.note(at, Told::Failed, left);
            at += chance.between(apart.start, apart.end);
        }
        at
    }
}
