//! The lives of eSIMs: what becomes of each, and what the sender says of it.

use crate::calendar::{DAY, HOUR, MINUTE};
use crate::chance::Chance;

use super::Temper;
use super::odd::Course;
use super::unheard::Unheard;

pub const ON_NO_DEVICE: [&str; 3] = ["NEW", "READY", "DOWNLOADED"];
pub const ENDED: [&str; 3] = ["EXPIRED", "REVOKED", "DELETED"];

/// How many there are, at least.
const FEWEST: i64 = 16;
const MOST: i64 = 24;

/// A package, and when it may be used.
#[derive(Debug, Clone)]
pub struct Period {
    pub start: i64,
    pub end: i64,
    /// When it is first in use.
    pub from: i64,
    /// MB.
    pub size: f64,
    /// Bought while the one before was in use: nobody activates anything.
    pub begun_in_use: bool,
}

/// One thing that the sender says of an eSIM.
#[derive(Debug, Clone)]
pub struct Said {
    /// When it was so, UTC milliseconds.
    pub so_at_ms: i64,
    /// What it is dated, UTC seconds.
    pub dated: i64,
    /// It is dated behind the end that it was made before.
    pub lags: bool,
    /// `None`: not known or not given.
    pub status: Option<&'static str>,
    pub period: Option<usize>,
    /// An end that was cut short.
    pub cut_to: Option<i64>,
    /// Percent of the package; `None`: a change of status.
    pub left: Option<f64>,
    pub names_id: bool,
    pub names_iccid: bool,
    /// It will neither be lost nor late, if the desk is there.
    pub surely: bool,
    /// When it is sent, if long after it was so; UTC seconds.
    pub held_back_to: Option<i64>,
    /// When it reached the desk first; `None`: never.
    pub known_at: Option<i64>,
    /// It names a package that waits for the one before.
    pub waits: bool,
    /// How often the eSIM was sold by then.
    pub sold: u32,
}

#[derive(Debug, Clone)]
pub struct Life {
    pub number: usize,
    /// Whose ICCID it has: its own, or one that was given again.
    pub iccid_of: usize,
    pub reference: String,
    pub periods: Vec<Period>,
    pub said: Vec<Said>,
    /// Ends are told now a second earlier, now a second later.
    pub wobbles: bool,
}

pub fn of_all(seed: u64, temper: &Temper, begin: i64) -> Vec<Life> {
    let mut chance = Chance::of(seed, 5);
    let count = chance.between(FEWEST, MOST);
    let mut lives: Vec<Life> = Vec::new();
    // Some are of one order: sold and used together.
    let mut party: Option<(i64, i64, String, i64)> = None;
    for number in 0..usize::try_from(count).unwrap() {
        let mut own = Chance::of(seed, 1000 + u64::try_from(number).unwrap());
        let (sales, waits) = match temper.together {
            true => (6 * DAY, 3 * DAY),
            false => (21 * DAY, 9 * DAY),
        };
        let sold = begin + own.between(HOUR, sales);
        let start = sold + own.between(3 * HOUR, waits);
        let mut plan = (sold, start, format!("TRIP-{number}"));
        if let Some((sold, start, reference, left)) = party.take() {
            let start = start + own.between(0, 10 * MINUTE);
            plan = (sold + own.between(0, 30), start, reference.clone());
            if left > 1 {
                party = Some((sold, start, reference, left - 1));
            }
        } else if chance.percent(8) {
            party = Some((sold, start, plan.2.clone(), chance.between(1, 8)));
        }
        let odd = Chance::of(seed, 7000 + u64::try_from(number).unwrap());
        lives.push(Teller::live(number, (own, odd), temper, plan));
    }
    if temper.given_again {
        give_again(&mut chance, &mut lives);
    }
    lives
}

/// The last that is said of an eSIM may come so long after it, once its number is another's.
const LAST_WORD: i64 = 7 * HOUR;

