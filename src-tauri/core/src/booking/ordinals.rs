//! Words that number the parts of one name.

/// Words that number the parts of one name, in the languages of the window: `Primer apellido`, `Apellido materno`.
pub(super) const ORDINALS: &[&str] = &[
    "first", "second", "1st", "2nd", "erster", "zweiter", "erste", "zweite", "primer", "primero",
    "primera", "segundo", "segunda", "1er", "1o", "2o", "1a", "2a", "paterno", "materno",
    "premier", "deuxieme", "second", "2e", "2eme", "primo", "secondo", "primeiro",
];

/// Those of them that are of the second.
pub(super) const SECONDS: &[&str] = &[
    "second", "2nd", "zweiter", "zweite", "segundo", "segunda", "deuxieme", "secondo",
];
