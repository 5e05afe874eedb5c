//! The partner's money, and what else concerns the account and not the life of one eSIM: what an order costs, warnings,
//! orders that fail, money that is added, commissions, and decisions about refunds.

use std::ops::RangeInclusive;

use esim_watch_core::event::EventKind;

use super::life::Life;
use super::orders::Purchase;
use super::plan::{DAY, HOUR, MINUTE, WorldPlan};
use crate::identity::uuid;
use crate::stand_in::chance::Chance;

/// Everything is paid in it.
pub(crate) const CURRENCY: &str = "USD";

/// Below this, in cents, the partner is warned, and at these shares of it once more.
pub(crate) const THRESHOLD: i64 = 20_000;
const SHARES: [i64; 4] = [100, 75, 50, 25];

/// What is added at once, in cents: a quarter of what is spent, within these. Enough for the dearest order.
const ADDED: RangeInclusive<i64> = 40_000..=150_000;

/// One thing that is told of the balance.
#[derive(Debug, Clone)]
pub struct BalanceNotice {
    /// When, UTC seconds.
    pub at: i64,
    /// That it is low, that it did not suffice, that money was added.
    pub kind: EventKind,
    /// What there is, in cents.
    pub balance: i64,
    /// Of a warning: the share of the threshold.
    pub percent: Option<i64>,
}

/// An order through the affiliate link.
#[derive(Debug, Clone)]
pub struct Commission {
    /// When, UTC seconds.
    pub at: i64,
    pub(crate) id: String,
    /// What was paid, in cents.
    pub total: i64,
}

/// What support decided about a refund.
#[derive(Debug, Clone)]
pub struct RefundDecision {
    /// When, UTC seconds.
    pub at: i64,
    pub(crate) id: String,
    /// Of which eSIM, by number.
    pub esim: usize,
    /// Whether the money comes back.
    pub granted: bool,
    /// Whether the decision names the profile's number.
    pub(crate) names_iccid: bool,
}

/// All of it, each in the order of time.
#[derive(Debug, Clone, Default)]
pub(crate) struct Purse {
    /// What there was at first, in cents.
    first: i64,
    balances: Vec<(i64, i64)>,
    pub(crate) notices: Vec<BalanceNotice>,
    pub(crate) commissions: Vec<Commission>,
    pub(crate) refunds: Vec<RefundDecision>,
}

impl Purse {
    /// Pays for all orders; where the money does not suffice, adds one that failed.
    pub(super) fn of(plan: &WorldPlan, lives: &[Life], purchases: &mut Vec<Purchase>) -> Purse {
        let mut purse = Purse::default();
        purse.pay(&mut Chance::of(plan.seed, 3), purchases);
        purse.sell(&mut Chance::of(plan.seed, 4), plan);
        purse.decide(&mut Chance::of(plan.seed, 5), lives);
        purse
    }

    /// What there is at a time, in cents.
    pub(crate) fn balance(&self, now: i64) -> i64 {
        let until = self.balances.partition_point(|(at, _)| *at <= now);
        let (past, _) = self.balances.split_at(until);
        past.last().map_or(self.first, |(_, balance)| *balance)
    }

    fn pay(&mut self, chance: &mut Chance, purchases: &mut Vec<Purchase>) {
        let spent: i64 = purchases.iter().map(|order| order.total).sum();
        let added = (spent / 4).clamp(*ADDED.start(), *ADDED.end());
        let mut balance = added;
        self.first = added;
        let mut failed = Vec::new();
        let mut last = i64::MIN;
        for order in purchases.iter() {
            if balance < order.total {
                let tried = last.max(order.at - chance.between(15 * MINUTE, HOUR));
                self.tell(tried, EventKind::BalanceInsufficient, balance, None);
                failed.push(Purchase {
                    id: uuid(chance.stream()),
                    at: tried,
                    failed: true,
                    items: Vec::new(),
                    ..order.clone()
                });
                balance += added;
                let paid_in = tried.max(order.at - chance.between(MINUTE, 10 * MINUTE));
                self.balances.push((paid_in, balance));
                self.tell(paid_in, EventKind::BalanceToppedUp, balance, None);
            }
            last = order.at;
            let before = balance;
            balance -= order.total;
            self.balances.push((order.at, balance));
            let crossed = SHARES.into_iter().rfind(|share| {
                let mark = THRESHOLD * share / 100;
                before >= mark && balance < mark
            });
            if let Some(share) = crossed {
                self.tell(order.at, EventKind::BalanceLow, balance, Some(share));
            }
        }
        self.balances.sort_by_key(|(at, _)| *at);
        self.notices.sort_by_key(|notice| notice.at);
        purchases.extend(failed);
        purchases.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    }

    fn tell(&mut self, at: i64, kind: EventKind, balance: i64, percent: Option<i64>) {
        self.notices.push(BalanceNotice {
            at,
            kind,
            balance,
            percent,
        });
    }

    fn sell(&mut self, chance: &mut Chance, plan: &WorldPlan) {
        let mut at = plan.begin;
        loop {
            at += chance.between(2 * HOUR, 20 * HOUR);
            if at > plan.end() {
                return;
            }
            self.commissions.push(Commission {
                at,
                id: uuid(chance.stream()),
                total: 99 + 100 * chance.between(4, 60),
            });
        }
    }

    /// Money is asked back for what was withdrawn unused.
    fn decide(&mut self, chance: &mut Chance, lives: &[Life]) {
        for life in lives {
            let Some(at) = life.withdrawn_unused() else {
                continue;
            };
            let decided = at + chance.between(6 * HOUR, 2 * DAY);
            let id = uuid(chance.stream());
            self.refunds.push(RefundDecision {
                at: decided,
                id: id.chars().take(8).collect(),
                esim: life.number,
                granted: chance.percent(60),
                names_iccid: chance.percent(50),
            });
        }
        self.refunds.sort_by_key(|refund| refund.at);
    }
}
