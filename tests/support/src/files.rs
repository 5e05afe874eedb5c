//! What programs leave on the disk.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Every file below `folder` that has this text somewhere in its bytes.
///
/// # Errors
/// If one can't be read.
pub fn files_that_hold(folder: &Path, text: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    for entry in entries {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() {
            found.extend(files_that_hold(&path, text)?);
        } else if kind.is_file() {
            let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
            if bytes
                .windows(text.len())
                .any(|part| part == text.as_bytes())
            {
                found.push(path);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_text_between_other_bytes_in_any_folder() {
        let dir = tempfile::tempdir().unwrap();
        let inner = dir.path().join("a/b");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::write(inner.join("with"), b"\xff\0hidden\0").unwrap();
        std::fs::write(inner.join("without"), b"hidde").unwrap();
        let found = files_that_hold(dir.path(), "hidden").unwrap();
        assert_eq!(found, [inner.join("with")]);
    }
}
