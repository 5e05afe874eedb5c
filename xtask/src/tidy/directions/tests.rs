//! Tests: which edges the table allows.

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
