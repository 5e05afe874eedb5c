//! Rules as they are written, and how often they strike.

use super::*;

fn faults(rules: &[&str]) -> Faults {
    let mut faults = Faults::none(1);
    for rule in rules {
        faults.add(rule.parse().unwrap());
    }
    faults
}

#[test]
fn every_fault_can_be_written() {
    for (what, fault) in [
        ("401", ApiFault::Unauthorized),
        ("403", ApiFault::Forbidden),
        ("404", ApiFault::NotFound),
        ("409", ApiFault::Conflict),
        ("422", ApiFault::Unprocessable),
        ("429", ApiFault::TooMany(None)),
        ("429:7", ApiFault::TooMany(Some(7))),
        ("500", ApiFault::Unknown),
        ("503", ApiFault::Unavailable),
        ("failed", ApiFault::Failed),
        ("html", ApiFault::Html),
        ("silence", ApiFault::Silence),
        ("cut", ApiFault::Cut),
        ("malformed", ApiFault::Malformed),
    ] {
        let mut faults = faults(&[&format!("/api/esims {what} once")]);
        assert_eq!(faults.of_answer("/api/balance", 0), None);
        assert_eq!(faults.of_post(0), None);
        assert_eq!(faults.of_answer("/api/esims", 0), Some(fault));
        assert_eq!(faults.of_answer("/api/esims", 0), None, "once");
        assert_eq!(fault.to_string(), what);
    }
    for (what, fault) in [
        ("lost", PostFault::Lost),
        ("late:90", PostFault::Late(90)),
        ("repeated", PostFault::Repeated),
        ("disordered", PostFault::Disordered),
    ] {
        let mut faults = faults(&[&format!("webhook {what} 2x")]);
        assert_eq!(faults.of_answer("/api/esims", 0), None);
        let struck = [(); 3].map(|()| faults.of_post(0));
        assert_eq!(struck, [Some(fault), Some(fault), None]);
        assert_eq!(fault.to_string(), what);
    }
}

#[test]
fn what_can_not_be_read_says_what_can_be_written() {
    for (text, part) in [
        ("", "too little"),
        ("webhook", "too little"),
        ("mail lost", "no place"),
        ("webhook 500", "lost, late"),
        ("webhook late:soon", "lost, late"),
        ("api lost", "401, 403"),
        ("api 500 often", "once, 3x"),
        ("api 500 101%", "once, 3x"),
        ("api 500 once tomorrow", "FROM..TO"),
    ] {
        let error = text.parse::<FaultRule>().unwrap_err();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn a_rule_with_a_span_strikes_within_it() {
    let mut faults = faults(&["api 503 always 100..200"]);
    let struck = [99, 100, 199, 200].map(|now| faults.of_answer("/", now).is_some());
    assert_eq!(struck, [false, true, true, false]);
}

#[test]
fn shares_follow_from_the_seed() {
    let strikes = |seed| {
        let mut faults = Faults::none(seed);
        faults.add("api any 10%".parse().unwrap());
        let all = (0..1_000).map(|_| faults.of_answer("/api/esims", 0));
        all.collect::<Vec<_>>()
    };
    let (one, same, other) = (strikes(1), strikes(1), strikes(2));
    assert_eq!(one, same);
    assert_ne!(one, other);
    let count = one.iter().flatten().count();
    assert!((60..140).contains(&count), "{count}");
    assert!(one.iter().flatten().all(|fault| *fault != ApiFault::Any));
}

#[test]
fn what_is_usual_follows_from_the_seed_and_can_be_ended() {
    let plan = WorldPlan {
        seed: 4,
        begin: 0,
        days: 14,
        esims: 1,
        everyday: false,
        hurry: None,
    };
    let told = |faults: &Faults| faults.rules().map(FaultRule::to_string).collect::<Vec<_>>();
    let mut faults = Faults::usual(&plan);
    assert_eq!(told(&faults), told(&Faults::usual(&plan)));
    assert!(told(&faults).len() > 7, "with outages");
    faults.clear();
    assert!((0..100).all(|_| faults.of_post(0).is_none()));
}
