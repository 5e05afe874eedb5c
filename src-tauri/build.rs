//! Embeds the window's build output, the capabilities, the icons, and the licences of all parts.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::DeflateEncoder;

fn main() {
    // Tauri watches only the folder that it would look in by itself.
    println!("cargo::rerun-if-changed=src-tauri/capabilities");
    // What is embedded is watched file by file: a window built where there was none before would stay out.
    println!("cargo::rerun-if-changed=ui/dist");
    println!("cargo::rerun-if-changed={LICENCES}");
    if let Err(error) = pack_licences() {
        println!("cargo::error=the licences of the parts can't be packed: {error}");
    }
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("src-tauri/capabilities/**/*.json");
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error=the Tauri build step failed: {error:#}");
    }
}

/// Where `cargo xtask` writes down the licences of all parts, for each system a text.
const LICENCES: &str = "src-tauri/licences";

/// Packs the text of the system that is built for; nothing where nobody has written it down.
fn pack_licences() -> io::Result<()> {
    let variable = |name: &str| env::var(name).map_err(io::Error::other);
    let system = variable("CARGO_CFG_TARGET_OS")?;
    let text = match fs::read(Path::new(LICENCES).join(format!("{system}.txt"))) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        other => other?,
    };
    let mut packed = Vec::new();
    if !text.is_empty() {
        let mut encoder = DeflateEncoder::new(&mut packed, Compression::best());
        encoder.write_all(&text)?;
        encoder.finish()?;
    }
    let to = PathBuf::from(variable("OUT_DIR")?).join("licences.deflate");
    fs::write(to, packed)
}
