//! The licences of everything that the programs are made of: crates, npm packages, and what they bring along.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use xshell::Shell;

use crate::rust::cargo;

/// The programs whose dependencies count; they have no `test` and no `build` ones in them.
const PROGRAMS: [&str; 2] = ["esim-watch", "esim-watchd"];

/// What a text of a licence is called, in any case.
const NAMES: [&str; 6] = [
    "license",
    "licence",
    "copying",
    "notice",
    "unlicense",
    "copyright",
];

/// For which system the programs are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    Linux,
    MacOs,
    Windows,
}

impl System {
    /// The one that this runs on.
    pub fn here() -> System {
        match std::env::consts::OS {
            "windows" => System::Windows,
            "macos" => System::MacOs,
            _ => System::Linux,
        }
    }

    /// As cargo calls it, for which programs are built here.
    fn target(self) -> String {
        let arch = std::env::consts::ARCH;
        match self {
            System::Linux => format!("{arch}-unknown-linux-gnu"),
            System::MacOs => format!("{arch}-apple-darwin"),
            System::Windows if cfg!(windows) => format!("{arch}-pc-windows-msvc"),
            System::Windows => "x86_64-pc-windows-gnu".to_owned(),
        }
    }

    /// As cargo tells build scripts (`CARGO_CFG_TARGET_OS`).
    fn name(self) -> &'static str {
        match self {
            System::Linux => "linux",
            System::MacOs => "macos",
            System::Windows => "windows",
        }
    }
}

/// From where a part comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    Crate,
    Npm,
    /// None of the registries.
    Elsewhere,
}

/// Something that somebody else has made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    pub name: String,
    pub version: String,
    /// As its manifest has it.
    pub licence: String,
    /// Where its source is: some licences want that to be told.
    pub source: String,
    /// Its licence texts.
    pub texts: Vec<String>,
    pub origin: Origin,
}

/// Writes down the licences of everything in the window's program, where its build finds them: it shows them.
pub fn write_down(sh: &Shell, root: &Path, system: System) -> anyhow::Result<()> {
    let parts = gather(sh, root, system)?;
    let page = with_own(root, &texts(&parts))?;
    let file = root
        .join("src-tauri/licences")
        .join(format!("{}.txt", system.name()));
    // What is the same is left alone: cargo would build the program again.
    if fs::read_to_string(&file).is_ok_and(|before| before == page) {
        return Ok(());
    }
    fs::write(&file, page).with_context(|| format!("can't write {}", file.display()))
}

/// All parts, in the order of their names.
pub fn gather(sh: &Shell, root: &Path, system: System) -> anyhow::Result<Vec<Part>> {
    let mut parts = crates(sh, &system.target())?;
    parts.extend(npm_packages(&root.join("ui"))?);
    parts.push(rust(root)?);
    if system == System::Windows {
        let text = "src-tauri/packaging/windows/WebView2Loader-licence.txt";
        let text = fs::read_to_string(root.join(text)).context(text)?;
        parts.push(Part {
            origin: Origin::Elsewhere,
            name: "WebView2Loader.dll".to_owned(),
            version: "of Microsoft's WebView2 SDK".to_owned(),
            licence: "BSD-3-Clause".to_owned(),
            source: "https://www.nuget.org/packages/Microsoft.Web.WebView2".to_owned(),
            texts: vec![text],
        });
    }
    parts.sort();
    Ok(parts)
}

/// The standard library is in every program.
fn rust(root: &Path) -> anyhow::Result<Part> {
    Ok(Part {
        origin: Origin::Elsewhere,
        name: "Rust's standard library".to_owned(),
        version: "as of the compiler".to_owned(),
        licence: "MIT OR Apache-2.0".to_owned(),
        source: "https://github.com/rust-lang/rust".to_owned(),
        texts: vec![fs::read_to_string(root.join("LICENSE-APACHE"))?],
    })
}

