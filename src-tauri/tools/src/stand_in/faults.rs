//! What goes wrong on demand: with an answer of the API, or with a webhook on its way. Rules in, decisions out; the
//! same seed and the same sequence of questions give the same decisions. Knows no HTTP.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use super::chance::Chance;
use super::world::{DAY, HOUR, MINUTE, WorldPlan};

/// What a rule writes that is about webhooks.
const WEBHOOK: &str = "webhook";

/// What a rule writes that is about every path of the API.
const API: &str = "api";

/// What can go wrong with an answer of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiFault {
    /// 401: the token is refused.
    Unauthorized,
    /// 403: not enabled.
    Forbidden,
    /// 404.
    NotFound,
    /// 409.
    Conflict,
    /// 422.
    Unprocessable,
    /// 429, with the seconds of `Retry-After` if it says any.
    TooMany(Option<u64>),
    /// 500.
    Unknown,
    /// 503.
    Unavailable,
    /// 200, and the body says that it failed.
    Failed,
    /// A page of something in between.
    Html,
    /// Nothing, for as long as somebody waits.
    Silence,
    /// A list with half of its rows.
    Cut,
    /// JSON that ends in its middle.
    Malformed,
    /// One of those that pass: 429, 500, 503, failed, HTML, malformed.
    Any,
}

/// What can go wrong with a webhook on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostFault {
    /// It never leaves.
    Lost,
    /// It leaves so many seconds late.
    Late(i64),
    /// It leaves twice.
    Repeated,
    /// It leaves after the next one about the same eSIM.
    Disordered,
}

/// What goes wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Trouble {
    /// With answers of this path; `None`: of every one.
    Answer(Option<String>, ApiFault),
    Post(PostFault),
}

/// How often a rule strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Often {
    /// So many times, then never again.
    Times(u32),
    /// So many of a hundred.
    Share(u32),
}

/// One rule. As text: where, what, how often and perhaps when, for instance `webhook lost 5%`, `/api/esims 429:7 once`,
/// `api any 10%`, `webhook late:3600 3x`, `api 503 100% 1795737600..1795741200`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultRule {
    trouble: Trouble,
    often: Often,
    /// UTC seconds.
    when: Option<Range<i64>>,
}

impl FromStr for FaultRule {
    type Err = String;

    fn from_str(text: &str) -> Result<FaultRule, String> {
        let mut words = text.split_whitespace();
        let [place, what, often] = [words.next(), words.next(), words.next()];
        let (Some(place), Some(what)) = (place, what) else {
            return Err(format!(
                "\"{text}\" says too little; write where, what and how often: webhook lost 5%"
            ));
        };
        let trouble = match place {
            WEBHOOK => Trouble::Post(post_fault(what)?),
            API => Trouble::Answer(None, api_fault(what)?),
            path if path.starts_with('/') => {
                Trouble::Answer(Some(path.to_owned()), api_fault(what)?)
            }
            _ => {
                return Err(format!(
                    "\"{place}\" is no place for a fault; there are {WEBHOOK}, {API} and paths"
                ));
            }
        };
        Ok(FaultRule {
            trouble,
            often: often.map_or(Ok(Often::Times(1)), how_often)?,
            when: words.next().map(span).transpose()?,
        })
    }
}

impl fmt::Display for FaultRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.trouble {
            Trouble::Post(fault) => write!(f, "{WEBHOOK} {fault}")?,
            Trouble::Answer(None, fault) => write!(f, "{API} {fault}")?,
            Trouble::Answer(Some(path), fault) => write!(f, "{path} {fault}")?,
        }
        match self.often {
            Often::Times(times) => write!(f, " {times}x")?,
            Often::Share(percent) => write!(f, " {percent}%")?,
        }
        match &self.when {
            Some(when) => write!(f, " {}..{}", when.start, when.end),
            None => Ok(()),
        }
    }
}

