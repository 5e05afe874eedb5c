//! `X-Roamify-Signature`: HMAC-SHA256 over the raw body bytes, in hexadecimal.
//!
//! Knows bytes and secrets only; nothing of HTTP or of what the body says.

use hmac::Mac;

use crate::mac::hmac_sha256;

/// The header that carries the signature.
pub const SIGNATURE_HEADER: &str = "x-roamify-signature";

/// The signature that Roamify would send for `body`: lowercase hex HMAC-SHA256, keyed with the
/// secret's UTF-8 bytes.
#[must_use]
pub fn sign(secret: &str, body: &[u8]) -> String {
    hex::encode(hmac_sha256(secret.as_bytes(), body).finalize().into_bytes())
}

/// Whether `header` is a signature of `body` under `secret`, compared in constant time. Accepts hex
/// in either case and an optional `sha256=` in front.
#[must_use]
pub fn verify(secret: &str, body: &[u8], header: &[u8]) -> bool {
    let digits = header.trim_ascii();
    let digits = digits.strip_prefix(b"sha256=").unwrap_or(digits);
    let mut claimed = [0; 32];
    hex::decode_to_slice(digits, &mut claimed).is_ok()
        && hmac_sha256(secret.as_bytes(), body)
            .verify_slice(&claimed)
            .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 4231, test case 2.
    const RFC: &str = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    const BODY: &[u8] = b"what do ya want for nothing?";

    #[test]
    fn signs_as_rfc_4231_says() {
        assert_eq!(sign("Jefe", BODY), RFC);
    }

    #[test]
    fn accepts_either_case_and_a_prefix() {
        assert!(verify("Jefe", BODY, RFC.as_bytes()));
        assert!(verify("Jefe", BODY, RFC.to_uppercase().as_bytes()));
        assert!(verify("Jefe", BODY, format!(" sha256={RFC} ").as_bytes()));
    }

    #[test]
    fn refuses_another_body_secret_length_or_alphabet() {
        assert!(!verify(
            "Jefe",
            b"what do ya want for nothing!",
            RFC.as_bytes()
        ));
        assert!(!verify("jefe", BODY, RFC.as_bytes()));
        assert!(!verify("Jefe", BODY, &RFC.as_bytes()[..62]));
        assert!(!verify("Jefe", BODY, b""));
        assert!(!verify("Jefe", BODY, b"not hexadecimal"));
    }
}
