//! The one form of an ICCID (ITU-T E.118), for whatever is sent, listed or searched.
//!
//! A number that is shorter than ICCIDs are in practice identifies an eSIM all the same. E.118 says how long one is at
//! most, and leaves the rest to who issues it: nothing tells a number that was cut from one that is short, and whoever is
//! known by a short one alone would be lost. What was cut is the same eSIM as the whole number where an event names both
//! with one id ([`Iccid::is_less`]); to take two numbers for one because the one begins with the other would be a guess.

use unicode_normalization::UnicodeNormalization;

/// Longest ICCID that is believed, in characters: 19 digits and a check digit, and what some senders add.
const MAX_LENGTH: usize = 32;

/// Length of a whole ICCID: 18 digits at least, and 20 with the check digit.
const WHOLE: std::ops::RangeInclusive<usize> = 18..=20;

/// Lengths of a whole ICCID that has its check digit behind.
const CHECKED: std::ops::RangeInclusive<usize> = 19..=20;

/// What every ICCID begins with: telecommunication. Some senders number their own otherwise.
const INDUSTRY: &str = "89";

/// Most letters in a whole number, each a hexadecimal digit as the card keeps them; some countries' issuers have some.
const MAX_LETTERS: usize = 6;

/// Digits that survive a double, which is what spreadsheets and JavaScript keep numbers in.
const DOUBLE_DIGITS: usize = 15;

/// What ends a number of 18 digits or more that went through a double.
const FILLED_UP: &str = "000";

/// With so many zeros at its end a number was written out by a spreadsheet, although its check digit is right: of a million
/// numbers one ends so by itself, and of ten that lost digits one has the right check digit by chance.
const MANY_ZEROS: usize = 6;

/// Words for "there is none", without the signs in and around them.
const PLACEHOLDERS: &[&str] = &[
    "na",
    "null",
    "none",
    "nil",
    "nan",
    "undefined",
    "unknown",
    "empty",
    "missing",
    "tbd",
    "false",
    "true",
    "notavailable",
    "notapplicable",
    "notset",
    "objectobject",
];

/// More bytes than any of these has, with signs around it.
const MAX_PLACEHOLDER: usize = 24;

/// Errors of spreadsheets.
const SHEET_ERRORS: &[&str] = &["#VALUE!", "#REF!", "#NAME?"];

/// So many times the same digit is no number.
const MIN_SAME_DIGITS: usize = 10;

/// So many times the same sign is no identifier. Fewer may be one of a series.
const MIN_SAME_SIGNS: usize = 5;

/// What a text says that should be an ICCID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Iccid {
    /// A number, in the one form.
    Known(String),
    /// None: a placeholder, or nothing of that shape.
    Absent,
    /// One that lost digits on its way through a floating-point number or a spreadsheet.
    Damaged,
}

impl Iccid {
    /// Reads an ICCID however it is written: with blanks, dashes, direction marks, padded with `F`. Letters belong to it
    /// where digits do; some countries' numbers have them.
    #[must_use]
    pub fn from_text(text: &str) -> Iccid {
        // As nearly all are written.
        if text.bytes().all(|c| c.is_ascii_digit()) {
            return Iccid::of_joined(text);
        }
        let text: String = if text.is_ascii() {
            text.to_ascii_uppercase()
        } else {
            text.nfkc().flat_map(char::to_uppercase).collect()
        };
        let text = text.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        if is_placeholder(text) {
            return Iccid::Absent;
        }
        if is_float(text) {
            return Iccid::Damaged;
        }
        let joined: String = text.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        Iccid::of_joined(joined.trim_end_matches('F'))
    }

    /// The same of a number without quotes, which may have gone through a double on its way: programs fill up with zeros
    /// what it does not keep. Between quotes one that ends with zeros may be one of a series.
    #[must_use]
    pub fn from_number(text: &str) -> Iccid {
        if text.contains(['.', 'e', 'E']) {
            return Iccid::Damaged;
        }
        let through_double = text.ends_with(FILLED_UP)
            && text.parse::<f64>().is_ok_and(|it| it.to_string() == text)
            && !luhn(text);
        match Iccid::from_text(text) {
            Iccid::Known(number) if through_double && number.len() >= *WHOLE.start() => {
                Iccid::Damaged
            }
            iccid => iccid,
        }
    }

