//! XLS, the older format. The library makes room for what such a file says of itself: so its records are looked at
//! before, and what is handed on has a sound container and bounds.

mod records;

use std::io::{Cursor, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Reader as _, SheetVisible, Xls, XlsError};

use super::grid::{Grid, Merged, choose};
use super::xlsx::of_data;
use super::{BookingError, IsList, MAX_BYTES, SheetName, Table};
use crate::booking::reading::Reading;

pub(super) fn read(
    bytes: &[u8],
    reading: &Reading,
    is_list: IsList<'_>,
) -> Result<Table, BookingError> {
    let read = || read_checked(bytes, reading, is_list);
    // The library reads fields of records without looking at their length.
    let broken = || Err(BookingError::Broken("a record is cut".to_owned()));
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| broken())
}

fn broken(error: impl std::fmt::Display) -> BookingError {
    BookingError::Broken(error.to_string())
}

fn read_checked(
    bytes: &[u8],
    reading: &Reading,
    is_list: IsList<'_>,
) -> Result<Table, BookingError> {
    let stream = workbook(bytes)?;
    let sheets = records::look_through(&stream)?;
    let mut book: Xls<_> = Xls::new(Cursor::new(sound(&stream)?)).map_err(|error| match error {
        XlsError::Password => BookingError::Password,
        other => broken(other),
    })?;
    let names = book.sheets_metadata().iter().map(|sheet| SheetName {
        name: sheet.name.clone(),
        hidden: sheet.visible != SheetVisible::Visible,
    });
    let names: Vec<SheetName> = names.collect();
    let at = |name: &str| names.iter().position(|sheet| sheet.name == name);
    choose(names.clone(), reading, is_list, |name| {
        let mut grid = Grid::default();
        let cells = book.worksheet_range(name).map_err(broken)?;
        let (top, left) = cells.start().unwrap_or_default();
        for (row, column, data) in cells.used_cells() {
            let row = top.saturating_add(u32::try_from(row).unwrap_or(u32::MAX));
            let column = left.saturating_add(u32::try_from(column).unwrap_or(u32::MAX));
            grid.put(row, column, of_data(data))?;
        }
        let merged = book.merge_cells_by_sheet_name(name).unwrap_or_default();
        grid.merged = merged
            .iter()
            .map(|region| Merged {
                column: region.start.1,
                first_row: region.start.0,
                last_row: region.end.0,
            })
            .collect();
        let hidden = at(name).and_then(|at| sheets.get(at));
        grid.hidden = hidden.cloned().unwrap_or_default();
        Ok(grid)
    })
}

/// The stream of the workbook. With a password there is another one.
fn workbook(bytes: &[u8]) -> Result<Vec<u8>, BookingError> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(broken)?;
    if file.exists("/EncryptedPackage") {
        return Err(BookingError::Password);
    }
    let names = ["/Workbook", "/Book"];
    // A document of another program is in such a container as well.
    let name = names.into_iter().find(|name| file.is_stream(name));
    let stream = file.open_stream(name.ok_or(BookingError::Foreign)?);
    let mut read = Vec::new();
    let most = MAX_BYTES as u64;
    stream
        .and_then(|stream| stream.take(most).read_to_end(&mut read))
        .map_err(broken)?;
    Ok(read)
}

/// The same stream in a container of its own, whose chains of sectors end. Of the version that this format is kept in:
/// of a later one the library expects a small stream beside it.
fn sound(stream: &[u8]) -> Result<Vec<u8>, BookingError> {
    let made = || {
        let empty = Cursor::new(Vec::new());
        let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, empty)?;
        file.create_stream("/Workbook")?.write_all(stream)?;
        file.flush()?;
        Ok::<_, std::io::Error>(file.into_inner().into_inner())
    };
    made().map_err(broken)
}
