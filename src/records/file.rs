//! The files of records: of an X session in the runtime directory, of sets of monitors in the state
//! directory.
#![expect(clippy::disallowed_methods, reason = "keeps the records of a session")]

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::{Arrangements, Records};
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
    match fs::read(path) {
        Ok(text) => Ok(serde_json::from_slice(&text)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(T::default()),
        Err(error) => Err(error),
    }
}

/// Replaces the file atomically.
pub fn write(path: &Path, records: &impl Serialize) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let fresh = path.with_extension(format!("{}.tmp", std::process::id()));
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&fresh)?;
    file.write_all(&serde_json::to_vec(records)?)?;
    drop(file);
    fs::rename(&fresh, path)
}
