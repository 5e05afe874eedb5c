//! Files that know each other in a ring: none of them can be read, tested or changed alone.

use std::collections::{BTreeMap, BTreeSet};

use super::imports::Edge;

/// Every circle, with its files.
pub fn breaches(edges: &[Edge]) -> Vec<String> {
    let mut to: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for edge in edges {
        to.entry(&edge.from).or_default().insert(&edge.to);
    }
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        to.keys().map(|file| (*file, reach(file, &to))).collect();
    let both = |a: &str, b: &str| {
        let leads = |from: &str, to: &str| reached.get(from).is_some_and(|all| all.contains(to));
        leads(a, b) && leads(b, a)
    };
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let mut found = Vec::new();
    for file in reached.keys() {
        if told.contains(file) || !both(file, file) {
            continue;
        }
        let ring: Vec<&str> = reached
            .keys()
            .filter(|other| both(file, other))
            .copied()
            .collect();
        told.extend(&ring);
        let ties: Vec<String> = edges
            .iter()
            .filter(|edge| ring.contains(&edge.from.as_str()) && ring.contains(&edge.to.as_str()))
            .map(|edge| format!("{} → {}", edge.from, edge.to))
            .collect();
        found.push(format!(
            "{} files know each other in a circle:\n    {}",
            ring.len(),
            ties.join("\n    ")
        ));
    }
    found
}

/// Every file that one can be followed to, itself only by way of another.
fn reach<'a>(from: &str, to: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<&str> = to.get(from).into_iter().flatten().copied().collect();
    while let Some(file) = waiting.pop() {
        if reached.insert(file) {
            waiting.extend(to.get(file).into_iter().flatten());
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(from: &str, to: &str) -> Edge {
        Edge {
            from: from.to_owned(),
            to: to.to_owned(),
        }
    }

    #[test]
    fn a_ring_is_told_once_with_its_ties_and_a_chain_is_none() {
        let chain = [edge("a", "b"), edge("b", "c"), edge("a", "c")];
        assert!(breaches(&chain).is_empty());
        let ring = [
            edge("a", "b"),
            edge("b", "c"),
            edge("c", "a"),
            edge("c", "d"),
        ];
        let found = breaches(&ring);
        assert_eq!(found.len(), 1);
        assert!(
            found
                .iter()
                .all(|text| text.contains("c → a") && !text.contains('d'))
        );
    }
}