    /// Whether a number in the one form is what a spreadsheet leaves of another: it keeps fifteen digits, shows fewer, and
    /// fills up with zeros. Some numbers end so by themselves: their check digit is right. Of one without a check digit nothing
    /// tells which it is.
    #[must_use]
    pub fn is_filled_up(number: &str) -> bool {
        let digits = number.bytes().all(|c| c.is_ascii_digit());
        let zeros = number
            .bytes()
            .rev()
            .take_while(|digit| *digit == b'0')
            .count();
        let lost = number.len().saturating_sub(DOUBLE_DIGITS);
        let whole = WHOLE.contains(&number.len());
        let is_checked = CHECKED.contains(&number.len()) && luhn(number);
        whole && digits && zeros >= lost && (zeros >= MANY_ZEROS || !is_checked)
    }

    /// The same of a number that is all by which an eSIM is named: whatever lost its last digits would be one eSIM of many.
    #[must_use]
    pub fn or_filled_up(self) -> Iccid {
        match self {
            Iccid::Known(number)
                if CHECKED.contains(&number.len()) && Iccid::is_filled_up(&number) =>
            {
                Iccid::Damaged
            }
            iccid => iccid,
        }
    }

    /// Whether a number says less than another does: its last digits are left out, zeros took their place, or one digit is
    /// another and its check digit tells that it is this number's which is wrong.
    #[must_use]
    pub fn is_less(number: &str, than: &str) -> bool {
        let right = |number: &str| CHECKED.contains(&number.len()) && Iccid::is_checked(number);
        let filled = Iccid::is_filled_up(number) && !Iccid::is_filled_up(than);
        let rounded = |kept: &str| {
            than.starts_with(kept)
                && number.len() == than.len()
                && number.ends_with(FILLED_UP)
                && !than.ends_with(FILLED_UP)
        };
        than.starts_with(number)
            || (filled && than.starts_with(number.trim_end_matches('0')))
            || number.get(..DOUBLE_DIGITS).is_some_and(rounded)
            || (right(than) && !right(number) && is_a_digit_away(number, than))
    }

    /// Reads digits and letters without anything between them.
    fn of_joined(number: &str) -> Iccid {
        let shaped = number.len() <= MAX_LENGTH
            && number.starts_with(|c: char| c.is_ascii_digit())
            && number.bytes().any(|digit| digit != b'0')
            && !is_one_digit(number);
        if !shaped {
            return Iccid::Absent;
        }
        Iccid::Known(number.to_owned())
    }

    /// Whether a number in the one form is all of an ICCID, and not its last digits or another number: as long as one,
    /// and with 89 in front or the right digit behind.
    #[must_use]
    pub fn is_whole(number: &str) -> bool {
        let letters = number.bytes().filter(|c| !c.is_ascii_digit());
        let spelled =
            number.bytes().all(|c| c.is_ascii_hexdigit()) && letters.count() <= MAX_LETTERS;
        (Iccid::begins(number) && WHOLE.contains(&number.len()) && spelled)
            || (CHECKED.contains(&number.len()) && Iccid::is_checked(number))
    }

    /// Whether a number in the one form is all of an ICCID, and what is checked of it is right.
    #[must_use]
    pub fn is_right(number: &str) -> bool {
        Iccid::begins(number) && CHECKED.contains(&number.len()) && Iccid::is_checked(number)
    }

    /// Whether a number begins as every ICCID does (ITU-T E.118): with the digits of telecommunication.
    #[must_use]
    pub fn begins(number: &str) -> bool {
        number.starts_with(INDUSTRY)
    }

    /// Whether the last digit is what follows from the others (ITU-T E.118, ISO/IEC 7812-1).
    #[must_use]
    pub fn is_checked(number: &str) -> bool {
        number.bytes().all(|c| c.is_ascii_digit()) && luhn(number)
    }