/// The number of an eSIM whose life is over goes to one that is sold hours or days later.
fn give_again(chance: &mut Chance, lives: &mut [Life]) {
    for new in 1..lives.len() {
        let sold = lives[new].said[0].dated;
        let silent_for = |old: &Life| sold - old.said.last().unwrap().so_at_ms.div_euclid(1000);
        let is_free = |old: &usize| {
            let is = |life: &Life| life.iccid_of == *old && life.number != *old;
            let life = &lives[*old];
            life.iccid_of == life.number && silent_for(life) > 2 * HOUR && !lives.iter().any(is)
        };
        let just_over = (0..new).find(|old| is_free(old) && silent_for(&lives[*old]) < LAST_WORD);
        let any = usize::try_from(chance.between(0, i64::try_from(new).unwrap())).unwrap();
        let Some(old) = just_over.or_else(|| Some(any).filter(is_free)) else {
            continue;
        };
        if just_over.is_some() {
            // Who only tells the number tells it of the one that had it then.
            let last = lives[old].said.last_mut().unwrap();
            (last.names_id, last.names_iccid) = (false, true);
            last.held_back_to = Some(sold + chance.between(5, 40) * MINUTE);
        }
        lives[new].iccid_of = old;
        // Or of the one that has it now.
        lives[new].said[0].names_id = true;
        lives[new].said[0].names_iccid = true;
        lives[new].said[0].surely = true;
    }
}

pub(super) struct Teller<'a> {
    chance: Chance,
    pub(super) odd_chance: Chance,
    pub(super) temper: &'a Temper,
    pub(super) periods: Vec<Period>,
    pub(super) said: Vec<Said>,
    /// The period that is told with what is said now.
    pub(super) told: Option<usize>,
    surely: bool,
    /// How often it was sold.
    pub(super) sold: u32,
    /// When a report says by mistake that it ended.
    mistaken: Option<i64>,
}

impl Life {
    /// The first of the packages that the sender tells as one, with a later end each.
    pub fn root(&self, period: usize) -> usize {
        let start = self.periods[period].start;
        let first = self.periods.iter().position(|other| other.start == start);
        first.unwrap_or(period)
    }

    /// The first of the packages with the same dates: to one of them data was added.
    pub fn dated(&self, period: usize) -> usize {
        let dates = |period: &Period| (period.start, period.end);
        let same = |other: &Period| dates(other) == dates(&self.periods[period]);
        self.periods.iter().position(same).unwrap_or(period)
    }
}

impl<'a> Teller<'a> {
    fn live(
        number: usize,
        (chance, odd_chance): (Chance, Chance),
        temper: &'a Temper,
        plan: (i64, i64, String),
    ) -> Life {
        let (sold, start, reference) = plan;
        let mut teller = Teller {
            chance,
            odd_chance,
            temper,
            periods: Vec::new(),
            said: Vec::new(),
            told: None,
            surely: false,
            sold: 1,
            mistaken: None,
        };
        teller.buy(start, false);
        // Some orders name the trip's dates at once, others nothing before the first use.
        teller.told = teller.chance.percent(70).then_some(0);
        teller.prepare(sold, start, 0);
        teller.sell_again();
        teller.said.sort_by_key(|said| said.so_at_ms);
        let names = teller.chance.percent(temper.half_named * 5);
        for place in 0..teller.said.len() {
            if names && teller.chance.percent(30) {
                let said = &mut teller.said[place];
                match teller.chance.percent(50) {
                    true => said.names_id = false,
                    false => said.names_iccid = false,
                }
            }
        }
        Life {
            number,
            iccid_of: number,
            reference,
            periods: teller.periods,
            said: teller.said,
            wobbles: temper.wobbles,
        }
    }

    pub(super) fn buy(&mut self, start: i64, begun_in_use: bool) -> usize {
        let days = match self.temper.together {
            true => [2, 3, 5, 5, 7, 7, 10, 15],
            false => [1, 1, 1, 2, 2, 3, 5, 7],
        };
        let mut days = self.chance.one_of(&days);
        // Two packages that end within hours are one to whoever only hears of their ends.
        let wrong = |end: i64| {
            let near = |period: &Period| (period.end - end).abs() < 3 * HOUR;
            let within = |period: &Period| begun_in_use && end < period.end;
            self.periods
                .iter()
                .any(|period| near(period) || within(period))
        };
        while wrong(start + days * DAY) {
            days += 1;
        }
        self.periods.push(Period {
            start,
            end: start + days * DAY,
            from: start,
            size: self.chance.one_of(&[1000.0, 3000.0, 3000.0, 10_000.0]),
            begun_in_use,
        });
        self.periods.len() - 1
    }

    fn say(&mut self, so_at_ms: i64, status: Option<&'static str>, left: Option<f64>) {
        self.said.push(Said {
            so_at_ms,
            dated: so_at_ms.div_euclid(1000),
            lags: false,
            status,
            period: self.told,
            cut_to: None,
            left,
            names_id: true,
            names_iccid: true,
            surely: self.surely,
            held_back_to: None,
            known_at: None,
            waits: false,
            sold: self.sold,
        });
    }

    pub(super) fn status(&mut self, at: i64, status: &'static str) {
        self.say(at * 1000, Some(status), None);
    }

