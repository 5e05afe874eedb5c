//! House rules that no compiler knows, kept by a test: a rule that only a document states rots.
//!
//! [`sources`] reads what there is, [`text`] holds rules that one file can break, [`names`] those that a crate can,
//! [`directions`] who may know whom, [`circles`] that nobody knows each other in a ring.

mod circles;
mod directions;
mod imports;
mod names;
mod sources;
mod text;

use std::path::Path;

use anyhow::bail;

use sources::Source;

/// Fails with every breach of a rule, one on a line.
pub fn check(root: &Path) -> anyhow::Result<()> {
    let breaches = breaches(root)?;
    if breaches.is_empty() {
        return Ok(());
    }
    bail!("the house rules are broken:\n  {}", breaches.join("\n  "));
}

fn breaches(root: &Path) -> anyhow::Result<Vec<String>> {
    let sources = sources::read(root)?;
    let senders = text::senders(&sources);
    let of_one = |source| text::breaches(source, &senders);
    let mut breaches: Vec<String> = sources.iter().flat_map(of_one).collect();
    breaches.extend(names::told_twice(&sources));
    let edges = imports::edges(&sources);
    breaches.extend(directions::breaches(&edges));
    breaches.extend(circles::breaches(&edges));
    Ok(breaches)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
    }

    #[test]
    fn this_repository_keeps_its_house_rules() {
        let breaches = breaches(root()).unwrap();
        assert!(breaches.is_empty(), "{}", breaches.join("\n"));
    }

    #[test]
    fn the_rules_see_real_files_and_real_imports() {
        let sources = sources::read(root()).unwrap();
        assert!(text::senders(&sources).contains(&"roamify".to_owned()));
        for expected in [
            "xtask/src/tidy/mod.rs",
            "src-tauri/core/src/lib.rs",
            "ui/src/App.svelte",
            "src-tauri/core/Cargo.toml",
            "ARCHITECTURE.md",
        ] {
            assert!(
                sources.iter().any(|source| source.name == expected),
                "{expected}"
            );
        }
        let edges = imports::edges(&sources);
        let known =
            |from: &str, to: &str| edges.iter().any(|edge| edge.from == from && edge.to == to);
        let store = "src-tauri/core/src/store";
        assert!(known(
            &format!("{store}/deliver/writer.rs"),
            &format!("{store}/file/error.rs")
        ));
        assert!(known("ui/src/main.ts", "ui/src/App.svelte"));
    }
}
