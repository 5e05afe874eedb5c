//! Which eSIMs there are. The lists have no pages, and nobody knows how much one of them holds at most: what one leaves
//! out is looked for by status, among the orders, and one by one. First comes what somebody may travel with: what is only to
//! show that nothing else is left out, and one by one all others, comes once what the lists told is read.
//!
//! A server may have a limit of its own that is no round figure, and a list that ends there looks whole: [`whole`] shows that of the
//! eSIMs to be, [`orders`] looks into that of the orders.

mod limited;
mod orders;
mod single;
mod whole;

use std::collections::{BTreeMap, BTreeSet};

use limited::{EsimList, Sizes, esim_rows, read_orders};
pub(super) use orders::Unordered;
pub(super) use single::{in_capitals, one};

use super::client::Client;
use super::shapes::OrderList;
use crate::event::{Bought, Status, as_typed};
use crate::provider::{ApiError, Asking, EsimsSoFar, ListedEsim, Listing};

/// Answers that end at a multiple of this may have been cut there.
const ROUND: usize = 50;

/// A list of fewer entries is not cut: nobody gives so few at once.
const FEWEST_OF_A_CUT: usize = 10;

/// After so many eSIMs that could not be read, the others are left for another time. So many that are known and are not
/// there, while no list has any that is known, and it is another account.
const MAX_FAILURES: usize = 5;

/// So many of those that were gone are asked for each time, should one be back that no list has.
const GONE_AT_A_TIME: usize = 3;

/// So many of those in use that end first are asked for by themselves where the lists lack them, before anything else is: nobody
/// waits until all of many are.
const MOST_FIRST: usize = 50;

/// The statuses by which the list can be asked: of what is in use, or was until a moment ago, and the others.
const URGENT_STATUSES: [Status; 3] = [Status::Installed, Status::Expired, Status::Revoked];
const OTHER_STATUSES: [Status; 3] = [Status::Ready, Status::New, Status::Unknown];

/// How orders end, as the documentation words it elsewhere: the list of orders can be asked by status, and no page says by
/// which.
const ORDER_STATUSES: [&str; 4] = ["completed", "pending", "failed", "refunded"];

/// What was made so shortly before a list was asked for may be in another and not yet in that one, seconds.
const FRESH_SECS: i64 = 120;

/// What the lists told, and what they leave to be asked for one by one.
#[derive(Default)]
pub(super) struct Lists {
    /// How many entries the list of eSIMs had.
    count: usize,
    /// Whether the list of eSIMs may end before its end, however it is asked.
    cut: bool,
    /// Whether the list of orders may.
    orders_cut: bool,
    /// How much is asked for at once.
    sizes: Sizes,
    /// The list of those that are installed, if it was read.
    installed: Option<EsimList>,
    /// By these statuses the list was read.
    read_by: Vec<Status>,
    /// The statuses in the list by which it can be asked, that of most first.
    statuses: Vec<Status>,
    /// The most that the list had by one status.
    most_of_one: usize,
    /// By these the list is still to be asked.
    statuses_due: Vec<Status>,
    /// So is the list of orders by how they end, which had so many: those of them that are known.
    orders_due: Option<(usize, BTreeSet<String>)>,
    /// How many orders their list had; `None`: it was not read.
    orders_count: Option<usize>,
    /// Whether the list of orders was asked by status.
    orders_read_by: bool,
    /// The eSIMs without an order.
    pub(super) unordered: Unordered,
    /// The orders that were seen, by their own ids, where there may be others.
    orders_seen: BTreeSet<String>,
    /// What the lists told first.
    listed_first: BTreeMap<String, ListedEsim>,
    /// What was bought, by the eSIM's id.
    bought: BTreeMap<String, Vec<Bought>>,
    /// How the API writes the ids that it writes otherwise.
    written: BTreeMap<String, String>,
    /// Whether it writes ids in capitals.
    writes_capitals: bool,
    /// Whether the list of eSIMs was read.
    listed: bool,
    /// Whether neither list was, or they are another account's: then nothing else is asked for.
    silent: bool,
    /// Whether a list lacked one that the API names elsewhere, although it does not end where lists are cut.
    left_out: bool,
    /// What was made before then is in every list that is whole, UTC seconds.
    old: i64,
    /// Those that were found.
    found: BTreeSet<String>,
    /// Whether one was found without an order.
    without_order: bool,
    /// Those that were asked for and are not there.
    gone: Vec<String>,
    /// How many could not be read.
    failures: usize,
    missing: Vec<ApiError>,
}

