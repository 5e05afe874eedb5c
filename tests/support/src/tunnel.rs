//! A tunnel on this computer: a public end with TLS, whose certificate the program is told to trust, and
//! bytes that go through to the program's port. What cloudflared does, without the internet in between.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tempfile::TempDir;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::internet::PUBLIC_NAME;

/// A certificate for the public name of tunnels, and the file that a program has to trust.
pub struct Authority {
    config: Arc<ServerConfig>,
    folder: TempDir,
}

impl Authority {
    /// Makes one.
    ///
    /// # Errors
    /// If its file can't be written.
    pub fn new() -> Result<Self> {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(vec![PUBLIC_NAME.to_owned()])?;
        let folder = TempDir::with_prefix("authority-")?;
        std::fs::write(folder.path().join(FILE), cert.pem())?;
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let provider = Arc::new(ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)?;
        Ok(Self {
            config: Arc::new(config),
            folder,
        })
    }

    /// The file to trust, in PEM.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        self.folder.path().join(FILE)
    }

    /// The folder that holds it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

const FILE: &str = "tunnel.pem";

/// A running tunnel; ends when it is dropped.
pub struct Tunnel {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Tunnel {
    /// Opens a public end that leads to this port.
    ///
    /// # Errors
    /// If no port is free.
    pub async fn open(authority: &Authority, port: u16) -> Result<Self> {
        let public = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = public.local_addr().context("its own address")?;
        let acceptor = TlsAcceptor::from(Arc::clone(&authority.config));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = public.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    // Whoever breaks off has got what it wanted.
                    if let (Ok(mut outside), Ok(mut inside)) = (
                        acceptor.accept(stream).await,
                        TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await,
                    ) {
                        let _ = copy_bidirectional(&mut outside, &mut inside).await;
                    }
                });
            }
        });
        Ok(Self { address, task })
    }

    /// Its public address, which leads there by [`crate::Internet`] only.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://{PUBLIC_NAME}:{}", self.address.port())
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.task.abort();
    }
}
