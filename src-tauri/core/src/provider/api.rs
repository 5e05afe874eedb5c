//! What a provider can be asked, for catching up with what it sent while nobody listened: which eSIMs there are, and
//! what happened to each. What comes out are bodies in the provider's own form of a webhook, so that they are read,
//! stored and read again like those that it sends.
//!
//! Must not know: the store, in which order is asked, who asks.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use tokio::sync::watch;

use crate::display_in_english;
use crate::event::{Bought, Status};
use crate::message::{Message, ToMessage};
use crate::provider::RequestPace;
use crate::provider::known::{EsimSoFar, EsimsSoFar, ListSizes};
use crate::provider::line::{ApiLine, Asked, Distrust};
use crate::secret::{Secret, UnusableSecret};

/// After so many seconds the API is asked again, however long it wants to be left alone: what it says may be a mistake, and a
/// desk that waits for months is deaf.
const LONGEST_LEFT_ALONE_SECS: i64 = 86_400;

/// How many requests a second are made unless somebody says otherwise.
pub const DEFAULT_RATE: f64 = 2.0;

/// How an API is reached.
#[derive(Debug, Clone)]
pub struct ApiAccess {
    /// Its address without a path; `None`: the provider's own.
    pub base: Option<String>,
    /// What it knows the partner by.
    pub token: Secret,
    /// Requests a second at most.
    pub rate: f64,
    /// Counts every request that is made, repeats included.
    pub requests: Arc<AtomicU64>,
    /// How fast it is asked: all that share this keep to the rate together.
    pub pace: RequestPace,
    /// Whether somebody waits for what is asked.
    pub goes_first: bool,
    /// Becomes true when something is answered that only the API can have answered.
    pub answered: watch::Sender<bool>,
    /// The way to it; `None`: over HTTP.
    pub line: Option<Arc<dyn ApiLine>>,
}

/// One eSIM as a list of the API has it.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedEsim {
    /// The provider's id of it.
    pub esim_id: String,
    /// The same as the API writes it, by which it is asked: it may know no other spelling.
    pub written_id: String,
    /// The SIM profile's number.
    pub iccid: Option<String>,
    /// The list's word for its status, which may be coarser than an event's.
    pub status: Option<Status>,
    /// Another one when anything that a list says of it is another.
    pub mark: String,
    /// When it was made, UTC seconds; so the next two.
    pub created_at: Option<i64>,
    /// When its entry changed last.
    pub updated_at: Option<i64>,
    /// When its profile's life or its plan ends.
    pub ends_at: Option<i64>,
    /// Whether its data is unlimited.
    pub unlimited: Option<bool>,
    /// Whether nobody can tell what is left of it.
    pub without_usage: bool,
    /// What was bought for it, the latest last.
    pub bought: Vec<Bought>,
}

/// eSIMs that were found.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Each once.
    pub esims: Vec<ListedEsim>,
    /// The ids of those that are no more.
    pub gone: Vec<String>,
    /// What may be missing from it, and why.
    pub missing: Vec<ApiError>,
    /// What is known of the lists now.
    pub sizes: ListSizes,
    /// How many that somebody may travel with are still to be asked for by themselves.
    pub in_use_left: usize,
}

/// What the API told of one eSIM, or of the account.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// Bodies in the provider's own form.
    pub bodies: Vec<Vec<u8>>,
    /// When the life of the eSIM's profile ends, UTC seconds, which is no end of a plan; `None`: it does not say.
    pub life_ends_at: Option<i64>,
    /// What was bought for it, the latest last; empty: what the lists say of that is all.
    pub bought: Vec<Bought>,
    /// The ids of others that were named by the way, and that nobody knew until then: [`Api::named`] asks for them.
    pub named: Vec<String>,
    /// Whether its history was empty in a form that nobody describes: it may have something all the same.
    pub is_oddly_empty: bool,
    /// What could not be read, and why.
    pub missing: Vec<ApiError>,
}

/// What can be told only once nothing more is asked.
#[derive(Debug, Clone, Default)]
pub struct Ending {
    /// What was missing of all that was asked for, beside what was told of each.
    pub missing: Vec<ApiError>,
    /// What is known of the lists now.
    pub sizes: ListSizes,
}

/// One conversation with an API: one request at a time.
pub trait Api: Send {
    /// The eSIMs that there are, and what was bought for them: those in the lists, and the first of those in use that the lists lack.
    fn list<'a>(&'a mut self, known: &'a EsimsSoFar) -> Asked<'a, Result<Listing, ApiError>>;