    /// The number, if it identifies an eSIM.
    #[must_use]
    pub fn known(self) -> Option<String> {
        match self {
            Iccid::Known(number) => Some(number),
            Iccid::Absent | Iccid::Damaged => None,
        }
    }
}

/// Whether a text stands where nothing was known: then it identifies nobody, although many have it.
#[must_use]
pub fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    let said = || text.chars().filter(|c| c.is_alphanumeric());
    if said().all(|c| c == '0') {
        // A few zeros may be the first of a series.
        return !(2..MIN_SAME_DIGITS).contains(&said().count());
    }
    if SHEET_ERRORS.contains(&text) {
        return true;
    }
    if text.len() > MAX_PLACEHOLDER {
        return false;
    }
    let is = |word: &&str| said().map(|c| c.to_ascii_lowercase()).eq(word.chars());
    PLACEHOLDERS.iter().any(is)
}

/// Whether a text may be what a sender knows an eSIM by. Whatever "not known yet" is called, and in which language: an
/// identifier has a digit, unless it is a letter alone, and is not one sign many times.
#[must_use]
pub fn is_identifier(text: &str) -> bool {
    let signs = || text.chars().filter(|c| c.is_alphanumeric());
    let repeated = signs().count() >= MIN_SAME_SIGNS && signs().all(|c| signs().next() == Some(c));
    let named = signs().count() == 1 || signs().any(char::is_numeric);
    named && !repeated && !is_placeholder(text)
}

fn is_a_digit_away(number: &str, other: &str) -> bool {
    let pairs = number.bytes().zip(other.bytes());
    number.len() == other.len() && pairs.filter(|(one, other)| one != other).count() == 1
}

fn is_one_digit(number: &str) -> bool {
    let mut digits = number.bytes();
    let first = digits.next();
    number.len() >= MIN_SAME_DIGITS && digits.all(|digit| Some(digit) == first)
}

/// Whether this is how programs write a floating-point number.
fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = text.split_once('E').unwrap_or((text, ""));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    // A comma is the point of half of the world.
    let fraction = mantissa
        .split_once(['.', ','])
        .is_some_and(|(whole, rest)| digits(whole) && digits(rest));
    let signed = exponent.starts_with(['+', '-']);
    let power = digits(exponent.trim_start_matches(['+', '-'])) && exponent.len() <= 3;
    let short = digits(mantissa) && mantissa.len() <= DOUBLE_DIGITS + 2;
    (fraction && (exponent.is_empty() || power))
        || (short && power && (signed || exponent.len() <= 2))
}

