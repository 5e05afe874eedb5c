//! What was bought: by an order, or as a top-up.

use serde::{Deserialize, Serialize};

/// A package that was bought for an eSIM. Kept as it is, so its names never change.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Bought {
    /// The partner's own reference of the order, as it is written; earlier versions kept its one form.
    pub reference_id: Option<String>,
    /// The provider's name for the kind of package.
    pub package_id: Option<String>,
    /// The package as a person reads it.
    pub package_name: Option<String>,
    /// What it cost the partner, in units of `currency`.
    pub price: Option<f64>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// Whether it was added to an eSIM that was there.
    pub top_up: bool,
    /// When, UTC seconds.
    pub at: Option<i64>,
}
