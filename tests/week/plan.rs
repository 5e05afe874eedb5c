//! What a seed decides: the world, when the desk is there, what is lost on the way and what goes wrong at the desk. Plain
//! data; the same seed gives the same week on every machine.

use esim_watch_tools::stand_in::{Envelope, Quirks, WorldPlan};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

pub const MINUTE: i64 = 60;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

/// A Monday, UTC.
const MONDAY: i64 = 1_795_996_800;

/// So many days before the program is installed webhooks are sent that nobody takes.
const DAYS_BEFORE: i64 = 6;

/// How many eSIMs most weeks have, and every so many weeks as many as a desk really has.
const SMALL: (i64, i64) = (8, 40);
const LARGE: u32 = 500;
const LARGE_EVERY: u64 = 100;

/// One stream of chance. Each part of a week has its own, so that a change of one moves no other.
pub struct Chance(StdRng);

impl Chance {
    pub fn of(seed: u64, stream: u64) -> Chance {
        let mixed =
            seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ stream.wrapping_mul(0xd1b5_4a32_d192_ed03);
        Chance(StdRng::seed_from_u64(mixed))
    }

    /// From the first up to, not including, the second.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        self.0.random_range(from..to.max(from + 1))
    }

    pub fn percent(&mut self, percent: u32) -> bool {
        self.0.random_range(0..100u32) < percent
    }

    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        let place = self.between(0, i64::try_from(all.len()).unwrap());
        all[usize::try_from(place).unwrap()]
    }
}

/// A time in which nobody listens.
#[derive(Debug, Clone, Copy)]
pub struct Absence {
    pub from: i64,
    pub to: i64,
    /// The computer sleeps; otherwise the program ends and is started again.
    pub asleep: bool,
}

/// A time in which the desk's clock is wrong.
#[derive(Debug, Clone, Copy)]
pub struct WrongClock {
    pub from: i64,
    /// When somebody sets it right.
    pub to: i64,
    /// By how much it is ahead, in seconds; less than nothing: behind.
    pub ahead: i64,
}

/// What goes wrong while a catch-up runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    Nothing,
    /// The program is killed while it waits for the answer to this request.
    KilledAtRequest(u32),
    /// It is killed when it has handed this finding to the store.
    KilledAtWrite(u32),
    /// It is ended there, and started again after so many seconds.
    EndedAtRequest(u32, i64),
    /// The disk is full after so many events more.
    Full(i64),
    /// Another program locks the store from this request on.
    Locked(u32),
    /// The token is rotated with this request.
    Rotated(u32),
    /// The network is cut for so many seconds from the beginning on.
    Cut(i64),
    /// The network is cut for so many seconds from this request on.
    CutAt(u32, i64),
}

impl Mishap {
    pub fn rotates(self) -> bool {
        matches!(self, Mishap::Rotated(_))
    }
}

/// A week.
#[derive(Debug)]
pub struct Week {
    pub seed: u64,
    pub world: WorldPlan,
    /// When the program is there for the first time, UTC seconds.
    pub installed: i64,
    pub absences: Vec<Absence>,
    pub wrong_clock: Option<WrongClock>,
    /// Whether the tunnel answers while nobody listens: then nothing is sent again.
    pub tunnel_answers: bool,
    /// Whether what is answered 503 is sent again.
    pub repeats_refused: bool,
    pub envelope: Envelope,
    pub quirks: Quirks,
    /// What goes wrong on the way, as the stand-in reads it.
    pub faults: Vec<String>,
}

