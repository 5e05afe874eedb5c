//! The digits of an ICCID, as lists have them.

/// Fewest last digits of an ICCID that are taken for one.
pub const FEWEST_DIGITS: usize = 4;

/// From so many digits on a number is a whole ICCID (ITU-T E.118: up to 19, and its check digit).
pub const WHOLE_DIGITS: usize = 18;

/// The digits of a text, without what stands between them.
pub(super) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
