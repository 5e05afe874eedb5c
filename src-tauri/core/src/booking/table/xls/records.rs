//! The records of an older workbook (MS-XLS), as far as they say how much room its cells take and which rows are hidden.

use std::collections::HashSet;

use super::{BookingError, MAX_BYTES, broken};
use crate::booking::table::grid::MAX_SHEETS;

/// Most cells that the library may make room for, of all sheets together.
const MAX_ROOM: u64 = 4_000_000;

/// Most bytes of formulas, which the library writes out.
const MAX_FORMULA_BYTES: usize = 2 * 1024 * 1024;

/// Most letters of the texts that cells share, each as often as a cell has it.
const MAX_SHARED_LETTERS: u64 = 64 * 1024 * 1024;

/// Columns of this format.
const COLUMNS: u64 = 256;

/// Kinds of records (MS-XLS 2.3).
mod kind {
    pub const FORMULA: u16 = 0x0006;
    pub const EOF: u16 = 0x000a;
    pub const FILE_PASS: u16 = 0x002f;
    pub const CONTINUE: u16 = 0x003c;
    pub const BOUND_SHEET: u16 = 0x0085;
    pub const MUL_RK: u16 = 0x00bd;
    pub const RSTRING: u16 = 0x00d6;
    pub const SST: u16 = 0x00fc;
    pub const LABEL_SST: u16 = 0x00fd;
    pub const DIMENSIONS: u16 = 0x0200;
    pub const NUMBER: u16 = 0x0203;
    pub const LABEL: u16 = 0x0204;
    pub const BOOL_ERR: u16 = 0x0205;
    pub const ROW: u16 = 0x0208;
    pub const RK: u16 = 0x027e;
    pub const BOF: u16 = 0x0809;
}

struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let kind = u16_at(self.0, 0)?;
        let length = usize::from(u16_at(self.0, 2)?);
        let data = self.0.get(4..4 + length)?;
        self.0 = self.0.get(4 + length..)?;
        Some((kind, data))
    }
}

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    let bytes = data.get(at..at + 2)?;
    Some(u16::from_le_bytes(bytes.try_into().ok()?))
}

fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    let bytes = data.get(at..at + 4)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

/// The hidden rows of each sheet, if the library can read the workbook without making more room than there is.
pub(super) fn look_through(stream: &[u8]) -> Result<Vec<HashSet<u32>>, BookingError> {
    let mut starts = Vec::new();
    let mut shared = Vec::new();
    let mut last = 0;
    for (kind, data) in Records(stream) {
        match kind {
            kind::FILE_PASS if u16_at(data, 0) != Some(0) => return Err(BookingError::Password),
            kind::BOUND_SHEET => starts.extend(u32_at(data, 0)),
            // Behind two numbers, of which the texts are.
            kind::SST => shared = vec![data.get(8..).unwrap_or_default()],
            kind::CONTINUE if last == kind::SST => shared.push(data),
            kind::EOF => break,
            _ => {}
        }
        if kind != kind::CONTINUE {
            last = kind;
        }
    }
    if starts.len() > MAX_SHEETS {
        return Err(BookingError::Oversized);
    }
    let mut all = Taken {
        lengths: lengths(&shared),
        ..Taken::default()
    };
    let mut sheets = Vec::new();
    for start in starts {
        let records = stream.get(start as usize..);
        let records = Records(records.ok_or_else(|| broken("a sheet is missing"))?);
        sheets.push(all.sheet(records)?);
    }
    Ok(sheets)
}

/// What the sheets looked at so far take up.
#[derive(Default)]
struct Taken {
    /// Of each shared text.
    lengths: Vec<u16>,
    room: u64,
    formula_bytes: usize,
    shared_letters: u64,
    read_bytes: usize,
}

