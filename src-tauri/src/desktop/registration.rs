//! What Windows has to know before it shows a notification: whose it is.
//!
//! A program without an installer is told of in the registry, one value for each user: `AppUserModelId` in Microsoft's
//! documentation of notifications of unpackaged programs. So a copy that was only unpacked shows them as well, and one
//! that was moved mends itself at its next start.

use std::io;
use std::path::Path;

use esim_watch_core::paths::IDENTIFIER;
use windows_registry::CURRENT_USER;

/// The icon, as a file that Windows can read.
const ICON: &[u8] = include_bytes!("../../icons/128x128.png");

/// Tells Windows name and icon of whoever notifies. Without it notifications stay away, and nothing else does.
pub fn register(data_dir: Option<&Path>) {
    if let Err(error) = try_register(data_dir) {
        tracing::warn!(%error, "Windows does not know whose notifications these are");
    }
}

fn try_register(data_dir: Option<&Path>) -> io::Result<()> {
    let key = format!(r"Software\Classes\AppUserModelId\{IDENTIFIER}");
    let key = CURRENT_USER.create(key).map_err(io::Error::other)?;
    key.set_string("DisplayName", "eSIM Watch")
        .map_err(io::Error::other)?;
    let Some(folder) = data_dir else {
        return Ok(());
    };
    std::fs::create_dir_all(folder)?;
    let icon = folder.join("icon.png");
    if std::fs::read(&icon).ok().as_deref() != Some(ICON) {
        std::fs::write(&icon, ICON)?;
    }
    key.set_string("IconUri", &*icon.to_string_lossy())
        .map_err(io::Error::other)
}
