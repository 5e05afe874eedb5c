//! Tags in one text, as lists have them: with commas between them, and in quotes where a tag has a mark in it that parts
//! others.

/// What stands between two tags.
const BETWEEN: [char; 3] = [',', ';', '|'];

/// Around a tag that has one of those in it; two of them are one within.
const QUOTE: char = '"';

/// Tags as they are written into one cell, from which [`read_tags`] reads them.
#[must_use]
pub fn written_tags(tags: &[String]) -> String {
    let written = tags
        .iter()
        .map(|tag| match tag.contains([',', ';', '|', QUOTE]) {
            true => format!("{QUOTE}{}{QUOTE}", tag.replace(QUOTE, "\"\"")),
            false => tag.clone(),
        });
    written.collect::<Vec<_>>().join(", ")
}

/// The tags in a cell.
pub(crate) fn read_tags(text: &str) -> Vec<String> {
    let mut tags = vec![String::new()];
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        let begins = tags.last().is_none_or(|tag| tag.trim().is_empty());
        let next = letters.peek().copied();
        match tags.last_mut() {
            _ if !quoted && BETWEEN.contains(&c) => tags.push(String::new()),
            // Whoever writes a size in inches quotes nothing.
            _ if c == QUOTE && !quoted && begins && text.matches(QUOTE).count() > 1 => {
                quoted = true
            }
            Some(tag) if c == QUOTE && quoted && next == Some(QUOTE) => {
                tag.extend(letters.next());
            }
            _ if c == QUOTE && quoted => quoted = false,
            Some(tag) => tag.push(c),
            None => {}
        }
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let tags = read_tags(text).into_iter();
        tags.map(|tag| tag.trim().to_owned()).collect()
    }

    #[test]
    fn tags_come_back_as_they_were() {
        for tags in [
            vec!["VIP"],
            vec!["VIP", "group 7"],
            vec!["a;b"],
            vec!["a;b", "VIP", "x, y", "one|two"],
            vec!["the \"best\"", "\"", "5\" screen", "\"a\";"],
        ] {
            let tags: Vec<String> = tags.into_iter().map(str::to_owned).collect();
            assert_eq!(read(&written_tags(&tags)), tags);
        }
    }

    #[test]
    fn tags_that_somebody_typed_are_parted_as_they_look() {
        assert_eq!(read("VIP; late|vegan,x"), ["VIP", "late", "vegan", "x"]);
        assert_eq!(read("5\" screen, VIP"), ["5\" screen", "VIP"]);
        assert_eq!(read("\"screen, VIP"), ["\"screen", "VIP"]);
    }
}
