//! Who takes something from whom: an edge for each pair of our files of which one names the other.
//!
//! Reads paths as text. What a module only passes on (`pub use`) is an edge from whoever names it to where it is
//! defined, not one of the module that passes it on.

use std::collections::{BTreeMap, BTreeSet};

use super::Source;

/// Crates that others name, and where their sources begin.
const CRATES: [(&str, &str); 3] = [
    ("esim_watch_core", "src-tauri/core/src"),
    ("esim_watch_desk", "src-tauri/desk/src"),
    ("esim_watch_freedesktop", "src-tauri/freedesktop/src"),
];

/// How often a name may be passed on.
const MAX_HOPS: usize = 8;

/// One file of ours that takes something from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// Who takes.
    pub from: String,
    /// From whom.
    pub to: String,
}

/// Every edge, without tests.
pub fn edges(sources: &[Source]) -> Vec<Edge> {
    let modules = Modules::of(sources);
    let files: BTreeSet<&str> = sources.iter().map(|source| source.name.as_str()).collect();
    let mut edges = BTreeSet::new();
    for source in sources.iter().filter(|source| !source.is_test()) {
        let targets = if source.is_rust() {
            modules.named_by(source)
        } else {
            imported_by(source, &files)
        };
        for to in targets {
            let from = source.name.clone();
            if from != to {
                edges.insert(Edge { from, to });
            }
        }
    }
    edges.into_iter().collect()
}

/// The modules of all crates: the folder of each crate with the path of the module, and its file.
#[derive(Default)]
struct Modules<'a> {
    files: BTreeMap<Vec<String>, &'a str>,
    places: BTreeMap<&'a str, Vec<String>>,
    /// What a module passes on: its place and the name, and the path that it stands for.
    passed_on: BTreeMap<(Vec<String>, String), Vec<String>>,
}

impl<'a> Modules<'a> {
    fn of(sources: &'a [Source]) -> Modules<'a> {
        let mut modules = Modules::default();
        for source in sources.iter().filter(|source| source.is_rust()) {
            let Some((root, path)) = source.name.split_once("/src/") else {
                continue;
            };
            let mut place = vec![format!("{root}/src")];
            let path = path.trim_end_matches(".rs").trim_end_matches("/mod");
            if !["lib", "main", "mod"].contains(&path) {
                place.extend(path.split('/').map(str::to_owned));
            }
            modules.files.insert(place.clone(), &source.name);
            modules.places.insert(&source.name, place);
        }
        for source in sources
            .iter()
            .filter(|source| source.is_rust() && !source.is_test())
        {
            let Some(place) = modules.places.get(source.name.as_str()).cloned() else {
                continue;
            };
            for (path, passes_on) in paths(&source.code()) {
                if let (true, Some(name)) = (passes_on, path.last()) {
                    modules
                        .passed_on
                        .insert((place.clone(), name.clone()), path);
                }
            }
        }
        modules
    }

    fn named_by(&self, source: &Source) -> Vec<String> {
        let Some(place) = self.places.get(source.name.as_str()) else {
            return Vec::new();
        };
        paths(&source.code())
            .into_iter()
            .filter(|(_, passes_on)| !passes_on)
            .filter_map(|(path, _)| self.defined_in(place, &path, MAX_HOPS))
            .collect()
    }

    /// The file that defines what a path names, seen from the module at this place.
    fn defined_in(&self, place: &[String], path: &[String], hops: usize) -> Option<String> {
        let (first, mut rest) = path.split_first()?;
        let mut here = match first.as_str() {
            "crate" => place.first().map(|root| vec![root.clone()])?,
            "self" => place.to_vec(),
            "super" => place.split_last()?.1.to_vec(),
            name => match CRATES.iter().find(|(krate, _)| *krate == name) {
                Some((_, root)) => vec![(*root).to_owned()],
                None => {
                    let mut child = place.to_vec();
                    child.push(name.to_owned());
                    self.files.contains_key(&child).then_some(child)?
                }
            },
        };
        while let Some((segment, more)) = rest.split_first() {
            let mut child = here.clone();
            match segment.as_str() {
                "super" => drop(child.pop()),
                name => child.push(name.to_owned()),
            }
            if !self.files.contains_key(&child) {
                break;
            }
            (here, rest) = (child, more);
        }
        let passed = rest
            .first()
            .filter(|_| hops > 0)
            .and_then(|name| self.passed_on.get(&(here.clone(), name.clone())));
        match passed {
            Some(path) => self.defined_in(&here, path, hops - 1),
            None => self.files.get(&here).map(|file| (*file).to_owned()),
        }
    }
}

/// Every path that the code names, and whether it is only passed on.
fn paths(code: &str) -> Vec<(Vec<String>, bool)> {
    // Who may see something is no import.
    let code = code.replace("pub(in crate::", "pub(in ");
    let mut found = Vec::new();
    let mut rest = String::new();
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        let passes_on = line.starts_with("pub use ") || line.starts_with("pub(");
        let Some((before, tree)) = line.split_once("use ") else {
            rest += line;
            rest.push('\n');
            continue;
        };
        if !(before.is_empty() || before.starts_with("pub")) {
            rest += line;
            rest.push('\n');
            continue;
        }
        let mut tree = tree.to_owned();
        while !tree.contains(';') {
            let Some(more) = lines.next() else { break };
            tree += more;
        }
        let tree: String = tree
            .split(';')
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        expand(&[], &tree, passes_on, &mut found);
    }
    for start in [
        "crate::",
        "super::",
        "esim_watch_core::",
        "esim_watch_desk::",
        "esim_watch_freedesktop::",
    ] {
        for (at, _) in rest.match_indices(start) {
            let path: String = rest
                .get(at..)
                .unwrap_or_default()
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_' || *c == ':')
                .collect();
            found.push((segments(&path), false));
        }
    }
    found
}

