//! The private folder of a nested desktop.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use super::left_over;
use crate::files::private;
use crate::nested::NestedError;
use crate::nested::environment::Places;

/// The begin of its name, before the id of the process.
const PREFIX: &str = "nested-";

/// The longest path of a socket in bytes, without the final zero (unix(7), `sun_path`).
const LONGEST_SOCKET: usize = 107;

/// A folder that is removed when it is dropped.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Creates the folder of this process below the directory for the files of a run. Removes the
    /// folders of processes that were killed, and ends what they had started.
    pub fn create(runtime: &Path) -> Result<Self, NestedError> {
        let path = runtime.join(format!("{PREFIX}{}", std::process::id()));
        let failed = |source| NestedError::Files {
            path: path.clone(),
            source,
        };
        let socket = Places::i3_socket(&path).as_os_str().len();
        if socket > LONGEST_SOCKET {
            return Err(NestedError::LongPath {
                path: runtime.to_owned(),
                excess: socket - LONGEST_SOCKET,
            });
        }
        private::ensure_folder(runtime).map_err(failed)?;
        remove_left_over(runtime);
        private::ensure_folder(&path).map_err(failed)?;
        Ok(Self(path))
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file in it.
    pub fn write(&self, name: &str, content: &[u8]) -> Result<PathBuf, NestedError> {
        let path = self.0.join(name);
        match private::write(&path, content) {
            Ok(()) => Ok(path),
            Err(source) => Err(NestedError::Files { path, source }),
        }
    }

    /// Creates a folder.
    pub(super) fn create_inside(path: &Path) -> Result<(), NestedError> {
        private::ensure_folder(path).map_err(|source| NestedError::Files {
            path: path.to_owned(),
            source,
        })
    }

    /// Makes a command: a link to a program.
    pub(super) fn link(path: &Path, program: &Path) -> Result<(), NestedError> {
        symlink(program, path).map_err(|source| NestedError::Files {
            path: path.to_owned(),
            source,
        })
    }

    /// Makes a command: a script.
    pub(super) fn script(path: &Path, text: &str) -> Result<(), NestedError> {
        let written = private::write(path, text.as_bytes())
            .and_then(|()| fs::set_permissions(path, fs::Permissions::from_mode(0o700)));
        written.map_err(|source| NestedError::Files {
            path: path.to_owned(),
            source,
        })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A program that has just ended may still have written something.
        for _ in 0..3 {
            match fs::remove_dir_all(&self.0) {
                Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {}
                _ => break,
            }
        }
    }
}

fn remove_left_over(runtime: &Path) {
    for entry in fs::read_dir(runtime).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let pid = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
        let pid: Option<u32> = pid.and_then(|pid| pid.parse().ok());
        // An id may have been reused; then the folder stays until the next time. If it is that of this
        // process, the folder is needed.
        let has_ended =
            |pid| pid == std::process::id() || !Path::new(&format!("/proc/{pid}")).exists();
        if pid.is_some_and(has_ended) {
            left_over::remove(&entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_of_an_ended_process_with_the_same_id_is_replaced() {
        let runtime = tempfile::tempdir().unwrap();
        let runtime = fs::canonicalize(runtime.path()).unwrap();
        let path = runtime.join(format!("{PREFIX}{}", std::process::id()));
        fs::create_dir_all(path.join("bin/i3pm-layout")).unwrap();
        let folder = Folder::create(&runtime).unwrap();
        assert_eq!(folder.path(), path);
        assert_eq!(fs::read_dir(&path).unwrap().count(), 0);
        drop(folder);
        assert!(!path.exists());
    }

    #[test]
    fn path_that_is_too_long_for_sockets_is_refused() {
        let runtime = Path::new("/tmp").join("x".repeat(90));
        let error = Folder::create(&runtime).unwrap_err();
        assert!(error.to_string().contains("is too long"), "{error}");
    }
}
