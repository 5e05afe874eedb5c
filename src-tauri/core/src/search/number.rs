//! Numbers in folded texts, whatever stands between their digits: ICCIDs, telephone numbers, references.

use crate::event::Iccid;

/// Most signs between two groups of one number.
const MAX_GAP_CHARS: usize = 3;

/// Fewest digits of a number that is called.
const MIN_PHONE_DIGITS: usize = 7;

/// Country codes of two digits (ITU-T E.164). Those of one digit are 1 and 7; all others have three.
const TWO_DIGIT_COUNTRIES: [u32; 43] = [
    20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56,
    57, 58, 60, 61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95,
];

/// What may stand between the digits of a number.
fn is_separator(c: char) -> bool {
    " -+/.,:_()[]#*".contains(c)
}

/// Whether a folded text is a number and nothing else, with whatever stands between its digits.
pub(super) fn is_number(folded: &str) -> bool {
    folded.contains(|c: char| c.is_ascii_digit())
        && folded
            .chars()
            .all(|c| c.is_ascii_digit() || is_separator(c))
}

/// A zero that is dialled only within its country.
const TRUNK: &str = "(0)";

/// The digits of a folded number: `+49 (0)171 555` is `49171555`.
pub(super) fn digits(number: &str) -> String {
    let abroad = number.trim_start().starts_with('+') || number.trim_start().starts_with("00");
    if abroad {
        all_digits(&number.replacen(TRUNK, "", 1))
    } else {
        all_digits(number)
    }
}

fn all_digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// The same with the zero that is not always dialled, and without it.
fn with_trunk(number: &str) -> [Option<String>; 2] {
    let written = number.contains(TRUNK);
    let without = all_digits(&number.replacen(TRUNK, "", 1));
    [
        written.then(|| all_digits(number)),
        written.then_some(without),
    ]
}

/// The numbers in a folded text that are more than one group of digits, or stand among words and are long enough to be
/// called: their digits.
pub(super) fn numbers(folded: &str) -> Vec<String> {
    let mut found = Vec::new();
    if !folded.bytes().any(|c| c.is_ascii_digit()) {
        return found;
    }
    let mut number = Number::default();
    for (at, c) in folded.bytes().enumerate() {
        if c.is_ascii_digit() {
            number.start.get_or_insert(at);
            number.groups += usize::from(number.digits == 0 || number.gap > 0);
            number.digits += 1;
            number.gap = 0;
            number.end = at + 1;
        } else if c == b'+' {
            // Another number begins.
            number.take(folded, &mut found);
            number.start = Some(at);
        } else if number.digits > 0 && number.gap < MAX_GAP_CHARS && is_separator(char::from(c)) {
            number.gap += 1;
        } else {
            number.take(folded, &mut found);
        }
    }
    number.take(folded, &mut found);
    found
}

/// A number that is being read.
#[derive(Default)]
struct Number {
    start: Option<usize>,
    /// Behind its last digit.
    end: usize,
    groups: usize,
    digits: usize,
    /// Signs since the last digit.
    gap: usize,
}

impl Number {
    /// What was read, if it is worth a line of its own; another begins.
    fn take(&mut self, folded: &str, found: &mut Vec<String>) {
        let Number {
            start,
            end,
            groups,
            digits: count,
            gap: _,
        } = std::mem::take(self);
        let Some(whole) = start.and_then(|start| folded.get(start..end)) else {
            return;
        };
        if groups > 1 || (count >= MIN_PHONE_DIGITS && whole != folded) {
            found.push(digits(whole));
            found.extend(with_trunk(whole).into_iter().flatten());
            let each = whole.split(" / ").flat_map(|part| part.split(", "));
            let each: Vec<String> = each.map(digits).collect();
            let called = each.iter().all(|one| one.len() >= MIN_PHONE_DIGITS);
            if each.len() > 1 && called {
                found.extend(each);
            }
        }
    }
}

