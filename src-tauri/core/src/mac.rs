//! HMAC-SHA256 (RFC 2104), for signatures and for comparing texts in a time that tells nothing.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// The tag of these bytes, not yet finished.
pub(crate) fn hmac_sha256(key: &[u8], bytes: &[u8]) -> Hmac<Sha256> {
    let mut mac = match Hmac::<Sha256>::new_from_slice(key) {
        Ok(mac) => mac,
        Err(_) => unreachable!("HMAC takes a key of any length (RFC 2104)"),
    };
    mac.update(bytes);
    mac
}

/// Whether two texts are the same, in a time that tells no more of them than their length.
#[must_use]
pub(crate) fn same_text(known: &str, claimed: &str) -> bool {
    known.as_bytes().ct_eq(claimed.as_bytes()).into()
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