    /// From the sale to the first use.
    pub(super) fn prepare(&mut self, sold: i64, start: i64, number: usize) {
        self.status(sold, "NEW");
        let share = |percent: i64| sold + (start - sold) * percent / 100;
        for (status, percent) in [("READY", 20), ("DOWNLOADED", 40)] {
            if self.chance.percent(25) {
                let at = share(percent + self.chance.between(0, 15));
                self.status(at, status);
            }
        }
        if self.chance.percent(self.temper.never_installed) {
            return;
        }
        if self.chance.percent(self.temper.same_second) {
            // On the device and in use within one second, which is all that is told.
            self.say(start * 1000 - 1000, Some("INSTALLED"), None);
            let last = self.said.last_mut().unwrap();
            last.dated = start;
        } else if self.chance.percent(90) {
            let at = share(self.chance.between(60, 95));
            self.status(at, "INSTALLED");
        }
        self.use_up(number);
    }

    /// A package from its first use to its end, and what comes after.
    fn use_up(&mut self, number: usize) {
        self.told = Some(number);
        let Period {
            from: start,
            end,
            begun_in_use,
            ..
        } = self.periods[number].clone();
        if !begun_in_use || self.chance.percent(60) {
            self.status(start, "ACTIVATED");
        }
        let course = self.odd_course(number);
        match course {
            Course::Plain => {}
            Course::Refilled(at, again) => {
                self.in_use(number, start, at);
                self.status(at, "EXPIRED");
                let next = self.refill(number, again);
                self.told = Some(next);
                let left = self.in_use(next, again, end);
                return self.ends(next, end, left);
            }
            Course::Followed(at, gap) => {
                self.in_use(number, start, end);
                let next = self.follow(number, at, gap);
                if gap > 0 && !self.odd_chance.percent(30) {
                    let at = end + self.odd_chance.between(0, 20 * MINUTE);
                    self.status(at, "EXPIRED");
                }
                return self.use_up(next);
            }
            Course::Mistaken(at) => {
                self.mistaken = Some(at);
                let left = self.in_use(number, start, end);
                return self.ends(number, end, left);
            }
        }
        let (temper, days) = (self.temper, (end - start) / DAY);
        if days >= 2 && self.chance.percent(temper.withdrawn) {
            return self.withdrawn(number);
        }
        let renewed = number < 2 && days >= 2 && self.chance.percent(temper.top_ups / 4);
        let over = match renewed {
            true => self.chance.between(start + 14 * HOUR, end - 5 * HOUR),
            false => end,
        };
        let left = self.in_use(number, start, over);
        if renewed && (left > 50.0 || temper.little_left) {
            let next = self.buy(over, true);
            return self.use_up(next);
        }
        let over = if renewed {
            self.in_use(number, over, end);
            end
        } else {
            over
        };
        self.ends(number, over, left);
    }

    fn ends(&mut self, number: usize, over: i64, left: f64) {
        if self.chance.percent(self.temper.silent_ends) {
            return;
        }
        let said_at = over + self.chance.between(0, 20 * MINUTE);
        self.status(said_at, "EXPIRED");
        let extended = number < 2 && self.chance.percent(self.temper.top_ups / 2);
        if self.chance.percent(self.temper.flaps / 2) {
            self.say(said_at * 1000 + 5000, Some("ACTIVATED"), None);
            self.say(said_at * 1000 + 9000, Some("EXPIRED"), None);
        } else if !extended {
            // Of a first use that is reported after the end nobody knows when it is extended.
            self.lag(said_at, left);
        }
        // More is bought, and the sender keeps the start.
        if extended {
            let again = said_at + self.chance.between(20 * MINUTE, 30 * HOUR);
            let next = self.buy(again, false);
            self.periods[next].start = self.periods[number].start;
            return self.use_up(next);
        }
        if self.temper.little_left && self.chance.percent(10) {
            self.say((said_at + 4 * HOUR) * 1000, Some("EXPIRED"), Some(0.0));
        }
        if number < 2
            && self.chance.percent(self.temper.top_ups)
            && (left > 50.0 || self.temper.little_left)
        {
            let again = said_at + self.chance.between(13 * HOUR, 3 * DAY);
            let next = self.buy(again, false);
            self.use_up(next);
        } else if self.chance.percent(15) {
            let at = said_at + self.chance.between(6 * HOUR, 3 * DAY);
            let status = self.chance.one_of(&["REVOKED", "DELETED"]);
            self.status(at, status);
        }
    }

