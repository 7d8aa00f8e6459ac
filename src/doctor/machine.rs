//! Edge: facts about directories, file systems and limits.
#![expect(clippy::disallowed_methods, reason = "looks at directories")]

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, StatVfsMountFlags, access, statvfs};
use rustix::process::{Resource, getrlimit};

use super::folder::{Facts, List};
use crate::files::{self, Grant};

/// The effective user of this process.
pub fn user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// The id of this process.
pub fn process() -> u32 {
    rustix::process::getpid().as_raw_pid().unsigned_abs()
}

/// True if something is at the path.
pub fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// The facts about a directory, which may not exist.
pub fn facts(path: &Path) -> io::Result<Facts> {
    let mut nearest = path;
    let metadata = loop {
        match (fs::metadata(nearest), nearest.parent()) {
            (Ok(metadata), _) => break metadata,
            (Err(error), Some(parent)) if error.kind() == io::ErrorKind::NotFound => {
                nearest = parent;
            }
            // A part of the path is a file.
            (Err(error), Some(parent)) if error.kind() == io::ErrorKind::NotADirectory => {
                nearest = parent;
            }
            (Err(error), _) => return Err(error),
        }
    };
    let system = statvfs(nearest).ok();
    let system = system.as_ref();
    Ok(Facts {
        nearest: nearest.to_owned(),
        exists: nearest == path,
        is_directory: metadata.is_dir(),
        uid: metadata.uid(),
        mode: metadata.mode(),
        list: list(nearest),
        is_writable: access(nearest, Access::WRITE_OK | Access::EXEC_OK).is_ok(),
        free: system.map(|system| system.f_bavail.saturating_mul(system.f_frsize)),
        // Some file systems, such as Btrfs, do not count files.
        is_out_of_files: system.is_some_and(|system| system.f_files > 0 && system.f_favail == 0),
        is_read_only: system
            .is_some_and(|system| system.f_flag.contains(StatVfsMountFlags::RDONLY)),
    })
}

/// The access control list of a directory. Root can write in any case.
fn list(directory: &Path) -> List {
    let access = files::Access::of_path(directory).ok();
    let Some(list) = access.and_then(|access| access.acl) else {
        return List::None;
    };
    let may_write =
        |grant: &Grant| ![Grant::User(user()), Grant::User(0), Grant::Group(0)].contains(grant);
    if list.group || list.others.iter().any(may_write) {
        List::Open
    } else {
        List::Closed
    }
}

/// The number of files that this process can open; `None` without a limit.
pub fn open_files() -> Option<u64> {
    getrlimit(Resource::Nofile).current
}

/// True if the files are the same, also through links.
pub fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| -> Option<PathBuf> { fs::canonicalize(path).ok() };
    one == other || real(one).is_some_and(|one| real(other) == Some(one))
}

/// The kernel and its version.
pub fn kernel() -> String {
    let system = rustix::system::uname();
    let (name, release) = (system.sysname(), system.release());
    format!("{} {}", name.to_string_lossy(), release.to_string_lossy())
}

/// The name of the distribution (os-release(5), `PRETTY_NAME`).
pub fn distribution() -> Option<String> {
    let text = text(Path::new("/etc/os-release"))?;
    let name = text
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
    Some(name.trim_matches('"').to_owned())
}

/// The content of a small file; `None` if it cannot be read.
pub fn text(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok()
}
