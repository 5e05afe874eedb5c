//! Manual pages: written by hand, and held against what the programs say of themselves.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};

/// Fails if a program has an option or a command that its page does not name, or `extra` of another system.
pub fn check(program: &Path, page: &str) -> anyhow::Result<()> {
    let own = help(program, &[])?;
    let mut told = own.clone();
    for command in commands(&own) {
        if command != "help" {
            told.push_str(&help(program, &[&command])?);
        }
    }
    let missing = missing(&told, page);
    if !missing.is_empty() {
        bail!(
            "the manual page of {} does not name {}",
            program.display(),
            missing.join(", ")
        );
    }
    Ok(())
}

fn help(program: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new(program)
        .args(arguments)
        .arg("--help")
        .output()
        .with_context(|| format!("{} can't be started", program.display()))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The commands that a help text of clap lists.
fn commands(help: &str) -> Vec<String> {
    let listed = help
        .split_once("\nCommands:\n")
        .map_or("", |(_, rest)| rest);
    listed
        .lines()
        .take_while(|line| line.starts_with("  "))
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

/// What a help text has and a page has not.
fn missing(help: &str, page: &str) -> Vec<String> {
    // A minus sign is written so in a page.
    let page = page.replace("\\-", "-");
    let mut wanted: Vec<String> = commands(help);
    let options = help
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| word.starts_with("--") && word.len() > 2);
    wanted.extend(options.map(str::to_owned));
    wanted.sort();
    wanted.dedup();
    wanted.retain(|word| !page.contains(word.as_str()));
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELP: &str = "Does it\n\nUsage: it <COMMAND>\n\nCommands:\n  serve  Serves\n  catch-up  Asks\n\nOptions:\n      --data-dir <DIR>  Folder\n  -h, --help  Print help\n";

    #[test]
    fn options_and_commands_that_the_page_lacks_are_named() {
        let page = ".B serve\n.B catch\\-up\n.B \\-\\-data\\-dir\n.B \\-\\-help\n";
        assert!(missing(HELP, page).is_empty());
        assert_eq!(
            missing(HELP, ".B serve\n--help"),
            ["--data-dir", "catch-up"]
        );
    }
}
