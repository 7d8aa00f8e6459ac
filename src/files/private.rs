//! Folders and files that only the user can access.
#![expect(clippy::disallowed_methods, reason = "creates files")]

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use rustix::fs::{Access, OFlags};

use super::open::{bits, check};

/// A folder that another user owns or can write, or a link in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is not a folder of this user, or other users can write to it")]
pub struct Foreign;

impl Foreign {
    /// True if this is the reason of an error of this module.
    pub fn is_in(error: &io::Error) -> bool {
        matches!(error.get_ref(), Some(source) if source.is::<Self>())
    }
}

/// Creates a folder and its parents with mode 0700, unless it exists. Checks without following a link
/// that it is the user's own and that no other user can write to it.
pub fn ensure_folder(folder: &Path) -> io::Result<()> {
    create_folder(folder)?;
    check_folder(folder)
}

/// Creates a folder and its parents with mode 0700, unless it exists.
pub fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true).mode(0o700).create(folder)
}

/// The check of [`ensure_folder`].
pub fn check_folder(folder: &Path) -> io::Result<()> {
    let metadata = fs::symlink_metadata(folder)?;
    let own = rustix::process::geteuid().as_raw();
    let is_own = metadata.is_dir() && metadata.uid() == own && metadata.mode() & 0o022 == 0;
    if is_own {
        Ok(())
    } else {
        Err(io::Error::other(Foreign))
    }
}

/// Checks that a folder is as [`ensure_folder`] demands, or that the user can create it.
pub fn check_usable(folder: &Path) -> io::Result<()> {
    if fs::symlink_metadata(folder).is_ok() {
        return check_folder(folder);
    }
    let mut parents = folder.ancestors().skip(1);
    let present = parents.find(|parent| fs::symlink_metadata(parent).is_ok());
    let present = present.unwrap_or(Path::new("/"));
    if !fs::metadata(present)?.is_dir() {
        return Err(rustix::io::Errno::NOTDIR.into());
    }
    let needed = Access::WRITE_OK | Access::EXEC_OK;
    Ok(rustix::fs::access(present, needed)?)
}

/// Creates or empties a file that only the user can read. Follows no link, and refuses pipes, sockets
/// and devices at once.
pub fn create(path: &Path) -> io::Result<File> {
    if let Ok(present) = fs::metadata(path) {
        check(&present)?;
    }
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let file = options.custom_flags(bits(flags)).open(path)?;
    check(&file.metadata()?)?;
    // Programs inherit logs.
    let flags = rustix::fs::fcntl_getfl(&file)?;
    rustix::fs::fcntl_setfl(&file, flags - OFlags::NONBLOCK)?;
    Ok(file)
}

/// Writes a file that only the user can read.
pub fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    create(path)?.write_all(content)
}
