//! A provider for tests: another envelope, another signature, status events only. Shows that [`Provider`] is enough.

use serde::Deserialize;

use super::{Header, Provider, Signature, SupportWords, Unreadable};
use crate::event::{Event, EventKind, Keys, Problem, ProviderId, Status, Usage};
use crate::mac::hmac_sha256;
use crate::secret::Secret;
use ::hmac::Mac;

/// Brings word of eSIMs' statuses.
pub(crate) struct Pigeon;

/// Its number, far from any real one.
pub(crate) const PIGEON: ProviderId = ProviderId::new(1_000);

/// `{"sim":"…","number":"…","state":"…","at":…}`
#[derive(Deserialize)]
struct Word {
    sim: Option<String>,
    number: Option<String>,
    state: String,
    at: i64,
}

/// The signature of the time that a header names, a dot, and the body.
fn signature(at: &[u8], body: &[u8], secret: &str) -> Vec<u8> {
    let signed = [at, b".", body].concat();
    let tag = hmac_sha256(secret.as_bytes(), &signed).finalize();
    hex::encode_upper(tag.into_bytes()).into_bytes()
}

impl Provider for Pigeon {
    fn id(&self) -> ProviderId {
        PIGEON
    }

    fn name(&self) -> &'static str {
        "pigeon"
    }

    fn display_name(&self) -> &'static str {
        "Pigeon Post"
    }

    fn signature_header(&self) -> &'static str {
        "Pigeon-Seal"
    }

    fn brings_signature(&self, header: &Header<'_>) -> bool {
        header("pigeon-seal").is_some() && header("pigeon-time").is_some()
    }

    fn signature_fits(&self, header: &Header<'_>, body: &[u8], secret: &Secret) -> bool {
        match (header("pigeon-seal"), header("pigeon-time")) {
            (Some(seal), Some(at)) => seal == signature(at, body, secret.reveal()),
            _ => false,
        }
    }

    fn sign(&self, body: &[u8], secret: &str) -> Signature {
        let value = String::from_utf8_lossy(&signature(b"17", body, secret)).into_owned();
        Signature {
            header: "pigeon-seal",
            value,
        }
    }

    fn keeps_header(&self, name: &str) -> bool {
        name == "pigeon-time"
    }

    fn read(&self, body: &[u8]) -> Result<Event, Unreadable> {
        if body.is_empty() {
            return Err(Unreadable::Empty);
        }
        let word: Word =
            serde_json::from_slice(body).map_err(|error| Unreadable::NotJson(error.to_string()))?;
        let status = Status::from_text(&word.state);
        let (sim, number) = (word.sim.as_deref(), word.number.as_deref());
        let keys = Keys(PIGEON);
        let key = keys.of_status(sim, number, &status, word.at);
        let problem = if key.is_none() {
            Some(Problem::NoEsim)
        } else if status.is_known() {
            None
        } else {
            Some(Problem::naming(Problem::UnknownStatus, status.as_str()))
        };
        Ok(Event {
            provider: PIGEON,
            key: key.unwrap_or_else(|| keys.of_raw(body)),
            kind: EventKind::EsimStatus,
            occurred_at: Some(word.at),
            unbelieved_at: None,
            esim_id: word.sim,
            iccid: word.number,
            reference_id: None,
            reference_written: None,
            status: Some(status),
            period_start: None,
            period_end: None,
            usage: Usage::default(),
            details: None,
            problem,
        })
    }

    fn acknowledgement(&self) -> &'static str {
        "{}"
    }

    fn test_event(&self, id: &str, at: i64) -> Vec<u8> {
        format!(r#"{{"sim":"{id}","state":"UNKNOWN","at":{at}}}"#).into_bytes()
    }

    fn support_words(&self) -> SupportWords {
        SupportWords {
            iccid: "Ring",
            esim_id: "SIM",
            reference_id: "Loft",
            package: "Load",
        }
    }
}
