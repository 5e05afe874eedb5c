//! First activations: one for each period, however an eSIM flaps.

use super::*;

/// The second at which [`activated`] was.
const AT: i64 = START + 5;

/// An eSIM that was installed and a moment later activated.
fn activated() -> EsimState {
    EsimState::fold(vec![status("INSTALLED", START), status("ACTIVATED", AT)])
}

fn flapping() -> Vec<Event> {
    vec![
        status("INACTIVE", START + 6),
        status("ACTIVATED", START + 8),
        status("INACTIVE", START + 11),
        status("ACTIVATED", START + 13),
    ]
}

/// The start of a second period, a day after the first.
const NEXT_START: i64 = END + DAY_SECS;

/// The status of an eSIM in its second period.
fn in_next_period(name: &str, at: i64) -> Event {
    let mut event = status(name, at);
    event.period_start = Some(NEXT_START);
    event.period_end = Some(NEXT_START + 7 * DAY_SECS);
    event
}

/// An eSIM that is used in two periods, one after the other.
fn two_periods() -> Vec<Event> {
    vec![
        status("ACTIVATED", START),
        status("INACTIVE", START + DAY_SECS),
        in_next_period("ACTIVATED", NEXT_START + 5),
        in_next_period("INACTIVE", NEXT_START + 7),
        in_next_period("ACTIVATED", NEXT_START + 9),
    ]
}

fn first() -> (Rule, String) {
    (Rule::FirstActivation, "first".to_owned())
}

#[test]
fn a_first_activation_names_its_second() {
    assert_eq!(
        only(&activated(), AT),
        Fact {
            subject: Subject::Esim(17),
            rule: Rule::FirstActivation,
            occasion: "first".to_owned(),
            since: AT,
            detail: Detail {
                at: Some(START),
                ..Detail::default()
            },
        }
    );
}

#[test]
fn a_first_activation_holds_for_a_day() {
    let esim = activated();
    assert_eq!(rules(&esim, AT + DAY_SECS - 1), [Rule::FirstActivation]);
    assert_eq!(rules(&esim, AT + DAY_SECS), []);
}

#[test]
fn a_desk_whose_clock_is_slow_is_told_of_an_activation_all_the_same() {
    assert_eq!(
        rules(&activated(), START - DAY_SECS),
        [Rule::FirstActivation]
    );
}

#[test]
fn flapping_is_one_activation() {
    assert_eq!(told(&flapping(), START + 20), [first()]);
}

#[test]
fn flapping_that_arrives_backwards_and_again_is_one_activation() {
    let mut arriving = flapping();
    arriving.reverse();
    arriving.extend(flapping());
    assert_eq!(told(&arriving, START + 20), [first()]);
}

#[test]
fn a_later_period_is_activated_once_more() {
    let expected = (Rule::FirstActivation, format!("start:{NEXT_START}"));
    assert!(told(&two_periods(), NEXT_START + 10).contains(&expected));
    let esim = EsimState::fold(two_periods());
    let settings = AlertSettings::default();
    let facts = esim_facts(
        17,
        watched(&esim, &two_periods()),
        &settings,
        NEXT_START + 10,
    );
    assert_eq!((facts.len(), facts[0].since), (1, NEXT_START + 5));
}

#[test]
fn a_later_period_of_which_alone_is_known_is_the_first() {
    assert_eq!(told(&two_periods()[2..], NEXT_START + 10), [first()]);
}

#[test]
fn a_period_dated_a_moment_after_its_activation_is_activated_then_and_not_at_a_later_flap() {
    let mut arriving = vec![status("EXPIRED", END + 5)];
    arriving.insert(0, status("ACTIVATED", START));
    arriving.push(in_next_period("ACTIVATED", NEXT_START - 2));
    let expected = (Rule::FirstActivation, format!("start:{NEXT_START}"));
    assert_eq!(told(&arriving, NEXT_START).last(), Some(&expected));
    let later = NEXT_START + 2 * DAY_SECS;
    arriving.push(in_next_period("INACTIVE", later));
    arriving.push(in_next_period("ACTIVATED", later + 4));
    let esim = EsimState::fold(arriving.clone());
    let facts = esim_facts(
        17,
        watched(&esim, &arriving),
        &AlertSettings::default(),
        later + 4,
    );
    assert_eq!(facts, []);
}

#[test]
fn a_flap_in_a_period_that_was_renewed_while_in_use_is_no_activation() {
    let at = START + 5 * DAY_SECS;
    let renewed = |mut event: Event| {
        (event.period_start, event.period_end) = (Some(at), Some(at + 7 * DAY_SECS));
        event
    };
    let mut arriving = vec![
        status("ACTIVATED", START),
        renewed(usage(at, 3000.0, 3000.0)),
        renewed(status("INACTIVE", at + DAY_SECS)),
        renewed(status("ACTIVATED", at + DAY_SECS + 4)),
    ];
    let activations = |arriving: &[Event]| {
        let told = told_live(arriving).into_iter();
        let of_rule = told.filter(|(rule, _)| *rule == Rule::FirstActivation);
        of_rule.map(|(_, occasion)| occasion).collect::<Vec<_>>()
    };
    assert_eq!(activations(&arriving), ["first"]);
    // Also of a report that a package was renewed in which nothing was in use any more.
    arriving.insert(1, status("EXPIRED", START + 4 * DAY_SECS));
    assert_eq!(
        activations(&arriving),
        ["first".to_owned(), format!("start:{at}")]
    );
}

#[test]
fn a_period_that_is_renewed_while_in_use_is_no_activation() {
    let renewed_at = START + 5 * DAY_SECS;
    let esim = renewed(Status::Activated, renewed_at - HOUR_SECS, renewed_at);
    assert_eq!(rules(&esim, renewed_at + 2 * HOUR_SECS), []);
}

#[test]
fn a_period_that_is_renewed_while_idle_is_no_activation() {
    let renewed_at = START + 5 * DAY_SECS;
    let esim = renewed(Status::Inactive, renewed_at + HOUR_SECS, renewed_at);
    assert_eq!(rules(&esim, renewed_at + 2 * HOUR_SECS), []);
}

/// An eSIM that was activated long ago and whose period starts anew.
fn renewed(status: Status, since: i64, at: i64) -> EsimState {
    EsimState {
        first_activated_at: Some(START),
        period_start: Some(at),
        period_end: Some(at + 7 * DAY_SECS),
        ..in_period(status, since)
    }
}

#[test]
fn a_period_dated_a_few_hours_after_the_activation_is_its_own() {
    let event = status("ACTIVATED", START - 2 * HOUR_SECS);
    let esim = EsimState::fold(vec![event]);
    assert_eq!(only(&esim, START).occasion, "first");
}

#[test]
fn an_activation_without_any_period_is_the_first() {
    let mut event = status("ACTIVATED", START - 2 * HOUR_SECS);
    event.period_start = None;
    let esim = EsimState::fold(vec![event]);
    assert_eq!(only(&esim, START).occasion, "first");
}

#[test]
fn an_esim_that_was_never_activated_is_not_said_to_be() {
    let esim = EsimState::fold(vec![status("INSTALLED", START)]);
    assert!(!rules(&esim, START + 1).contains(&Rule::FirstActivation));
}
