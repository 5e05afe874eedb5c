//! What the traffic promises, read back from its bytes.

mod features;
mod lives;

use serde_json::Value;

use super::delivery::Delivery;
use super::traffic::{Plan, Traffic};

const BASE: i64 = 1_795_737_600;
/// The command's defaults.
const RATE: f64 = 10.0;
const COUNT: usize = 600;

fn plan(seed: u64) -> Plan {
    Plan {
        esims: 100,
        rate: RATE,
        seed,
        base: BASE,
    }
}

fn deliveries(plan: Plan, count: usize) -> Vec<Delivery> {
    Traffic::new(plan).take(count).collect()
}

/// A payload read the way a tolerant receiver would.
struct Told {
    flat: bool,
    category: String,
    kind: String,
    fields: Value,
    raw: String,
}

impl Told {
    fn read(body: &[u8]) -> Self {
        let all: Value = serde_json::from_slice(body).unwrap();
        let flat = all.get("data").is_none();
        Self {
            flat,
            category: all["event_category"].as_str().unwrap().to_owned(),
            kind: all["event_type"].as_str().unwrap().to_owned(),
            fields: if flat {
                all.clone()
            } else {
                all["data"].clone()
            },
            raw: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    fn text(&self, field: &str) -> Option<&str> {
        self.fields[field].as_str().filter(|text| !text.is_empty())
    }

    fn at(&self) -> i64 {
        let at = &self.fields["timestamp"];
        let at = at
            .as_i64()
            .unwrap_or_else(|| at.as_str().unwrap().parse().unwrap());
        if at > 100_000_000_000 { at / 1000 } else { at }
    }
}
