//! The tests that wine can't run, by name and with the reason. The list may only get shorter.

/// Tests by their full name, and why they are left out.
const SKIPPED: [(&str, &str); 0] = [];

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