fn crates(sh: &Shell, target: &str) -> anyhow::Result<Vec<Part>> {
    let packages = PROGRAMS.iter().flat_map(|name| ["--package", name]);
    let listed = cargo(sh)
        .arg("tree")
        .args(packages)
        .args(["--target", target, "--edges", "normal,no-proc-macro"])
        .args(["--prefix", "none", "--format", "{p}|{l}"])
        .quiet()
        .read()?;
    let told = cargo(sh)
        .args(["metadata", "--format-version", "1"])
        .args(["--filter-platform", target])
        .quiet()
        .ignore_stderr()
        .read()?;
    let folders = folders(&told);
    let mut found = BTreeSet::new();
    for line in listed.lines() {
        let Some((name, version, licence)) = one_of_tree(line) else {
            continue;
        };
        let folder = folders
            .get(&format!("{name}-{version}"))
            .with_context(|| format!("{name} {version} lies nowhere"))?;
        found.insert(Part {
            texts: texts_in(folder)?,
            origin: Origin::Crate,
            source: format!("https://crates.io/crates/{name}/{version}"),
            name,
            version,
            licence,
        });
    }
    if found.len() < 50 {
        bail!("cargo tree lists hardly anything: {listed}");
    }
    Ok(found.into_iter().collect())
}

/// `name v1.2.3|MIT`; our own have a path behind the version, what was listed before a star.
fn one_of_tree(line: &str) -> Option<(String, String, String)> {
    let (package, licence) = line.trim_end_matches(" (*)").split_once('|')?;
    let (name, version) = package.split_once(" v")?;
    let ours = version.contains(" (/");
    (!ours).then(|| (name.to_owned(), version.to_owned(), licence.to_owned()))
}

/// Where the sources of crates lie, by name and version, out of what `cargo metadata` says.
fn folders(metadata: &str) -> BTreeMap<String, PathBuf> {
    metadata
        .split("\"manifest_path\":\"")
        .skip(1)
        .filter_map(|rest| {
            let folder = Path::new(rest.split_once('"')?.0).parent()?;
            let name = folder.file_name()?.to_str()?.to_owned();
            Some((name, folder.to_owned()))
        })
        .collect()
}

fn npm_packages(ui: &Path) -> anyhow::Result<Vec<Part>> {
    let lock = fs::read_to_string(ui.join("package-lock.json"))?;
    let mut parts = Vec::new();
    for (place, version, licence) in locked(&lock) {
        let name = place.rsplit("node_modules/").next().unwrap_or(&place);
        parts.push(Part {
            origin: Origin::Npm,
            name: name.to_owned(),
            source: format!("https://www.npmjs.com/package/{name}/v/{version}"),
            texts: texts_in(&ui.join(&place))?,
            version,
            licence,
        });
    }
    if parts.len() < 10 {
        bail!("package-lock.json lists hardly anything");
    }
    Ok(parts)
}

/// Place, version and licence of what a lock file of npm has that is not for developing alone.
fn locked(lock: &str) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for entry in lock.split("\n    \"node_modules/").skip(1) {
        let Some((place, rest)) = entry.split_once("\": {\n") else {
            continue;
        };
        let of_this = rest.split_once("\n    }").map_or(rest, |(own, _)| own);
        let value = |key: &str| {
            let line = of_this
                .lines()
                .find_map(|line| line.strip_prefix(&format!("      \"{key}\": ")))?;
            Some(line.trim_end_matches(',').trim_matches('"').to_owned())
        };
        if value("dev").is_some() || value("optional").is_some() {
            continue;
        }
        let version = value("version").unwrap_or_default();
        let licence = value("license").unwrap_or_else(|| "see its text".to_owned());
        found.push((format!("node_modules/{place}"), version, licence));
    }
    found
}

