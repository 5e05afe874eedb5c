//! HTTP clients: the one place that says what their TLS is made of. Must not know whom they talk to.

use std::net::IpAddr;

use reqwest::Url;

/// What an HTTP client is made of: TLS by rustls on ring, trusting what the system trusts.
pub fn client() -> reqwest::ClientBuilder {
    // Whoever chose another one for the whole program before had a reason.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
}

/// Whether an address is this computer's own.
pub(crate) fn is_own(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
