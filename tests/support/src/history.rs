//! What dunst remembers of a notification that is no longer on the screen.

use std::collections::HashMap;

use anyhow::{Context, Result};
use zbus::zvariant::OwnedValue;

/// A notification as dunst's history has it.
#[derive(Debug, Clone)]
pub struct Remembered {
    /// The number that the program was given for it.
    pub id: u32,
    /// The program's name.
    pub app: String,
    /// First line.
    pub summary: String,
    /// Text, as dunst was given it.
    pub body: String,
    /// What a person reads: title and text after the markup in them was carried out.
    pub read: String,
}

impl Remembered {
    /// From an entry of the list that dunst gives.
    pub(crate) fn from_entry(entry: HashMap<String, OwnedValue>) -> Result<Self> {
        let text = |name: &str| -> Result<String> {
            let value = entry
                .get(name)
                .with_context(|| format!("no {name} in the history"))?;
            Ok(<&str>::try_from(value)?.to_owned())
        };
        let id = entry.get("id").context("no id in the history")?;
        let id = match i32::try_from(id) {
            Ok(id) => u32::try_from(id)?,
            Err(_) => u32::try_from(id)?,
        };
        let message = text("message")?;
        Ok(Remembered {
            id,
            app: text("appname")?,
            summary: text("summary")?,
            body: text("body")?,
            read: read_markup(&message),
        })
    }
}

/// What is left of Pango markup once it is carried out: no tags, entities as what they stand for.
fn read_markup(markup: &str) -> String {
    let mut text = String::new();
    let mut in_tag = false;
    for letter in markup.chars() {
        match letter {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            letter if !in_tag => text.push(letter),
            _ => {}
        }
    }
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text, |text, (entity, letter)| text.replace(entity, letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_carried_out() {
        assert_eq!(
            read_markup("<b>Trip</b> &lt;b&gt; &amp;amp;"),
            "Trip <b> &amp;"
        );
    }
}
