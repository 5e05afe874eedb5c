//! Where the project is.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// The checkout this was started in. Cargo tells it at run time; the folder may have been moved since
/// xtask was compiled. What cargo tells is xtask's own folder, or that of a package whose tests it starts through xtask.
pub fn root() -> anyhow::Result<PathBuf> {
    let package = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    let root = package
        .ancestors()
        .find(|folder| folder.join("xtask/Cargo.toml").exists());
    root.map(Path::to_owned)
        .context("the project's folder is not above this one; start it with `cargo xtask`")
}