/// How each is written; a figure stands behind a colon.
const API_FAULTS: [(&str, ApiFault); 14] = [
    ("401", ApiFault::Unauthorized),
    ("403", ApiFault::Forbidden),
    ("404", ApiFault::NotFound),
    ("409", ApiFault::Conflict),
    ("422", ApiFault::Unprocessable),
    ("429", ApiFault::TooMany(None)),
    ("500", ApiFault::Unknown),
    ("503", ApiFault::Unavailable),
    ("failed", ApiFault::Failed),
    ("html", ApiFault::Html),
    ("silence", ApiFault::Silence),
    ("cut", ApiFault::Cut),
    ("malformed", ApiFault::Malformed),
    ("any", ApiFault::Any),
];
const POST_FAULTS: [(&str, PostFault); 4] = [
    ("lost", PostFault::Lost),
    ("late", PostFault::Late(2 * HOUR)),
    ("repeated", PostFault::Repeated),
    ("disordered", PostFault::Disordered),
];

impl fmt::Display for ApiFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ApiFault::TooMany(Some(seconds)) => write!(f, "429:{seconds}"),
            fault => f.write_str(written(&API_FAULTS, fault)),
        }
    }
}

impl fmt::Display for PostFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PostFault::Late(seconds) => write!(f, "late:{seconds}"),
            fault => f.write_str(written(&POST_FAULTS, fault)),
        }
    }
}

