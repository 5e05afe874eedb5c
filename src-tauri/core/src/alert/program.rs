//! Which facts hold for the program itself: whether it is deaf.

use super::holding::{self, Holding};
use super::{AlertSettings, Detail, Fact, Rule, Subject};
use crate::message::Message;

const HOUR_SECS: i64 = 3_600;
const DAY_SECS: i64 = 24 * HOUR_SECS;

/// How long a tunnel may take to connect again before anybody is told, in seconds.
const TUNNEL_PATIENCE_SECS: i64 = 10;

/// What is known of the program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Program {
    /// When it started, UTC seconds. Before that it heard nothing, and that was no fault.
    pub started_at: i64,
    /// Why the listener does not accept deliveries; `None`: it does.
    pub listener_down: Option<Trouble>,
    /// Why the tunnel is down; `None`: it is up, or there is none to look after.
    pub tunnel_down: Option<Trouble>,
    /// Why events can't be stored; `None`: they can.
    pub storage_failing: Option<Trouble>,
    /// When the last authentic delivery came, UTC seconds.
    pub last_received_at: Option<i64>,
    /// How many eSIMs are ACTIVATED and should report their usage.
    pub active_esims: i64,
    /// Deliveries that were turned away in the last hour.
    pub refused_last_hour: u32,
    /// Why the last of them was.
    pub last_refusal_reason: Option<Message>,
}

impl Program {
    /// Whether the program can't hear, or can't keep what it hears.
    #[must_use]
    pub fn is_deaf(&self) -> bool {
        self.listener_down.is_some() || self.tunnel_down.is_some() || self.storage_failing.is_some()
    }
}

/// Something that does not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Since when, UTC seconds.
    pub since: i64,
    /// Why, and what to do.
    pub reason: Message,
}

/// The facts that hold for the program at `now` (UTC seconds), without those of rules that are
/// switched off.
#[must_use]
pub fn program_facts(program: &Program, settings: &AlertSettings, now: i64) -> Vec<Fact> {
    holding::at(holdings(program, settings, now), now)
}

/// The next second after `now` (UTC) at which [`program_facts`] may differ through time alone.
#[must_use]
pub fn next_program_check(program: &Program, settings: &AlertSettings, now: i64) -> Option<i64> {
    holding::next_change(&holdings(program, settings, now), now)
}

fn holdings(program: &Program, settings: &AlertSettings, now: i64) -> Vec<Holding> {
    let mut holdings = Vec::new();
    holdings.extend(no_events(program, settings));
    for (rule, trouble, may_take) in [
        (Rule::ListenerDown, &program.listener_down, 0),
        (Rule::TunnelDown, &program.tunnel_down, TUNNEL_PATIENCE_SECS),
        (Rule::StorageFailing, &program.storage_failing, 0),
    ] {
        holdings.extend(trouble.as_ref().map(|trouble| {
            let detail = Detail {
                why: Some(trouble.reason.clone()),
                ..Detail::default()
            };
            let from = match may_take {
                0 => i64::MIN,
                seconds => trouble.since.saturating_add(seconds),
            };
            let occasion = format!("since:{}", trouble.since);
            holding(rule, occasion, trouble.since, from, detail)
        }));
    }
    holdings.extend(refusals(program, settings, now));
    holdings.retain(|holding| settings.of(holding.fact.rule).enabled);
    holdings
}

fn no_events(program: &Program, settings: &AlertSettings) -> Option<Holding> {
    if program.active_esims <= 0 {
        return None;
    }
    let heard_at = program.last_received_at.unwrap_or(i64::MIN);
    let since = heard_at.max(program.started_at);
    let from = since.saturating_add(i64::from(settings.no_event_hours) * HOUR_SECS);
    let occasion = match program.last_received_at {
        Some(at) => format!("since:{at}"),
        None => "never".to_owned(),
    };
    let detail = Detail {
        at: program.last_received_at,
        hours: Some(settings.no_event_hours),
        count: Some(program.active_esims),
        ..Detail::default()
    };
    Some(holding(Rule::NoEvents, occasion, since, from, detail))
}

/// Once a day however long it goes on ([`Rule::flap_secs`]): a wrong secret is not put right within the hour.
fn refusals(program: &Program, settings: &AlertSettings, now: i64) -> Option<Holding> {
    if program.refused_last_hour < settings.refusals_per_hour {
        return None;
    }
    let detail = Detail {
        count: Some(i64::from(program.refused_last_hour)),
        why: program.last_refusal_reason.clone(),
        ..Detail::default()
    };
    let today = now.div_euclid(DAY_SECS);
    let mut holding = holding(
        Rule::RefusalsPilingUp,
        format!("day:{today}"),
        now,
        i64::MIN,
        detail,
    );
    holding.until = (today + 1).saturating_mul(DAY_SECS);
    Some(holding)
}

fn holding(rule: Rule, occasion: String, since: i64, from: i64, detail: Detail) -> Holding {
    Holding {
        from,
        until: i64::MAX,
        fact: Fact {
            subject: Subject::Program,
            rule,
            occasion,
            since,
            detail,
        },
    }
}

#[cfg(test)]
mod tests;
