//! Which headers of a delivery are worth keeping: those that help a person to find out how it came.
//! Never one that is a credential.

use axum::http::HeaderMap;

use super::signature::SIGNATURE_HEADER;

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

/// Roamify's own are kept whatever they are called, so many of them at most.
const ROAMIFY: &str = "x-roamify-";
const MAX_ROAMIFY: usize = 8;

/// Longest value kept, in characters.
const MAX_VALUE: usize = 200;

/// The headers worth keeping, `name: value` on a line each.
pub(super) fn worth_keeping(headers: &HeaderMap) -> Option<String> {
    let mut kept = String::new();
    let mut add = |name: &str, value: &axum::http::HeaderValue| {
        if !kept.is_empty() {
            kept.push('\n');
        }
        kept.push_str(name);
        kept.push_str(": ");
        let text = String::from_utf8_lossy(value.as_bytes());
        kept.extend(text.chars().filter(|c| !c.is_control()).take(MAX_VALUE));
    };
    for name in KEPT {
        if let Some(value) = headers.get(name) {
            add(name, value);
        }
    }
    let own = |name: &str| name.starts_with(ROAMIFY) && name != SIGNATURE_HEADER;
    for (name, value) in headers
        .iter()
        .filter(|(name, _)| own(name.as_str()))
        .take(MAX_ROAMIFY)
    {
        add(name.as_str(), value);
    }
    (!kept.is_empty()).then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("user-agent", "Roamify/1"),
            (SIGNATURE_HEADER, "00ff"),
            ("x-roamify-delivery", "17"),
            ("host", "desk.example"),
        ]);
        assert_eq!(
            worth_keeping(&given).as_deref(),
            Some("content-type: application/json\nuser-agent: Roamify/1\nx-roamify-delivery: 17")
        );
        assert_eq!(worth_keeping(&headers(&[("accept", "*/*")])), None);
    }

    #[test]
    fn a_long_value_is_cut_and_own_headers_are_counted() {
        let mut given = headers(&[("user-agent", &"é".repeat(500))]);
        for n in 0..50 {
            let name = axum::http::HeaderName::try_from(format!("x-roamify-{n}")).unwrap();
            given.insert(name, "1".parse().unwrap());
        }
        let kept = worth_keeping(&given).unwrap();
        assert_eq!(kept.lines().count(), 1 + MAX_ROAMIFY);
        assert!(
            kept.lines()
                .all(|line| line.chars().count() <= "user-agent: ".len() + MAX_VALUE)
        );
    }
}
