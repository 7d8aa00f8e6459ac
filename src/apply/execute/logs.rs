//! The folders with the output of programs, one for each layout.
#![expect(clippy::disallowed_methods, reason = "removes logs")]

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use crate::files::{private, read_regular};

/// The file in a folder with the path of the layout.
const LAYOUT: &str = ".layout";

/// Folders are called `NAME` or `PROJECT/NAME`.
const DEPTH: usize = 2;

/// Creates the folder of a layout, and removes the folders of layouts whose file is gone. A folder that
/// cannot be written or removed does no harm.
pub(super) fn prepare(logs: &Path, name: &str, layout: Option<&Path>) {
    let folder = logs.join(name);
    if let Some(layout) = layout.and_then(|layout| std::path::absolute(layout).ok()) {
        let path = layout.as_os_str().as_bytes();
        let _ = private::create_folder(&folder);
        let _ = private::write(&folder.join(LAYOUT), path);
    }
    remove_old(logs, &folder, DEPTH);
}

fn remove_old(within: &Path, current: &Path, depth: usize) {
    for entry in fs::read_dir(within).into_iter().flatten().flatten() {
        let folder = entry.path();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if depth == 0 || !is_folder || folder == current {
            continue;
        }
        if let Ok(layout) = read_regular(&folder.join(LAYOUT)) {
            let layout = PathBuf::from(OsString::from_vec(layout));
            if fs::symlink_metadata(layout).is_err() {
                let _ = fs::remove_dir_all(&folder);
            }
        } else {
            remove_old(&folder, current, depth - 1);
            // The last layout of a project.
            let _ = fs::remove_dir(&folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logs_of_layouts_that_are_gone_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["a.yaml", "b.yaml", "c.yaml"] {
            fs::write(at(name), "").unwrap();
        }
        let logs = at("log");
        for (name, file) in [("a", "a.yaml"), ("p/b", "b.yaml"), ("p/c", "c.yaml")] {
            prepare(&logs, name, Some(&at(file)));
            fs::write(logs.join(name).join("x.log"), "").unwrap();
        }
        // The folder of another version.
        fs::create_dir(logs.join("old")).unwrap();
        fs::write(logs.join("old/x.log"), "").unwrap();
        fs::remove_file(at("a.yaml")).unwrap();
        fs::remove_file(at("b.yaml")).unwrap();
        prepare(&logs, "stdin", None);
        let is_there = |name: &str| logs.join(name).join("x.log").exists();
        assert_eq!(
            ["a", "p/b", "p/c", "old"].map(is_there),
            [false, false, true, true]
        );
        fs::remove_file(at("c.yaml")).unwrap();
        prepare(&logs, "stdin", None);
        assert!(!logs.join("p").exists());
    }
}
