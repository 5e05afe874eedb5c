//! What Roamify sends in a month, and what of it arrives: lives of eSIMs with flapping, top-ups, reinstatements, ends
//! that wobble by a second, duplicates, late and lost deliveries, a night with the program off, a tunnel that is down
//! for two hours, and 300 eSIMs that expire at one midnight.

use std::ops::Range;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

pub const ESIMS: usize = 500;
pub const QUIET_FROM_HOUR: u16 = 22;
pub const QUIET_TO_HOUR: u16 = 7;

pub const MINUTE: i64 = 60;
pub const HOUR: i64 = 3_600;
pub const DAY: i64 = 24 * HOUR;

/// 2025-12-01 00:00:00 UTC.
const BEGIN: i64 = 1_764_547_200;

/// When this many expire together.
const MIDNIGHT: i64 = BEGIN + 15 * DAY;
const TOGETHER: usize = 300;

/// One request that reaches the desk.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// UTC seconds.
    pub at: i64,
    pub body: String,
    /// Which eSIM, and what it says; `None`: not about an eSIM.
    pub told: Option<Told>,
    /// The kind of an event about the partner's account, and its eSIM for a refund.
    pub other: Option<(String, String)>,
}

/// What one arrival tells of an eSIM.
#[derive(Debug, Clone)]
pub struct Told {
    pub esim: usize,
    pub status: String,
    pub occurred_at: i64,
    /// Percent of the data left, of a usage report.
    pub left: Option<f64>,
}

/// An eSIM's dates.
#[derive(Debug, Clone)]
pub struct Esim {
    pub key: String,
    pub start: i64,
    pub end: i64,
}

pub struct Script {
    pub begin: i64,
    pub end: i64,
    pub esims: Vec<Esim>,
    /// In the order of arrival.
    pub arrivals: Vec<Arrival>,
    /// Events that happened, arrived or not.
    pub sent: usize,
    /// The program is not running.
    pub off: Range<i64>,
    /// The tunnel does not lead to the desk.
    pub tunnel_down: Range<i64>,
    /// When the desk's clock is wrong, and by how many seconds.
    pub wrong_clock: Vec<(Range<i64>, i64)>,
}

impl Script {
    /// What the desk's clock shows at this time, both UTC milliseconds.
    pub fn clock(&self, at_ms: i64) -> i64 {
        let wrong = |(when, _): &&(Range<i64>, i64)| when.contains(&at_ms.div_euclid(1000));
        at_ms
            + self
                .wrong_clock
                .iter()
                .find(wrong)
                .map_or(0, |(_, by)| by * 1000)
    }
}

struct Writer {
    random: StdRng,
    esims: Vec<Esim>,
    arrivals: Vec<Arrival>,
    sent: usize,
    off: Range<i64>,
    tunnel_down: Range<i64>,
    /// Nothing is late or lost.
    surely: bool,
}

impl Script {
    pub fn write(seed: u64) -> Script {
        let off = BEGIN + 9 * DAY + 20 * HOUR..BEGIN + 10 * DAY + 7 * HOUR + 30 * MINUTE;
        let tunnel_down = BEGIN + 17 * DAY + 10 * HOUR..BEGIN + 17 * DAY + 12 * HOUR;
        let mut writer = Writer {
            random: StdRng::seed_from_u64(seed),
            esims: Vec::new(),
            arrivals: Vec::new(),
            sent: 0,
            off: off.clone(),
            tunnel_down: tunnel_down.clone(),
            surely: false,
        };
        for number in 0..ESIMS {
            writer.live(number);
        }
        writer.account();
        writer.arrivals.sort_by_key(|arrival| arrival.at);
        Script {
            begin: BEGIN,
            end: BEGIN + 31 * DAY,
            esims: writer.esims,
            arrivals: writer.arrivals,
            sent: writer.sent,
            off,
            tunnel_down,
            wrong_clock: [(8, 365), (13, -800), (19, 29), (27, 5)]
                .map(|(day, by)| {
                    let at = BEGIN + day * DAY + 14 * HOUR;
                    (at..at + 3 * MINUTE, by * DAY)
                })
                .into(),
        }
    }
}

impl Writer {
    fn between(&mut self, from: i64, to: i64) -> i64 {
        self.random.random_range(from..to)
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.random.random_range(0..100) < percent
    }

