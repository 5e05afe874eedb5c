//! The units of figures. Pure.

use super::fields::Fields;
use crate::event::figure;

/// Units of data, and how many megabytes of the documentation's each is.
const DATA_UNITS: &[(&[&str], f64)] = &[
    (&["b", "byte", "bytes"], 1.0 / (1024.0 * 1024.0)),
    (&["kb", "kib"], 1.0 / 1024.0),
    (&["gb", "gib"], 1024.0),
    (&["tb", "tib"], 1024.0 * 1024.0),
];

/// A figure of data that is told in `data_units`, in MB: so it is in another unit that is known, and else as it stands.
/// What stands for "no limit" and for none stays what it is.
pub(super) fn megabytes(fields: &Fields<'_>, told: Option<f64>) -> Option<f64> {
    let unit = fields
        .plain("data_units")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let known = DATA_UNITS
        .iter()
        .find(|(names, _)| names.contains(&unit.trim()));
    let factor = known.map_or(1.0, |(_, factor)| *factor);
    match figure(told) {
        Some(figure) => Some(figure * factor),
        None => told,
    }
}
