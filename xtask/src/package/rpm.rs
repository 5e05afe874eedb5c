//! The package for Fedora and openSUSE, by rpmbuild. What it needs is found by rpm itself, by the names of the libraries.

use std::fs;

use anyhow::Context as _;
use xshell::{Shell, cmd};

use super::facts::Facts;
use super::{changes, files};

/// The package's file name.
pub fn name(facts: &Facts) -> String {
    format!("esim-watch-{}-1.x86_64.rpm", facts.version)
}

/// Packs it.
pub fn pack(sh: &Shell, facts: &Facts) -> anyhow::Result<()> {
    let folder = facts.work.join("rpm");
    files::fresh(&folder)?;
    let tree = folder.join("tree");
    let from = facts.work.join("linux");
    cmd!(sh, "cp --archive --link {from} {tree}")
        .quiet()
        .run()?;
    // Where RPM's systems have licences; the changes are in the package itself.
    let doc = tree.join("usr/share/doc");
    fs::remove_dir_all(&doc).context("the documents of Debian's package")?;
    let licences = tree.join("usr/share/licenses/esim-watch");
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        files::place(&facts.root.join(name), &licences.join(name))?;
    }
    let of_others = facts.work.join("dependencies-linux.txt");
    files::place(&of_others, &licences.join("dependencies.txt"))?;
    files::mark(&tree.join("usr"), "rpm")?;
    files::settle(sh, &tree, facts.time)?;

    let spec = folder.join("esim-watch.spec");
    let written = facts.filled("linux/esim-watch.spec", &[])?;
    let changes = changes::for_rpm(sh, &facts.changes)?;
    files::write(&spec, &format!("{written}{changes}"))?;
    let define = |name: &str, value: &str| format!("{name} {value}");
    let top = define("_topdir", &folder.join("build").to_string_lossy());
    let out = define("_rpmdir", &folder.join("out").to_string_lossy());
    let version = define("version", &facts.version);
    let tree = define("tree", &tree.to_string_lossy());
    let time = facts.time.to_string();
    cmd!(
        sh,
        "rpmbuild -bb --target x86_64-linux --define {top} --define {out} --define {version} --define {tree} {spec}"
    )
    .env("SOURCE_DATE_EPOCH", time)
    .quiet()
    .ignore_stdout()
    .run()?;
    let name = name(facts);
    files::place(
        &folder.join("out/x86_64").join(&name),
        &facts.out.join(&name),
    )
}
