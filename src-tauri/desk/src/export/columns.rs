//! The columns of each list in a file: an entry has everything of one, and the window gives each its heading by its
//! id.

use std::collections::BTreeMap;

use esim_watch_core::store::ProvenEvent;

use super::column::{ExportCell, ExportColumn, ExportHead};
use super::file::Cell;
use super::rows::{ExportedAlert, ExportedEvent};
use crate::account::{ORDER_STATES, OrderRow, RefundRow};
use crate::deliveries::DeliveryRow;
use crate::esim_list::EsimColumn;
use crate::travellers::{TravellerRow, written_tags};

pub(super) const ALERTS: &[ExportColumn<ExportedAlert>] = &[
    ExportColumn {
        id: "raised",
        cell: ExportCell::Time(|alert| Some(alert.row.raised_at_ms.div_euclid(1000))),
    },
    ExportColumn {
        id: "severity",
        cell: ExportCell::Of(|alert| Cell::word("severity", &alert.row.severity, "")),
    },
    ExportColumn {
        id: "kind",
        cell: ExportCell::Of(|alert| Cell::word("rule", &alert.row.rule, ".name")),
    },
    ExportColumn {
        id: "traveller",
        cell: ExportCell::Of(|alert| Cell::text(alert.row.traveller.as_deref())),
    },
    ExportColumn {
        id: "what",
        cell: ExportCell::Of(|alert| Cell::Text(alert.words.title.clone())),
    },
    ExportColumn {
        id: "meaning",
        cell: ExportCell::Of(|alert| Cell::Text(alert.words.body.clone())),
    },
    ExportColumn {
        id: "reference",
        cell: ExportCell::Of(|alert| Cell::text(alert.row.reference_id.as_deref())),
    },
    ExportColumn {
        id: "iccid",
        cell: ExportCell::Of(|alert| Cell::text(alert.row.iccid.as_deref())),
    },
    ExportColumn {
        id: "acknowledged",
        cell: ExportCell::Time(|alert| alert.row.acknowledged_at_ms.map(seconds)),
    },
    ExportColumn {
        id: "cleared",
        cell: ExportCell::Time(|alert| alert.row.cleared_at_ms.map(seconds)),
    },
    ExportColumn {
        id: "note",
        cell: ExportCell::Of(|alert| Cell::text(alert.row.note.as_deref())),
    },
];

pub(super) const DELIVERIES: &[ExportColumn<DeliveryRow>] = &[
    ExportColumn {
        id: "received",
        cell: ExportCell::Time(|row| Some(seconds(row.received_at_ms))),
    },
    ExportColumn {
        id: "verdict",
        cell: ExportCell::Of(|row| Cell::word("verdict", &row.verdict, "")),
    },
    ExportColumn {
        id: "answer",
        cell: ExportCell::Of(|row| Cell::number(row.status.map(f64::from))),
    },
    ExportColumn {
        id: "took",
        cell: ExportCell::Of(|row| Cell::number(row.took_us.map(|us| us as f64 / 1000.0))),
    },
    ExportColumn {
        id: "category",
        cell: ExportCell::Of(|row| Cell::Text(row.category.clone())),
    },
    ExportColumn {
        id: "type",
        cell: ExportCell::Of(|row| Cell::Text(row.kind.clone())),
    },
    ExportColumn {
        id: "reference",
        cell: ExportCell::Of(|row| Cell::text(row.reference_id.as_deref())),
    },
    ExportColumn {
        id: "iccid",
        cell: ExportCell::Of(|row| Cell::text(row.iccid.as_deref())),
    },
    ExportColumn {
        id: "times",
        cell: ExportCell::Of(|row| Cell::Number((row.repeats + 1) as f64)),
    },
];

pub(super) const TRAVELLERS: &[ExportColumn<TravellerRow>] = &[
    ExportColumn {
        id: "name",
        cell: ExportCell::Of(|row| Cell::Text(row.traveller.name.clone())),
    },
    ExportColumn {
        id: "contact",
        cell: ExportCell::Of(|row| Cell::Text(row.traveller.contact.clone())),
    },
    ExportColumn {
        id: "tripStart",
        cell: ExportCell::Of(|row| Cell::day(row.traveller.trip_start.as_deref())),
    },
    ExportColumn {
        id: "tripEnd",
        cell: ExportCell::Of(|row| Cell::day(row.traveller.trip_end.as_deref())),
    },
    ExportColumn {
        id: "reference",
        cell: ExportCell::Of(|row| Cell::text(row.reference_id.as_deref())),
    },
    ExportColumn {
        id: "iccids",
        cell: ExportCell::Of(|row| {
            let esims = row.esims.iter();
            let iccids: Vec<&str> = esims
                .map(|esim| esim.iccid.as_deref().unwrap_or(&esim.key))
                .collect();
            Cell::Text(iccids.join(", "))
        }),
    },
    ExportColumn {
        id: "tags",
        cell: ExportCell::Of(|row| Cell::Text(written_tags(&row.traveller.tags))),
    },
    ExportColumn {
        id: "note",
        cell: ExportCell::Of(|row| Cell::Text(row.traveller.note.clone())),
    },
];

pub(super) const ORDERS: &[ExportColumn<OrderRow>] = &[
    ExportColumn {
        id: "when",
        cell: ExportCell::Time(|row| row.at),
    },
    ExportColumn {
        id: "order",
        cell: ExportCell::Of(|row| Cell::text(row.details.order_id.as_deref())),
    },
    ExportColumn {
        id: "partner",
        cell: ExportCell::Of(|row| Cell::text(row.details.partner.as_deref())),
    },
    ExportColumn {
        id: "status",
        cell: ExportCell::Of(|row| {
            let status = row.details.status.as_deref();
            status.map_or(Cell::Empty, order_state)
        }),
    },
    ExportColumn {
        id: "total",
        cell: ExportCell::Of(|row| Cell::number(row.details.total)),
    },
    ExportColumn {
        id: "commission",
        cell: ExportCell::Of(|row| Cell::number(row.details.commission)),
    },
    ExportColumn {
        id: "currency",
        cell: ExportCell::Of(|row| Cell::text(row.details.currency.as_deref())),
    },
];

