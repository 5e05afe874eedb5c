//! What went wrong in a world, for a person: the matter, and all that happened to whom it is about.

use std::fmt::Write;

use crate::calendar::date_of;
use crate::oracle::{Deserved, Matter};
use crate::play::{Log, Whom};
use crate::tally::Tally;
use crate::world::{Power, World};

/// Of how many it is told.
const MOST: usize = 3;

pub fn told(
    world: &World,
    matters: &[Matter],
    deserved: &[Deserved],
    log: &Log,
    tally: &Tally,
) -> String {
    let mut text = format!("\nMonth {} went wrong:\n", world.seed);
    let mut of: Vec<&Whom> = Vec::new();
    for wrong in &tally.wrong {
        let _ = writeln!(text, "  {:?}: {:?} {}", wrong.kind, wrong.whom, wrong.what);
        if !of.contains(&&wrong.whom) {
            of.push(&wrong.whom);
        }
    }
    for whom in of.into_iter().take(MOST) {
        let _ = writeln!(text, "\n  What happened to {whom:?}:");
        let mut lines = of_whom(world, matters, log, whom);
        for one in deserved.iter().filter(|one| one.whom == *whom) {
            let due = one
                .due
                .map(|due| (due, format!("DUE {} {}", one.rule.as_str(), one.which)));
            lines.extend(due);
            for range in one.window.iter() {
                let line = format!(
                    "MAY BE TOLD {} {} until {}",
                    one.rule.as_str(),
                    one.which,
                    date_of(range.end)
                );
                lines.push((range.start, line));
            }
        }
        lines.extend(of_office(world));
        lines.sort();
        for (at, line) in lines {
            let _ = writeln!(text, "    {} {line}", date_of(at));
        }
    }
    text
}

fn of_whom(world: &World, matters: &[Matter], log: &Log, whom: &Whom) -> Vec<(i64, String)> {
    let mut lines = Vec::new();
    let came = |known_at: Option<i64>| {
        known_at.map_or("never came".to_owned(), |at| {
            format!("came {}", date_of(at))
        })
    };
    if let Whom::Esim(number) = whom {
        let life = &world.lives[*number];
        for (place, period) in life.periods.iter().enumerate() {
            let (start, end) = (date_of(period.start), date_of(period.end));
            lines.push((
                world.begin,
                format!("package {place}: {start} to {end}, {} MB", period.size),
            ));
        }
        for said in &life.said {
            let left = said
                .left
                .map_or(String::new(), |left| format!(" {left} % left"));
            let dated = match said.dated == said.so_at_ms.div_euclid(1000) {
                true => String::new(),
                false => format!(" dated {}", date_of(said.dated)),
            };
            let line = format!(
                "said {} [{:?}]{left}{dated}, {}",
                said.status.unwrap_or("UNKNOWN"),
                said.period,
                came(said.known_at)
            );
            lines.push((said.so_at_ms.div_euclid(1000), line));
        }
        let noted = world
            .noted
            .iter()
            .filter(|noted| noted.reference == life.reference);
        lines.extend(noted.map(|noted| (noted.at, format!("NOTED a trip from {}", noted.day))));
    } else {
        for happened in &world.money.happened {
            let line = format!(
                "{:?} {}, {}",
                happened.told,
                happened.balance,
                came(happened.known_at)
            );
            lines.push((happened.at, line));
        }
    }
    for matter in matters.iter().filter(|matter| matter.whom == *whom) {
        for (what, spans) in [("SURELY", &matter.surely), ("MAYBE", &matter.maybe)] {
            for range in spans.iter() {
                let end = date_of(range.end);
                lines.push((
                    range.start,
                    format!(
                        "{what} {} {} until {end}",
                        matter.rule.as_str(),
                        matter.which
                    ),
                ));
            }
        }
    }
    let tellings = log.tellings.iter().filter(|telling| telling.whom == *whom);
    lines.extend(tellings.map(|telling| {
        (
            telling.at,
            format!("TOLD {} ({})", telling.rule.as_str(), telling.which),
        )
    }));
    let done = log.done.iter().filter(|done| done.whom == *whom);
    lines.extend(done.map(|done| (done.at, format!("{:?} {}", done.act, done.rule.as_str()))));
    let mut before = None;
    for sight in log.sights.iter().filter(|sight| sight.whom == *whom) {
        if before != Some(&sight.open) {
            lines.push((sight.at, format!("SEEN open {:?}", sight.open)));
        }
        before = Some(&sight.open);
    }
    lines
}

fn of_office(world: &World) -> Vec<(i64, String)> {
    let office = &world.office;
    let mut lines: Vec<(i64, String)> = Vec::new();
    let starts = office
        .power
        .iter()
        .filter(|(_, power)| matches!(power, Power::Start | Power::Stop));
    lines.extend(starts.map(|(at, power)| (*at, format!("— {power:?}"))));
    for (when, by) in &office.wrong_clock {
        lines.push((
            when.start,
            format!("— the clock is wrong by {by} s until {}", date_of(when.end)),
        ));
    }
    for (from, settings) in &office.rules {
        lines.push(((*from).max(world.begin), format!("— set: {settings:?}")));
    }
    lines
}
