//! Which program this is, and what it is made of.

use std::io::Read;

use esim_watch_desk::about::ThisProgram;
use esim_watch_desk::{Answer, DeskError};
use flate2::read::DeflateDecoder;

/// What `cargo xtask` has written down of all parts and their licences before this was built; empty where it was not.
const LICENCES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/licences.deflate"));

/// Which program this is.
#[tauri::command]
#[specta::specta]
pub async fn about() -> Answer<ThisProgram> {
    Ok(ThisProgram {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        has_licences: !LICENCES.is_empty(),
    })
}

/// The parts that this program is made of, with their licences.
#[tauri::command]
#[specta::specta]
pub async fn licences() -> Answer<String> {
    unpacked(LICENCES).map_err(|error| DeskError::Internal(error.to_string()).into())
}

fn unpacked(packed: &[u8]) -> std::io::Result<String> {
    let mut text = String::new();
    if !packed.is_empty() {
        DeflateDecoder::new(packed).read_to_string(&mut text)?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_down_is_read_whole() {
        let text = unpacked(LICENCES).unwrap();
        assert_eq!(text.is_empty(), LICENCES.is_empty());
        for part in ["serde 1.", "tauri 2.", "svelte 5.", "Apache License"] {
            assert!(text.is_empty() || text.contains(part), "{part}");
        }
    }
}