impl Lists {
    /// Reads the lists, and asks for those in use that they lack.
    pub async fn read(
        client: &mut Client,
        known: &EsimsSoFar,
    ) -> Result<(Lists, Listing), ApiError> {
        let mut lists = Lists {
            sizes: Sizes::of(known.sizes),
            ..Lists::default()
        };
        let answer = esim_rows(client, &mut lists.sizes, None).await;
        let (first, is_full) = lists.take(answer)?;
        lists.listed = lists.missing.iter().all(is_unreadable);
        lists.count = first.len();
        lists.old = client.now().saturating_sub(FRESH_SECS);
        let mut esims = BTreeMap::new();
        lists.note_statuses(&first);
        add(&mut esims, first);
        match read_orders(client, &mut lists.sizes, None).await {
            Ok(orders) => lists.orders(client, orders, &esims).await?,
            Err(error) if error.ends_everything() => return Err(error),
            Err(error) => {
                lists.silent = !lists.listed;
                lists.missing.push(error);
            }
        }
        let expected = known.in_use.iter().chain(&known.others);
        let lacks_one = {
            let ordered = lists.bought.keys().filter(|id| !known.gone.contains(id));
            expected.chain(ordered).any(|id| !esims.contains_key(id))
        };
        let is_short = lists.listed
            && (is_full || lacks_one || lists.lacks_installed(client, known, &esims).await?);
        if is_short {
            lists
                .by_status(client, &URGENT_STATUSES, &mut esims)
                .await?;
            lists.statuses_due = OTHER_STATUSES.to_vec();
        } else if lists.listed && may_be_cut(lists.count) {
            lists.statuses_due = [URGENT_STATUSES, OTHER_STATUSES].concat();
        } else if lists.listed && !lists.is_known_whole(known) {
            lists.statuses_due = lists.statuses_that_show(known);
        }
        lists.look_into_orders(client, known, &esims).await?;
        lists.found = esims.keys().cloned().collect();
        let in_capitals = esims.values().find(|esim| esim.written_id != esim.esim_id);
        lists.writes_capitals = in_capitals.is_some() || !lists.written.is_empty();
        let (first, later) = known.in_use.split_at(known.in_use.len().min(MOST_FIRST));
        lists.one_by_one(client, first, known, &mut esims).await?;
        let mut all = known.in_use.iter().chain(&known.others);
        if !all.any(|id| lists.found.contains(id)) {
            lists
                .one_by_one(client, &known.others, known, &mut esims)
                .await?;
        }
        if lists.is_another_account(known, true) {
            // What it has is somebody else's.
            lists.missing.push(ApiError::OtherAccount);
            lists.gone.clear();
            lists.silent = true;
            lists.unordered = Unordered::default();
            esims.clear();
        }
        let mut listing = lists.listing(esims);
        if !lists.silent {
            let is_left = |id: &&String| !lists.found.contains(*id);
            listing.in_use_left = later.iter().filter(is_left).count();
        }
        let rows = listing.esims.iter();
        lists.listed_first = rows
            .map(|esim| (esim.esim_id.clone(), esim.clone()))
            .collect();
        Ok((lists, listing))
    }

    /// Asks for the others that the lists lack, and for what shows that they lack none.
    pub async fn rest(
        &mut self,
        client: &mut Client,
        known: &EsimsSoFar,
        unordered: &mut Unordered,
    ) -> Result<Listing, ApiError> {
        let mut esims = BTreeMap::new();
        if !self.silent {
            self.others(client, &mut esims).await?;
        }
        let ordered = self.bought.keys().filter(|id| !known.gone.contains(id));
        let mut ids: BTreeSet<String> = ordered.cloned().collect();
        ids.extend(known.others.iter().cloned());
        let in_use = known.in_use.iter().cloned();
        let mut ids: Vec<String> = in_use.chain(ids).collect();
        let gone = known.gone.iter().filter(|id| !self.found.contains(*id));
        ids.extend(gone.take(GONE_AT_A_TIME).cloned());
        self.one_by_one(client, &ids, known, &mut esims).await?;
        let is_cut_there = self.listed && self.left_out && self.most_of_one == self.count;
        self.cut |= is_cut_there;
        self.sizes.known.whole = self.whole(known);
        let was_doubted = self.sizes.known.esims_doubted;
        self.sizes.known.esims_doubted |= self.cut;
        let mut listing = self.listing(esims);
        let is_lacking = |esim: &&ListedEsim| self.is_old(esim) && self.lacks_order(esim, known);
        let without = listing.esims.iter().filter(is_lacking);
        let ids: Vec<String> = without.map(|esim| esim.esim_id.clone()).collect();
        unordered.go_on(ids, &self.bought);
        // Orders that are all there name every eSIM but those that were sold otherwise, of which none need be.
        if self.cut && (self.orders_cut || self.without_order) {
            listing.missing.push(ApiError::Cut(Asking::Esims));
        } else if self.cut && !was_doubted {
            listing.missing.push(ApiError::Unlisted);
        }
        unordered.ends_where_cut(self.orders_cut);
        // One list makes up for the other. Where each lacks what the other has, both may lack more.
        let ends_oddly = !may_be_cut(self.count) && !is_cut_there;
        if self.listed && self.left_out && self.without_order && ends_oddly {
            listing.missing.push(ApiError::Incomplete(Asking::Esims));
        }
        listing.gone.clone_from(&self.gone);
        Ok(listing)
    }

