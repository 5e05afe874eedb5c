//! What programs that run are told of a new version: `latest.json`, as the Tauri updater has it, with the signature of each package;
//! and `latest.json.sig`, the manifest's own. Signatures are minisign's, made with the publisher's secret key.
//!
//! The key comes as a file by one variable and its password by another, so that neither is in a command line; nothing of either is
//! written anywhere.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minisign::{KeyPair, PublicKey, SecretKey, SecretKeyBox, SignatureBox};
use serde_json::{Map, json};
use xshell::{Shell, cmd};

use super::Kind;
use super::facts::Facts;

/// The two constants by which every program knows its publisher; the same file that they are built with.
#[path = "../../../src-tauri/core/src/upgrade/publisher.rs"]
mod publisher;

/// The variable with the file of the secret key.
pub const KEY_VARIABLE: &str = "ESIM_WATCH_SIGNING_KEY";

/// The variable with the key's password.
pub const PASSWORD_VARIABLE: &str = "ESIM_WATCH_SIGNING_PASSWORD";

/// The manifest's file name.
const MANIFEST: &str = "latest.json";

/// Whether a file in the folder of the packages is none of them.
pub fn is_beside(name: &str) -> bool {
    name.starts_with(MANIFEST)
}

/// Makes a key, and says what becomes of its two halves.
pub fn make_key(file: &Path) -> anyhow::Result<()> {
    if file.exists() {
        bail!("{} exists: a key is never written over", file.display());
    }
    let password = password().with_context(|| {
        format!("{PASSWORD_VARIABLE} has to hold the password that the key is kept under")
    })?;
    let KeyPair { pk, sk } = KeyPair::generate_encrypted_keypair(Some(password))?;
    let kept = sk.to_box(Some("eSIM Watch: signs packages"))?.into_string();
    write_private(file, &kept).with_context(|| file.display().to_string())?;
    eprintln!(
        "The secret key is in {}. Keep it and its password apart and offline: RELEASING.md says how.\n\
         The public key is for PUBLIC_KEY in src-tauri/core/src/upgrade/publisher.rs:\n\n    {}\n",
        file.display(),
        pk.to_base64()
    );
    Ok(())
}

#[cfg(unix)]
fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;

    let mut options = fs::OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)?;
    file.write_all(text.as_bytes())
}

#[cfg(not(unix))]
fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    fs::write(file, text)
}

fn password() -> Option<String> {
    std::env::var(PASSWORD_VARIABLE).ok()
}

/// Whoever signs.
struct Signer {
    secret: SecretKey,
    public: PublicKey,
}

impl Signer {
    /// The one that the environment names. `None`: it names none.
    fn from_environment() -> anyhow::Result<Option<Signer>> {
        let Some(file) = std::env::var_os(KEY_VARIABLE).map(PathBuf::from) else {
            return Ok(None);
        };
        let kept = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let kept = SecretKeyBox::from_string(&kept).context("that is no secret key of minisign")?;
        let secret = kept.into_secret_key(Some(password().unwrap_or_default()));
        // What minisign says of it might hold what it was given.
        let secret = secret.ok().with_context(|| {
            format!("the key does not open with the password in {PASSWORD_VARIABLE}")
        })?;
        let public = PublicKey::from_secret_key(&secret)?;
        Ok(Some(Signer { secret, public }))
    }

    /// A signature as manifests have it, verified.
    fn sign(&self, bytes: &[u8], file: &str, facts: &Facts) -> anyhow::Result<String> {
        let (time, version) = (facts.time, &facts.version);
        let comment = format!("timestamp:{time}\tfile:{file}\tversion:{version}");
        let signed = minisign::sign(
            Some(&self.public),
            &self.secret,
            Cursor::new(bytes),
            Some(&comment),
            None,
        )?;
        let signature = signed.into_string();
        let again = SignatureBox::from_string(&signature)?;
        minisign::verify(&self.public, &again, Cursor::new(bytes), true, false, false)?;
        Ok(STANDARD.encode(signature))
    }
}

/// Signs what was packed, if there is a key.
pub fn sign(sh: &Shell, facts: &Facts, kinds: &[Kind]) -> anyhow::Result<()> {
    let Some(signer) = Signer::from_environment()? else {
        eprintln!("not signed: {KEY_VARIABLE} names no key, so programs that run are told nothing");
        return Ok(());
    };
    let address = publisher::MANIFEST_URL;
    if address.contains(".example/") {
        bail!("MANIFEST_URL in src-tauri/core/src/upgrade/publisher.rs is the placeholder still");
    }
    if signer.public.to_base64() != publisher::PUBLIC_KEY {
        bail!(
            "the key is not the one whose public half is PUBLIC_KEY in src-tauri/core/src/upgrade/publisher.rs: programs would \
             refuse what it signs"
        );
    }
    write(sh, facts, kinds, &signer, address)
}

