//! The private folder of a nested desktop.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use super::left_over;
use crate::files::private;
use crate::nested::NestedError;

/// The begin of its name, before the id of the process.
const PREFIX: &str = "nested-";

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
        // An id may have been reused; then the folder stays until the next time.
        if pid.is_some_and(|pid| !Path::new(&format!("/proc/{pid}")).exists()) {
            left_over::remove(&entry.path());
        }
    }
}
