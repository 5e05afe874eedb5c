//! What is new in each version, read from one page and written as each package wants it.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use xshell::{Shell, cmd};

use super::maintainer::MAINTAINER;

/// One version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// As `1.2.3`.
    pub version: String,
    /// As `2026-01-31`.
    pub day: String,
    /// A sentence each.
    pub lines: Vec<String>,
}

/// Reads the page. Fails if it does not begin with the version that is packed: nobody would be told what is new in it.
pub fn read(page: &Path, version: &str) -> anyhow::Result<Vec<Change>> {
    let text = fs::read_to_string(page).with_context(|| page.display().to_string())?;
    let changes = parse(&text)?;
    match changes.first() {
        Some(newest) if newest.version == version => Ok(changes),
        _ => bail!(
            "{} does not begin with what is new in {version}",
            page.display()
        ),
    }
}

/// Sections `## 1.2.3 (2026-01-31)` with points of one or more lines.
fn parse(text: &str) -> anyhow::Result<Vec<Change>> {
    let mut changes: Vec<Change> = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            let (version, day) = title
                .strip_suffix(')')
                .and_then(|title| title.split_once(" ("))
                .with_context(|| format!("\"{title}\" is not \"1.2.3 (2026-01-31)\""))?;
            changes.push(Change {
                version: version.to_owned(),
                day: day.to_owned(),
                lines: Vec::new(),
            });
        } else if let Some(change) = changes.last_mut() {
            let begun = change.lines.last_mut();
            match (line.strip_prefix("- "), line.trim(), begun) {
                (Some(point), ..) => change.lines.push(point.to_owned()),
                (None, "", _) => {}
                (None, more, Some(begun)) => {
                    begun.push(' ');
                    begun.push_str(more);
                }
                (None, stray, None) => bail!("\"{stray}\" belongs to no point"),
            }
        }
    }
    if let Some(empty) = changes.iter().find(|change| change.lines.is_empty()) {
        bail!("nothing is said of {}", empty.version);
    }
    Ok(changes)
}

/// As deb-changelog(5) has it.
pub fn for_debian(sh: &Shell, changes: &[Change]) -> anyhow::Result<String> {
    let mut text = String::new();
    for change in changes {
        let at = format!("{} 12:00 UTC", change.day);
        let date = cmd!(sh, "date --utc --rfc-email --date={at}")
            .quiet()
            .read()?;
        text.push_str(&format!(
            "esim-watch ({}) unstable; urgency=medium\n\n",
            change.version
        ));
        for line in &change.lines {
            text.push_str(&wrapped(line, "  * ", "    "));
        }
        text.push_str(&format!("\n -- {MAINTAINER}  {date}\n\n"));
    }
    Ok(format!("{}\n", text.trim_end()))
}

/// As a spec file has it.
pub fn for_rpm(sh: &Shell, changes: &[Change]) -> anyhow::Result<String> {
    let mut text = String::new();
    for change in changes {
        let day = &change.day;
        let date = cmd!(sh, "env LC_ALL=C date --utc --date={day}")
            .arg("+%a %b %d %Y")
            .quiet()
            .read()?;
        text.push_str(&format!("* {date} {MAINTAINER} - {}-1\n", change.version));
        for line in &change.lines {
            // A per cent sign begins a macro.
            text.push_str(&wrapped(&line.replace('%', "%%"), "- ", "  "));
        }
        text.push('\n');
    }
    Ok(text)
}

/// As AppStream has it.
pub fn for_appstream(changes: &[Change]) -> String {
    let release = |change: &Change| {
        let points: String = change
            .lines
            .iter()
            .map(|line| format!("          <li>{}</li>\n", escaped(line)))
            .collect();
        format!(
            "    <release version=\"{}\" date=\"{}\">\n      <description>\n        <ul>\n{points}        </ul>\n      </description>\n    </release>",
            change.version, change.day
        )
    };
    let releases: Vec<String> = changes.iter().map(release).collect();
    releases.join("\n")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// In lines of at most 80 characters.
fn wrapped(text: &str, first: &str, others: &str) -> String {
    let mut lines = vec![first.to_owned()];
    for word in text.split_whitespace() {
        let full = lines
            .last()
            .is_some_and(|line| line.chars().count() + word.chars().count() > 79);
        if full {
            lines.push(others.to_owned());
        }
        if let Some(line) = lines.last_mut() {
            if !line.ends_with(' ') {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# What is new\n\nTo be told.\n\n## 0.2.0 (2026-02-01)\n- One thing,\n  told at length.\n- Another & more.\n\n## 0.1.0 (2026-01-01)\n- First.\n";

    #[test]
    fn versions_and_their_points_are_read() {
        let changes = parse(PAGE).unwrap();
        assert_eq!(changes.len(), 2);
        assert_eq!(changes[0].version, "0.2.0");
        assert_eq!(changes[0].day, "2026-02-01");
        assert_eq!(
            changes[0].lines,
            ["One thing, told at length.", "Another & more."]
        );
    }

    #[test]
    fn a_version_of_which_nothing_is_said_is_no_release() {
        assert!(parse("## 0.1.0 (2026-01-01)\n").is_err());
        assert!(parse("## 0.1.0\n- First.\n").is_err());
        assert!(parse("## 0.1.0 (2026-01-01)\nstray\n").is_err());
    }

    #[test]
    fn software_centres_get_well_formed_text() {
        let text = for_appstream(&parse(PAGE).unwrap());
        assert!(text.contains("<release version=\"0.2.0\" date=\"2026-02-01\">"));
        assert!(text.contains("<li>Another &amp; more.</li>"));
    }

    #[test]
    fn long_lines_are_broken_and_indented() {
        let text = wrapped(&"word ".repeat(30), "  * ", "    ");
        assert!(text.starts_with("  * word word"));
        assert!(text.contains("\n    word"));
        assert!(text.lines().all(|line| line.len() <= 80));
    }
}
