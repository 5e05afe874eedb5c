//! Letters that somebody's program wrote twice: UTF-8 that was read as windows-1252 and written as UTF-8 again, so that
//! `ü` became `Ã¼`. No text that a person writes has such pairs.

use std::borrow::Cow;

/// The letters that windows-1252 has where Latin-1 has none, from 0x80 on; where it has none itself stands the byte.
const UPPER: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The byte that windows-1252 shows as this letter.
fn byte(letter: char) -> Option<u8> {
    let place = UPPER.iter().position(|one| *one == letter);
    match place.and_then(|at| u8::try_from(at).ok()) {
        Some(at) => Some(0x80 + at),
        None => u8::try_from(u32::from(letter))
            .ok()
            .filter(|byte| *byte >= 0x80),
    }
}

/// Whether a letter is one that names and notes are written in.
fn is_written(letter: char) -> bool {
    matches!(letter,
        '\u{a0}'..='\u{17f}' | '\u{218}'..='\u{21b}' | '\u{370}'..='\u{6ff}' | '\u{1e00}'..='\u{1eff}'
        | '\u{2010}'..='\u{2044}' | '€' | '™' | '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// What letters without any of ASCII between them were before they were written twice; `None`: they were not.
fn once(letters: &str) -> Option<String> {
    let bytes: Option<Vec<u8>> = letters.chars().map(byte).collect();
    let text = String::from_utf8(bytes?).ok()?;
    text.chars().all(is_written).then_some(text)
}

/// A text with the letters that were meant, if all of its letters beyond ASCII were written twice.
pub(super) fn mended(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut mended = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (plain, after) =
            rest.split_at(rest.find(|c: char| !c.is_ascii()).unwrap_or(rest.len()));
        let (letters, after) =
            after.split_at(after.find(|c: char| c.is_ascii()).unwrap_or(after.len()));
        mended.push_str(plain);
        if !letters.is_empty() {
            match once(letters) {
                Some(meant) => mended.push_str(&meant),
                None => return Cow::Borrowed(text),
            }
        }
        rest = after;
    }
    Cow::Owned(mended)
}