    /// The life of one eSIM, from its sale to its end.
    fn live(&mut self, number: usize) {
        let together = number < TOGETHER;
        let days = if together { 7 } else { self.between(3, 15) };
        let activated = if together {
            MIDNIGHT - days * DAY
        } else {
            BEGIN + self.between(DAY, 24 * DAY)
        };
        let sold =
            (activated - self.between(2 * HOUR, 20 * DAY)).max(BEGIN + self.between(0, HOUR));
        let (start, end) = (activated, activated + days * DAY);
        self.esims.push(Esim {
            key: format!("{number:04}"),
            start,
            end,
        });
        self.status(number, "NEW", sold);
        // Some are never installed.
        if !together && self.chance(6) {
            return;
        }
        let installed = sold + (activated - sold) * self.between(10, 95) / 100;
        self.status(number, "INSTALLED", installed);
        self.status(number, "ACTIVATED", activated);
        if !together && days >= 5 && self.chance(10) {
            self.withdrawn_twice(number, activated, end);
            return;
        }
        let revoked =
            (!together && self.chance(3)).then(|| activated + self.between(HOUR, days * DAY));
        let over = revoked.unwrap_or(end);
        if self.chance(40) {
            self.flap(number, activated, over);
        }
        self.usage(number, activated, over);
        match revoked {
            Some(at) => self.status(number, "REVOKED", at),
            None => {
                let says = if together {
                    end
                } else {
                    end + self.between(0, 20 * MINUTE)
                };
                self.status(number, "EXPIRED", says);
            }
        }
    }

    /// Withdrawn, with a flap of seconds, given back for some hours, and withdrawn for good, all of it well before its end.
    fn withdrawn_twice(&mut self, number: usize, activated: i64, end: i64) {
        let first = self.between(activated + DAY + 12 * HOUR, end - 2 * DAY - 12 * HOUR);
        let back = first + self.between(HOUR, 6 * HOUR);
        let last = back + self.between(HOUR, 6 * HOUR);
        self.surely = true;
        self.report(number, activated + 4 * HOUR, 80.0);
        for (status, at) in [
            ("REVOKED", first),
            ("INACTIVE", first + 10 * MINUTE),
            ("REVOKED", first + 10 * MINUTE + 3),
            ("ACTIVATED", back),
            ("REVOKED", last),
        ] {
            self.status(number, status, at);
        }
        self.surely = false;
    }

    /// Off and on within seconds, some times a day.
    fn flap(&mut self, number: usize, activated: i64, over: i64) {
        for _ in 0..self.between(1, 8) {
            let mut at = activated + self.between(MINUTE, 2 * DAY);
            for _ in 0..self.between(1, 5) {
                if at + MINUTE > over {
                    return;
                }
                self.status(number, "INACTIVE", at);
                at += self.between(1, 6);
                self.status(number, "ACTIVATED", at);
                at += self.between(1, 6);
            }
        }
    }

    /// A report every four hours, and the data running out for some; some of them get as much again some hours later.
    fn usage(&mut self, number: usize, activated: i64, over: i64) {
        let pace = self.between(20, 260) as f64 / 100.0;
        let added_after = self.chance(60).then(|| self.between(0, 20) * HOUR);
        let mut at = activated + 4 * HOUR;
        let mut filled_at = activated;
        let mut used_up_at = None;
        while at < over {
            let gone = (at - filled_at) as f64 / (over - activated).max(1) as f64 * pace;
            let left = (1.0 - gone).max(0.0) * 100.0;
            self.report(number, at, left);
            if left <= 0.0 {
                let since = *used_up_at.get_or_insert(at);
                if added_after.is_some_and(|after| at >= since + after) {
                    filled_at = at;
                    used_up_at = None;
                }
            }
            at += 4 * HOUR;
        }
    }

