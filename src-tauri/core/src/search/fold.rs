//! The folding of letters: what is written in one way or another becomes one text.

use std::borrow::Cow;

use icu_casemap::CaseMapper;
use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;

/// Marks that are written as an apostrophe, or left out: `O'Brien`, `O’Brien`, `OBrien`.
const APOSTROPHES: [char; 14] = [
    '\'', '`', '’', '‘', '‛', 'ʼ', 'ʻ', 'ʾ', 'ʿ', '′', '´', 'ˈ', '＇', '·',
];

/// Tatweel, which only stretches an Arabic word.
const STRETCH: char = '\u{640}';

const DASHES: &str = "‐‑‒–—―−﹘﹣－⁃";
const QUOTES: &str = "“”„‟«»″＂";

/// The zeros of other digits, each with nine behind it.
const ZEROS: [char; 5] = ['\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}'];

/// Letters that Unicode does not take apart, as passports write them (ICAO 9303-3, section 6), and those that African
/// languages have.
const LETTERS: [(char, &str); 26] = [
    ('ı', "i"),
    ('ł', "l"),
    ('ø', "o"),
    ('đ', "d"),
    ('ð', "d"),
    ('ħ', "h"),
    ('ŧ', "t"),
    ('æ', "ae"),
    ('œ', "oe"),
    ('þ', "th"),
    ('ŋ', "n"),
    ('ĸ', "q"),
    ('ə', "e"),
    ('ǝ', "e"),
    ('ɛ', "e"),
    ('ɔ', "o"),
    ('ɓ', "b"),
    ('ɖ', "d"),
    ('ɗ', "d"),
    ('ɣ', "g"),
    ('ǥ', "g"),
    ('ƙ', "k"),
    ('ƴ', "y"),
    ('ƶ', "z"),
    ('ɨ', "i"),
    ('ʉ', "u"),
];

/// Letters of other writings that look like a Latin one in capitals (Unicode UTS 39): in a reference that was copied or
/// typed with another keyboard nobody sees the difference.
const LOOK_ALIKES: [(char, char); 31] = [
    ('а', 'a'),
    ('в', 'b'),
    ('е', 'e'),
    ('к', 'k'),
    ('м', 'm'),
    ('н', 'h'),
    ('о', 'o'),
    ('р', 'p'),
    ('с', 'c'),
    ('т', 't'),
    ('у', 'y'),
    ('х', 'x'),
    ('ѕ', 's'),
    ('і', 'i'),
    ('ј', 'j'),
    ('ԛ', 'q'),
    ('ԝ', 'w'),
    ('α', 'a'),
    ('β', 'b'),
    ('ε', 'e'),
    ('ζ', 'z'),
    ('η', 'h'),
    ('ι', 'i'),
    ('κ', 'k'),
    ('μ', 'm'),
    ('ν', 'n'),
    ('ο', 'o'),
    ('ρ', 'p'),
    ('τ', 't'),
    ('υ', 'y'),
    ('χ', 'x'),
];

/// Of how many letters with a second spelling each may be spelled in its own way: `Ødegård` is `odegaard` as well.
const MOST_MIXED: usize = 3;

/// What the languages of the desk write for a letter that a keyboard or a passport has not.
const SPELLED_OUT: [(char, &str); 5] = [
    ('ä', "ae"),
    ('ö', "oe"),
    ('ü', "ue"),
    ('ø', "oe"),
    ('å', "aa"),
];

/// The spellings again, and the letter without its marks.
const PAIRS: [(&str, &str); 4] = [("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a")];

/// A text without case, accents, marks that nobody sees, and line breaks.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(&mut folded, text);
    folded
}

/// Adds a folded text to another.
pub(super) fn fold_into(folded: &mut String, text: &str) {
    if !text.is_ascii() {
        fold_letters(folded, text);
        return;
    }
    if text
        .bytes()
        .any(|c| c.is_ascii_control() || matches!(c, b'\'' | b'`'))
    {
        let kept = text.chars().filter(|c| !matches!(c, '\'' | '`'));
        folded.extend(kept.map(|c| plain(c.to_ascii_lowercase())));
        return;
    }
    let start = folded.len();
    folded.push_str(text);
    if let Some(added) = folded.get_mut(start..) {
        added.make_ascii_lowercase();
    }
}

