//! The desktop program's command line.

use std::path::PathBuf;

use clap::Parser;
use esim_watch_core::paths;

use crate::quit;

/// Receives Roamify's eSIM webhooks and shows what happened to your customers' eSIMs
#[derive(Debug, Clone, Parser)]
#[command(version)]
pub struct Args {
    /// Folder that everything is kept in [default: this user's local application data]
    #[arg(long, env = "ESIM_WATCH_DATA_DIR", value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Port to listen on; wins over the one that is set in the window
    #[arg(long, env = "ESIM_WATCH_PORT", value_name = "N")]
    pub port: Option<u16>,
    /// Start out of sight: in the tray, or minimized where there is none
    #[arg(long)]
    pub minimized: bool,
    /// End the program that runs, and start none; done when it has ended
    #[arg(long)]
    pub quit: bool,
    /// What `--quit` starts: asks, and does not wait
    #[arg(long, hide = true)]
    pub pass_on_quit: bool,
}

impl Args {
    /// The folder that was named, else this user's; `None`: the system tells no such folder.
    pub fn data_dir(&self) -> Option<PathBuf> {
        let named = self.data_dir.clone();
        named.or_else(paths::default_data_dir).map(paths::openable)
    }

    /// What the program is started with when the system starts: out of sight, and on the data that it
    /// works on now.
    pub fn for_autostart(&self) -> Vec<String> {
        let mut arguments = vec![MINIMIZED.to_owned()];
        if let Some(folder) = &self.data_dir {
            let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.clone());
            arguments.extend(["--data-dir".to_owned(), one_word(&folder.to_string_lossy())]);
        }
        if let Some(port) = self.port {
            arguments.extend(["--port".to_owned(), port.to_string()]);
        }
        arguments
    }
}

const MINIMIZED: &str = "--minimized";

/// Whether another start of the program wants to stay out of sight.
pub fn minimized(arguments: &[String]) -> bool {
    arguments.iter().any(|argument| argument == MINIMIZED)
}

/// Whether another start of the program wants this one to end.
pub fn passes_on_quit(arguments: &[String]) -> bool {
    arguments.iter().any(|argument| argument == quit::PASS_ON)
}

/// One argument of a command that the system keeps as a line of text; macOS keeps a list.
fn one_word(text: &str) -> String {
    if cfg!(target_os = "macos") {
        return text.to_owned();
    }
    let mut word = String::from('"');
    for character in text.chars() {
        // Of a desktop entry; on Windows none of these but the backslash occurs in a path.
        match character {
            '"' | '`' | '$' | '\\' if cfg!(target_os = "linux") => {
                // Escaped for the command, and the escape for the file.
                word.extend(["\\\\", character.encode_utf8(&mut [0; 4])]);
            }
            '%' if cfg!(target_os = "linux") => word.push_str("%%"),
            other => word.push(other),
        }
    }
    word.push('"');
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_starts_it_out_of_sight_and_on_the_same_data() {
        let plain = Args::try_parse_from(["esim-watch"]).unwrap();
        if plain.data_dir.is_none() && plain.port.is_none() {
            assert_eq!(plain.for_autostart(), ["--minimized"]);
        }
        let args = [
            "esim-watch",
            "--data-dir",
            "/my data/100%",
            "--port",
            "8123",
        ];
        let args = Args::try_parse_from(args).unwrap().for_autostart();
        assert!(minimized(&args));
        assert_eq!(args[3..], ["--port", "8123"]);
        #[cfg(target_os = "linux")]
        assert_eq!(args[2], "\"/my data/100%%\"");
    }
}
