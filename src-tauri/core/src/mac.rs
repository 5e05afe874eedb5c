//! HMAC-SHA256 (RFC 2104), for signatures and for comparing texts in a time that tells nothing.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The tag of these bytes, not yet finished.
pub(crate) fn hmac_sha256(key: &[u8], bytes: &[u8]) -> Hmac<Sha256> {
    let mut mac = match Hmac::<Sha256>::new_from_slice(key) {
        Ok(mac) => mac,
        Err(_) => unreachable!("HMAC takes a key of any length (RFC 2104)"),
    };
    mac.update(bytes);
    mac
}

/// Whether two texts are the same, in a time that does not tell how much of them is.
#[must_use]
pub(crate) fn same_text(known: &str, claimed: &str) -> bool {
    // Equal tags under one key: the texts themselves are never compared byte by byte.
    let key = known.as_bytes();
    let tag = hmac_sha256(key, claimed.as_bytes()).finalize().into_bytes();
    hmac_sha256(key, key).verify_slice(&tag).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_texts() {
        assert!(same_text("token", "token"));
        assert!(!same_text("token", "tokem"));
        assert!(!same_text("token", ""));
    }
}
