//! Numbers and other people's words, made fit for one line of a notification.

use crate::message::Message;

/// Longest name in a title, in characters; the window shows all of it.
pub(super) const MAX_NAME: usize = 60;

/// Longest reason in a body, in characters.
const MAX_REASON: usize = 160;

/// Longest sentence of a body, in characters.
const MAX_SENTENCE: usize = 400;

/// Text of a payload or a person on one line, for a title: no control characters, nothing that
/// turns the direction of the text around it (Unicode Technical Report 36), not longer than
/// [`MAX_NAME`]. `None`: nothing is left.
pub(super) fn one_line(text: &str) -> Option<String> {
    shortened(text, MAX_NAME, |_| true)
}

/// Text of a payload on one line of a body: beyond [`one_line`], nothing that a notification server
/// reads as markup. Ends as a sentence does.
pub(super) fn sentence(text: &str) -> Option<String> {
    let text = shortened(text, MAX_REASON, |c| !matches!(c, '<' | '>' | '&'))?;
    let ends = text.ends_with(['.', '!', '?', '…']);
    Some(if ends { text } else { text + "." })
}

/// A sentence of a body, whatever it holds: see [`sentence`], but longer.
pub(super) fn fit_for_body(text: &str) -> Option<String> {
    shortened(text, MAX_SENTENCE, |c| !matches!(c, '<' | '>' | '&'))
}

fn shortened(text: &str, most: usize, allowed: impl Fn(char) -> bool) -> Option<String> {
    let spaced: String = text
        .chars()
        .map(|c| if matches!(c, '\n' | '\t') { ' ' } else { c })
        .filter(|c| !c.is_control() && !turns_direction(*c) && allowed(*c))
        .collect();
    let clean: Vec<char> = spaced.trim().chars().collect();
    match clean.len() {
        0 => None,
        length if length > most => Some(clean.into_iter().take(most - 1).chain(['…']).collect()),
        _ => Some(clean.into_iter().collect()),
    }
}

fn turns_direction(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// `ICCID …304826`, as support staff read it out.
pub(super) fn number(iccid: Option<&str>, esim_id: Option<&str>) -> Option<Message> {
    let last = |id: &str| -> Option<String> {
        let plain: Vec<char> = id.chars().filter(char::is_ascii_alphanumeric).collect();
        let last: String = plain.iter().skip(plain.len().saturating_sub(6)).collect();
        (!last.is_empty()).then_some(last)
    };
    let named = |key: &str, last: String| Message::of(key).with("digits", last);
    let iccid = iccid
        .and_then(last)
        .map(|last| named("alert.number.iccid", last));
    let esim_id = || {
        let last = esim_id.and_then(last)?;
        Some(named("alert.number.esimId", last))
    };
    iccid.or_else(esim_id)
}
