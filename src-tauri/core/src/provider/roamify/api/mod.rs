//! The REST API, for catching up with what webhooks brought while nobody listened. Its documentation contradicts itself
//! as that of the webhooks does: every form that it ever described is understood, and where two pages name a request
//! differently, the other name is tried.
//!
//! Not asked for:
//! - `/api/esim/usage/details`: days of use in a unit that no page states (kB, and surely not MB, says one reading; the dates
//!   come without a zone). Webhooks list days in MB, so that the next report fills in what an absence has missed; a guess
//!   would stand beside them as if it were known. What is left, which is what alerts go by, is asked for.
//! - `/api/esim/history`: the top-ups of one eSIM. The list of orders holds them with their prices, for all eSIMs at once; this
//!   would be a request for each.
//! - `eid` of a history's entries, the chip of the traveller's phone: it identifies a person's device and no webhook tells it.
//!   That another phone has the profile shows as another INSTALLED in the timeline.
//!
//! What it tells becomes bodies in the flat form of a webhook ([`tell`]), so that one reading understands both.

mod address;
mod client;
mod http;
mod json;
mod lists;
mod shapes;
mod tell;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::event::Status;
use crate::provider::{
    Api, ApiAccess, ApiError, Asked, Asking, Ending, EsimSoFar, EsimsSoFar, HasApi, ListSizes,
    ListedEsim, Listing, Told,
};
use address::address;
use client::Client;
use http::HttpLine;
use lists::{Lists, Unordered};
use shapes::{History, UsageRow};

/// Where the API is.
const BASE: &str = "https://api.getroamify.com";

/// The way to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct RoamifyApi;

impl HasApi for RoamifyApi {
    fn open(&self, access: ApiAccess) -> Result<Box<dyn Api>, ApiError> {
        let base = address(access.base.as_deref().unwrap_or(BASE))?;
        let line = match &access.line {
            Some(line) => Arc::clone(line),
            None => Arc::new(HttpLine::new(base, &access.token)?),
        };
        Ok(Box::new(Conversation {
            client: Client::new(line, access),
            history_path: HISTORY_PATHS,
            usage_by_id: false,
            owners: BTreeMap::new(),
            lists: None,
            sizes: ListSizes::default(),
            unordered: Unordered::default(),
            usage: UsageAnswers::default(),
        }))
    }
}

/// Where histories are: the pages of the documentation name two places.
const HISTORY_PATHS: [&str; 2] = ["/api/esim/event", "/api/esim/events"];

/// Answers of one conversation.
struct Conversation {
    client: Client,
    /// The place that has answered before is the first.
    history_path: [&'static str; 2],
    /// Whether what is left was told by the eSIM's id and not by its ICCID.
    usage_by_id: bool,
    /// Which eSIMs the lists have of each ICCID.
    owners: BTreeMap<String, BTreeSet<String>>,
    /// What the lists told.
    lists: Option<Lists>,
    /// What is known of them.
    sizes: ListSizes,
    /// The eSIMs without an order.
    unordered: Unordered,
    usage: UsageAnswers,
}

/// How often was told what is left of a package, and how often that there is nothing to tell.
#[derive(Default)]
struct UsageAnswers {
    told: usize,
    not_found: usize,
    /// Of those without an answer so many were in use.
    not_found_in_use: usize,
}

/// So many eSIMs of which nothing is left to tell, one of them in use, and none of which something is: then it is what is asked
/// that the API does not know. Of one or two it may be true.
const NONE_KNOWS_USAGE: usize = 3;

impl UsageAnswers {
    /// Whether none was told, of so many that some should have been.
    fn is_missing(&self) -> bool {
        self.told == 0 && self.not_found >= NONE_KNOWS_USAGE && self.not_found_in_use > 0
    }
}

impl Api for Conversation {
    fn list<'a>(&'a mut self, known: &'a EsimsSoFar) -> Asked<'a, Result<Listing, ApiError>> {
        Box::pin(async move {
            let (mut lists, listing) = Lists::read(&mut self.client, known).await?;
            self.unordered = std::mem::take(&mut lists.unordered);
            self.sizes = listing.sizes;
            self.lists = Some(lists);
            self.note_owners(&listing.esims);
            Ok(listing)
        })
    }

    fn rest<'a>(&'a mut self, known: &'a EsimsSoFar) -> Asked<'a, Result<Listing, ApiError>> {
        Box::pin(async move {
            let Some(lists) = &mut self.lists else {
                return Ok(Listing::default());
            };
            let listing = lists.rest(&mut self.client, known, &mut self.unordered);
            let listing = listing.await?;
            self.sizes = listing.sizes;
            self.note_owners(&listing.esims);
            Ok(listing)
        })
    }

