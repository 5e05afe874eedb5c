//! API tokens as they are pasted: with what stands around them in a portal, a mail, a page of documentation or a file of
//! variables. A token has a narrow set of signs, unlike a signing secret, so that much can be told from it for certain.

use super::{LINE_ENDS, Secret, UNSEEN, UnusableSecret, is_unseen};

/// Quotes and brackets that texts and programs put around a token, and what they write behind it. None of them is a part of
/// one (RFC 6750, section 2.1).
const AROUND: [char; 19] = [
    '"', '\'', '`', '´', '“', '”', '„', '‟', '‘', '’', '‚', '‛', '«', '»', '‹', '›', '<', '>', ',',
];

/// What comes before a token: the header that it is sent in, its scheme, the variable that this program reads, and what
/// pages call it.
const LABELS: [&str; 8] = [
    "authorization",
    "bearer",
    "export",
    "esim_watch_api_token",
    "access token",
    "access_token",
    "api token",
    "token",
];

impl Secret {
    /// An API token as the user pasted it, without what can't be a part of it: quotes, the name of the header, marks that nobody
    /// sees.
    ///
    /// # Errors
    /// [`UnusableSecret`] if nothing is left, or what is left can't be a token: with a line or a blank in it nobody knows
    /// whether it is one in pieces, or two.
    pub fn of_token(text: &str) -> Result<Secret, UnusableSecret> {
        let seen: String = text.chars().filter(|c| !UNSEEN.contains(c)).collect();
        let bare = bare(&seen);
        if bare.is_empty() {
            return Err(UnusableSecret::Blank);
        }
        if bare.contains(LINE_ENDS) {
            return Err(UnusableSecret::SeveralLines);
        }
        // What a header can carry, and no more.
        if !bare.chars().all(|c| c.is_ascii_graphic()) {
            return Err(UnusableSecret::NotToken);
        }
        Secret::new(bare)
    }
}

/// The text without anything around it.
fn bare(text: &str) -> &str {
    let mut rest = text;
    loop {
        let before = rest;
        rest = rest.trim_matches(|c: char| is_unseen(c) || AROUND.contains(&c));
        rest = LABELS
            .into_iter()
            .find_map(|label| after_label(rest, label))
            .unwrap_or(rest);
        if rest == before {
            return rest;
        }
    }
}

/// What follows a label and the sign or the blank that sets it apart.
fn after_label<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(label.len())?;
    if !head.eq_ignore_ascii_case(label) {
        return None;
    }
    let value = rest.trim_start_matches(|c: char| c.is_whitespace() || AROUND.contains(&c));
    match value.strip_prefix([':', '=']) {
        Some(value) => Some(value),
        // A word of its own, or nothing else: but for those a token may be called so.
        None => {
            (value.len() < rest.len() || (rest.is_empty() && is_no_token(label))).then_some(value)
        }
    }
}

/// Whether a text that says only this names a token and is none.
fn is_no_token(label: &str) -> bool {
    matches!(label, "authorization" | "bearer")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(text: &str) -> Result<String, UnusableSecret> {
        Secret::of_token(text).map(|token| token.reveal().to_owned())
    }

    #[test]
    fn what_stands_around_a_token_is_no_part_of_it() {
        for pasted in [
            "tok-1_a.b~c+d/e=",
            " tok-1_a.b~c+d/e=\r\n",
            "\u{feff}\u{200b}tok-1_\u{200b}a.b~c+d/e=\u{a0}",
            "\"tok-1_a.b~c+d/e=\"",
            "'tok-1_a.b~c+d/e='",
            "`tok-1_a.b~c+d/e=`",
            "“tok-1_a.b~c+d/e=”",
            "„tok-1_a.b~c+d/e=“",
            "« tok-1_a.b~c+d/e= »",
            "<tok-1_a.b~c+d/e=>",
            "\"tok-1_a.b~c+d/e=\",",
            "Bearer tok-1_a.b~c+d/e=",
            "bearer\ttok-1_a.b~c+d/e=",
            "BEARER: tok-1_a.b~c+d/e=",
            "\"Bearer tok-1_a.b~c+d/e=\"",
            "Bearer \"tok-1_a.b~c+d/e=\"",
            "Bearer <tok-1_a.b~c+d/e=>",
            "Bearer\u{a0}tok-1_a.b~c+d/e=",
            "Bearer\ntok-1_a.b~c+d/e=",
            "Authorization: Bearer tok-1_a.b~c+d/e=",
            "authorization:bearer tok-1_a.b~c+d/e=\n",
            "'Authorization': 'Bearer tok-1_a.b~c+d/e='",
            "\"Authorization\": \"Bearer tok-1_a.b~c+d/e=\",",
            "Authorization:\n  Bearer tok-1_a.b~c+d/e=",
            "Bearer Bearer tok-1_a.b~c+d/e=",
            "ESIM_WATCH_API_TOKEN=tok-1_a.b~c+d/e=",
            "export ESIM_WATCH_API_TOKEN=\"tok-1_a.b~c+d/e=\"",
            "Access token: tok-1_a.b~c+d/e=",
        ] {
            assert_eq!(
                token(pasted).as_deref(),
                Ok("tok-1_a.b~c+d/e="),
                "{pasted:?}"
            );
        }
    }

    #[test]
    fn a_token_that_looks_like_what_stands_around_one_is_one() {
        for kept in [
            "bearertok",
            "Bearer1",
            "tokenize",
            "token_1",
            "12|abc",
            "a.b.",
            "exports",
            "access-token",
            "token",
        ] {
            assert_eq!(token(kept).as_deref(), Ok(kept));
        }
    }

    #[test]
    fn nothing_but_what_stands_around_a_token_is_none() {
        for blank in [
            "",
            " \n",
            "\u{200b}",
            "\"\"",
            "''",
            "Bearer",
            "Bearer ",
            "Authorization: Bearer",
            "“”",
            "ESIM_WATCH_API_TOKEN=",
        ] {
            assert_eq!(token(blank), Err(UnusableSecret::Blank), "{blank:?}");
        }
    }

    #[test]
    fn what_nobody_can_know_is_told() {
        for (pasted, reason) in [
            ("tok\n1", UnusableSecret::SeveralLines),
            ("Bearer tok\r\n1", UnusableSecret::SeveralLines),
            ("tok 1", UnusableSecret::NotToken),
            ("tok\t1", UnusableSecret::NotToken),
            ("tok–1", UnusableSecret::NotToken),
            ("tok…", UnusableSecret::NotToken),
            ("••••••", UnusableSecret::NotToken),
            ("tok\0", UnusableSecret::NotToken),
            ("tok\u{fffd}", UnusableSecret::NotToken),
        ] {
            assert_eq!(token(pasted), Err(reason), "{pasted:?}");
        }
    }
}
