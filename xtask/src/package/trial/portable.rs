//! The portable copy for Windows under wine: unpacked, its server used, nothing written beside it.

use std::fs;
use std::path::Path;

use xshell::{Shell, cmd};

use super::super::facts::Facts;
use super::super::zip;
use super::desk::{self, SECRET};
use super::wine_desk::Computer;
use super::{room, see, see_in};

/// What it holds, and that it works where it lies.
pub fn run(sh: &Shell, facts: &Facts, root: &Path) -> anyhow::Result<()> {
    let room = room(facts, "zip")?;
    let archive = facts.out.join(zip::name(facts));
    cmd!(sh, "unzip -q {archive} -d {room}").quiet().run()?;
    let folder = room.join(zip::folder(facts));
    let list = || -> anyhow::Result<Vec<String>> {
        let entries: Result<Vec<_>, _> = fs::read_dir(&folder)?.collect();
        let mut names: Vec<String> = entries?
            .iter()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        Ok(names)
    };
    let wanted = [
        "LICENSES.txt",
        "README.txt",
        "WebView2Loader.dll",
        "esim-watch.exe",
        "esim-watchd.exe",
    ];
    let there = list()?;
    see(&format!("it holds {there:?}"), there == wanted)?;
    let note = fs::read_to_string(folder.join("README.txt"))?;
    let lines = note.matches('\n').count();
    see(
        &format!("all {lines} lines of README.txt end as Windows has them"),
        lines > 10 && note.matches("\r\n").count() == lines,
    )?;
    see_in("README.txt", &note, &["ENGLISH", "DEUTSCH", &facts.version])?;
    let computer = Computer::fresh(root, "portable")?;
    let program = folder.join("esim-watchd.exe");
    let program = program.to_string_lossy();
    let (code, said) = computer.program(&[&program, "--version"])?;
    let said = said.trim();
    see(
        &format!("esim-watchd.exe --version: {said}"),
        code == 0 && said == format!("esim-watchd {}", facts.version),
    )?;
    let words = [&*program, "serve", "--port", "0"];
    let mut server = computer.start(&words, &[("ESIM_WATCH_WEBHOOK_SECRET", SECRET)])?;
    desk::send(sh, facts, &server.says(desk::address)?)?;
    server.end(sh)?;
    let data = computer.local().join("watch.esim.desk/esim-watch.db");
    see("its data is where data always is", data.is_file())?;
    see("nothing was written beside it", list()? == wanted)
}