    /// The others that the lists lack, each asked for by itself. Of those that were gone a few at a time are asked for.
    fn rest<'a>(&'a mut self, known: &'a EsimsSoFar) -> Asked<'a, Result<Listing, ApiError>>;

    /// Those that were named only while others were asked for, each asked for by itself.
    fn named<'a>(&'a mut self, known: &'a EsimsSoFar) -> Asked<'a, Result<Listing, ApiError>>;

    /// One of them as the API has it, without what was bought for it.
    fn one<'a>(&'a mut self, esim_id: &'a str) -> Asked<'a, Result<ListedEsim, ApiError>>;

    /// What happened to one of them.
    fn esim<'a>(
        &'a mut self,
        listed: &'a ListedEsim,
        known: &'a EsimSoFar,
    ) -> Asked<'a, Result<Told, ApiError>>;

    /// How the partner's account stands.
    fn account(&mut self) -> Asked<'_, Result<Told, ApiError>>;

    /// What can be told only once nothing more is asked.
    fn ending(&self) -> Ending;

    /// The provider's own time as of its last answer, UTC seconds; this computer's where it told none.
    fn now(&self) -> i64;

    /// The same where an answer of its has told it.
    fn told(&self) -> Option<i64>;
}

/// Opens conversations with one provider's API.
pub trait HasApi: Send + Sync {
    /// A conversation. Nothing is asked yet.
    ///
    /// # Errors
    /// [`ApiError`] if it can't be reached like that.
    fn open(&self, access: ApiAccess) -> Result<Box<dyn Api>, ApiError>;
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asking {
    /// The list of eSIMs.
    Esims,
    /// The list of orders.
    Orders,
    /// One eSIM.
    Esim,
    /// What happened to an eSIM.
    History,
    /// What is left of an eSIM's package.
    Usage,
    /// The partner's balance.
    Balance,
}

impl ToMessage for Asking {
    fn to_message(&self) -> Message {
        Message::of(match self {
            Asking::Esims => "api.what.esims",
            Asking::Orders => "api.what.orders",
            Asking::Esim => "api.what.esim",
            Asking::History => "api.what.history",
            Asking::Usage => "api.what.usage",
            Asking::Balance => "api.what.balance",
        })
    }
}

/// Why an API did not tell what it was asked. Each text is for the user.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum ApiError {
    /// No token is set.
    NoToken,
    /// What is set as the token is none.
    Token(UnusableSecret),
    /// The provider does not know the token.
    Refused,
    /// The address is none that a token may be sent to.
    Address(String),
    /// The rate is no number of requests.
    Rate(String),
    /// This provider has no API, or the system can't make a client.
    Unusable(String),
    /// The partner may not ask for this.
    NotAllowed(Asking),
    /// There is no such thing.
    NotFound(Asking),
    /// It does not take the request, with this status (RFC 9110).
    NotTaken(Asking, u16),
    /// It fails, with this status (RFC 9110); one of success: its answer says that it failed.
    Failing(Asking, u16),
    /// It was asked too often.
    TooOften(Asking),
    /// It wants nobody to ask for so many seconds.
    Later(i64),
    /// Something else answered: a page, another address.
    Stranger(Asking),
    /// What it answered can't be understood.
    Unreadable(Asking),
    /// It did not answer in time.
    TooSlow(Asking),
    /// The connection broke before all of the answer was there.
    BrokenOff(Asking),
    /// What it answered is too long to be read.
    TooLong(Asking),
    /// It can't be reached.
    Unreachable,
    /// Whoever answers in its place does not show that it is the API.
    Distrusted(Distrust),
    /// What it answered may not be all.
    Cut(Asking),
    /// What it answered lacks something that it has.
    Incomplete(Asking),
    /// Of so many eSIMs no order is listed, and nobody can tell whether there are orders of them.
    Unordered(usize),
    /// Its list of eSIMs ends before its end, and what has no order may not be in it.
    Unlisted,
    /// It told of times that have not come, by its own clock and by this computer's.
    ToCome,
    /// It has none of the eSIMs that are known.
    OtherAccount,
    /// It has no longer what somebody may travel with: these eSIMs, by what they are known by.
    Vanished(Vec<String>),
}

display_in_english!(ApiError);

