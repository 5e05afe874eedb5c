//! What is done with Node: installing, building, testing and checking the code of the window in `ui/`.
//!
//! Installing and building are skipped when nothing has changed: a rewritten `ui/dist` would make cargo
//! compile the desktop package again.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context as _, bail};
use xshell::{Cmd, Shell, cmd};

/// A copy of the lock file that `node_modules` was installed from.
const INSTALLED: &str = "node_modules/.esim-watch-installed";
/// Its modification time is the moment the last successful build began.
const BUILT: &str = "node_modules/.esim-watch-built";

/// Fails with a clear text when Node or npm is missing or too old for the build tools.
pub fn check_node(sh: &Shell) -> anyhow::Result<()> {
    const WANTED: &str = "eSIM Watch's window is built with Node 20.19, 22.13, 24 or newer; https://nodejs.org has it for every system";
    let Ok(version) = cmd!(sh, "node --version").quiet().ignore_stderr().read() else {
        bail!("Node is not installed, or not in the search path. {WANTED}");
    };
    match parse_version(&version) {
        Some(version) if is_supported(version) => {}
        Some((major, minor)) => bail!("Node {major}.{minor} is too old. {WANTED}"),
        None => bail!("`node --version` answers \"{version}\". {WANTED}"),
    }
    let npm = npm(sh).arg("--version").quiet().ignore_stderr();
    if npm.read().is_err() {
        bail!("npm is not installed: some distributions have it in a package of its own, \"npm\"");
    }
    Ok(())
}

/// Major and minor number out of `v20.19.2`.
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim().strip_prefix('v')?.split('.');
    let major = numbers.next()?.parse().ok()?;
    let minor = numbers.next()?.parse().ok()?;
    Some((major, minor))
}

/// The releases that all of Vite, ESLint and Vitest are made for.
const fn is_supported((major, minor): (u32, u32)) -> bool {
    match major {
        0..=19 | 21 | 23 => false,
        20 => minor >= 19,
        22 => minor >= 13,
        24.. => true,
    }
}

/// Installs exactly what the lock file names, unless that has been done.
pub fn install(sh: &Shell, root: &Path) -> anyhow::Result<()> {
    let ui = root.join("ui");
    let lock = fs::read(ui.join("package-lock.json")).context("ui/package-lock.json")?;
    // No stamp, or an unreadable one: install.
    if fs::read(ui.join(INSTALLED)).is_ok_and(|installed| installed == lock) {
        eprintln!("ui/node_modules is current.");
        return Ok(());
    }
    let _in_ui = sh.push_dir(&ui);
    npm(sh).args(["ci", "--no-audit", "--no-fund"]).run()?;
    fs::write(ui.join(INSTALLED), lock).context("noting what was installed")
}

/// Builds `ui/dist`, unless it is newer than everything it is made of.
pub fn build(sh: &Shell, root: &Path) -> anyhow::Result<()> {
    let ui = root.join("ui");
    if is_built(&ui)? {
        eprintln!("ui/dist is current.");
        return Ok(());
    }
    let began = SystemTime::now();
    let _in_ui = sh.push_dir(&ui);
    npm(sh).args(["run", "build"]).run()?;
    // The beginning counts: a file saved while the build was going on may have been read before.
    fs::File::create(ui.join(BUILT))
        .and_then(|stamp| stamp.set_modified(began))
        .context("noting the time of the build")
}

fn is_built(ui: &Path) -> anyhow::Result<bool> {
    let built = fs::metadata(ui.join(BUILT)).and_then(|stamp| stamp.modified());
    // No stamp: never built by this command. The stamp of an earlier install was removed with it.
    let (Ok(built), true) = (built, ui.join("dist/index.html").is_file()) else {
        return Ok(false);
    };
    Ok(newest(ui)? <= built)
}

/// The latest modification under a folder, of the folders too: a removed file changes only those.
fn newest(directory: &Path) -> anyhow::Result<SystemTime> {
    let mut latest = fs::metadata(directory)?.modified()?;
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name();
        if name == "node_modules" || name == "dist" {
            continue;
        }
        let modified = if entry.file_type()?.is_dir() {
            newest(&entry.path())?
        } else {
            entry.metadata()?.modified()?
        };
        latest = latest.max(modified);
    }
    Ok(latest)
}

/// Tauri's macros want the folder they embed, even where only types are asked for.
pub fn ensure_something_to_embed(root: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(root.join("ui/dist")).context("making ui/dist")
}

/// Runs the window's unit tests, or those whose name contains the filter.
pub fn test(sh: &Shell, root: &Path, filter: Option<&str>) -> anyhow::Result<()> {
    let _in_ui = sh.push_dir(root.join("ui"));
    let mut npm = npm(sh).arg("test");
    if let Some(filter) = filter {
        npm = npm.args(["--", "--testNamePattern", &literal(filter)]);
    }
    npm.run()?;
    Ok(())
}

/// A regular expression that matches exactly this text.
fn literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for character in text.chars() {
        if r"\^$.|?*+()[]{}/".contains(character) {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

/// Types, lints and formatting of the window's code.
pub fn check(sh: &Shell, root: &Path) -> anyhow::Result<()> {
    let _in_ui = sh.push_dir(root.join("ui"));
    npm(sh).args(["run", "check"]).run()?;
    Ok(())
}

fn npm(sh: &Shell) -> Cmd<'_> {
    // On Windows npm is a batch file, which is only found under its full name.
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    cmd!(sh, "{program}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_as_node_prints_it() {
        assert_eq!(parse_version("v20.20.2\n"), Some((20, 20)));
        assert_eq!(parse_version("v26.0.0-nightly"), Some((26, 0)));
        assert_eq!(parse_version("20.20.2"), None);
        assert_eq!(parse_version("vtwenty.1"), None);
        assert_eq!(parse_version(""), None);
    }

    #[test]
    fn only_releases_the_build_tools_are_made_for_are_taken() {
        for version in [(20, 19), (22, 13), (24, 0), (26, 1)] {
            assert!(is_supported(version), "{version:?}");
        }
        for version in [(18, 20), (20, 18), (21, 9), (22, 12), (23, 11)] {
            assert!(!is_supported(version), "{version:?}");
        }
    }

    #[test]
    fn a_filter_is_taken_literally() {
        assert_eq!(literal("1.5 GB (of 3)?"), r"1\.5 GB \(of 3\)\?");
        assert_eq!(literal("plain words"), "plain words");
    }
}