    fn named<'a>(&'a mut self, known: &'a EsimsSoFar) -> Asked<'a, Result<Listing, ApiError>> {
        Box::pin(async move {
            let Some(lists) = &mut self.lists else {
                return Ok(Listing::default());
            };
            let listing = lists.named(&mut self.client, known, &mut self.unordered);
            let listing = listing.await?;
            self.note_owners(&listing.esims);
            Ok(listing)
        })
    }

    fn one<'a>(&'a mut self, esim_id: &'a str) -> Asked<'a, Result<ListedEsim, ApiError>> {
        Box::pin(async move {
            match lists::one(&mut self.client, esim_id, esim_id).await {
                Err(ApiError::NotFound(what)) => match lists::in_capitals(esim_id) {
                    Some(written) => lists::one(&mut self.client, esim_id, &written).await,
                    None => Err(ApiError::NotFound(what)),
                },
                other => other,
            }
        })
    }

    fn esim<'a>(
        &'a mut self,
        listed: &'a ListedEsim,
        known: &'a EsimSoFar,
    ) -> Asked<'a, Result<Told, ApiError>> {
        Box::pin(self.everything_of(listed, known))
    }

    fn account(&mut self) -> Asked<'_, Result<Told, ApiError>> {
        Box::pin(self.balance())
    }

    fn ending(&self) -> Ending {
        let usage = ApiError::NotFound(Asking::Usage);
        let usage = self.usage.is_missing().then_some(usage);
        let (orders, sizes) = self.unordered.ending(self.sizes);
        let missing = usage.into_iter().chain(orders).collect();
        Ending { missing, sizes }
    }

    fn now(&self) -> i64 {
        self.client.now()
    }

    fn told(&self) -> Option<i64> {
        self.client.told()
    }
}

impl Conversation {
    async fn balance(&mut self) -> Result<Told, ApiError> {
        let body = self.client.get(Asking::Balance, "/api/balance", &[]).await;
        let mut told = Told::default();
        match body.and_then(|body| shapes::balance(&body)) {
            Ok((balance, currency)) => {
                let now = self.client.now();
                told.bodies.push(tell::balance(balance, currency, now));
            }
            Err(error) if error.ends_everything() => return Err(error),
            Err(error) => told.missing.push(error),
        }
        Ok(told)
    }

    async fn everything_of(
        &mut self,
        listed: &ListedEsim,
        known: &EsimSoFar,
    ) -> Result<Told, ApiError> {
        let mut missing = Vec::new();
        let history = match self.history(listed).await {
            Ok(history) => {
                if history.unreadable {
                    missing.push(ApiError::Unreadable(Asking::History));
                }
                history
            }
            Err(error) if error.ends_everything() => return Err(error),
            // Without the history the coarser words of the list would stand for what it tells a moment later.
            Err(error) if error.passes_after_secs().is_some() => {
                missing.push(error);
                return Ok(Told {
                    missing,
                    ..Told::default()
                });
            }
            Err(error) => {
                missing.push(error);
                History::default()
            }
        };
        let reference = history
            .reference_id
            .as_ref()
            .or(known.reference_id.as_ref());
        let reference = reference.map(String::as_str);
        let client = &mut self.client;
        let bought = self.unordered.bought(client, &listed.esim_id, reference);
        let bought = match bought.await {
            Ok(bought) => bought,
            Err(error) if error.ends_everything() => return Err(error),
            Err(error) => {
                missing.push(error);
                Vec::new()
            }
        };
        let with_bought;
        let listed = match bought.is_empty() {
            true => listed,
            false => {
                with_bought = ListedEsim {
                    bought: bought.clone(),
                    ..listed.clone()
                };
                &with_bought
            }
        };
        let mut telling = tell::Telling {
            listed,
            known,
            history: &history,
            usage: &UsageRow::default(),
            now: self.client.now(),
        };
        if known.figures_are_fresh && missing.is_empty() && telling.is_quiet() {
            return Ok(Told {
                bodies: telling.entries(),
                bought,
                named: self.lacking(),
                is_oddly_empty: history.is_oddly_empty,
                ..Told::default()
            });
        }
        let sold = matches!(
            listed.status,
            Some(Status::New | Status::Ready | Status::Downloaded)
        );
        let used = known.was_used || tell::was_used(&history);
        let mut usage = UsageRow::default();
        if (used || !sold) && !listed.without_usage {
            match self.usage(listed, known.shares_iccid).await {
                Ok(row) => {
                    usage = row;
                    self.usage.told += 1;
                }
                Err(error) if error.ends_everything() => return Err(error),
                // Of what is over nothing need be left, of what has not begun nobody measures anything, and of others the
                // API knows nothing either: that is its answer, and stays so. Unless it says so of all of them.
                Err(ApiError::NotFound(_)) => {
                    let in_use = used && listed.status == Some(Status::Installed);
                    self.usage.not_found += 1;
                    self.usage.not_found_in_use += usize::from(in_use);
                }
                Err(error) => missing.push(error),
            }
        }
        telling.usage = &usage;
        telling.now = self.client.now();
        let fresh;
        if telling.contradicts_itself() {
            // The list may lag behind: the eSIM's own entry decides.
            match lists::one(&mut self.client, &listed.esim_id, &listed.written_id).await {
                Ok(row) => {
                    let bought = listed.bought.clone();
                    fresh = ListedEsim { bought, ..row };
                }
                Err(error) if error.ends_everything() => return Err(error),
                Err(error) => {
                    missing.push(error);
                    fresh = ListedEsim {
                        status: None,
                        ..listed.clone()
                    };
                }
            }
            telling.listed = &fresh;
        }
        let named = self.lacking();
        Ok(Told {
            bodies: telling.bodies(),
            life_ends_at: telling.life_ends_at(),
            bought,
            named,
            is_oddly_empty: history.is_oddly_empty,
            missing,
        })
    }

