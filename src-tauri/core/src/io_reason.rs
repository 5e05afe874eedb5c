//! What the operating system says of a failure, as a code that the catalogue words: it stands in the middle of a
//! sentence.

use std::io::{Error, ErrorKind};

use crate::held::HeldBy;
use crate::message::{Message, ToMessage};

/// Why a file, a folder or a connection can't be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IoReason {
    /// A file is where a folder is to be.
    FileInTheWay,
    /// A folder is where a file is to be.
    FolderInTheWay,
    /// It is a pipe or a device.
    NoFile,
    /// There is no such thing.
    NotFound,
    /// This user may not.
    NotAllowed,
    /// The disk is read-only.
    ReadOnly,
    /// The disk has no room, or the user no more of it.
    DiskFull,
    /// The disk can't keep a file of that size.
    TooLarge,
    /// The disk failed.
    DiskFails,
    /// The folder still holds something.
    NotEmpty,
    /// It is on another disk.
    OtherDisk,
    /// The system takes no such name.
    Name,
    /// A network folder that is gone.
    FolderGone,
    /// Another program holds it.
    Busy,
    /// These programs hold it.
    BusyBy(String),
    /// The file ends too early, or holds something else.
    Content,
    /// Too many files are open.
    TooManyFiles,
    /// The address is not this computer's.
    Address,
    /// Another program listens there.
    AddressTaken,
    /// The other side refused.
    Refused,
    /// The connection broke off.
    BrokenOff,
    /// No network leads there.
    Unreachable,
    /// It took too long.
    TooSlow,
    /// Something interrupted it.
    Interrupted,
    /// The system has no memory left.
    Memory,
    /// The system can't.
    Unsupported,
    /// Anything else, in the system's words.
    Other(String),
}

impl From<&Error> for IoReason {
    fn from(error: &Error) -> IoReason {
        let by = error.get_ref().and_then(|inner| inner.downcast_ref());
        if let Some(HeldBy(programs)) = by {
            return IoReason::BusyBy(programs.clone());
        }
        match error.kind() {
            ErrorKind::AlreadyExists | ErrorKind::NotADirectory => IoReason::FileInTheWay,
            ErrorKind::IsADirectory => IoReason::FolderInTheWay,
            ErrorKind::NotSeekable => IoReason::NoFile,
            ErrorKind::NotFound => IoReason::NotFound,
            ErrorKind::PermissionDenied => IoReason::NotAllowed,
            ErrorKind::ReadOnlyFilesystem => IoReason::ReadOnly,
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::WriteZero => {
                IoReason::DiskFull
            }
            ErrorKind::FileTooLarge => IoReason::TooLarge,
            ErrorKind::DirectoryNotEmpty => IoReason::NotEmpty,
            ErrorKind::CrossesDevices => IoReason::OtherDisk,
            ErrorKind::InvalidFilename | ErrorKind::InvalidInput => IoReason::Name,
            ErrorKind::StaleNetworkFileHandle => IoReason::FolderGone,
            ErrorKind::ResourceBusy
            | ErrorKind::ExecutableFileBusy
            | ErrorKind::Deadlock
            | ErrorKind::WouldBlock => IoReason::Busy,
            ErrorKind::InvalidData | ErrorKind::UnexpectedEof => IoReason::Content,
            ErrorKind::AddrNotAvailable => IoReason::Address,
            ErrorKind::AddrInUse => IoReason::AddressTaken,
            ErrorKind::ConnectionRefused => IoReason::Refused,
            ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::NotConnected
            | ErrorKind::BrokenPipe => IoReason::BrokenOff,
            ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
                IoReason::Unreachable
            }
            ErrorKind::TimedOut => IoReason::TooSlow,
            ErrorKind::Interrupted => IoReason::Interrupted,
            ErrorKind::OutOfMemory => IoReason::Memory,
            ErrorKind::Unsupported => IoReason::Unsupported,
            _ => by_number(error).unwrap_or_else(|| IoReason::Other(without_number(error))),
        }
    }
}

/// What std has no kind for: POSIX's `EIO`, `ENFILE`, `EMFILE`.
#[cfg(unix)]
fn by_number(error: &Error) -> Option<IoReason> {
    match error.raw_os_error()? {
        5 => Some(IoReason::DiskFails),
        23 | 24 => Some(IoReason::TooManyFiles),
        _ => None,
    }
}

