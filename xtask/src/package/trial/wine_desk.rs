//! A computer with Windows, as far as wine is one: its drive, its registry, its programs.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use super::super::files;
use super::desk::{self, Running};
use crate::wine;

/// How long a program may take: a box that nobody sees would wait for ever.
const PATIENCE_SECONDS: &str = "300";

/// What timeout(1) ends with when a program took longer.
const TIMED_OUT: i32 = 124;

/// A user's computer of its own in the system that has wine.
pub struct Computer {
    root: PathBuf,
    home: String,
    /// Without one wine makes no windows, not even such as nobody sees, and programs find each other by those.
    display: String,
    _screen: Running,
}

impl Computer {
    /// A new one of this name: nothing is installed.
    pub fn fresh(root: &Path, name: &str) -> anyhow::Result<Self> {
        // A link that leads somewhere in that system, and nowhere in this.
        if root.join("usr/bin/wine").symlink_metadata().is_err() {
            bail!(
                "{} has no wine: `cargo xtask windows` makes it",
                root.display()
            );
        }
        let home = format!("/home/{name}");
        let (screen, display) = desk::display(Command::new("Xvfb"))?;
        let computer = Self {
            root: root.to_owned(),
            home,
            display,
            _screen: screen,
        };
        computer.off()?;
        files::fresh(&computer.outside()).context("the last trial's computer is still in use")?;
        computer.run(&["wineboot", "-i"])?;
        computer.rest()?;
        Ok(computer)
    }

    /// Runs a command to its end; its exit code and what it said.
    fn run(&self, command: &[&str]) -> anyhow::Result<(i32, String)> {
        let mut bounded = vec!["timeout", "--kill-after=5", PATIENCE_SECONDS];
        bounded.extend(command);
        // Not a pipe: what a setup starts has it, too, and goes on when the setup has ended.
        let said = self.outside().join("said.txt");
        let status = wine::command(&self.root, &self.home, &bounded)?
            .env("DISPLAY", &self.display)
            .stdin(Stdio::null())
            .stdout(File::create(&said)?)
            .stderr(Stdio::null())
            .status()?;
        let code = status.code().context("wine was ended by a signal")?;
        if code == TIMED_OUT {
            bail!("{command:?} does not end");
        }
        let said = fs::read(said)?;
        let said = String::from_utf8_lossy(&said).replace("\r\n", "\n");
        Ok((code, said))
    }

    /// Runs a Windows program to its end; its exit code and what it said.
    pub fn program(&self, words: &[&str]) -> anyhow::Result<(i32, String)> {
        let mut command = vec!["wine"];
        command.extend(words);
        self.run(&command)
    }

    /// Starts a Windows program.
    pub fn start(&self, words: &[&str], environment: &[(&str, &str)]) -> anyhow::Result<Running> {
        let mut command = vec!["wine"];
        command.extend(words);
        let mut command = wine::command(&self.root, &self.home, &command)?;
        command
            .env("DISPLAY", &self.display)
            .envs(environment.iter().copied());
        Running::start(command)
    }

    /// Waits until nothing runs any more: then the uninstaller has ended, too, which goes on in a copy of itself.
    pub fn rest(&self) -> anyhow::Result<()> {
        self.run(&["wineserver", "-w"])?;
        Ok(())
    }

    /// Ends whatever runs.
    pub fn off(&self) -> anyhow::Result<()> {
        wine::run(&self.root, &self.home, &["wineserver", "-k"])?;
        Ok(())
    }

    /// A value of the registry as `reg` prints it; `None`: there is none.
    pub fn registry(&self, key: &str, value: &str) -> anyhow::Result<Option<String>> {
        let (code, said) = self.program(&["reg", "query", key, "/v", value])?;
        if code != 0 {
            return Ok(None);
        }
        let line = said
            .lines()
            .find(|line| line.trim_start().starts_with(value));
        let told = line.and_then(|line| line.split_once("REG_"));
        let told = told.and_then(|(_, rest)| rest.split_once("    "));
        Ok(told.map(|(_, value)| value.trim().to_owned()))
    }

    /// Writes a text into the registry.
    pub fn register(&self, key: &str, value: &str, text: &str) -> anyhow::Result<()> {
        let (code, _) = self.program(&["reg", "add", key, "/v", value, "/d", text, "/f"])?;
        match code {
            0 => Ok(()),
            code => bail!("reg add {key}: {code}"),
        }
    }

    /// Local application data, as this system sees it.
    pub fn local(&self) -> PathBuf {
        self.user().join("AppData/Local")
    }

    /// The start menu's programs.
    pub fn menu(&self) -> PathBuf {
        self.user()
            .join("AppData/Roaming/Microsoft/Windows/Start Menu/Programs")
    }

    /// Where programs may put what they need for a moment.
    pub fn temporary(&self) -> PathBuf {
        self.local().join("Temp")
    }

    /// The home as this system sees it.
    fn outside(&self) -> PathBuf {
        self.root.join(self.home.trim_start_matches('/'))
    }

    fn user(&self) -> PathBuf {
        self.outside().join(".wine/drive_c/users/root")
    }
}

impl Drop for Computer {
    fn drop(&mut self) {
        // A trial that failed may have left programs running.
        let _off = self.off();
    }
}

/// A path of this system as a Windows program under wine has it: its drive Z is the root.
pub fn from_windows(path: &Path) -> String {
    format!("Z:{}", path.to_string_lossy().replace('/', "\\"))
}

/// How often the stand-in was started.
pub fn starts(told: &Path) -> usize {
    // Nothing was told yet: there is no such file.
    let told = fs::read_to_string(told).unwrap_or_default();
    told.matches("started:").count()
}

/// A text as Windows keeps it.
pub fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// What a file says that Windows has written.
pub fn utf16(file: &Path) -> anyhow::Result<String> {
    let bytes = fs::read(file).with_context(|| file.display().to_string())?;
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .filter_map(|pair| Some(u16::from_le_bytes(pair.try_into().ok()?)))
        .collect();
    let text = String::from_utf16_lossy(&units).replace("\r\n", "\n");
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_drive_z() {
        assert_eq!(from_windows(Path::new("/a/b c")), "Z:\\a\\b c");
    }

    #[test]
    fn what_windows_has_written_is_read() {
        let file = std::env::temp_dir().join(format!("esim-watch-utf16-{}", std::process::id()));
        fs::write(&file, wide("\u{feff}Größe\r\nzwei\r\n")).unwrap();
        let read = utf16(&file).unwrap();
        fs::remove_file(&file).unwrap();
        assert_eq!(read, "Größe\nzwei\n");
    }
}
