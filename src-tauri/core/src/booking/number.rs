//! The number of a SIM profile, as lists have it: whole, or its last digits.

use unicode_normalization::UnicodeNormalization;

use crate::event::{Iccid, is_mark};

/// Fewest last digits of an ICCID that are taken for one.
pub const FEWEST_DIGITS: usize = 4;

/// From so many digits on a number is a whole ICCID (ITU-T E.118: up to 19, and its check digit).
pub const WHOLE_DIGITS: usize = 18;

/// More digits than any ICCID has.
const TOO_MANY_DIGITS: usize = 23;

/// The number in a text, which says nothing else; `None`: it says something else.
pub(super) fn number(text: &str) -> Option<String> {
    let text: String = text.nfkc().filter(|c| !is_mark(*c)).collect();
    let text = text.trim().to_uppercase();
    let named = ["ICCID", "ESIM", "SIM"];
    let text = named
        .iter()
        .find_map(|name| text.strip_prefix(name))
        .unwrap_or(&text);
    // Whatever stands for the digits that are left out.
    let left_out = |c: char| c == 'X' || (!c.is_alphanumeric());
    let text = text
        .trim_start_matches(left_out)
        .trim_end_matches(|c: char| !c.is_alphanumeric());
    let between = |c: &char| c.is_alphanumeric() || !" -.'’/_\u{2010}\u{2013}".contains(*c);
    let said: String = text.chars().filter(between).collect();
    let whole = said.len() >= WHOLE_DIGITS;
    // Between digits a point may be one of a number that lost some.
    if whole && Iccid::from_text(text) == Iccid::Damaged {
        return None;
    }
    let said = match Iccid::from_text(&said) {
        Iccid::Known(number) => number,
        // Last digits may all be zeros.
        Iccid::Absent if !whole => said,
        Iccid::Absent | Iccid::Damaged => return None,
    };
    let whole = said.len() >= WHOLE_DIGITS;
    let digit = |c: char| c.is_ascii_digit() || (whole && ('A'..='F').contains(&c));
    let fits = (FEWEST_DIGITS..TOO_MANY_DIGITS).contains(&said.len());
    let is = fits
        && said.chars().all(digit)
        && (Iccid::begins(&said) || said.chars().all(|c| c.is_ascii_digit()));
    is.then_some(said)
}

/// The numbers in a cell, which may be those of several eSIMs.
pub(super) fn numbers(text: &str) -> Vec<String> {
    let whole = |text: &str| number(text).filter(|number| number.len() >= WHOLE_DIGITS);
    let parts: Vec<&str> = text.split([',', ';', '\n', '|']).map(str::trim).collect();
    let parts = parts.iter().filter(|part| !part.is_empty());
    if parts.clone().count() > 1 {
        return parts.filter_map(|part| whole(part)).collect();
    }
    number(text).into_iter().collect()
}

/// Whether a text is a whole ICCID.
pub(super) fn is_iccid(text: &str) -> bool {
    number(text).is_some_and(|number| Iccid::is_whole(&number))
}
