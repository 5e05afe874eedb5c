//! One name, one thing: no public type is called like another of its crate.

use std::collections::BTreeMap;

use super::Source;

/// The crates, by where their sources begin.
const CRATES: [&str; 9] = [
    "src-tauri/core/src/",
    "src-tauri/desk/src/",
    "src-tauri/freedesktop/src/",
    "src-tauri/esim-watchd/src/",
    "src-tauri/tools/src/",
    "src-tauri/src/",
    "tests/support/src/",
    "benches/load/src/",
    "xtask/src/",
];

/// Every public type whose name another one of the same crate has.
pub fn told_twice(sources: &[Source]) -> Vec<String> {
    let mut found: BTreeMap<(&str, String), Vec<&str>> = BTreeMap::new();
    for source in sources
        .iter()
        .filter(|source| source.is_rust() && !source.is_test())
    {
        let Some(krate) = CRATES.iter().find(|krate| source.name.starts_with(**krate)) else {
            continue;
        };
        for name in public_types(&source.code()) {
            found.entry((krate, name)).or_default().push(&source.name);
        }
    }
    found
        .into_iter()
        .filter(|(_, files)| files.len() > 1)
        .map(|((_, name), files)| {
            format!("{name} is the name of several types: {}", files.join(", "))
        })
        .collect()
}

fn public_types(code: &str) -> Vec<String> {
    code.lines()
        .filter_map(|line| {
            let rest = line.strip_prefix("pub ").or_else(|| {
                // Within the crate, but beyond the module.
                line.strip_prefix("pub(")?
                    .split_once(") ")
                    .map(|(_, rest)| rest)
            })?;
            let (kind, rest) = rest.split_once(' ')?;
            ["struct", "enum", "trait", "type"]
                .contains(&kind)
                .then_some(rest)
        })
        .filter_map(|rest| {
            rest.split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
        })
        .map(str::to_owned)
        .collect()
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

    #[test]
    fn a_name_is_told_twice_only_within_its_crate() {
        let one = "pub struct Notice { a: u8 }\nstruct Mine;\n";
        let two = "pub(crate) enum Notice<T> { A(T) }\nstruct Mine;\n";
        let same = [
            source("src-tauri/core/src/a.rs", one),
            source("src-tauri/core/src/b.rs", two),
        ];
        assert_eq!(told_twice(&same).len(), 1);
        let other = [
            source("src-tauri/core/src/a.rs", one),
            source("src-tauri/src/b.rs", two),
        ];
        assert!(told_twice(&other).is_empty());
    }
}
