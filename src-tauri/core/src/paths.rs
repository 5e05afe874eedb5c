//! Where the data is kept when nobody says otherwise.

use std::path::PathBuf;

/// The program's identifier, which is also the name of its folder.
pub const IDENTIFIER: &str = "watch.esim.desk";

/// The folder for local, not roaming, application data of this user: the same one for the desktop
/// program and for `esim-watchd`. `None` if the system tells no such folder.
#[must_use]
pub fn default_data_dir() -> Option<PathBuf> {
    dirs::data_local_dir().map(|dir| dir.join(IDENTIFIER))
}

/// The folder as its files can be opened whatever their length: on Windows a path of more than 260 characters is only
/// taken if it says so (`\\?\`), which std does by itself and SQLite does not. Elsewhere it stays as it is.
#[must_use]
pub fn openable(folder: PathBuf) -> PathBuf {
    #[cfg(windows)]
    if let Some(long) = std::path::absolute(&folder)
        .ok()
        .and_then(|absolute| verbatim(absolute.to_str()?))
    {
        return PathBuf::from(long);
    }
    folder
}

/// Characters of a folder's path up to which the names in it are short enough for everybody: 260, less a backup's name,
/// what SQLite adds to it, and what a copy has meanwhile.
#[cfg(any(windows, test))]
const SHORT: usize = 160;

/// The form of a long absolute path of Windows that has no limit; `None` where it is short, or has the form.
#[cfg(any(windows, test))]
fn verbatim(absolute: &str) -> Option<String> {
    if absolute.encode_utf16().count() <= SHORT || absolute.starts_with(r"\\?\") {
        return None;
    }
    Some(match absolute.strip_prefix(r"\\") {
        Some(share) => format!(r"\\?\UNC\{share}"),
        None => format!(r"\\?\{absolute}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_of_windows_says_that_it_is_long() {
        let long = "a".repeat(200);
        for (path, becomes) in [
            (format!(r"C:\{long}"), Some(format!(r"\\?\C:\{long}"))),
            (
                format!(r"\\server\share\{long}"),
                Some(format!(r"\\?\UNC\server\share\{long}")),
            ),
            (format!(r"\\?\C:\{long}"), None),
            (r"C:\Users\anna\desk".to_owned(), None),
        ] {
            assert_eq!(verbatim(&path), becomes, "{path}");
        }
    }

    #[cfg(not(windows))]
    #[test]
    fn elsewhere_a_path_stays_as_it_is() {
        let long = PathBuf::from(format!("/home/{}", "a/".repeat(200)));
        assert_eq!(openable(long.clone()), long);
    }
}
