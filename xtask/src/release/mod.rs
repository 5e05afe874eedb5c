//! `cargo xtask release`: everything that is published, by one command; and whether a second build gives the same.
//!
//! Builds the programs for both systems, packs and signs as `cargo xtask package` does, and puts a bill of materials and the licences
//! of all parts beside the packages. Then it builds the programs for Linux once more, in another target folder, packs them, and says
//! which files differ and where. What is left out because somebody asked for that is named at the end.

mod rebuild;
mod sbom;

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use clap::Args;
use xshell::Shell;

use crate::licences::{self, System};
use crate::package::{self, Facts, PackageOptions};
use crate::rust;
use crate::steps::Steps;
use crate::windows;

/// What a release consists of; without options of everything.
#[derive(Args)]
pub struct ReleaseOptions {
    /// Takes the programs for Windows as they were built before
    #[arg(long)]
    windows_built: bool,
    /// Does not try the packages
    #[arg(long)]
    no_test: bool,
    /// Does not build the programs for Linux a second time
    #[arg(long)]
    no_rebuild: bool,
}

impl ReleaseOptions {
    /// What is left out, in words.
    fn left_out(&self) -> Vec<&'static str> {
        [
            (
                self.windows_built,
                "the programs for Windows were not built: they are as they were",
            ),
            (self.no_test, "the packages were not tried"),
            (
                self.no_rebuild,
                "nothing was built a second time: whether it would be the same is not known",
            ),
        ]
        .iter()
        .filter_map(|(left_out, words)| left_out.then_some(*words))
        .collect()
    }
}

/// Makes the release.
pub fn run(
    steps: &mut Steps,
    sh: &Shell,
    root: &Path,
    options: &ReleaseOptions,
) -> anyhow::Result<()> {
    if !options.windows_built {
        steps.run("build the programs for Windows", || {
            licences::write_down(sh, root, System::Windows)?;
            windows::build(sh, root).map(drop)
        })?;
    }
    steps.run("build the programs", || {
        let target = rust::target_folder(root)?;
        rust::build_the_same(sh, root, &target)
    })?;
    let packing = PackageOptions::of_a_release(!options.no_test);
    package::run(steps, sh, root, &packing)?;
    let facts = Facts::gather(sh, root)?;
    steps.run("bills of materials", || bills(sh, &facts))?;
    if !options.no_rebuild {
        rebuild::run(steps, sh, &facts)?;
    }
    for words in options.left_out() {
        eprintln!("left out: {words}");
    }
    eprintln!("The release is in {}", facts.out.display());
    Ok(())
}

/// What is in the programs, for people and for programs, beside the packages; and the checksums anew.
fn bills(sh: &Shell, facts: &Facts) -> anyhow::Result<()> {
    let locked = sbom::Locked::read(&facts.root)?;
    let time = facts.instant(sh)?;
    for (system, name) in [(System::Linux, "linux"), (System::Windows, "windows")] {
        let parts = licences::gather(sh, &facts.root, system)?;
        let document = sbom::document(&facts.version, &time, &parts, &locked)?;
        let beside = |kind: &str| {
            facts
                .out
                .join(format!("esim-watch-{}-{name}.{kind}", facts.version))
        };
        let text = serde_json::to_string_pretty(&document)?;
        fs::write(beside("cdx.json"), text + "\n").context("a bill of materials")?;
        let page = licences::with_own(&facts.root, &licences::texts(&parts))?;
        fs::write(beside("licences.txt"), page).context("the licences")?;
        eprintln!("{name}: {} parts", parts.len());
    }
    package::sum(sh, facts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_named() {
        let options = |left_out| ReleaseOptions {
            windows_built: left_out,
            no_test: left_out,
            no_rebuild: left_out,
        };
        assert!(options(false).left_out().is_empty());
        assert_eq!(options(true).left_out().len(), 3);
    }
}