fn write(
    sh: &Shell,
    facts: &Facts,
    kinds: &[Kind],
    signer: &Signer,
    address: &str,
) -> anyhow::Result<()> {
    let beside = address
        .strip_suffix(MANIFEST)
        .with_context(|| format!("{address} does not end in {MANIFEST}"))?;
    let mut platforms = Map::new();
    for kind in kinds {
        let name = kind.package(sh, facts)?;
        let package = fs::read(facts.out.join(&name))?;
        let signature = signer.sign(&package, &name, facts)?;
        let entry = json!({ "url": format!("{beside}{name}"), "signature": signature });
        platforms.insert(platform(*kind).to_owned(), entry);
        eprintln!("signed: {name}");
    }
    let at = format!("--date=@{}", facts.time);
    let published = cmd!(sh, "date --utc {at} +%Y-%m-%dT%H:%M:%SZ")
        .quiet()
        .read()?;
    let newest = facts.changes.first().context("nothing is new")?;
    let notes: Vec<String> = newest
        .lines
        .iter()
        .map(|line| format!("- {line}"))
        .collect();
    let manifest = json!({
        "version": facts.version,
        "notes": notes.join("\n"),
        "pub_date": published,
        "platforms": platforms,
    });
    let manifest = serde_json::to_string_pretty(&manifest)? + "\n";
    let signature = signer.sign(manifest.as_bytes(), MANIFEST, facts)?;
    fs::write(facts.out.join(MANIFEST), &manifest)?;
    fs::write(facts.out.join(format!("{MANIFEST}.sig")), signature)?;
    Ok(())
}

/// What the program looks for in a manifest (`upgrade/installation.rs` in core).
fn platform(kind: Kind) -> &'static str {
    match kind {
        Kind::Deb => "linux-x86_64-deb",
        Kind::Rpm => "linux-x86_64-rpm",
        Kind::Tarball => "linux-x86_64-tarball",
        Kind::Setup => "windows-x86_64-nsis",
        Kind::Zip => "windows-x86_64-zip",
    }
}

#[cfg(test)]
mod tests {
    use super::super::changes::Change;
    use super::*;

    fn facts(folder: &Path) -> Facts {
        Facts {
            programs: PathBuf::new(),
            root: folder.to_owned(),
            target: folder.to_owned(),
            out: folder.to_owned(),
            work: folder.to_owned(),
            version: "0.2.0".to_owned(),
            time: 1_764_400_000,
            changes: vec![Change {
                version: "0.2.0".to_owned(),
                day: "2026-11-29".to_owned(),
                lines: vec!["One thing.".to_owned(), "Another.".to_owned()],
            }],
        }
    }

    fn signer() -> Signer {
        let KeyPair { pk, sk } = KeyPair::generate_unencrypted_keypair().unwrap();
        Signer {
            secret: sk,
            public: pk,
        }
    }

    /// What the signature of a file says, if it is the signer's.
    fn comment(signer: &Signer, signature: &str, bytes: &[u8]) -> String {
        let text = String::from_utf8(STANDARD.decode(signature).unwrap()).unwrap();
        let signature = SignatureBox::from_string(&text).unwrap();
        minisign::verify(
            &signer.public,
            &signature,
            Cursor::new(bytes),
            true,
            false,
            false,
        )
        .unwrap();
        signature.trusted_comment().unwrap()
    }

    #[test]
    fn the_manifest_names_each_package_with_its_signature_and_is_signed_itself() {
        let dir = std::env::temp_dir().join(format!("esim-watch-publish-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let (facts, signer, sh) = (facts(&dir), signer(), Shell::new().unwrap());
        let kinds = [Kind::Setup, Kind::Tarball];
        for kind in kinds {
            let name = kind.package(&sh, &facts).unwrap();
            fs::write(dir.join(&name), format!("the bytes of {name}")).unwrap();
        }
        write(&sh, &facts, &kinds, &signer, "https://a.test/w/latest.json").unwrap();
        let text = fs::read_to_string(dir.join(MANIFEST)).unwrap();
        let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(manifest["version"], "0.2.0");
        assert_eq!(manifest["notes"], "- One thing.\n- Another.");
        assert_eq!(manifest["pub_date"], "2025-11-29T07:06:40Z");
        let name = "esim-watch-0.2.0-windows-x64-setup.exe";
        let package = &manifest["platforms"]["windows-x86_64-nsis"];
        assert_eq!(package["url"], format!("https://a.test/w/{name}"));
        let signature = package["signature"].as_str().unwrap();
        assert_eq!(
            comment(
                &signer,
                signature,
                format!("the bytes of {name}").as_bytes()
            ),
            format!("timestamp:1764400000\tfile:{name}\tversion:0.2.0")
        );
        let own = fs::read_to_string(dir.join("latest.json.sig")).unwrap();
        assert_eq!(
            comment(&signer, &own, text.as_bytes()),
            "timestamp:1764400000\tfile:latest.json\tversion:0.2.0"
        );
        assert_eq!(manifest["platforms"].as_object().unwrap().len(), 2);
        fs::remove_dir_all(&dir).unwrap();
    }

    #[test]
    fn a_secret_key_is_its_owners_alone_and_opens_with_its_password() {
        let dir = std::env::temp_dir().join(format!("esim-watch-key-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let file = dir.join("key");
        write_private(&file, "x").unwrap();
        assert!(
            write_private(&file, "y").is_err(),
            "it is never written over"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::remove_dir_all(&dir).unwrap();
    }
}
