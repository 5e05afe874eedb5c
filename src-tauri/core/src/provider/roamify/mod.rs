//! Roamify: all that this program knows of it. Its documentation changed over time and contradicts itself in places, so
//! every form that it ever described is understood.
//!
//! In: the raw bytes of one delivery, in either envelope (flat as in the seed document, nested under `data` as
//! documented now). Out: one [`Event`], always, unless the bytes are no JSON object.

mod api;
mod details;
mod fields;
mod parse;
mod signature;
mod times;
mod units;

use serde_json::json;

use super::{HasApi, Header, Provider, Signature, SupportWords, Unreadable};
use crate::event::{Event, ProviderId, Status};
use crate::secret::Secret;
use parse::{PROVIDER, TEST_CATEGORY, TEST_TYPE, parse};
use signature::SIGNATURE_HEADER;

/// Headers of its own, whatever they are called.
const OWN_HEADERS: &str = "x-roamify-";

/// Sends webhooks about eSIMs, the partner's balance, orders and refunds.
#[derive(Debug, Clone, Copy)]
pub struct Roamify;

impl Provider for Roamify {
    fn id(&self) -> ProviderId {
        PROVIDER
    }

    fn name(&self) -> &'static str {
        "roamify"
    }

    fn display_name(&self) -> &'static str {
        "Roamify"
    }

    fn signature_header(&self) -> &'static str {
        "X-Roamify-Signature"
    }

    fn brings_signature(&self, header: &Header<'_>) -> bool {
        header(SIGNATURE_HEADER).is_some()
    }

    fn signature_fits(&self, header: &Header<'_>, body: &[u8], secret: &Secret) -> bool {
        header(SIGNATURE_HEADER)
            .is_some_and(|claimed| signature::verify(secret.reveal(), body, claimed))
    }

    fn sign(&self, body: &[u8], secret: &str) -> Signature {
        Signature {
            header: SIGNATURE_HEADER,
            value: signature::sign(secret, body),
        }
    }

    fn keeps_header(&self, name: &str) -> bool {
        name.starts_with(OWN_HEADERS) && name != SIGNATURE_HEADER
    }

    fn read(&self, body: &[u8]) -> Result<Event, Unreadable> {
        parse(body)
    }

    /// To the byte what the documentation asks for.
    fn acknowledgement(&self) -> &'static str {
        r#"{"code":200,"status":"success"}"#
    }

    /// READY stands in the API's list only, DOWNLOADED in the API's histories only.
    fn sends(&self, status: &Status) -> bool {
        !matches!(status, Status::Ready | Status::Downloaded)
    }

    fn test_event(&self, id: &str, at: i64) -> Vec<u8> {
        json!({
            "event_category": TEST_CATEGORY,
            "event_type": TEST_TYPE,
            "event_id": id,
            "data": { "timestamp": at },
        })
        .to_string()
        .into_bytes()
    }

    fn support_words(&self) -> SupportWords {
        SupportWords {
            iccid: "ICCID",
            esim_id: "eSIM id",
            reference_id: "Order reference",
            package: "Package",
        }
    }

    fn api(&self) -> Option<&'static dyn HasApi> {
        Some(&api::RoamifyApi)
    }
}

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
