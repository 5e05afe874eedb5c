//! The data folder, which belongs to one program at a time.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::io_reason::IoReason;
use crate::private;
use crate::store::file::error::OpenError;

/// The file whose lock says that a program keeps its events in this directory.
const LOCK_FILE: &str = "esim-watch.lock";

/// Takes the folder for this program alone until the file is dropped, creating it where needed. Other users of the
/// computer can't read what is in it from then on.
pub(in crate::store) fn lock(data_dir: &Path) -> Result<File, OpenError> {
    let unusable = |error| unusable(data_dir, &error);
    private::create_folder(data_dir).map_err(unusable)?;
    let lock = private::open_file(&data_dir.join(LOCK_FILE)).map_err(unusable)?;
    match lock.try_lock() {
        Ok(()) => {
            if private::tighten(data_dir, std::env::home_dir().as_deref()) {
                tracing::warn!(
                    "other users of this computer could read the data folder; now its owner alone can"
                );
            }
            Ok(lock)
        }
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse {
            path: data_dir.to_owned(),
        }),
        Err(TryLockError::Error(error)) => Err(unusable(error)),
    }
}

/// Whether no program uses the folder just now. One that is not there is free.
#[must_use]
pub fn is_free(data_dir: &Path) -> bool {
    let mut options = File::options();
    let Ok(lock) = options
        .read(true)
        .append(true)
        .open(data_dir.join(LOCK_FILE))
    else {
        return true;
    };
    !matches!(lock.try_lock(), Err(TryLockError::WouldBlock))
}

/// The error of a folder that the system does not let us use.
pub(in crate::store) fn unusable(data_dir: &Path, error: &std::io::Error) -> OpenError {
    OpenError::Folder {
        path: data_dir.to_owned(),
        reason: IoReason::from(error).into(),
    }
}
