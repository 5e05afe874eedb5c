//! Which eSIMs there are. The lists have no pages, and nobody knows how much one of them holds at most: what one leaves
//! out is looked for by status, among the orders, and one by one. One by one takes a request each: first those that are
//! in use; the others once what the lists told is read.

use std::collections::{BTreeMap, BTreeSet};

use super::super::parse::uuid_in_one_form;
use super::client::Client;
use super::shapes::{self, OrderList};
use crate::event::{Bought, Status};
use crate::provider::{ApiError, Asking, EsimsSoFar, ListedEsim, Listing};

/// How much is asked for; where that is refused, fails or does not come through in time or at all, less. Nothing: whatever the
/// API thinks right.
const LIMITS: [Option<usize>; 4] = [Some(10_000), Some(1_000), Some(100), None];

/// Answers that end at a multiple of this may have been cut there.
const ROUND: usize = 50;

/// No list is cut where it has fewer than this: by default there are so many in one.
const FEWEST_OF_A_CUT: usize = 50;

/// After so many eSIMs that could not be read, the others are left for another time. So many that are known and are not
/// there, while no list has any that is known, and it is another account.
const MAX_FAILURES: usize = 5;

/// So many of those that were gone are asked for each time, should one be back that no list has.
const GONE_AT_A_TIME: usize = 3;

