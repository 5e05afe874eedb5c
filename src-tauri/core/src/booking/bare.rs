//! The text of a cell without what people and programs put around it.

use crate::event::as_typed;

/// A reference as it was typed, without brackets around it and the end of a sentence behind it.
pub(super) fn bare_reference(text: &str) -> String {
    let typed = as_typed(text);
    let bare = typed.trim_end_matches([',', ';', '.', ':', '!', '?']);
    let brackets = [('(', ')'), ('[', ']'), ('<', '>'), ('"', '"')];
    let inside = brackets.iter().find_map(|(open, close)| {
        let inside = bare.strip_prefix(*open)?.strip_suffix(*close)?;
        (!inside.contains([*open, *close])).then_some(inside)
    });
    let bare = inside.unwrap_or(bare).trim();
    let is_one = bare.contains(char::is_alphanumeric);
    (if is_one { bare } else { &typed }).to_owned()
}

/// An address without what a mail or a sentence puts around it.
pub(super) fn without_marks(text: &str) -> String {
    let around = |c: char| "<>()[],;:.\"".contains(c);
    match text.contains('@') {
        true => text.trim_matches(around).to_owned(),
        false => text.trim_end_matches([',', ';']).to_owned(),
    }
}

/// What links begin with that a spreadsheet shows as they are (RFC 6068, RFC 3966).
const SCHEMES: [&str; 4] = ["mailto:", "tel:", "callto:", "sms:"];

/// Addresses and numbers instead of links to them.
pub(super) fn without_schemes(text: &str) -> String {
    let bare = |word: &str| {
        let scheme = SCHEMES.iter().find(|scheme| {
            let start = word.get(..scheme.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        });
        let rest = word.get(scheme.map_or(0, |scheme| scheme.len())..);
        let rest = rest.filter(|rest| !rest.is_empty()).unwrap_or(word);
        let address = scheme.and_then(|_| rest.split_once('?'));
        address.map_or(rest, |(address, _)| address).to_owned()
    };
    let words = text.split(' ').map(bare);
    words.collect::<Vec<_>>().join(" ")
}

/// The number that a spreadsheet wrote with an exponent, as `4,9170123E+7`; `None`: some of its digits are not there.
pub(super) fn whole_number(text: &str) -> Option<String> {
    let (number, power) = text.trim().split_once(['E', 'e'])?;
    let (sign, number) = match number.strip_prefix('+') {
        Some(number) => ("+", number),
        None => ("", number),
    };
    let (whole, fraction) = number.split_once(['.', ',']).unwrap_or((number, ""));
    let power: usize = power.trim_start_matches('+').parse().ok()?;
    let digits = format!("{whole}{fraction}");
    let is_whole = fraction.len() == power && digits.bytes().all(|c| c.is_ascii_digit());
    is_whole.then(|| format!("{sign}{digits}"))
}
