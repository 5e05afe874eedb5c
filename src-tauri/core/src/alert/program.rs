//! Which facts hold for the program itself: whether it is deaf.

use std::collections::BTreeMap;

use super::holding::{self, ALWAYS, Holding};
use super::{AlertSettings, Detail, Fact, Rule, Subject};
use crate::message::Message;

const HOUR_SECS: i64 = 3_600;
const DAY_SECS: i64 = 24 * HOUR_SECS;

/// How long a tunnel may take to connect again before anybody is told, in seconds.
const TUNNEL_PATIENCE_SECS: i64 = 10;

/// Each eSIM in use reports every so often, in seconds.
const REPORT_EVERY_SECS: i64 = 4 * HOUR_SECS;

/// With so few eSIMs, one report that is lost looks like silence.
const FEW_ESIMS: i64 = 2;

/// How long two missed reports take, and the sender's attempts to bring the second.
const TWO_REPORTS_SECS: i64 = 2 * REPORT_EVERY_SECS + HOUR_SECS;

/// Who has just woken hears first what waits: how long that may take.
const WAKING_SECS: i64 = 600;

/// What fails again within this time of the last failure has not been well.
const SPELL_ENDS_AFTER_SECS: i64 = HOUR_SECS;

/// How long what failed several times has to be well before it counts as well.
const WELL_AFTER_SECS: i64 = 600;

/// What is known of the program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Program {
    /// When it started or the computer woke, UTC seconds.
    pub started_at: i64,
    /// Why the listener does not accept deliveries; `None`: it does.
    pub listener_down: Option<Trouble>,
    /// Why the tunnel is down; `None`: it is up, or there is none to look after.
    pub tunnel_down: Option<Trouble>,
    /// Why events can't be stored; `None`: they can.
    pub storage_failing: Option<Trouble>,
    /// What failed lately, with how often.
    pub spells: BTreeMap<Rule, Spell>,
    /// When the last event came that shows that the provider reaches this desk, UTC seconds.
    pub last_received_at: Option<i64>,
    /// Since when it would have heard nothing had it never slept, UTC seconds: so long before now as it was awake
    /// since the last event.
    pub silent_since: i64,
    /// Since when it is known to be deaf, UTC seconds; until something comes.
    pub deaf_since: Option<i64>,
    /// When that was told last, each day anew, UTC seconds; `None`: only then.
    pub deaf_told_at: Option<i64>,
    /// How many eSIMs ought to report their usage, and lately did.
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

/// Failures of one thing, each no more than an hour after the last: one matter, told at most once an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spell {
    /// When it first failed, UTC seconds.
    pub first: i64,
    /// The last failure.
    pub last: Trouble,
    /// When it was last seen to fail, UTC seconds.
    pub seen_at: i64,
    /// When the last failure ended, UTC seconds; `None`: it goes on.
    pub ended_at: Option<i64>,
    /// How often it failed.
    pub count: i64,
}

/// Takes note of what fails at `now` (UTC seconds).
pub fn note_failures(spells: &mut BTreeMap<Rule, Spell>, program: &Program, now: i64) {
    for (rule, trouble, may_take) in troubles(program) {
        let spell = spells.get_mut(&rule);
        match (trouble, spell) {
            // It may yet be well in time.
            (Some(trouble), _) if now < trouble.since.saturating_add(may_take) => {}
            (Some(trouble), Some(spell)) if goes_on(spell, trouble) => {
                if spell.last.since != trouble.since {
                    spell.count += 1;
                }
                spell.last = trouble.clone();
                (spell.seen_at, spell.ended_at) = (now, None);
            }
            (Some(trouble), _) => {
                let spell = Spell {
                    first: trouble.since,
                    last: trouble.clone(),
                    seen_at: now,
                    ended_at: None,
                    count: 1,
                };
                spells.insert(rule, spell);
            }
            // Who slept meanwhile does not know when, and that it has been well for a while.
            (None, Some(spell)) => {
                let slept = now.saturating_sub(spell.seen_at) > WELL_AFTER_SECS;
                spell
                    .ended_at
                    .get_or_insert(if slept { spell.seen_at } else { now });
            }
            (None, None) => {}
        }
    }
}

fn goes_on(spell: &Spell, trouble: &Trouble) -> bool {
    let gap = |ended: i64| trouble.since.saturating_sub(ended) < SPELL_ENDS_AFTER_SECS;
    spell.last.since == trouble.since || spell.ended_at.is_none_or(gap)
}

