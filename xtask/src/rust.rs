//! What is done with cargo: building, starting, testing and checking the Rust side.
//!
//! Needs the window to be built first: the desktop package embeds it.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context as _, bail};
use xshell::{Cmd, Shell, cmd};

/// How the program is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// Quick to build.
    Debug,
    /// What `run` and `demo` take unless told otherwise, because whoever types that wants to see the program as it is:
    /// SQLite compiled without optimisation takes several times as long. The profile is in Cargo.toml.
    Trial,
    /// What a desk uses.
    Release,
}

impl Build {
    const fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Debug => &[],
            Self::Trial => &["--profile", "trial"],
            Self::Release => &["--release"],
        }
    }
}

/// The package of the desktop program.
pub const DESK: &[&str] = &["esim-watch"];
/// Those of all programs: the desktop program, the same without a window, and the made-up Roamify.
pub const ALL: &[&str] = &["esim-watch", "esim-watchd", "esim-watch-tools"];

/// Compiles these packages.
pub fn build(sh: &Shell, packages: &[&str], build: Build) -> anyhow::Result<()> {
    to_build(sh, packages, build).run()?;
    Ok(())
}

/// The command that compiles these packages.
pub fn to_build<'a>(sh: &'a Shell, packages: &[&str], build: Build) -> Cmd<'a> {
    let packages = packages.iter().flat_map(|name| ["--package", name]);
    cargo(sh).arg("build").args(packages).args(build.flags())
}

/// Compiles the desktop program and the one without a window for release into this target folder, so that what comes of it does not
/// tell where that was: the same source gives the same programs in any folder, as far as the compiler can.
pub fn build_the_same(sh: &Shell, root: &Path, target: &Path) -> anyhow::Result<()> {
    let home = std::env::home_dir().context("this user has no home folder")?;
    let crates = std::env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
    let usual = target_folder(root)?;
    let second = second_target(&usual);
    // Of several that fit the last one counts, for rustc and for gcc. The same words whatever the target folder is: cargo
    // gives symbols other names where the flags are others, and they are put in another order.
    let places = [
        (crates.as_path(), "/cargo"),
        (root, "/esim-watch"),
        (usual.as_path(), "/target"),
        (second.as_path(), "/target"),
    ];
    let flags = |variable: &str, flag: &str| {
        let given = std::env::var(variable).unwrap_or_default();
        let ours = places.map(|(from, to)| format!("{flag}={}={to}", from.display()));
        format!("{given} {}", ours.join(" "))
    };
    cargo(sh)
        .args(["build", "--release", "--package", "esim-watch"])
        .args(["--package", "esim-watchd", "--package", "esim-watch-tools"])
        .arg("--target-dir")
        .arg(target)
        .env("RUSTFLAGS", flags("RUSTFLAGS", "--remap-path-prefix"))
        .env("CFLAGS", flags("CFLAGS", "-ffile-prefix-map"))
        // The allocator notes when it was compiled.
        .env("SOURCE_DATE_EPOCH", source_time(sh)?.to_string())
        .run()?;
    Ok(())
}

/// The target directory of a second build, within the usual one.
pub fn second_target(usual: &Path) -> PathBuf {
    usual.join("second")
}

/// `SOURCE_DATE_EPOCH` where a caller sets it (reproducible-builds.org), else when the last commit was made.
pub fn source_time(sh: &Shell) -> anyhow::Result<u64> {
    let told = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(told) => told,
        Err(_) => cmd!(sh, "git log -1 --format=%ct")
            .quiet()
            .read()
            .context("no commit, and SOURCE_DATE_EPOCH is not set: which time shall files have?")?,
    };
    told.trim()
        .parse()
        .with_context(|| format!("\"{told}\" is no time in seconds since 1970"))
}

/// cargo's target directory.
pub fn target_folder(root: &Path) -> anyhow::Result<PathBuf> {
    let programs = folder_of_programs(root, Build::Release)?;
    let target = programs.parent();
    Ok(target
        .context("cargo's target directory has no parent")?
        .to_owned())
}

