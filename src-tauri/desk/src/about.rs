//! The program itself, as the settings tell of it.

use serde::Serialize;

/// Which program this is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ThisProgram {
    /// Its version, as `1.2.3`.
    pub version: String,
    /// Whether it knows the licences of what it is made of: one that cargo alone has built does not.
    pub has_licences: bool,
}
