//! Payloads as Roamify writes them, in either envelope, and the sample files. Knows the wire format and nothing of the
//! program, so that core's own tests can use it as those of whole programs do.

use std::io;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

/// Seconds since the epoch, now.
#[must_use]
pub fn now() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// Who an eSIM is. Numbered ones are all different and always the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Esim {
    /// 19 digits, as text.
    pub iccid: String,
    /// A UUID.
    pub esim_id: String,
    /// The partner's order reference.
    pub reference: String,
}

impl Esim {
    /// The eSIM with this number; its ICCID ends in it.
    #[must_use]
    pub fn numbered(number: u32) -> Self {
        Self {
            iccid: format!("894450010219{number:07}"),
            esim_id: format!("5ca1ab1e-0000-4000-8000-{number:012}"),
            reference: format!("TRIP-{number:04}"),
        }
    }

    /// What a person reads off it: the ICCID's last six digits.
    #[must_use]
    pub fn last_six(&self) -> &str {
        self.iccid
            .get(self.iccid.len().saturating_sub(6)..)
            .unwrap_or(&self.iccid)
    }

    /// A status change of this eSIM, now.
    #[must_use]
    pub fn status(&self, status: &str) -> Payload {
        Payload::status(status)
            .iccid(&self.iccid)
            .esim_id(&self.esim_id)
            .reference(&self.reference)
    }

    /// A usage report of this eSIM, now: megabytes allowed and left.
    #[must_use]
    pub fn usage(&self, allowed: f64, remaining: f64) -> Payload {
        let mut usage = self
            .status("ACTIVATED")
            .set("package_id", "esim-europe-30days-10gb-all");
        usage.kind = "usage".into();
        usage
            .set("package_name", "10 GB - 30 Days")
            .set("data_units", "MB")
            .set(
                "usage_data",
                json!({
                    "isUnlimited": false, "allowed_data": allowed, "remaining_data": remaining,
                    "allowed_sms": 0, "remaining_sms": 0, "allowed_voice": 0, "remaining_voice": 0,
                }),
            )
            .set("usage_list", json!([]))
    }
}

/// One event, before it is put into an envelope.
#[derive(Debug, Clone)]
pub struct Payload {
    category: String,
    kind: String,
    event_id: Option<String>,
    data: Map<String, Value>,
    flat: bool,
}

impl Payload {
    /// An event of any category and type that happened now, in the current (nested) envelope.
    #[must_use]
    pub fn new(category: &str, kind: &str) -> Self {
        let (category, kind) = (category.into(), kind.into());
        Self {
            category,
            kind,
            event_id: None,
            data: Map::new(),
            flat: false,
        }
        .at(now())
    }

    /// A status change of an eSIM that is yet to be named.
    #[must_use]
    pub fn status(status: &str) -> Self {
        Self::new("esim", "status").set("status", status)
    }

    /// A change of the partner's balance: `low_balance`, `insufficient_balance` or `top_up`.
    #[must_use]
    pub fn balance(kind: &str, balance: f64, currency: &str) -> Self {
        Self::new("partner", kind)
            .set("balance", balance)
            .set("currency", currency)
    }

    /// A decision on a refund: `refunded` or `rejected`.
    #[must_use]
    pub fn refund(kind: &str, refund_id: &str, esim: &Esim) -> Self {
        let mut refund = Self::new("refund", kind).set("refund_id", refund_id);
        refund.event_id = Some(format!("rfd_{refund_id}_{kind}"));
        refund
            .set("status", kind.to_uppercase())
            .set("product_type", "esim")
            .esim_id(&esim.esim_id)
            .iccid(&esim.iccid)
    }

    /// An order through the partner's affiliate link.
    #[must_use]
    pub fn order(order_id: &str, total: f64, currency: &str, status: &str) -> Self {
        Self::new("affiliate", "order")
            .set("partner_name", "Blue Harbour Travel")
            .set("commission_rate", 12.5)
            .set("commission_amount", total / 8.0)
            .set(
                "order_data",
                json!({
                    "order_id": order_id, "order_total": total, "order_subtotal": total,
                    "order_adjustment": 0, "order_discount": 0, "order_currency": currency,
                    "order_status": status, "order_items": [],
                }),
            )
    }

