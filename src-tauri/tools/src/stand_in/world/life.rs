//! One eSIM: who it is, what was bought for it, and all that happens to it. Knows no payload, no clock and no desk.

use esim_watch_core::event::Status;

use super::plan::{DAY, HOUR, MINUTE, WorldPlan};
use crate::identity;
use crate::package::{PACKAGES, Package};
use crate::stand_in::chance::Chance;

/// Shares of the data at which usage is told, percent.
const TOLD_AT: [i64; 5] = [25, 50, 75, 90, 100];

/// While an eSIM is in use, its usage is told so often.
const READ_EVERY: i64 = 4 * HOUR;

/// Most packages that follow the first one.
const MOST_TOP_UPS: usize = 2;

/// A package that was bought for an eSIM.
#[derive(Debug, Clone)]
pub struct DataPlan {
    pub(crate) package: Package,
    /// When it was bought.
    pub bought: i64,
    /// When its period began and ends; `None`: it was never used.
    pub period: Option<(i64, i64)>,
    /// What is used up in the whole period, hundredths of a MB, if nothing runs out.
    pub(crate) appetite: i64,
}

impl DataPlan {
    /// What was used by then, in hundredths of a MB: evenly over the period, and never more than there is.
    pub(crate) fn used(&self, at: i64) -> i64 {
        let Some((start, end)) = self.period else {
            return 0;
        };
        let eaten = self.appetite * (at.clamp(start, end) - start) / (end - start).max(1);
        self.package
            .allowed
            .map_or(eaten, |allowed| eaten.min(allowed))
    }

    /// When so much is used, if that is within the period.
    fn reaches(&self, amount: i64) -> Option<i64> {
        let (start, end) = self.period?;
        let length = end - start;
        (amount <= self.appetite)
            .then(|| start + (amount * length + self.appetite - 1) / self.appetite.max(1))
    }
}

/// What changes at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The status.
    Status(Status),
    /// What is known of the usage.
    Usage,
}

/// One thing that happens to an eSIM.
#[derive(Debug, Clone)]
pub struct Moment {
    /// When, UTC seconds.
    pub at: i64,
    /// What.
    pub change: Change,
    /// Of what runs then, its place in [`Life::plans`]; `None`: nothing was used yet.
    pub plan: Option<usize>,
    /// Whether a webhook tells it.
    pub by_webhook: bool,
    /// Which phone it is on, from 0.
    pub phone: usize,
}

/// One who travels with an eSIM, as an agency knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// The whole name.
    pub name: String,
    /// A mail address or a telephone number, of ranges that nobody has.
    pub contact: String,
    /// First and last day, `YYYY-MM-DD`.
    pub trip: (String, String),
    /// Anything else.
    pub note: String,
}

/// One eSIM from its sale to its end.
#[derive(Debug, Clone)]
pub struct Life {
    /// Its number in the world, by which it is spoken of.
    pub number: usize,
    /// Roamify's id of it.
    pub esim_id: String,
    /// The profile's number. Two eSIMs can have the same.
    pub iccid: String,
    /// The partner's reference of its order.
    pub reference: Option<String>,
    /// Who travels with it, in an everyday world, as far as the agency knows.
    pub guest: Option<Guest>,
    /// What was bought, the first one first.
    pub plans: Vec<DataPlan>,
    /// What happens, in the order of time.
    pub moments: Vec<Moment>,
    /// What only the traveller may know.
    pub(crate) secrets: TravellerSecrets,
    /// Chips of the phones that it is on.
    pub(crate) phones: [String; 2],
}

/// What installs an eSIM and unlocks it.
#[derive(Debug, Clone)]
pub(crate) struct TravellerSecrets {
    pub(crate) code: String,
    pub(crate) pin: String,
    pub(crate) puk: String,
}

/// What is sold, to whom and when.
#[derive(Debug, Clone)]
pub(super) struct Sale {
    pub(super) at: i64,
    pub(super) reference: Option<String>,
    pub(super) package: Package,
}

