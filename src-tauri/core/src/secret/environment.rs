//! Secrets from the program's environment. Not command-line options: those can be read by every user of the machine.

use std::ffi::OsString;

use super::{Secret, Secrets, UnusableSecret};
use crate::display_in_english;
use crate::message::{Message, ToMessage};

/// Why the environment gives no secrets though it was meant to. Whoever meant to must not run without them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvironmentError {
    /// A variable is no secret.
    Unusable {
        /// Its name.
        name: String,
        /// Why.
        reason: UnusableSecret,
    },
    /// Only the previous secret is given.
    OnlyPrevious {
        /// The variable of the current one.
        name: String,
        /// The one of the previous.
        previous: String,
    },
    /// The secret came from there before, and no longer does.
    Gone {
        /// The variable.
        name: String,
    },
}

display_in_english!(EnvironmentError);

impl ToMessage for EnvironmentError {
    fn to_message(&self) -> Message {
        match self {
            EnvironmentError::Unusable { name, reason } => Message::of("error.secret.variable")
                .with("name", name.as_str())
                .with("reason", reason.to_message()),
            EnvironmentError::OnlyPrevious { name, previous } => {
                Message::of("error.secret.onlyPrevious")
                    .with("name", name.as_str())
                    .with("previous", previous.as_str())
            }
            EnvironmentError::Gone { name } => {
                Message::of("error.secret.variableGone").with("name", name.as_str())
            }
        }
    }
}

/// The variables of a provider's current and previous secret. `own_name`: the provider's; `None`: the first one.
#[must_use]
pub fn variables(own_name: Option<&str>) -> (String, String) {
    let current = match own_name {
        Some(name) => format!("ESIM_WATCH_{}_WEBHOOK_SECRET", name.to_uppercase()),
        None => "ESIM_WATCH_WEBHOOK_SECRET".to_owned(),
    };
    let previous = format!("{current}_PREVIOUS");
    (current, previous)
}

impl Secrets {
    /// The secrets that a provider's [`variables`] give (`value` tells what one holds, or that it is not set); they win
    /// over the stored ones. `None`: neither is set.
    ///
    /// # Errors
    /// [`EnvironmentError`] if something is set that is no secret.
    pub fn from_environment(
        own_name: Option<&str>,
        value: impl Fn(&str) -> Option<OsString>,
    ) -> Option<Result<Secrets, EnvironmentError>> {
        let (name, previous) = variables(own_name);
        let read = |name: &str, text: OsString| {
            let secret = match text.to_str() {
                Some(text) => Secret::of_signing(text),
                None => Err(UnusableSecret::NotText),
            };
            secret.map_err(|reason| EnvironmentError::Unusable {
                name: name.to_owned(),
                reason,
            })
        };
        let (current, before) = match (value(&name), value(&previous)) {
            (None, None) => return None,
            (None, Some(_)) => {
                return Some(Err(EnvironmentError::OnlyPrevious { name, previous }));
            }
            (Some(current), before) => (current, before),
        };
        Some(read(&name, current).and_then(|current| {
            Ok(Secrets {
                current: Some(current),
                previous: before.map(|text| read(&previous, text)).transpose()?,
            })
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn given(values: &[(&str, &str)]) -> Option<Result<Secrets, EnvironmentError>> {
        let values: BTreeMap<&str, OsString> = values
            .iter()
            .map(|(name, value)| (*name, OsString::from(value)))
            .collect();
        Secrets::from_environment(None, |name| values.get(name).cloned())
    }

    const CURRENT: &str = "ESIM_WATCH_WEBHOOK_SECRET";
    const PREVIOUS: &str = "ESIM_WATCH_WEBHOOK_SECRET_PREVIOUS";

    #[test]
    fn nothing_set_gives_nothing() {
        assert_eq!(given(&[]), None);
    }

    #[test]
    fn both_are_read_without_what_is_around_them() {
        let secrets = given(&[(CURRENT, "\u{feff} new\u{200b}"), (PREVIOUS, "old\n")]);
        let all = secrets.unwrap().unwrap().all();
        let texts: Vec<&str> = all.iter().map(Secret::reveal).collect();
        assert_eq!(texts, ["new", "old"]);
    }

    #[test]
    fn what_is_set_and_is_no_secret_is_an_error_and_never_taken_for_none() {
        let unusable = |name: &str, reason| {
            let name = name.to_owned();
            Some(Err(EnvironmentError::Unusable { name, reason }))
        };
        for blank in ["", " \t\n", "\u{200b}\u{feff}"] {
            let reason = UnusableSecret::Blank;
            assert_eq!(given(&[(CURRENT, blank)]), unusable(CURRENT, reason));
            let both = [(CURRENT, "s"), (PREVIOUS, blank)];
            assert_eq!(given(&both), unusable(PREVIOUS, reason));
        }
        for (text, reason) in [
            ("a\nb", UnusableSecret::SeveralLines),
            ("\"\"", UnusableSecret::Blank),
            ("whsec_••••", UnusableSecret::Hidden),
            ("https://portal.example", UnusableSecret::Address),
        ] {
            assert_eq!(given(&[(CURRENT, text)]), unusable(CURRENT, reason));
        }
    }

    #[test]
    fn only_a_previous_secret_is_an_error() {
        assert!(matches!(
            given(&[(PREVIOUS, "old")]),
            Some(Err(EnvironmentError::OnlyPrevious { .. }))
        ));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_text_is_an_error() {
        use std::os::unix::ffi::OsStringExt;
        let given = Secrets::from_environment(None, |name| {
            (name == CURRENT).then(|| OsString::from_vec(vec![b'a', 0xff]))
        });
        let told = given.unwrap().unwrap_err().to_string();
        assert!(told.contains("not plain text in UTF-8"), "{told}");
    }

    #[test]
    fn each_provider_has_variables_of_its_own() {
        assert_eq!(variables(None), (CURRENT.to_owned(), PREVIOUS.to_owned()));
        assert_eq!(
            variables(Some("pigeon")),
            (
                "ESIM_WATCH_PIGEON_WEBHOOK_SECRET".to_owned(),
                "ESIM_WATCH_PIGEON_WEBHOOK_SECRET_PREVIOUS".to_owned()
            )
        );
    }
}
