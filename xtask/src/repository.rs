//! Where the project is.

use std::path::PathBuf;

use anyhow::Context as _;

/// The checkout this was started in. Cargo tells it at run time; the folder may have been moved since
/// xtask was compiled.
pub fn root() -> anyhow::Result<PathBuf> {
    let package = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    let root = package
        .parent()
        .context("xtask's folder has no parent; start it with `cargo xtask`")?;
    Ok(root.to_owned())
}