impl ApiError {
    /// Whether some eSIM may be another than is known because of it. Of the orders it is told what was bought: where the list
    /// of eSIMs lacks one that only they could name, that is told besides.
    #[must_use]
    pub fn hides_an_esim(&self) -> bool {
        let is_aside = |what: &Asking| matches!(what, Asking::Balance | Asking::Orders);
        match self {
            ApiError::NotAllowed(what)
            | ApiError::NotFound(what)
            | ApiError::NotTaken(what, _)
            | ApiError::Failing(what, _)
            | ApiError::TooOften(what)
            | ApiError::Stranger(what)
            | ApiError::Unreadable(what)
            | ApiError::TooSlow(what)
            | ApiError::BrokenOff(what)
            | ApiError::TooLong(what)
            | ApiError::Cut(what) => !is_aside(what),
            // That is known, or of no eSIM.
            ApiError::Vanished(_) | ApiError::Unordered(_) | ApiError::Unlisted => false,
            _ => true,
        }
    }

    /// It may pass by itself, after so many seconds at the earliest; `None`: somebody has to do something.
    #[must_use]
    pub fn passes_after_secs(&self) -> Option<u64> {
        match self {
            ApiError::Later(seconds) => {
                let seconds = (*seconds).clamp(0, LONGEST_LEFT_ALONE_SECS);
                Some(seconds.unsigned_abs())
            }
            ApiError::Failing(..)
            | ApiError::TooOften(_)
            | ApiError::Stranger(_)
            | ApiError::Unreadable(_)
            | ApiError::TooSlow(_)
            | ApiError::BrokenOff(_)
            | ApiError::TooLong(_)
            | ApiError::Incomplete(_)
            | ApiError::Unreachable
            | ApiError::Distrusted(_) => Some(0),
            _ => None,
        }
    }

    /// Whether it only says that something may be missing, and nothing shows that it is.
    #[must_use]
    pub fn is_doubt(&self) -> bool {
        matches!(self, ApiError::Unordered(_) | ApiError::Unlisted)
    }

    /// Whether no request fares better until somebody does something.
    #[must_use]
    pub fn needs_somebody(&self) -> bool {
        self.ends_everything() && self.passes_after_secs().is_none()
    }

    /// Whether no other request would fare better.
    #[must_use]
    pub fn ends_everything(&self) -> bool {
        matches!(
            self,
            ApiError::NoToken
                | ApiError::Token(_)
                | ApiError::Refused
                | ApiError::Address(_)
                | ApiError::Rate(_)
                | ApiError::Unusable(_)
                | ApiError::Later(_)
                | ApiError::Unreachable
                | ApiError::Distrusted(_)
        )
    }
}

impl ToMessage for ApiError {
    fn to_message(&self) -> Message {
        let of = |key: &str, what: &Asking| Message::of(key).with("what", what.to_message());
        let told = |key: &str, what: &Asking, status: &u16| {
            of(key, what).with("status", status.to_string())
        };
        match self {
            ApiError::NoToken => Message::of("api.error.noToken"),
            ApiError::Token(reason) => {
                Message::of("api.error.token").with("reason", reason.to_message())
            }
            ApiError::Refused => Message::of("api.error.refused"),
            ApiError::Address(address) => {
                Message::of("api.error.address").with("address", address.as_str())
            }
            ApiError::Rate(rate) => Message::of("api.error.rate").with("rate", rate.as_str()),
            ApiError::Unusable(reason) => {
                Message::of("api.error.unusable").with("reason", Message::quoted(reason))
            }
            ApiError::NotAllowed(what) => of("api.error.notAllowed", what),
            ApiError::NotFound(Asking::Esim) => Message::of("api.error.noSuchEsim"),
            ApiError::NotFound(what) => of("api.error.notFound", what),
            ApiError::NotTaken(what, status) => told("api.error.notTaken", what, status),
            // Its answer is one of success, and says otherwise.
            ApiError::Failing(what, 200..=299) => of("api.error.saysFailed", what),
            ApiError::Failing(what, status) => told("api.error.failing", what, status),
            ApiError::TooOften(what) => of("api.error.tooOften", what),
            ApiError::Later(seconds) => {
                let key = match *seconds > LONGEST_LEFT_ALONE_SECS {
                    true => "api.error.laterThanADay",
                    false => "api.error.later",
                };
                Message::of(key).with("time", length_of(*seconds))
            }
            ApiError::Stranger(what) => of("api.error.stranger", what),
            ApiError::Unreadable(what) => of("api.error.unreadable", what),
            ApiError::TooSlow(what) => of("api.error.tooSlow", what),
            ApiError::BrokenOff(what) => of("api.error.brokenOff", what),
            ApiError::TooLong(what) => of("api.error.tooLong", what),
            ApiError::Unreachable => Message::of("api.error.unreachable"),
            ApiError::Distrusted(why) => Message::of(match why {
                Distrust::Dates => "api.error.certificateDates",
                Distrust::Certificate => "api.error.certificate",
                Distrust::Unsecured => "api.error.unsecured",
            }),
            ApiError::Cut(what) => of("api.error.cut", what),
            ApiError::Incomplete(what) => of("api.error.incomplete", what),
            ApiError::Unlisted => Message::of("api.error.unlisted"),
            ApiError::ToCome => Message::of("api.error.toCome"),
            ApiError::Unordered(count) => {
                let count = i64::try_from(*count).unwrap_or(i64::MAX);
                Message::of("api.error.unordered").with("count", count)
            }
            ApiError::OtherAccount => Message::of("api.error.otherAccount"),
            ApiError::Vanished(names) => {
                Message::of("api.error.vanished").with("esims", names.join(", "))
            }
        }
    }
}

