//! Writing, renaming and deleting layouts.
#![expect(clippy::disallowed_methods, reason = "writes layout files")]

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::Store;
use super::atomic::{put, replace, sync_folder, through_links};
use super::backup::fingerprint;
use super::error::{Doing, StoreError};
use super::target::Target;

/// What writing did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// There was no such file before.
    Created(PathBuf),
    /// The file had the same content already and was left alone.
    Unchanged(PathBuf),
    /// The file was replaced.
    Replaced {
        /// The file.
        path: PathBuf,
        /// Where its content before is.
        backup: PathBuf,
    },
    /// It went to standard output, a pipe or a device.
    Streamed,
}

impl Written {
    /// The file; `None` for standard output.
    pub fn path(&self) -> Option<&Path> {
        self.parts().1
    }

    /// In one word, the file, and where its content before is.
    pub fn parts(&self) -> (&'static str, Option<&Path>, Option<&Path>) {
        match self {
            Self::Created(path) => ("created", Some(path), None),
            Self::Unchanged(path) => ("unchanged", Some(path), None),
            Self::Replaced { path, backup } => ("replaced", Some(path), Some(backup)),
            Self::Streamed => ("streamed", None, None),
        }
    }
}

impl Store {
    /// Writes what was captured, unless someone edited the file since the last
    /// capture (or wrote it all themselves); `force` overwrites that too.
    pub fn write_captured(
        &self,
        path: &Path,
        text: &str,
        force: bool,
    ) -> Result<Written, StoreError> {
        let path = through_links(path);
        let record = self.state_file("captured", &path);
        if path.is_file() && !force {
            let present = fs::read(&path).doing("read", &path)?;
            let known = fs::read_to_string(&record).unwrap_or_default();
            if present != text.as_bytes() && known.trim() != fingerprint(&present) {
                return Err(StoreError::Edited { path });
            }
        }
        let written = self.write(&path, text)?;
        if written != Written::Streamed {
            // Not synced: after a power cut that takes it, the layout counts as edited,
            // which is the careful side.
            put(
                &record,
                fingerprint(text.as_bytes()).as_bytes(),
                None,
                false,
            )?;
        }
        Ok(written)
    }

    /// Writes a layout that keeps what its file said. A file that nobody has edited
    /// since its capture does not count as edited by this.
    pub fn write_updated(&self, path: &Path, text: &str) -> Result<Written, StoreError> {
        let path = through_links(path);
        let known = fs::read_to_string(self.state_file("captured", &path)).unwrap_or_default();
        if fs::read(&path).is_ok_and(|present| known.trim() == fingerprint(&present)) {
            self.write_captured(&path, text, true)
        } else {
            self.write(&path, text)
        }
    }

    /// Gives a layout of the store another name.
    pub fn rename(&self, from: &Target, to: &Target) -> Result<PathBuf, StoreError> {
        let old = self.named(from)?;
        if !matches!(to, Target::Named { .. }) {
            return Err(StoreError::NotNamed(to.to_string()));
        }
        if self.exists(to) {
            let path = self.path(to).unwrap_or_default();
            return Err(StoreError::Exists { path });
        }
        let ending = old.extension().unwrap_or_default().to_owned();
        let new = self
            .path(to)
            .unwrap_or_default()
            .with_extension_kept(&ending);
        let folder = new.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).doing("create", folder)?;
        if fs::symlink_metadata(&old).is_ok_and(|metadata| metadata.is_symlink()) {
            // A relative link would lead elsewhere from another folder.
            let real = fs::canonicalize(&old).doing("read", &old)?;
            std::os::unix::fs::symlink(real, &new).doing("write", &new)?;
            fs::remove_file(&old).doing("delete", &old)?;
            self.remove_empty_project(&old);
            return Ok(new);
        }
        let old_record = self.state_file("captured", &old);
        let flags = rustix::fs::RenameFlags::NOREPLACE;
        let here = rustix::fs::CWD;
        match rustix::fs::renameat_with(here, &old, here, &new, flags) {
            Err(rustix::io::Errno::EXIST) => return Err(StoreError::Exists { path: new }),
            // A file system that cannot promise it; it was looked for above.
            Err(rustix::io::Errno::INVAL) => fs::rename(&old, &new).doing("rename", &old)?,
            other => other.doing("rename", &old)?,
        }
        sync_folder(&new)?;
        // The record follows; without it the layout only counts as edited.
        let _ = fs::rename(old_record, self.state_file("captured", &new));
        self.remove_empty_project(&old);
        Ok(new)
    }

    /// Removes a layout; the result is where its content still is.
    pub fn delete(&self, target: &Target) -> Result<PathBuf, StoreError> {
        let path = self.find(target)?;
        let bytes = fs::read(&path).doing("read", &path)?;
        let record = self.state_file("captured", &path);
        let backup = self.back_up(&path, &bytes)?;
        fs::remove_file(&path).doing("delete", &path)?;
        sync_folder(&path)?;
        let _ = fs::remove_file(record);
        self.remove_empty_project(&path);
        Ok(backup)
    }

    fn named(&self, target: &Target) -> Result<PathBuf, StoreError> {
        match target {
            Target::Named { .. } => self.find(target),
            _ => Err(StoreError::NotNamed(target.to_string())),
        }
    }

    /// Writes a file atomically, and keeps what was there before as a backup.
    pub fn write(&self, path: &Path, text: &str) -> Result<Written, StoreError> {
        match fs::metadata(path) {
            Ok(metadata) if !metadata.is_file() => {
                // A device or a pipe such as /dev/stdout: it cannot be replaced.
                let mut file = OpenOptions::new()
                    .write(true)
                    .open(path)
                    .doing("write", path)?;
                file.write_all(text.as_bytes()).doing("write", path)?;
                Ok(Written::Streamed)
            }
            Ok(metadata) => {
                let path = through_links(path);
                let present = fs::read(&path).doing("read", &path)?;
                if present == text.as_bytes() {
                    return Ok(Written::Unchanged(path));
                }
                let backup = self.back_up(&path, &present)?;
                replace(&path, text.as_bytes(), Some(&metadata))?;
                Ok(Written::Replaced { path, backup })
            }
            Err(_) => {
                let path = through_links(path);
                replace(&path, text.as_bytes(), None)?;
                Ok(Written::Created(path))
            }
        }
    }

    fn remove_empty_project(&self, path: &Path) {
        if let Some(folder) = path.parent()
            && folder.parent() == Some(&self.layouts)
        {
            // Fails when there is something in it, which is right.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// The same path with the ending of another file, if that is one of a layout.
trait KeepExtension {
    fn with_extension_kept(self, ending: &std::ffi::OsStr) -> PathBuf;
}

impl KeepExtension for PathBuf {
    fn with_extension_kept(self, ending: &std::ffi::OsStr) -> PathBuf {
        if ending.is_empty() {
            self
        } else {
            self.with_extension(ending)
        }
    }
}