    fn account(&mut self) {
        let balances = [
            (3, 12, "low_balance", 40.0),
            (4, 9, "low_balance", 30.0),
            (5, 15, "insufficient_balance", 2.0),
            (5, 15, "insufficient_balance", 2.0),
            (6, 9, "top_up", 500.0),
            (20, 23, "low_balance", 45.0),
            (21, 3, "insufficient_balance", 1.0),
            (21, 11, "top_up", 800.0),
        ];
        for (place, (day, hour, kind, balance)) in balances.into_iter().enumerate() {
            let at = BEGIN + day * DAY + hour * HOUR + i64::try_from(place).unwrap_or(0) * MINUTE;
            let body = format!(
                r#"{{"event_category":"partner","event_type":"{kind}","data":{{"timestamp":{at},"balance":{balance},"currency":"EUR"}}}}"#
            );
            self.send(at, &body, None, Some((kind.to_owned(), String::new())));
        }
        for n in 0..6 {
            let at = BEGIN + (3 + 4 * n) * DAY + 13 * HOUR;
            let kind = if n % 2 == 0 { "refunded" } else { "rejected" };
            let esim = format!("{:04}", 301 + n);
            let body = format!(
                r#"{{"event_category":"refund","event_type":"{kind}","event_id":"rfd_{n}_{kind}","data":{{"timestamp":{at},"refund_id":"{n}","status":"{}","product_type":"esim","esim_id":"{esim}","iccid":""}}}}"#,
                kind.to_uppercase()
            );
            self.send(at, &body, None, Some(("refund".to_owned(), n.to_string())));
        }
        for (day, code) in [(8, 1), (8, 2), (12, 3)] {
            let at = BEGIN + day * DAY + 14 * HOUR;
            let body = format!(
                r#"{{"event_category":"voucher","event_type":"issued","data":{{"timestamp":{at},"code":{code}}}}}"#
            );
            self.send(at, &body, None, Some(("voucher".to_owned(), String::new())));
        }
    }

    fn status(&mut self, number: usize, status: &str, at: i64) {
        let wobble = self.between(0, 2);
        let esim = &self.esims[number];
        let body = format!(
            r#"{{"event_category":"esim","event_type":"status","esim_id":"{}","iccid":"894450010219{number:07}","reference_id":"TRIP-{number}","start":{},"end":{},"status":"{status}","timestamp":{at}}}"#,
            esim.key,
            esim.start,
            esim.end + wobble
        );
        let told = Told {
            esim: number,
            status: status.to_owned(),
            occurred_at: at,
            left: None,
        };
        self.send(at, &body, Some(told), None);
    }

    fn report(&mut self, number: usize, at: i64, left: f64) {
        let wobble = self.between(0, 2);
        let esim = &self.esims[number];
        let body = format!(
            r#"{{"event_category":"esim","event_type":"usage","esim_id":"{}","iccid":"894450010219{number:07}","reference_id":"TRIP-{number}","start":{},"end":{},"status":"ACTIVATED","timestamp":{at},"package_name":"3 GB","usage_data":{{"isUnlimited":false,"allowed_data":3000,"remaining_data":{:.1}}}}}"#,
            esim.key,
            esim.start,
            esim.end + wobble,
            left * 30.0
        );
        let told = Told {
            esim: number,
            status: "ACTIVATED".to_owned(),
            occurred_at: at,
            left: Some((left * 30.0 * 10.0).round() / 10.0 / 30.0),
        };
        self.send(at, &body, Some(told), None);
    }

    /// The way to the desk: now and then twice, late or never.
    fn send(&mut self, at: i64, body: &str, told: Option<Told>, other: Option<(String, String)>) {
        self.sent += 1;
        let mut arrives = Vec::new();
        let first = at + self.between(0, 3);
        // Roamify tries three times more, then never again.
        let tries = [
            first,
            first + MINUTE,
            first + 6 * MINUTE,
            first + 36 * MINUTE,
        ];
        let deaf = |at: &i64| self.off.contains(at) || self.tunnel_down.contains(at);
        if let Some(at) = tries.into_iter().find(|at| !deaf(at)) {
            arrives.push(at);
        }
        let about_esim = told.is_some();
        let unsure = about_esim && !self.surely;
        if unsure && self.chance(1) {
            arrives.clear();
        }
        if unsure && self.chance(4) {
            let late = self.between(10 * MINUTE, 8 * HOUR);
            arrives.iter_mut().for_each(|at| *at += late);
        }
        if self.chance(5) {
            let again = self.between(1, 2 * DAY);
            arrives.extend(arrives.first().map(|at| at + again));
        }
        let off = self.off.clone();
        for at in arrives.into_iter().filter(|at| !off.contains(at)) {
            self.arrivals.push(Arrival {
                at,
                body: body.to_owned(),
                told: told.clone(),
                other: other.clone(),
            });
        }
    }
}

/// For a person.
pub fn date(at: i64) -> String {
    esim_watch_core::clock::utc_time(at * 1000)
}
