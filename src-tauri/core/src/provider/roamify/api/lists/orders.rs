//! Whether the list of orders leaves some out, where eSIMs are in none of them, and the orders of those.
//!
//! Such a list may be cut at any figure. Or nothing is missing: the eSIMs were sold otherwise, or their orders are no more. Then
//! a program that told of a cut would do so for ever, and nobody could do anything about it. What shows which of them it is:
//! - asked for the orders of one status, the API gives others than before: it leaves some out. It gives fewer than before: it
//!   leaves out none of them;
//! - asked for an eSIM's own reference, as its history or a webhook told that, it gives an order that the list lacks: it leaves
//!   some out, and is asked for those of each such eSIM. It has none of a few: there are none.
//!
//! Where neither shows it (all orders are completed, no reference is known), it is told once that something may be missing, if
//! much is, or all that lies beyond one end of the list. That is no failure of a catch-up.

use std::collections::{BTreeMap, BTreeSet};

use super::super::client::Client;
use super::super::shapes;
use super::limited::read_orders;
use super::{FEWEST_OF_A_CUT, Lists, ORDER_STATUSES};
use crate::event::Bought;
use crate::provider::{ApiError, Asking, EsimsSoFar, ListSizes, ListedEsim};

/// After so many references of which there is no order nothing more is asked.
const NO_ORDERS: usize = 2;

/// One in so many eSIMs without an order may be sold otherwise.
const FEW_OF: usize = 4;

/// The eSIMs without an order.
#[derive(Debug, Default)]
pub struct Unordered {
    /// By their ids.
    esims: BTreeSet<String>,
    /// Whether the list is known to leave orders out, or ends where lists are cut.
    is_left_out: bool,
    /// Whether they may be asked for by reference.
    is_open: bool,
    /// Whether they are so many or so old that orders may be left out.
    may_be_left_out: bool,
    /// By these references was asked.
    asked: BTreeSet<String>,
    /// What was found by them, by the eSIMs' ids.
    found: BTreeMap<String, Vec<Bought>>,
    /// What else was named by them, and how the API writes it.
    named: BTreeMap<String, String>,
    /// Those that were gone before are not named by them.
    gone: BTreeSet<String>,
    /// Of how many references there is no order.
    none: usize,
    /// How many orders the list had that was looked into.
    looked_into: Option<usize>,
}

impl Lists {
    /// Whether the list of orders leaves some out, as far as it shows by itself.
    pub(super) async fn look_into_orders(
        &mut self,
        client: &mut Client,
        known: &EsimsSoFar,
        esims: &BTreeMap<String, ListedEsim>,
    ) -> Result<(), ApiError> {
        let is_lacking = |esim: &&ListedEsim| self.is_old(esim) && self.lacks_order(esim, known);
        let without: Vec<&ListedEsim> = esims.values().filter(is_lacking).collect();
        let mut unordered = Unordered {
            esims: without.iter().map(|esim| esim.esim_id.clone()).collect(),
            gone: known.gone.iter().cloned().collect(),
            ..Unordered::default()
        };
        let count = self.orders_count.unwrap_or(0);
        if count > 0 && known.sizes.orders_looked_into >= Some(count) {
            unordered.looked_into = known.sizes.orders_looked_into;
            unordered.is_left_out = known.sizes.orders_left_out;
            unordered.is_open = known.sizes.orders_left_out;
        } else if self.orders_read_by {
            unordered.is_open = self.orders_cut;
        } else if count >= FEWEST_OF_A_CUT && !without.is_empty() {
            unordered.looked_into = Some(count);
            let is_ordered = |esim: &&ListedEsim| self.bought.contains_key(&esim.esim_id);
            let ordered: Vec<&ListedEsim> = esims.values().filter(is_ordered).collect();
            unordered.may_be_left_out =
                without.len() * FEW_OF >= esims.len() || lie_beyond(&without, &ordered);
            let is_whole = self.has_all_of_a_status(client, count).await?;
            unordered.may_be_left_out &= !is_whole;
            unordered.is_open = !is_whole;
            unordered.is_left_out = self.orders_cut;
            let bought = &self.bought;
            unordered.esims.retain(|id| !bought.contains_key(id));
        }
        self.unordered = unordered;
        Ok(())
    }

    /// Whether it shows that the list of orders, which has so many, leaves out none of one status. If it leaves some out, it is
    /// asked by all.
    async fn has_all_of_a_status(
        &mut self,
        client: &mut Client,
        count: usize,
    ) -> Result<bool, ApiError> {
        let orders = match read_orders(client, &mut self.sizes, Some(ORDER_STATUSES[0])).await {
            Ok(orders) => orders,
            Err(error) if error.ends_everything() => return Err(error),
            // It can't be asked like that.
            Err(_) => return Ok(false),
        };
        let mut items = orders.items.iter();
        if items.any(|item| !self.bought.contains_key(&item.esim_id)) {
            let mut seen = std::mem::take(&mut self.orders_seen);
            self.orders_by_status(client, count, &mut seen).await?;
            return Ok(!self.orders_cut);
        }
        // One that has none may know no such status.
        Ok((1..count).contains(&orders.count))
    }

