//! Every package installed, started and removed again, each step asserted. What was seen is said; what is otherwise ends it.

mod deb;
mod desk;
mod linux;
mod portable;
mod setup;
mod wine_desk;

use std::path::Path;

use anyhow::{Context as _, bail};
use xshell::{Shell, cmd};

use super::Kind;
use super::facts::Facts;
use super::files;
use crate::steps::Steps;

/// Tries what was packed.
pub fn run(
    steps: &mut Steps,
    sh: &Shell,
    facts: &Facts,
    kinds: &[Kind],
    wine_root: &Path,
) -> anyhow::Result<()> {
    if cmd!(sh, "id -u").quiet().read()? != "0" {
        bail!(
            "trying packages needs root: other systems are entered for it, in folders of their own"
        );
    }
    std::fs::create_dir_all(facts.trials())?;
    for kind in kinds {
        match kind {
            Kind::Deb => {
                steps.run("look at the .deb", || deb::look(sh, facts))?;
                steps.run("install, start and remove the .deb", || {
                    deb::install(sh, facts)
                })?;
            }
            Kind::Rpm => steps.run("try the .rpm", || linux::rpm(sh, facts))?,
            Kind::Tarball => steps.run("try the .tar.gz", || linux::tarball(sh, facts))?,
            Kind::Setup => steps.run("install, upgrade and remove under wine", || {
                setup::run(sh, facts, wine_root)
            })?,
            Kind::Zip => steps.run("try the .zip under wine", || {
                portable::run(sh, facts, wine_root)
            })?,
        }
    }
    Ok(())
}

/// Says what was seen, or fails: it is not so.
fn see(what: &str, holds: bool) -> anyhow::Result<()> {
    if !holds {
        bail!("not so: {what}");
    }
    eprintln!("  seen: {what}");
    Ok(())
}

/// Fails unless the text has all of these; says which.
fn see_in(what: &str, text: &str, wanted: &[&str]) -> anyhow::Result<()> {
    for part in wanted {
        if !text.contains(part) {
            bail!("{what} has no \"{part}\":\n{text}");
        }
        eprintln!("  seen: {what} has \"{}\"", part.trim());
    }
    Ok(())
}

/// An empty folder for a trial.
fn room(facts: &Facts, name: &str) -> anyhow::Result<std::path::PathBuf> {
    let room = facts.trials().join(name);
    files::fresh(&room).with_context(|| format!("no room for {name}"))?;
    Ok(room)
}
