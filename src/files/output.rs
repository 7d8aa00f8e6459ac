//! Writing to a path that the user has named.
#![expect(clippy::disallowed_methods, reason = "looks at files")]

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::Path;

use super::open::{is_anonymous, is_descriptor};

/// A link or a named pipe that another user has put at a path, for example in `/tmp`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("another user (uid {uid}) has put {what} there")]
pub struct Planted {
    /// `a symbolic link` or `a named pipe`.
    pub what: &'static str,
    /// The user.
    pub uid: u32,
}

impl Planted {
    /// The reason in an error of this module.
    pub fn in_error(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }
}

/// Refuses a path where another user has put a link or a named pipe. As the kernel does for links in
/// sticky folders (proc(5), `protected_symlinks`), a link of the folder's owner is accepted; so are links
/// of root. The user's own links may lead anywhere.
pub fn check(path: &Path) -> io::Result<()> {
    let Ok(metadata) = fs::symlink_metadata(path) else {
        return Ok(());
    };
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let own = rustix::process::geteuid().as_raw();
    let folder = fs::metadata(folder).ok().map(|folder| folder.uid());
    decide(what(&metadata), metadata.uid(), folder, own)?;
    match fs::metadata(path) {
        // A pipe that was passed, such as `/dev/stdout`, may belong to anybody.
        Ok(target) if !is_descriptor(path) && !is_anonymous(path) => {
            decide(what(&target), target.uid(), None, own)
        }
        _ => Ok(()),
    }
}

/// The kind of a file that must not belong to another user.
fn what(metadata: &Metadata) -> Option<&'static str> {
    let kind = metadata.file_type();
    if kind.is_symlink() {
        Some(LINK)
    } else if kind.is_fifo() {
        Some("a named pipe")
    } else {
        None
    }
}

const LINK: &str = "a symbolic link";

/// Decides about a file of the user `uid` in a folder of the user `folder`.
fn decide(what: Option<&'static str>, uid: u32, folder: Option<u32>, own: u32) -> io::Result<()> {
    const ROOT: u32 = 0;
    match what {
        Some(what) if uid != own && uid != ROOT && !(what == LINK && folder == Some(uid)) => {
            Err(io::Error::other(Planted { what, uid }))
        }
        _ => Ok(()),
    }
}

/// Opens a pipe or a device for writing, such as `/dev/stdout`; see [`check`].
pub fn open(path: &Path) -> io::Result<File> {
    check(path)?;
    OpenOptions::new().write(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_links_and_pipes_are_followed() {
        const PIPE: &str = "a named pipe";
        for (what, uid, folder, followed) in [
            (Some(LINK), 1000, Some(0), true),
            (Some(LINK), 0, Some(0), true),
            (Some(LINK), 1001, Some(0), false),
            (Some(LINK), 1001, Some(1000), false),
            // The folder of another user.
            (Some(LINK), 1001, Some(1001), true),
            (Some(PIPE), 1000, Some(0), true),
            (Some(PIPE), 1001, Some(1001), false),
            (None, 1001, Some(0), true),
        ] {
            let decided = decide(what, uid, folder, 1000);
            assert_eq!(decided.is_ok(), followed, "{what:?} {uid} {folder:?}");
        }
    }
}
