//! Rules that a single file can break.

use super::Source;

/// The most lines of a source file: a longer one can't be held in the head any more.
const MAX_LINES: usize = 500;

/// The most lines of the page that explains the architecture.
const MAX_LINES_ARCHITECTURE: usize = 150;

/// Written by `cargo xtask bindings`, as long as it needs to be.
const GENERATED: &str = "ui/src/host/bindings.ts";

/// What lives as long as the process, and why that is right. Anything else has an owner.
const STATICS: [(&str, &str); 5] = [
    // The words of all languages, which are part of the program and are read once.
    ("src-tauri/core/src/catalogue/texts.rs", "CATALOGUES"),
    // The registry: which senders there are is part of the program.
    ("src-tauri/core/src/provider/mod.rs", "ALL"),
    // A clock that nobody can set counts from some moment, which is the same for whoever asks.
    ("src-tauri/core/src/clock/moment.rs", "FIRST_ASKED"),
    // Rust's own way of choosing one.
    ("src-tauri/src/main.rs", "ALLOCATOR"),
    ("src-tauri/esim-watchd/src/main.rs", "ALLOCATOR"),
];

/// The crate whose types cross to the window.
const DESK: &str = "src-tauri/desk/";

/// The only room that knows who sends.
const PROVIDER: &str = "src-tauri/core/src/provider/";

/// Names of senders: each has a folder in that room.
pub fn senders(sources: &[Source]) -> Vec<String> {
    let folder = |source: &Source| {
        let (sender, _) = source.name.strip_prefix(PROVIDER)?.split_once('/')?;
        Some(sender.to_owned())
    };
    let mut senders: Vec<String> = sources.iter().filter_map(folder).collect();
    senders.sort();
    senders.dedup();
    senders
}

