//! The sender: how it writes what it says, and how that comes to the desk: now and then twice, late, or never.

use std::ops::Range;

use crate::calendar::{DAY, HOUR, MINUTE};
use crate::chance::Chance;
use crate::spans::Spans;

use super::account::{Happened, THRESHOLD};
use super::names::Names;
use super::{Life, Money, Office, Power, Said, Temper, Told};

/// One request that reaches the desk.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// UTC seconds.
    pub at: i64,
    pub body: String,
}

/// Percent of what a sender says whose clock leaps ahead now and then; and of that, while the desk's clock is ahead too.
const FROM_THE_FUTURE: u32 = 3;
const BOTH_AHEAD: u32 = 60;

/// What comes later than that does not come at all.
const LATEST: i64 = 10 * HOUR;

/// The second of two events of one second is sent so much later, at least.
const APART: i64 = 3;

/// How long after the first try the others come; then none.
const TRIES: [i64; 4] = [0, MINUTE, 6 * MINUTE, 36 * MINUTE];

pub fn bring(
    seed: u64,
    temper: &Temper,
    lives: &mut [Life],
    money: &mut Money,
    office: &Office,
    month: Range<i64>,
) -> Vec<Arrival> {
    let mut way = Way {
        chance: Chance::of(seed, 4),
        temper,
        hears: office.hears(),
        month,
        arrivals: Vec::new(),
    };
    for life in lives {
        let (periods, wobbles) = (life.periods.clone(), life.wobbles);
        let (number, iccid, reference) = (life.number, life.iccid_of, life.reference.clone());
        // Both names of an eSIM have come: from now on one of them is enough.
        let mut named = i64::MAX;
        // When it is known which package runs, by the packages.
        let mut runs = vec![i64::MAX; periods.len()];
        // Of its own, so that no other chance depends on it.
        let mut spelling = Chance::of(seed, 3000 + u64::try_from(number).unwrap());
        for said in &mut life.said {
            if said.dated <= named {
                (said.names_id, said.names_iccid) = (true, true);
            }
            let wobble = if wobbles {
                way.chance.between(-1, 2)
            } else {
                0
            };
            let clock = office.clock(said.dated * 1000) - said.dated * 1000;
            let often = if clock > 0 {
                BOTH_AHEAD
            } else {
                FROM_THE_FUTURE
            };
            let on_time = !said.surely && said.held_back_to.is_none();
            let faulty = way.temper.from_the_future && on_time && way.chance.percent(often);
            let by = match faulty {
                true => way.chance.one_of(&[2 * HOUR, 400 * DAY]),
                false => 0,
            };
            let ahead = faulty && told_apart(office, said.dated, by);
            if ahead {
                said.dated += by;
            }
            let period = said.period.map(|number| &periods[number]);
            let known = said.dated > named;
            let reference = match said.sold {
                1 => reference.clone(),
                _ => format!("{reference}-AGAIN"),
            };
            let names = Names::of(&mut spelling, way.temper, said, (number, iccid), known);
            let body = esim(
                &names,
                &reference,
                said,
                period.map(|period| (period.start, period.end + wobble)),
                period.map_or(0.0, |period| period.size),
            );
            let sent = match said.held_back_to {
                Some(at) => at,
                None if ahead => said.so_at_ms.div_euclid(1000),
                None => said.dated,
            };
            // What comes again when its time has come is believed then: that is another story.
            let until = if ahead {
                said.dated - 16 * MINUTE
            } else {
                i64::MAX
            };
            // What waits for a package that nobody knows is the one that is known: that is another story.
            let waits_for = said.period.filter(|_| said.waits).map(|next| next - 1);
            if waits_for.is_some_and(|running| runs[running] > sent) {
                continue;
            }
            said.known_at = way.send(sent, &body, said.surely, until);
            if let (Some(number), Some("ACTIVATED"), Some(at)) =
                (said.period, said.status, said.known_at)
            {
                runs[number] = runs[number].min(at);
            }
            if let Some(known_at) = said.known_at.filter(|_| ahead) {
                // Of when it was so nothing is known: it seems to be so when it comes, or when its date has come.
                let comes = known_at < said.dated - 15 * MINUTE;
                said.so_at_ms = if comes { known_at } else { said.dated } * 1000;
            }
            if said.names_id && said.names_iccid {
                named = named.min(said.known_at.unwrap_or(i64::MAX));
            }
        }
    }
    let mut before = None;
    for (number, happened) in money.happened.iter_mut().enumerate() {
        let body = account(number, happened);
        // What happens in one second does not come in one: of that nobody knows which was first.
        let at_once = before == Some(happened.at);
        before = Some(happened.at);
        let sent = happened.at + if at_once { APART } else { 0 };
        happened.known_at = way.send(sent, &body, false, i64::MAX);
    }
    way.arrivals.sort_by_key(|arrival| arrival.at);
    way.arrivals
}