impl Life {
    pub(super) fn of(plan: &WorldPlan, number: usize, sale: &Sale) -> Life {
        let mut chance = Chance::of(plan.seed, 1_000 + number as u64);
        let life = Life {
            number,
            esim_id: identity::uuid(chance.stream()),
            iccid: identity::iccid(chance.stream(), number as u32),
            reference: sale.reference.clone(),
            guest: None,
            plans: vec![DataPlan {
                package: sale.package,
                bought: sale.at,
                period: None,
                appetite: 0,
            }],
            moments: Vec::new(),
            secrets: TravellerSecrets {
                code: identity::uuid(chance.stream()).to_uppercase(),
                pin: chance.digits(4),
                puk: chance.digits(8),
            },
            phones: [0, 1].map(|_| format!("89049032{}", chance.digits(24))),
        };
        let mut living = Living {
            chance,
            life,
            plan: None,
            phone: 0,
            every_end_told: plan.everyday,
        };
        living.sold(sale.at);
        let mut life = living.life;
        life.moments.sort_by_key(|moment| moment.at);
        life
    }

    /// What has happened by then.
    pub fn past(&self, now: i64) -> impl DoubleEndedIterator<Item = &Moment> {
        let until = self.moments.partition_point(|moment| moment.at <= now);
        self.moments.iter().take(until)
    }

    /// Its status at a time; `None`: it is not sold yet.
    pub(crate) fn status(&self, now: i64) -> Option<&Status> {
        self.past(now)
            .rev()
            .find_map(|moment| match &moment.change {
                Change::Status(status) => Some(status),
                Change::Usage => None,
            })
    }

    /// When it ran again for which more was bought after its end.
    pub fn returns(&self) -> impl Iterator<Item = i64> {
        let mut ended = false;
        self.moments
            .iter()
            .filter_map(move |moment| match &moment.change {
                Change::Status(status) => {
                    let was_over = std::mem::replace(&mut ended, *status == Status::Expired);
                    (was_over && *status == Status::Activated).then_some(moment.at)
                }
                Change::Usage => None,
            })
    }

    /// When it was sold.
    #[must_use]
    pub fn sold(&self) -> i64 {
        self.plans.first().map_or(0, |plan| plan.bought)
    }

    /// Whether it was sold by then: before that nobody knows of it.
    #[must_use]
    pub fn exists(&self, now: i64) -> bool {
        self.sold() <= now
    }

    /// When the last thing happens to it.
    pub(super) fn over(&self) -> i64 {
        self.moments.last().map_or(0, |moment| moment.at)
    }

    /// When it was withdrawn without having been used.
    pub(super) fn withdrawn_unused(&self) -> Option<i64> {
        let last = self.moments.last()?;
        let revoked = last.change == Change::Status(Status::Revoked);
        (revoked && last.plan.is_none()).then_some(last.at)
    }
}

/// An eSIM while its life is made up.
struct Living {
    chance: Chance,
    life: Life,
    plan: Option<usize>,
    phone: usize,
    every_end_told: bool,
}

impl Living {
    fn add(&mut self, at: i64, change: Change, by_webhook: bool) {
        self.life.moments.push(Moment {
            at,
            change,
            plan: self.plan,
            by_webhook,
            phone: self.phone,
        });
    }

    /// A status that webhooks tell.
    fn status(&mut self, at: i64, status: Status) {
        self.add(at, Change::Status(status), true);
    }

    /// A status that only the API tells.
    fn quiet(&mut self, at: i64, status: Status) {
        self.add(at, Change::Status(status), false);
    }

    fn sold(&mut self, sold: i64) {
        self.status(sold, Status::New);
        let ready = sold + self.chance.between(2, 20);
        self.quiet(ready, Status::Ready);
        if self.chance.percent(12) {
            if self.chance.percent(40) {
                let at = sold + self.chance.between(DAY, 15 * DAY);
                self.status(at, Status::Revoked);
            }
            return;
        }
        let downloaded = sold + self.chance.between(30 * MINUTE, 6 * DAY);
        self.quiet(downloaded, Status::Downloaded);
        let installed = downloaded + self.chance.between(5, 90);
        self.status(installed, Status::Installed);
        if self.chance.percent(8) {
            return;
        }
        let start = installed
            + match self.chance.percent(40) {
                true => self.chance.between(MINUTE, 20 * MINUTE),
                false => self.chance.between(3 * HOUR, 5 * DAY),
            };
        self.begin(0, start);
        self.status(start, Status::Activated);
        self.use_up(0);
    }

    /// The period of a plan begins.
    fn begin(&mut self, number: usize, start: i64) {
        let percent = self.chance.between(10, 180);
        let daily = self.chance.between(20_000, 300_000);
        if let Some(plan) = self.life.plans.get_mut(number) {
            plan.period = Some((start, start + plan.package.days * DAY));
            plan.appetite = plan
                .package
                .allowed
                .map_or(daily * plan.package.days, |allowed| allowed * percent / 100);
        }
        self.plan = Some(number);
    }

