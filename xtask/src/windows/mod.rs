//! `cargo xtask windows`: the programs for Windows, compiled on Debian, and their tests there, under wine.
//!
//! Rust's own toolchain can't be extended without another source than the package registries, so Debian's compiler for
//! browsers is used, which is current in the stable releases, and which compiles Rust's standard library for Windows
//! from Debian's package of its source. Nothing is touched outside of the target folder but apt's packages.

mod root;
mod skipped;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail, ensure};
use xshell::{Cmd, Shell, cmd};

use crate::rust;
use crate::wine;

pub use self::root::prepare as prepare_root;

/// The one that mingw's linker makes programs for: 64-bit, for Windows 10 and later.
const TARGET: &str = "x86_64-pc-windows-gnu";

/// Where everything for Windows lies, below the project's folder.
const FOLDER: &str = "target/windows";

/// Where wine keeps what it has of Windows, as the programs in the root see it.
const PREFIX: &str = "/home/tests";

const PROGRAMS: [&str; 2] = ["esim-watch.exe", "esim-watchd.exe"];

/// What the desktop program loads from beside it: it finds the system's web view. Not a part of Windows.
const LOADER: &str = "WebView2Loader.dll";

/// Compiles both programs as they are published. Returns the files that belong together.
pub fn build(sh: &Shell, project: &Path) -> anyhow::Result<Vec<PathBuf>> {
    build_as(sh, project, "release")
}

/// Shows that they can be, without what only makes them small and quick.
pub fn prove(sh: &Shell, project: &Path) -> anyhow::Result<Vec<PathBuf>> {
    build_as(sh, project, "proof")
}

fn build_as(sh: &Shell, project: &Path, profile: &str) -> anyhow::Result<Vec<PathBuf>> {
    cargo(sh, "build")
        .args(["--profile", profile, "--package", "esim-watch"])
        .args(["--package", "esim-watchd"])
        .run()?;
    let folder = project.join(FOLDER).join(TARGET).join(profile);
    let files: Vec<PathBuf> = PROGRAMS
        .iter()
        .chain([&LOADER])
        .map(|name| folder.join(name))
        .collect();
    for file in &files {
        let size = std::fs::metadata(file)
            .with_context(|| format!("{} was not made", file.display()))?
            .len();
        eprintln!("{}  {:.1} MB", file.display(), size as f64 / 1e6);
    }
    Ok(files)
}

/// Compiles core's unit tests, the tests of the program without a window, and that program, for Windows.
pub fn build_tests(sh: &Shell) -> anyhow::Result<()> {
    Ok(tests(sh)?.arg("--no-run").run()?)
}

/// Runs those tests under wine, but for the ones that can't run there.
pub fn test(sh: &Shell, project: &Path) -> anyhow::Result<()> {
    let root = root::folder(project);
    let made = wine::run(&root, PREFIX, &["wineboot", "--init"])?;
    ensure!(made.status.success(), "wine could not be set up: {made:?}");
    let listed = tests(sh)?
        .args(["--", "--list", "--format", "terse"])
        .read()?;
    let unknown = skipped::unknown(&listed);
    ensure!(
        unknown.is_empty(),
        "there are no such tests any more: take them off the list of those that wine can't run: {unknown:?}"
    );
    eprintln!("{}", skipped::told());
    let skip = skipped::names().flat_map(|name| ["--skip", name]);
    let threads = format!("--test-threads={}", rust::threads()?);
    tests(sh)?
        .arg("--no-fail-fast")
        .args(["--", "--exact", &threads])
        .args(skip)
        .run()?;
    Ok(())
}

fn tests(sh: &Shell) -> anyhow::Result<Cmd<'_>> {
    let this = std::env::current_exe().context("where this program lies is not known")?;
    let variable = format!(
        "CARGO_TARGET_{}_RUNNER",
        TARGET.to_uppercase().replace('-', "_")
    );
    Ok(cargo(sh, "test")
        .args(["--package", "esim-watch-core", "--package", "esim-watchd"])
        .args(["--lib", "--test", "watchd"])
        .env(variable, format!("{} under-wine", this.display())))
}

/// Starts one Windows program: what cargo calls for each test program. Passes its status on.
pub fn under_wine(project: &Path, program: &[String]) -> anyhow::Result<ExitCode> {
    let mut command = wine::command(
        &root::folder(project),
        PREFIX,
        &[&["wine".to_owned()], program].concat(),
    )?;
    command.current_dir(std::env::current_dir().context("there is no folder to start in")?);
    for name in ["RUST_BACKTRACE", "RUST_LOG"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    let status = command.status().context("wine could not be started")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Debian's cargo and compiler, whichever cargo started this.
fn cargo<'a>(sh: &'a Shell, what: &str) -> Cmd<'a> {
    cmd!(sh, "/usr/bin/cargo {what}")
        .args(["--target", TARGET, "--target-dir", FOLDER])
        .arg("-Zbuild-std=std,panic_abort,panic_unwind,test,proc_macro")
        .env("RUSTC", "/usr/bin/rustc")
        // Compiling the standard library is not stable in name.
        .env("RUSTC_BOOTSTRAP", "1")
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("CARGO")
}

/// Fails where this can't work, with what to do instead.
pub fn check_system() -> anyhow::Result<()> {
    if cfg!(target_os = "linux") && std::env::consts::ARCH == "x86_64" {
        return Ok(());
    }
    bail!(
        "the programs for Windows are cross-compiled on Debian, 64-bit. On Windows itself `cargo build --release -p esim-watch -p esim-watchd` makes them"
    )
}