    /// Those that were named since and that no list has.
    fn lacking(&self) -> Vec<String> {
        let lists = self.lists.as_ref();
        lists.map_or_else(Vec::new, |lists| lists.lacking(&self.unordered))
    }

    /// By the eSIM's id: an ICCID may have been another eSIM's before. One that comes and can't be understood tells no more
    /// a moment later: then what else is known counts.
    async fn history(&mut self, listed: &ListedEsim) -> Result<History, ApiError> {
        let query = [("esimId", listed.written_id.as_str())];
        let [first, second] = self.history_path;
        let body = match self.client.get(Asking::History, first, &query).await {
            Err(ApiError::NotFound(_)) => {
                let body = self.client.get(Asking::History, second, &query).await?;
                self.history_path = [second, first];
                body
            }
            other => other?,
        };
        let is_its = |history: &History| {
            let id = history.esim_id.as_ref();
            id.is_none_or(|id| *id == listed.esim_id)
        };
        let history = shapes::history(&body).ok().filter(is_its);
        Ok(history.unwrap_or_else(|| History {
            unreadable: true,
            ..History::default()
        }))
    }

    /// By the ICCID, as most pages have it, or by the id, whichever was taken before; else by the other. What is told of
    /// another eSIM, which has the ICCID now, is not this one's. Of one that shares its ICCID (`shares_iccid`, or the lists
    /// show it) an answer to the ICCID that does not say whose it is may be either's.
    async fn usage(
        &mut self,
        listed: &ListedEsim,
        shares_iccid: bool,
    ) -> Result<UsageRow, ApiError> {
        let by_id = Some(("esimId", listed.written_id.as_str()));
        let by_iccid = listed.iccid.as_deref().map(|iccid| ("iccid", iccid));
        let owners = listed.iccid.as_ref().and_then(|one| self.owners.get(one));
        let shared = shares_iccid || owners.is_some_and(|owners| owners.len() > 1);
        let ways = if self.usage_by_id || shared {
            [by_id, by_iccid]
        } else {
            [by_iccid, by_id]
        };
        let mut ways = ways.into_iter().flatten().peekable();
        let mut is_unknown = false;
        let mut is_anothers = false;
        while let Some(way) = ways.next() {
            let asked = self
                .client
                .get(Asking::Usage, "/api/esim/usage", &[way])
                .await;
            let is_last = ways.peek().is_none();
            let is_by_id = Some(way) == by_id;
            match asked {
                Ok(body) => {
                    let row = shapes::usage(&body)?;
                    let is_its = match &row.esim_id {
                        Some(id) => *id == listed.esim_id,
                        None => is_by_id || !shared,
                    };
                    is_anothers |= row.esim_id.is_some() && !is_its;
                    if is_its {
                        self.usage_by_id = if shared { self.usage_by_id } else { is_by_id };
                        return Ok(row);
                    }
                }
                Err(ApiError::NotFound(_)) if !is_last => is_unknown = true,
                Err(ApiError::NotTaken(..)) if !is_last => {}
                // That it can't be asked like this says less than that it knows nothing, or of the eSIM alone that has the
                // ICCID now.
                Err(ApiError::NotTaken(..) | ApiError::NotFound(_))
                    if is_unknown || is_anothers =>
                {
                    return Err(ApiError::NotFound(Asking::Usage));
                }
                Err(error) => return Err(error),
            }
        }
        Err(match is_anothers {
            true => ApiError::NotFound(Asking::Usage),
            false => ApiError::Unreadable(Asking::Usage),
        })
    }

    /// Takes note whose ICCIDs are.
    fn note_owners(&mut self, esims: &[ListedEsim]) {
        for esim in esims {
            if let Some(iccid) = &esim.iccid {
                let owners = self.owners.entry(iccid.clone()).or_default();
                owners.insert(esim.esim_id.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests;
