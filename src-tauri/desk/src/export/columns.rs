//! The columns of each list in a file: an entry has everything of one, and the window gives each its heading by its
//! id.

use std::collections::BTreeMap;

use super::column::ExportColumn;
use super::file::Cell;
use super::rows::{ExportedAlert, ExportedEvent};
use crate::account::{OrderRow, RefundRow};
use crate::deliveries::DeliveryRow;
use crate::esim_list::EsimColumn;
use crate::travellers::TravellerRow;

pub(super) const ALERTS: &[ExportColumn<ExportedAlert>] = &[
    ExportColumn {
        id: "raised",
        cell: |alert| Cell::Time(alert.row.raised_at_ms.div_euclid(1000)),
    },
    ExportColumn {
        id: "what",
        cell: |alert| Cell::Text(alert.words.title.clone()),
    },
    ExportColumn {
        id: "meaning",
        cell: |alert| Cell::Text(alert.words.body.clone()),
    },
    ExportColumn {
        id: "reference",
        cell: |alert| Cell::text(alert.row.reference_id.as_deref()),
    },
    ExportColumn {
        id: "iccid",
        cell: |alert| Cell::text(alert.row.iccid.as_deref()),
    },
    ExportColumn {
        id: "acknowledged",
        cell: |alert| Cell::time(alert.row.acknowledged_at_ms.map(seconds)),
    },
    ExportColumn {
        id: "cleared",
        cell: |alert| Cell::time(alert.row.cleared_at_ms.map(seconds)),
    },
    ExportColumn {
        id: "note",
        cell: |alert| Cell::text(alert.row.note.as_deref()),
    },
];

pub(super) const DELIVERIES: &[ExportColumn<DeliveryRow>] = &[
    ExportColumn {
        id: "received",
        cell: |row| Cell::Time(seconds(row.received_at_ms)),
    },
    ExportColumn {
        id: "verdict",
        cell: |row| Cell::Text(format!("{:?}", row.verdict).to_lowercase()),
    },
    ExportColumn {
        id: "answer",
        cell: |row| Cell::number(row.status.map(f64::from)),
    },
    ExportColumn {
        id: "took",
        cell: |row| Cell::number(row.took_us.map(|us| us as f64 / 1000.0)),
    },
    ExportColumn {
        id: "category",
        cell: |row| Cell::Text(row.category.clone()),
    },
    ExportColumn {
        id: "type",
        cell: |row| Cell::Text(row.kind.clone()),
    },
    ExportColumn {
        id: "reference",
        cell: |row| Cell::text(row.reference_id.as_deref()),
    },
    ExportColumn {
        id: "iccid",
        cell: |row| Cell::text(row.iccid.as_deref()),
    },
    ExportColumn {
        id: "times",
        cell: |row| Cell::Number((row.repeats + 1) as f64),
    },
];

pub(super) const TRAVELLERS: &[ExportColumn<TravellerRow>] = &[
    ExportColumn {
        id: "name",
        cell: |row| Cell::Text(row.traveller.name.clone()),
    },
    ExportColumn {
        id: "contact",
        cell: |row| Cell::Text(row.traveller.contact.clone()),
    },
    ExportColumn {
        id: "tripStart",
        cell: |row| Cell::text(row.traveller.trip_start.as_deref()),
    },
    ExportColumn {
        id: "tripEnd",
        cell: |row| Cell::text(row.traveller.trip_end.as_deref()),
    },
    ExportColumn {
        id: "reference",
        cell: |row| Cell::text(row.reference_id.as_deref()),
    },
    ExportColumn {
        id: "iccids",
        cell: |row| {
            let esims = row.esims.iter();
            let iccids: Vec<&str> = esims
                .map(|esim| esim.iccid.as_deref().unwrap_or(&esim.key))
                .collect();
            Cell::Text(iccids.join(", "))
        },
    },
    ExportColumn {
        id: "tags",
        cell: |row| Cell::Text(row.traveller.tags.join(", ")),
    },
    ExportColumn {
        id: "note",
        cell: |row| Cell::Text(row.traveller.note.clone()),
    },
];

