//! Backups of layouts, and the record of what `capture` wrote.
#![expect(clippy::disallowed_methods, reason = "writes backups")]

use std::fs;
use std::path::{Path, PathBuf};

use super::Store;
use super::atomic::{replace, through_links};
use super::error::StoreError;

/// How many earlier versions of a layout are kept.
pub(super) const BACKUPS: usize = 10;

impl Store {
    /// Keeps what a file holds, beside what it held before: `NAME.~1~`, `NAME.~2~` and so
    /// on, as cp(1) numbers them, the last ones of them. What was kept last is not kept
    /// twice.
    pub(super) fn back_up(&self, path: &Path, content: &[u8]) -> Result<PathBuf, StoreError> {
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
        replace(&backup, content, None)?;
        let many = (numbers.len() + 1).saturating_sub(BACKUPS);
        for old in numbers.into_iter().take(many) {
            // One too many is no trouble.
            let _ = fs::remove_file(numbered(old));
        }
        Ok(backup)
    }

    /// A file about another file: its whole path in one name, as editors do for
    /// their backups.
    pub(super) fn state_file(&self, kind: &str, path: &Path) -> PathBuf {
        /// File systems take 255 bytes; temporary endings come on top.
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

/// The numbers of the backups that there are.
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

/// Tells whether a file is the one that was written: FNV-1a with the length.
/// It guards against overwriting, not against attackers.
pub(super) fn fingerprint(bytes: &[u8]) -> String {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let hash = bytes.iter().fold(OFFSET, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(PRIME)
    });
    format!("{hash:016x}-{}", bytes.len())
}
