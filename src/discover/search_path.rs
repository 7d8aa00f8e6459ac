//! Edge: programs in `PATH`.
#![expect(clippy::disallowed_methods, reason = "looks programs up in PATH")]

use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// The directories of `PATH`, and the programs found in them.
#[derive(Debug, Default)]
pub struct SearchPath {
    directories: Vec<PathBuf>,
    found: RefCell<HashMap<String, Option<PathBuf>>>,
}

impl SearchPath {
    /// Parses the value of `PATH`.
    pub fn new(path: &OsStr) -> Self {
        Self {
            // With an empty or relative directory, the program would depend on the
            // working directory.
            directories: std::env::split_paths(path)
                .filter(|directory| directory.is_absolute())
                .collect(),
            found: RefCell::default(),
        }
    }

    /// Returns the file of the program with this name.
    pub fn find(&self, name: &str) -> Option<PathBuf> {
        if name.is_empty() || name.contains('/') {
            return None;
        }
        let mut found = self.found.borrow_mut();
        let found = found.entry(name.to_owned()).or_insert_with(|| {
            let directories = self.directories.iter();
            let mut files = directories.map(|directory| directory.join(name));
            files.find(|file| is_program(file))
        });
        found.clone()
    }

    /// True if programs in this directory are found.
    pub fn has(&self, directory: &Path) -> bool {
        self.directories.iter().any(|one| one == directory)
    }

    /// True if `name` is the program in `file`, or one of them is a link to the other.
    pub fn is_named(&self, name: &str, file: &Path) -> bool {
        self.find(name).is_some_and(|found| {
            found == file
                || matches!(
                    (found.canonicalize(), file.canonicalize()),
                    (Ok(found), Ok(file)) if found == file
                )
        })
    }
}

/// True if the file is executable.
pub fn is_program(file: &Path) -> bool {
    file.metadata()
        .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

/// The maximum length of a script that only starts another program, in bytes.
const MAX_SCRIPT: u64 = 64 << 10;

/// Returns the text of a script, that is, of a file that begins with `#!`.
pub fn script(file: &Path) -> Option<String> {
    let mut file = File::open(file).ok()?.take(MAX_SCRIPT);
    let mut begin = [0; 2];
    file.read_exact(&mut begin).ok()?;
    if begin != *b"#!" {
        return None;
    }
    let mut text = begin.to_vec();
    file.read_to_end(&mut text).ok()?;
    Some(String::from_utf8_lossy(&text).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::fs;
    use std::os::unix::fs::symlink;

    #[test]
    fn other_files_are_not_scripts() {
        let root = tempfile::tempdir().unwrap();
        for (text, expected) in [
            ("#!/bin/sh\nx\n", Some("#!/bin/sh\nx\n")),
            ("#", None),
            ("\u{7f}ELF", None),
        ] {
            let file = root.path().join("file");
            fs::write(&file, text).unwrap();
            assert_eq!(script(&file).as_deref(), expected);
        }
        assert_eq!(script(&root.path().join("none")), None);
    }

    #[test]
    fn the_first_program_with_the_name_is_found() {
        let root = tempfile::tempdir().unwrap();
        for (file, mode) in [("a/edit", 0o644), ("b/edit", 0o755), ("c/edit", 0o755)] {
            let file = root.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, "").unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        }
        symlink(root.path().join("b"), root.path().join("link")).unwrap();
        let directories = ["a", "b", "c"].map(|name| root.path().join(name));
        let programs = SearchPath::new(&std::env::join_paths(directories).unwrap());
        assert_eq!(programs.find("edit"), Some(root.path().join("b/edit")));
        assert!(programs.is_named("edit", &root.path().join("b/edit")));
        assert!(programs.is_named("edit", &root.path().join("link/edit")));
        assert!(!programs.is_named("edit", &root.path().join("c/edit")));
        assert_eq!(programs.find("none"), None);
        assert_eq!(programs.find(""), None);
    }
}
