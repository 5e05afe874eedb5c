//! Headings that name the first and the last day of a trip by their place, or by the way somebody flies: `Letzter Reisetag`,
//! `First day`, `Fly out`.

/// Which day of a trip a heading names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OuterDay {
    First,
    Last,
    /// Of the way there, and back.
    Out,
    In,
}

const FIRST: &[&str] = &[
    "first", "1st", "1", "erster", "erste", "ersten", "primer", "primero", "primera", "premier",
    "premiere", "1er", "primo", "prima", "primeiro", "primeira",
];

const LAST: &[&str] = &[
    "last", "final", "letzter", "letzte", "letzten", "ultimo", "ultima", "dernier", "derniere",
];

/// Single days; and those that are one only of a trip.
const DAYS: &[&str] = &[
    "day",
    "tag",
    "reisetag",
    "urlaubstag",
    "aufenthaltstag",
    "dia",
    "giorno",
    "jour",
    "journee",
];
const DATES: &[&str] = &["date", "datum", "fecha", "data"];

const TRIPS: &[&str] = &[
    "trip",
    "travel",
    "travelling",
    "traveling",
    "journey",
    "holiday",
    "stay",
    "tour",
    "reise",
    "urlaubs",
    "urlaub",
    "aufenthalts",
    "viaje",
    "estancia",
    "vacaciones",
    "voyage",
    "sejour",
    "vacances",
    "viaggio",
    "soggiorno",
    "vacanza",
    "viagem",
    "estadia",
    "ferias",
];

const FILLERS: &[&str] = &[
    "of", "the", "on", "der", "des", "de", "del", "do", "da", "du", "di", "la", "le", "il", "el",
    "o", "im", "am", "dem",
];

/// What stands before `out` and `back`, and beside them.
const FLYING: &[&str] = &[
    "fly",
    "flying",
    "flies",
    "flight",
    "travelling",
    "traveling",
    "going",
];
const HOME: &[&str] = &["home", "back"];

/// Which day of a trip a whole heading names, if it says no more than that.
pub(super) fn outer_day(plain: &str) -> Option<OuterDay> {
    let tokens = || plain.split(' ');
    let any = |texts: &[&str]| tokens().any(|token| texts.contains(&token));
    let only =
        |texts: &[&[&str]]| tokens().all(|token| texts.iter().any(|some| some.contains(&token)));
    if any(FLYING) && only(&[FLYING, HOME, DAYS, DATES, FILLERS, &["out", "in"]]) {
        return match () {
            () if any(HOME) => Some(OuterDay::Last),
            () if any(&["out"]) => Some(OuterDay::Out),
            () if any(&["in"]) => Some(OuterDay::In),
            () => None,
        };
    }
    let is_day = any(DAYS) || (any(DATES) && any(TRIPS));
    if !is_day || !only(&[FIRST, LAST, DAYS, DATES, TRIPS, FILLERS]) {
        return None;
    }
    match (any(FIRST), any(LAST)) {
        // From and to in one: the first day, and the last behind it.
        (true, _) => Some(OuterDay::First),
        (false, true) => Some(OuterDay::Last),
        (false, false) => None,
    }
}
