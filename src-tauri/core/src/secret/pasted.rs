//! Secrets as they are pasted: with what stands around them in a portal, a mail, a page of documentation or a file of
//! variables; and what is pasted in the place of one.
//!
//! An API token has a narrow set of signs, so that much can be told from it for certain. A signing secret may have any, so
//! of one only that is taken off which surrounds it from both sides, or belongs to a label.

use super::{LINE_ENDS, Secret, UNSEEN, UnusableSecret, is_unseen};

/// Quotes and brackets that texts and programs put around a secret, and what they write behind it. None of them is a part of
/// a token (RFC 6750, section 2.1).
const AROUND: [char; 19] = [
    '"', '\'', '`', '´', '“', '”', '„', '‟', '‘', '’', '‚', '‛', '«', '»', '‹', '›', '<', '>', ',',
];

/// Those of them that a random text of plain signs has, too.
const PLAIN: [char; 6] = ['"', '\'', '`', '<', '>', ','];

/// What comes before a token: the header that it is sent in, its scheme, the variable that this program reads, and what
/// pages call it.
const TOKEN_LABELS: [&str; 8] = [
    "authorization",
    "bearer",
    "export",
    "esim_watch_api_token",
    "access token",
    "access_token",
    "api token",
    "token",
];

/// What portals, this window and files of variables call a signing secret.
const SECRET_LABELS: [&str; 27] = [
    "webhook signing secret",
    "webhook secret key",
    "webhook secret",
    "webhook-secret",
    "webhook_secret",
    "webhooksecret",
    "signing secret",
    "signing-secret",
    "signing_secret",
    "signingsecret",
    "signing key",
    "secret key",
    "secret_key",
    "secretkey",
    "secret",
    "esim_watch_webhook_secret",
    "export esim_watch_webhook_secret",
    "signaturgeheimnis",
    "webhook-geheimnis",
    "geheimnis",
    "secret de signature",
    "clé secrète",
    "secreto de firma",
    "secreto",
    "segreto di firma",
    "segreto",
    "segredo de assinatura",
];

/// What pages show in the place of each sign of a secret.
const MASKS: [char; 10] = ['•', '●', '∙', '·', '⋅', '⚫', '▪', '■', '∗', '＊'];

/// Fewest asterisks that hide something: fewer may be part of a random text.
const HIDING: &str = "****";

/// What stands for the rest of a secret that is shown in part.
const CUT: &str = "...";

impl Secret {
    /// An API token as the user pasted it, without what can't be a part of it: quotes, the name of the header, marks that nobody
    /// sees.
    ///
    /// # Errors
    /// [`UnusableSecret`] if nothing is left, or what is left can't be a token: with a line or a blank in it nobody knows
    /// whether it is one in pieces, or two.
    pub fn of_token(text: &str) -> Result<Secret, UnusableSecret> {
        let seen = seen(text);
        let bare = bare_token(&seen);
        if bare.is_empty() {
            return Err(UnusableSecret::Blank);
        }
        if bare.contains(LINE_ENDS) {
            return Err(UnusableSecret::SeveralLines);
        }
        stands_for_another(bare)?;
        // What a header can carry, and no more.
        if !bare.chars().all(|c| c.is_ascii_graphic()) {
            return Err(UnusableSecret::NotToken);
        }
        Secret::new(bare)
    }

    /// A signing secret as the user pasted it, without its label and the quotes around it.
    ///
    /// # Errors
    /// [`UnusableSecret`] if nothing is left, or what is left is no secret: an address, or what a page shows in its place.
    pub fn of_signing(text: &str) -> Result<Secret, UnusableSecret> {
        let seen = seen(text);
        let bare = bare_secret(&seen);
        stands_for_another(bare)?;
        Secret::new(bare)
    }
}

/// The text without marks that nobody sees.
fn seen(text: &str) -> String {
    text.chars().filter(|c| !UNSEEN.contains(c)).collect()
}

/// Whether a text is what is shown in the place of a secret, or where it is used.
fn stands_for_another(text: &str) -> Result<(), UnusableSecret> {
    let is_cut = text.contains('…') || text.starts_with(CUT) || text.ends_with(CUT);
    let is_starred = text.contains(HIDING) || (!text.is_empty() && text.chars().all(|c| c == '*'));
    if is_cut || is_starred || text.contains(MASKS) {
        return Err(UnusableSecret::Hidden);
    }
    match is_address(text) {
        true => Err(UnusableSecret::Address),
        false => Ok(()),
    }
}

