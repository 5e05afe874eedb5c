//! Whom a line names, and what of it may be a name.

use super::{LineDoubt, NAMES, Understood};
use crate::booking::addressed;
use crate::booking::column::Column;
use crate::booking::columns::MayName;
use crate::booking::table::TableRow;
use crate::booking::{party, several, unnamed};

impl Understood<'_> {
    /// Of a name what is more than a dash or a dot, and does not say that it is not known.
    pub(super) fn named(&self, row: &TableRow, wanted: Column) -> String {
        let says_nothing = |text: &str| match wanted {
            Column::Name => unnamed::is_whole(text),
            _ => unnamed::is_part(text),
        };
        let texts = self.cells(row, wanted);
        let texts = texts.filter(|cell| !says_nothing(&cell.text));
        let texts = texts.map(|cell| one_name(&cell.text));
        let texts = texts.map(|text| text.trim_end_matches([',', ';', ':']).to_owned());
        let texts = texts.filter(|text| text.contains(char::is_alphanumeric));
        texts.collect::<Vec<_>>().join(" ")
    }

    pub(super) fn name(&self, row: &TableRow) -> String {
        let name = self.named(row, Column::Name);
        if !name.is_empty() {
            return name;
        }
        let parts = [Column::FirstName, Column::LastName];
        let parts = parts.map(|part| self.named(row, part));
        let name = parts.join(" ").trim().to_owned();
        if !name.is_empty() && !unnamed::is_whole(&name) && !parts.iter().all(|part| is_sign(part))
        {
            return name;
        }
        // Who has an address may stand in front of it.
        let mut contacts = self.cells(row, Column::Contact);
        let named = contacts.find(|cell| addressed::is_named(&cell.text));
        let named = named.map(|cell| addressed::parted(&cell.text).0);
        let named = named.or_else(|| Some(one_name(self.instead(row)?.1)));
        let named = named.filter(|name| !unnamed::is_whole(name));
        named.unwrap_or_default()
    }

    /// The cells of columns that are not taken over, each with its place and with whose name may stand there.
    pub(super) fn ignored<'a>(
        &'a self,
        row: &'a TableRow,
    ) -> impl Iterator<Item = (usize, MayName, &'a str)> + 'a {
        let places = row.cells.iter().zip(self.columns).enumerate();
        let ignored = places.filter(|(_, (cell, column))| {
            **column == Column::Ignored && cell.text.contains(char::is_alphabetic)
        });
        ignored.map(|(at, (cell, _))| {
            let may_name = self.may_name.get(at).copied().unwrap_or(MayName::Nobody);
            (at, may_name, cell.text.as_str())
        })
    }

    /// The name of somebody who may travel, for a line whose traveller is not named: a customer's.
    fn instead<'a>(&'a self, row: &'a TableRow) -> Option<(usize, &'a str)> {
        let people = self.ignored(row).filter(|(_, may_name, text)| {
            *may_name == MayName::Person && !text.contains(['@', '0', '1', '2'])
        });
        people.map(|(at, _, text)| (at, text)).next()
    }

    /// Of whose name it is not sure that it is the traveller's: what stands there, and below which heading.
    pub(super) fn unsure_name(&self, row: &TableRow) -> Option<LineDoubt> {
        let named = |column: Column| !self.named(row, column).is_empty();
        let taken = NAMES.into_iter().find(|column| named(*column));
        let mut places = row.cells.iter().zip(self.columns).enumerate();
        let unsure = |at: usize| {
            let may_name = self.may_name.get(at);
            may_name.is_some_and(|one| matches!(one, MayName::Unsure | MayName::Companion))
        };
        let (at, text) = match taken {
            Some(taken) => {
                let found = places.find(|(at, (cell, column))| {
                    **column == taken && !cell.text.is_empty() && unsure(*at)
                });
                found.map(|(at, (cell, _))| (at, cell.text.as_str()))?
            }
            None => {
                let mut contacts = self.cells(row, Column::Contact);
                let addressed = contacts.any(|cell| addressed::is_named(&cell.text));
                self.instead(row).filter(|_| !addressed)?
            }
        };
        let heading = self.heading.map_or("", |row| row.text(at));
        Some(LineDoubt::MaybeName {
            text: text.to_owned(),
            heading: heading.to_owned(),
        })
    }

    /// A company's name that stands where the traveller's should.
    pub(super) fn company(&self, row: &TableRow) -> Option<LineDoubt> {
        let name = self.named(row, Column::Name);
        let text = Some(name).filter(|name| several::is_company(name))?;
        Some(LineDoubt::Company { text })
    }

    /// A name that is that of more travellers than it names.
    pub(super) fn party(&self, row: &TableRow) -> Option<LineDoubt> {
        let mut cells = NAMES.into_iter().flat_map(|column| self.cells(row, column));
        let cell = cells.find(|cell| {
            let name = addressed::parted(&cell.text).0;
            party::is_party(&name) || unnamed::is_one_of(&name)
        })?;
        let text = cell.text.clone();
        Some(LineDoubt::Party { text })
    }

    /// What is said of ages beside names, and is no part of them.
    pub(super) fn ages(&self, row: &TableRow) -> Option<LineDoubt> {
        let cells = NAMES.into_iter().flat_map(|column| self.cells(row, column));
        let said = cells.flat_map(|cell| several::ages_left_out(&addressed::parted(&cell.text).0));
        let text = said.collect::<Vec<_>>().join(", ");
        (!text.is_empty()).then_some(LineDoubt::Unused { text })
    }

    /// What looks like a name in a line that names nobody.
    pub(super) fn overlooked_name(&self, row: &TableRow) -> Option<LineDoubt> {
        let begins = |text: &str| {
            let mut words = text.split_whitespace();
            words.all(|word| !word.starts_with(char::is_lowercase))
        };
        let ignored = self.ignored(row);
        let ignored = ignored.filter(|(_, may_name, _)| *may_name != MayName::Nobody);
        let contacts = self.cells(row, Column::Contact);
        let texts = ignored.map(|(_, _, text)| text);
        let mut texts = texts.chain(contacts.map(|cell| cell.text.as_str()));
        let name = texts.find(|text| several::is_whole(text) && begins(text));
        name.map(|text| LineDoubt::NoName {
            text: text.to_owned(),
        })
    }
}

/// The name or names in a cell, without addresses.
fn one_name(text: &str) -> String {
    let each = addressed::each(text).into_iter().map(|(name, _)| name);
    let each: Vec<String> = each.collect();
    match each.is_empty() {
        true => several::in_one_line(&several::without_ages(&addressed::parted(text).0).0),
        false => each.join(", "),
    }
}

/// Whether a part of a name is empty, or a sign that stands for one that is not known.
fn is_sign(part: &str) -> bool {
    part.is_empty() || unnamed::is_whole(part)
}
