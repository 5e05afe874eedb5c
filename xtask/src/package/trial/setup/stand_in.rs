//! The program that stands for the real one, which wine can't draw: it notes that it was started, and ends when it is asked to.

use std::fs;
use std::path::{Path, PathBuf};

use xshell::{Shell, cmd};

use super::super::super::facts::Facts;
use super::super::super::files;
use super::super::desk::Running;
use super::super::see;
use super::super::wine_desk::starts;
use super::{FOLDER, Trial};

/// What is installed, with a program that can be seen to run and to end.
pub(super) fn packed(sh: &Shell, facts: &Facts, room: &Path) -> anyhow::Result<PathBuf> {
    let folder = room.join("files");
    let from = facts.work.join("windows");
    cmd!(sh, "cp --archive {from} {folder}").quiet().run()?;
    let source = facts.sources().join("tests/stand_in.c");
    let program = folder.join("esim-watch.exe");
    fs::remove_file(&program)?;
    cmd!(
        sh,
        "x86_64-w64-mingw32-gcc -Os -s -municode -mwindows -o {program} {source} -ladvapi32"
    )
    .quiet()
    .run()?;
    files::settle(sh, &folder, facts.time)?;
    Ok(folder)
}

impl Trial<'_> {
    /// The program that stands for the real one, running.
    pub(super) fn desk(&self, arguments: &[&str]) -> anyhow::Result<Running> {
        let before = starts(&self.told());
        let program = format!("{FOLDER}\\esim-watch.exe");
        let mut words = vec![program.as_str()];
        words.extend(arguments);
        let running = self.computer.start(&words, &[])?;
        self.await_start(before)?;
        Ok(running)
    }

    /// What the program that stands for the real one says of its starts.
    pub(super) fn told(&self) -> PathBuf {
        self.computer.temporary().join("stand-in.txt")
    }

    /// Awaits one more start than there were.
    pub(super) fn await_start(&self, before: usize) -> anyhow::Result<()> {
        for _ in 0..100 {
            if starts(&self.told()) > before {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
        see("the program runs", starts(&self.told()) > before)
    }

    /// The last start was one out of sight; then the program ends when it is asked to.
    pub(super) fn see_out_of_sight(&self) -> anyhow::Result<()> {
        let told = fs::read_to_string(self.told())?;
        see(
            &format!("it was started again, out of sight: {:?}", told.trim()),
            told.trim_end().ends_with("started: --minimized"),
        )
    }

    pub(super) fn quit(&self) -> anyhow::Result<()> {
        let program = format!("{FOLDER}\\esim-watch.exe");
        let (code, _) = self.computer.program(&[&program, "--quit"])?;
        see("the new one ends when it is asked to", code == 0)
    }
}