/// What can fail, why it does, and how long it may take to be well again before anybody is told, in seconds.
fn troubles(program: &Program) -> [(Rule, Option<&Trouble>, i64); 3] {
    [
        (Rule::ListenerDown, program.listener_down.as_ref(), 0),
        (
            Rule::TunnelDown,
            program.tunnel_down.as_ref(),
            TUNNEL_PATIENCE_SECS,
        ),
        (Rule::StorageFailing, program.storage_failing.as_ref(), 0),
    ]
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
    holdings.extend(no_events(program, settings, now));
    for (rule, trouble, may_take) in troubles(program) {
        let spell = program.spells.get(&rule).filter(|spell| spell.count > 1);
        holdings.extend(match (trouble, spell) {
            (trouble, Some(spell)) => Some(fails_again(rule, trouble, may_take, spell, now)),
            (Some(trouble), None) => Some(fails(rule, trouble, may_take)),
            (None, None) => None,
        });
    }
    holdings.extend(refusals(program, settings, now));
    holdings.retain(|holding| settings.of(holding.fact.rule).enabled);
    holdings
}

fn fails(rule: Rule, trouble: &Trouble, may_take: i64) -> Holding {
    let detail = Detail {
        why: Some(trouble.reason.clone()),
        ..Detail::default()
    };
    let from = match may_take {
        0 => ALWAYS,
        seconds => trouble.since.saturating_add(seconds),
    };
    let occasion = format!("since:{}", trouble.since);
    holding(rule, occasion, trouble.since, from, detail)
}

/// What failed several times stays told of until it has been well for a while, and is told again with the first failure
/// of another hour.
fn fails_again(
    rule: Rule,
    trouble: Option<&Trouble>,
    may_take: i64,
    spell: &Spell,
    now: i64,
) -> Holding {
    let hour = (spell.last.since - spell.first).div_euclid(HOUR_SECS);
    let occasion = match hour {
        0 => format!("since:{}", spell.first),
        hour => format!("since:{}/hour:{hour}", spell.first),
    };
    let detail = Detail {
        at: Some(spell.first),
        count: Some(spell.count),
        why: Some(trouble.unwrap_or(&spell.last).reason.clone()),
        ..Detail::default()
    };
    let well_at = spell
        .ended_at
        .map_or(i64::MAX, |ended| ended.saturating_add(WELL_AFTER_SECS));
    let mut holding = holding(rule, occasion, spell.first, ALWAYS, detail);
    match trouble {
        Some(trouble) if well_at <= now => holding.from = trouble.since.saturating_add(may_take),
        Some(_) => {}
        None => holding.until = well_at,
    }
    holding
}

/// Silence is told when the program has been awake for so long without an event, however often it slept meanwhile, and
/// then again each day, until something comes.
fn no_events(program: &Program, settings: &AlertSettings, now: i64) -> Option<Holding> {
    if program.active_esims <= 0 && program.deaf_since.is_none() {
        return None;
    }
    let set = i64::from(settings.no_event_hours) * HOUR_SECS;
    let patience = match program.active_esims {
        ..=FEW_ESIMS => set.max(TWO_REPORTS_SECS),
        _ => set,
    };
    let silent_at = program.silent_since.saturating_add(patience);
    let awake_at = program.started_at.saturating_add(WAKING_SECS);
    let heard_at = program.last_received_at.filter(|at| *at <= now);
    let since = heard_at.unwrap_or(program.silent_since);
    let (from, day, told_hours) = match program.deaf_since {
        None => (silent_at.max(awake_at), 0, patience.div_euclid(HOUR_SECS)),
        Some(deaf_since) => {
            let begun = program.deaf_told_at.unwrap_or(deaf_since).max(deaf_since);
            let day = begun.saturating_sub(deaf_since).div_euclid(DAY_SECS);
            let hours = match day {
                0 => patience.div_euclid(HOUR_SECS),
                _ => begun.saturating_sub(since).div_euclid(HOUR_SECS),
            };
            (ALWAYS, day, hours)
        }
    };
    let occasion = match program.last_received_at {
        Some(at) => format!("since:{at}"),
        None => "never".to_owned(),
    };
    let detail = Detail {
        at: heard_at,
        hours: u32::try_from(told_hours).ok(),
        count: Some(program.active_esims).filter(|count| *count > 0),
        ..Detail::default()
    };
    let occasion = match day {
        0 => occasion,
        day => format!("{occasion}/day:{day}"),
    };
    let mut holding = holding(Rule::NoEvents, occasion, since, from, detail);
    // Another day begins when it is told anew.
    let another = program.deaf_told_at.or(program.deaf_since);
    let another = another.map(|told_at| told_at.saturating_add(DAY_SECS));
    holding.until = another.filter(|at| *at > now).unwrap_or(i64::MAX);
    Some(holding)
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
