//! The executables in the folders of hooks.
#![expect(clippy::disallowed_methods, reason = "lists folders of hooks")]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

use super::around::trust_of;
use super::error::{Doing, StoreError};
use super::trust::TrustError;
use crate::files::open_input;

/// A file in a folder of hooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookFile {
    /// The file.
    pub path: PathBuf,
    /// True if it can be executed. Others are not run.
    pub is_executable: bool,
    /// The reason why it must not be run.
    pub trust: Result<(), TrustError>,
}

/// The files of an event in these folders, the most important folder first, in the order of their
/// names.
///
/// A folder has an executable with the name of the event, a folder of executables with that name, or
/// neither. Of files with the same name, that of the most important folder is used. Names that begin
/// with `.` or end with `~` are ignored.
pub fn hook_files(folders: &[PathBuf], event: &str) -> Result<Vec<HookFile>, StoreError> {
    let mut found: BTreeMap<OsString, PathBuf> = BTreeMap::new();
    for folder in folders {
        let path = folder.join(event);
        let Ok(metadata) = fs::metadata(&path) else {
            continue;
        };
        if !metadata.is_dir() {
            found.entry(event.into()).or_insert(path);
            continue;
        }
        for entry in fs::read_dir(&path).doing("read", &path)? {
            let name = entry.doing("read", &path)?.file_name();
            let bytes = name.as_bytes();
            if !bytes.starts_with(b".") && !bytes.ends_with(b"~") {
                let file = path.join(&name);
                found.entry(name).or_insert(file);
            }
        }
    }
    let files = found.into_values().filter(|path| path.is_file());
    files.map(hook_file).collect()
}

/// The entries of these folders that are for none of these events, and so are never run. Names that
/// begin with `.` or end with `~` are left out.
pub fn unknown_hooks(folders: &[PathBuf], events: &[&str]) -> Vec<PathBuf> {
    let entries = folders.iter().flat_map(fs::read_dir);
    let paths = entries
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()));
    let is_unknown = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().as_bytes();
        let is_ignored = name.starts_with(b".") || name.ends_with(b"~");
        !is_ignored && !events.iter().any(|event| event.as_bytes() == name)
    };
    let mut unknown: Vec<PathBuf> = paths.filter(is_unknown).collect();
    unknown.sort();
    unknown
}

fn hook_file(path: PathBuf) -> Result<HookFile, StoreError> {
    let trust = match open_input(&path) {
        Ok(file) => trust_of(&path, &file)?,
        // An executable need not be readable, but then nothing is known about it.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            super::trust_of_folder(path.parent().unwrap_or(Path::new("/")))
        }
        Err(error) => return Err(error).doing("read", &path),
    };
    Ok(HookFile {
        is_executable: access(&path, Access::EXEC_OK).is_ok(),
        trust,
        path,
    })
}