fn segments(path: &str) -> Vec<String> {
    path.split("::")
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Writes a tree of `use` out, path by path.
fn expand(before: &[String], tree: &str, passes_on: bool, found: &mut Vec<(Vec<String>, bool)>) {
    let (path, branches) = match tree.split_once('{') {
        Some((path, branches)) => (path, branches.strip_suffix('}').unwrap_or(branches)),
        None => (tree, ""),
    };
    let mut path: Vec<String> = before.iter().cloned().chain(segments(path)).collect();
    if let Some(last) = path.last_mut() {
        // `self` in braces is the module; `xasy` was `x as y` before the spaces went.
        *last = last.trim_end_matches("as_").to_owned();
    }
    if branches.is_empty() {
        path.retain(|part| part != "self" || before.is_empty());
        found.push((path, passes_on));
        return;
    }
    let (mut depth, mut part) = (0_usize, String::new());
    for c in branches.chars().chain([',']) {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                if !part.is_empty() {
                    expand(&path, &part, passes_on, found);
                }
                part.clear();
                continue;
            }
            _ => {}
        }
        part.push(c);
    }
}

/// The files of the window that one of them imports.
fn imported_by(source: &Source, files: &BTreeSet<&str>) -> Vec<String> {
    let code = source.code();
    let Some((folder, _)) = source.name.rsplit_once('/') else {
        return Vec::new();
    };
    code.split(['"', '\''])
        .filter(|text| text.starts_with("./") || text.starts_with("../"))
        .filter_map(|text| {
            let mut path: Vec<&str> = folder.split('/').collect();
            for part in text.split('/') {
                match part {
                    "." => {}
                    ".." => drop(path.pop()),
                    part => path.push(part),
                }
            }
            let path = path.join("/");
            ["", ".ts", ".svelte.ts", ".svelte", "/index.ts"]
                .iter()
                .map(|ending| format!("{path}{ending}"))
                .find(|name| files.contains(name.as_str()))
        })
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
    fn a_name_leads_to_where_it_is_defined_and_not_to_who_passes_it_on() {
        let sources = [
            source("src-tauri/core/src/lib.rs", "pub mod a;\npub mod b;\n"),
            source(
                "src-tauri/core/src/a/mod.rs",
                "mod c;\npub use c::{\n    D,\n    E,\n};\n",
            ),
            source(
                "src-tauri/core/src/a/c.rs",
                "pub struct D;\nuse super::super::b::F;\n",
            ),
            source(
                "src-tauri/core/src/b.rs",
                "use crate::a::{self, D};\npub struct F;\n",
            ),
            source(
                "src-tauri/desk/src/lib.rs",
                "fn x() { esim_watch_core::a::D::new() }\n",
            ),
        ];
        let found: Vec<(String, String)> = edges(&sources)
            .into_iter()
            .map(|edge| (edge.from, edge.to))
            .collect();
        let core = |name: &str| format!("src-tauri/core/src/{name}");
        let expected = [
            (core("a/c.rs"), core("b.rs")),
            (core("b.rs"), core("a/c.rs")),
            (core("b.rs"), core("a/mod.rs")),
            ("src-tauri/desk/src/lib.rs".to_owned(), core("a/c.rs")),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn the_window_imports_by_relative_paths() {
        let sources = [
            source("ui/src/a.ts", "import type { B } from \"./data/b\";\n"),
            source(
                "ui/src/data/b.ts",
                "import X from \"../X.svelte\";\n// import \"./c\"\n",
            ),
            source("ui/src/X.svelte", ""),
        ];
        assert_eq!(edges(&sources).len(), 2);
    }
}
