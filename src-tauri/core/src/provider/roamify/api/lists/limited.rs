//! One list at a time, with as many entries as the API gives at once. How many that is is remembered.

use super::super::client::Client;
use super::super::shapes::{self, OrderList};
use crate::event::Status;
use crate::provider::{ApiError, Asking, ListSizes, ListedEsim};

/// By default there are so many in a list at most.
const BY_DEFAULT: usize = 50;

/// How much is asked for; where that is refused, fails or does not come through in time or at all, less. Nothing: whatever the
/// API thinks right.
const LIMITS: [Option<usize>; 4] = [Some(10_000), Some(1_000), Some(100), None];

/// How often a larger list that fails is asked for once more, where a smaller one may not.
const LARGER_REPEATS: u32 = 1;

/// A list of eSIMs as it was answered.
pub(super) struct EsimList {
    pub rows: Vec<ListedEsim>,
    /// Whether an entry of it can't be understood.
    pub unreadable: bool,
    /// Whether it has as many entries as were asked for.
    pub is_full: bool,
}

pub(super) async fn esim_rows(
    client: &mut Client,
    sizes: &mut Sizes,
    status: Option<&Status>,
) -> Result<EsimList, ApiError> {
    let list = List {
        what: Asking::Esims,
        path: "/api/esims",
        status: status.map(Status::as_str),
        read: |body| {
            let (rows, unreadable) = shapes::esims(body)?;
            Ok(EsimList {
                is_full: false,
                rows,
                unreadable,
            })
        },
        count: |list: &EsimList| list.rows.len(),
    };
    let (mut rows, is_full) = limited(client, sizes, &list).await?;
    rows.is_full = is_full;
    Ok(rows)
}

pub(super) async fn read_orders(
    client: &mut Client,
    sizes: &mut Sizes,
    status: Option<&str>,
) -> Result<OrderList, ApiError> {
    let list = List {
        what: Asking::Orders,
        path: "/api/esim/orders",
        status,
        read: shapes::orders,
        count: |list: &OrderList| list.count,
    };
    let (mut orders, is_full) = limited(client, sizes, &list).await?;
    orders.is_full = is_full;
    Ok(orders)
}

/// Whether a list has as many entries as were asked for. One that has more was not held to it.
fn is_full(count: usize, limit: Option<usize>) -> bool {
    count == limit.unwrap_or(BY_DEFAULT)
}

/// One of the API's lists.
struct List<'a, T> {
    what: Asking,
    path: &'static str,
    /// By which status it is asked; `None`: by none.
    status: Option<&'a str>,
    read: fn(&[u8]) -> Result<T, ApiError>,
    /// How many entries one has.
    count: fn(&T) -> usize,
}

impl<T> List<'_, T> {
    /// Asks for as much as the place in [`LIMITS`] says.
    async fn ask(&self, client: &mut Client, place: usize, repeats: u32) -> Result<T, ApiError> {
        let limit = LIMITS.get(place).copied().flatten();
        let limit = limit.map(|limit| limit.to_string());
        let mut query = Vec::new();
        query.extend(self.status.map(|status| ("status", status)));
        query.extend(limit.as_deref().map(|limit| ("limit", limit)));
        let asked = client.get_trying(self.what, self.path, &query, repeats);
        (self.read)(&asked.await?)
    }

    fn is_full(&self, list: &T, place: usize) -> bool {
        is_full((self.count)(list), LIMITS.get(place).copied().flatten())
    }
}

/// How much is asked for at once: as much as was given before, and more where that may have cut a list.
#[derive(Default)]
pub(super) struct Sizes {
    pub known: ListSizes,
    /// Whether more was refused since this conversation began.
    refuses_more: bool,
    /// Where in [`LIMITS`] the last list was that was not given as much as was asked for: another need not try all of that.
    last_given: usize,
}

impl Sizes {
    pub fn of(known: ListSizes) -> Sizes {
        Sizes {
            known,
            refuses_more: false,
            last_given: 0,
        }
    }

    /// Where to begin in [`LIMITS`]. What one list takes is as good a guess for the other as any.
    fn begin(&self, what: Asking) -> usize {
        let ListSizes { esims, orders, .. } = self.known;
        let known = match what {
            Asking::Orders => orders.or(esims),
            _ => esims.or(orders),
        };
        let place = known.and_then(|known| {
            let mut limits = LIMITS.iter();
            limits.position(|limit| limit.unwrap_or(0) == known)
        });
        place.unwrap_or(0).max(self.last_given)
    }

    fn took(&mut self, what: Asking, place: usize) {
        let limit = LIMITS.get(place).copied().flatten().unwrap_or(0);
        let known = match what {
            Asking::Orders => &mut self.known.orders,
            _ => &mut self.known.esims,
        };
        *known = Some(limit);
    }
}

/// Asks for as much as the API will give at once, and tells whether that is as many as were asked for.
async fn limited<T>(
    client: &mut Client,
    sizes: &mut Sizes,
    list: &List<'_, T>,
) -> Result<(T, bool), ApiError> {
    let begin = sizes.begin(list.what);
    let mut last = ApiError::Unreadable(list.what);
    for place in begin..LIMITS.len() {
        let is_last = place + 1 == LIMITS.len();
        // Half of what took too long a moment ago is no other list.
        if is_last && matches!(last, ApiError::TooSlow(_)) {
            break;
        }
        let repeats = if is_last { u32::MAX } else { LARGER_REPEATS };
        match list.ask(client, place, repeats).await {
            Ok(found) => {
                let (found, place) = match place == begin && list.is_full(&found, place) {
                    true => larger(client, sizes, list, found, place).await?,
                    false => (found, place),
                };
                if place > begin {
                    sizes.last_given = place;
                }
                // What comes through by status says nothing of all, but what does not.
                if list.status.is_none() || place > begin {
                    sizes.took(list.what, place);
                }
                let is_full = list.is_full(&found, place);
                return Ok((found, is_full));
            }
            Err(error) if may_fit_shorter(&error) => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

/// A list that has as many entries as were asked for: more is asked for, as long as more comes.
async fn larger<T>(
    client: &mut Client,
    sizes: &mut Sizes,
    list: &List<'_, T>,
    mut found: T,
    mut place: usize,
) -> Result<(T, usize), ApiError> {
    while place > 0 && !sizes.refuses_more && list.is_full(&found, place) {
        match list.ask(client, place - 1, 0).await {
            Ok(more) if (list.count)(&more) >= (list.count)(&found) => {
                found = more;
                place -= 1;
            }
            Err(error) if error.ends_everything() => return Err(error),
            Err(ApiError::NotTaken(..) | ApiError::Failing(..)) => sizes.refuses_more = true,
            // Of another list so much may come through.
            _ => break,
        }
    }
    Ok((found, place))
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
