//! What was told: of an absence once, and nothing that webhooks alone would not have told.

use std::collections::{BTreeMap, BTreeSet};

use esim_watch_core::alert::Rule;
use esim_watch_core::clock::utc_time;
use esim_watch_core::event::Status;
use esim_watch_tools::stand_in::{Change, Life, World};

use super::{is_end, named};
use crate::desk::{Asked, Shown, Taken, Telling};
use crate::plan::Week;

/// So long what a webhook brings may wait for others before it is told, seconds.
const HELD_SECS: i64 = 180;

/// What happened before the desk was back at this time is told once. Gives how many notifications tell of it. Before the provider
/// was reached at that time only webhooks could: one that was held back on its way is told when it comes, and they count as one.
pub fn told_of_absence(shown: &[Shown], back: i64, reached: i64, wrong: &mut Vec<String>) -> usize {
    let of_it = |shown: &&Shown| shown.told.iter().any(|telling| telling.since <= back);
    let mut count: BTreeMap<(&str, Rule), usize> = BTreeMap::new();
    for telling in shown.iter().flat_map(|shown| &shown.told) {
        let Some(esim_id) = telling.esim_id.as_deref().filter(|_| telling.since <= back) else {
            continue;
        };
        let rule = match telling.rule {
            Rule::PastEnd => Rule::Expired,
            rule => rule,
        };
        *count.entry((esim_id, rule)).or_default() += 1;
    }
    let twice = count.into_iter().filter(|(_, count)| *count > 1);
    wrong.extend(
        twice.map(|(matter, count)| {
            format!("{matter:?} of an absence told {count} times: {shown:?}")
        }),
    );
    let is_sent = |shown: &&Shown| {
        let mut told = shown.told.iter();
        !shown.knowing && told.all(|telling| telling.at < reached + HELD_SECS)
    };
    let (sent, found): (Vec<_>, Vec<_>) = shown.iter().filter(of_it).partition(is_sent);
    sent.len().min(1) + found.len()
}

/// What a desk was told in a week.
pub struct Told<'a> {
    pub shown: &'a [Shown],
    pub taken: &'a BTreeMap<String, BTreeSet<Taken>>,
    pub asked: &'a BTreeMap<String, Vec<Asked>>,
}

impl Told<'_> {
    /// Whether something was told of an eSIM after it had ended, or its next package had begun, and nobody had said so by then:
    /// the webhook was lost, and the API was not asked since. Until then it goes on for the desk as it was.
    fn of_what_is_over_unheard(&self, life: &Life, telling: &Telling) -> bool {
        let mut before = None;
        let turns = life.moments.iter().filter(|moment| {
            let ends = matches!(&moment.change, Change::Status(status) if is_end(status));
            let another = std::mem::replace(&mut before, moment.plan) != moment.plan;
            moment.at <= telling.at && (ends || another)
        });
        let Some(turn) = turns.last() else {
            return false;
        };
        let taken = self.taken.get(&life.esim_id);
        let mut taken = taken
            .into_iter()
            .flatten()
            .filter(|one| one.came <= telling.at);
        let asked = self.asked.get(&life.esim_id);
        let mut asked = asked
            .into_iter()
            .flatten()
            .filter(|one| one.at <= telling.at);
        let sent = match &turn.change {
            Change::Status(status) if is_end(status) => taken.any(|one| {
                one.is_status && one.at == turn.at && one.status.as_ref() == Some(status)
            }),
            // Whatever comes later names the period that runs.
            _ => taken.any(|one| one.at >= turn.at),
        };
        !sent && !asked.any(|one| one.turns_known_until >= turn.at)
    }

    /// Whether an activation is of a package that began while the one before it was in use, of which nothing was heard while it
    /// ran: no API tells of a package that is over. For the desk the other begins after an end that it knows, and is activated.
    fn follows_one_unheard(&self, life: &Life, telling: &Telling) -> bool {
        let periods: Vec<(i64, i64)> = life.plans.iter().filter_map(|plan| plan.period).collect();
        let mut pairs = periods.windows(2).filter_map(|two| match two {
            [before, after] => Some((*before, *after)),
            _ => None,
        });
        let is_its = |(start, end): (i64, i64)| (start..=end).contains(&telling.since);
        pairs.any(|((start, end), after)| {
            let runs = start..after.0;
            let taken = self.taken.get(&life.esim_id).into_iter().flatten();
            let asked = self.asked.get(&life.esim_id).into_iter().flatten();
            let mut heard = taken
                .filter(|one| one.came <= telling.at)
                .map(|one| one.at)
                .chain(asked.map(|one| one.at));
            telling.rule == Rule::FirstActivation
                && is_its(after)
                && end > after.0
                && !heard.any(|at| runs.contains(&at))
        })
    }
}

