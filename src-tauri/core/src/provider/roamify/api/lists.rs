//! Which eSIMs there are. The lists have no pages, and nobody knows how much one of them holds at most: what one leaves
//! out is looked for by status, among the orders, and one by one.

use std::collections::{BTreeMap, BTreeSet};

use super::client::Client;
use super::shapes;
use crate::event::Status;
use crate::provider::{ApiError, Asking, ListedEsim, Listing};

/// How much is asked for; where that is refused, less. Nothing: whatever the API thinks right.
const LIMITS: [Option<&str>; 4] = [Some("10000"), Some("1000"), Some("100"), None];

/// Answers that end at a multiple of this may have been cut there.
const ROUND: usize = 50;

/// After so many eSIMs that could not be read, the others are left for another time.
const MAX_FAILURES: u32 = 5;

/// The statuses by which the list can be asked.
const STATUSES: [Status; 6] = [
    Status::Installed,
    Status::Ready,
    Status::New,
    Status::Expired,
    Status::Revoked,
    Status::Unknown,
];

/// What was made so shortly before a list was asked for may be in another and not yet in that one, seconds.
const FRESH_SECS: i64 = 120;

/// Finds all eSIMs. `known`: the ids of those that are known already.
pub(super) async fn all(client: &mut Client, known: &[String]) -> Result<Listing, ApiError> {
    let mut missing = Vec::new();
    let mut esims = BTreeMap::new();
    let first = passable(esim_rows(client, None).await, &mut missing)?;
    let count = first.len();
    let old = client.now().saturating_sub(FRESH_SECS);
    esims.extend(first.into_iter().map(named));
    // Whether the list lacked one that Roamify names elsewhere, although it does not end where lists are cut.
    let mut left_out = false;
    let is_old = |row: &ListedEsim| row.created_at.is_none_or(|at| at < old);
    let (orders, items) = match read_orders(client).await {
        Ok(orders) => orders,
        Err(error) if error.ends_everything() => return Err(error),
        Err(error) => {
            missing.push(error);
            (0, Vec::new())
        }
    };
    let ordered: BTreeSet<&str> = items.iter().map(|item| item.esim_id.as_str()).collect();
    let mut expected: BTreeSet<&str> = known.iter().map(String::as_str).collect();
    expected.extend(&ordered);
    let lacks = |esims: &BTreeMap<String, ListedEsim>| {
        let lacking = expected.iter().filter(|id| !esims.contains_key(**id));
        lacking.map(|id| (*id).to_owned()).collect::<Vec<String>>()
    };
    let listed = !missing
        .iter()
        .any(|error| !matches!(error, ApiError::Unreadable(_)));
    if listed && (may_be_cut(count) || !lacks(&esims).is_empty()) {
        let mut cut = false;
        for status in STATUSES {
            let rows = passable(esim_rows(client, Some(&status)).await, &mut missing)?;
            // As many of one status as of all of them: the same hand cut both.
            cut |= may_be_cut(rows.len()) && rows.len() >= count;
            left_out |= rows
                .iter()
                .any(|row| is_old(row) && !esims.contains_key(&row.esim_id));
            esims.extend(rows.into_iter().map(named));
        }
        if cut && count > 0 {
            missing.push(ApiError::Cut(Asking::Esims));
        }
    }
    let mut gone = Vec::new();
    let mut failures = 0;
    for id in lacks(&esims) {
        match one(client, &id).await {
            Ok(row) => {
                left_out |= is_old(&row) && ordered.contains(id.as_str());
                esims.insert(id, row);
            }
            // It is no more.
            Err(ApiError::NotFound(_)) => gone.push(id),
            Err(error) if error.ends_everything() => return Err(error),
            Err(error) => {
                missing.push(error);
                failures += 1;
                if failures >= MAX_FAILURES {
                    break;
                }
            }
        }
    }
    for item in items {
        if let Some(esim) = esims.get_mut(&item.esim_id) {
            esim.bought.push(item.bought);
        }
    }
    let without_order = esims.values().any(|esim| esim.bought.is_empty());
    if may_be_cut(orders) && without_order {
        missing.push(ApiError::Cut(Asking::Orders));
    }
    // One list makes up for the other. Where each lacks what the other has, both may lack more.
    if listed && left_out && without_order && !may_be_cut(count) {
        missing.push(ApiError::Incomplete(Asking::Esims));
    }
    let mut esims: Vec<ListedEsim> = esims.into_values().collect();
    for esim in &mut esims {
        esim.bought.sort_by_key(|bought| bought.at);
        let last = esim.bought.last().and_then(|bought| bought.at);
        let mark = format!("|{}|{}", esim.bought.len(), last.unwrap_or_default());
        esim.mark.push_str(&mark);
    }
    missing.sort();
    missing.dedup();
    Ok(Listing {
        esims,
        gone,
        missing,
    })
}

/// One eSIM's own entry.
pub(super) async fn one(client: &mut Client, esim_id: &str) -> Result<ListedEsim, ApiError> {
    let query = [("esimId", esim_id)];
    let body = client.get(Asking::Esim, "/api/esim", &query).await?;
    let row = shapes::esim(&body)?;
    if row.esim_id == esim_id {
        Ok(row)
    } else {
        Err(ApiError::Unreadable(Asking::Esim))
    }
}

fn named(esim: ListedEsim) -> (String, ListedEsim) {
    (esim.esim_id.clone(), esim)
}

fn may_be_cut(count: usize) -> bool {
    count > 0 && count.is_multiple_of(ROUND)
}

/// The rows of an answer, and what is missing of them beside what was.
fn passable(
    answer: Result<(Vec<ListedEsim>, bool), ApiError>,
    missing: &mut Vec<ApiError>,
) -> Result<Vec<ListedEsim>, ApiError> {
    match answer {
        Ok((rows, unreadable)) => {
            missing.extend(unreadable.then_some(ApiError::Unreadable(Asking::Esims)));
            Ok(rows)
        }
        Err(error) if error.ends_everything() => Err(error),
        Err(error) => {
            missing.push(error);
            Ok(Vec::new())
        }
    }
}

async fn esim_rows(
    client: &mut Client,
    status: Option<&Status>,
) -> Result<(Vec<ListedEsim>, bool), ApiError> {
    let body = limited(client, Asking::Esims, "/api/esims", status).await?;
    shapes::esims(&body)
}

async fn read_orders(client: &mut Client) -> Result<(usize, Vec<shapes::OrderItem>), ApiError> {
    let body = limited(client, Asking::Orders, "/api/esim/orders", None).await?;
    shapes::orders(&body)
}

/// Asks for as much as the API will give at once.
async fn limited(
    client: &mut Client,
    what: Asking,
    path: &str,
    status: Option<&Status>,
) -> Result<Vec<u8>, ApiError> {
    let mut last = ApiError::Unreadable(what);
    for limit in LIMITS {
        let mut query = Vec::new();
        query.extend(status.map(|status| ("status", status.as_str())));
        query.extend(limit.map(|limit| ("limit", limit)));
        match client.get(what, path, &query).await {
            Err(error @ (ApiError::NotTaken(..) | ApiError::Failing(..))) => last = error,
            other => return other,
        }
    }
    Err(last)
}