    /// The sender's own id of the event.
    #[must_use]
    pub fn event_id(mut self, id: &str) -> Self {
        self.event_id = Some(id.into());
        self
    }

    /// Names the eSIM by its ICCID.
    #[must_use]
    pub fn iccid(self, iccid: &str) -> Self {
        self.set("iccid", iccid)
    }

    /// Names the eSIM by its id.
    #[must_use]
    pub fn esim_id(self, esim_id: &str) -> Self {
        self.set("esim_id", esim_id)
    }

    /// The partner's order reference.
    #[must_use]
    pub fn reference(self, reference: &str) -> Self {
        self.set("reference_id", reference)
    }

    /// When it happened, in seconds since the epoch.
    #[must_use]
    pub fn at(self, seconds: i64) -> Self {
        self.set("timestamp", seconds)
    }

    /// The usage period, in seconds since the epoch.
    #[must_use]
    pub fn period(self, start: i64, end: i64) -> Self {
        self.set("start", start).set("end", end)
    }

    /// Any other field, or another value for one.
    #[must_use]
    pub fn set(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.data.insert(name.into(), value.into());
        self
    }

    /// Leaves a field out.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.data.remove(name);
        self
    }

    /// In the older envelope: everything side by side.
    #[must_use]
    pub fn flat(mut self) -> Self {
        self.flat = true;
        self
    }

    /// In the current envelope: everything under `data`.
    #[must_use]
    pub fn nested(mut self) -> Self {
        self.flat = false;
        self
    }

    /// The whole body as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        let mut body = Map::new();
        body.insert("event_category".into(), self.category.clone().into());
        body.insert("event_type".into(), self.kind.clone().into());
        if let Some(id) = &self.event_id {
            body.insert("event_id".into(), id.clone().into());
        }
        if self.flat {
            body.extend(self.data.clone());
        } else {
            body.insert("data".into(), self.data.clone().into());
        }
        Value::Object(body)
    }

    /// The bytes that are signed and sent.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.json().to_string().into_bytes()
    }
}

/// One of the sample files in `tests/samples/`.
#[derive(Debug, Clone)]
pub struct Sample {
    /// File name without `.json`: `esim-status.flat`.
    pub name: String,
    /// The file, byte for byte.
    pub bytes: Vec<u8>,
}

/// All sample files, by name.
///
/// # Errors
/// If they can't be read.
pub fn samples() -> io::Result<Vec<Sample>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../samples");
    let mut samples = Vec::new();
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        let is_json = path.extension().is_some_and(|ending| ending == "json");
        if let (true, Some(name)) = (is_json, path.file_stem()) {
            let name = name.to_string_lossy().into_owned();
            samples.push(Sample {
                name,
                bytes: std::fs::read(&path)?,
            });
        }
    }
    samples.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(samples)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_envelopes_have_the_shape_of_the_samples() {
        let samples = samples().unwrap();
        assert_eq!(samples.len(), 9);
        let sample = |name: &str| -> Value {
            let found = samples.iter().find(|sample| sample.name == name).unwrap();
            serde_json::from_slice(&found.bytes).unwrap()
        };
        let payload = Payload::status("ACTIVATED")
            .iccid("8944500102198304826")
            .esim_id("0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11")
            .reference("TRIP-20251127-ROSSI")
            .at(1_764_230_400)
            .period(1_764_230_400, 1_764_835_200);
        assert_eq!(payload.clone().flat().json(), sample("esim-status.flat"));
        let expired = payload.at(1_764_835_205).set("status", "EXPIRED").nested();
        assert_eq!(expired.json(), sample("esim-status.nested"));
    }

    #[test]
    fn numbered_esims_end_in_their_number() {
        assert_eq!(Esim::numbered(42).iccid, "8944500102190000042");
        assert_eq!(Esim::numbered(42).last_six(), "000042");
    }
}
