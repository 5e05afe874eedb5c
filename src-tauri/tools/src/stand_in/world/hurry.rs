//! Lives that go by a thousand times faster: whoever looks on for ten minutes sees whole weeks of them, each at its true
//! time. A world that hurried by as a whole would be days late in all that it tells.

use esim_watch_core::event::Status;

use super::life::{Change, Life, Moment, Sale};
use super::plan::{DAY, Hurry, MINUTE, WorldPlan};
use crate::package::PACKAGES;
use crate::stand_in::chance::Chance;

/// A week takes ten minutes.
const PACE: i64 = 7 * DAY / (10 * MINUTE);

/// Within so long, of their own time, all of them are sold.
const SOLD_WITHIN: i64 = 3 * DAY;

/// Before their first use they wait so much less than others do.
const EAGER: i64 = 4;

/// Their usage is told at most so often, of their own time.
const USAGE_EVERY: i64 = DAY;

/// So far apart two changes of one of them are at the least, seconds: what has the same second has no order.
const APART: i64 = 2;

/// These, numbered from here on.
pub(super) fn lives(plan: &WorldPlan, hurry: Hurry, first: usize) -> Vec<Life> {
    let mut chance = Chance::of(plan.seed, 7);
    let every = SOLD_WITHIN / i64::from(hurry.esims).max(1);
    let sales = (0..i64::from(hurry.esims)).map(|place| Sale {
        at: hurry.from + place * every + chance.between(0, every),
        reference: Some(format!("H-{place}")),
        package: chance.one_of(&PACKAGES),
    });
    let mut lives: Vec<Life> = (first..)
        .zip(sales)
        .map(|(number, sale)| Life::of(plan, number, &sale))
        .collect();
    // Few are: chance alone may leave it out.
    if let Some(one) = lives.iter_mut().find(|life| first_use(life).is_some()) {
        withdraw(one);
    }
    lives.iter_mut().for_each(|life| hurried(life, hurry.from));
    lives
}

/// The place of the moment at which it was used first.
fn first_use(life: &Life) -> Option<usize> {
    let used = |moment: &Moment| moment.change == Change::Status(Status::Activated);
    life.moments.iter().position(used)
}

/// Has it revoked a day after it was used first.
fn withdraw(life: &mut Life) {
    let Some(used) = first_use(life) else {
        return;
    };
    life.moments.truncate(used + 1);
    life.plans.truncate(1);
    if let Some(last) = life.moments.last().cloned() {
        life.moments.push(Moment {
            at: last.at + DAY,
            change: Change::Status(Status::Revoked),
            ..last
        });
    }
}

/// Has every span since then take a thousandth of its time.
fn hurried(life: &mut Life, from: i64) {
    let sold = life.sold();
    let used = first_use(life).and_then(|place| life.moments.get(place));
    let used = used.map_or(sold, |moment| moment.at);
    let sooner = |at: i64| {
        let waited = (at.min(used) - sold).max(0);
        from + (at - from - waited + waited / EAGER) / PACE
    };
    for plan in &mut life.plans {
        plan.bought = sooner(plan.bought);
        plan.period = plan.period.map(|(start, end)| (sooner(start), sooner(end)));
    }
    let mut kept: Vec<Moment> = Vec::new();
    let (mut last, mut status, mut told) = (i64::MIN, None, i64::MIN);
    for mut moment in std::mem::take(&mut life.moments) {
        let drop = match &moment.change {
            // A pause would be over at once.
            Change::Status(Status::Inactive) => true,
            Change::Status(new) => status.replace(new.clone()).as_ref() == Some(new),
            Change::Usage => moment.at < told.saturating_add(USAGE_EVERY),
        };
        if drop {
            continue;
        }
        if moment.change == Change::Usage {
            told = moment.at;
        }
        moment.at = sooner(moment.at).max(last.saturating_add(APART));
        last = moment.at;
        kept.push(moment);
    }
    life.moments = kept;
}

#[cfg(test)]
mod tests {
    use super::super::World;
    use super::*;

    const FROM: i64 = 1_795_996_800;

    fn world() -> World {
        World::of(WorldPlan {
            seed: 7,
            begin: FROM - 7 * DAY,
            days: 9,
            esims: 30,
            everyday: true,
            hurry: Some(Hurry {
                from: FROM,
                esims: 36,
            }),
        })
    }

    #[test]
    fn ten_minutes_show_all_that_a_week_has() {
        let world = world();
        let lives = world.lives().get(30..).unwrap();
        assert_eq!(lives.len(), 36);
        let told = |status: Status| {
            let is = |moment: &&Moment| {
                moment.by_webhook
                    && moment.at < FROM + 10 * MINUTE
                    && moment.change == Change::Status(status.clone())
            };
            let moments = lives.iter().flat_map(|life| &life.moments);
            moments.filter(is).count()
        };
        for (status, least) in [
            (Status::New, 36),
            (Status::Installed, 12),
            (Status::Activated, 20),
            (Status::Expired, 8),
            (Status::Revoked, 1),
        ] {
            let count = told(status.clone());
            assert!(count >= least, "{status}: {count}");
        }
    }

    #[test]
    fn no_two_things_happen_to_one_of_them_at_once() {
        let world = world();
        for life in world.lives().iter().skip(30) {
            assert!(life.sold() >= FROM);
            let times = life.moments.iter().map(|moment| moment.at);
            assert!(times.is_sorted_by(|one, next| one + APART <= *next));
        }
    }
}
