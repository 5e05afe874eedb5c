//! Manifests and packages over HTTP. Nobody is told anything but what is asked for.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::header::{ACCEPT, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Response, Url};

use super::error::UpgradeError;
use super::installation::Installation;
use super::manifest::{self, Offer, file_name, is_of};
use super::signature::{Unsigned, verify_file};
use super::source::UpgradeSource;
use crate::io_reason::IoReason;
use crate::{held, http, private};

/// Longest manifest that is read, bytes.
const MAX_MANIFEST: usize = 256 * 1024;

/// Longest signature of a manifest, bytes.
const MAX_SIGNATURE: usize = 4 * 1024;

/// Largest package, bytes: an order of magnitude above what the program has.
const MAX_PACKAGE: u64 = 400 * 1024 * 1024;

/// How often a server may lead elsewhere: releases are often kept by somebody else than names them.
const MAX_REDIRECTS: usize = 5;

/// How long is waited for a server.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For the next part of an answer.
    pub silence: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            connect: Duration::from_secs(10),
            silence: Duration::from_secs(30),
        }
    }
}

/// How much of a package has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Downloaded {
    /// Bytes that came.
    pub done: u64,
    /// Bytes in all; `None`: the server does not tell.
    pub total: Option<u64>,
}

/// Asks one source.
#[derive(Debug, Clone)]
pub struct Downloader {
    source: UpgradeSource,
    http: reqwest::Client,
    patience: Patience,
}

impl Downloader {
    /// Asks this source. `None`: the system has no means to ask anybody, which the log tells.
    #[must_use]
    pub fn new(source: UpgradeSource, patience: Patience) -> Option<Downloader> {
        let mut client = http::client()
            .user_agent("esim-watch")
            .connect_timeout(patience.connect)
            .read_timeout(patience.silence)
            .redirect(Policy::none());
        if http::is_own(&source.manifest) {
            client = client.no_proxy();
        }
        match client.build() {
            Ok(http) => Some(Downloader {
                source,
                http,
                patience,
            }),
            Err(error) => {
                tracing::error!(%error, "newer versions can't be looked for");
                None
            }
        }
    }

    /// Asks whether there is a version that is newer than the running one. `None`: there is none.
    ///
    /// # Errors
    /// [`UpgradeError`] if nobody answers, or with something that is no manifest of the publisher's.
    pub async fn look(
        &self,
        running: &str,
        installation: Installation,
    ) -> Result<Option<Offer>, UpgradeError> {
        let url = self.source.manifest.clone();
        // A server that sends a byte now and then must not go on for ever.
        let asked = async {
            let manifest = whole(self.get(url.clone()).await?, MAX_MANIFEST).await?;
            let mut beside = url;
            beside.set_path(&format!("{}.sig", beside.path()));
            let signature = match self.get(beside).await {
                Ok(answer) => whole(answer, MAX_SIGNATURE).await?,
                // Not there: then it is not signed. What is wrong with it is told first.
                Err(UpgradeError::Status(_)) => Vec::new(),
                Err(error) => return Err(error),
            };
            Ok((manifest, signature))
        };
        let longest = self.patience.connect + self.patience.silence * 2;
        let (bytes, signature) = tokio::time::timeout(longest, asked)
            .await
            .map_err(|_| UpgradeError::TooSlow)??;
        let signature = String::from_utf8_lossy(&signature);
        manifest::read(&self.source, &bytes, &signature, running, installation)
    }

    /// Brings the package of an offer into this folder and verifies it there. Whoever drops this on the way, and every failure,
    /// leaves no file. `told` is called for each part that came.
    ///
    /// # Errors
    /// [`UpgradeError`] if there is none, it can't be brought or written, or is not the publisher's package of that version.
    pub async fn fetch(
        &self,
        offer: &Offer,
        folder: &Path,
        mut told: impl FnMut(Downloaded) + Send,
    ) -> Result<PathBuf, UpgradeError> {
        let version = &offer.newer.version;
        let package = offer.package()?;
        let name = file_name(&package.url).ok_or(UpgradeError::Unreadable)?;
        let mut answer = self.get(package.url.clone()).await?;
        let total = answer.content_length();
        if total.is_some_and(|total| total > MAX_PACKAGE) {
            return Err(UpgradeError::TooLarge);
        }
        let mut part = Part::create(folder, name)?;
        let mut done = 0;
        while let Some(chunk) = answer.chunk().await.map_err(|error| cut_off(&error))? {
            done += chunk.len() as u64;
            if done > MAX_PACKAGE {
                return Err(UpgradeError::TooLarge);
            }
            part.write(&chunk)?;
            told(Downloaded { done, total });
        }
        let (key, signature) = (self.source.key.clone(), package.signature.clone());
        let checked = tokio::task::spawn_blocking(move || {
            part.sync()?;
            let signed =
                verify_file(&key, &signature, &part.path).map_err(|error| match error {
                    Unsigned::Wrong => UpgradeError::PackageSignature,
                    Unsigned::Unread(error) => part.error(&error),
                })?;
            Ok((part, signed))
        });
        let (part, signed) = match checked.await {
            Ok(checked) => checked?,
            Err(error) => {
                tracing::error!(%error, "verifying a package ended with a panic");
                return Err(UpgradeError::PackageSignature);
            }
        };
        if !is_of(&signed, &package.url, version) {
            return Err(UpgradeError::OtherVersion {
                signed: format!("{} {}", signed.file, signed.version),
                announced: version.clone(),
            });
        }
        Ok(part.keep())
    }

