//! Writing to a path that the user has named.
#![expect(
    clippy::disallowed_methods,
    reason = "looks at files, and the wait has a limit"
)]

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::OFlags;
use rustix::io::Errno;

use super::open::{bits, is_anonymous, is_descriptor};

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

/// The time that a program gets to open the other end of a named pipe.
const PATIENCE: Duration = Duration::from_secs(2);

/// The time between two attempts.
const INTERVAL: Duration = Duration::from_millis(20);

/// Nothing reads from a named pipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no program reads from this named pipe")]
pub struct NoReader;

impl NoReader {
    /// True if this is the reason of an error of this module.
    pub fn is_in(error: &io::Error) -> bool {
        matches!(error.get_ref(), Some(source) if source.is::<Self>())
    }
}

/// Opens a pipe or a device for writing, such as `/dev/stdout`; see [`check`]. Waits only a moment for
/// the reader of a named pipe.
pub fn open(path: &Path) -> io::Result<File> {
    check(path)?;
    let is_pipe = fs::metadata(path)?.file_type().is_fifo();
    let mut options = OpenOptions::new();
    options.write(true);
    if !is_pipe || is_descriptor(path) || is_anonymous(path) {
        return options.open(path);
    }
    options.custom_flags(bits(OFlags::NONBLOCK));
    let deadline = Instant::now() + PATIENCE;
    let file = loop {
        match options.open(path) {
            Err(error) if error.raw_os_error() == Some(Errno::NXIO.raw_os_error()) => {
                if Instant::now() >= deadline {
                    return Err(io::Error::other(NoReader));
                }
                thread::sleep(INTERVAL);
            }
            opened => break opened?,
        }
    };
    let flags = rustix::fs::fcntl_getfl(&file)?;
    rustix::fs::fcntl_setfl(&file, flags - OFlags::NONBLOCK)?;
    Ok(file)
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
