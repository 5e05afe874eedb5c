//! Small damage to samples, the same for the same seed.

/// What a parser of webhooks may stumble over.
const WORDS: [&str; 40] = [
    "null",
    "true",
    "\"\"",
    "{}",
    "[]",
    "-1",
    "1e999",
    "-0.0",
    "0.1e-400",
    "99999999999999999999",
    "1764230400000",
    "\"1764230400\"",
    "253402300800",
    "\"\\ud800\"",
    "\"\\u0000\"",
    "\u{feff}",
    "\\",
    "\"",
    ",",
    ":",
    "\"data\":",
    "\"event_id\":\"e\",",
    "\"iccid\":",
    "\"esim_id\":",
    "\"timestamp\":",
    "\"status\":",
    "\"usage_data\":",
    "[[[[[[[[",
    "{\"a\":",
    "\r\n",
    "\r\n\r\n",
    "Content-Length: 5\r\n",
    "Content-Length: -1\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Expect: 100-continue\r\n",
    "HTTP/1.0",
    "GET",
    "%00",
    "TOKEN",
    "SIGNATURE",
];

/// Every sample payload, as it is.
pub fn samples() -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/samples");
    let mut samples: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .collect();
    samples.sort();
    samples
}

/// An endless row of damaged samples.
pub struct Mutator {
    samples: Vec<Vec<u8>>,
    state: u64,
}

impl Mutator {
    pub fn new(samples: Vec<Vec<u8>>, seed: u64) -> Self {
        let state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        Self { samples, state }
    }

    /// The next one.
    pub fn next(&mut self) -> Vec<u8> {
        let which = self.below(self.samples.len());
        let mut bytes = self.samples[which].clone();
        for _ in 0..=self.below(4) {
            let (at, end) = (self.below(bytes.len() + 1), self.below(bytes.len() + 1));
            let (at, end) = (at.min(end), at.max(end));
            match self.below(7) {
                0 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                1 if at < bytes.len() => bytes[at] = self.random() as u8,
                2 | 3 => {
                    let word = WORDS[self.below(WORDS.len())];
                    bytes.splice(at..at, word.bytes());
                }
                4 => drop(bytes.drain(at..end.min(at + 12))),
                5 => {
                    let again = bytes[at..end.min(at + 64)].to_vec();
                    bytes.splice(at..at, again);
                }
                6 => {
                    let other = self.below(self.samples.len());
                    let other = &self.samples[other];
                    let from = at.min(other.len());
                    let part = other[from..other.len().min(from + 80)].to_vec();
                    bytes.splice(at..end.min(at + 80), part);
                }
                _ => bytes.truncate(end),
            }
        }
        bytes
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.random() % limit.max(1) as u64) as usize
    }

    /// Xorshift64.
    fn random(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state
    }
}
