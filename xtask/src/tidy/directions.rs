//! Who may know whom. The table is the architecture: a room that takes something from one that is not beside it
//! breaks the build.

use super::imports::Edge;

/// The rooms and the rooms they may know, apart from their own. A file belongs to the longest room that its path
/// begins with.
const MAY_KNOW: &[(&str, &[&str])] = &[];

/// Every edge that the table does not allow.
pub fn breaches(edges: &[Edge]) -> Vec<String> {
    against(MAY_KNOW, edges)
}

fn against(table: &[(&str, &[&str])], edges: &[Edge]) -> Vec<String> {
    let room = |file: &str| {
        let within = |room: &str| {
            file.strip_prefix(room).is_some_and(|rest| {
                rest.is_empty()
                    || room.ends_with('/')
                    || rest.starts_with('/')
                    || rest.starts_with('.')
            })
        };
        let rooms = table.iter().filter(|(name, _)| within(name));
        rooms.max_by_key(|(name, _)| name.len())
    };
    edges
        .iter()
        .filter_map(|edge| {
            let (from, may_know) = room(&edge.from)?;
            let (to, _) = room(&edge.to)?;
            (from != to && !may_know.contains(to)).then(|| {
                format!(
                    "{} takes from {}: {from} may not know {to}",
                    edge.from, edge.to
                )
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_that_the_table_does_not_allow_is_named() {
        let table: &[(&str, &[&str])] = &[("a/", &["a/b/"]), ("a/b/", &[])];
        let edge = |from: &str, to: &str| Edge {
            from: from.to_owned(),
            to: to.to_owned(),
        };
        assert!(
            against(
                table,
                &[edge("a/x.rs", "a/b/y.rs"), edge("a/b/y.rs", "a/b/z.rs")]
            )
            .is_empty()
        );
        assert_eq!(against(table, &[edge("a/b/y.rs", "a/x.rs")]).len(), 1);
    }
}
