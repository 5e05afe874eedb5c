//! The setup for Windows, by makensis.

use std::path::Path;

use xshell::{Shell, cmd};

use super::facts::Facts;
use super::files;

/// The setup's file name.
pub fn name(facts: &Facts) -> String {
    format!("esim-watch-{}-windows-x64-setup.exe", facts.version)
}

/// Packs it.
pub fn pack(sh: &Shell, facts: &Facts) -> anyhow::Result<()> {
    let installed = facts.work.join("windows");
    let out = facts.out.join(name(facts));
    compile(sh, facts, &facts.version, &installed, &out, &[])
}

/// Compiles the script. Trials do so with another version, with a program that stands for the real one, and quickly.
pub fn compile(
    sh: &Shell,
    facts: &Facts,
    version: &str,
    installed: &Path,
    out: &Path,
    more: &[&str],
) -> anyhow::Result<()> {
    let pictures = facts.work.join("pictures");
    paint(sh, facts, &pictures)?;
    let define = |name: &str, value: &str| format!("-D{name}={value}");
    let version = define("VERSION", version);
    let size = define("SIZE_KB", &files::kilobytes(installed)?.to_string());
    let installed = define("FILES", &installed.to_string_lossy());
    let to = define("OUT", &out.to_string_lossy());
    let pictures = define("PICTURES", &pictures.to_string_lossy());
    let icon = facts.root.join("src-tauri/icons/icon.ico");
    let icon = define("ICON", &icon.to_string_lossy());
    let time = facts.time.to_string();
    let _there = sh.push_dir(facts.sources().join("windows"));
    cmd!(
        sh,
        "makensis -V2 -WX -INPUTCHARSET UTF8 {more...} {version} {size} {installed} {to} {pictures} {icon} setup.nsi"
    )
    .env("SOURCE_DATE_EPOCH", time)
    .quiet()
    .run()?;
    Ok(())
}

/// The wizard's pictures: the icon on its own blue beside the first page and the last, and small at the top of the others.
fn paint(sh: &Shell, facts: &Facts, folder: &Path) -> anyhow::Result<()> {
    files::fresh(folder)?;
    let icon = facts.root.join("src-tauri/icons/icon.png");
    let side = format!("BMP3:{}", folder.join("side.bmp").display());
    let top = format!("BMP3:{}", folder.join("top.bmp").display());
    let blue = "xc:#1f5eff";
    let (open, close) = ("(", ")");
    cmd!(
        sh,
        "convert -size 164x314 {blue} {open} {icon} -resize 104x104 {close} -gravity north -geometry +0+40 -composite -type TrueColor {side}"
    )
    .quiet()
    .run()?;
    cmd!(
        sh,
        "convert -size 150x57 xc:white {open} {icon} -resize 45x45 {close} -gravity east -geometry +8+0 -composite -type TrueColor {top}"
    )
    .quiet()
    .run()?;
    files::settle(sh, folder, facts.time)
}
