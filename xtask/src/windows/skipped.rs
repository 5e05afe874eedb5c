//! The tests that wine can't run, by name and with the reason. The list may only get shorter.

/// A command that is interrupted at its console.
const BY_A_SIGNAL: &str = "interrupts a command by a signal, for which wine has nothing";

/// Tests by their full name, and why they are left out.
const SKIPPED: [(&str, &str); 4] = [
    (
        "catch_up_odd::one_beside_a_server_that_ends_is_done_all_the_same",
        BY_A_SIGNAL,
    ),
    (
        "catch_up_odd::one_that_waits_for_another_is_done_when_that_ends_or_is_stopped",
        BY_A_SIGNAL,
    ),
    (
        "catch_up_ended::a_signal_beside_a_server_does_not_claim_that_the_catch_up_was_stopped",
        BY_A_SIGNAL,
    ),
    (
        "catch_up_ended::an_end_by_a_signal_is_one_object_too",
        BY_A_SIGNAL,
    ),
];

/// The names of all of them.
pub fn names() -> impl Iterator<Item = &'static str> {
    SKIPPED.iter().map(|(name, _)| *name)
}

/// What is left out, for whoever reads the output.
pub fn told() -> String {
    let mut told = format!("{} tests can't run under wine:", SKIPPED.len());
    for (name, reason) in SKIPPED {
        told.push_str(&format!("\n  {name}: {reason}"));
    }
    told
}

/// Those on the list that are no tests. `listed`: what the test programs list.
pub fn unknown(listed: &str) -> Vec<&'static str> {
    let known = |name: &str| listed.lines().any(|line| line == format!("{name}: test"));
    names().filter(|name| !known(name)).collect()
}