impl Week {
    pub fn of(seed: u64) -> Week {
        let mut chance = Chance::of(seed, 0);
        let esims = match seed % LARGE_EVERY {
            99 => LARGE,
            _ => u32::try_from(chance.between(SMALL.0, SMALL.1)).unwrap(),
        };
        let begin = MONDAY - DAYS_BEFORE * DAY;
        let world = WorldPlan {
            seed,
            begin,
            days: u32::try_from(DAYS_BEFORE + 8).unwrap(),
            esims,
            everyday: false,
            hurry: None,
        };
        let mut quirks = Quirks::default();
        if chance.percent(30) {
            quirks.history_without_ends = true;
        }
        quirks.history_backwards = chance.percent(30);
        quirks.usage_by_esim_id = chance.percent(30);
        if chance.percent(20) {
            quirks.list_lags_seconds = 10 * MINUTE;
        }
        quirks.most_rows = chance.percent(20).then_some(100);
        quirks.history_without_returns = Chance::of(seed, 3).percent(30);
        let mut faults = vec!["webhook lost 5%".to_owned(), "api any 10%".to_owned()];
        for (fault, percent) in [
            ("webhook repeated 5%", 50),
            ("webhook late:7200 4%", 50),
            ("webhook late:60000 2%", 30),
            ("webhook disordered 3%", 30),
            ("api silence 1%", 20),
        ] {
            if chance.percent(percent) {
                faults.push(fault.to_owned());
            }
        }
        Week {
            seed,
            world,
            installed: MONDAY + 8 * HOUR + chance.between(0, 3 * HOUR),
            absences: absences(&mut Chance::of(seed, 1)),
            wrong_clock: wrong_clock(&mut Chance::of(seed, 2)),
            tunnel_answers: chance.percent(30),
            repeats_refused: chance.percent(50),
            envelope: chance.one_of(&[Envelope::Nested, Envelope::Flat, Envelope::Both]),
            quirks,
            faults,
        }
    }

    /// What goes wrong with this catch-up, counted over the week.
    pub fn mishap(&self, number: u64) -> Mishap {
        let mut chance = Chance::of(self.seed, 1_000 + number);
        let mut request = |to| u32::try_from(chance.between(1, to)).unwrap();
        let (early, late) = (request(12), request(120));
        match chance.between(0, 100) {
            0..8 => Mishap::KilledAtRequest(late),
            8..16 => Mishap::KilledAtWrite(late.min(60)),
            16..19 => Mishap::KilledAtRequest(early),
            60..64 => Mishap::EndedAtRequest(late, chance.between(11 * MINUTE, 50 * MINUTE)),
            19..27 => Mishap::Full(chance.between(0, 60)),
            27..29 => Mishap::Locked(late.min(40)),
            29..33 => Mishap::Rotated(late.min(40)),
            33..38 => Mishap::Cut(chance.between(5, 15 * MINUTE)),
            38..43 => Mishap::CutAt(late, chance.between(1, 5 * MINUTE)),
            _ => Mishap::Nothing,
        }
    }

    pub fn lag(&self) -> i64 {
        self.quirks.list_lags_seconds
    }
}

/// In some weeks the clock is wrong by hours, from the installation on or from some moment, until it is set right.
fn wrong_clock(chance: &mut Chance) -> Option<WrongClock> {
    if !chance.percent(30) {
        return None;
    }
    let from = match chance.percent(40) {
        true => 0,
        false => MONDAY + chance.between(10 * HOUR, 4 * DAY),
    };
    Some(WrongClock {
        from,
        to: from.max(MONDAY) + chance.between(10 * HOUR, 6 * DAY),
        ahead: chance.one_of(&[-HOUR, HOUR, -HOUR, HOUR, -7 * HOUR, 7 * HOUR]),
    })
}

/// The nights of the week from Monday on; Saturday and Sunday belong to the one of Friday.
fn absences(chance: &mut Chance) -> Vec<Absence> {
    let mut all: Vec<Absence> = Vec::new();
    for (evening, morning) in [(0, 1), (1, 2), (2, 3), (3, 4), (4, 7)] {
        let from = MONDAY + evening * DAY + 22 * HOUR + chance.between(-2 * HOUR, 90 * MINUTE);
        let to = MONDAY + morning * DAY + 7 * HOUR + chance.between(0, 2 * HOUR);
        let asleep = chance.percent(30);
        // Now and then somebody is away for an hour.
        if chance.percent(30) {
            let from = MONDAY + evening * DAY + 13 * HOUR + chance.between(0, HOUR);
            let to = from + chance.between(15 * MINUTE, 2 * HOUR);
            all.push(Absence {
                from,
                to,
                asleep: true,
            });
        }
        all.push(Absence { from, to, asleep });
    }
    all
}