/// The digits and other ways to write the same number: without the zero or the country in front, as the text may have
/// it. A line break stands for the number's ends.
pub(super) fn spellings(number: &str) -> Vec<String> {
    let digits = digits(number);
    let plus = number.trim_start().starts_with('+');
    let abroad = match digits.strip_prefix("00") {
        Some(rest) if !plus => Some(rest),
        _ if plus => Some(digits.as_str()),
        _ => None,
    };
    let mut all = vec![digits.clone()];
    if digits.len() < MIN_PHONE_DIGITS {
        return all;
    }
    all.extend(with_trunk(number).into_iter().flatten());
    if let Some(abroad) = abroad {
        all.push(abroad.to_owned());
        let (country, national) = abroad
            .split_at_checked(country_digits(abroad))
            .unwrap_or_default();
        // Some write the zero that nobody dials from abroad; Italy does.
        if let Some(without) = national.strip_prefix('0') {
            all.push(format!("{country}{without}"));
        }
        let national = national.trim_start_matches('0');
        if national.len() >= MIN_PHONE_DIGITS - 1 {
            all.push(format!("\n{national}\n"));
            all.push(format!("\n0{national}\n"));
        }
    } else if let Some(national) = digits.strip_prefix('0') {
        all.push(national.to_owned());
    }
    let mut seen = std::collections::HashSet::new();
    all.retain(|one| seen.insert(one.clone()));
    all
}

fn country_digits(abroad: &str) -> usize {
    let two = abroad
        .get(..2)
        .and_then(|two| two.parse().ok())
        .unwrap_or(0);
    match two {
        10..=19 | 70..=79 => 1,
        _ if TWO_DIGIT_COUNTRIES.contains(&two) || two == 98 => 2,
        _ => 3,
    }
}

/// The ICCID in a folded text, whatever stands in front, behind and between its digits, and without the `F` that fills
/// it up. `None`: there is none.
pub(super) fn iccid(folded: &str) -> Option<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric();
    let unbroken = folded.split(|c| !is_part(c));
    let pasted = unbroken
        .clone()
        .find_map(|part| iccid_of(part.trim_start_matches("iccid")));
    pasted.or_else(|| {
        numbers(&filled_up(folded))
            .iter()
            .find_map(|number| iccid_of(number))
            // With letters and nothing else.
            .or_else(|| iccid_of(folded.trim_start_matches("iccid")))
    })
}

/// How many hexadecimal digits each group of a UUID has (RFC 9562, section 4).
const UUID_GROUPS: [usize; 5] = [8, 4, 4, 4, 12];

/// The first UUID in a folded text, with and without its dashes, whatever it was pasted with.
pub(super) fn uuid(folded: &str) -> Option<Vec<String>> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let parts = folded.split(|c| !is_part(c));
    parts.map(|part| part.trim_matches('-')).find_map(|part| {
        let plain = part.replace('-', "");
        let is_one = plain.len() == 32 && plain.bytes().all(|c| c.is_ascii_hexdigit());
        let dashed = in_groups(&plain)?;
        (is_one && (part == plain || part == dashed)).then(|| vec![dashed, plain])
    })
}

fn in_groups(plain: &str) -> Option<String> {
    let mut rest = plain;
    let mut groups = Vec::new();
    for digits in UUID_GROUPS {
        let (group, behind) = rest.split_at_checked(digits)?;
        groups.push(group);
        rest = behind;
    }
    Some(groups.join("-"))
}

/// Without the letter that fills a number up.
fn filled_up(folded: &str) -> String {
    let mut text = String::with_capacity(folded.len());
    let mut digit = false;
    let mut rest = folded.chars().peekable();
    while let Some(c) = rest.next() {
        let ends = rest.peek().is_none_or(|next| !next.is_ascii_alphanumeric());
        if !(c == 'f' && digit && ends) {
            text.push(c);
        }
        digit = c.is_ascii_digit();
    }
    text
}

/// One that begins as every ICCID does: it alone is looked for, so another number must not be taken for one.
fn iccid_of(part: &str) -> Option<String> {
    let number = Iccid::from_text(part).known()?;
    let is_one = Iccid::begins(&number) && Iccid::is_whole(&number);
    is_one.then(|| number.to_ascii_lowercase())
}
