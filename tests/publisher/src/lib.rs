//! A publisher of newer versions on this computer, for tests: a key, signatures, a manifest, and a server that answers as it is
//! told, well or badly. Knows nothing of the program.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "of tests: what fails here is to end them"
)]

mod server;

use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minisign::KeyPair;
use serde_json::json;

pub use server::{Reply, Server};

/// The manifest's path.
pub const MANIFEST: &str = "/latest.json";

/// Somebody with a key.
pub struct Signer {
    keys: KeyPair,
}

impl Default for Signer {
    fn default() -> Self {
        Self::new()
    }
}

impl Signer {
    /// Somebody with a key of their own.
    #[must_use]
    pub fn new() -> Signer {
        let keys = KeyPair::generate_unencrypted_keypair().expect("a key");
        Signer { keys }
    }

    /// The public key, as programs have it.
    #[must_use]
    pub fn public_key(&self) -> String {
        self.keys.pk.to_base64()
    }

    /// The signature of a file of this name and version, as a manifest has it.
    #[must_use]
    pub fn sign(&self, bytes: &[u8], file: &str, version: &str) -> String {
        let comment = format!("timestamp:1764400000\tfile:{file}\tversion:{version}");
        self.sign_with(bytes, &comment)
    }

    /// The same with any trusted comment.
    #[must_use]
    pub fn sign_with(&self, bytes: &[u8], comment: &str) -> String {
        let (public, secret) = (Some(&self.keys.pk), &self.keys.sk);
        let signed = minisign::sign(public, secret, Cursor::new(bytes), Some(comment), None);
        STANDARD.encode(signed.expect("a signature").into_string())
    }
}

/// One version with its package.
#[derive(Debug, Clone)]
pub struct Release {
    /// As `0.2.0`.
    pub version: String,
    /// What is new.
    pub notes: String,
    /// The package's file name.
    pub file: String,
    /// Its content.
    pub content: Vec<u8>,
    /// Platforms that it is for, as manifests name them.
    pub platforms: Vec<String>,
}

impl Release {
    /// A version with one package for every kind of installation on this kind of computer.
    #[must_use]
    pub fn of(version: &str) -> Release {
        let arch = std::env::consts::ARCH;
        let kinds = [
            "windows-{}-nsis",
            "windows-{}-zip",
            "linux-{}-deb",
            "linux-{}-rpm",
            "linux-{}-tarball",
        ];
        Release {
            version: version.to_owned(),
            notes: format!("- What is new in {version}."),
            file: format!("esim-watch-{version}.package"),
            content: format!("the package of {version}\n").repeat(4000).into(),
            platforms: kinds.map(|kind| kind.replace("{}", arch)).to_vec(),
        }
    }

    /// The manifest, of a package at this address with this signature.
    #[must_use]
    pub fn manifest(&self, url: &str, signature: &str) -> Vec<u8> {
        let package = json!({ "url": url, "signature": signature });
        let platforms = self.platforms.iter();
        let platforms: serde_json::Map<_, _> = platforms
            .map(|name| (name.clone(), package.clone()))
            .collect();
        let manifest = json!({
            "version": self.version,
            "notes": self.notes,
            "pub_date": "2026-11-29T12:00:00Z",
            "platforms": platforms,
        });
        manifest.to_string().into_bytes()
    }

    /// Has a server publish it, all as it should be.
    pub fn publish(&self, server: &Server, signer: &Signer) {
        let signature = signer.sign(&self.content, &self.file, &self.version);
        self.publish_as(server, signer, &signature);
        let path = format!("/{}", self.file);
        server.answer(&path, Reply::Content(self.content.clone()));
    }

    /// Has a server publish its manifest alone, in which the package has this signature.
    pub fn publish_as(&self, server: &Server, signer: &Signer, signature: &str) {
        let manifest = self.manifest(&server.url(&format!("/{}", self.file)), signature);
        let signed = signer.sign(&manifest, "latest.json", &self.version);
        server.answer(MANIFEST, Reply::Content(manifest));
        server.answer(&format!("{MANIFEST}.sig"), Reply::Content(signed.into()));
    }
}
