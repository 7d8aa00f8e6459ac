//! The files of records: of an X session in the runtime directory, of sets of monitors in the state
//! directory.

use std::io;
use std::path::{Path, PathBuf};

use super::{Arrangements, Records};
use crate::files::private;
use crate::files::read_regular;
use crate::files::replace::{New, replace};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The file for a display below the runtime directory.
pub fn path(runtime: &Path, display: &str) -> PathBuf {
    let safe = |letter: char| match letter {
        letter if letter.is_ascii_alphanumeric() => letter,
        _ => '_',
    };
    let display: String = display.chars().map(safe).collect();
    runtime.join(format!("records-{display}.json"))
}

/// The file of the arrangements on sets of monitors, below the state directory.
pub fn arrangements(state: &Path) -> PathBuf {
    state.join("monitors.json")
}

/// Reads the records. None exist if the file is missing or damaged: other evidence is
/// enough to find most windows.
pub fn read(path: &Path) -> Records {
    try_read(path).unwrap_or_default()
}

/// Reads the records. None exist if the file is missing; a damaged file is an error.
pub fn try_read(path: &Path) -> io::Result<Records> {
    try_read_any(path)
}

/// Reads the arrangements on sets of monitors, as [`try_read`] does.
pub fn read_arrangements(path: &Path) -> io::Result<Arrangements> {
    try_read_any(path)
}

/// Reads a file of records. None exist if the file is missing; a damaged file is an error.
pub fn try_read_any<T: DeserializeOwned + Default>(path: &Path) -> io::Result<T> {
    match read_regular(path) {
        Ok(text) => Ok(serde_json::from_slice(&text)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(T::default()),
        Err(error) => Err(error),
    }
}

/// Replaces the records atomically. Refuses a folder that other users can write to.
pub fn write(path: &Path, records: &Records) -> io::Result<()> {
    private::ensure_folder(path.parent().unwrap_or(Path::new("/")))?;
    put(path, records)
}

/// Replaces a file of records in the state directory atomically.
pub fn write_any(path: &Path, records: &impl Serialize) -> io::Result<()> {
    private::create_folder(path.parent().unwrap_or(Path::new("/")))?;
    put(path, records)
}

fn put(path: &Path, content: &impl Serialize) -> io::Result<()> {
    let new = New {
        mode: 0o600,
        like: None,
        synced: false,
    };
    replace(path, &serde_json::to_vec(content)?, new)
}