/// What std has no kind for: `ERROR_TOO_MANY_OPEN_FILES`, `ERROR_CRC`, `ERROR_SHARING_VIOLATION`,
/// `ERROR_LOCK_VIOLATION`, `ERROR_IO_DEVICE`.
#[cfg(windows)]
fn by_number(error: &Error) -> Option<IoReason> {
    match error.raw_os_error()? {
        4 => Some(IoReason::TooManyFiles),
        23 | 1117 => Some(IoReason::DiskFails),
        32 | 33 => Some(IoReason::Busy),
        _ => None,
    }
}

fn without_number(error: &Error) -> String {
    let text = error.to_string();
    let end = text.find(" (os error").unwrap_or(text.len());
    text.get(..end).unwrap_or(&text).to_owned()
}

impl ToMessage for IoReason {
    fn to_message(&self) -> Message {
        Message::of(match self {
            IoReason::FileInTheWay => "io.reason.fileInTheWay",
            IoReason::FolderInTheWay => "io.reason.folderInTheWay",
            IoReason::NoFile => "io.reason.noFile",
            IoReason::NotFound => "io.reason.notFound",
            IoReason::NotAllowed => "io.reason.notAllowed",
            IoReason::ReadOnly => "io.reason.readOnly",
            IoReason::DiskFull => "io.reason.diskFull",
            IoReason::TooLarge => "io.reason.tooLarge",
            IoReason::DiskFails => "io.reason.diskFails",
            IoReason::NotEmpty => "io.reason.notEmpty",
            IoReason::OtherDisk => "io.reason.otherDisk",
            IoReason::Name => "io.reason.name",
            IoReason::FolderGone => "io.reason.folderGone",
            IoReason::Busy => "io.reason.busy",
            IoReason::BusyBy(programs) => {
                return Message::of("io.reason.busyBy").with("programs", Message::quoted(programs));
            }
            IoReason::Content => "io.reason.content",
            IoReason::TooManyFiles => "io.reason.tooManyFiles",
            IoReason::Address => "io.reason.address",
            IoReason::AddressTaken => "io.reason.addressTaken",
            IoReason::Refused => "io.reason.refused",
            IoReason::BrokenOff => "io.reason.brokenOff",
            IoReason::Unreachable => "io.reason.unreachable",
            IoReason::TooSlow => "io.reason.tooSlow",
            IoReason::Interrupted => "io.reason.interrupted",
            IoReason::Memory => "io.reason.memory",
            IoReason::Unsupported => "io.reason.unsupported",
            IoReason::Other(text) => return Message::quoted(text),
        })
    }
}

/// The reason for a failure, to stand in the middle of a sentence.
#[must_use]
pub fn reason(error: &Error) -> Message {
    IoReason::from(error).to_message()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_of_the_operating_system_is_left() {
        for code in 1..100 {
            let said = reason(&Error::from_raw_os_error(code)).english();
            assert!(!said.contains("os error") && !said.is_empty(), "{said}");
        }
    }

    #[test]
    fn who_holds_a_file_is_named() {
        let held = HeldBy("MsMpEng.exe".to_owned());
        let error = Error::new(ErrorKind::ResourceBusy, held);
        assert_eq!(reason(&error).english(), "“MsMpEng.exe” is using it");
        let unknown = Error::from(ErrorKind::ResourceBusy);
        assert_eq!(reason(&unknown).english(), "another program is using it");
    }

    #[cfg(unix)]
    #[test]
    fn what_can_happen_to_a_file_has_words_of_our_own() {
        // EPERM, ENOENT, EINTR, EIO, ENOMEM, EACCES, EBUSY, EEXIST, EXDEV, ENOTDIR, EISDIR, EINVAL, ENFILE, EMFILE,
        // EFBIG, ENOSPC, EROFS, EPIPE, ENAMETOOLONG, ENOTEMPTY, ESTALE, EDQUOT: as Linux counts them.
        for code in [
            1, 2, 4, 5, 12, 13, 16, 17, 18, 20, 21, 22, 23, 24, 27, 28, 30, 32, 36, 39, 116, 122,
        ] {
            let reason = IoReason::from(&Error::from_raw_os_error(code));
            assert!(!matches!(reason, IoReason::Other(_)), "{code}: {reason:?}");
        }
    }
}
