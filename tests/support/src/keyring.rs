//! The keyring of a virtual desktop: gnome-keyring, as its users run it.
//!
//! It is unlocked with a password, as a login does, and writes what it keeps to an encrypted file in the
//! desktop's home directory. Nobody is there to answer a prompt, so once locked it stays locked until it is
//! started anew.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};
use zbus::{Connection, Proxy, connection, fdo};

use crate::PATIENCE;
use crate::child::Running;
use crate::poll::eventually;
use crate::process::bound;

const PROGRAM: &str = "gnome-keyring-daemon";
const SECRETS: &str = "org.freedesktop.secrets";
const SERVICE: &str = "/org/freedesktop/secrets";
const PASSWORD: &str = "the password of the tests' login";

/// gnome-keyring, running and unlocked. Dropping it ends it; what it keeps stays in the home directory.
pub struct Keyring {
    daemon: Running,
    connection: Connection,
}

/// One secret in a keyring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What programs find it by.
    pub attributes: HashMap<String, String>,
    /// The secret itself.
    pub secret: String,
}

impl Keyring {
    /// Starts it with `env` (bus at `address`, home directory) and awaits that it is unlocked.
    pub(crate) async fn start(
        address: &str,
        env: &[(String, String)],
        folder: &Path,
    ) -> Result<Self> {
        let password = folder.join("password");
        std::fs::write(&password, PASSWORD)?;
        let mut command = bound("sh");
        // It reads the password up to the end of its input.
        command
            .args([
                "-c",
                "exec \"$1\" --foreground --unlock --components=secrets < \"$2\"",
                "sh",
            ])
            .arg(without_capabilities(folder)?)
            .arg(&password)
            .env_clear()
            .envs(env.iter().cloned());
        let daemon = Running::start(command, false)?;
        let connection = connection::Builder::address(address)?.build().await?;
        let mut keyring = Self { daemon, connection };
        let bus = fdo::DBusProxy::new(&keyring.connection).await?;
        eventually(
            PATIENCE,
            "an unlocked keyring on the session bus",
            async || {
                keyring.daemon.ensure_running()?;
                let there = bus.name_has_owner(SECRETS.try_into()?).await?;
                ensure!(there, "nobody owns {SECRETS}");
                let login = keyring.login().await?;
                let locked: bool = keyring
                    .collection(&login)
                    .await?
                    .get_property("Locked")
                    .await?;
                ensure!(!locked, "it is locked");
                Ok(())
            },
        )
        .await
        .with_context(|| keyring.daemon.log())?;
        Ok(keyring)
    }

    /// Everything that is in it.
    ///
    /// # Errors
    /// If it does not answer, or is locked.
    pub async fn kept(&self) -> Result<Vec<Kept>> {
        let service = self.service().await?;
        let plain = ("plain", Value::from(""));
        let (_, session): (OwnedValue, OwnedObjectPath) =
            service.call("OpenSession", &plain).await?;
        let everything = HashMap::<&str, &str>::new();
        let (open, locked): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) =
            service.call("SearchItems", &everything).await?;
        ensure!(locked.is_empty(), "{} secrets are locked", locked.len());
        let mut kept = Vec::new();
        for path in open {
            let item = self.proxy(&path, "org.freedesktop.Secret.Item").await?;
            let attributes = item.get_property("Attributes").await?;
            let ((_, _, secret, _),): ((OwnedObjectPath, Vec<u8>, Vec<u8>, String),) =
                item.call("GetSecret", &session).await?;
            let secret = String::from_utf8(secret)?;
            kept.push(Kept { attributes, secret });
        }
        Ok(kept)
    }

    /// Locks it, as the end of a person's session does.
    ///
    /// # Errors
    /// If it does not.
    pub async fn lock(&self) -> Result<()> {
        let login = self.login().await?;
        let (locked, _prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) =
            self.service().await?.call("Lock", &vec![&login]).await?;
        ensure!(locked == [login], "{locked:?} are locked");
        Ok(())
    }

    /// Ends it as a crash would. Nobody keeps secrets on this bus from then on.
    ///
    /// # Errors
    /// If the bus still has it.
    pub async fn kill(mut self) -> Result<()> {
        self.daemon.kill();
        let bus = fdo::DBusProxy::new(&self.connection).await?;
        eventually(PATIENCE, "a session bus without a keyring", async || {
            let there = bus.name_has_owner(SECRETS.try_into()?).await?;
            ensure!(!there, "somebody owns {SECRETS}");
            Ok(())
        })
        .await
    }

    /// The collection that the login's password opens, and that secrets go to.
    async fn login(&self) -> Result<OwnedObjectPath> {
        let path: OwnedObjectPath = self.service().await?.call("ReadAlias", &"default").await?;
        ensure!(path.as_str() != "/", "there is no default collection");
        Ok(path)
    }

    async fn service(&self) -> Result<Proxy<'_>> {
        let path = OwnedObjectPath::try_from(SERVICE)?;
        self.proxy(&path, "org.freedesktop.Secret.Service").await
    }

    async fn collection(&self, path: &OwnedObjectPath) -> Result<Proxy<'_>> {
        self.proxy(path, "org.freedesktop.Secret.Collection").await
    }

    async fn proxy(&self, path: &OwnedObjectPath, interface: &'static str) -> Result<Proxy<'_>> {
        let builder = zbus::proxy::Builder::new(&self.connection)
            .destination(SECRETS)?
            .path(path.clone())?
            .interface(interface)?
            .cache_properties(zbus::proxy::CacheProperties::No);
        Ok(builder.build().await?)
    }
}

/// A copy of the program without file capabilities. Distributions that give it the right to lock memory
/// make it impossible to start where a container withholds that right; and a program that gains rights
/// does not end with its parent.
fn without_capabilities(folder: &Path) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let installed = std::env::split_paths(&path).map(|directory| directory.join(PROGRAM));
    let installed = installed.into_iter().find(|program| program.is_file());
    let installed = installed.with_context(|| {
        format!("can't find {PROGRAM}; `cargo xtask test` installs what the tests need")
    })?;
    let copy = folder.join(PROGRAM);
    if !copy.exists() {
        std::fs::copy(installed, &copy)?;
    }
    Ok(copy)
}
