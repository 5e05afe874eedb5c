//! How an API is reached: by what the environment says, else by what is stored.

use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::provider::{ApiAccess, ApiError, DEFAULT_RATE, RequestPace};
use crate::secret::{Secret, UnusableSecret};

/// The variable with the API's address.
const URL_VARIABLE: &str = "ESIM_WATCH_API_URL";

/// The variable with the API's token.
pub const TOKEN_VARIABLE: &str = "ESIM_WATCH_API_TOKEN";

/// The variable with the number of requests a second.
pub const RATE_VARIABLE: &str = "ESIM_WATCH_API_RATE";

/// Rates that the environment may give, requests a second: from one in a hundred seconds to what a stand-in takes.
const GIVEN_RATES: RangeInclusive<f64> = 0.01..=1000.0;

/// Rates that somebody may set, requests a second. No rate limit of the API is documented: what is quicker than the highest
/// would be noticed there before it is noticed here, and at the lowest a few eSIMs are asked for in minutes.
pub const SET_RATES: RangeInclusive<f64> = 0.1..=10.0;

/// How many requests a second the API is asked for at most.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ApiRate {
    /// Nobody said, or somebody set it.
    Set(f64),
    /// The environment gives it.
    Given(f64),
    /// The environment gives something that is none.
    Unusable,
}

/// The rate that is stored. What is none counts as never set.
#[must_use]
pub fn stored_rate(text: Option<&str>) -> f64 {
    let rate = text.and_then(|text| text.parse().ok());
    rate.filter(|rate| SET_RATES.contains(rate))
        .unwrap_or(DEFAULT_RATE)
}

/// What the environment says of the API, as it stands there. Blank is nothing.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiVariables {
    /// Its address without a path.
    pub url: Option<String>,
    /// What it knows the partner by.
    pub token: Option<String>,
    /// Requests a second.
    pub rate: Option<String>,
}

impl fmt::Debug for ApiVariables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiVariables")
            .field("url", &self.url)
            .field("token", &self.token.as_ref().map(|_| "…"))
            .field("rate", &self.rate)
            .finish()
    }
}

impl ApiVariables {
    /// What this program's environment says.
    #[must_use]
    pub fn from_environment() -> ApiVariables {
        let value = |name: &str| {
            let value = std::env::var_os(name)?;
            // What is no text is unusable and not absent.
            Some(value.to_string_lossy().into_owned())
        };
        ApiVariables {
            url: value(URL_VARIABLE),
            token: value(TOKEN_VARIABLE),
            rate: value(RATE_VARIABLE),
        }
    }

    /// What this says, else those.
    #[must_use]
    pub fn or(&self, other: &ApiVariables) -> ApiVariables {
        let first = |one: &Option<String>, other: &Option<String>| {
            given(one).or(given(other)).map(str::to_owned)
        };
        // What is no token is told, and not passed over.
        let token = match self.given_token() {
            Some(_) => &self.token,
            None => &other.token,
        };
        ApiVariables {
            url: first(&self.url, &other.url),
            token: token.clone(),
            rate: first(&self.rate, &other.rate),
        }
    }

    /// The token that it gives; `None`: it gives none, and the stored one counts.
    ///
    /// # Errors
    /// [`ApiError::Token`] if it is no token.
    pub fn given_token(&self) -> Option<Result<Secret, ApiError>> {
        let text = self.token.as_deref()?;
        match Secret::of_token(text) {
            Err(UnusableSecret::Blank) => None,
            Err(reason) => Some(Err(ApiError::Token(reason))),
            Ok(token) => Some(Ok(token)),
        }
    }

    /// How many requests a second are made at most. `stored`: how many were set.
    #[must_use]
    pub fn rate(&self, stored: f64) -> ApiRate {
        let Some(text) = given(&self.rate) else {
            return ApiRate::Set(stored);
        };
        match text.parse() {
            Ok(rate) if GIVEN_RATES.contains(&rate) => ApiRate::Given(rate),
            _ => ApiRate::Unusable,
        }
    }