fn fold_letters(folded: &mut String, text: &str) {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let class = CanonicalCombiningClassMapBorrowed::new();
    let seen = text.chars().filter(|c| {
        !APOSTROPHES.contains(c) && (c.is_ascii() || (*c != STRETCH && !ignorable.contains(*c)))
    });
    let letters: String = DecomposingNormalizerBorrowed::new_nfkd()
        .normalize_iter(seen)
        // Accents and points; the vowels of India and Thailand are letters.
        .filter(|c| c.is_ascii() || class.get_u8(*c) == 0)
        .collect();
    if letters.is_ascii() {
        folded.extend(letters.chars().map(|c| plain(c.to_ascii_lowercase())));
        return;
    }
    for c in CaseMapper::new().fold_string(&letters).chars() {
        if c.is_ascii() {
            folded.push(plain(c));
        } else if let Some((_, plain)) = LETTERS.iter().find(|(letter, _)| *letter == c) {
            folded.push_str(plain);
        } else if let Some((_, plain)) = LOOK_ALIKES.iter().find(|(letter, _)| *letter == c) {
            folded.push(*plain);
        } else if class.get_u8(c) == 0 {
            folded.push(look_alike(c));
        }
    }
}

/// The folded text with the letters that have a second spelling spelled out: `müller` is `mueller`. Where several do, each
/// may be.
pub(super) fn spelled_out(text: &str) -> Vec<String> {
    // Also as a letter with dots or a ring behind it.
    let may = |c| {
        matches!(
            c,
            'ä' | 'ö' | 'ü' | 'ø' | 'å' | 'Ä' | 'Ö' | 'Ü' | 'Ø' | 'Å' | '\u{308}' | '\u{30a}'
        )
    };
    if text.is_ascii() || !text.chars().any(may) {
        return Vec::new();
    }
    let whole = ComposingNormalizerBorrowed::new_nfkc().normalize(text);
    let lower = CaseMapper::new().fold_string(&whole);
    let has = |(letter, _): &(char, &str)| lower.contains(*letter);
    let kinds: Vec<(char, &str)> = SPELLED_OUT.into_iter().filter(has).collect();
    // Which of them, as bits; all of them where that would be many.
    let all = (1_u32 << kinds.len()) - 1;
    let first = if kinds.len() > MOST_MIXED { all } else { 1 };
    let spelled = |which: u32| {
        let mut spelled = lower.to_string();
        for (bit, (letter, out)) in kinds.iter().enumerate() {
            if which & (1 << bit) != 0 {
                spelled = spelled.replace(*letter, out);
            }
        }
        fold(&spelled)
    };
    (first..=all).map(spelled).collect()
}

/// Whether a folded text may be drawn together.
pub(super) fn has_pair(folded: &str) -> bool {
    let mut before = 0;
    folded.bytes().any(|c| {
        let pair = matches!((before, c), (b'a' | b'o' | b'u', b'e') | (b'a', b'a'));
        before = c;
        pair
    })
}

/// The folded word as somebody writes it who leaves the dots away: `mueller` is `muller`.
pub(crate) fn drawn_together(folded: &str) -> Cow<'_, str> {
    let mut word = Cow::Borrowed(folded);
    for (pair, letter) in PAIRS {
        if word.contains(pair) {
            word = Cow::Owned(word.replace(pair, letter));
        }
    }
    word
}

fn plain(c: char) -> char {
    if c.is_ascii_control() { ' ' } else { c }
}

/// The plain sign for one that looks or counts like it.
fn look_alike(c: char) -> char {
    if c.is_whitespace() || c.is_control() {
        return ' ';
    }
    if DASHES.contains(c) {
        return '-';
    }
    if QUOTES.contains(c) {
        return '"';
    }
    let value = |zero: char| {
        u32::from(c)
            .checked_sub(u32::from(zero))
            .filter(|value| *value < 10)
    };
    let digit = ZEROS.into_iter().find_map(value);
    digit
        .and_then(|value| char::from_digit(value, 10))
        .unwrap_or(c)
}
