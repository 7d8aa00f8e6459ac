//! Writing, renaming and deleting layouts.
#![expect(clippy::disallowed_methods, reason = "writes layout files")]

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::Store;
use super::atomic::{
    create_folder, folder_of, put, put_with_mode, replace, sync_folder, through_links,
};
use super::backup::{BACKUPS, fingerprint};
use super::error::{Doing, StoreError};
use super::read::Opened;
use super::saved::{NotRecorded, Saved, Written};
use super::target::Target;
use super::versions::Version;
use crate::files::{output, read_regular};
use crate::layout::is_layout;

impl Store {
    /// Writes a captured layout, unless the file was edited since the last capture or never
    /// captured. `force` overwrites these files, too.
    pub fn write_captured(
        &self,
        path: &Path,
        text: &str,
        force: bool,
    ) -> Result<Saved, StoreError> {
        self.check_write(path)?;
        let path = through_links(path);
        let known = self.captured_fingerprints(&path);
        if path.is_file() {
            let bytes = fs::read(&path).doing("read", &path)?;
            let is_known = known.contains(&fingerprint(&bytes));
            if bytes != text.as_bytes() && !is_known && !force {
                return Err(if known.is_empty() {
                    StoreError::NotCaptured { path }
                } else {
                    StoreError::Edited { path }
                });
            }
        }
        let is_stream = fs::metadata(&path).is_ok_and(|metadata| !metadata.is_file());
        let recorded = if is_stream {
            Ok(())
        } else {
            self.record_captured(&path, text, known)
        };
        let written = self.write(&path, text)?;
        Ok(Saved::new(written, recorded.err().map(NotRecorded)))
    }

    /// Records the content that a file is about to get beside those that it has had, so that the file
    /// is known whenever this process is killed, and after `revert`.
    pub(super) fn record_captured(
        &self,
        path: &Path,
        text: &str,
        mut known: Vec<String>,
    ) -> Result<(), StoreError> {
        let record = self.state_file("captured", path);
        let new = fingerprint(text.as_bytes());
        known.retain(|one| *one != new);
        known.insert(0, new);
        // The new content, the present one, and the backups.
        known.truncate(BACKUPS + 2);
        // Not synced: if a power cut takes the record, the layout only counts as edited.
        put(&record, known.join("\n").as_bytes(), None, false)
    }

    /// Writes an updated layout. A file that was not edited since its capture does not count
    /// as edited afterwards.
    pub fn write_updated(&self, path: &Path, text: &str) -> Result<Saved, StoreError> {
        self.check_write(path)?;
        let path = through_links(path);
        if read_regular(&path).is_ok_and(|present| self.is_as_captured(&path, &present)) {
            self.write_captured(&path, text, true)
        } else {
            Ok(Saved::new(self.write(&path, text)?, None))
        }
    }

    fn is_as_captured(&self, path: &Path, content: &[u8]) -> bool {
        let known = self.captured_fingerprints(path);
        known.contains(&fingerprint(content))
    }

    /// The fingerprints of the contents that `capture` has written or was about to write to this
    /// file; none if it never wrote to it.
    fn captured_fingerprints(&self, path: &Path) -> Vec<String> {
        let record = read_regular(&self.state_file("captured", path)).unwrap_or_default();
        let record = String::from_utf8_lossy(&record);
        record.lines().map(|line| line.trim().to_owned()).collect()
    }

    /// Writes a copy of a layout to the store, in the same format. A copy of a file that was not
    /// edited since its capture does not count as edited either.
    pub fn copy(&self, from: &Opened, to: &Target) -> Result<PathBuf, StoreError> {
        if !matches!(to, Target::Named { .. }) {
            return Err(StoreError::NotNamed(to.to_string()));
        }
        let mut path = self.path(to).unwrap_or_default();
        self.check_writable(&path)?;
        if path.exists() {
            return Err(StoreError::Exists {
                name: to.to_string(),
                path,
            });
        }
        let old = from.path.as_deref();
        if let Some(extension) = old.and_then(Path::extension) {
            path.set_extension(extension);
        }
        if let Some(old) = old
            && self.is_as_captured(&through_links(old), &from.bytes)
        {
            self.record_captured(&path, &String::from_utf8_lossy(&from.bytes), Vec::new())?;
        }
        self.write_bytes(&path, &from.bytes, None)?;
        Ok(path)
    }

