//! What a spreadsheet's file unpacks to, looked at before anybody reads it: a few kilobytes can become gigabytes. What
//! the file says of its sizes is not believed.

use std::collections::HashMap;
use std::io::{BufReader, Cursor, Read, Write, copy};

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;
use zip::result::ZipError;

use super::BookingError;

/// Most bytes of all parts together.
const MAX_UNPACKED: u64 = 512 * 1024 * 1024;

/// Most bytes of one part that is read cell by cell.
const MAX_STREAMED: u64 = 256 * 1024 * 1024;

/// Most bytes of the texts that cells share, which are kept while the cells are read.
const MAX_TEXTS: u64 = 64 * 1024 * 1024;

/// Most bytes of a part that is kept in some other form while the cells are read.
const MAX_KEPT: u64 = 4 * 1024 * 1024;

/// Most texts that the cells may be said to share: room for them is made before they are read.
const MAX_SHARED_TEXTS: u64 = 4_000_000;

/// Most parts.
const MAX_PARTS: usize = 10_000;

/// Most tags of the parts that are read tag by tag: about four for each cell that has something in it, two for one that has
/// not, and some for what is merged, shared or formatted. A list of 50,000 lines with a dozen columns has less.
const MAX_TAGS: u64 = 3_000_000;

/// Most tags that are passed over for all sheets that are looked at, one after the other.
const MAX_TAGS_OF_SHEETS: u64 = 2 * MAX_TAGS;

/// What is left of the work that one file may cause.
#[derive(Debug, Clone, Copy)]
pub(super) struct Work(u64);

impl Work {
    /// Of a file that is one part with so many tags.
    pub fn of_one(tags: u64) -> Result<Work, BookingError> {
        match tags > MAX_TAGS {
            true => Err(BookingError::TooManyCells),
            false => Ok(Work(MAX_TAGS_OF_SHEETS)),
        }
    }

    /// Of a file with so many tags in a sheet, one more sheet is read.
    pub fn take(&mut self, tags: u64) -> Result<(), BookingError> {
        let left = self.0.checked_sub(tags);
        self.0 = left.ok_or(BookingError::TooManyCells)?;
        Ok(())
    }
}

/// A file's parts, looked through.
#[derive(Debug)]
pub(super) struct WorkbookParts {
    /// Each with how many tags it has.
    pub tags: HashMap<String, u64>,
    pub work: Work,
}

/// Counts tags, and keeps nothing.
struct Counted {
    tags: u64,
    left: u64,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let tags = bytes.iter().filter(|byte| **byte == b'<').count();
        self.tags += tags as u64;
        // No more is unpacked than is going to be read.
        if self.tags > self.left {
            return Err(std::io::ErrorKind::QuotaExceeded.into());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn limit(name: &str) -> u64 {
    let name = name.to_lowercase();
    if name.ends_with("sharedstrings.xml") {
        MAX_TEXTS
    } else if name.contains("worksheets/") || name == "content.xml" || !kept(&name) {
        MAX_STREAMED
    } else {
        MAX_KEPT
    }
}

/// Whether a part is read tag by tag.
fn is_read(name: &str) -> bool {
    [".xml", ".rels"]
        .iter()
        .any(|end| name.to_lowercase().ends_with(end))
}

fn kept(name: &str) -> bool {
    [".xml", ".rels"].iter().any(|end| name.ends_with(end))
        && ["workbook", "styles", "theme", "content_types", ".rels"]
            .iter()
            .any(|part| name.contains(part))
}

/// The parts, each of which unpacks to something that can be read.
pub(super) fn parts(bytes: &[u8]) -> Result<WorkbookParts, BookingError> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    if zip.len() > MAX_PARTS {
        return Err(BookingError::Oversized);
    }
    let mut tags = HashMap::new();
    let mut left = MAX_UNPACKED;
    let mut tags_left = MAX_TAGS;
    for at in 0..zip.len() {
        let part = zip.by_index(at).map_err(|error| broken(&error))?;
        let name = part.name().map_err(|error| broken(&error))?.into_owned();
        let most = limit(&name).min(left);
        if part.size() > most {
            return Err(BookingError::Oversized);
        }
        let mut counted = Counted {
            tags: 0,
            left: if is_read(&name) { tags_left } else { u64::MAX },
        };
        let unpacked = copy(&mut part.take(most + 1), &mut counted);
        let unpacked = unpacked.map_err(|error| match error.kind() {
            std::io::ErrorKind::QuotaExceeded => BookingError::TooManyCells,
            _ => BookingError::Broken(error.to_string()),
        })?;
        if unpacked > most {
            return Err(BookingError::Oversized);
        }
        left -= unpacked;
        if is_read(&name) {
            tags_left -= counted.tags;
        }
        if name.to_lowercase().ends_with("sharedstrings.xml") {
            let part = zip.by_index(at).map_err(|error| broken(&error))?;
            if shared_texts(part) > MAX_SHARED_TEXTS {
                return Err(BookingError::Oversized);
            }
        }
        // Of parts with one name nobody knows which is read.
        *tags.entry(name).or_default() += counted.tags;
    }
    Ok(WorkbookParts {
        tags,
        work: Work(MAX_TAGS_OF_SHEETS),
    })
}

/// How many texts the part says that it has.
fn shared_texts(part: impl Read) -> u64 {
    let mut xml = Reader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(tag) | Event::Empty(tag)) if tag.local_name().as_ref() == "sst" => {
                let mut attributes = tag.attributes();
                let mut attributes = attributes.with_checks(false).flatten();
                let count = attributes.find(|one| one.key.as_ref() == "uniqueCount");
                // What is no number is passed over by whoever reads it, too.
                return count.map_or(0, |count| match count.value.parse::<u128>() {
                    Ok(count) => u64::try_from(count).unwrap_or(u64::MAX),
                    Err(_) => 0,
                });
            }
            // What is wrong with it is told by whoever reads it.
            Ok(Event::Eof) | Err(_) => return 0,
            Ok(_) => {}
        }
    }
}

fn broken(error: &ZipError) -> BookingError {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => BookingError::Password,
        other => BookingError::Broken(other.to_string()),
    }
}
