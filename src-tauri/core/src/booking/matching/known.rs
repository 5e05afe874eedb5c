//! Which eSIMs the numbers and references of a list can name.

use std::collections::{HashMap, HashSet};

use super::proposal::LineOwner;
use super::references::{KnownReferences, Wanted, resolved};
use crate::booking::line::Booking;
use crate::booking::marks::mark;
use crate::booking::number::WHOLE_DIGITS;
use crate::event::Iccid;
use crate::traveller::EsimTime;

/// An eSIM, as far as a list can name it.
#[derive(Debug, Clone, Default)]
pub struct KnownEsim {
    /// Its row.
    pub row: i64,
    /// Its id at its provider.
    pub esim_id: Option<String>,
    /// The reference of its order, in its one form.
    pub reference: Option<String>,
    /// How the order's sender wrote that; `None`: just so.
    pub written: Option<String>,
    /// Whether its life has ended.
    pub is_over: bool,
    /// Whether it was ever in use.
    pub is_used: bool,
    /// When it is there to be used.
    pub time: EsimTime,
}

/// What a line names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// Nothing that is known, for this reason.
    Nobody(LineOwner),
    /// One eSIM.
    Esim { row: i64, by_last_digits: bool },
    /// Several eSIMs, each with its number, and numbers that no eSIM has.
    Esims {
        rows: Vec<(String, i64)>,
        unknown: Vec<String>,
    },
    /// An order, by its reference as the list writes it.
    Order(String),
}

/// The eSIMs of an order.
#[derive(Debug, Clone, Default)]
pub(super) struct EsimsOfOrder {
    /// The reference in its one form.
    pub reference: String,
    pub live: Vec<i64>,
    pub over: Vec<i64>,
}

/// Which eSIMs the numbers and references of a list can name, by their rows.
#[derive(Debug, Default)]
pub struct KnownEsims {
    /// The lengths of the last digits that are looked for.
    ends: HashSet<usize>,
    /// The references that are looked for.
    wanted: Wanted,
    /// Those of them that are known.
    pub(super) references: KnownReferences,
    by_iccid: HashMap<String, i64>,
    by_id: HashMap<String, i64>,
    /// By length, then by the last digits: a row, and how many there are.
    by_end: HashMap<usize, HashMap<String, (i64, i64)>>,
    /// References that are written otherwise than in their one form, by that.
    pub(super) written: HashMap<String, String>,
    /// By the reference in its one form.
    by_reference: HashMap<String, EsimsOfOrder>,
    /// By row: whether it was ever in use, and when it is there to be used.
    lives: HashMap<i64, (bool, EsimTime)>,
}

impl KnownEsims {
    /// None yet, of those that these lines can name.
    #[must_use]
    pub fn named_by(bookings: &[Booking]) -> KnownEsims {
        let iccids = bookings.iter().flat_map(|line| &line.iccids);
        KnownEsims {
            ends: iccids
                .map(String::len)
                .filter(|length| *length < WHOLE_DIGITS)
                .collect(),
            wanted: Wanted::of(bookings),
            ..KnownEsims::default()
        }
    }

    /// The eSIM of this row has this ICCID.
    pub fn has_iccid(&mut self, iccid: String, esim: i64) {
        for length in &self.ends {
            let from = iccid.len().saturating_sub(*length);
            if let Some(end) = iccid.get(from..).filter(|end| end.len() == *length) {
                let same = self.by_end.entry(*length).or_default();
                same.entry(end.to_owned()).or_insert((esim, 0)).1 += 1;
            }
        }
        self.by_iccid.insert(iccid, esim);
    }

    /// There is this eSIM.
    pub fn has(&mut self, esim: KnownEsim) {
        self.lives.insert(esim.row, (esim.is_used, esim.time));
        if let Some(id) = esim.esim_id {
            self.by_id.insert(id, esim.row);
        }
        let Some(reference) = esim.reference else {
            return;
        };
        if !self.by_reference.contains_key(&reference) {
            let mark = mark(&reference);
            let Some(spelling) = self.wanted.may_be(&mark) else {
                return;
            };
            self.references.add(&reference, mark, spelling);
        }
        if let Some(written) = esim.written {
            self.written.entry(reference.clone()).or_insert(written);
        }
        let order = self.by_reference.entry(reference.clone()).or_default();
        order.reference = reference;
        let rows = if esim.is_over {
            &mut order.over
        } else {
            &mut order.live
        };
        rows.push(esim.row);
    }

    /// Whether an eSIM was ever in use, and when it is there to be used.
    pub(super) fn life(&self, row: i64) -> (bool, EsimTime) {
        self.lives.get(&row).copied().unwrap_or_default()
    }

    /// How many lines are about a trip at the time of the eSIMs that they name, less those that are not.
    pub fn fitting(&self, bookings: &[Booking]) -> i64 {
        let fits = |booking: &Booking| {
            let Ok(traveller) = &booking.traveller else {
                return 0;
            };
            let rows = match self.named(booking) {
                Named::Esim { row, .. } => vec![row],
                Named::Esims { rows, .. } => rows.into_iter().map(|(_, row)| row).collect(),
                Named::Order(reference) => {
                    let order = self.order(&reference);
                    [order.live, order.over].concat()
                }
                Named::Nobody(_) => return 0,
            };
            let times = rows.iter().map(|row| self.life(*row).1);
            let times: Vec<EsimTime> = times
                .filter(|time| time.began.or(time.ended).is_some())
                .collect();
            match () {
                () if times.is_empty() || traveller.last_day().is_none() => 0,
                () if times.iter().any(|time| traveller.fits(*time)) => 1,
                () => -1,
            }
        };
        resolved(bookings, &self.references).iter().map(fits).sum()
    }

