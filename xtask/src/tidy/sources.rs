//! Every file of ours that a rule may speak of, read once.

use std::fs;
use std::path::Path;

use anyhow::Context as _;

/// The folders that hold our own sources; the root's own files are looked at too.
const FOLDERS: [&str; 6] = ["src-tauri", "tests", "benches", "fuzz", "xtask", "ui/src"];

/// Folders in them that hold nothing of ours.
const FOREIGN: [&str; 4] = ["target", "node_modules", "gen", "corpus"];

/// Kinds of files that are read.
const KINDS: [&str; 5] = ["rs", "ts", "svelte", "toml", "md"];

/// One file.
#[derive(Debug)]
pub struct Source {
    /// Its path from the root, with forward slashes on every system.
    pub name: String,
    /// All of it.
    pub text: String,
}

impl Source {
    /// Whether the file holds tests, or what only tests use.
    pub fn is_test(&self) -> bool {
        let name = &self.name;
        name.starts_with("tests/")
            || name.contains("/tests/")
            || name.contains("/testing/")
            || name.ends_with("/tests.rs")
            || name.ends_with("/properties.rs")
            || name.ends_with(".test.ts")
    }

    /// Whether the file is written in Rust.
    pub fn is_rust(&self) -> bool {
        self.name.ends_with(".rs")
    }

    /// The code without its comments and, in Rust, without the tests at its end.
    pub fn code(&self) -> String {
        let text = match self.text.find("\n#[cfg(test)]\nmod ") {
            Some(tests) if self.is_rust() => self.text.split_at(tests).0,
            _ => &self.text,
        };
        text.lines()
            .map(|line| {
                let line = line.trim_start();
                // SQL's comments, too: they stand in texts of Rust.
                let comments = ["//", "* ", "/*", "-- "];
                if comments.iter().any(|comment| line.starts_with(comment)) {
                    return "\n".to_owned();
                }
                // A comment at the end of a line; an address in a text has no space before its slashes.
                let code = line.split_once(" // ").map_or(line, |(code, _)| code);
                code.split_once(" -- ")
                    .map_or(code, |(code, _)| code)
                    .to_owned()
                    + "\n"
            })
            .collect()
    }
}

/// Reads every file, in a stable order.
pub fn read(root: &Path) -> anyhow::Result<Vec<Source>> {
    let mut found = Vec::new();
    collect(root, "", false, &mut found)?;
    for folder in FOLDERS {
        collect(root, folder, true, &mut found)?;
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

fn collect(root: &Path, folder: &str, deep: bool, found: &mut Vec<Source>) -> anyhow::Result<()> {
    let absolute = root.join(folder);
    let entries = fs::read_dir(&absolute).with_context(|| absolute.display().to_string())?;
    for entry in entries {
        let entry = entry?;
        let file_name = entry.file_name().to_string_lossy().into_owned();
        let name = if folder.is_empty() {
            file_name.clone()
        } else {
            format!("{folder}/{file_name}")
        };
        if entry.file_type()?.is_dir() {
            if deep && !FOREIGN.contains(&file_name.as_str()) {
                collect(root, &name, true, found)?;
            }
            continue;
        }
        let kind = file_name.rsplit_once('.').map_or("", |(_, kind)| kind);
        if KINDS.contains(&kind) {
            let text = fs::read_to_string(entry.path())
                .with_context(|| entry.path().display().to_string())?;
            found.push(Source { name, text });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_what_is_neither_comment_nor_test() {
        let source = Source {
            name: "src-tauri/core/src/a.rs".to_owned(),
            text: "//! About it.\nfn a() {} // why\nlet b = \"https://x\";\n\n#[cfg(test)]\nmod tests {}\n"
                .to_owned(),
        };
        assert_eq!(source.code().trim(), "fn a() {}\nlet b = \"https://x\";");
    }
}