impl Taken {
    /// Looks at one more sheet, and answers its hidden rows.
    fn sheet(&mut self, records: Records<'_>) -> Result<HashSet<u32>, BookingError> {
        let mut hidden = HashSet::new();
        let (mut depth, mut rows, mut columns) = (0_u32, 0_u64, 0_u64);
        for (kind, data) in records {
            self.read_bytes += data.len() + 4;
            let field = |at| u64::from(u16_at(data, at).unwrap_or_default());
            match kind {
                kind::BOF => depth += 1,
                kind::EOF if depth <= 1 => break,
                kind::EOF => depth -= 1,
                // Charts have cells of their own, which nobody makes room for.
                _ if depth > 1 => {}
                kind::ROW => {
                    let flags = data.get(12).copied().unwrap_or_default();
                    if flags & 0x20 != 0 {
                        hidden.extend(u16_at(data, 0).map(u32::from));
                    }
                }
                kind::DIMENSIONS => self.room += dimensions(data)?,
                kind::FORMULA
                | kind::MUL_RK
                | kind::RSTRING
                | kind::LABEL_SST
                | kind::NUMBER
                | kind::LABEL
                | kind::BOOL_ERR
                | kind::RK => {
                    // Of several cells the last column stands at the end.
                    let end = data.len().saturating_sub(2);
                    let at = if kind == kind::MUL_RK { end } else { 2 };
                    rows = rows.max(field(0) + 1);
                    columns = columns.max(field(2).max(field(at)) + 1);
                    if kind == kind::FORMULA {
                        self.formula_bytes += data.len();
                    }
                    if kind == kind::LABEL_SST {
                        let text = u32_at(data, 6).and_then(|at| self.lengths.get(at as usize));
                        self.shared_letters += text.copied().map_or(0, u64::from);
                    }
                }
                _ => {}
            }
            self.fits()?;
        }
        if columns > COLUMNS {
            return Err(BookingError::Outside);
        }
        self.room += rows * columns;
        self.fits()?;
        Ok(hidden)
    }

    fn fits(&self) -> Result<(), BookingError> {
        let more = self.room > MAX_ROOM
            || self.formula_bytes > MAX_FORMULA_BYTES
            || self.shared_letters > MAX_SHARED_LETTERS
            || self.read_bytes > MAX_BYTES * 2;
        if more {
            Err(BookingError::Oversized)
        } else {
            Ok(())
        }
    }
}

/// How many cells a sheet says that it has, for which room is made before any is read.
fn dimensions(data: &[u8]) -> Result<u64, BookingError> {
    let (rows, columns) = if data.len() == 10 {
        let field = |at| u64::from(u16_at(data, at).unwrap_or_default());
        (
            field(2).saturating_sub(field(0)),
            field(6).saturating_sub(field(4)),
        )
    } else {
        let row = |at| u64::from(u32_at(data, at).unwrap_or_default());
        let column = |at| u64::from(u16_at(data, at).unwrap_or_default());
        (
            row(4).saturating_sub(row(0)),
            column(10).saturating_sub(column(8)),
        )
    };
    if columns > COLUMNS {
        return Err(BookingError::Outside);
    }
    Ok(rows.saturating_add(1).saturating_mul(columns + 1))
}

/// How many letters each of the texts has that cells share (MS-XLS 2.4.265): a text may go on in the next record.
fn lengths(records: &[&[u8]]) -> Vec<u16> {
    let mut texts = Texts {
        records: records.iter(),
        left: &[],
    };
    let mut lengths = Vec::new();
    while let Some(length) = texts.length() {
        lengths.push(length);
    }
    lengths
}

struct Texts<'a> {
    records: std::slice::Iter<'a, &'a [u8]>,
    left: &'a [u8],
}

impl Texts<'_> {
    fn byte(&mut self) -> Option<u8> {
        while self.left.is_empty() {
            self.left = self.records.next()?;
        }
        let (first, rest) = self.left.split_first()?;
        self.left = rest;
        Some(*first)
    }

    fn number(&mut self, bytes: u32) -> Option<usize> {
        let mut number = 0;
        for at in 0..bytes {
            number |= usize::from(self.byte()?) << (8 * at);
        }
        Some(number)
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > self.left.len() {
            bytes -= self.left.len();
            self.left = self.records.next()?;
        }
        self.left = self.left.get(bytes..)?;
        Some(())
    }

    /// Passes over one text; `None`: there are no more.
    fn length(&mut self) -> Option<u16> {
        let letters = self.number(2)?;
        let flags = self.byte()?;
        let runs = if flags & 8 != 0 { self.number(2)? } else { 0 };
        let more = if flags & 4 != 0 { self.number(4)? } else { 0 };
        let mut wide = flags & 1 != 0;
        let mut left = letters;
        while left > 0 {
            let width = if wide { 2 } else { 1 };
            let here = left.min(self.left.len() / width);
            self.left = self.left.get(here * width..)?;
            left -= here;
            if left > 0 {
                // A text that goes on says anew how wide its letters are.
                self.left = self.records.next()?;
                wide = self.byte()? & 1 != 0;
            }
        }
        // What can't be passed over is the last one.
        let behind = runs.saturating_mul(4).saturating_add(more);
        self.skip(behind).unwrap_or_default();
        u16::try_from(letters).ok()
    }
}