pub(super) const REFUNDS: &[ExportColumn<RefundRow>] = &[
    ExportColumn {
        id: "when",
        cell: ExportCell::Time(|row| row.at),
    },
    ExportColumn {
        id: "outcome",
        cell: ExportCell::Of(|row| {
            let decided = if row.rejected { "rejected" } else { "refunded" };
            Cell::Word(format!("account.{decided}"))
        }),
    },
    ExportColumn {
        id: "iccid",
        cell: ExportCell::Of(|row| Cell::text(row.iccid.as_deref())),
    },
    ExportColumn {
        id: "esimId",
        cell: ExportCell::Of(|row| Cell::text(row.esim_id.as_deref())),
    },
    ExportColumn {
        id: "reason",
        cell: ExportCell::Of(|row| Cell::text(row.details.reason.as_deref())),
    },
];

pub(super) const TIMELINE: &[ExportColumn<ExportedEvent>] = &[
    ExportColumn {
        id: "happened",
        cell: ExportCell::Time(|event| event.row.occurred_at),
    },
    ExportColumn {
        id: "arrived",
        cell: ExportCell::Time(|event| Some(seconds(event.row.received_at_ms))),
    },
    ExportColumn {
        id: "category",
        cell: ExportCell::Of(|event| Cell::Text(event.row.category.clone())),
    },
    ExportColumn {
        id: "type",
        cell: ExportCell::Of(|event| Cell::Text(event.row.kind.clone())),
    },
    ExportColumn {
        id: "status",
        cell: ExportCell::Of(|event| {
            event
                .row
                .status
                .as_deref()
                .map_or(Cell::Empty, Cell::status)
        }),
    },
    ExportColumn {
        id: "left",
        cell: ExportCell::Of(|event| Cell::number(event.row.details.data_remaining_mb)),
    },
    ExportColumn {
        id: "problem",
        cell: ExportCell::Of(|event| Cell::text(event.problem.as_deref())),
    },
];

pub(super) const PROOF: &[ExportColumn<ProvenEvent>] = &[
    ExportColumn {
        id: "happened",
        cell: ExportCell::Time(|event| Some(event.occurred_at)),
    },
    ExportColumn {
        id: "status",
        cell: ExportCell::Of(|event| event.status.as_deref().map_or(Cell::Empty, Cell::status)),
    },
    ExportColumn {
        id: "way",
        cell: ExportCell::Of(|event| {
            let way = match (event.counts(), event.listed) {
                (true, _) => event.sources.as_str(),
                (false, true) => "listed",
                (false, false) => "neverSent",
            };
            Cell::word("proof.way", &way, "")
        }),
    },
    ExportColumn {
        id: "webhook",
        cell: ExportCell::Time(|event| event.webhook_at_ms.map(seconds)),
    },
    ExportColumn {
        id: "delay",
        cell: ExportCell::Of(|event| {
            let happened_ms = event.occurred_at.saturating_mul(1000);
            let late_ms = event.webhook_at_ms.map(|ms| ms.saturating_sub(happened_ms));
            Cell::number(late_ms.map(|ms| ms.max(0) as f64 / 1000.0))
        }),
    },
    ExportColumn {
        id: "known",
        cell: ExportCell::Time(|event| Some(seconds(event.known_at_ms))),
    },
    ExportColumn {
        id: "reference",
        cell: ExportCell::Of(|event| Cell::text(event.reference_id.as_deref())),
    },
    ExportColumn {
        id: "iccid",
        cell: ExportCell::Of(|event| Cell::text(event.iccid.as_deref())),
    },
    ExportColumn {
        id: "esimId",
        cell: ExportCell::Of(|event| Cell::text(event.esim_id.as_deref())),
    },
];

/// The state of an order as the window words it. One that this version does not know is a text.
pub(super) fn order_state(status: &str) -> Cell {
    match ORDER_STATES.iter().any(|known| known.status == status) {
        true => Cell::Word(format!("account.status.{status}")),
        false => Cell::Text(status.to_owned()),
    }
}

fn seconds(ms: i64) -> i64 {
    ms.div_euclid(1000)
}

/// What stands in a row below these columns; with `utc`, the moments once more behind, in UTC.
pub(crate) fn cells<'a, Row: 'static>(
    columns: impl IntoIterator<Item = &'a ExportColumn<Row>>,
    row: &Row,
    utc: bool,
) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut moments = Vec::new();
    for column in columns {
        match column.cell {
            ExportCell::Of(cell) => cells.push(cell(row)),
            ExportCell::Time(time) => {
                let time = time(row);
                cells.push(time.map_or(Cell::Empty, Cell::Time));
                moments.push(time.map_or(Cell::Empty, Cell::Utc));
            }
        }
    }
    if utc {
        cells.extend(moments);
    }
    cells
}

/// The heads of some columns.
pub(crate) fn heads<'a, Row: 'static>(
    columns: impl IntoIterator<Item = &'a ExportColumn<Row>>,
) -> Vec<ExportHead> {
    let head = |column: &ExportColumn<Row>| ExportHead {
        id: column.id,
        time: matches!(column.cell, ExportCell::Time(_)),
    };
    columns.into_iter().map(head).collect()
}

fn ids<'a, Row: 'static>(
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
        ("proof", ids(PROOF)),
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