    /// Somebody buys more.
    fn buy(&mut self, at: i64) -> usize {
        let package = self.chance.one_of(&PACKAGES);
        self.life.plans.push(DataPlan {
            package,
            bought: at,
            period: None,
            appetite: 0,
        });
        self.life.plans.len() - 1
    }

    /// A plan from its first use to its end, and what comes after.
    fn use_up(&mut self, number: usize) {
        let Some((start, end)) = self.life.plans.get(number).and_then(|plan| plan.period) else {
            return;
        };
        // What happens besides has a quarter of the period each, so that nothing overlaps.
        let quarter = (end - start) / 4;
        let within = |chance: &mut Chance, place: i64| {
            let from = start + place * quarter + 20 * MINUTE;
            chance.between(from, start + (place + 1) * quarter - HOUR)
        };
        let mut pauses = Vec::new();
        if self.chance.percent(30) {
            let at = within(&mut self.chance, 0);
            self.flap(at);
        }
        if self.chance.percent(20) {
            let at = within(&mut self.chance, 1);
            let back = self.chance.between(at + 10 * MINUTE, start + 2 * quarter);
            self.status(at, Status::Inactive);
            self.status(back, Status::Activated);
            pauses.push(at..back);
        }
        if self.chance.percent(2) {
            let at = within(&mut self.chance, 2);
            self.other_phone(at);
            pauses.push(at..at + 15 * MINUTE);
        }
        if self.chance.percent(4) {
            let at = within(&mut self.chance, 3);
            self.readings(number, at, &pauses);
            return self.status(at, Status::Revoked);
        }
        let more = number < MOST_TOP_UPS && self.chance.percent(15);
        if more {
            let at = within(&mut self.chance, 3);
            self.readings(number, at, &pauses);
            let next = self.buy(at);
            self.begin(next, at + 1);
            self.add(at + 1, Change::Usage, true);
            return self.use_up(next);
        }
        self.readings(number, end, &pauses);
        self.ends(number, end);
    }

    /// Off and on within seconds.
    fn flap(&mut self, at: i64) {
        for (after, status) in [
            (0, Status::Inactive),
            (2, Status::Activated),
            (5, Status::Inactive),
            (7, Status::Activated),
        ] {
            self.status(at + after, status);
        }
    }

    /// Removed from one phone, put on another one.
    fn other_phone(&mut self, at: i64) {
        self.status(at, Status::Deleted);
        self.phone = 1;
        self.quiet(at + 10 * MINUTE, Status::Downloaded);
        self.status(at + 11 * MINUTE, Status::Installed);
        self.status(at + 12 * MINUTE, Status::Activated);
    }

    /// Usage is read every four hours while it is in use, and where a share of the data is reached.
    fn readings(&mut self, number: usize, until: i64, pauses: &[std::ops::Range<i64>]) {
        let Some(plan) = self.life.plans.get(number) else {
            return;
        };
        let Some((start, _)) = plan.period else {
            return;
        };
        let shares = plan.package.allowed.into_iter().flat_map(|allowed| {
            TOLD_AT
                .iter()
                .filter_map(move |share| plan.reaches(allowed * share / 100))
        });
        let mut times: Vec<i64> = shares.collect();
        let first = start + READ_EVERY + self.chance.between(0, 4 * MINUTE);
        times.extend(
            (0..)
                .map(|n| first + n * READ_EVERY)
                .take_while(|at| *at < until),
        );
        times.retain(|at| {
            *at > start && *at < until && !pauses.iter().any(|pause| pause.contains(at))
        });
        times.sort_unstable();
        times.dedup();
        for at in times {
            self.add(at, Change::Usage, true);
        }
    }

    fn ends(&mut self, number: usize, end: i64) {
        let said = end + self.chance.between(0, 20 * MINUTE);
        // Of a few no webhook is ever sent, in a world that tries out whoever counts on it.
        let told = !self.chance.percent(4) || self.every_end_told;
        self.add(said, Change::Status(Status::Expired), told);
        if number < MOST_TOP_UPS && self.chance.percent(20) {
            let bought = said + self.chance.between(5 * HOUR, 3 * DAY);
            let next = self.buy(bought);
            let start = bought + self.chance.between(MINUTE, 10 * MINUTE);
            self.begin(next, start);
            self.status(start, Status::Activated);
            self.use_up(next);
        } else if self.chance.percent(15) {
            let at = said + self.chance.between(6 * HOUR, 3 * DAY);
            self.status(at, Status::Deleted);
        }
    }
}
