//! `cargo xtask package`: what is downloaded. Packages for Linux and Windows out of the programs that were built for release.
//!
//! What is packed stands in `src-tauri/packaging`, and says `@VERSION@` where a version belongs. The same input gives the same bytes:
//! files have the time of the last commit, belong to root and come in order. Everything is made on Linux, Windows' setup included, by
//! programs that Debian has. [`trial`] installs, starts and removes what was made. Knows nothing of what the programs do.

mod changes;
mod deb;
mod facts;
mod files;
mod maintainer;
mod manual;
mod publish;
mod rpm;
mod setup;
mod stage;
mod tarball;
mod trial;
mod zip;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use xshell::{Shell, cmd};

pub use self::facts::Facts;
pub use self::publish::make_key;
use crate::rust::{self, Build};
use crate::steps::Steps;
use crate::windows;

/// What is packed, and whether it is tried.
#[derive(Args)]
pub struct PackageOptions {
    /// Only these [default: all]
    #[arg(long, value_delimiter = ',', value_name = "KIND")]
    only: Vec<Kind>,
    /// Packs a second time and compares, then installs, starts and removes each package. Needs root
    #[arg(long)]
    test: bool,
    /// Takes the programs as they were built before
    #[arg(long)]
    no_build: bool,
    /// Only tries what was packed before
    #[arg(long)]
    packed: bool,
    /// With `--test`: the folder with the system that has wine [default: the one that `cargo xtask windows` makes]
    #[arg(long, value_name = "DIR")]
    wine_root: Option<PathBuf>,
}

/// One kind of package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Debian, Ubuntu
    Deb,
    /// Fedora, openSUSE
    Rpm,
    /// Any other Linux
    Tarball,
    /// Windows: a program that installs
    Setup,
    /// Windows: runs from its own folder
    Zip,
}

impl Kind {
    /// The package's file name.
    fn package(self, sh: &Shell, facts: &Facts) -> anyhow::Result<String> {
        Ok(match self {
            Kind::Deb => deb::name(sh, facts)?,
            Kind::Rpm => rpm::name(facts),
            Kind::Tarball => tarball::name(facts),
            Kind::Setup => setup::name(facts),
            Kind::Zip => zip::name(facts),
        })
    }
}

impl PackageOptions {
    /// All packages, out of programs that were built for it.
    pub fn of_a_release(test: bool) -> PackageOptions {
        PackageOptions {
            only: Vec::new(),
            test,
            no_build: true,
            packed: false,
            wine_root: None,
        }
    }

    fn kinds(&self) -> Vec<Kind> {
        let wanted = |kind: &Kind| self.only.is_empty() || self.only.contains(kind);
        let all = Kind::value_variants().iter();
        all.filter(|kind| wanted(kind)).copied().collect()
    }
}

/// Builds what is for this system, packs, and tries it if asked to. What is for Windows has been built before.
pub fn run(
    steps: &mut Steps,
    sh: &Shell,
    root: &Path,
    options: &PackageOptions,
) -> anyhow::Result<()> {
    if options.packed {
        let facts = Facts::gather(sh, root)?;
        return try_all(steps, sh, &facts, options);
    }
    if !options.no_build {
        steps.run("build the programs", || {
            rust::build(sh, rust::ALL, Build::Release)
        })?;
    }
    let facts = Facts::gather(sh, root)?;
    let kinds = options.kinds();
    files::fresh(&facts.out)?;
    files::fresh(&facts.work)?;
    pack_all(steps, sh, &facts, &kinds)?;
    if options.test {
        let again = facts.again();
        files::fresh(&again.work)?;
        files::fresh(&again.out)?;
        pack_all(steps, sh, &again, &kinds)?;
        steps.run("the same bytes twice", || compare(&facts, &again))?;
        try_all(steps, sh, &facts, options)?;
    }
    // Last: no two signatures are the same, and what failed a trial is not signed.
    steps.run("sign", || publish::sign(sh, &facts, &kinds))
}

