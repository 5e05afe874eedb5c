//! Who answers for the packages.

/// As Debian's and RPM's fields have it. Whoever publishes packages writes themselves here.
pub const MAINTAINER: &str = "eSIM Watch <packages@esim.watch>";
