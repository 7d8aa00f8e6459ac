//! Atomic writes that follow symbolic links.
#![expect(clippy::disallowed_methods, reason = "writes layout files")]

use std::fs::{self, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::error::{Doing, StoreError};
use crate::files::{self, replace::New};

/// The folder of a file.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// Creates a folder and its parents, writable only by the owner whatever the umask is; see `trust`.
pub(super) fn create_folder(folder: &Path) -> Result<(), StoreError> {
    const NEW_FOLDER: u32 = 0o755;
    let mut builder = fs::DirBuilder::new();
    let created = builder.recursive(true).mode(NEW_FOLDER).create(folder);
    created.doing("create", folder)
}

/// Follows a symbolic link, even if its target does not exist yet. The result is the same
/// before and after the file is created.
pub(super) fn through_links(path: &Path) -> PathBuf {
    let target = match fs::read_link(path) {
        Ok(to) => path.parent().unwrap_or(Path::new("")).join(to),
        Err(_) => path.to_owned(),
    };
    // The folder of a deleted layout may be gone, too.
    let mut missing = PathBuf::new();
    let mut present = target.as_path();
    loop {
        if let Ok(real) = fs::canonicalize(present) {
            return if missing.as_os_str().is_empty() {
                real
            } else {
                real.join(missing)
            };
        }
        let (Some(folder), Some(name)) = (present.parent(), present.file_name()) else {
            return target;
        };
        missing = if missing.as_os_str().is_empty() {
            PathBuf::from(name)
        } else {
            Path::new(name).join(missing)
        };
        present = folder;
    }
}

/// Only the owner may write a layout; see `trust`.
const NEW_FILE: u32 = 0o644;

/// Replaces a file atomically, even if the power is cut. The owner and the permissions are
/// those of `like`, the old file.
pub(super) fn replace(
    path: &Path,
    content: &[u8],
    like: Option<&fs::Metadata>,
) -> Result<(), StoreError> {
    put(path, content, like, true)?;
    sync_folder(path)
}

/// As [`replace`]. If `synced` is false, a power cut may lose the content.
pub(super) fn put(
    path: &Path,
    content: &[u8],
    like: Option<&fs::Metadata>,
    synced: bool,
) -> Result<(), StoreError> {
    put_with_mode(path, content, like, synced, NEW_FILE)
}

/// As [`put`], with these permissions for a new file.
pub(super) fn put_with_mode(
    path: &Path,
    content: &[u8],
    like: Option<&fs::Metadata>,
    synced: bool,
    mode: u32,
) -> Result<(), StoreError> {
    create_folder(folder_of(path))?;
    let new = New { mode, like, synced };
    files::replace::replace(path, content, new).doing("write", path)
}

/// Makes the entries of a file's folder survive a power cut.
pub(super) fn sync_folder(path: &Path) -> Result<(), StoreError> {
    let folder = folder_of(path);
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .doing("write", folder)
}
