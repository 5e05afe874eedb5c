//! Couples of whom both are addressed and one name is written: `Mr & Mrs Smith John`, `M./Mme Dupont`. Whether it begins with the
//! first name or the surname nobody knows, so both have all of it.

use super::{ANDS, NamesOfCell, TITLES, is_name, plain, words};

/// Titles that stand beside those of another one.
const ALSO: [&str; 3] = ["dr", "prof", "dra"];

/// What joins two titles without blanks.
const JOINTS: [char; 3] = ['&', '/', '+'];

/// The two of a couple; `None`: a text names none.
pub(super) fn of(text: &str) -> Option<NamesOfCell> {
    let parted = text.replace(JOINTS, " & ");
    let tokens: Vec<&str> = parted.split_whitespace().collect();
    let front = match tokens.as_slice() {
        [one, and, other, rest @ ..] if are_both(one, and, other) => Some((one, other, rest)),
        _ => None,
    };
    let behind = || match tokens.as_slice() {
        [rest @ .., one, and, other] if are_both(one, and, other) => Some((one, other, rest)),
        _ => None,
    };
    let (one, other, rest) = front.or_else(behind)?;
    let joins = |token: &&str| ANDS.contains(&token.to_lowercase().as_str());
    let name = rest.join(" ");
    if rest.iter().any(joins) || !is_name(&name) || words(&name).is_empty() {
        return None;
    }
    let names = [one, other].map(|title| format!("{title} {name}")).to_vec();
    Some(NamesOfCell { names, sure: true })
}

fn are_both(one: &str, and: &str, other: &str) -> bool {
    let title = |word: &str| {
        let word = plain(word);
        TITLES.contains(&word.as_str()) || ALSO.contains(&word.as_str())
    };
    title(one) && ANDS.contains(&and.to_lowercase().as_str()) && title(other)
}