    /// Reads what was put off, and adds those that were not found before, or of which more turned out to have been bought.
    async fn others(
        &mut self,
        client: &mut Client,
        esims: &mut BTreeMap<String, ListedEsim>,
    ) -> Result<(), ApiError> {
        let statuses = std::mem::take(&mut self.statuses_due);
        self.by_status(client, &statuses, esims).await?;
        if self.left_out {
            let all = [URGENT_STATUSES, OTHER_STATUSES].concat().into_iter();
            let others: Vec<Status> = all.filter(|one| !self.read_by.contains(one)).collect();
            self.by_status(client, &others, esims).await?;
        }
        esims.retain(|id, _| !self.found.contains(id));
        self.found.extend(esims.keys().cloned());
        if let Some((count, mut seen)) = self.orders_due.take() {
            self.orders_by_status(client, count, &mut seen).await?;
            for (id, row) in std::mem::take(&mut self.listed_first) {
                let count = self.bought.get(&id).map_or(0, Vec::len);
                if count > row.bought.len() {
                    esims.insert(id, row);
                }
            }
        }
        Ok(())
    }

    /// Takes what the orders are about. A list of them that may be cut is asked by status as well: later, where each eSIM has the
    /// one order that it needs.
    async fn orders(
        &mut self,
        client: &mut Client,
        all: OrderList,
        esims: &BTreeMap<String, ListedEsim>,
    ) -> Result<(), ApiError> {
        let (count, is_full) = (all.count, all.is_full);
        self.orders_count = Some(count);
        let mut seen = BTreeSet::new();
        self.take_orders(all, &mut seen);
        if !is_full && !may_be_cut(count) {
            self.orders_seen = seen;
            return Ok(());
        }
        let is_one_each =
            esims.len() == count && esims.keys().all(|id| self.bought.contains_key(id));
        if !is_full && is_one_each {
            self.orders_due = Some((count, seen));
            return Ok(());
        }
        self.orders_by_status(client, count, &mut seen).await
    }

    async fn orders_by_status(
        &mut self,
        client: &mut Client,
        count: usize,
        seen: &mut BTreeSet<String>,
    ) -> Result<(), ApiError> {
        self.orders_read_by = true;
        let mut by_status = 0;
        for status in ORDER_STATUSES {
            match read_orders(client, &mut self.sizes, Some(status)).await {
                Ok(orders) => {
                    // As many of one status as of all of them: the same hand cut both.
                    self.orders_cut |= orders.count >= count || orders.is_full;
                    by_status += orders.count;
                    self.take_orders(orders, seen);
                }
                Err(error) if error.ends_everything() => return Err(error),
                // It has no such status, or can't be asked like that; that something may be left out is told.
                Err(_) => break,
            }
        }
        // Where there are others than these, nobody knows how many.
        self.orders_cut |= by_status < count;
        Ok(())
    }

    /// What each order is about, once.
    fn take_orders(&mut self, orders: OrderList, seen: &mut BTreeSet<String>) {
        let error = ApiError::Unreadable(Asking::Orders);
        self.missing.extend(orders.unreadable.then_some(error));
        let before = seen.clone();
        for item in orders.items {
            if item.order_id.as_ref().is_some_and(|id| before.contains(id)) {
                continue;
            }
            seen.extend(item.order_id);
            if item.written_id != item.esim_id {
                self.written.insert(item.esim_id.clone(), item.written_id);
            }
            let bought = self.bought.entry(item.esim_id).or_default();
            bought.extend(item.bought);
        }
    }

