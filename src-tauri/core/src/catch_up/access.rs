//! How an API is reached: by what the environment says, else by what is stored.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::provider::{ApiAccess, ApiError, DEFAULT_RATE};
use crate::secret::{Secret, UnusableSecret};

/// The variable with the API's address.
const URL_VARIABLE: &str = "ESIM_WATCH_API_URL";

/// The variable with the API's token.
pub const TOKEN_VARIABLE: &str = "ESIM_WATCH_API_TOKEN";

/// The variable with the number of requests a second.
const RATE_VARIABLE: &str = "ESIM_WATCH_API_RATE";

/// Slowest rate: a request in a hundred seconds.
const LOWEST_RATE: f64 = 0.01;

/// Quickest rate.
const HIGHEST_RATE: f64 = 1000.0;

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
        ApiVariables {
            url: first(&self.url, &other.url),
            token: first(&self.token, &other.token),
            rate: first(&self.rate, &other.rate),
        }
    }

    /// The token that it gives; `None`: it gives none, and the stored one counts.
    ///
    /// # Errors
    /// [`ApiError::Token`] if it is no token.
    pub fn given_token(&self) -> Option<Result<Secret, ApiError>> {
        let text = self.token.as_deref()?;
        match Secret::new(text) {
            Err(UnusableSecret::Blank) => None,
            Err(reason) => Some(Err(ApiError::Token(reason))),
            Ok(token) => Some(Ok(token)),
        }
    }

    /// How the API is reached. `stored`: the token that is kept.
    ///
    /// # Errors
    /// [`ApiError`] if there is no token, or something else is unusable.
    pub fn access(&self, stored: Option<Secret>) -> Result<ApiAccess, ApiError> {
        let token = match self.given_token() {
            Some(token) => token?,
            None => stored.ok_or(ApiError::NoToken)?,
        };
        let rate = match given(&self.rate) {
            None => DEFAULT_RATE,
            Some(text) => text
                .parse()
                .ok()
                .filter(|rate| (LOWEST_RATE..=HIGHEST_RATE).contains(rate))
                .ok_or_else(|| ApiError::Rate(text.to_owned()))?,
        };
        Ok(ApiAccess {
            base: given(&self.url).map(str::to_owned),
            token,
            rate,
            requests: Arc::default(),
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
        assert_eq!(blank.access(None).unwrap_err(), ApiError::NoToken);
        let stored = Secret::new("kept").unwrap();
        let access = blank.access(Some(stored)).unwrap();
        assert_eq!((access.base, access.token.reveal()), (None, "kept"));
        assert!((access.rate - DEFAULT_RATE).abs() < f64::EPSILON);
    }

    #[test]
    fn what_the_environment_gives_wins() {
        let stored = Secret::new("kept").unwrap();
        let given = variables("https://api.example", "given", "0.5");
        let access = given.access(Some(stored)).unwrap();
        assert_eq!(access.token.reveal(), "given");
        assert_eq!(access.base.as_deref(), Some("https://api.example"));
        assert!((access.rate - 0.5).abs() < f64::EPSILON);
    }

    #[test]
    fn what_is_unusable_is_told_and_never_taken_for_nothing() {
        let token = |token: &str| variables("", token, "").access(None).unwrap_err();
        let lines = ApiError::Token(UnusableSecret::SeveralLines);
        assert_eq!(token("a\nb"), lines);
        for rate in ["0", "-1", "fast", "NaN", "inf", "1e9"] {
            let error = variables("", "t", rate).access(None).unwrap_err();
            assert_eq!(error, ApiError::Rate(rate.to_owned()));
        }
    }

    #[test]
    fn the_token_is_never_shown() {
        let shown = format!("{:?}", variables("u", "very-secret", "1"));
        assert!(!shown.contains("very-secret"), "{shown}");
    }
}