    /// Whether an eSIM has this number, or ends in these digits.
    pub(super) fn has_number(&self, iccid: &str) -> bool {
        let ends = self.by_end.get(&iccid.len());
        self.by_iccid.contains_key(iccid) || ends.is_some_and(|ends| ends.contains_key(iccid))
    }

    /// The eSIMs of an order, and its reference in its one form.
    pub(super) fn order(&self, reference: &str) -> EsimsOfOrder {
        let found = self.by_reference.get(reference);
        found.cloned().unwrap_or_else(|| EsimsOfOrder {
            reference: reference.to_owned(),
            ..EsimsOfOrder::default()
        })
    }

    /// A whole ICCID is also known with or without its check digit, which says which of ten is meant.
    fn whole(&self, iccid: &str) -> Result<i64, LineOwner> {
        if let Some(row) = self.by_iccid.get(iccid) {
            return Ok(*row);
        }
        let with = (0..10).map(|digit| format!("{iccid}{digit}"));
        let with: Vec<(String, i64)> = with
            .filter_map(|one| self.by_iccid.get(&one).map(|row| (one.clone(), *row)))
            .collect();
        let mut checked = with.iter().filter(|(one, _)| Iccid::is_checked(one));
        match (with.as_slice(), checked.next(), checked.next()) {
            ([], ..) => {
                let without = iccid.get(..iccid.len().saturating_sub(1));
                let without = without.filter(|one| one.len() >= WHOLE_DIGITS);
                let row = without.and_then(|one| self.by_iccid.get(one));
                row.copied().ok_or(LineOwner::Unknown)
            }
            ([(_, row)], ..) | (_, Some((_, row)), None) => Ok(*row),
            (several, ..) => Err(LineOwner::Several {
                count: i64::try_from(several.len()).unwrap_or(i64::MAX),
            }),
        }
    }

    fn by_number(&self, number: &str) -> Result<Named, LineOwner> {
        if number.len() >= WHOLE_DIGITS {
            let by_last_digits = false;
            return self.whole(number).map(|row| Named::Esim {
                row,
                by_last_digits,
            });
        }
        let ends = self.by_end.get(&number.len());
        match ends.and_then(|ends| ends.get(number)) {
            Some((row, 1)) => Ok(Named::Esim {
                row: *row,
                by_last_digits: true,
            }),
            Some((_, count)) => Err(LineOwner::Several { count: *count }),
            None => Err(LineOwner::Unknown),
        }
    }

    /// What a line names.
    pub(super) fn named(&self, booking: &Booking) -> Named {
        let order = booking.reference.as_ref();
        let order = order.map(|reference| Named::Order(reference.clone()));
        let known = booking.reference.as_ref();
        let known = known.is_some_and(|one| self.by_reference.contains_key(one));
        let known = order.clone().filter(|_| known);
        // A number that names no eSIM is rather wrong than early, unless all of it is right: then its eSIM is to come.
        let mut numbers = booking.iccids.iter();
        let early = numbers.all(|one| Iccid::is_right(one) && self.whole(one).is_err());
        let known = known.or_else(|| order.clone().filter(|_| early));
        if let [_, _, ..] = booking.iccids.as_slice() {
            return self.several(booking, known);
        }
        if let [number] = booking.iccids.as_slice() {
            return match self.by_number(number) {
                Ok(named) => named,
                Err(nobody) => known.unwrap_or(Named::Nobody(nobody)),
            };
        }
        let id = booking.esim_id.as_ref().and_then(|id| self.by_id.get(id));
        match (id, order) {
            (Some(row), _) => Named::Esim {
                row: *row,
                by_last_digits: false,
            },
            (None, Some(order)) => order,
            (None, None) => Named::Nobody(LineOwner::Unknown),
        }
    }

    /// What a line with several numbers names. `order`: the order that it names, if that is known.
    fn several(&self, booking: &Booking, order: Option<Named>) -> Named {
        let (mut rows, mut unknown) = (Vec::new(), Vec::new());
        for iccid in &booking.iccids {
            match self.whole(iccid) {
                Ok(row) => rows.push((iccid.clone(), row)),
                Err(_) => unknown.push(iccid.clone()),
            }
        }
        rows.sort_by_key(|(_, row)| *row);
        rows.dedup_by_key(|(_, row)| *row);
        let Some(order) = order else {
            return match rows.is_empty() {
                true => Named::Nobody(LineOwner::Unknown),
                false => Named::Esims { rows, unknown },
            };
        };
        // All that an order has is the order itself, and what comes to it.
        let esims = booking.reference.as_deref().map(|one| self.order(one));
        let all = esims.map_or_else(Vec::new, |esims| [esims.live, esims.over].concat());
        let is_all = rows.len() == all.len() && rows.iter().all(|(_, row)| all.contains(row));
        if rows.is_empty() || (is_all && unknown.is_empty()) {
            order
        } else {
            Named::Esims { rows, unknown }
        }
    }
}