pub(super) const ORDERS: &[ExportColumn<OrderRow>] = &[
    ExportColumn {
        id: "when",
        cell: |row| Cell::time(row.at),
    },
    ExportColumn {
        id: "order",
        cell: |row| Cell::text(row.details.order_id.as_deref()),
    },
    ExportColumn {
        id: "partner",
        cell: |row| Cell::text(row.details.partner.as_deref()),
    },
    ExportColumn {
        id: "status",
        cell: |row| Cell::text(row.details.status.as_deref()),
    },
    ExportColumn {
        id: "total",
        cell: |row| Cell::number(row.details.total),
    },
    ExportColumn {
        id: "commission",
        cell: |row| Cell::number(row.details.commission),
    },
    ExportColumn {
        id: "currency",
        cell: |row| Cell::text(row.details.currency.as_deref()),
    },
];

pub(super) const REFUNDS: &[ExportColumn<RefundRow>] = &[
    ExportColumn {
        id: "when",
        cell: |row| Cell::time(row.at),
    },
    ExportColumn {
        id: "outcome",
        cell: |row| Cell::Text(row.outcome.clone()),
    },
    ExportColumn {
        id: "iccid",
        cell: |row| Cell::text(row.iccid.as_deref()),
    },
    ExportColumn {
        id: "esimId",
        cell: |row| Cell::text(row.esim_id.as_deref()),
    },
    ExportColumn {
        id: "reason",
        cell: |row| Cell::text(row.details.reason.as_deref()),
    },
];

pub(super) const TIMELINE: &[ExportColumn<ExportedEvent>] = &[
    ExportColumn {
        id: "happened",
        cell: |event| Cell::time(event.row.occurred_at),
    },
    ExportColumn {
        id: "arrived",
        cell: |event| Cell::Time(seconds(event.row.received_at_ms)),
    },
    ExportColumn {
        id: "category",
        cell: |event| Cell::Text(event.row.category.clone()),
    },
    ExportColumn {
        id: "type",
        cell: |event| Cell::Text(event.row.kind.clone()),
    },
    ExportColumn {
        id: "status",
        cell: |event| Cell::text(event.row.status.as_deref()),
    },
    ExportColumn {
        id: "left",
        cell: |event| Cell::number(event.row.details.data_remaining_mb),
    },
    ExportColumn {
        id: "problem",
        cell: |event| Cell::text(event.problem.as_deref()),
    },
];

fn seconds(ms: i64) -> i64 {
    ms.div_euclid(1000)
}

/// What stands in a row below these columns.
pub(crate) fn cells<'a, Row: 'static>(
    columns: impl IntoIterator<Item = &'a ExportColumn<Row>>,
    row: &Row,
) -> Vec<Cell> {
    let columns = columns.into_iter();
    columns.map(|column| (column.cell)(row)).collect()
}

/// The ids of some columns.
pub(crate) fn ids<'a, Row: 'static>(
    columns: impl IntoIterator<Item = &'a ExportColumn<Row>>,
) -> Vec<&'static str> {
    columns.into_iter().map(|column| column.id).collect()
}

/// The ids of the columns of each list, in the order in which they are written: the window has a heading for each.
#[must_use]
pub fn export_columns() -> BTreeMap<&'static str, Vec<&'static str>> {
    BTreeMap::from([
        ("alerts", ids(ALERTS)),
        ("deliveries", ids(DELIVERIES)),
        ("esims", ids(EsimColumn::exported())),
        ("orders", ids(ORDERS)),
        ("refunds", ids(REFUNDS)),
        ("timeline", ids(TIMELINE)),
        ("travellers", ids(TRAVELLERS)),
    ])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_list_has_two_columns_of_one_name() {
        for (list, ids) in export_columns() {
            let different: BTreeSet<_> = ids.iter().collect();
            assert_eq!(different.len(), ids.len(), "{list}");
        }
    }
}