/// Whoever heard all webhooks at once was told the same, each thing as often or more often.
pub fn told(week: &Week, world: &World, told: &Told<'_>, all: &[Shown], wrong: &mut Vec<String>) {
    let life_of = |telling: &Telling| {
        let esim_id = telling.esim_id.as_ref()?;
        world.lives().iter().find(|life| life.esim_id == *esim_id)
    };
    let (shown, taken) = (told.shown, told.taken);
    // Whoever has to ask what became of an eSIM past its end is told again when the webhook comes hours late with the answer.
    let is_answered_late = |telling: &Telling| {
        let esim_id = telling.esim_id.as_ref();
        let mut taken = esim_id.and_then(|id| taken.get(id)).into_iter().flatten();
        let ended = Some(Status::Expired);
        taken.any(|one| one.is_status && one.status == ended && one.came > telling.at)
    };
    let count = |shown: &[Shown], is_forgiven: &dyn Fn(&Telling) -> bool| {
        let mut count: BTreeMap<(Option<String>, Rule), Vec<i64>> = BTreeMap::new();
        // Nobody who can't reach the API knows what happened in an absence: not even that what is past its end was revoked or
        // goes on. That it is told once whatever comes out is seen after each absence.
        for shown in shown.iter().filter(|shown| shown.knowing) {
            for telling in &shown.told {
                let rule = match telling.rule {
                    _ if is_forgiven(telling) => continue,
                    Rule::PastEnd if is_answered_late(telling) => continue,
                    // Of some ends no webhook tells; the API does.
                    Rule::PastEnd => Rule::Expired,
                    rule => rule,
                };
                let of = (telling.esim_id.clone(), rule);
                count.entry(of).or_default().push(telling.at);
            }
        }
        count
    };
    let is_over = |telling: &Telling| {
        life_of(telling).is_some_and(|life| {
            told.of_what_is_over_unheard(life, telling) || told.follows_one_unheard(life, telling)
        })
    };
    let (had, heard) = (count(shown, &is_over), count(all, &|_| false));
    let none = Vec::new();
    for ((esim_id, rule), times) in had {
        let Some(esim_id) = esim_id else {
            let webhooks = heard.get(&(None, rule)).unwrap_or(&none);
            if is_about_money(rule) && times.len() > webhooks.len() {
                let rule = rule.as_str();
                wrong.push(format!(
                    "{rule} told at {times:?}, by webhooks alone at {webhooks:?}"
                ));
            }
            continue;
        };
        let life = world.lives().iter().find(|life| life.esim_id == esim_id);
        let life = life.unwrap();
        // Of what was sold before no webhook told from its beginning on.
        if life.sold() < week.world.begin {
            continue;
        }
        let webhooks = heard.get(&(Some(esim_id), rule)).unwrap_or(&none);
        if times.len() > webhooks.len() {
            let rule = rule.as_str();
            let what = format!("{rule} told at {times:?}, by webhooks alone at {webhooks:?}");
            let last = times.last().copied().unwrap_or_default();
            let mut told = named(life, last, &what);
            for (desk, tellings) in [("it", shown), ("webhooks alone", all)] {
                told.push_str(&all_told_of(life, desk, tellings));
            }
            wrong.push(told);
        }
    }
}

/// All that a desk was told of an eSIM.
fn all_told_of(life: &Life, desk: &str, shown: &[Shown]) -> String {
    let all = shown.iter().flat_map(|shown| {
        let of_it = shown
            .told
            .iter()
            .filter(|telling| telling.esim_id.as_ref() == Some(&life.esim_id));
        of_it.map(|telling| (shown.knowing, telling))
    });
    all.map(|(knowing, telling)| {
        let Telling { at, rule, since, .. } = telling;
        let [at_date, since_date] = [*at, *since].map(|at| utc_time(at * 1000));
        format!(
            "\n    {desk} told {} at {at} {at_date}, since {since} {since_date}, knowing: {knowing}",
            rule.as_str()
        )
    })
    .collect()
}

fn is_about_money(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::BalanceLow | Rule::BalanceInsufficient | Rule::BalanceToppedUp
    )
}