    /// How the API is reached. `stored`: the token that is kept, `stored_rate`: the rate that was set.
    ///
    /// # Errors
    /// [`ApiError`] if there is no token, or something else is unusable.
    pub fn access(&self, stored: Option<Secret>, stored_rate: f64) -> Result<ApiAccess, ApiError> {
        let token = match self.given_token() {
            Some(token) => token?,
            None => stored.ok_or(ApiError::NoToken)?,
        };
        let rate = match self.rate(stored_rate) {
            ApiRate::Set(rate) | ApiRate::Given(rate) => rate,
            ApiRate::Unusable => {
                let text = given(&self.rate).unwrap_or_default();
                return Err(ApiError::Rate(text.to_owned()));
            }
        };
        Ok(ApiAccess {
            base: given(&self.url).map(str::to_owned),
            token,
            rate,
            requests: Arc::default(),
            pace: RequestPace::default(),
            goes_first: false,
            answered: watch::Sender::default(),
            line: None,
        })
    }
}

fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(url: &str, token: &str, rate: &str) -> ApiVariables {
        ApiVariables {
            url: Some(url.to_owned()),
            token: Some(token.to_owned()),
            rate: Some(rate.to_owned()),
        }
    }

    #[test]
    fn what_is_blank_is_not_given() {
        let blank = variables(" ", "\u{feff} \t", "");
        assert_eq!(blank.access(None, 1.0).unwrap_err(), ApiError::NoToken);
        let stored = Secret::new("kept").unwrap();
        let access = blank.access(Some(stored), 0.25).unwrap();
        assert_eq!((access.base, access.token.reveal()), (None, "kept"));
        assert!((access.rate - 0.25).abs() < f64::EPSILON);
    }

    #[test]
    fn what_stands_around_a_token_is_not_given() {
        let kept = || Secret::new("kept").ok();
        for (text, token) in [
            ("\"given\"", "given"),
            ("Bearer given", "given"),
            ("Authorization: Bearer given\r\n", "given"),
            ("\"\"", "kept"),
            ("Bearer ", "kept"),
        ] {
            let access = variables("", text, "").access(kept(), 1.0).unwrap();
            assert_eq!(access.token.reveal(), token, "{text:?}");
            // Nothing is no better for standing in quotes: then another environment's counts.
            let other = variables("", "kept", "");
            let both = variables("", text, "").or(&other);
            let access = both.access(None, 1.0).unwrap();
            assert_eq!(access.token.reveal(), token, "{text:?}");
        }
        let spaced = variables("", "given again", "").access(kept(), 1.0);
        let reason = UnusableSecret::NotToken;
        assert_eq!(spaced.unwrap_err(), ApiError::Token(reason));
    }

    #[test]
    fn what_the_environment_gives_wins() {
        let stored = Secret::new("kept").unwrap();
        let given = variables("https://api.example", "given", "0.5");
        let access = given.access(Some(stored), 3.0).unwrap();
        assert_eq!(access.token.reveal(), "given");
        assert_eq!(access.base.as_deref(), Some("https://api.example"));
        assert!((access.rate - 0.5).abs() < f64::EPSILON);
    }

    #[test]
    fn what_is_unusable_is_told_and_never_taken_for_nothing() {
        let token = |token: &str| variables("", token, "").access(None, 1.0).unwrap_err();
        let lines = ApiError::Token(UnusableSecret::SeveralLines);
        assert_eq!(token("a\nb"), lines);
        for rate in ["0", "-1", "fast", "NaN", "inf", "1e9"] {
            let error = variables("", "t", rate).access(None, 1.0).unwrap_err();
            assert_eq!(error, ApiError::Rate(rate.to_owned()));
        }
    }

    #[test]
    fn a_rate_that_was_set_counts_within_its_bounds() {
        for (text, rate) in [
            (None, DEFAULT_RATE),
            (Some("0.5"), 0.5),
            (Some("10"), 10.0),
            (Some("11"), DEFAULT_RATE),
            (Some("0"), DEFAULT_RATE),
            (Some("NaN"), DEFAULT_RATE),
            (Some("quick"), DEFAULT_RATE),
        ] {
            let read = stored_rate(text);
            assert!((read - rate).abs() < f64::EPSILON, "{text:?}: {read}");
        }
        assert_eq!(variables("", "", "400").rate(1.0), ApiRate::Given(400.0));
        assert_eq!(variables("", "", "-4").rate(1.0), ApiRate::Unusable);
    }

    #[test]
    fn the_token_is_never_shown() {
        let shown = format!("{:?}", variables("u", "very-secret", "1"));
        assert!(!shown.contains("very-secret"), "{shown}");
    }
}