/// Whether the desk can know that what is said at this time by a clock that is so far ahead, and comes within hours, is from
/// the future: not by a clock of its own that is further ahead, one with which the program starts, or one that it has come
/// to believe.
fn told_apart(office: &Office, at: i64, ahead: i64) -> bool {
    let comes = at..at + LATEST;
    office.wrong_clock.iter().all(|(when, by)| {
        let meets = *by > 0 && when.start < comes.end && comes.start < when.end;
        let further = ahead <= by + LATEST + 15 * MINUTE;
        let begins = |(at, power): &(i64, Power)| *power == Power::Start && when.contains(at);
        let believed = when.end - when.start > 4 * MINUTE || office.power.iter().any(begins);
        !meets || !(further || believed)
    })
}

struct Way<'a> {
    chance: Chance,
    temper: &'a Temper,
    hears: Spans,
    month: Range<i64>,
    arrivals: Vec<Arrival>,
}

impl Way<'_> {
    /// Gives when it comes first. It comes again until then only.
    fn send(&mut self, at: i64, body: &str, surely: bool, until: i64) -> Option<i64> {
        let at = at + self.chance.between(0, 3);
        let late = !surely && self.chance.percent(self.temper.late);
        let lost = !surely && self.chance.percent(self.temper.lost);
        let late = if late {
            self.chance.between(10 * MINUTE, 8 * HOUR)
        } else {
            0
        };
        let again = self.chance.percent(self.temper.again);
        let again = again.then(|| self.chance.one_of(&[1, 40, HOUR, 20 * HOUR, 2 * DAY]));
        let mut tries = TRIES.iter().map(|after| at + late + after);
        let heard = |at: &i64| self.hears.has(*at) && self.month.contains(at);
        let first = tries.find(heard).filter(|_| !lost)?;
        let again = again.map(|after| first + after).filter(|at| *at < until);
        let again = again.filter(heard);
        for at in [Some(first), again].into_iter().flatten() {
            self.arrivals.push(Arrival {
                at,
                body: body.to_owned(),
            });
        }
        Some(first)
    }
}

fn esim(
    names: &Names,
    reference: &str,
    said: &Said,
    period: Option<(i64, i64)>,
    size: f64,
) -> String {
    let mut body = String::from(r#"{"event_category":"esim","event_type":""#);
    body += if said.left.is_some() {
        "usage"
    } else {
        "status"
    };
    body += "\"";
    for (name, value) in [("esim_id", &names.id), ("iccid", &names.iccid)] {
        if let Some(value) = value {
            body += &format!(r#","{name}":{value}"#);
        }
    }
    body += &format!(r#","reference_id":"{reference}""#);
    if let Some((start, end)) = period {
        body += &format!(r#","start":{start},"end":{}"#, said.cut_to.unwrap_or(end));
    }
    let status = said.status.unwrap_or("UNKNOWN");
    body += &format!(r#","status":"{status}","timestamp":{}"#, said.dated);
    if let Some(left) = said.left {
        let left = (left * size / 100.0 * 10.0).round() / 10.0;
        body += &format!(
            r#","package_name":"Data","usage_data":{{"isUnlimited":false,"allowed_data":{size},"remaining_data":{left}}}"#
        );
    }
    body + "}"
}

fn account(number: usize, happened: &Happened) -> String {
    let Happened { at, balance, .. } = happened;
    let partner = |kind: &str, currency: &str| {
        format!(
            r#"{{"event_category":"partner","event_type":"{kind}","data":{{"timestamp":{at},"balance":{balance},"threshold":{THRESHOLD},"currency":"{currency}"}}}}"#
        )
    };
    match &happened.told {
        Told::Low => partner("low_balance", "EUR"),
        // Each order's failure is an event of its own, also if nothing else differs.
        Told::Failed => partner("insufficient_balance", "EUR"),
        Told::Added => partner("top_up", "EUR"),
        Told::AddedElsewhere => partner("top_up", "USD"),
        Told::Refund(refund) => format!(
            r#"{{"event_category":"refund","event_type":"refunded","event_id":"rfd_{refund}_refunded","data":{{"timestamp":{at},"refund_id":"{refund}","status":"REFUNDED","product_type":"esim","esim_id":"","iccid":""}}}}"#
        ),
        Told::Novelty(kind) => format!(
            r#"{{"event_category":"novelty-{kind}","event_type":"issued","data":{{"timestamp":{at},"number":{number}}}}}"#
        ),
    }
}
