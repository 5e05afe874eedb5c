//! A world from a seed: what becomes of some eSIMs and of the money, what the sender says of it, in what office it arrives,
//! and what happens there. Nothing here knows what an alert is.

mod account;
mod life;
mod names;
mod odd;
mod office;
mod sender;
mod unheard;

use std::ops::Range;

use crate::calendar::{DAY, DAYS, MINUTE, Place};
use crate::chance::Chance;

pub use account::{Happened, MOST_PRICE, Money, THRESHOLD, Told};
pub use life::{ENDED, Life, ON_NO_DEVICE, Period, Said};
pub use names::{esim_id, iccid};
pub use office::{Office, Power, SETTLES_AFTER};
pub use sender::Arrival;

/// What there is much of in a world, and what there is none of; percent.
#[derive(Debug, Clone)]
pub struct Temper {
    pub flaps: u32,
    pub wobbles: bool,
    pub late: u32,
    pub lost: u32,
    pub again: u32,
    pub withdrawn: u32,
    pub more_data: u32,
    pub top_ups: u32,
    pub silent_ends: u32,
    pub never_installed: u32,
    pub half_named: u32,
    pub failing_by_hundreds: bool,
    pub failing_for_days: bool,
    /// What was left of the last package when a next one begins.
    pub little_left: bool,
    pub lagging: u32,
    pub unknown: u32,
    pub same_second: u32,
    pub given_again: bool,
    pub from_the_future: bool,
    /// Many are in use in the same days, for long.
    pub together: bool,
    /// Percent of what names an eSIM that is spelled otherwise than usual, or lost on its way through a spreadsheet.
    pub misspelled: u32,
    /// Money comes in the second in which an order failed.
    pub money_at_once: bool,
    /// Percent of the packages to which data is added that is used up again before anybody hears of it.
    pub added_unheard: u32,
    /// Balances are told a cent more or less than they are.
    pub rounds_money: bool,
    /// Percent of the times in which orders fail in which the price of one is given back.
    pub given_back: u32,
    /// What not every sender tells of eSIMs.
    pub odd: odd::Odd,
}

impl Temper {
    fn of(chance: &mut Chance) -> Temper {
        let mut much = |all: &[u32]| chance.one_of(all);
        let (flaps, late, lost, again) = (
            much(&[0, 20, 60]),
            much(&[0, 0, 3, 8]),
            much(&[0, 0, 1, 4]),
            much(&[0, 5, 20]),
        );
        let (withdrawn, more_data, top_ups) =
            (much(&[3, 10, 35]), much(&[0, 20, 60]), much(&[10, 30, 60]));
        let (silent_ends, never_installed, half_named) =
            (much(&[3, 10]), much(&[5, 15]), much(&[0, 0, 10]));
        let (lagging, unknown, same_second) =
            (much(&[0, 20, 50]), much(&[0, 0, 10]), much(&[0, 30]));
        Temper {
            flaps,
            late,
            lost,
            again,
            withdrawn,
            more_data,
            top_ups,
            silent_ends,
            never_installed,
            half_named,
            wobbles: chance.percent(50),
            failing_by_hundreds: chance.percent(3),
            // What comes hours late joins or parts such matters, which nobody can know before.
            failing_for_days: late == 0 && chance.percent(8),
            little_left: chance.percent(60),
            lagging,
            unknown,
            same_second,
            given_again: chance.percent(30),
            from_the_future: chance.percent(10),
            together: false,
            misspelled: 0,
            money_at_once: false,
            added_unheard: 0,
            rounds_money: false,
            given_back: 0,
            odd: odd::Odd::default(),
        }
    }
}

/// What somebody notes of a trip: when, of which order, and the first day.
#[derive(Debug, Clone)]
pub struct Noted {
    pub at: i64,
    pub reference: String,
    pub day: String,
    /// When that day begins where the desk is.
    pub begins: i64,
}

pub struct World {
    pub seed: u64,
    pub begin: i64,
    pub end: i64,
    pub lives: Vec<Life>,
    pub money: Money,
    pub office: Office,
    pub noted: Vec<Noted>,
    /// What reaches the desk, in order.
    pub arrivals: Vec<Arrival>,
}

impl World {
    pub fn of(seed: u64) -> World {
        let mut chance = Chance::of(seed, 0);
        let mut rare = Chance::of(seed, 6);
        let temper = Temper {
            together: rare.percent(15),
            misspelled: rare.one_of(&[0, 0, 10, 30]),
            money_at_once: rare.percent(30),
            added_unheard: rare.one_of(&[0, 0, 30, 60]),
            rounds_money: rare.percent(50),
            given_back: rare.one_of(&[0, 30, 60]),
            odd: odd::Odd::of(&mut Chance::of(seed, 8)),
            ..Temper::of(&mut chance)
        };
        let (place, begin) = Place::somewhere(&mut chance);
        let end = begin + DAYS * DAY;
        let office = Office::of(&mut Chance::of(seed, 1), place, begin);
        let mut lives = life::of_all(seed, &temper, begin);
        let mut money = Money::of(&mut Chance::of(seed, 2), &temper, begin..end);
        money.wobble(&mut Chance::of(seed, 7), &temper);
        let noted = noted(&mut Chance::of(seed, 3), &lives, &office);
        let arrivals = sender::bring(seed, &temper, &mut lives, &mut money, &office, begin..end);
        World {
            seed,
            begin,
            end,
            lives,
            money,
            office,
            noted,
            arrivals,
        }
    }

    pub fn month(&self) -> Range<i64> {
        self.begin..self.end
    }
}

/// Somebody imports a booking list now and then: for some the day on which their package begins, for others another one.
fn noted(chance: &mut Chance, lives: &[Life], office: &Office) -> Vec<Noted> {
    let mut all: Vec<Noted> = Vec::new();
    for life in lives {
        if !chance.percent(15) || all.iter().any(|noted| noted.reference == life.reference) {
            continue;
        }
        let Some(period) = life.periods.first() else {
            continue;
        };
        let at = period.start - chance.between(-DAY, 9 * DAY);
        let Some(at) = office.attended.next(at) else {
            continue;
        };
        let at = at + chance.between(MINUTE, 30 * MINUTE);
        if !office.awake.has(at) {
            continue;
        }
        let begins_at = match chance.percent(70) {
            true => period.start,
            false => period.start + chance.one_of(&[-4, 4, 6]) * DAY,
        };
        let day = office.place.local(begins_at).date();
        all.push(Noted {
            at,
            reference: life.reference.clone(),
            day: day.to_string(),
            begins: office.place.at(day, 0),
        });
    }
    all.sort_by_key(|noted| noted.at);
    all
}