/// The licence texts in a folder, in the order of their names.
fn texts_in(folder: &Path) -> anyhow::Result<Vec<String>> {
    let entries = fs::read_dir(folder)
        .with_context(|| format!("{} is missing: install it first", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_lowercase();
        let is_text = NAMES.iter().any(|wanted| name.starts_with(wanted));
        if is_text && !name.ends_with(".rs") && entry.file_type()?.is_file() {
            files.push(entry.path());
        }
    }
    files.sort();
    let read = |file: &PathBuf| {
        let bytes = fs::read(file).with_context(|| file.display().to_string())?;
        let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
        Ok(text.trim_matches(['\n', ' ', '\u{feff}']).to_owned())
    };
    files.iter().map(read).collect()
}

/// A list for people, each part on a line: as a field of Debian's copyright file continues.
pub fn listed(parts: &[Part]) -> String {
    let line = |part: &Part| format!(" {} {} ({})", part.name, part.version, part.licence);
    parts.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// All parts with their sources, then each text once, under the names of those that it is of.
pub fn texts(parts: &[Part]) -> String {
    let mut page = String::from(
        "eSIM Watch is made with the work of others. Each is listed with its licence and where its source is; the texts follow.\n\n",
    );
    let mut owners: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for part in parts {
        let alone = if part.texts.is_empty() {
            "; its licence is named in its manifest alone"
        } else {
            ""
        };
        page.push_str(&format!(
            "{} {} ({}), {}{alone}\n",
            part.name, part.version, part.licence, part.source
        ));
        for text in &part.texts {
            let of = owners.entry(text).or_default();
            of.push(format!("{} {}", part.name, part.version));
        }
    }
    let mut in_order: Vec<(&str, Vec<String>)> = owners.into_iter().collect();
    in_order.sort_by(|(_, a), (_, b)| a.cmp(b));
    for (text, of) in in_order {
        let line = "=".repeat(80);
        page.push_str(&format!("\n{line}\n{}\n{line}\n\n{text}\n", of.join(", ")));
    }
    page
}

/// The project's own licences before those of others.
pub fn with_own(root: &Path, others: &str) -> anyhow::Result<String> {
    let mit = fs::read_to_string(root.join("LICENSE-MIT"))?;
    let apache = fs::read_to_string(root.join("LICENSE-APACHE"))?;
    let line = "=".repeat(80);
    Ok(format!(
        "eSIM Watch may be used under the MIT licence or the Apache License 2.0, at your choice.\n\n{line}\n\n{mit}\n{line}\n\n{apache}\n{line}\n\n{others}"
    ))
}

/// As the text of a field in Debian's copyright file: each line indented, a dot for an empty one.
pub fn indented(text: &str) -> String {
    let line = |line: &str| match line.trim_end() {
        "" => " .".to_owned(),
        line => format!(" {line}"),
    };
    let lines: Vec<String> = text.trim().lines().map(line).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_of_others_are_read_from_the_tree() {
        let one = one_of_tree("serde v1.0.1|MIT OR Apache-2.0 (*)");
        let serde = ("serde", "1.0.1", "MIT OR Apache-2.0");
        assert_eq!(one, Some((serde.0.into(), serde.1.into(), serde.2.into())));
        assert_eq!(one_of_tree("esim-watch v0.1.0 (/work)|MIT"), None);
        assert_eq!(one_of_tree(""), None);
    }

    #[test]
    fn packages_for_developing_alone_are_left_out() {
        let lock = "{\n  \"packages\": {\n    \"\": {\n      \"version\": \"0.1.0\"\n    },\n    \"node_modules/a/b\": {\n      \"version\": \"1.2.3\",\n      \"license\": \"MIT\"\n    },\n    \"node_modules/c\": {\n      \"version\": \"1.0.0\",\n      \"dev\": true,\n      \"license\": \"MIT\"\n    }\n  }\n}\n";
        let found = locked(lock);
        assert_eq!(
            found,
            [("node_modules/a/b".into(), "1.2.3".into(), "MIT".into())]
        );
    }

    #[test]
    fn a_text_that_several_have_stands_once() {
        let part = |name: &str, text: &str| Part {
            origin: Origin::Crate,
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            licence: "MIT".to_owned(),
            source: "https://crates.io".to_owned(),
            texts: vec![text.to_owned()],
        };
        let page = texts(&[
            part("a", "One text"),
            part("b", "One text"),
            part("c", "Two"),
        ]);
        assert_eq!(page.matches("One text").count(), 1);
        assert!(page.contains("a 1.0.0, b 1.0.0\n"));
        assert_eq!(indented("A\n\nB\n"), " A\n .\n B");
    }
}