/// Tries what was packed, in the system that has wine where it is for Windows.
fn try_all(
    steps: &mut Steps,
    sh: &Shell,
    facts: &Facts,
    options: &PackageOptions,
) -> anyhow::Result<()> {
    let kinds = options.kinds();
    let for_windows = kinds.contains(&Kind::Setup) || kinds.contains(&Kind::Zip);
    if for_windows && options.wine_root.is_none() {
        steps.run("wine", || windows::prepare_root(sh, &facts.root))?;
    }
    let wine_root = facts.wine_root(options.wine_root.as_deref());
    trial::run(steps, sh, facts, &kinds, &wine_root)
}

/// Packs what is for Linux alone.
pub fn pack_for_linux(steps: &mut Steps, sh: &Shell, facts: &Facts) -> anyhow::Result<()> {
    files::fresh(&facts.work)?;
    files::fresh(&facts.out)?;
    pack_all(steps, sh, facts, &[Kind::Deb, Kind::Rpm, Kind::Tarball])
}

fn pack_all(steps: &mut Steps, sh: &Shell, facts: &Facts, kinds: &[Kind]) -> anyhow::Result<()> {
    let linux = [Kind::Deb, Kind::Rpm, Kind::Tarball];
    if kinds.iter().any(|kind| linux.contains(kind)) {
        steps.run("files of the Linux packages", || stage::linux(sh, facts))?;
    }
    if kinds.contains(&Kind::Setup) || kinds.contains(&Kind::Zip) {
        steps.run("files of the Windows packages", || {
            stage::windows(sh, facts)
        })?;
    }
    for kind in kinds {
        match kind {
            Kind::Deb => steps.run("pack the .deb", || deb::pack(sh, facts))?,
            Kind::Rpm => steps.run("pack the .rpm", || rpm::pack(sh, facts))?,
            Kind::Tarball => steps.run("pack the .tar.gz", || tarball::pack(sh, facts))?,
            Kind::Setup => steps.run("pack the setup", || setup::pack(sh, facts))?,
            Kind::Zip => steps.run("pack the .zip", || zip::pack(sh, facts))?,
        }
    }
    steps.run("checksums", || sum(sh, facts))
}

/// `SHA256SUMS`, as `sha256sum --check` reads it, over all packages in the order of their names; and what they are on stderr.
pub fn sum(sh: &Shell, facts: &Facts) -> anyhow::Result<()> {
    let names = packages(&facts.out)?;
    let _there = sh.push_dir(&facts.out);
    let sums = cmd!(sh, "sha256sum --").args(&names).quiet().read()?;
    fs::write(facts.out.join("SHA256SUMS"), format!("{sums}\n"))?;
    for (name, line) in names.iter().zip(sums.lines()) {
        let size = fs::metadata(facts.out.join(name))?.len();
        let sum: String = line.chars().take(12).collect();
        eprintln!("{:>7.1} MB  {sum}…  {name}", size as f64 / 1e6);
    }
    Ok(())
}

/// The names of the packages in a folder, in order.
pub fn packages(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_file() && name != "SHA256SUMS" && !publish::is_beside(&name) {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Fails if a package differs from the one that was packed a second time.
fn compare(first: &Facts, second: &Facts) -> anyhow::Result<()> {
    let names = packages(&first.out)?;
    if names.is_empty() || names != packages(&second.out)? {
        bail!("packing twice gave other packages");
    }
    for name in &names {
        let read = |facts: &Facts| fs::read(facts.out.join(name));
        let (one, two) = (read(first)?, read(second)?);
        if one != two {
            let at = one.iter().zip(&two).position(|(a, b)| a != b);
            let at = at.unwrap_or(one.len().min(two.len()));
            bail!("{name} differs from byte {at} on when it is packed again");
        }
        eprintln!("the same {} bytes: {name}", one.len());
    }
    fs::remove_dir_all(&second.work).context("the second packages can't be removed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_kinds_are_packed_unless_some_are_named() {
        let options = |only: &[Kind]| PackageOptions {
            only: only.to_vec(),
            test: false,
            no_build: false,
            packed: false,
            wine_root: None,
        };
        assert_eq!(options(&[]).kinds().len(), 5);
        assert_eq!(options(&[Kind::Zip]).kinds(), [Kind::Zip]);
    }
}
