//! Writing, renaming and deleting layouts.
#![expect(clippy::disallowed_methods, reason = "writes layout files")]

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::Store;
use super::atomic::{folder_of, put, replace, sync_folder, through_links};
use super::backup::fingerprint;
use super::error::{Doing, StoreError};
use super::target::Target;

/// The result of writing a layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// A new file.
    Created(PathBuf),
    /// The file already had this content.
    Unchanged(PathBuf),
    /// The file was replaced.
    Replaced {
        /// The file.
        path: PathBuf,
        /// The backup with the old content.
        backup: PathBuf,
    },
    /// The layout went to standard output, a pipe or a device.
    Streamed,
}

impl Written {
    /// The file; `None` for standard output.
    pub fn path(&self) -> Option<&Path> {
        self.parts().1
    }

    /// The result in one word, the file and the backup.
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
    /// Writes a captured layout, unless the file was edited since the last capture or never
    /// captured. `force` overwrites these files, too.
    pub fn write_captured(
        &self,
        path: &Path,
        text: &str,
        force: bool,
    ) -> Result<Written, StoreError> {
        let path = through_links(path);
        if path.is_file() && !force {
            let present = fs::read(&path).doing("read", &path)?;
            if present != text.as_bytes() {
                match self.captured_fingerprint(&path) {
                    None => return Err(StoreError::NotCaptured { path }),
                    Some(captured) if captured != fingerprint(&present) => {
                        return Err(StoreError::Edited { path });
                    }
                    Some(_) => {}
                }
            }
        }
        let written = self.write(&path, text)?;
        if written != Written::Streamed {
            // Not synced: if a power cut takes the record, the layout only counts as edited.
            let record = self.state_file("captured", &path);
            put(
                &record,
                fingerprint(text.as_bytes()).as_bytes(),
                None,
                false,
            )?;
        }
        Ok(written)
    }

    /// Writes an updated layout. A file that was not edited since its capture does not count
    /// as edited afterwards.
    pub fn write_updated(&self, path: &Path, text: &str) -> Result<Written, StoreError> {
        let path = through_links(path);
        if fs::read(&path).is_ok_and(|present| self.is_as_captured(&path, &present)) {
            self.write_captured(&path, text, true)
        } else {
            self.write(&path, text)
        }
    }

    fn is_as_captured(&self, path: &Path, content: &[u8]) -> bool {
        self.captured_fingerprint(path) == Some(fingerprint(content))
    }

    /// The fingerprint of the content that `capture` wrote to this file; `None` if it never did.
    fn captured_fingerprint(&self, path: &Path) -> Option<String> {
        let record = fs::read_to_string(self.state_file("captured", path)).ok()?;
        Some(record.trim().to_owned())
    }

    /// Renames a layout of the store.
    pub fn rename(&self, from: &Target, to: &Target) -> Result<PathBuf, StoreError> {
        for target in [from, to] {
            if !matches!(target, Target::Named { .. }) {
                return Err(StoreError::NotNamed(target.to_string()));
            }
        }
        let old = self.find(from)?;
        let mut new = self.path(to).unwrap_or_default();
        let exists = |path| StoreError::Exists {
            name: to.to_string(),
            path,
        };
        if new.exists() {
            return Err(exists(new));
        }
        if let Some(extension) = old.extension() {
            new.set_extension(extension);
        }
        let folder = folder_of(&new);
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
            Err(rustix::io::Errno::EXIST) => return Err(exists(new)),
            // Some file systems do not support the flag.
            Err(rustix::io::Errno::INVAL) => fs::rename(&old, &new).doing("rename", &old)?,
            other => other.doing("rename", &old)?,
        }
        sync_folder(&new)?;
        // Without the record, the layout only counts as edited.
        let _ = fs::rename(old_record, self.state_file("captured", &new));
        self.remove_empty_project(&old);
        Ok(new)
    }

    /// Deletes a layout. Returns the backup with its content.
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

    /// Writes a file atomically, and keeps the old content as a backup.
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

    /// Writes a file that is not a layout, atomically and without a backup.
    pub fn export(&self, path: &Path, content: &[u8]) -> Result<(), StoreError> {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                let error = std::io::Error::from(std::io::ErrorKind::IsADirectory);
                Err(error).doing("write", path)
            }
            Ok(metadata) if !metadata.is_file() => {
                let mut file = OpenOptions::new()
                    .write(true)
                    .open(path)
                    .doing("write", path)?;
                file.write_all(content).doing("write", path)
            }
            found => replace(&through_links(path), content, found.ok().as_ref()),
        }
    }

    fn remove_empty_project(&self, path: &Path) {
        if let Some(folder) = path.parent()
            && folder.parent() == Some(&self.layouts)
        {
            // This fails if the folder is not empty.
            let _ = fs::remove_dir(folder);
        }
    }
}
