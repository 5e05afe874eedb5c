//! Signatures of minisign, as the Tauri updater has them: the whole text of the `.minisig` file in base64, made of the file's
//! hash (no legacy signatures), with `file:` and `version:` in the trusted comment.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minisign_verify::{PublicKey, Signature};

/// What is read of a file at once, bytes.
const BLOCK: usize = 256 * 1024;

/// What a signature says of what it signs; believed once it was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The name of the file.
    pub file: String,
    /// The version that it is of.
    pub version: String,
}

/// Why a file is not believed.
#[derive(Debug)]
pub enum Unsigned {
    /// It is not signed, or by somebody else, or another file is.
    Wrong,
    /// It can't be read.
    Unread(io::Error),
}

/// What the signature says of these bytes, if they are signed with this key.
pub fn verify_bytes(key: &PublicKey, signature: &str, bytes: &[u8]) -> Option<Signed> {
    let signature = read(signature)?;
    key.verify(bytes, &signature, false).ok()?;
    signed(&signature)
}

/// What the signature says of this file, if it is signed with this key. Read again from the disk: what counts is what is there
/// now, and not what was sent. Blocks.
pub fn verify_file(key: &PublicKey, signature: &str, path: &Path) -> Result<Signed, Unsigned> {
    let signature = read(signature).ok_or(Unsigned::Wrong)?;
    let mut verifier = key.verify_stream(&signature).map_err(|_| Unsigned::Wrong)?;
    let mut file = File::open(path).map_err(Unsigned::Unread)?;
    let mut block = vec![0; BLOCK];
    loop {
        match file.read(&mut block).map_err(Unsigned::Unread)? {
            0 => break,
            length => verifier.update(block.get(..length).unwrap_or_default()),
        }
    }
    verifier.finalize().map_err(|_| Unsigned::Wrong)?;
    signed(&signature).ok_or(Unsigned::Wrong)
}

fn read(text: &str) -> Option<Signature> {
    let text = STANDARD.decode(text.trim()).ok()?;
    Signature::decode(std::str::from_utf8(&text).ok()?).ok()
}

/// `timestamp:1700000000⇥file:latest.json⇥version:1.2.3`.
fn signed(signature: &Signature) -> Option<Signed> {
    let field = |name: &str| {
        let mut fields = signature.trusted_comment().split('\t');
        fields.find_map(|field| field.strip_prefix(name)?.strip_prefix(':'))
    };
    Some(Signed {
        file: field("file")?.to_owned(),
        version: field("version")?.to_owned(),
    })
}
