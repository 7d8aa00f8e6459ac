//! Backups of layouts, and the record of what `capture` wrote.
#![expect(clippy::disallowed_methods, reason = "writes backups")]

use std::fs;
use std::path::{Path, PathBuf};

use super::Store;
use super::atomic::{replace, through_links};
use super::error::StoreError;

/// The number of backups of each layout.
pub(super) const BACKUPS: usize = 10;

impl Store {
    /// Adds a backup of a file, unless the last backup has the same content, and deletes the
    /// oldest ones. Backups are numbered as by cp(1): `NAME.~1~`, `NAME.~2~` and so on. They have the
    /// owner and the permissions of `like`, the file.
    pub(super) fn back_up(
        &self,
        path: &Path,
        content: &[u8],
        like: Option<&fs::Metadata>,
    ) -> Result<PathBuf, StoreError> {
        let base = self.state_file("backups", path);
        let numbered = |number: u64| {
            let mut name = base.clone().into_os_string();
            name.push(format!(".~{number}~"));
            PathBuf::from(name)
        };
        let mut numbers = numbers_of(&base);
        numbers.sort_unstable();
        let last = numbers.last().copied().unwrap_or_default();
        if fs::read(numbered(last)).is_ok_and(|kept| kept == content) {
            return Ok(numbered(last));
        }
        let backup = numbered(last + 1);
        replace(&backup, content, like)?;
        let many = (numbers.len() + 1).saturating_sub(BACKUPS);
        for old in numbers.into_iter().take(many) {
            // An additional backup does no harm.
            let _ = fs::remove_file(numbered(old));
        }
        Ok(backup)
    }

    /// A file with information about another file. Its name is the path of the other file,
    /// as editors name their backups.
    pub(super) fn state_file(&self, kind: &str, path: &Path) -> PathBuf {
        /// File systems allow 255 bytes, including the suffix of a temporary file.
        const LONGEST: usize = 200;
        let absolute = std::path::absolute(through_links(path)).unwrap_or_else(|_| path.to_owned());
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

/// The numbers of the existing backups.
fn numbers_of(base: &Path) -> Vec<u64> {
    let name = base.file_name().and_then(|name| name.to_str());
    let entries = base.parent().and_then(|folder| fs::read_dir(folder).ok());
    let names = entries.into_iter().flatten().flatten();
    names
        .filter_map(|entry| {
            let entry = entry.file_name();
            let number = entry.to_str()?.strip_prefix(name?)?;
            number.strip_prefix(".~")?.strip_suffix('~')?.parse().ok()
        })
        .collect()
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
