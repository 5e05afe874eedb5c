//! `send`: posts payload files as Roamify would, and prints each answer.
//!
//! In come a URL, perhaps a secret, and files; out go the answers. It must not know what the files
//! say: each is posted as it is, broken JSON included, because seeing the receiver's answer to it
//! is what the command is for.

mod target;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

pub use self::target::{Answer, Receiver, Target};

/// Characters kept of an answer, to be printed.
const ANSWER_CHARS: usize = 200;

/// The arguments of `send`.
#[derive(Debug, Args)]
pub struct SendArgs {
    #[command(flatten)]
    to: Receiver,
    /// Files whose bytes are posted, each as one request, in this order
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl SendArgs {
    /// Posts every file. Status 0 if all were answered 2xx; a file that can't be read or isn't
    /// answered is reported and the next one is still sent.
    ///
    /// # Errors
    /// If no client can be set up, or stdout is gone.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let target = Target::new(self.to)?;
        let mut out = std::io::stdout();
        let mut all_well = true;
        for file in &self.files {
            let name = plain(&file.display().to_string(), ANSWER_CHARS);
            match send(&target, file).await {
                Ok(answer) => {
                    all_well &= answer.status.is_success();
                    writeln!(out, "{name}: {answer}")?;
                }
                Err(error) => {
                    all_well = false;
                    writeln!(out, "{name}: failed: {error:#}")?;
                }
            }
        }
        Ok(if all_well {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

async fn send(target: &Target, file: &Path) -> anyhow::Result<Answer> {
    // Reading blocks, and nothing else waits: the files are sent one after another.
    let body = fs::read(file).context("the file can't be read; check its name and permissions")?;
    target.post(body).await
}

/// `text` without what could move a terminal's cursor or its writing direction, cut to `limit`
/// characters.
fn plain(text: &str, limit: usize) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut kept = text
        .trim()
        .chars()
        .filter(|c| !c.is_control() && !turns(*c));
    let mut short: String = kept.by_ref().take(limit).collect();
    if kept.next().is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::target::tests::answering_once;
    use super::*;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        send: SendArgs,
    }

    #[tokio::test]
    async fn an_unreadable_file_is_named_and_the_others_are_still_sent() {
        let (url, served) = answering_once("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        let folder = tempfile::tempdir().unwrap();
        let there = folder.path().join("there.json");
        fs::write(&there, "END").unwrap();
        let missing = folder.path().join("missing.json");
        let files = vec![missing, there];
        let status = SendArgs {
            to: Receiver::at(&url, None).unwrap(),
            files,
        }
        .run()
        .await
        .unwrap();
        assert_eq!(status, ExitCode::FAILURE);
        assert!(served.join().unwrap().ends_with("END"));
    }

    #[test]
    fn a_bad_url_is_refused_with_an_example() {
        for bad in ["127.0.0.1:80/hooks", "hooks", "ftp://host/", ""] {
            let Err(error) = Cli::try_parse_from(["send", "--url", bad, "file"]) else {
                panic!("{bad} was taken");
            };
            assert!(
                error
                    .to_string()
                    .contains("http://127.0.0.1:8765/hooks/TOKEN"),
                "{error}"
            );
        }
        assert!(Cli::try_parse_from(["send", "--url", "http://127.0.0.1:1/x", "file"]).is_ok());
    }

    #[test]
    fn an_answer_can_do_nothing_to_the_terminal() {
        assert_eq!(plain("\u{1b}[2Ja\r\n\u{202e}b\t", 9), "[2Jab");
        assert_eq!(plain("abcdef", 3), "abc…");
        assert_eq!(plain("abc", 3), "abc");
    }
}