    /// Adds what the list has by these statuses.
    async fn by_status(
        &mut self,
        client: &mut Client,
        statuses: &[Status],
        esims: &mut BTreeMap<String, ListedEsim>,
    ) -> Result<(), ApiError> {
        for status in statuses {
            let read = self.installed.take_if(|_| *status == Status::Installed);
            let answer = match read {
                Some(list) => Ok(list),
                None => esim_rows(client, &mut self.sizes, Some(status)).await,
            };
            if answer.is_ok() {
                self.read_by.push(status.clone());
            }
            let (rows, is_full) = self.take(answer)?;
            self.most_of_one = self.most_of_one.max(rows.len());
            // As many of one status as of all of them: the same hand cut both. Or as many as were asked for.
            let is_cut = is_full || (may_be_cut(rows.len()) && rows.len() >= self.count);
            self.cut |= is_cut && self.count > 0;
            let is_known = |id: &String| self.found.contains(id) || esims.contains_key(id);
            let is_left_out = |row: &ListedEsim| self.is_old(row) && !is_known(&row.esim_id);
            let left_out = rows.iter().any(is_left_out);
            self.left_out |= left_out;
            add(esims, rows);
        }
        Ok(())
    }

    /// Whether none that is known is there. `all`: nothing more will be asked for.
    fn is_another_account(&self, known: &EsimsSoFar, all: bool) -> bool {
        let ids = || known.in_use.iter().chain(&known.others);
        if !self.listed || ids().any(|id| self.found.contains(id)) {
            return false;
        }
        let gone = ids().filter(|id| self.gone.contains(id)).count();
        // One of a few may be no more; of a single one that is alone nobody can say more.
        let is_all = all && gone == ids().count() && (gone > 1 || self.found.is_empty());
        gone > 0 && (gone >= MAX_FAILURES || is_all)
    }

    fn is_old(&self, row: &ListedEsim) -> bool {
        row.created_at.is_none_or(|at| at < self.old)
    }

    /// These eSIMs with what was bought for them.
    fn listing(&mut self, esims: BTreeMap<String, ListedEsim>) -> Listing {
        let mut esims: Vec<ListedEsim> = esims.into_values().collect();
        for esim in &mut esims {
            esim.bought = self.bought.get(&esim.esim_id).cloned().unwrap_or_default();
            esim.bought.sort_by_key(|bought| bought.at);
            let last = esim.bought.last().and_then(|bought| bought.at);
            let mark = format!("|{}|{}", esim.bought.len(), last.unwrap_or_default());
            esim.mark.push_str(&mark);
            // Who was asked for by a version that kept the one form alone is asked for again.
            let written = esim.bought.iter().flat_map(|one| &one.reference_id);
            for written in written.filter(|written| as_typed(written) != **written) {
                esim.mark.push('|');
                esim.mark.push_str(written);
            }
            self.without_order |= !self.bought.contains_key(&esim.esim_id);
        }
        Listing {
            esims,
            gone: Vec::new(),
            missing: std::mem::take(&mut self.missing),
            sizes: self.sizes.known,
            in_use_left: 0,
        }
    }

    /// The rows of an answer, and whether they are as many as were asked for. What is missing of them is missing beside what
    /// was.
    fn take(
        &mut self,
        answer: Result<EsimList, ApiError>,
    ) -> Result<(Vec<ListedEsim>, bool), ApiError> {
        match answer {
            Ok(list) => {
                let error = ApiError::Unreadable(Asking::Esims);
                self.missing.extend(list.unreadable.then_some(error));
                Ok((list.rows, list.is_full))
            }
            Err(error) if error.ends_everything() => Err(error),
            Err(error) => {
                self.missing.push(error);
                Ok((Vec::new(), false))
            }
        }
    }
}

/// Adds what a list has. Of two entries of one eSIM the one that changed last counts.
fn add(esims: &mut BTreeMap<String, ListedEsim>, rows: Vec<ListedEsim>) {
    for row in rows {
        let known = esims.get(&row.esim_id);
        if known.is_none_or(|known| known.updated_at <= row.updated_at) {
            esims.insert(row.esim_id.clone(), row);
        }
    }
}

fn may_be_cut(count: usize) -> bool {
    count > 0 && count.is_multiple_of(ROUND)
}

fn is_unreadable(error: &ApiError) -> bool {
    matches!(error, ApiError::Unreadable(_))
}
