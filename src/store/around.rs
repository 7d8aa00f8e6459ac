//! Edge of the trust in files: the access to them and to the folders that lead to them.
#![expect(clippy::disallowed_methods, reason = "looks at folders")]

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::error::{Doing, StoreError};
use super::trust::{self, ROOT, TrustError};
use crate::files::{Access, Identity};

/// Checks the open file, so that it cannot be replaced in the meantime, and all folders that lead to it.
pub(super) fn trust_of(path: &Path, file: &File) -> Result<Result<(), TrustError>, StoreError> {
    let user = Identity::own();
    let access = Access::of_file(file).doing("read", path)?;
    if !file.metadata().doing("read", path)?.is_file() {
        // A pipe from the user's shell.
        return Ok(trust::decide(path, &access, &[], user));
    }
    let folders = folders_of(path).doing("read", path)?;
    Ok(trust::decide(path, &access, &folders, user))
}

/// True if only root can change an open file or replace it.
pub(super) fn is_of_root(path: &Path, file: &File) -> bool {
    let root = Identity {
        uid: ROOT,
        gid: ROOT,
    };
    let access = Access::of_file(file);
    let folders = folders_of(path);
    access.is_ok_and(|access| {
        folders.is_ok_and(|folders| trust::decide(path, &access, &folders, root).is_ok())
    })
}

/// Checks a folder, which may not exist yet, and all folders that lead to it.
pub fn trust_of_folder(folder: &Path) -> Result<(), TrustError> {
    let mut present = folder;
    while !fs::metadata(present).is_ok_and(|present| present.is_dir()) {
        let Some(parent) = present.parent() else {
            break;
        };
        present = parent;
    }
    // If a folder cannot be read, others cannot have written to it on this user's behalf.
    let folders = folders_of(&present.join("x")).unwrap_or_default();
    trust::decide_folders(&folders, Identity::own())
}

/// The folders in the path of a file, as named and after all links, the nearest first.
fn folders_of(path: &Path) -> io::Result<Vec<(PathBuf, Access)>> {
    let named = std::path::absolute(path)?;
    let real = match fs::canonicalize(path) {
        Ok(real) => real,
        Err(_) => fs::canonicalize(named.parent().unwrap_or(Path::new("/")))?.join("x"),
    };
    let mut folders: Vec<(PathBuf, Access)> = Vec::new();
    for folder in real.ancestors().skip(1).chain(named.ancestors().skip(1)) {
        if !folders.iter().any(|(known, _)| known == folder) {
            folders.push((folder.to_owned(), Access::of_path(folder)?));
        }
    }
    Ok(folders)
}
