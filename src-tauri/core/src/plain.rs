//! What the operating system says, in words for the user.

use std::io::{Error, ErrorKind};

/// The reason for a failure, to stand in the middle of a sentence.
#[must_use]
pub fn reason(error: &Error) -> String {
    let plain = match error.kind() {
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => "a file is in the way",
        ErrorKind::IsADirectory => "a folder is in the way",
        ErrorKind::NotFound => "it does not exist",
        ErrorKind::PermissionDenied => "this user is not allowed to",
        ErrorKind::ReadOnlyFilesystem => "the disk can only be read",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "the disk is full",
        ErrorKind::AddrNotAvailable => "this computer does not have that address",
        _ => {
            let text = error.to_string();
            let end = text.find(" (os error").unwrap_or(text.len());
            return text.get(..end).unwrap_or(&text).to_owned();
        }
    };
    plain.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_of_the_operating_system_is_left() {
        for code in 1..100 {
            let said = reason(&Error::from_raw_os_error(code));
            assert!(!said.contains("os error") && !said.is_empty(), "{said}");
        }
    }
}
