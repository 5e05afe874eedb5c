//! What every package says of itself: version and time, and where things lie.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use xshell::{Shell, cmd};

use super::changes::{self, Change};
use crate::rust::{self, Build};

/// Where `cargo xtask windows` puts the programs.
const WINDOWS: &str = "target/windows/x86_64-pc-windows-gnu/release";

/// What is the same for all packages of one run.
#[derive(Clone)]
pub struct Facts {
    /// The checkout.
    pub root: PathBuf,
    /// cargo's target directory.
    pub target: PathBuf,
    /// Where the packages come to lie.
    pub out: PathBuf,
    /// Where files stand on their way into packages.
    pub work: PathBuf,
    /// The version, as `1.2.3`.
    pub version: String,
    /// When the last commit was made, in seconds since 1970: the time of every file.
    pub time: u64,
    /// What is new, the newest version first.
    pub changes: Vec<Change>,
    /// Where the programs for this system lie.
    pub programs: PathBuf,
}

impl Facts {
    /// Reads them from the checkout.
    pub fn gather(sh: &Shell, root: &Path) -> anyhow::Result<Self> {
        let programs = rust::folder_of_programs(root, Build::Release)?;
        let target = programs
            .parent()
            .context("cargo's target directory has no parent")?;
        let manifest = fs::read_to_string(root.join("Cargo.toml"))?;
        let version = version_in(&manifest).context("Cargo.toml names no version")?;
        let changes = changes::read(&root.join("src-tauri/packaging/CHANGES.md"), &version)?;
        Ok(Self {
            root: root.to_owned(),
            target: target.to_owned(),
            programs: programs.clone(),
            out: target.join("packages"),
            work: target.join("packing/first"),
            time: rust::source_time(sh)?,
            version,
            changes,
        })
    }

    /// The same, to be packed into another folder.
    pub fn again(&self) -> Self {
        Self {
            out: self.target.join("packing/again/packages"),
            work: self.target.join("packing/again"),
            ..self.clone()
        }
    }

    /// What is written by hand.
    pub fn sources(&self) -> PathBuf {
        self.root.join("src-tauri/packaging")
    }

    /// The same with programs that were built a second time.
    pub fn again_with(&self, programs: &Path) -> Self {
        Self {
            programs: programs.to_owned(),
            ..self.again()
        }
    }

    /// The programs for Windows.
    pub fn windows_programs(&self) -> PathBuf {
        self.root.join(WINDOWS)
    }

    /// The folder with the system that has wine.
    pub fn wine_root(&self, named: Option<&Path>) -> PathBuf {
        named.map_or_else(|| self.root.join("target/windows/wine"), Path::to_owned)
    }

    /// What tests leave and take.
    pub fn trials(&self) -> PathBuf {
        self.target.join("trials")
    }

    /// When the last commit was made, as `2026-01-31T12:00:00Z`.
    pub fn instant(&self, sh: &Shell) -> anyhow::Result<String> {
        let at = format!("@{}", self.time);
        Ok(cmd!(sh, "date --utc --date={at} +%Y-%m-%dT%H:%M:%SZ")
            .quiet()
            .read()?)
    }

    /// The day of the last commit, as `2026-01-31`.
    pub fn day(&self, sh: &Shell) -> anyhow::Result<String> {
        let at = format!("@{}", self.time);
        Ok(cmd!(sh, "date --utc --date={at} +%Y-%m-%d")
            .quiet()
            .read()?)
    }

    /// A file of the packaging, with `@VERSION@` and the like filled in.
    pub fn filled(&self, name: &str, more: &[(&str, &str)]) -> anyhow::Result<String> {
        let path = self.sources().join(name);
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let text = text.replace("@VERSION@", &self.version);
        let filled = more.iter().fold(text, |text, (mark, with)| {
            text.replace(&format!("@{mark}@"), with)
        });
        match left_open(&filled) {
            Some(mark) => anyhow::bail!("{name}: nothing was filled in for {mark}"),
            None => Ok(filled),
        }
    }
}

/// The version of the workspace, which all its packages have.
fn version_in(manifest: &str) -> Option<String> {
    let (_, workspace) = manifest.split_once("[workspace.package]")?;
    let line = workspace
        .lines()
        .find_map(|line| line.strip_prefix("version = \""))?;
    Some(line.split_once('"')?.0.to_owned())
}

/// A mark that is still there, such as `@YEAR@`.
fn left_open(text: &str) -> Option<&str> {
    text.split('@')
        .skip(1)
        .step_by(2)
        .find(|mark| mark.len() > 2 && mark.chars().all(|c| c.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_workspaces() {
        let manifest = "[package]\nversion = \"9.9.9\"\n[workspace.package]\nversion = \"1.2.3\"\nedition = \"2024\"\n";
        assert_eq!(version_in(manifest).as_deref(), Some("1.2.3"));
        assert_eq!(version_in("[package]\nversion = \"9.9.9\"\n"), None);
    }

    #[test]
    fn a_mark_that_nobody_filled_in_is_found() {
        assert_eq!(left_open("a @YEAR@ b"), Some("YEAR"));
        assert_eq!(left_open("packages@esim.watch, @lucide/svelte"), None);
    }
}