    pub(super) fn lacks_order(&self, esim: &ListedEsim, known: &EsimsSoFar) -> bool {
        let id = &esim.esim_id;
        !self.bought.contains_key(id) && !known.ordered.contains(id)
    }
}

/// Whether all of these were made before all of those, or after.
fn lie_beyond(these: &[&ListedEsim], those: &[&ListedEsim]) -> bool {
    let times = |esims: &[&ListedEsim]| {
        let made: Vec<i64> = esims.iter().filter_map(|esim| esim.created_at).collect();
        made.iter().min().copied().zip(made.iter().max().copied())
    };
    match (times(these), times(those)) {
        (Some(these), Some(those)) => these.1 < those.0 || those.1 < these.0,
        _ => false,
    }
}

impl Unordered {
    /// These are in no order either, and of others orders were found meanwhile.
    pub(super) fn go_on(&mut self, ids: Vec<String>, bought: &BTreeMap<String, Vec<Bought>>) {
        self.esims.extend(ids);
        self.esims.retain(|id| !bought.contains_key(id));
    }

    /// Whether the list ends where lists are cut, which an eSIM without any order does not change.
    pub(super) fn ends_where_cut(&mut self, is_cut: bool) {
        self.is_left_out |= is_cut && !self.there_are_none();
    }

    fn there_are_none(&self) -> bool {
        self.none >= NO_ORDERS
    }

    /// What was bought for an eSIM whose reference is this one, the latest last, if only its reference leads there.
    pub async fn bought(
        &mut self,
        client: &mut Client,
        esim_id: &str,
        reference: Option<&str>,
    ) -> Result<Vec<Bought>, ApiError> {
        let Some(reference) = reference.filter(|_| self.esims.contains(esim_id)) else {
            return Ok(Vec::new());
        };
        if self.is_open && !self.asked.contains(reference) {
            self.ask(client, esim_id, reference).await?;
        }
        let mut bought = self.found.get(esim_id).cloned().unwrap_or_default();
        bought.sort_by_key(|bought| bought.at);
        Ok(bought)
    }

    async fn ask(
        &mut self,
        client: &mut Client,
        esim_id: &str,
        reference: &str,
    ) -> Result<(), ApiError> {
        let query = [("referenceId", reference)];
        let answer = client.get(Asking::Orders, "/api/esim/orders", &query).await;
        let orders = match answer.and_then(|body| shapes::orders(&body)) {
            Ok(orders) => orders,
            // It can't be asked like that.
            Err(ApiError::NotTaken(..) | ApiError::NotFound(_) | ApiError::NotAllowed(_)) => {
                self.is_open = false;
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        self.asked.insert(reference.to_owned());
        let is_its = |bought: &Bought| bought.reference_id.as_deref() == Some(reference);
        let mut is_taken = orders.count == 0;
        let mut is_found = false;
        for item in orders.items {
            is_found |= item.esim_id == esim_id;
            is_taken |= item.bought.as_ref().is_some_and(is_its);
            if !self.esims.contains(&item.esim_id) && !self.gone.contains(&item.esim_id) {
                self.named.insert(item.esim_id.clone(), item.written_id);
            }
            let found = self.found.entry(item.esim_id).or_default();
            found.extend(item.bought);
        }
        if is_found {
            self.is_left_out = true;
        } else if is_taken {
            self.none += 1;
            self.is_open = self.is_left_out || self.none < NO_ORDERS;
        } else {
            // It gives whatever it likes.
            self.is_open = false;
        }
        Ok(())
    }

    /// What orders named since [`Self::newly_named`] was asked last.
    pub(super) fn named(&self) -> impl Iterator<Item = &String> {
        self.named.keys()
    }

    /// Those that orders named since this was asked last, and that none of these is.
    pub(super) fn newly_named(&mut self, found: &BTreeSet<String>) -> BTreeMap<String, String> {
        let mut named = std::mem::take(&mut self.named);
        named.retain(|id, _| !found.contains(id));
        self.esims.extend(named.keys().cloned());
        named
    }

    /// What is missing once all are asked for, and what is remembered of the lists.
    pub fn ending(&self, known: ListSizes) -> (Option<ApiError>, ListSizes) {
        let without = self.esims.iter().filter(|id| !self.found.contains_key(*id));
        let without = without.count();
        let is_doubt = self.may_be_left_out && !self.there_are_none() && without > 0;
        let missing = match self.is_left_out {
            true => (without > 0).then_some(ApiError::Cut(Asking::Orders)),
            false => (is_doubt && !known.orders_doubted).then_some(ApiError::Unordered(without)),
        };
        let sizes = ListSizes {
            orders_looked_into: self.looked_into,
            orders_left_out: self.is_left_out,
            orders_doubted: known.orders_doubted
                || missing.as_ref().is_some_and(ApiError::is_doubt),
            ..known
        };
        (missing, sizes)
    }
}
