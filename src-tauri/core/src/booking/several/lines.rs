//! Names with more than letters beside them: `Ana "Nina" Sá`, `Ana Sá (lead)`, `Ana Sá / PT1`, a number below each; and as airlines
//! write several in one line.

use super::{MAX_NAME, NamesOfCell, PARTICLES, is_whole};

/// What parts travellers for sure, and what stands inside of a name as well.
const LINES: [char; 4] = ['\n', '\r', ';', '|'];
const COMMA: char = ',';

/// What is put around a name by which somebody goes.
const QUOTES: &str = "\"“”„«»";

/// A part of a text without what stands beside a name.
struct Bare {
    name: String,
    /// Whether a number was left out, which may be that of a house.
    had_number: bool,
    had_marks: bool,
}

/// A traveller in each line, or between commas, whatever stands beside their names: they keep it. `None`: one of them is no
/// name, or is nothing but one.
pub(super) fn of(text: &str) -> Option<NamesOfCell> {
    let lined = text.trim_matches(LINES).contains(LINES);
    let parts = text.split(|c: char| {
        if lined {
            LINES.contains(&c)
        } else {
            c == COMMA
        }
    });
    let mut names: Vec<String> = Vec::new();
    let (mut sure, mut beside) = (lined, false);
    for whole in parts.map(str::trim) {
        let part = super::bare(whole);
        if part.is_empty() {
            continue;
        }
        if !part.contains(char::is_alphabetic) {
            // A number on a line of its own is whose the line above is.
            let last = names.last_mut()?;
            last.push(' ');
            last.push_str(whole);
            (sure, beside) = (false, true);
            continue;
        }
        let bare = Bare::of(part);
        if !is_whole(&bare.name) {
            return None;
        }
        sure &= !bare.had_number && begins_as_names_do(&bare.name);
        beside |= bare.had_number || bare.had_marks;
        names.push(part.to_owned());
    }
    (names.len() > 1 && beside).then_some(NamesOfCell { names, sure })
}

impl Bare {
    fn of(part: &str) -> Bare {
        let mut open = 0_usize;
        let mut had_marks = false;
        let mut outside = String::new();
        for letter in part.chars() {
            match letter {
                '(' | '[' | '<' => open += 1,
                ')' | ']' | '>' => open = open.saturating_sub(1),
                quote if QUOTES.contains(quote) => {}
                letter if open == 0 => {
                    outside.push(letter);
                    continue;
                }
                _ => continue,
            }
            had_marks = true;
            outside.push(' ');
        }
        let words = || outside.split_whitespace();
        let had_number = words().any(|word| word.contains(char::is_numeric));
        let kept = words()
            .filter(|word| !word.contains(char::is_numeric) && word.contains(char::is_alphabetic));
        let name = kept.collect::<Vec<_>>().join(" ");
        Bare {
            name,
            had_number,
            had_marks,
        }
    }
}

fn begins_as_names_do(name: &str) -> bool {
    let small = |word: &str| word.starts_with(char::is_lowercase);
    let mut words = name.split_whitespace();
    words.all(|word| !small(word) || PARTICLES.contains(&word.to_lowercase().as_str()))
}

/// `1.SMITH/JANE MRS 2.SMITH/TIM MSTR`, `SMITH/JANE MRS SMITH/TIM MSTR`: whoever is written in capitals with a slash is one.
pub(super) fn of_airlines(text: &str) -> Option<NamesOfCell> {
    if text.contains(char::is_lowercase) || text.contains(LINES) || text.contains(COMMA) {
        return None;
    }
    let mut names: Vec<String> = Vec::new();
    for token in text.split_whitespace() {
        let token = unnumbered(token, names.len() + 1);
        let both = token.split_once('/');
        let begins = both.is_some_and(|(last, first)| {
            !last.is_empty() && first.contains(char::is_alphabetic) && !first.contains('/')
        });
        match names.last_mut() {
            _ if begins => names.push(token.to_owned()),
            Some(name) => {
                name.push(' ');
                name.push_str(token);
            }
            // A surname of several words.
            None => return None,
        }
    }
    let fit = |name: &String| is_whole(name) && name.chars().count() <= MAX_NAME;
    (names.len() > 1 && names.iter().all(fit)).then_some(NamesOfCell { names, sure: true })
}

/// Without the number that somebody has in the list.
fn unnumbered(token: &str, number: usize) -> &str {
    let rest = token.strip_prefix(&number.to_string());
    let rest = rest.and_then(|rest| rest.strip_prefix(['.', ')']));
    rest.unwrap_or(token)
}
