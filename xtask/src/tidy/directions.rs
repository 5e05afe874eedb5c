//! Who may know whom. The table is the architecture: a room that takes something from one that is not beside it
//! breaks the build.

mod table;

use self::table::{MAY_KNOW, ROOTS};
use super::imports::Edge;

/// Every edge that the table does not allow.
pub fn breaches(edges: &[Edge]) -> Vec<String> {
    against(MAY_KNOW, edges)
}

fn against(table: &[(&str, &[&str])], edges: &[Edge]) -> Vec<String> {
    let room = |file: &str| {
        let place = place(file)?;
        let within = |room: &str| {
            let rest = place.strip_prefix(room);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.']))
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

/// Where a file stands, in the table's words; `None`: in none of its houses.
fn place(file: &str) -> Option<String> {
    ROOTS.iter().find_map(|(name, root)| {
        let rest = file.strip_prefix(root)?;
        rest.starts_with('/').then(|| format!("{name}{rest}"))
    })
}

#[cfg(test)]
mod tests;
