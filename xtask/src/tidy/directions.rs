//! Who may know whom. The table is the architecture: a room that takes something from one that is not beside it
//! breaks the build.

use super::imports::Edge;

/// Where the sources of what the table names begin.
const ROOTS: [(&str, &str); 6] = [
    ("core", "src-tauri/core/src"),
    ("desk", "src-tauri/desk/src"),
    ("watchd", "src-tauri/esim-watchd/src"),
    ("tools", "src-tauri/tools/src"),
    ("shell", "src-tauri/src"),
    ("ui", "ui/src"),
];

/// The rooms and the rooms they may know, apart from their own. A file belongs to the longest room that its path
/// begins with.
const MAY_KNOW: &[(&str, &[&str])] = &[
    // Core, from what knows nothing to what puts it together.
    ("core/clock", &[]),
    ("core/paths", &[]),
    ("core/held", &[]),
    ("core/private", &["core/held"]),
    ("core/http", &[]),
    ("core/mac", &[]),
    ("core/message", &[]),
    ("core/io_reason", &["core/message", "core/held"]),
    ("core/search", &["core/event"]),
    ("core/letters", &["core/search", "core/catalogue"]),
    ("core/forecast", &[]),
    (
        "core/secret",
        &[
            "core/paths",
            "core/held",
            "core/private",
            "core/message",
            "core/io_reason",
        ],
    ),
    ("core/event", &["core/message"]),
    (
        "core/provider",
        &["core/mac", "core/message", "core/secret", "core/event"],
    ),
    (
        "core/provider/roamify",
        &[
            "core/clock",
            "core/http",
            "core/mac",
            "core/secret",
            "core/event",
            "core/provider",
        ],
    ),
    (
        "core/answer",
        &["core/message", "core/event", "core/provider"],
    ),
    ("core/esim", &["core/event"]),
    ("core/traveller", &["core/message"]),
    ("core/catalogue", &["core/message"]),
    (
        "core/alert",
        &["core/message", "core/event", "core/esim", "core/catalogue"],
    ),
    (
        "core/booking",
        &[
            "core/message",
            "core/search",
            "core/event",
            "core/traveller",
        ],
    ),
    ("core/health", &["core/clock", "core/message"]),
    (
        "core/store/file",
        &[
            "core/esim",
            "core/held",
            "core/private",
            "core/clock",
            "core/message",
            "core/io_reason",
            "core/event",
            "core/provider",
            "core/answer",
            "core/store/pool",
            "core/store/reader",
            "core/store/tables",
        ],
    ),
    ("core/store/reader", &["core/search"]),
    ("core/store/pool", &["core/store/file", "core/store/reader"]),
    (
        "core/store/tables",
        &[
            "core/message",
            "core/search",
            "core/letters",
            "core/event",
            "core/provider",
            "core/answer",
            "core/esim",
            "core/traveller",
            "core/alert",
            "core/booking",
            "core/store/reader",
            "core/store/deliver",
        ],
    ),
    (
        "core/store/deliver",
        &[
            "core/private",
            "core/event",
            "core/provider",
            "core/esim",
            "core/store/file",
            "core/store/tables",
            "core/store/deliver/merge",
        ],
    ),
    (
        "core/store/deliver/merge",
        &["core/store/tables", "core/store/deliver"],
    ),
    (
        "core/store/deliver/changes",
        &[
            "core/clock",
            "core/answer",
            "core/traveller",
            "core/store/file",
            "core/store/tables",
            "core/store/deliver",
            "core/store/upkeep",
        ],
    ),
    (
        "core/store/upkeep",
        &[
            "core/clock",
            "core/message",
            "core/event",
            "core/provider",
            "core/esim",
            "core/store/file",
            "core/store/reader",
            "core/store/tables",
            "core/store/deliver",
            "core/store/deliver/merge",
        ],
    ),
    ("core/store", &["core/clock", "core/store/file"]),
    (
        "core/ingest",
        &[
            "core/clock",
            "core/message",
            "core/provider",
            "core/answer",
            "core/store/file",
            "core/store/deliver",
        ],
    ),
    (
        "core/listener",
        &[
            "core/clock",
            "core/mac",
            "core/message",
            "core/io_reason",
            "core/secret",
            "core/event",
            "core/provider",
            "core/answer",
            "core/health",
            "core/store/file",
            "core/store/deliver",
            "core/ingest",
        ],
    ),
    (
        "core/inbox",
        &[
            "core/clock",
            "core/message",
            "core/event",
            "core/esim",
            "core/catalogue",
            "core/alert",
            "core/health",
            "core/store/file",
            "core/store/pool",
            "core/store/reader",
            "core/store/tables",
            "core/store/deliver",
            "core/listener",
        ],
    ),
    (
        "core/catch_up",
        &[
            "core/clock",
            "core/message",
            "core/secret",
            "core/event",
            "core/provider",
            "core/store/file",
            "core/store/pool",
            "core/store/reader",
            "core/store/tables",
            "core/store/deliver",
            "core/store",
        ],
    ),
    (
        "core/control",
        &["core/http", "core/mac", "core/private", "core/catch_up"],
    ),
    (
        "core/maintenance",
        &[
            "core/clock",
            "core/message",
            "core/health",
            "core/store/file",
            "core/store/pool",
            "core/store/reader",
            "core/store/deliver",
            "core/store",
        ],
    ),
    (
        "core/engine",
        &[
            "core/http",
            "core/clock",
            "core/message",
            "core/secret",
            "core/event",
            "core/provider",
            "core/answer",
            "core/traveller",
            "core/catalogue",
            "core/health",
            "core/store/file",
            "core/store/pool",
            "core/store/reader",
            "core/store/tables",
            "core/store/deliver",
            "core/store/upkeep",
            "core/store",
            "core/ingest",
            "core/listener",
            "core/inbox",
            "core/catch_up",
            "core/control",
            "core/maintenance",
        ],
    ),
    // What a window may see and ask.
    (
        "desk",
        &[
            "core/held",
            "core/clock",
            "core/message",
            "core/io_reason",
            "core/letters",
            "core/forecast",
            "core/secret",
            "core/event",
            "core/provider",
            "core/esim",
            "core/traveller",
            "core/catalogue",
            "core/alert",
            "core/booking",
            "core/health",
            "core/store/file",
            "core/store/reader",
            "core/store/tables",
            "core/store",
            "core/inbox",
            "core/catch_up",
            "core/engine",
            "desk/esim_list",
            "desk/export",
            "desk/feed",
        ],
    ),
    (
        "desk/esim_list",
        &[
            "core/search",
            "core/letters",
            "core/catalogue",
            "core/event",
            "core/store/pool",
            "core/store/reader",
            "core/store/tables",
            "core/store",
            "desk",
            "desk/export",
        ],
    ),
    (
        "desk/export",
        &[
            "core/held",
            "core/message",
            "core/io_reason",
            "core/event",
            "core/letters",
            "core/catalogue",
            "core/alert",
            "core/store/file",
            "core/store/pool",
            "core/store/reader",
            "core/store/tables",
            "core/store",
            "core/inbox",
            "desk",
            "desk/esim_list",
        ],
    ),
    (
        "desk/feed",
        &[
            "core/message",
            "core/alert",
            "core/store/file",
            "core/store/tables",
            "core/store/deliver",
            "core/inbox",
            "core/engine",
            "desk",
            "desk/esim_list",
        ],
    ),
    (
        "desk/questions",
        &[
            "core/clock",
            "core/io_reason",
            "core/secret",
            "core/letters",
            "core/provider",
            "core/traveller",
            "core/alert",
            "core/booking",
            "core/store/tables",
            "desk",
            "desk/esim_list",
            "desk/export",
            "desk/feed",
        ],
    ),
    // Programs.
    (
        "watchd",
        &[
            "core/held",
            "core/private",
            "core/clock",
            "core/paths",
            "core/message",
            "core/secret",
            "core/catch_up",
            "core/control",
            "core/store/file",
            "core/store/pool",
            "core/store/reader",
            "core/store",
            "core/engine",
            "desk/export",
        ],
    ),
    ("tools", &["core/http", "core/event", "core/provider"]),
    (
        "shell",
        &[
            "core/paths",
            "core/private",
            "desk",
            "desk/esim_list",
            "desk/export",
            "shell/desktop",
            "shell/commands",
        ],
    ),
    (
        "shell/desktop",
        &[
            "core/paths",
            "core/message",
            "core/catalogue",
            "core/alert",
            "core/inbox",
            "desk",
            "desk/feed",
            "shell",
        ],
    ),
    (
        "shell/commands",
        &[
            "desk",
            "desk/esim_list",
            "desk/export",
            "desk/feed",
            "shell/desktop",
        ],
    ),
    // The window.
    ("ui/host", &["ui/locales"]),
    ("ui/locales", &["ui/host"]),
    ("ui/data", &["ui/host", "ui/locales"]),
    ("ui/parts", &["ui/host", "ui/locales", "ui/data", "ui"]),
    ("ui/frame", &["ui/locales", "ui/data", "ui/parts", "ui"]),
    (
        "ui/screens",
        &["ui/host", "ui/locales", "ui/data", "ui/parts", "ui"],
    ),
    (
        "ui",
        &[
            "ui/host",
            "ui/locales",
            "ui/data",
            "ui/parts",
            "ui/frame",
            "ui/screens",
        ],
    ),
];

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
mod tests {
    use super::*;

    #[test]
    fn an_edge_that_the_table_does_not_allow_is_named() {
        let table: &[(&str, &[&str])] = &[("core/a", &["core/a/b"]), ("core/a/b", &[])];
        let edge = |from: &str, to: &str| Edge {
            from: format!("src-tauri/core/src/{from}"),
            to: format!("src-tauri/core/src/{to}"),
        };
        let allowed = [edge("a/x.rs", "a/b/y.rs"), edge("a/b/y.rs", "a/b/z.rs")];
        assert!(against(table, &allowed).is_empty());
        assert_eq!(against(table, &[edge("a/b/y.rs", "a/x.rs")]).len(), 1);
        assert_eq!(against(table, &[edge("a/b.rs", "a.rs")]).len(), 1);
    }
}
