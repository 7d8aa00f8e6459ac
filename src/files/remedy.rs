//! The next step after the system has refused an operation on a file. Pure.

use std::io::{self, ErrorKind};
use std::path::Path;

use crate::text::path::quoted;

/// The next step, if the error alone tells it, whatever the file is for. `path` is the file.
pub fn remedy(path: &Path, error: &io::Error) -> Option<String> {
    // The file itself may not exist.
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let folder = quoted(folder);
    match error.kind() {
        ErrorKind::StorageFull => Some(format!(
            "free some space: run `df -h {folder}` and `df -i {folder}`"
        )),
        ErrorKind::QuotaExceeded => {
            Some("free some space: run `quota -s` to see your limits".to_owned())
        }
        ErrorKind::ReadOnlyFilesystem => Some(format!(
            "the file system is read-only: run `findmnt -T {folder}` to find it, then \
             `sudo mount -o remount,rw` with its TARGET"
        )),
        ErrorKind::IsADirectory => {
            let path = quoted(path);
            Some(format!(
                "a directory has the name of the file: run `mv -n {path} {path}.old`"
            ))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_have_their_own_remedies() {
        for (kind, expected) in [
            (ErrorKind::StorageFull, Some("`df -h '/a b'`")),
            (ErrorKind::QuotaExceeded, Some("`quota -s`")),
            (ErrorKind::ReadOnlyFilesystem, Some("`findmnt -T '/a b'`")),
            (
                ErrorKind::IsADirectory,
                Some("`mv -n '/a b/c' '/a b/c'.old`"),
            ),
            (ErrorKind::PermissionDenied, None),
        ] {
            let found = remedy(Path::new("/a b/c"), &kind.into());
            let is_expected = match (&found, expected) {
                (Some(found), Some(expected)) => found.contains(expected),
                (found, expected) => found.is_none() && expected.is_none(),
            };
            assert!(is_expected, "{kind}: {found:?}");
        }
        let full = remedy(Path::new("c"), &ErrorKind::StorageFull.into());
        assert!(full.is_some_and(|full| full.contains("`df -h .`")));
    }
}
