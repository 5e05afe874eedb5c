//! House rules that no compiler knows, kept by a test: a rule that only a document states rots.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

/// A longer file can't be held in the head any more.
const MOST_LINES: usize = 600;

/// Written by `cargo xtask bindings`, as long as it needs to be.
const GENERATED: &str = "ui/src/host/bindings.ts";

/// The folders that hold our own sources.
const SOURCES: [&str; 5] = ["src-tauri", "tests", "benches", "xtask", "ui/src"];

/// Fails with every breach of a rule, one on a line.
pub fn check(root: &Path) -> anyhow::Result<()> {
    let breaches = breaches(root)?;
    if breaches.is_empty() {
        return Ok(());
    }
    bail!("the house rules are broken:\n  {}", breaches.join("\n  "));
}

fn breaches(root: &Path) -> anyhow::Result<Vec<String>> {
    let manifest = "src-tauri/core/Cargo.toml";
    let mut breaches = Vec::new();
    breaches.extend(core_names_tauri(&read(root, Path::new(manifest))?));
    for path in sources(root)? {
        let text = read(root, &path)?;
        // Forward slashes on every system: the rules compare with texts.
        let name = path.to_string_lossy().replace('\\', "/");
        breaches.extend(too_long(&name, &text));
        breaches.extend(undescribed_module(&name, &text));
        breaches.extend(reaches_for_tauri(&name, &text));
    }
    Ok(breaches)
}

/// Core runs where there is no window, so nothing of Tauri may become its dependency.
fn core_names_tauri(manifest: &str) -> Option<String> {
    manifest
        .lines()
        .map(|line| line.split_once('#').map_or(line, |(code, _)| code))
        .any(|code| code.contains("tauri"))
        .then(|| {
            "src-tauri/core/Cargo.toml names tauri: core must build without a window".to_owned()
        })
}

fn too_long(name: &str, text: &str) -> Option<String> {
    let lines = text.lines().count();
    (lines > MOST_LINES && name != GENERATED)
        .then(|| format!("{name} has {lines} lines, more than {MOST_LINES}: split it"))
}

fn undescribed_module(name: &str, text: &str) -> Option<String> {
    (name.ends_with(".rs") && !text.starts_with("//!"))
        .then(|| format!("{name} doesn't open with `//!`: what is it for, what must it not know?"))
}

/// The window talks to its host in one folder only, so that everything else can be tested without one.
fn reaches_for_tauri(name: &str, text: &str) -> Option<String> {
    let imports = ["\"@tauri-apps/", "'@tauri-apps/"];
    (name.starts_with("ui/src/")
        && !name.starts_with("ui/src/host/")
        && imports.iter().any(|import| text.contains(import)))
    .then(|| format!("{name} imports @tauri-apps: only ui/src/host may"))
}

/// Every source file of ours, relative to the root, in a stable order.
fn sources(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for folder in SOURCES {
        // A folder that doesn't exist (yet) has nothing to break a rule with.
        if root.join(folder).is_dir() {
            collect(root, Path::new(folder), &mut found)?;
        }
    }
    found.sort();
    Ok(found)
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let absolute = root.join(folder);
    let entries = fs::read_dir(&absolute).with_context(|| absolute.display().to_string())?;
    for entry in entries {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        let is_source = path
            .extension()
            .is_some_and(|kind| ["rs", "ts", "svelte"].iter().any(|source| kind == *source));
        if entry.file_type()?.is_dir() {
            let name = entry.file_name();
            if name != "target" && name != "node_modules" && name != "gen" {
                collect(root, &path, found)?;
            }
        } else if is_source {
            found.push(path);
        }
    }
    Ok(())
}

fn read(root: &Path, path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(root.join(path)).with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_repository_keeps_its_house_rules() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        assert_eq!(breaches(root).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn the_rules_see_real_files() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let sources = sources(root).unwrap();
        for expected in ["xtask/src/tidy.rs", "src-tauri/core/src/lib.rs", GENERATED] {
            assert!(sources.contains(&PathBuf::from(expected)), "{expected}");
        }
    }

    #[test]
    fn core_may_mention_tauri_in_a_comment_but_not_depend_on_it() {
        assert!(core_names_tauri("serde.workspace = true # not tauri").is_none());
        assert!(core_names_tauri("tauri-plugin-log = \"2\"").is_some());
        assert!(core_names_tauri("log = { package = \"tauri\", version = \"2\" }").is_some());
    }

    #[test]
    fn a_file_over_the_limit_is_named_unless_it_is_generated() {
        let long = "x\n".repeat(MOST_LINES + 1);
        assert!(too_long("ui/src/App.svelte", &long).is_some());
        assert!(too_long(GENERATED, &long).is_none());
        assert!(too_long("ui/src/App.svelte", &"x\n".repeat(MOST_LINES)).is_none());
    }

    #[test]
    fn a_module_without_a_description_is_named() {
        assert!(undescribed_module("xtask/src/a.rs", "use std::fs;\n").is_some());
        assert!(undescribed_module("xtask/src/a.rs", "//! What it is for.\n").is_none());
        assert!(undescribed_module("ui/src/a.ts", "export {};\n").is_none());
    }

    #[test]
    fn only_the_host_folder_imports_tauri() {
        let import = "import { invoke } from \"@tauri-apps/api/core\";";
        assert!(reaches_for_tauri("ui/src/data/feed.ts", import).is_some());
        assert!(reaches_for_tauri("ui/src/host/index.ts", import).is_none());
        assert!(reaches_for_tauri("tests/desk/notes.ts", import).is_none());
    }
}