/// Every breach of these rules in one file. `senders`: see [`senders`].
pub fn breaches(source: &Source, senders: &[String]) -> Vec<String> {
    [
        too_long(source),
        undescribed_module(source),
        window_reaches_for_tauri(source),
        needs_a_window(source),
        crosses_to_the_window(source),
        knows_the_sender(source, senders),
        test_sleeps(source),
        lives_for_ever(source),
        measures_in_the_product(source),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn too_long(source: &Source) -> Option<String> {
    let name = source.name.as_str();
    let most = match name {
        GENERATED => return None,
        "ARCHITECTURE.md" => MAX_LINES_ARCHITECTURE,
        _ if name.ends_with(".md") || name.ends_with(".toml") => return None,
        _ => MAX_LINES,
    };
    let lines = source.text.lines().count();
    (lines > most).then(|| format!("{name} has {lines} lines, more than {most}: split it"))
}

fn undescribed_module(source: &Source) -> Option<String> {
    (source.is_rust() && !source.text.starts_with("//!")).then(|| {
        format!(
            "{} doesn't open with `//!`: what is it for, what must it not know?",
            source.name
        )
    })
}

/// The window talks to its host in one folder only, so that everything else can be tested without one.
fn window_reaches_for_tauri(source: &Source) -> Option<String> {
    let imports = ["\"@tauri-apps/", "'@tauri-apps/"];
    (source.name.starts_with("ui/src/")
        && !source.name.starts_with("ui/src/host/")
        && imports.iter().any(|import| source.text.contains(import)))
    .then(|| format!("{} imports @tauri-apps: only ui/src/host may", source.name))
}

/// Only the desktop package, whose manifest is the root's, may depend on Tauri: everything else runs where there is
/// no window.
fn needs_a_window(source: &Source) -> Option<String> {
    let name = source.name.as_str();
    let manifest = name.ends_with("/Cargo.toml");
    let dependency = source
        .text
        .lines()
        .map(|line| line.split_once('#').map_or(line, |(code, _)| code))
        // The folder is called so, too.
        .map(|code| code.replace("src-tauri", ""))
        .any(|code| code.contains("tauri"));
    (manifest && dependency)
        .then(|| format!("{name} names tauri: only the shell may need a window"))
}

/// What crosses to the window is described in one crate.
fn crosses_to_the_window(source: &Source) -> Option<String> {
    let elsewhere =
        source.is_rust() && source.name.starts_with("src-tauri/") && !source.name.starts_with(DESK);
    let code = source.code();
    (elsewhere && (code.contains("specta::Type") || code.contains("use specta::")))
        .then(|| format!("{} derives specta's Type: only {DESK} may", source.name))
}

/// A second sender must be a folder of its own, not a search through everything.
fn knows_the_sender(source: &Source, senders: &[String]) -> Option<String> {
    let product = source.is_rust()
        && source.name.starts_with("src-tauri/")
        && !source.name.starts_with("src-tauri/tools/")
        && !source.name.starts_with(PROVIDER)
        && !source.is_test();
    if !product {
        return None;
    }
    let code = source.code().to_lowercase();
    senders
        .iter()
        .find(|provider| code.contains(provider.as_str()))
        .map(|provider| format!("{} names {provider}: only {PROVIDER} may", source.name))
}

/// What a test that sleeps calls; in two parts, because this file has tests too.
const NAP: &str = concat!("sle", "ep(");

/// A test that sleeps is slow where the machine is fast, and fails where it is slow.
fn test_sleeps(source: &Source) -> Option<String> {
    let code = match source.is_test() {
        true => source.code(),
        false => {
            let tests = source.text.find("\n#[cfg(test)]\nmod ")?;
            source.text.split_at(tests).1.to_owned()
        }
    };
    (source.is_rust() && code.contains(NAP))
        .then(|| format!("{} sleeps in a test: await what happened", source.name))
}

/// State without an owner is shared by everybody.
fn lives_for_ever(source: &Source) -> Option<String> {
    if !source.is_rust() || source.is_test() || !source.name.starts_with("src-tauri/") {
        return None;
    }
    let code = source.code();
    let found = code.lines().find_map(|line| {
        let line = line
            .trim_start_matches("pub ")
            .trim_start_matches("pub(crate) ");
        line.strip_prefix("static ")?.split([':', ' ']).next()
    })?;
    let allowed = STATICS
        .iter()
        .any(|(file, name)| *file == source.name && *name == found);
    (!allowed).then(|| format!("{} has a static, {found}: give it an owner", source.name))
}

/// What is shipped holds nothing that only measures or tries it out.
fn measures_in_the_product(source: &Source) -> Option<String> {
    let product =
        source.name.starts_with("src-tauri/") && !source.name.starts_with("src-tauri/tools/");
    (product && source.code().to_lowercase().contains("yardstick"))
        .then(|| format!("{} holds a yardstick: those live in benches/", source.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str, text: &str) -> Source {
        Source {
            name: name.to_owned(),
            text: text.to_owned(),
        }
    }

    fn broken(name: &str, text: &str) -> bool {
        !breaches(&source(name, text), &["roamify".to_owned()]).is_empty()
    }

    #[test]
    fn a_file_over_the_limit_is_named_unless_it_is_generated() {
        let long = "x\n".repeat(MAX_LINES + 1);
        assert!(broken("ui/src/App.svelte", &long));
        assert!(!broken(GENERATED, &long));
        assert!(!broken("ui/src/App.svelte", &"x\n".repeat(MAX_LINES)));
        assert!(broken(
            "ARCHITECTURE.md",
            &"x\n".repeat(MAX_LINES_ARCHITECTURE + 1)
        ));
    }

    #[test]
    fn a_module_without_a_description_is_named() {
        assert!(broken("xtask/src/a.rs", "use std::fs;\n"));
        assert!(!broken("xtask/src/a.rs", "//! What it is for.\n"));
        assert!(!broken("ui/src/a.ts", "export {};\n"));
    }

    #[test]
    fn only_the_host_folder_imports_tauri() {
        let import = "import { invoke } from \"@tauri-apps/api/core\";";
        assert!(broken("ui/src/data/feed.ts", import));
        assert!(!broken("ui/src/host/index.ts", import));
    }

    #[test]
    fn only_the_shell_depends_on_tauri() {
        assert!(broken(
            "src-tauri/core/Cargo.toml",
            "tauri-plugin-log = \"2\""
        ));
        let renamed = "log = { package = \"tauri\", version = \"2\" }";
        assert!(broken("src-tauri/desk/Cargo.toml", renamed));
        assert!(!broken(
            "src-tauri/core/Cargo.toml",
            "serde = \"1\" # not tauri"
        ));
        let path = "core = { path = \"../../src-tauri/core\" }";
        assert!(!broken("tests/support/Cargo.toml", path));
    }

    #[test]
    fn types_that_cross_and_names_of_senders_have_their_rooms() {
        let derive = "//! A.\n#[derive(specta::Type)]\nstruct A;\n";
        assert!(broken("src-tauri/core/src/a.rs", derive));
        assert!(!broken("src-tauri/desk/src/a.rs", derive));
        let named = "//! Roamify's.\nconst A: &str = \"Roamify\";\n";
        assert!(broken("src-tauri/core/src/a.rs", named));
        assert!(!broken("src-tauri/core/src/provider/roamify/a.rs", named));
        assert!(!broken(
            "src-tauri/core/src/a.rs",
            "//! Roamify's.\n// Roamify\n"
        ));
    }

    #[test]
    fn tests_that_sleep_statics_and_yardsticks_are_named() {
        let nap = ["sle", "ep(1)"].concat();
        let in_tests = format!(
            "//! A.\nfn a() {{}}\n\n#[cfg(test)]\nmod tests {{\n    fn b() {{ {nap} }}\n}}\n"
        );
        assert!(broken("src-tauri/core/src/a.rs", &in_tests));
        let naps = format!("//! A.\nfn a() {{ {nap} }}\n");
        assert!(!broken("src-tauri/core/src/a.rs", &naps));
        assert!(broken("tests/desk/a.rs", &naps));
        assert!(broken(
            "src-tauri/core/src/a.rs",
            "//! A.\npub static A: u8 = 1;\n"
        ));
        assert!(broken(
            "src-tauri/core/src/a.rs",
            "//! A.\nstruct Yardstick;\n"
        ));
        assert!(!broken(
            "benches/load/src/a.rs",
            "//! A.\nstruct Yardstick;\n"
        ));
    }
}