    /// A report that was made before an end and is told after it.
    fn lag(&mut self, end: i64, left: f64) {
        if self.chance.percent(self.temper.lagging) {
            self.say((end - 30) * 1000, Some("ACTIVATED"), Some(left));
            let dated = end + self.chance.between(2, 300);
            let said = self.said.last_mut().unwrap();
            (said.dated, said.lags) = (dated, true);
        }
    }

    /// Withdrawn, maybe given back hours later, maybe withdrawn again.
    fn withdrawn(&mut self, number: usize) {
        let Period { from, end, .. } = self.periods[number];
        let mut from = from;
        loop {
            let at = self.chance.between(from + 5 * HOUR, end - 12 * HOUR);
            let left = self.in_use(number, from, at);
            self.status(at, "REVOKED");
            self.lag(at, left);
            if self.chance.percent(self.temper.flaps) {
                let flap = at + self.chance.between(12 * MINUTE, 30 * MINUTE);
                self.say(flap * 1000, Some("INACTIVE"), None);
                self.say(flap * 1000 + 3000, Some("REVOKED"), None);
            }
            let back = at + self.chance.between(HOUR, 7 * HOUR);
            if self.chance.percent(30) || back + 20 * HOUR > end {
                return;
            }
            self.status(back, "ACTIVATED");
            if self.chance.percent(50) {
                let left = self.in_use(number, back, end);
                return self.ends(number, end, left);
            }
            from = back;
        }
    }

    /// Reports every four hours, flaps, and data that is added. Gives what is left.
    fn in_use(&mut self, number: usize, from: i64, to: i64) -> f64 {
        let Period {
            from: start, end, ..
        } = self.periods[number];
        let mut rate = self.chance.between(10, 240) as f64 / (end - start) as f64;
        let more = self
            .chance
            .percent(self.temper.more_data)
            .then(|| self.chance.between(0, 16) * HOUR);
        let hovers = self.temper.wobbles && self.chance.percent(10);
        let unheard = self.temper.added_unheard;
        // Only then, so that no other chance depends on it.
        let unheard = unheard > 0 && self.chance.percent(unheard);
        let mut unheard = unheard.then(|| Unheard::of(&mut self.chance));
        let (mut full_at, mut full, mut empty_at) = (start, 100.0, None);
        let mut left = full;
        let mut at =
            from + 4 * HOUR - (from - start) % (4 * HOUR) + self.chance.between(0, 4 * MINUTE);
        while at < to - 6 * MINUTE {
            left = (full - (at - full_at) as f64 * rate).max(0.0);
            if hovers && left < 20.0 {
                left = self.chance.one_of(&[19.4, 20.2, 19.8, 20.4]);
            }
            left = (left * 10.0).round() / 10.0;
            let status = match self.chance.percent(self.temper.unknown) {
                true => None,
                false => Some("ACTIVATED"),
            };
            let mistaken = self.mistaken.take_if(|mistaken| *mistaken <= at);
            let status = match mistaken {
                Some(_) => Some(self.odd_chance.one_of(&ENDED)),
                None => status,
            };
            self.say(at * 1000, status, Some(left));
            self.say_twice(left);
            if let Some(unheard) = &mut unheard {
                let added = unheard.reported(at, left, &mut self.said, &mut self.chance);
                if added {
                    (full_at, full, rate) = (at, 100.0, unheard.rate);
                }
            } else if left <= 0.0
                && more.is_some_and(|more| at >= *empty_at.get_or_insert(at) + more)
            {
                (full_at, full, empty_at) = (at, self.chance.one_of(&[100.0, 100.0, 60.0]), None);
            }
            at += 4 * HOUR;
        }
        self.drop_out(from, to);
        left
    }

    /// Off and on within seconds, now and then for hours.
    fn drop_out(&mut self, from: i64, to: i64) {
        if !self.chance.percent(self.temper.flaps) {
            return;
        }
        for _ in 0..self.chance.between(1, 5) {
            let mut at_ms = self.chance.between(from + 10 * MINUTE, to - HOUR) * 1000;
            for _ in 0..self.chance.between(1, 4) {
                self.say(at_ms, Some("INACTIVE"), None);
                at_ms += self.chance.between(1, 6) * 1000;
                self.say(at_ms, Some("ACTIVATED"), None);
                at_ms += self.chance.between(1, 6) * 1000;
            }
        }
        if self.chance.percent(30) && to - from > 12 * HOUR {
            let at = self.chance.between(from + HOUR, to - 9 * HOUR);
            self.status(at, "INACTIVE");
            let back = at + self.chance.between(HOUR, 3 * HOUR);
            self.status(back, "ACTIVATED");
        }
    }
}
