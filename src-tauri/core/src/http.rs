//! HTTP clients: the one place that says what their TLS is made of. Must not know whom they talk to.

/// What an HTTP client is made of: TLS by rustls on ring, trusting what the system trusts.
pub fn client() -> reqwest::ClientBuilder {
    // Whoever chose another one for the whole program before had a reason.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
}
