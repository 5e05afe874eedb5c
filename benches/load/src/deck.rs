//! The requests: numbered events, written and signed before the clock runs, so that the generator
//! does nothing but send.
//!
//! Event `n` is always the same one, and no two are alike. They come in order of time and go round
//! all eSIMs, so that every row is visited equally often and none stays near by chance.

use std::fmt::Write as _;
use std::io::Write as _;

use esim_watch_core::provider::sign;

/// What the servers and the generator share.
pub const SECRET: &str = "whsec_5Zq0kq8s9uY2nV7c";

/// Length of a webhook path's token: 128 bits in hexadecimal.
pub const TOKEN: usize = 32;

/// When event 0 happened, UTC seconds.
const BEGIN: u64 = 1_764_000_000;

/// Events in a second of the payloads' own time.
const PER_SECOND: u64 = 50;

/// The same of plain status events.
const STATUS_PER_SECOND: u64 = 1000;

const PATH: &str = "POST /hooks/";

/// Who event `n` is about, and when it happened: together they name it.
pub type Identity = (i64, String);

/// Signed requests, ready to be sent.
pub struct Deck {
    events: Vec<u64>,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Deck {
    /// The requests that bring these events of so many eSIMs to the server with this token.
    pub fn new(events: impl IntoIterator<Item = u64>, esims: u64, token: &str) -> Deck {
        Deck::of(events, token, |body, n| write_body(body, n, esims))
    }

    /// Flat status events alone, of some 250 bytes: first one of each eSIM, then the next of each. What happened
    /// in the same second has the same timestamp, so neither the eSIMs nor the keys come in order.
    pub fn statuses(events: impl IntoIterator<Item = u64>, esims: u64, token: &str) -> Deck {
        Deck::of(events, token, |body, n| write_status(body, n, esims))
    }

    fn of(
        events: impl IntoIterator<Item = u64>,
        token: &str,
        mut write: impl FnMut(&mut String, u64),
    ) -> Deck {
        let mut deck = Deck {
            events: Vec::new(),
            bytes: Vec::new(),
            ends: Vec::new(),
        };
        let mut body = String::new();
        for n in events {
            body.clear();
            write(&mut body, n);
            write_request(&mut deck.bytes, token, &body);
            deck.ends.push(deck.bytes.len());
            deck.events.push(n);
        }
        deck
    }

    /// The same requests for a server with another token.
    pub fn address(&mut self, token: &str) {
        let mut start = 0;
        for end in &self.ends {
            let from = start + PATH.len();
            if let Some(place) = self.bytes.get_mut(from..from + TOKEN)
                && place.len() == token.len()
            {
                place.copy_from_slice(token.as_bytes());
            }
            start = *end;
        }
    }

    /// How many requests there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The request in this place; `None` behind the last one.
    pub fn request(&self, place: usize) -> Option<&[u8]> {
        let end = *self.ends.get(place)?;
        let start = match place.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.bytes.get(start..end)
    }

    /// The number of the event in this place; the last one's behind it.
    pub fn event(&self, place: usize) -> u64 {
        let event = self.events.get(place).or(self.events.last());
        event.copied().unwrap_or_default()
    }
}

/// What the store must hold once event `n` was acknowledged.
pub fn identity(n: u64, esims: u64) -> Identity {
    let at = i64::try_from(at(n)).unwrap_or(i64::MAX);
    (at, esim_id(esim_of(n, esims)))
}

fn at(n: u64) -> u64 {
    BEGIN + n / PER_SECOND
}

/// Goes round all eSIMs in an order that has nothing to do with their rows.
fn esim_of(n: u64, esims: u64) -> u64 {
    n.wrapping_mul(7919) % esims
}

fn esim_id(esim: u64) -> String {
    // Spread as version 4 UUIDs are: neighbours have nothing in common.
    let mixed = (esim + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!(
        "{:08x}-{:04x}-4c0e-9d0b-{esim:012x}",
        mixed >> 32,
        mixed & 0xffff
    )
}

/// A life: ordered, installed, activated; then usage reports and changes of state in turn.
fn write_body(body: &mut String, n: u64, esims: u64) {
    let (esim, visit, at) = (esim_of(n, esims), n / esims, at(n));
    let usage = visit > 2 && (visit + esim) % 2 == 1;
    let status = match visit {
        0 => "NEW",
        1 => "INSTALLED",
        _ if usage || visit == 2 || (visit / 2) % 2 == 0 => "ACTIVATED",
        _ => "INACTIVE",
    };
    let fields = format!(
        r#""timestamp":{at},"iccid":"89445001{esim:011}","esim_id":"{}","reference_id":"TRIP-2025-{:06}","start":{BEGIN},"end":{},"status":"{status}""#,
        esim_id(esim),
        esim / 2,
        BEGIN + 604_800,
    );
    // Writing to a String can't fail.
    let _ = if usage {
        let left = 3072.0 - (visit % 30) as f64 * 100.5;
        write!(
            body,
            r#"{{"event_category":"esim","event_type":"usage","data":{{{fields},"package_id":"esim-japan-7days-3gb-all","package_name":"3 GB - 7 Days","data_units":"MB","voice_units":"minutes","sms_units":"sms","usage_data":{{"isUnlimited":false,"allowed_data":3072,"remaining_data":{left},"allowed_sms":0,"remaining_sms":0,"allowed_voice":0,"remaining_voice":0}},"usage_list":[{{"date":"2025-11-27","data_used":1900.5,"location":"Japan"}},{{"date":"2025-11-28","data_used":864.3,"location":"Japan"}}]}}}}"#
        )
    } else if esim % 4 == 0 {
        write!(
            body,
            r#"{{"event_category":"esim","event_type":"status",{fields}}}"#
        )
    } else {
        write!(
            body,
            r#"{{"event_category":"esim","event_type":"status","data":{{{fields}}}}}"#
        )
    };
}

fn write_status(body: &mut String, n: u64, esims: u64) {
    let (esim, visit, at) = (esim_of(n, esims), n / esims, BEGIN + n / STATUS_PER_SECOND);
    let status = match visit {
        0 => "NEW",
        1 => "INSTALLED",
        _ if visit % 2 == 0 => "ACTIVATED",
        _ => "INACTIVE",
    };
    // Writing to a String can't fail.
    let _ = write!(
        body,
        r#"{{"event_category":"esim","event_type":"status","esim_id":"{}","iccid":"89445001{esim:011}","status":"{status}","reference_id":"AGENCY-TRIP-2025-11-27-{:06}","timestamp":{at},"start":{BEGIN},"end":{}}}"#,
        esim_id(esim),
        esim / 2,
        BEGIN + 604_800,
    );
}

fn write_request(bytes: &mut Vec<u8>, token: &str, body: &str) {
    // Writing to a Vec can't fail.
    let _ = write!(
        bytes,
        "{PATH}{token} HTTP/1.1\r\nhost: 127.0.0.1\r\nuser-agent: Roamify-Webhooks/1.0\r\naccept: */*\r\n\
         content-type: application/json\r\nx-roamify-signature: {}\r\ncontent-length: {}\r\n\r\n{body}",
        sign(SECRET, body.as_bytes()),
        body.len(),
    );
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use esim_watch_core::provider::parse;

    use super::*;

    fn body(request: &[u8]) -> &[u8] {
        let head = request.windows(4).position(|four| four == b"\r\n\r\n");
        &request[head.unwrap() + 4..]
    }

    #[test]
    fn every_request_brings_another_event_that_is_understood() {
        let deck = Deck::new(0..6000, 1000, &"0".repeat(TOKEN));
        let mut keys = HashSet::new();
        for place in 0..deck.len() {
            let event = parse(body(deck.request(place).unwrap())).unwrap();
            assert!(event.recognized(), "{:?}", event.problem);
            let (at, esim_id) = identity(deck.event(place), 1000);
            assert_eq!(
                (event.occurred_at, event.esim_id),
                (Some(at), Some(esim_id))
            );
            keys.insert(event.key);
        }
        assert_eq!(keys.len(), 6000);
    }

    #[test]
    fn status_events_are_flat_small_and_of_every_esim_in_turn() {
        let deck = Deck::statuses(0..3000, 1000, &"0".repeat(TOKEN));
        let mut keys = HashSet::new();
        for place in 0..deck.len() {
            let body = body(deck.request(place).unwrap());
            assert!((240..260).contains(&body.len()), "{}", body.len());
            let event = parse(body).unwrap();
            assert!(event.recognized(), "{:?}", event.problem);
            keys.insert(event.key);
        }
        assert_eq!(keys.len(), 3000);
    }

    #[test]
    fn another_token_takes_the_place_of_the_first() {
        let mut deck = Deck::new(7..9, 10, &"0".repeat(TOKEN));
        deck.address(&"f".repeat(TOKEN));
        let other = Deck::new(7..9, 10, &"f".repeat(TOKEN));
        assert_eq!(deck.request(1), other.request(1));
        assert_eq!(deck.request(2), None);
    }
}
