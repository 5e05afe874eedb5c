//! What not every sender tells of eSIMs: data that is added to what ran out, packages that wait for their turn, eSIMs that are
//! sold once more, an end that one report alone tells, and two reports of one second.

use crate::calendar::{DAY, HOUR, MINUTE};
use crate::chance::Chance;

use super::life::{ON_NO_DEVICE, Period, Said, Teller};

/// How much there is of it; percent.
#[derive(Debug, Clone, Default)]
pub struct Odd {
    /// Of packages, those that are used up before their time, and are added to.
    pub refilled: u32,
    /// Of packages, those for which another is bought that begins when they are over.
    pub followed: u32,
    /// Of lives that are over, those of eSIMs that are sold once more.
    pub sold_again: u32,
    /// Of packages, those of which one report says by mistake that they ended.
    pub mistaken: u32,
    /// Of reports, those that are told twice in one second.
    pub twice: u32,
}

impl Odd {
    pub fn of(chance: &mut Chance) -> Odd {
        let mut much = |all: &[u32]| chance.one_of(all);
        Odd {
            refilled: much(&[0, 0, 10, 30]),
            followed: much(&[0, 0, 10, 30]),
            sold_again: much(&[0, 0, 20, 60]),
            mistaken: much(&[0, 0, 20]),
            twice: much(&[0, 0, 5, 20]),
        }
    }
}

/// What is decided of a package when it is first in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    Plain,
    /// It is used up at this time, and has more data from that one on.
    Refilled(i64, i64),
    /// At this time somebody buys the one that follows, which begins so long after its end.
    Followed(i64, i64),
    /// A report of about this time says that it ended.
    Mistaken(i64),
}

impl Teller<'_> {
    /// What becomes of a package that is used until then.
    pub(super) fn odd_course(&mut self, number: usize) -> Course {
        let Period { from, end, .. } = self.periods[number];
        let odd = &self.temper.odd;
        let (chance, few) = (&mut self.odd_chance, number < 2 && self.sold == 1);
        // Always drawn, so that none moves another.
        let [refilled, followed, mistaken] =
            [odd.refilled, odd.followed, odd.mistaken].map(|much| chance.percent(much));
        let long = end - from >= 2 * DAY && end - self.periods[number].start >= 2 * DAY;
        if !long {
            return Course::Plain;
        }
        let first = self.periods[number].start == from;
        if refilled && few && first {
            let at = chance.between(from + 14 * HOUR, end - 24 * HOUR);
            let again = at + chance.between(90 * MINUTE, 8 * HOUR);
            return Course::Refilled(at, again);
        }
        if followed && few {
            let at = chance.between(from + 5 * HOUR, end - 14 * HOUR);
            let gap = chance.one_of(&[0, 0, 20 * HOUR, 2 * DAY]);
            return Course::Followed(at, gap);
        }
        // Who was in use for minutes only may have been told of before that.
        if mistaken && self.temper.flaps == 0 {
            return Course::Mistaken(chance.between(from + 6 * HOUR, end - 10 * HOUR));
        }
        Course::Plain
    }

    /// More data for a package that ran out before its time: its dates stay.
    pub(super) fn refill(&mut self, number: usize, again: i64) -> usize {
        let period = self.periods[number].clone();
        self.periods.push(Period {
            from: again,
            size: period.size + 3000.0,
            begun_in_use: false,
            ..period
        });
        self.periods.len() - 1
    }

    /// What was bought to follow a package is told when it is bought.
    pub(super) fn follow(&mut self, number: usize, at: i64, gap: i64) -> usize {
        let start = self.periods[number].end + gap;
        let next = self.buy(start, gap == 0);
        self.told = Some(next);
        self.status(at, "ACTIVATED");
        self.said.last_mut().unwrap().waits = true;
        self.told = Some(number);
        next
    }

    /// Sold once more, some time after its life was over.
    pub(super) fn sell_again(&mut self) {
        let over = self.said.iter().map(|said| said.so_at_ms).max();
        let over = over.unwrap_or_default().div_euclid(1000);
        let chance = &mut self.odd_chance;
        let again = chance.percent(self.temper.odd.sold_again);
        let sold = over + chance.between(2 * HOUR, 2 * DAY);
        let start = sold + chance.between(3 * HOUR, 9 * DAY);
        let last = self.said.iter().max_by_key(|said| said.so_at_ms);
        let used =
            last.is_some_and(|said| said.status.is_none_or(|it| !ON_NO_DEVICE.contains(&it)));
        let passed = self.periods.iter().all(|period| period.end <= sold);
        if !again || !used || !passed {
            return;
        }
        self.sold += 1;
        let next = self.buy(start.max(sold + 3 * HOUR), false);
        let names_dates = self.odd_chance.percent(50);
        self.told = names_dates.then_some(next);
        self.prepare(sold, start, next);
    }

    /// The same second once more, with less left.
    pub(super) fn say_twice(&mut self, left: f64) {
        let twice = self.odd_chance.percent(self.temper.odd.twice);
        let less = self.odd_chance.between(2, 9) as f64 / 10.0;
        if !twice || left <= less {
            return;
        }
        let last = self.said.last().unwrap().clone();
        self.said.push(Said {
            so_at_ms: last.so_at_ms + 500,
            left: Some(((left - less) * 10.0).round() / 10.0),
            ..last
        });
    }
}
