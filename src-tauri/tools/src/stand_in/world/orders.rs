//! What is sold: orders of one eSIM or several, and the packages that are added later. Knows no money but prices.

use super::life::{DataPlan, Life, Sale};
use super::plan::{BEFORE, DAY, WorldPlan};
use crate::identity::Reference;
use crate::package::PACKAGES;
use crate::stand_in::chance::Chance;

/// What was bought together.
#[derive(Debug, Clone)]
pub struct Purchase {
    /// Roamify's id of the order.
    pub id: String,
    /// The partner's own reference.
    pub reference: Option<String>,
    /// When, UTC seconds.
    pub at: i64,
    /// Whether it adds a package to an eSIM that there is.
    pub is_top_up: bool,
    /// Whether there was no money for it: then it holds nothing.
    pub failed: bool,
    /// Which eSIM and which of its plans, by their places.
    pub(crate) items: Vec<(usize, usize)>,
    /// What it costs, in cents.
    pub(crate) total: i64,
}

/// What a package costs, in cents.
pub(crate) fn price(plan: &DataPlan) -> i64 {
    let package = plan.package;
    let data = package.allowed.map_or(900, |allowed| allowed / 1_024);
    199 + package.days * 30 + data + package.voice * 5
}

/// Orders of one eSIM or several, from some weeks before the beginning to the end; a group has one reference.
pub(super) fn sales(plan: &WorldPlan) -> Vec<Sale> {
    let mut chance = Chance::of(plan.seed, 0);
    let mut references = Reference::deck();
    let mut all: Vec<Sale> = Vec::new();
    let wanted = plan.esims as usize;
    let mut serial = 0;
    while all.len() < wanted {
        serial += 1;
        let at = chance.between(plan.begin - BEFORE, plan.end());
        let trip = at + chance.between(DAY, 20 * DAY);
        let reference = references
            .draw(chance.stream())
            .write(chance.stream(), serial, trip);
        let size = match reference {
            Some(_) => chance.one_of(&[1, 1, 1, 1, 1, 1, 2, 2, 4, 9]),
            None => 1,
        };
        let package = chance.one_of(&PACKAGES);
        for place in 0..size.min(wanted - all.len()) {
            all.push(Sale {
                at: at + place as i64,
                reference: reference.clone(),
                package,
            });
        }
    }
    all
}

/// The orders that all that was bought came with.
pub(super) fn purchases(plan: &WorldPlan, lives: &[Life]) -> Vec<Purchase> {
    let mut chance = Chance::of(plan.seed, 2);
    let mut all: Vec<Purchase> = Vec::new();
    let mut before: Option<&Life> = None;
    for life in lives {
        for (place, bought) in life.plans.iter().enumerate() {
            let item = (life.number, place);
            let same_order = place == 0
                && life.reference.is_some()
                && before.is_some_and(|before| before.reference == life.reference);
            let cost = price(bought);
            let open = all
                .iter_mut()
                .rev()
                .find(|order| same_order && !order.is_top_up);
            if let Some(order) = open {
                order.items.push(item);
                order.total += cost;
                continue;
            }
            all.push(Purchase {
                id: crate::identity::uuid(chance.stream()),
                reference: match place {
                    0 => life.reference.clone(),
                    _ => None,
                },
                at: bought.bought,
                is_top_up: place > 0,
                failed: false,
                items: vec![item],
                total: cost,
            });
        }
        before = Some(life);
    }
    all.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    all
}
