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