/// Whether a text is an address of the web, with or without its scheme.
fn is_address(text: &str) -> bool {
    if let Some((scheme, _)) = text.split_once("://") {
        return scheme.chars().all(|c| c.is_ascii_alphabetic());
    }
    let host = text.split(['/', ':', '?']).next().unwrap_or(text);
    let behind = text.get(host.len()..).unwrap_or_default();
    let mut labels = host.rsplit('.');
    let is_domain = labels
        .next()
        .is_some_and(|top| top.len() >= 2 && top.chars().all(|c| c.is_ascii_alphabetic()));
    let is_label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let is_host = is_domain && labels.all(is_label);
    // One point, or a name alone, may be of a secret.
    let is_long = host.matches('.').count() > 1 && !behind.is_empty();
    let port = behind.strip_prefix(':').unwrap_or_default();
    let has_port = host.contains('.') && port.starts_with(|c: char| c.is_ascii_digit());
    let is_www = host.to_ascii_lowercase().starts_with("www.");
    is_host && (is_long || has_port || is_www)
}

/// A token without anything around it.
fn bare_token(text: &str) -> &str {
    let mut rest = text;
    loop {
        let before = rest;
        rest = rest.trim_matches(|c: char| is_unseen(c) || AROUND.contains(&c));
        rest = TOKEN_LABELS
            .into_iter()
            .find_map(|label| after_token_label(rest, label))
            .unwrap_or(rest);
        if rest == before {
            return rest;
        }
    }
}

/// A signing secret without what certainly is no part of it.
fn bare_secret(text: &str) -> &str {
    let mut rest = text;
    let mut is_labelled = false;
    loop {
        let before = rest;
        rest = rest.trim_matches(is_unseen);
        rest = unquoted(rest, is_labelled);
        let labels = SECRET_LABELS;
        if let Some(value) = labels
            .into_iter()
            .find_map(|label| after_secret_label(rest, label))
        {
            is_labelled = true;
            rest = value;
        }
        if rest == before {
            return rest;
        }
    }
}

/// A secret without quotes on both sides of it, and what stands behind them. Quotes that no keyboard has are no part of one on
/// either side alone, and neither are plain ones behind a label.
fn unquoted(text: &str, is_labelled: bool) -> &str {
    let is_curly = |c: char| AROUND.contains(&c) && !PLAIN.contains(&c);
    let curly = text.trim_matches(is_curly);
    if curly.len() < text.len() {
        return curly;
    }
    let ends = text.trim_end_matches([',', ';']);
    let is_quote = |c: char| PLAIN.contains(&c) && c != ',';
    let inner = ends
        .strip_prefix(is_quote)
        .and_then(|rest| rest.strip_suffix(is_quote));
    match inner {
        Some(inner) => inner,
        None if is_labelled => text.trim_matches(['"', '\'', '`']),
        None => text,
    }
}

/// What follows a label and the sign or the blank that sets it apart.
fn after_token_label<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    let (gap, value) = behind(text, label)?;
    match value.strip_prefix([':', '=']) {
        Some(value) => Some(value),
        // A word of its own, or nothing else: but for those a token may be called so.
        None => (!gap.is_empty() || (value.is_empty() && is_no_token(label))).then_some(value),
    }
}

/// The same of a signing secret, which may have blanks in it: only a sign or a line of its own sets a label apart.
fn after_secret_label<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    let (gap, value) = behind(text, label)?;
    match value.strip_prefix([':', '=', '：']) {
        Some(value) => Some(value),
        None => gap.contains(LINE_ENDS).then_some(value),
    }
}

/// What stands between a label and the rest, and the rest.
fn behind<'a>(text: &'a str, label: &str) -> Option<(&'a str, &'a str)> {
    let (head, rest) = text.split_at_checked(label.len())?;
    if head.to_lowercase() != label {
        return None;
    }
    let value = rest.trim_start_matches(|c: char| c.is_whitespace() || AROUND.contains(&c));
    rest.split_at_checked(rest.len() - value.len())
}

/// Whether a text that says only this names a token and is none.
fn is_no_token(label: &str) -> bool {
    matches!(label, "authorization" | "bearer")
}

#[cfg(test)]
mod tests;
