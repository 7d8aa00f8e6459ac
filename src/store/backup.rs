//! Backups of layouts, and the record of what `capture` wrote.
#![expect(clippy::disallowed_methods, reason = "writes backups")]

use std::fs;
use std::path::{Path, PathBuf};

use super::Store;
use super::atomic::{replace, through_links};
use super::error::StoreError;
use crate::files::read_regular;

/// The number of backups of each layout.
pub(super) const BACKUPS: usize = 10;

impl Store {
    /// Adds a backup of a file, unless the last backup has the same content, and deletes the
    /// oldest ones. Backups are numbered as by cp(1): `NAME.~1~`, `NAME.~2~` and so on. They have the
    /// owner and the permissions of `like`, the file. `base` is the path of [`Self::state_file`].
    pub(super) fn back_up(
        base: &Path,
        content: &[u8],
        like: Option<&fs::Metadata>,
    ) -> Result<PathBuf, StoreError> {
        let last = numbers_of(base).last().copied().unwrap_or_default();
        if read_regular(&numbered(base, last)).is_ok_and(|kept| kept == content) {
            return Ok(numbered(base, last));
        }
        let backup = numbered(base, last + 1);
        replace(&backup, content, like)?;
        remove_oldest(base);
        Ok(backup)
    }

    /// Moves the backups of a renamed file after those of its new name. `old` and `new` are the
    /// paths of [`Self::state_file`].
    pub(super) fn move_backups(old: &Path, new: &Path) {
        let last = numbers_of(new).last().copied().unwrap_or_default();
        for (number, later) in numbers_of(old).into_iter().zip(last + 1..) {
            // A backup that stays is still listed under the old name.
            let _ = fs::rename(numbered(old, number), numbered(new, later));
        }
        remove_oldest(new);
    }

    /// A file with information about another file. Its name is the path of the other file,
    /// as editors name their backups.
    pub(super) fn state_file(&self, kind: &str, path: &Path) -> PathBuf {
        self.state_file_of(kind, &through_links(path))
    }

    /// As [`Self::state_file`], but of a symbolic link itself. It is that of the path after the link
    /// was deleted.
    pub(super) fn state_file_of_link(&self, kind: &str, link: &Path) -> PathBuf {
        let folder = link.parent().map(through_links).unwrap_or_default();
        self.state_file_of(kind, &folder.join(link.file_name().unwrap_or_default()))
    }

    fn state_file_of(&self, kind: &str, path: &Path) -> PathBuf {
        /// File systems allow 255 bytes, including the suffix of a temporary file.
        const LONGEST: usize = 200;
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let mut name = absolute
            .to_string_lossy()
            .replace('%', "%%")
            .replace('/', "%");
        if name.len() > LONGEST {
            name = fingerprint(name.as_bytes());
        }
        self.state.join(kind).join(name)
    }
}

/// The file of a backup.
pub(super) fn numbered(base: &Path, number: u64) -> PathBuf {
    let mut name = base.to_owned().into_os_string();
    name.push(format!(".~{number}~"));
    PathBuf::from(name)
}

/// Deletes all but the newest backups.
fn remove_oldest(base: &Path) {
    let numbers = numbers_of(base);
    let many = numbers.len().saturating_sub(BACKUPS);
    for old in numbers.into_iter().take(many) {
        // An additional backup does no harm.
        let _ = fs::remove_file(numbered(base, old));
    }
}

/// The numbers of the existing backups, ascending.
pub(super) fn numbers_of(base: &Path) -> Vec<u64> {
    let name = base.file_name().and_then(|name| name.to_str());
    let entries = base.parent().and_then(|folder| fs::read_dir(folder).ok());
    let names = entries.into_iter().flatten().flatten();
    let numbers = names.filter_map(|entry| {
        let entry = entry.file_name();
        let (base, number) = split(entry.to_str()?)?;
        (Some(base) == name).then_some(number)
    });
    let mut numbers: Vec<u64> = numbers.collect();
    numbers.sort_unstable();
    numbers
}

/// The name of the file that a backup is of, as [`Store::state_file`] gives it, and the number.
pub(super) fn split(backup: &str) -> Option<(&str, u64)> {
    let (base, number) = backup.strip_suffix('~')?.rsplit_once(".~")?;
    Some((base, number.parse().ok()?))
}

/// A hash that identifies the content of a file: FNV-1a and the length. It protects edited
/// files from being overwritten, and is not secure against attackers.
pub(super) fn fingerprint(bytes: &[u8]) -> String {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let hash = bytes.iter().fold(OFFSET, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(PRIME)
    });
    format!("{hash:016x}-{}", bytes.len())
}