fn written<T: PartialEq>(all: &[(&'static str, T)], fault: &T) -> &'static str {
    let found = all.iter().find(|(_, known)| known == fault);
    found.map_or("", |(name, _)| name)
}

/// The fault of this name, and the figure behind it.
fn named<T: Copy>(all: &[(&'static str, T)], text: &str) -> Result<(T, Option<i64>), String> {
    let (name, figure) = match text.split_once(':') {
        Some((name, figure)) => (name, Some(figure)),
        None => (text, None),
    };
    let figure = figure.map(str::parse::<u32>).transpose().ok();
    let found = all.iter().find(|(known, _)| *known == name);
    match found.zip(figure) {
        Some(((_, fault), figure)) => Ok((*fault, figure.map(i64::from))),
        None => {
            let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
            Err(format!(
                "\"{text}\" is nothing that happens there; there are {}",
                names.join(", ")
            ))
        }
    }
}

fn post_fault(text: &str) -> Result<PostFault, String> {
    let (fault, figure) = named(&POST_FAULTS, text)?;
    Ok(match (fault, figure) {
        (PostFault::Late(_), Some(seconds)) => PostFault::Late(seconds),
        _ => fault,
    })
}

fn api_fault(text: &str) -> Result<ApiFault, String> {
    let (fault, figure) = named(&API_FAULTS, text)?;
    Ok(match (fault, figure) {
        (ApiFault::TooMany(_), Some(seconds)) => ApiFault::TooMany(seconds.try_into().ok()),
        _ => fault,
    })
}

fn how_often(text: &str) -> Result<Often, String> {
    let number = |text: &str| text.parse::<u32>().ok();
    let often = match text {
        "once" => Some(Often::Times(1)),
        "always" => Some(Often::Share(100)),
        _ => text
            .strip_suffix('%')
            .and_then(number)
            .filter(|percent| *percent <= 100)
            .map(Often::Share)
            .or_else(|| text.strip_suffix('x').and_then(number).map(Often::Times)),
    };
    often.ok_or_else(|| format!("\"{text}\" is no number of times; write once, 3x, 5% or always"))
}

fn span(text: &str) -> Result<Range<i64>, String> {
    let ends = text.split_once("..");
    let ends = ends.and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    ends.ok_or_else(|| format!("\"{text}\" is no span; write FROM..TO in seconds since 1970"))
}

/// The rules that hold, each with its own chance.
#[derive(Debug)]
pub struct Faults {
    seed: u64,
    made: u64,
    rules: Vec<(FaultRule, Chance)>,
}

impl Faults {
    /// Nothing goes wrong yet. `seed`: of what shares of a hundred hit.
    #[must_use]
    pub fn none(seed: u64) -> Faults {
        Faults {
            seed,
            made: 0,
            rules: Vec::new(),
        }
    }

    /// What a desk has to live with in a world, from its seed: some webhooks are lost, late, repeated or out of order,
    /// some answers fail, and every few days there is an hour without webhooks and a while without the API.
    #[must_use]
    pub fn usual(plan: &WorldPlan) -> Faults {
        let mut faults = Faults::none(plan.seed);
        let shares = [
            (PostFault::Lost, 5),
            (PostFault::Late(2 * HOUR), 3),
            (PostFault::Repeated, 5),
            (PostFault::Disordered, 2),
        ];
        for (fault, percent) in shares {
            faults.add(FaultRule {
                trouble: Trouble::Post(fault),
                often: Often::Share(percent),
                when: None,
            });
        }
        faults.add(FaultRule {
            trouble: Trouble::Answer(None, ApiFault::Any),
            often: Often::Share(10),
            when: None,
        });
        let mut chance = Chance::of(plan.seed, 6);
        let mut at = plan.begin;
        loop {
            at += chance.between(DAY, 4 * DAY);
            if at > plan.end() {
                return faults;
            }
            let outages = [
                (Trouble::Post(PostFault::Lost), HOUR),
                (
                    Trouble::Answer(None, ApiFault::Unavailable),
                    chance.between(5 * MINUTE, 2 * HOUR),
                ),
            ];
            for (trouble, lasts) in outages {
                faults.add(FaultRule {
                    trouble,
                    often: Often::Share(100),
                    when: Some(at..at + lasts),
                });
            }
        }
    }

    /// From now on this goes wrong, too.
    pub fn add(&mut self, rule: FaultRule) {
        self.made += 1;
        let chance = Chance::of(self.seed, 100_000_000 + self.made);
        self.rules.push((rule, chance));
    }

    /// From now on nothing goes wrong.
    pub fn clear(&mut self) {
        self.rules.clear();
    }

    /// The rules that can still strike.
    pub fn rules(&self) -> impl Iterator<Item = &FaultRule> {
        let rules = self.rules.iter().map(|(rule, _)| rule);
        rules.filter(|rule| rule.often != Often::Times(0))
    }

    /// What goes wrong with the answer to a request for this path.
    pub(super) fn of_answer(&mut self, path: &str, now: i64) -> Option<ApiFault> {
        let fault = self.strikes(now, |trouble| match trouble {
            Trouble::Answer(of, fault) if of.as_deref().is_none_or(|of| of == path) => Some(*fault),
            _ => None,
        })?;
        if fault != ApiFault::Any {
            return Some(fault);
        }
        let passing = [
            ApiFault::TooMany(Some(1)),
            ApiFault::TooMany(None),
            ApiFault::Unknown,
            ApiFault::Unavailable,
            ApiFault::Failed,
            ApiFault::Html,
            ApiFault::Malformed,
        ];
        self.made += 1;
        let mut chance = Chance::of(self.seed, 200_000_000 + self.made);
        let place = chance.between(0, passing.len() as i64) as usize;
        passing.get(place).copied()
    }

    /// What goes wrong with a webhook that is about to leave.
    pub(super) fn of_post(&mut self, now: i64) -> Option<PostFault> {
        self.strikes(now, |trouble| match trouble {
            Trouble::Post(fault) => Some(*fault),
            Trouble::Answer(..) => None,
        })
    }

    /// The first rule that strikes.
    fn strikes<T>(&mut self, now: i64, fits: impl Fn(&Trouble) -> Option<T>) -> Option<T> {
        for (rule, chance) in &mut self.rules {
            let Some(fault) = fits(&rule.trouble) else {
                continue;
            };
            if rule.when.as_ref().is_some_and(|when| !when.contains(&now)) {
                continue;
            }
            let hit = match &mut rule.often {
                Often::Times(0) => false,
                Often::Times(times) => {
                    *times -= 1;
                    true
                }
                Often::Share(percent) => chance.percent(*percent),
            };
            if hit {
                return Some(fault);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests;
