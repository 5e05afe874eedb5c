//! Which headers of a delivery are worth keeping: those that help a person to find out how it came.
//! Never one that is a credential.

use axum::http::HeaderMap;

use crate::provider::Provider;

/// Kept by name.
const KEPT: [&str; 8] = [
    "content-type",
    "user-agent",
    "date",
    "x-request-id",
    "x-forwarded-for",
    "x-real-ip",
    "cf-connecting-ip",
    "cf-ray",
];

/// Most that are kept because the provider says so.
const MAX_OWN: usize = 8;

/// Longest value kept, in characters.
const MAX_VALUE: usize = 200;

/// The headers worth keeping, `name: value` on a line each.
pub(super) fn worth_keeping(headers: &HeaderMap, provider: &dyn Provider) -> Option<String> {
    let mut kept = String::with_capacity(MAX_VALUE);
    let mut add = |name: &str, value: &axum::http::HeaderValue| {
        if !kept.is_empty() {
            kept.push('\n');
        }
        kept.push_str(name);
        kept.push_str(": ");
        let text = String::from_utf8_lossy(value.as_bytes());
        if text.len() <= MAX_VALUE && !text.contains(char::is_control) {
            kept.push_str(&text);
        } else {
            kept.extend(text.chars().filter(|c| !c.is_control()).take(MAX_VALUE));
        }
    };
    for name in KEPT {
        if let Some(value) = headers.get(name) {
            add(name, value);
        }
    }
    for (name, value) in headers
        .iter()
        .filter(|(name, _)| provider.keeps_header(name.as_str()))
        .take(MAX_OWN)
    {
        add(name.as_str(), value);
    }
    (!kept.is_empty()).then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::DEFAULT;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn what_helps_to_debug_is_kept_and_no_credential() {
        let given = headers(&[
            ("authorization", "Bearer x"),
            ("cookie", "a=b"),
            ("content-type", "application/json"),
            ("user-agent", "Sender/1"),
            ("x-roamify-signature", "00ff"),
            ("x-roamify-delivery", "17"),
            ("host", "desk.example"),
        ]);
        assert_eq!(
            worth_keeping(&given, DEFAULT).as_deref(),
            Some("content-type: application/json\nuser-agent: Sender/1\nx-roamify-delivery: 17")
        );
        assert_eq!(worth_keeping(&headers(&[("accept", "*/*")]), DEFAULT), None);
    }

    #[test]
    fn a_long_value_is_cut_and_own_headers_are_counted() {
        let mut given = headers(&[("user-agent", &"é".repeat(500))]);
        for n in 0..50 {
            let name = axum::http::HeaderName::try_from(format!("x-roamify-{n}")).unwrap();
            given.insert(name, "1".parse().unwrap());
        }
        let kept = worth_keeping(&given, DEFAULT).unwrap();
        assert_eq!(kept.lines().count(), 1 + MAX_OWN);
        assert!(
            kept.lines()
                .all(|line| line.chars().count() <= "user-agent: ".len() + MAX_VALUE)
        );
    }
}
