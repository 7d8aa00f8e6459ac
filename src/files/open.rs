//! Opening files for reading. Nothing here waits for a named pipe or a device.
#![expect(clippy::disallowed_methods, reason = "opens files")]

use std::fs::{self, File, FileType, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use rustix::fs::OFlags;
use rustix::io::Errno;

/// Something that is read or written as a file, but is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAFile {
    /// A named pipe, which waits for another process.
    #[error("a named pipe")]
    Pipe,
    /// A socket.
    #[error("a socket")]
    Socket,
    /// A device.
    #[error("a device")]
    Device,
}

impl NotAFile {
    fn of(kind: FileType) -> Option<Self> {
        if kind.is_fifo() {
            Some(Self::Pipe)
        } else if kind.is_socket() {
            Some(Self::Socket)
        } else if kind.is_char_device() || kind.is_block_device() {
            Some(Self::Device)
        } else {
            None
        }
    }

    /// The reason in an error of this module.
    pub fn in_error(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }
}

/// Refuses everything but a file and `/dev/null`, which people use for an empty file.
pub(super) fn check(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_dir() {
        return Err(Errno::ISDIR.into());
    }
    match NotAFile::of(metadata.file_type()) {
        Some(NotAFile::Device) if is_null(metadata) => Ok(()),
        Some(kind) => Err(io::Error::other(kind)),
        None => Ok(()),
    }
}

fn is_null(metadata: &Metadata) -> bool {
    // Its numbers on Linux (null(4)).
    metadata.file_type().is_char_device() && metadata.rdev() == rustix::fs::makedev(1, 3)
}

/// Opens a file for reading. Refuses pipes, sockets and devices at once.
pub fn open_regular(path: &Path) -> io::Result<File> {
    // Looks first, because opening some devices has an effect.
    check(&fs::metadata(path)?)?;
    let file = open_at_once(path)?;
    check(&file.metadata()?)?;
    Ok(file)
}

/// Reads a file; see [`open_regular`].
pub fn read_regular(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_regular(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Opens a file for reading that the user has named. It may also be a pipe that the shell passes,
/// such as `/dev/stdin` or the `/dev/fd/63` of `<(command)`, but not a pipe in a folder: if no process
/// writes to it, reading would wait without end.
pub fn open_input(path: &Path) -> io::Result<File> {
    let metadata = fs::metadata(path)?;
    let is_passed = is_descriptor(path) || metadata.file_type().is_fifo() && is_anonymous(path);
    if !is_passed || metadata.is_dir() {
        return open_regular(path);
    }
    if metadata.file_type().is_socket() {
        return Err(io::Error::other(NotAFile::Socket));
    }
    let file = open_at_once(path)?;
    let flags = rustix::fs::fcntl_getfl(&file)?;
    rustix::fs::fcntl_setfl(&file, flags - OFlags::NONBLOCK)?;
    Ok(file)
}

/// True if the path names an open file of this process.
pub(super) fn is_descriptor(path: &Path) -> bool {
    let folders = ["/dev/fd", "/proc/self/fd", "/proc/thread-self/fd"];
    path == Path::new("/dev/stdin")
        || path == Path::new("/dev/stdout")
        || path == Path::new("/dev/stderr")
        || folders
            .iter()
            .any(|folder| path.parent() == Some(Path::new(folder)))
}

/// True if a pipe is in no folder, so that it was passed by another process.
pub(super) fn is_anonymous(path: &Path) -> bool {
    /// `PIPEFS_MAGIC` (statfs(2)).
    const PIPES: u32 = 0x5049_5045;
    rustix::fs::statfs(path).is_ok_and(|system| u32::try_from(system.f_type) == Ok(PIPES))
}

/// Opens a file without waiting for a process at the other end of a pipe.
fn open_at_once(path: &Path) -> io::Result<File> {
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(bits(flags)).open(path)
}

/// The flags for [`OpenOptionsExt::custom_flags`].
pub(super) fn bits(flags: OFlags) -> i32 {
    flags.bits().cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::os::unix::net::UnixListener;

    use rustix::fs::{CWD, FileType as Kind, Mode, mknodat};

    #[test]
    fn only_files_are_opened() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), "x").unwrap();
        mknodat(CWD, at("pipe"), Kind::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
        let _listener = UnixListener::bind(at("socket")).unwrap();
        std::os::unix::fs::symlink(at("pipe"), at("link")).unwrap();
        assert_eq!(read_regular(&at("file")).unwrap(), b"x");
        assert_eq!(read_regular(Path::new("/dev/null")).unwrap(), b"");
        for open in [open_regular, open_input] {
            for (path, kind) in [
                (at("pipe"), NotAFile::Pipe),
                (at("link"), NotAFile::Pipe),
                (at("socket"), NotAFile::Socket),
                ("/dev/zero".into(), NotAFile::Device),
            ] {
                let error = open(&path).unwrap_err();
                assert_eq!(NotAFile::in_error(&error), Some(kind), "{path:?}");
            }
            let error = open(folder.path()).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::IsADirectory);
        }
    }

    #[test]
    fn pipes_that_were_passed_are_opened() {
        use std::io::Write as _;
        use std::os::fd::AsRawFd as _;

        let (reader, mut writer) = io::pipe().unwrap();
        let path = format!("/proc/self/fd/{}", reader.as_raw_fd());
        let mut file = open_input(Path::new(&path)).unwrap();
        let reading = std::thread::spawn(move || {
            let mut text = String::new();
            file.read_to_string(&mut text).map(|_| text)
        });
        writer.write_all(b"late").unwrap();
        drop(writer);
        assert_eq!(reading.join().unwrap().unwrap(), "late");
    }
}