/// Whether the check digit fits (ISO/IEC 7812-1).
fn luhn(number: &str) -> bool {
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(digit.wrapping_sub(b'0'));
            let value = if place % 2 == 1 { value * 2 } else { value };
            value / 10 + value % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBER: &str = "8944500102198300023";

    #[test]
    fn a_number_has_one_form_however_it_is_written() {
        for text in [
            "8944500102198300023",
            "8944500102198300023F",
            "8944500102198300023f",
            "8944-5001-0219-8300-023",
            "8944 5001 0219 8300 023",
            "8944.5001.0219.8300.023",
            " \u{200e}8944500102198300023\u{202c} ",
            "8944\u{2011}5001\u{a0}0219\u{200b}8300023,",
            "８９４４５００１０２１９８３０００２３",
        ] {
            assert_eq!(
                Iccid::from_text(text),
                Iccid::Known(NUMBER.into()),
                "{text}"
            );
        }
    }

    #[test]
    fn letters_of_a_number_are_kept() {
        for text in ["898600a1b2c3d4e5f607", "89860-0A1B2-C3D4E-5F607"] {
            let known = Iccid::Known("898600A1B2C3D4E5F607".into());
            assert_eq!(Iccid::from_text(text), known);
        }
    }

    #[test]
    fn a_whole_number_is_told_from_others() {
        for whole in [
            NUMBER,
            "894450010219830002",
            "898600A1B2C3D4E5F607",
            "1234567890123456785",
        ] {
            assert!(Iccid::is_whole(whole), "{whole}");
        }
        for other in [
            "8944",
            "1234567890123456786",
            "89ABCDEFABCDEFABCDEF",
            "89Z4500102198300023",
        ] {
            assert!(!Iccid::is_whole(other), "{other}");
        }
    }

    #[test]
    fn what_lost_digits_is_damaged() {
        for text in [
            "8.944500102198300023e18",
            "8944500102198300023.0",
            "8.9445E+18",
            "8,9445E+18",
            "89445e15",
        ] {
            assert_eq!(Iccid::from_text(text), Iccid::Damaged, "{text}");
        }
    }

    #[test]
    fn what_went_through_a_double_on_its_way_is_damaged() {
        // As JavaScript writes the numbers that end in 12345, 48261 and 0023, and as a spreadsheet does.
        for text in [
            "8944500102198313000",
            "89445001021983050000",
            "8944500102198300000",
            "8944500102198310000",
        ] {
            assert_eq!(Iccid::from_number(text), Iccid::Damaged, "{text}");
            assert_eq!(Iccid::from_text(text), Iccid::Known(text.into()));
        }
        for literal in ["8944500102198304826e0", "8944500102198304826.0", "1e400"] {
            assert_eq!(Iccid::from_number(literal), Iccid::Damaged, "{literal}");
        }
        assert_eq!(Iccid::from_number(NUMBER), Iccid::Known(NUMBER.into()));
    }

    #[test]
    fn what_a_spreadsheet_filled_up_with_zeros_identifies_nobody() {
        for text in [
            // The check digit of the first is right by chance.
            "8949000000000000000",
            "8944500812345000000",
            "8944500102198300000",
            "8944-5001-0219-8310-000",
            "89445001021983100000",
            "8944500102198310000F",
        ] {
            let iccid = Iccid::from_text(text);
            assert_eq!(iccid.or_filled_up(), Iccid::Damaged, "{text}");
        }
        for known in [
            // As they are issued: the check digit is right.
            "8944500102198360000",
            "89445001021983800000",
            // One of a series, which has more digits than a spreadsheet keeps.
            "8944500102198313000",
            "8944500102198310001",
            // Without a check digit, or none that spreadsheets shorten.
            "894450010219831000",
            "89445001021983",
        ] {
            let iccid = Iccid::from_text(known).or_filled_up();
            assert_eq!(iccid, Iccid::Known(known.into()), "{known}");
        }
        // Where no digit checks the others, the right sum says nothing.
        for zeros in 0..10 {
            assert!(Iccid::is_filled_up(&format!("89445001021983{zeros}000")));
        }
    }

    #[test]
    fn an_identifier_has_the_shape_of_one() {
        for text in [
            "pending",
            "TBA",
            "k.A.",
            "n/d",
            "keine",
            "ninguno",
            "xxxx",
            "-----",
            "?",
            "",
            "00000",
            "0000-0000",
            "9999999",
            "00000000-0000-0000-0000-000000000000",
            "ожидается",
            "noch nicht bekannt",
            "N/A",
            "[object Object]",
        ] {
            assert!(!is_identifier(text), "{text}");
            assert_eq!(
                Iccid::from_text(text).known().filter(|_| text != "9999999"),
                None
            );
        }
        for id in [
            "a",
            "e1",
            "00",
            "11",
            "0000",
            "0001",
            "SIM-7",
            "100000",
            "f3b0c442-98fc-4c14-9afb-f4c8996fb924",
        ] {
            assert!(is_identifier(id), "{id}");
        }
    }

    #[test]
    fn placeholders_are_nobodys_number() {
        for text in [
            "N/A",
            "null",
            "NULL",
            "-",
            "--",
            "0",
            "0000000000000000000",
            "",
            "none",
            "undefined",
            "#N/A",
            "?",
            "F",
            "NaN",
            "n.a.",
            "<null>",
            "[object Object]",
            "1111111111111111111",
            "false",
        ] {
            assert_eq!(Iccid::from_text(text), Iccid::Absent, "{text}");
            assert!(
                is_placeholder(text) || text.starts_with(['1', 'F']),
                "{text}"
            );
        }
        for name in ["T-0", "0000", "north", "a", "nana"] {
            assert!(!is_placeholder(name), "{name}");
        }
    }
}
