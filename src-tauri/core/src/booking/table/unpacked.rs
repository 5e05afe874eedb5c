//! What a spreadsheet's file unpacks to, looked at before anybody reads it: a few kilobytes can become gigabytes. What
//! the file says of its sizes is not believed.

use std::io::{BufReader, Cursor, Read, copy, sink};

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

fn kept(name: &str) -> bool {
    [".xml", ".rels"].iter().any(|end| name.ends_with(end))
        && ["workbook", "styles", "theme", "content_types", ".rels"]
            .iter()
            .any(|part| name.contains(part))
}

/// The names of the parts, each of which unpacks to something that can be read.
pub(super) fn parts(bytes: &[u8]) -> Result<Vec<String>, BookingError> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    if zip.len() > MAX_PARTS {
        return Err(BookingError::Oversized);
    }
    let mut names = Vec::new();
    let mut left = MAX_UNPACKED;
    for at in 0..zip.len() {
        let part = zip.by_index(at).map_err(|error| broken(&error))?;
        let name = part.name().map_err(|error| broken(&error))?.into_owned();
        let most = limit(&name).min(left);
        if part.size() > most {
            return Err(BookingError::Oversized);
        }
        let unpacked = copy(&mut part.take(most + 1), &mut sink())
            .map_err(|error| BookingError::Broken(error.to_string()))?;
        if unpacked > most {
            return Err(BookingError::Oversized);
        }
        left -= unpacked;
        if name.to_lowercase().ends_with("sharedstrings.xml") {
            let part = zip.by_index(at).map_err(|error| broken(&error))?;
            if shared_texts(part) > MAX_SHARED_TEXTS {
                return Err(BookingError::Oversized);
            }
        }
        names.push(name);
    }
    Ok(names)
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
