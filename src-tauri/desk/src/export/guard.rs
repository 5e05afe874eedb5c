//! Texts that no spreadsheet takes for a formula (OWASP, CSV injection), whichever separator it splits lines by. Must not
//! know what file they are for.

use std::borrow::Cow;

/// What a formula begins with, also as Chinese and Japanese keyboards write it.
const BEGINS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// What some spreadsheet may end a cell with.
const SEPARATORS: [char; 6] = [';', ',', '\t', '\n', '\r', '|'];

/// Fewest digits of a telephone number.
const MIN_PHONE_DIGITS: usize = 7;

/// A text that is none with a sign in front of it, and of each part that a spreadsheet may take for a cell. A number, and
/// a telephone number of digits and blanks, stay as they are.
pub(super) fn harmless(text: &str) -> Cow<'_, str> {
    if !text.contains(BEGINS) {
        return Cow::Borrowed(text);
    }
    let mut guarded = String::with_capacity(text.len() + 2);
    let mut begins = true;
    for (at, c) in text.char_indices() {
        if begins && BEGINS.contains(&c) {
            let part = text.get(at..).unwrap_or_default();
            guarded.extend(guard(part.split(SEPARATORS).next().unwrap_or(part)));
        }
        guarded.push(c);
        begins = SEPARATORS.contains(&c) || (begins && is_passed_over(c));
    }
    Cow::Owned(guarded)
}

/// What a spreadsheet may not look at before it looks for a formula.
fn is_passed_over(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '"' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// What goes in front of a part that begins as a formula does.
fn guard(part: &str) -> Option<char> {
    let mut rest = part.chars();
    let plus = matches!(rest.next(), Some('+' | '＋'));
    let rest = rest.as_str();
    let all =
        |allowed: fn(char) -> bool| rest.chars().all(allowed) && rest.contains(char::is_numeric);
    if all(|c| c.is_numeric() || c == '.') || (plus && all(|c| c.is_numeric() || c.is_whitespace()))
    {
        return None;
    }
    let phone = |c: &char| c.is_numeric() || c.is_whitespace() || "()/.-".contains(*c);
    let digits = rest.chars().take_while(phone).filter(|c| c.is_numeric());
    // What follows a telephone number can't make a formula of it, but its hyphens can: a blank in front that nobody sees
    // keeps it a text.
    if plus && digits.count() >= MIN_PHONE_DIGITS {
        return Some('\u{a0}');
    }
    Some('\'')
}

/// JSON that is the same to whoever reads it, and no formula where a spreadsheet splits it: in its texts, signs that one
/// begins with are written by their numbers.
pub(super) fn harmless_json(json: &str) -> Cow<'_, str> {
    if !json.contains(BEGINS) {
        return Cow::Borrowed(json);
    }
    let mut guarded = String::with_capacity(json.len() + 8);
    let (mut in_text, mut escaped, mut begins) = (false, false, false);
    for c in json.chars() {
        if in_text && begins && !escaped && BEGINS.contains(&c) {
            guarded.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            guarded.push(c);
        }
        begins = SEPARATORS.contains(&c) || c == '"' || (begins && is_passed_over(c));
        in_text ^= c == '"' && !escaped;
        escaped = in_text && c == '\\' && !escaped;
    }
    Cow::Owned(guarded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_as_a_formula_is_a_text() {
        for formula in [
            "=1+1",
            "=HYPERLINK(\"http://x.example\")",
            "@SUM(1+1)*cmd|' /C calc'!A0",
            "-2+3",
            "+cmd|' /C calc'!A0",
            "+1+1",
            "＝1+1",
            "＠SUM(1)",
            "－2+3",
            "＋A1",
        ] {
            assert_eq!(harmless(formula), format!("'{formula}"));
            for before in [" ", "\t", "\r", "\n", "\u{feff}", "\u{a0}", "\u{200b}"] {
                let text = format!("{before}{formula}");
                assert_eq!(harmless(&text), format!("{before}'{formula}"), "{text:?}");
            }
        }
    }

    #[test]
    fn no_part_of_a_text_becomes_a_cell_of_its_own() {
        for separator in [";", ",", "\t", "\n", "\r\n", "; ", ";\"", ", \""] {
            for formula in ["=1+1", "@A1", "-A1", "+A1", "＝1+1"] {
                let text = format!("x{separator}{formula}{separator}{formula}");
                let guarded = harmless(&text);
                assert_eq!(
                    guarded,
                    format!("x{separator}'{formula}{separator}'{formula}")
                );
            }
        }
        assert_eq!(
            harmless("x;=HYPERLINK(\"http://evil\";\"click\");y"),
            "x;'=HYPERLINK(\"http://evil\";\"click\");y"
        );
    }

    #[test]
    fn what_is_no_formula_stays_as_it_is() {
        for text in [
            "",
            "Marta Ruiz",
            "a=b",
            "1-2+3@x",
            "marta@x.example, paul@x.example",
            "+39 06 1234 5678",
            "+390612345678",
            "+39\u{a0}06\u{202f}1234",
            "＋３９ ０６",
            "call +39 06 1234",
            "-3",
            "-2.5",
            "+48 600 100 200; +48 600 100 201",
            "Müller-Lüdenscheidt",
        ] {
            assert_eq!(harmless(text), text);
        }
        // A blank keeps a sum of hyphens the number that is called.
        for phone in [
            "+1-555-123-4567",
            "+49 (171) 555/7176",
            "+39 06 1234 567 (office)",
        ] {
            assert_eq!(harmless(phone), format!("\u{a0}{phone}"));
        }
    }

    #[test]
    fn json_stays_the_same_json() {
        let json =
            r#"{"a":"=1+1","b":"x;=1+1, @A1","c":[1,-2],"d":"q\",=1","e":"\\","f":"=2","g":"a-b"}"#;
        let guarded = harmless_json(json);
        let read = |json: &str| serde_json::from_str::<serde_json::Value>(json).unwrap();
        assert_eq!(read(&guarded), read(json));
        for formula in ["=1+1", ";=", "\"=", ",=", " @", "=2"] {
            assert!(!guarded.contains(formula), "{guarded}");
        }
        assert!(
            guarded.contains("[1,-2]") && guarded.contains("\"a-b\""),
            "{guarded}"
        );
    }
}
