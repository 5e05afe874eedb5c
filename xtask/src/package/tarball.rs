//! An archive for any Linux: runs from its own folder, and installs itself for one user.

use std::fs;

use anyhow::Context as _;
use xshell::{Shell, cmd};

use super::facts::Facts;
use super::files;

/// The folder in the archive.
pub fn folder(facts: &Facts) -> String {
    format!("esim-watch-{}", facts.version)
}

/// The archive's file name.
pub fn name(facts: &Facts) -> String {
    format!("esim-watch-{}-linux-x86_64.tar.gz", facts.version)
}

/// Packs it.
pub fn pack(sh: &Shell, facts: &Facts) -> anyhow::Result<()> {
    let work = facts.work.join("tarball");
    files::fresh(&work)?;
    let name_of_folder = folder(facts);
    let folder = work.join(&name_of_folder);
    let from = facts.work.join("linux/usr");
    cmd!(sh, "cp --archive --link {from} {folder}")
        .quiet()
        .run()?;
    fs::remove_dir_all(folder.join("share/doc")).context("the documents of Debian's package")?;
    // Where a user's own units are looked for, and all users' below /usr/local.
    let unit = "systemd/user/esim-watchd.service";
    fs::create_dir_all(folder.join("share/systemd/user"))?;
    fs::rename(
        folder.join("lib").join(unit),
        folder.join("share").join(unit),
    )?;
    fs::remove_dir_all(folder.join("lib"))?;
    let licences = folder.join("share/licenses/esim-watch");
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        files::place(&facts.root.join(name), &licences.join(name))?;
    }
    let of_others = facts.work.join("dependencies-linux.txt");
    files::place(&of_others, &licences.join("dependencies.txt"))?;
    files::mark(&folder, "tarball")?;
    let glibc = glibc(sh, facts)?;
    let note = facts.filled("linux/README.txt", &[("GLIBC", &glibc)])?;
    files::write(&folder.join("README.txt"), &note)?;
    let script = facts.sources().join("linux/install.sh");
    files::place(&script, &folder.join("install.sh"))?;
    files::settle(sh, &folder, facts.time)?;

    let archive = work.join("archive.tar");
    cmd!(
        sh,
        "tar --create --file {archive} --directory {work} --sort=name --format=ustar --owner=root:0 --group=root:0 {name_of_folder}"
    )
    .quiet()
    .run()?;
    files::gzip(sh, &archive)?;
    files::place(&work.join("archive.tar.gz"), &facts.out.join(name(facts)))
}

/// The newest version of the C library that the programs ask for: with an older one they do not start.
fn glibc(sh: &Shell, facts: &Facts) -> anyhow::Result<String> {
    let mut newest = (0, 0);
    for name in ["esim-watch", "esim-watchd"] {
        let program = facts.programs.join(name);
        let symbols = cmd!(sh, "objdump --dynamic-syms {program}")
            .quiet()
            .read()?;
        newest = newest.max(newest_glibc(&symbols));
    }
    match newest {
        (0, _) => anyhow::bail!("the programs name no version of glibc"),
        (major, minor) => Ok(format!("{major}.{minor}")),
    }
}

fn newest_glibc(symbols: &str) -> (u32, u32) {
    symbols
        .split("GLIBC_")
        .skip(1)
        .filter_map(|rest| {
            let version = rest
                .split(|c: char| !c.is_ascii_digit() && c != '.')
                .next()?;
            let mut numbers = version.split('.').map(str::parse);
            Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
        })
        .max()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_of_the_c_librarys_versions_counts() {
        let symbols =
            "0 DF *UND* (GLIBC_2.9)  read\n0 DF *UND* (GLIBC_2.35) x\n0 (GLIBC_2.2.5) y\n";
        assert_eq!(newest_glibc(symbols), (2, 35));
        assert_eq!(newest_glibc(""), (0, 0));
    }
}