/// A length of time in words: in the largest unit that it fills, and never too short. Beyond a month nobody waits.
fn length_of(seconds: i64) -> Message {
    const MINUTE: i64 = 60;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    let (key, unit) = match seconds {
        ..MINUTE => ("api.time.seconds", 1),
        MINUTE..HOUR => ("api.time.minutes", MINUTE),
        HOUR..DAY => ("api.time.hours", HOUR),
        DAY..=2_592_000 => ("api.time.days", DAY),
        _ => return Message::of("api.time.months"),
    };
    let count = seconds.max(0).saturating_add(unit - 1) / unit;
    Message::of(key).with("count", count)
}

impl fmt::Debug for dyn HasApi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HasApi")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_to_wait_is_told_in_hours_and_not_in_thousands_of_seconds() {
        for (seconds, words) in [
            (1, "for 1 second."),
            (59, "for 59 seconds."),
            (60, "for 1 minute."),
            (901, "for 16 minutes."),
            (3600, "for 1 hour."),
            (7201, "for 3 hours."),
            (86_400, "for 1 day."),
            (1_000_000_000, "for more than a month."),
            (i64::MAX, "for more than a month."),
        ] {
            let told = ApiError::Later(seconds).to_string();
            assert!(told.contains(words), "{told}");
        }
    }

    #[test]
    fn however_long_it_wants_to_be_left_alone_it_is_asked_again_after_a_day() {
        for (seconds, waits) in [
            (-1, 0),
            (901, 901),
            (86_400, 86_400),
            (86_401, 86_400),
            (i64::MAX, 86_400),
        ] {
            let error = ApiError::Later(seconds);
            assert_eq!(error.passes_after_secs(), Some(waits), "{seconds}");
            // That it asks sooner than it was told to is said.
            let is_said = error.to_string().contains("after a day");
            assert_eq!(is_said, seconds > 86_400, "{error}");
        }
    }

    #[test]
    fn an_esim_that_is_not_there_is_not_asked_for_again_and_a_history_is() {
        assert_eq!(
            ApiError::NotFound(Asking::Esim).to_string(),
            "Roamify does not have the eSIM that it was asked for (404). Ask Roamify's support what became of it."
        );
        let history = ApiError::NotFound(Asking::History).to_string();
        assert!(history.contains("the history of an eSIM"), "{history}");
        assert!(history.contains("asks again"), "{history}");
    }

    #[test]
    fn an_answer_that_says_itself_that_it_failed_is_told_without_a_status_of_success() {
        assert_eq!(
            ApiError::Failing(Asking::Balance, 200).to_string(),
            "Roamify was asked for the balance and answered that it failed itself. The next catch-up asks again."
        );
        let broken = ApiError::Failing(Asking::Balance, 503).to_string();
        assert!(broken.contains("failed (status 503)"), "{broken}");
    }

    #[test]
    fn what_passes_by_itself_needs_nobody() {
        assert!(ApiError::Refused.needs_somebody());
        assert!(ApiError::NoToken.needs_somebody());
        for passing in [
            ApiError::Unreachable,
            ApiError::Distrusted(Distrust::Certificate),
            ApiError::Later(3600),
            ApiError::NotFound(Asking::Esim),
            ApiError::NotAllowed(Asking::Usage),
        ] {
            assert!(!passing.needs_somebody(), "{passing}");
        }
    }
}