/// Where cargo puts compiled programs; cargo alone knows where its target directory is.
pub fn folder_of_programs(root: &Path, build: Build) -> anyhow::Result<PathBuf> {
    let told = Command::new(cargo_program())
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .arg("--manifest-path")
        .arg(root.join("Cargo.toml"))
        .output()
        .context("cargo could not be started")?;
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    let target = told
        .split_once("\"target_directory\":\"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(folder, _)| folder.replace("\\\\", "\\"))
        .context("cargo does not say where its target directory is")?;
    Ok(Path::new(&target).join(match build {
        Build::Debug => "debug",
        Build::Trial => "trial",
        Build::Release => "release",
    }))
}

/// Starts the compiled program in the folder the user is in, and passes its exit status on.
pub fn start(root: &Path, build: Build, args: &[String]) -> anyhow::Result<ExitCode> {
    // Through cargo, which alone knows where its target directory is.
    let status = Command::new(cargo_program())
        .args([
            "run",
            "--quiet",
            "--package",
            "esim-watch",
            "--manifest-path",
        ])
        .arg(root.join("Cargo.toml"))
        .args(build.flags())
        .arg("--")
        .args(args)
        .status()
        .context("cargo could not be started")?;
    // Ended by a signal: no code on Unix.
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Compiles every test and every program they start, so that the time of the tests is theirs alone.
pub fn build_tests(sh: &Shell) -> anyhow::Result<()> {
    cargo(sh).args(["test", "--workspace", "--no-run"]).run()?;
    Ok(())
}

/// Runs every test, or those whose name contains the filter. Goes on after a failure: all are told.
pub fn test(sh: &Shell, filter: Option<&str>) -> anyhow::Result<()> {
    let all = |targets: &[&str], arguments: &[String]| {
        cargo(sh)
            .args(["test", "--workspace", "--no-fail-fast"])
            .args(targets)
            .args(filter)
            .arg("--")
            .args(arguments)
            .run()
    };
    let results = [
        all(&["--lib"], &[format!("--test-threads={}", threads()?)]),
        all(&["--bins", "--test", "*"], &[]),
        all(&["--doc"], &[]),
    ];
    for result in results {
        result?;
    }
    Ok(())
}

/// How many tests of parts run at once: about half of their time they wait, for a disk or for an answer that does not come.
pub fn threads() -> anyhow::Result<usize> {
    Ok(2 * std::thread::available_parallelism()?.get())
}

/// Fails when a Rust file isn't formatted.
pub fn check_formatting(sh: &Shell) -> anyhow::Result<()> {
    cargo(sh)
        .args(["fmt", "--all", "--check"])
        .run()
        .context("`cargo fmt --all` formats it")
}

/// Fails when the fuzz targets, a workspace of their own, are locked to other dependencies than the core has now.
pub fn check_lock_of_fuzzing(sh: &Shell) -> anyhow::Result<()> {
    const MANIFEST: &str = "fuzz/Cargo.toml";
    cargo(sh)
        .args(["metadata", "--locked", "--format-version", "1"])
        .args(["--manifest-path", MANIFEST])
        .ignore_stdout()
        .run()
        .with_context(|| {
            format!("`cargo metadata --manifest-path {MANIFEST}` brings its lock file up to date")
        })
}

/// Fails on any warning of the compiler or of clippy, in tests too.
pub fn lint(sh: &Shell) -> anyhow::Result<()> {
    cargo(sh)
        .args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ])
        .run()?;
    Ok(())
}

/// Fails when the TypeScript bindings differ from what the Rust types say now.
pub fn check_bindings(sh: &Shell) -> anyhow::Result<()> {
    run_bindings_test(cargo(sh))
        .context("`cargo xtask bindings` writes ui/src/host/bindings.ts anew")
}

/// Writes the TypeScript bindings.
pub fn write_bindings(sh: &Shell) -> anyhow::Result<()> {
    run_bindings_test(cargo(sh).env("ESIM_WATCH_WRITE_BINDINGS", "1"))
}

/// The bindings are generated by a test of the desktop package, the only place that knows all commands.
/// Its test kit needs the very dependencies that `cargo xtask test` compiles: nothing is compiled twice.
fn run_bindings_test(cargo: Cmd<'_>) -> anyhow::Result<()> {
    let cargo = cargo.args(["test", "--package", "esim-watch", "--lib", "bindings"]);
    eprintln!("$ {cargo}");
    // The report is read; what cargo says on stderr while it compiles, possibly for minutes, is shown.
    let output = Command::from(cargo)
        .stderr(Stdio::inherit())
        .output()
        .context("cargo could not be started")?;
    let report = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        eprint!("{report}");
        bail!("the test of the bindings failed");
    }
    if passed(&report) == 0 {
        bail!("esim-watch has no test with `bindings` in its name: nothing was compared");
    }
    Ok(())
}

/// How many tests a report of the test harness says have passed, over all its parts.
fn passed(report: &str) -> u32 {
    report
        .lines()
        .filter_map(|line| line.trim().strip_prefix("test result: ok. "))
        .filter_map(|rest| rest.split(' ').next()?.parse::<u32>().ok())
        .sum()
}

/// The cargo that started this, at the root of the checkout.
pub fn cargo(sh: &Shell) -> Cmd<'_> {
    let program = cargo_program();
    cmd!(sh, "{program}")
}

/// The cargo that started this, so that a chosen toolchain stays chosen.
fn cargo_program() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passed_tests_are_added_up_over_all_parts() {
        let report = "running 1 test\n.\ntest result: ok. 1 passed; 0 failed; 0 ignored\n\n  test result: ok. 12 passed; 0 failed\n";
        assert_eq!(passed(report), 13);
    }

    #[test]
    fn a_report_without_a_matching_test_counts_none() {
        assert_eq!(
            passed("test result: ok. 0 passed; 0 failed; 9 filtered out"),
            0
        );
        assert_eq!(passed(""), 0);
    }
}