    /// The answer of an address, or of where that leads to.
    async fn get(&self, mut url: Url) -> Result<Response, UpgradeError> {
        for _ in 0..=MAX_REDIRECTS {
            if !self.source.allows(&url) {
                return Err(UpgradeError::NotSecured);
            }
            let asked = self.http.get(url.clone()).header(ACCEPT, "*/*").send();
            let answer = asked.await.map_err(|error| no_answer(&error))?;
            let status = answer.status();
            if status.is_success() {
                return Ok(answer);
            }
            if !status.is_redirection() {
                return Err(UpgradeError::Status(status.as_u16()));
            }
            let to = answer.headers().get(LOCATION);
            let to = to.and_then(|to| url.join(to.to_str().ok()?).ok());
            url = to.ok_or(UpgradeError::Status(status.as_u16()))?;
        }
        Err(UpgradeError::Stranger)
    }
}

/// A file on its way: gone unless it is kept.
struct Part {
    path: PathBuf,
    file: Option<File>,
    kept: bool,
    /// Whether its folder was made for it.
    own_folder: bool,
}

impl Part {
    fn create(folder: &Path, name: &str) -> Result<Part, UpgradeError> {
        let path = folder.join(name);
        let own_folder = !folder.exists();
        let file = private::create_folder(folder).and_then(|()| private::create_file(&path));
        let file = file.map_err(|error| file_error(&path, &error))?;
        Ok(Part {
            path,
            file: Some(file),
            kept: false,
            own_folder,
        })
    }

    /// Into the system's memory, for which nobody waits.
    fn write(&mut self, bytes: &[u8]) -> Result<(), UpgradeError> {
        let written = match &mut self.file {
            Some(file) => file.write_all(bytes),
            None => Ok(()),
        };
        written.map_err(|error| self.error(&error))
    }

    /// Onto the disk, and closed.
    fn sync(&mut self) -> Result<(), UpgradeError> {
        let synced = match self.file.take() {
            Some(file) => file.sync_all(),
            None => Ok(()),
        };
        synced.map_err(|error| self.error(&error))
    }

    fn error(&self, error: &io::Error) -> UpgradeError {
        file_error(&self.path, error)
    }

    fn keep(mut self) -> PathBuf {
        self.kept = true;
        self.path.clone()
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        // Windows deletes no file that is open.
        drop(self.file.take());
        if let Err(error) = held::remove_file(&self.path) {
            tracing::warn!(%error, "what is left of a download could not be removed");
        }
        if self.own_folder {
            // Only if nothing else is in it.
            let _ = self.path.parent().map(fs::remove_dir);
        }
    }
}

fn file_error(path: &Path, error: &io::Error) -> UpgradeError {
    UpgradeError::File {
        path: path.to_owned(),
        reason: IoReason::from(error),
    }
}

async fn whole(mut answer: Response, most: usize) -> Result<Vec<u8>, UpgradeError> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| no_answer(&error))? {
        if body.len() + chunk.len() > most {
            return Err(UpgradeError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn no_answer(error: &reqwest::Error) -> UpgradeError {
    tracing::debug!(%error, "the update server did not answer");
    match error.is_timeout() {
        true => UpgradeError::TooSlow,
        false => UpgradeError::Unreachable,
    }
}

fn cut_off(error: &reqwest::Error) -> UpgradeError {
    tracing::debug!(%error, "a download broke off");
    match error.is_timeout() {
        true => UpgradeError::TooSlow,
        false => UpgradeError::CutOff,
    }
}