    /// Renames a layout of the store.
    pub fn rename(&self, from: &Target, to: &Target) -> Result<PathBuf, StoreError> {
        for target in [from, to] {
            if !matches!(target, Target::Named { .. }) {
                return Err(StoreError::NotNamed(target.to_string()));
            }
        }
        let old = self.find(from)?;
        self.check_writable(&old)?;
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
        create_folder(folder)?;
        if fs::symlink_metadata(&old).is_ok_and(|metadata| metadata.is_symlink()) {
            // A relative link would lead elsewhere from another folder.
            let real = fs::canonicalize(&old).doing("read", &old)?;
            std::os::unix::fs::symlink(real, &new).doing("write", &new)?;
            fs::remove_file(&old).doing("delete", &old)?;
            self.remove_empty_project(&old);
            return Ok(new);
        }
        let old_record = self.state_file("captured", &old);
        let old_backups = self.state_file("backups", &old);
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
        Self::move_backups(&old_backups, &self.state_file("backups", &new));
        self.remove_empty_project(&old);
        Ok(new)
    }

    /// Gives a file the content of an earlier version, and keeps the present content as a backup.
    pub fn revert(&self, path: &Path, version: &Version) -> Result<Written, StoreError> {
        self.check_writable(path)?;
        let like = fs::metadata(&version.backup).ok();
        let is_new = self.restore_link(path);
        let written = match self.write_bytes(path, &version.bytes, like.as_ref())? {
            Written::Unchanged(_) if is_new => Written::Created(path.to_owned()),
            written => written,
        };
        if matches!(written, Written::Created(_)) {
            // Without the record, the layout only counts as edited.
            let record = self.state_file("captured", path);
            let _ = fs::rename(of_deleted(&record), record);
        }
        Ok(written)
    }

    /// Creates the link again that a deleted layout was, if its file still exists. Then `revert` writes
    /// through it, as all other commands do. Returns true if the link was created.
    fn restore_link(&self, path: &Path) -> bool {
        let record = self.state_file_of_link("links", path);
        let Ok(target) = fs::read(&record) else {
            return false;
        };
        let target = PathBuf::from(OsString::from_vec(target));
        let folder = folder_of(path);
        let is_there = fs::metadata(folder.join(&target)).is_ok_and(|file| file.is_file());
        // Otherwise the layout becomes a plain file.
        let is_new = is_there
            && create_folder(folder).is_ok()
            && std::os::unix::fs::symlink(target, path).is_ok();
        let _ = fs::remove_file(&record);
        is_new
    }

    /// True if the user has made a file read-only. Replacing it would work, because that needs only
    /// the permission to write its folder.
    pub fn is_read_only(path: &Path) -> bool {
        const OWNER_WRITE: u32 = 0o200;
        fs::metadata(path).is_ok_and(|file| file.is_file() && file.mode() & OWNER_WRITE == 0)
    }

