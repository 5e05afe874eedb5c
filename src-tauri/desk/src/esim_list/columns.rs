//! The columns of the list of eSIMs: an entry has everything of one, and one that lacks a part does not compile.
//! Sorting, filters, files and copied tables read it; the window has a registry of its own for how they look, and has
//! to have them all.

use std::collections::BTreeMap;

use serde::Serialize;

use super::entry::Entry;
use super::{EsimFilter, EsimSort};
use crate::esim::EsimRow;
use crate::export::column::{ExportCell, ExportColumn};
use crate::export::file::Cell;
use crate::travellers::written_tags;

/// Of one that its provider no longer has: a colleague who reads that it is activated goes on counting on it.
const GONE_WORD: &str = "status.gone.word";

/// Everything of a column but how it looks.
#[derive(Debug)]
struct EsimColumnEntry {
    /// The key of its name in the catalogues.
    label: &'static str,
    /// What the list is sorted by with it; `None`: it can't be.
    sort: Option<EsimSort>,
    /// Which eSIMs are left out with it.
    filter: Option<ColumnFilter>,
    /// What stands in files and copied tables.
    exported: &'static [ExportColumn<EsimRow>],
}

/// Declares the columns, each with its entry.
macro_rules! esim_columns {
    ($($(#[$doc:meta])* $column:ident => $entry:expr,)+) => {
        /// A column of the list of eSIMs, in the order of files.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, specta::Type)]
        #[serde(rename_all = "camelCase")]
        pub enum EsimColumn {
            $($(#[$doc])* $column,)+
        }

        impl EsimColumn {
            /// Every column, in order.
            pub const ALL: &[EsimColumn] = &[$(EsimColumn::$column,)+];

            const fn entry(self) -> &'static EsimColumnEntry {
                match self {
                    $(EsimColumn::$column => &$entry,)+
                }
            }
        }
    };
}

esim_columns! {
    /// The traveller's name.
    Traveller => EsimColumnEntry {
        label: "list.column.traveller",
        sort: Some(EsimSort::Traveller),
        filter: None,
        exported: &[
            ExportColumn {
                id: "traveller",
                cell: ExportCell::Of(|row| Cell::text(row.traveller.as_deref())),
            },
            ExportColumn {
                id: "contact",
                cell: ExportCell::Of(|row| Cell::Text(row.contact.clone())),
            },
        ],
    },
    /// Order reference.
    Reference => EsimColumnEntry {
        label: "list.column.reference",
        sort: Some(EsimSort::Reference),
        filter: None,
        exported: &[ExportColumn {
            id: "reference",
            cell: ExportCell::Of(|row| Cell::text(row.reference_id.as_deref())),
        }],
    },
    /// ICCID.
    Iccid => EsimColumnEntry {
        label: "list.column.iccid",
        sort: Some(EsimSort::Iccid),
        filter: None,
        exported: &[ExportColumn {
            id: "iccid",
            cell: ExportCell::Of(|row| Cell::text(row.iccid.as_deref())),
        }],
    },
    /// Roamify's id.
    EsimId => EsimColumnEntry {
        label: "list.column.esimId",
        sort: Some(EsimSort::EsimId),
        filter: None,
        exported: &[ExportColumn {
            id: "esimId",
            cell: ExportCell::Of(|row| Cell::text(row.esim_id.as_deref())),
        }],
    },
    /// Status.
    Status => EsimColumnEntry {
        label: "list.column.status",
        sort: Some(EsimSort::Status),
        filter: Some(ColumnFilter::Statuses),
        exported: &[ExportColumn {
            id: "status",
            cell: ExportCell::Of(|row| match row.gone {
                true => Cell::Word(GONE_WORD.to_owned()),
                false => Cell::status(&row.status),
            }),
        }],
    },
    /// Time of the last status change.
    Since => EsimColumnEntry {
        label: "list.column.since",
        sort: Some(EsimSort::StatusSince),
        filter: None,
        exported: &[ExportColumn {
            id: "since",
            cell: ExportCell::Time(|row| row.status_since),
        }],
    },
    /// The usage period. Its start and its end have columns of their own in a file.
    Period => EsimColumnEntry {
        label: "list.column.period",
        sort: Some(EsimSort::End),
        filter: Some(ColumnFilter::Period),
        exported: &[],
    },
    /// Start of the usage period.
    Start => EsimColumnEntry {
        label: "list.column.start",
        sort: Some(EsimSort::Start),
        filter: None,
        exported: &[ExportColumn {
            id: "start",
            cell: ExportCell::Time(|row| row.start),
        }],
    },
    /// End of the usage period.
    End => EsimColumnEntry {
        label: "list.column.end",
        sort: Some(EsimSort::End),
        filter: None,
        exported: &[ExportColumn {
            id: "end",
            cell: ExportCell::Time(|row| row.end),
        }],
    },
    /// When it was first seen activated.
    FirstActivated => EsimColumnEntry {
        label: "list.column.firstActivated",
        sort: Some(EsimSort::FirstActivated),
        filter: None,
        exported: &[ExportColumn {
            id: "firstActivated",
            cell: ExportCell::Time(|row| row.first_activated_at),
        }],
    },
    /// Name of the package.
    Package => EsimColumnEntry {
        label: "list.column.package",
        sort: Some(EsimSort::Package),
        filter: None,
        exported: &[ExportColumn {
            id: "package",
            cell: ExportCell::Of(|row| Cell::text(row.package_name.as_deref())),
        }],
    },
    /// Data left.
    Data => EsimColumnEntry {
        label: "list.column.data",
        sort: Some(EsimSort::DataLeft),
        filter: None,
        exported: &[
            ExportColumn {
                id: "allowed",
                cell: ExportCell::Of(|row| Cell::number(row.data_allowed_mb)),
            },
            ExportColumn {
                id: "left",
                cell: ExportCell::Of(|row| match row.data_unlimited {
                    Some(true) => Cell::Word("data.unlimited".to_owned()),
                    _ => Cell::number(row.data_remaining_mb),
                }),
            },
        ],
    },
    /// Time of the latest event.
    LastEvent => EsimColumnEntry {
        label: "list.column.lastEvent",
        sort: Some(EsimSort::LastEvent),
        filter: None,
        exported: &[ExportColumn {
            id: "lastEvent",
            cell: ExportCell::Time(|row| row.last_event_at),
        }],
    },
    /// Number of events.
    Events => EsimColumnEntry {
        label: "list.column.events",
        sort: Some(EsimSort::Events),
        filter: None,
        exported: &[ExportColumn {
            id: "events",
            cell: ExportCell::Of(|row| Cell::Number(row.event_count as f64)),
        }],
    },
    /// First and last day of the trip.
    Trip => EsimColumnEntry {
        label: "list.column.trip",
        sort: None,
        filter: None,
        exported: &[
            ExportColumn {
                id: "tripStart",
                cell: ExportCell::Of(|row| Cell::day(row.trip_start.as_deref())),
            },
            ExportColumn {
                id: "tripEnd",
                cell: ExportCell::Of(|row| Cell::day(row.trip_end.as_deref())),
            },
        ],
    },
    /// The traveller's tags.
    Tags => EsimColumnEntry {
        label: "list.column.tags",
        sort: None,
        filter: None,
        exported: &[
            ExportColumn {
                id: "tags",
                cell: ExportCell::Of(|row| Cell::Text(written_tags(&row.tags))),
            },
            ExportColumn {
                id: "note",
                cell: ExportCell::Of(|row| Cell::Text(row.note.clone())),
            },
        ],
    },
}

impl EsimColumn {
    /// What stands in files and copied tables, in order.
    pub fn exported() -> impl Iterator<Item = &'static ExportColumn<EsimRow>> {
        let columns = EsimColumn::ALL.iter();
        columns.flat_map(|column| column.entry().exported)
    }
}

/// A filter that belongs to a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum ColumnFilter {
    /// By status.
    Statuses,
    /// By where in its usage period an eSIM is.
    Period,
}

impl ColumnFilter {
    /// Every filter, and whether it leaves anything out. A part of the question that is new does not compile until it
    /// stands here, be it with a filter or as none.
    fn each(filter: &EsimFilter) -> [(ColumnFilter, bool); 2] {
        let EsimFilter {
            search: _,
            statuses,
            attention: _,
            happened: _,
            period,
            sort: _,
            descending: _,
        } = filter;
        [
            (ColumnFilter::Statuses, !statuses.is_empty()),
            (ColumnFilter::Period, period.is_some()),
        ]
    }

    /// Whether what it keeps changes with the time alone.
    fn goes_by_time(self) -> bool {
        match self {
            ColumnFilter::Statuses => false,
            ColumnFilter::Period => true,
        }
    }

    /// Whether this filter keeps an eSIM. `now`: UTC seconds.
    pub(super) fn keeps(self, filter: &EsimFilter, entry: &Entry, now: i64) -> bool {
        match self {
            ColumnFilter::Statuses => {
                let status = entry.status.as_str();
                filter.statuses.is_empty() || filter.statuses.iter().any(|one| one == status)
            }
            ColumnFilter::Period => filter
                .period
                .is_none_or(|period| period.fits(entry.start, entry.end, now)),
        }
    }
}

/// The filters that are set.
pub(super) fn filters(filter: &EsimFilter) -> Vec<ColumnFilter> {
    let each = ColumnFilter::each(filter).into_iter();
    each.filter_map(|(one, is_set)| is_set.then_some(one))
        .collect()
}

/// Whether what is found changes with the time alone.
pub(super) fn goes_by_time(filter: &EsimFilter) -> bool {
    filters(filter).into_iter().any(ColumnFilter::goes_by_time)
}

/// A column as the window is told of it.
#[derive(Debug, Clone, Serialize)]
pub struct EsimColumnFact {
    label: &'static str,
    sort: Option<EsimSort>,
    filter: Option<ColumnFilter>,
    /// The ids of its columns in a file.
    exported: Vec<&'static str>,
}

/// Every column as the window is told of it.
#[must_use]
pub fn esim_columns() -> BTreeMap<EsimColumn, EsimColumnFact> {
    let fact = |column: &EsimColumn| {
        let EsimColumnEntry {
            label,
            sort,
            filter,
            exported,
        } = column.entry();
        let fact = EsimColumnFact {
            label,
            sort: *sort,
            filter: *filter,
            exported: exported.iter().map(|cell| cell.id).collect(),
        };
        (*column, fact)
    };
    EsimColumn::ALL.iter().map(fact).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::Period;
    use super::*;

    #[test]
    fn the_list_is_sorted_by_nothing_that_no_column_shows() {
        let shown = |sort| {
            EsimColumn::ALL
                .iter()
                .any(|column| column.entry().sort == Some(sort))
        };
        for sort in EsimSort::ALL {
            assert!(shown(*sort), "{sort:?}");
        }
    }

    #[test]
    fn each_filter_belongs_to_one_column() {
        let filters: Vec<_> = EsimColumn::ALL
            .iter()
            .filter_map(|column| column.entry().filter)
            .collect();
        let each = ColumnFilter::each(&EsimFilter::default());
        assert_eq!(filters, each.map(|(filter, _)| filter));
    }

    #[test]
    fn every_column_is_in_files_under_names_of_its_own() {
        let mut names = BTreeSet::new();
        for column in EsimColumn::ALL {
            let exported = column.entry().exported;
            // The period's start and end have columns of their own.
            assert_eq!(exported.is_empty(), *column == EsimColumn::Period);
            for cell in exported {
                assert!(names.insert(cell.id), "{} is there twice", cell.id);
            }
        }
    }

    #[test]
    fn what_is_kept_at_all_times_does_not_go_by_time() {
        let of_a_period = EsimFilter {
            period: Some(Period::Running),
            ..EsimFilter::default()
        };
        let of_a_status = EsimFilter {
            statuses: vec!["NEW".to_owned()],
            ..EsimFilter::default()
        };
        assert!(goes_by_time(&of_a_period));
        assert!(!goes_by_time(&of_a_status));
    }
}