/// The statuses by which the list can be asked.
const STATUSES: [Status; 6] = [
    Status::Installed,
    Status::Ready,
    Status::New,
    Status::Expired,
    Status::Revoked,
    Status::Unknown,
];

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
        let mut lists = Lists::default();
        let (first, _) = lists.take(esim_rows(client, None).await)?;
        lists.listed = lists.missing.iter().all(is_unreadable);
        lists.count = first.len();
        lists.old = client.now().saturating_sub(FRESH_SECS);
        let mut esims = BTreeMap::new();
        add(&mut esims, first);
        match read_orders(client, None).await {
            Ok(orders) => lists.orders(client, orders).await?,
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
            && (may_be_cut(lists.count)
                || lacks_one
                || lists.lacks_installed(client, &esims).await?);
        if is_short {
            lists.by_status(client, &mut esims).await?;
        }
        lists.found = esims.keys().cloned().collect();
        let in_capitals = esims.values().find(|esim| esim.written_id != esim.esim_id);
        lists.writes_capitals = in_capitals.is_some() || !lists.written.is_empty();
        lists
            .one_by_one(client, &known.in_use, known, &mut esims)
            .await?;
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
            esims.clear();
        }
        let listing = lists.listing(esims);
        Ok((lists, listing))
    }

    /// Asks for the others that the lists lack.
    pub async fn rest(
        mut self,
        client: &mut Client,
        known: &EsimsSoFar,
    ) -> Result<Listing, ApiError> {
        let mut esims = BTreeMap::new();
        let ordered = self.bought.keys().filter(|id| !known.gone.contains(id));
        let mut ids: BTreeSet<String> = ordered.cloned().collect();
        ids.extend(known.others.iter().cloned());
        let mut ids: Vec<String> = ids.into_iter().collect();
        let gone = known.gone.iter().filter(|id| !self.found.contains(*id));
        ids.extend(gone.take(GONE_AT_A_TIME).cloned());
        self.one_by_one(client, &ids, known, &mut esims).await?;
        let mut listing = self.listing(esims);
        // Orders that are all there name every eSIM.
        if self.cut && (self.orders_cut || self.without_order) {
            listing.missing.push(ApiError::Cut(Asking::Esims));
        }
        if self.orders_cut && self.without_order {
            listing.missing.push(ApiError::Cut(Asking::Orders));
        }
        // One list makes up for the other. Where each lacks what the other has, both may lack more.
        if self.listed && self.left_out && self.without_order && !may_be_cut(self.count) {
            listing.missing.push(ApiError::Incomplete(Asking::Esims));
        }
        listing.gone = self.gone;
        Ok(listing)
    }

    /// Takes what the orders are about. A list of them that may be cut is asked by status as well.
    async fn orders(&mut self, client: &mut Client, all: OrderList) -> Result<(), ApiError> {
        let count = all.count;
        let mut seen = BTreeSet::new();
        self.take_orders(all, &mut seen);
        if !may_be_cut(count) {
            return Ok(());
        }
        let mut by_status = 0;
        for status in ORDER_STATUSES {
            match read_orders(client, Some(status)).await {
                Ok(orders) => {
                    // As many of one status as of all of them: the same hand cut both.
                    self.orders_cut |= orders.count >= count || orders.is_full;
                    by_status += orders.count;
                    self.take_orders(orders, &mut seen);
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

    /// Whether the list of those that are installed has one that the list of all has not: wherever that was cut. Asked for
    /// only where there are so many that it may have been.
    async fn lacks_installed(
        &self,
        client: &mut Client,
        esims: &BTreeMap<String, ListedEsim>,
    ) -> Result<bool, ApiError> {
        if self.count < FEWEST_OF_A_CUT {
            return Ok(false);
        }
        match esim_rows(client, Some(&Status::Installed)).await {
            Ok(list) => Ok(list
                .rows
                .iter()
                .any(|row| self.is_old(row) && !esims.contains_key(&row.esim_id))),
            Err(error) if error.ends_everything() => Err(error),
            Err(_) => Ok(false),
        }
    }

    /// Adds what the list has by status.
    async fn by_status(
        &mut self,
        client: &mut Client,
        esims: &mut BTreeMap<String, ListedEsim>,
    ) -> Result<(), ApiError> {
        let mut cut = false;
        for status in STATUSES {
            let (rows, is_full) = self.take(esim_rows(client, Some(&status)).await)?;
            // As many of one status as of all of them: the same hand cut both. Or as many as were asked for.
            cut |= is_full || (may_be_cut(rows.len()) && rows.len() >= self.count);
            self.left_out |= rows
                .iter()
                .any(|row| self.is_old(row) && !esims.contains_key(&row.esim_id));
            add(esims, rows);
        }
        self.cut = cut && self.count > 0;
        Ok(())
    }

    /// Adds those of these that were not found yet.
    async fn one_by_one(
        &mut self,
        client: &mut Client,
        ids: &[String],
        known: &EsimsSoFar,
        esims: &mut BTreeMap<String, ListedEsim>,
    ) -> Result<(), ApiError> {
        for id in ids {
            if self.silent || self.failures >= MAX_FAILURES || self.is_another_account(known, false)
            {
                break;
            }
            if self.found.contains(id) || self.gone.contains(id) {
                continue;
            }
            match one(client, id, &self.written(id)).await {
                Ok(row) => {
                    self.left_out |= self.is_old(&row) && self.bought.contains_key(id);
                    self.found.insert(id.clone());
                    esims.insert(id.clone(), row);
                }
                // It is no more.
                Err(ApiError::NotFound(_)) => self.gone.push(id.clone()),
                Err(error) if error.ends_everything() => return Err(error),
                Err(error) => {
                    self.missing.push(error);
                    self.failures += 1;
                }
            }
        }
        Ok(())
    }

    /// An id as the API writes it, as far as it has shown how.
    fn written(&self, id: &str) -> String {
        let told = self.written.get(id).cloned();
        let capitals = || in_capitals(id).filter(|_| self.writes_capitals);
        told.or_else(capitals).unwrap_or_else(|| id.to_owned())
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
            self.without_order |= !self.bought.contains_key(&esim.esim_id);
        }
        Listing {
            esims,
            gone: Vec::new(),
            missing: std::mem::take(&mut self.missing),
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

/// A list of eSIMs as it was answered.
struct EsimList {
    rows: Vec<ListedEsim>,
    /// Whether an entry of it can't be understood.
    unreadable: bool,
    /// Whether it has as many entries as were asked for.
    is_full: bool,
}

/// The same id in capitals; `None`: that would be another one, or nothing else.
pub(super) fn in_capitals(id: &str) -> Option<String> {
    let capitals = id.to_ascii_uppercase();
    (capitals != id && uuid_in_one_form(capitals.clone()) == id).then_some(capitals)
}

/// One eSIM's own entry. `written_id`: its id as the API writes it.
pub(super) async fn one(
    client: &mut Client,
    esim_id: &str,
    written_id: &str,
) -> Result<ListedEsim, ApiError> {
    let query = [("esimId", written_id)];
    let body = client.get(Asking::Esim, "/api/esim", &query).await?;
    let row = shapes::esim(&body)?;
    if row.esim_id == esim_id {
        Ok(row)
    } else {
        Err(ApiError::Unreadable(Asking::Esim))
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

async fn esim_rows(client: &mut Client, status: Option<&Status>) -> Result<EsimList, ApiError> {
    let status = status.map(Status::as_str);
    let (body, limit) = limited(client, Asking::Esims, "/api/esims", status).await?;
    let (rows, unreadable) = shapes::esims(&body)?;
    Ok(EsimList {
        is_full: is_full(rows.len(), limit),
        rows,
        unreadable,
    })
}

async fn read_orders(client: &mut Client, status: Option<&str>) -> Result<OrderList, ApiError> {
    let (body, limit) = limited(client, Asking::Orders, "/api/esim/orders", status).await?;
    let mut orders = shapes::orders(&body)?;
    orders.is_full = is_full(orders.count, limit);
    Ok(orders)
}

/// Whether a list has as many entries as were asked for. One that has more was not held to it.
fn is_full(count: usize, limit: Option<usize>) -> bool {
    count == limit.unwrap_or(FEWEST_OF_A_CUT)
}

/// Asks for as much as the API will give at once, and tells how much that was.
async fn limited(
    client: &mut Client,
    what: Asking,
    path: &str,
    status: Option<&str>,
) -> Result<(Vec<u8>, Option<usize>), ApiError> {
    let mut last = ApiError::Unreadable(what);
    for limit in LIMITS {
        // Half of what took too long a moment ago is no other list.
        if limit.is_none() && matches!(last, ApiError::TooSlow(_)) {
            break;
        }
        let written = limit.map(|limit| limit.to_string());
        let mut query = Vec::new();
        query.extend(status.map(|status| ("status", status)));
        query.extend(written.as_deref().map(|limit| ("limit", limit)));
        match client.get(what, path, &query).await {
            Ok(body) => return Ok((body, limit)),
            Err(error) if may_fit_shorter(&error) => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

/// Whether a shorter list may do better: what is refused or fails because it is too much, is too much for the line, or is
/// cut by something in between.
fn may_fit_shorter(error: &ApiError) -> bool {
    matches!(
        error,
        ApiError::NotTaken(..)
            | ApiError::Failing(..)
            | ApiError::TooSlow(_)
            | ApiError::BrokenOff(_)
            | ApiError::TooLong(_)
    )
}