    /// Deletes a layout. Returns the backup with its content.
    pub fn delete(&self, target: &Target) -> Result<PathBuf, StoreError> {
        let path = self.find(target)?;
        self.check_writable(&path)?;
        let bytes = read_regular(&path).doing("read", &path)?;
        // `/dev/null` is read like an empty file.
        let is_file = fs::metadata(&path).is_ok_and(|file| file.is_file());
        // A layout of the store may have mistakes.
        let is_own = is_file && matches!(target, Target::Named { .. });
        if !is_own && !is_layout(&String::from_utf8_lossy(&bytes)) {
            return Err(StoreError::NotALayout { path });
        }
        let record = self.state_file("captured", &path);
        let metadata = fs::metadata(&path).ok();
        let link = fs::read_link(&path).ok();
        let base = if link.is_some() {
            self.state_file_of_link("backups", &path)
        } else {
            self.state_file("backups", &path)
        };
        let backup = Self::back_up(&base, &bytes, metadata.as_ref())?;
        if let Some(target) = link {
            // Without the record, `revert` creates a plain file.
            let record = self.state_file_of_link("links", &path);
            let _ = put(&record, target.as_os_str().as_bytes(), None, false);
        }
        fs::remove_file(&path).doing("delete", &path)?;
        sync_folder(&path)?;
        let _ = fs::rename(&record, of_deleted(&record));
        self.remove_empty_project(&path);
        Ok(backup)
    }

    /// Writes a file atomically, and keeps the old content as a backup.
    pub fn write(&self, path: &Path, text: &str) -> Result<Written, StoreError> {
        self.write_bytes(path, text.as_bytes(), None)
    }

    /// Refuses a file that must not be written. A device or a pipe has no earlier version.
    fn check_write(&self, path: &Path) -> Result<(), StoreError> {
        output::check(path).doing("write", path)?;
        match fs::metadata(path) {
            Ok(metadata) if !metadata.is_file() => Ok(()),
            _ => self.check_writable(path),
        }
    }

    /// As [`Self::write`]. A new file gets the permissions of `like`.
    fn write_bytes(
        &self,
        path: &Path,
        content: &[u8],
        like: Option<&fs::Metadata>,
    ) -> Result<Written, StoreError> {
        self.check_write(path)?;
        match fs::metadata(path) {
            Ok(metadata) if !metadata.is_file() => {
                // A device or a pipe such as /dev/stdout: it cannot be replaced.
                let mut file = output::open(path).doing("write", path)?;
                file.write_all(content).doing("write", path)?;
                Ok(Written::Streamed)
            }
            Ok(metadata) => {
                let path = through_links(path);
                let present = fs::read(&path).doing("read", &path)?;
                if present == content {
                    return Ok(Written::Unchanged(path));
                }
                let backup = Self::back_up(
                    &self.state_file("backups", &path),
                    &present,
                    Some(&metadata),
                )?;
                replace(&path, content, Some(&metadata))?;
                Ok(Written::Replaced { path, backup })
            }
            Err(_) => {
                let path = through_links(path);
                replace(&path, content, like)?;
                Ok(Written::Created(path))
            }
        }
    }

    /// Writes a file that is not a layout, atomically and without a backup.
    pub fn export(&self, path: &Path, content: &[u8]) -> Result<(), StoreError> {
        Self::export_by(path, content, |path, like| replace(path, content, like))
    }

    /// As [`Store::export`], but only the user can read the file.
    pub fn export_private(&self, path: &Path, content: &[u8]) -> Result<(), StoreError> {
        const PRIVATE: u32 = 0o600;
        Self::export_by(path, content, |path, _| {
            put_with_mode(path, content, None, true, PRIVATE)
        })
    }

    fn export_by(
        path: &Path,
        content: &[u8],
        write: impl FnOnce(&Path, Option<&fs::Metadata>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        output::check(path).doing("write", path)?;
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                let error = std::io::Error::from(std::io::ErrorKind::IsADirectory);
                Err(error).doing("write", path)
            }
            Ok(metadata) if !metadata.is_file() => {
                let mut file = output::open(path).doing("write", path)?;
                file.write_all(content).doing("write", path)
            }
            found => write(&through_links(path), found.ok().as_ref()),
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

/// The record of `capture` for a deleted layout.
fn of_deleted(record: &Path) -> PathBuf {
    let mut name = record.to_owned().into_os_string();
    name.push(".deleted");
    PathBuf::from(name)
}
