//! The world that Roamify would know: eSIMs with their lives, orders, and the partner's money, made up from a seed.
//!
//! Pure: the same [`WorldPlan`] gives the same world, and everything that is asked of it is asked "as of then". Nothing
//! here knows a clock, HTTP or what a desk makes of it.

mod hurry;
mod life;
mod orders;
mod people;
mod plan;
mod purse;
mod truth;

use crate::stand_in::chance::Chance;

use orders::{purchases, sales};
use purse::Purse;

pub use life::{Change, DataPlan, Guest, Life, Moment};
pub use orders::Purchase;
pub use people::booking_list;
pub use plan::{Hurry, WorldPlan};
pub use purse::{BalanceNotice, Commission, RefundDecision};
pub use truth::{TrueEsim, TrueStatus};

pub(super) use orders::price;
pub(crate) use plan::{DAY, HOUR, MINUTE, PROFILE_LIFE};
pub(super) use purse::{CURRENCY, THRESHOLD};

/// A made-up world; see the module.
#[derive(Debug, Clone)]
pub struct World {
    plan: WorldPlan,
    lives: Vec<Life>,
    purchases: Vec<Purchase>,
    purse: Purse,
}

impl World {
    /// The world of this plan.
    #[must_use]
    pub fn of(plan: WorldPlan) -> World {
        let sales = sales(&plan);
        let mut lives: Vec<Life> = sales
            .iter()
            .enumerate()
            .map(|(number, sale)| Life::of(&plan, number, sale))
            .collect();
        if let Some(hurry) = plan.hurry {
            let first = lives.len();
            lives.extend(hurry::lives(&plan, hurry, first));
        }
        if plan.everyday {
            people::settle(&plan, &mut lives);
        }
        give_again(&mut Chance::of(plan.seed, 1), &mut lives);
        let mut purchases = purchases(&plan, &lives);
        let purse = Purse::of(&plan, &lives, &mut purchases);
        World {
            plan,
            lives,
            purchases,
            purse,
        }
    }

    /// What it was made of.
    #[must_use]
    pub fn plan(&self) -> WorldPlan {
        self.plan
    }

    /// Every eSIM that is ever sold, by number.
    #[must_use]
    pub fn lives(&self) -> &[Life] {
        &self.lives
    }

    /// Every order, in the order of time.
    #[must_use]
    pub fn purchases(&self) -> &[Purchase] {
        &self.purchases
    }

    pub(super) fn purse(&self) -> &Purse {
        &self.purse
    }

    /// The plan of an order's item.
    pub(super) fn bought(&self, item: (usize, usize)) -> Option<(&Life, &DataPlan)> {
        let life = self.lives.get(item.0)?;
        Some((life, life.plans.get(item.1)?))
    }
}

/// The number of an eSIM whose life is over goes to one that is sold days later.
fn give_again(chance: &mut Chance, lives: &mut [Life]) {
    let count = lives.len() as i64;
    for _ in 0..(count + 39) / 40 {
        let old = chance.between(0, count) as usize;
        let new = chance.between(0, count) as usize;
        let Some((number, over)) = lives.get(old).map(|life| (life.iccid.clone(), life.over()))
        else {
            continue;
        };
        let taken = lives.iter().filter(|life| life.iccid == number).count() > 1;
        if let Some(heir) = lives.get_mut(new)
            && !taken
            && heir.sold() > over + DAY
        {
            heir.iccid = number;
        }
    }
}

#[cfg(test)]
mod tests;
