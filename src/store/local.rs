//! Layouts in the directories of projects, and the record of those that the user trusts.
//!
//! Such a file comes with a project, for example from a clone of its repository. So its commands run
//! only after the user has seen them, once for each content.
#![expect(clippy::disallowed_methods, reason = "looks for layouts of projects")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::Store;
use super::trust::{TrustError, check_writers};
use crate::files::replace::{New, replace};
use crate::files::{Access, Identity, private, read_regular};

/// The name of the file in the directory of a project.
pub const LOCAL: &str = ".i3pm-layout.yaml";

/// The result of a search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Local {
    /// The file.
    pub path: Option<PathBuf>,
    /// Files that are not used, because other users can write to their directory.
    pub ignored: Vec<(PathBuf, TrustError)>,
}

/// Finds the layout of a project: in this directory, else in the nearest parent that has one, up to the
/// home directory or `/`. Directories that other users own or can write to do not count, even if they
/// are sticky like `/tmp`.
pub fn find_local(directory: &Path, home: &Path) -> Local {
    let user = Identity::own();
    let mut found = Local::default();
    for folder in directory.ancestors() {
        let path = folder.join(LOCAL);
        if fs::symlink_metadata(&path).is_ok() {
            match trust_of_directory(folder, user) {
                Ok(()) => {
                    found.path = Some(path);
                    break;
                }
                Err(error) => found.ignored.push((path, error)),
            }
        }
        if folder == home {
            break;
        }
    }
    found
}

fn trust_of_directory(folder: &Path, user: Identity) -> Result<(), TrustError> {
    let Ok(access) = Access::of_path(folder) else {
        return Ok(());
    };
    if access.uid != user.uid && access.uid != super::trust::ROOT {
        return Err(TrustError::FolderOwner {
            path: folder.to_owned(),
            uid: access.uid,
        });
    }
    check_writers(folder, &access, user)
}

/// The hashes of trusted files, by their canonical paths.
type Trusted = BTreeMap<String, String>;

impl Store {
    fn trusted_file(&self) -> PathBuf {
        self.state.join("trusted.json")
    }

    fn trusted(&self) -> Trusted {
        // Without a record, the user is asked again.
        let bytes = read_regular(&self.trusted_file()).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// True if the user trusts a file with this content.
    pub fn is_trusted(&self, path: &Path, content: &[u8]) -> bool {
        self.trusted().get(&key(path)) == Some(&hash(content))
    }

    /// Records that the user trusts a file with this content, and no other content of it.
    pub fn trust(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        let mut trusted = self.trusted();
        trusted.retain(|path, _| Path::new(path).exists());
        trusted.insert(key(path), hash(content));
        private::ensure_folder(&self.state)?;
        let new = New {
            mode: 0o600,
            like: None,
            synced: false,
        };
        replace(&self.trusted_file(), &serde_json::to_vec(&trusted)?, new)
    }
}

fn key(path: &Path) -> String {
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    real.to_string_lossy().into_owned()
}

fn hash(content: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(content) {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn nearest_file_is_found_up_to_the_home_directory() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("home");
        let deep = home.join("a/b/c");
        fs::create_dir_all(&deep).unwrap();
        fs::write(folder.path().join(LOCAL), "").unwrap();
        assert_eq!(find_local(&deep, &home), Local::default());
        fs::write(home.join(LOCAL), "").unwrap();
        assert_eq!(find_local(&deep, &home).path, Some(home.join(LOCAL)));
        let near = home.join("a/b").join(LOCAL);
        fs::write(&near, "").unwrap();
        assert_eq!(find_local(&deep, &home).path, Some(near.clone()));
        // Others could put a file there, even into a sticky directory.
        for mode in [0o777, 0o1777, 0o775] {
            let permissions = fs::Permissions::from_mode(mode);
            fs::set_permissions(home.join("a/b"), permissions).unwrap();
            let found = find_local(&deep, &home);
            // The group of root is trusted.
            let counts = mode == 0o775 && rustix::process::geteuid().is_root();
            let expected = if counts {
                near.clone()
            } else {
                home.join(LOCAL)
            };
            if mode != 0o775 || counts {
                assert_eq!(found.path, Some(expected), "{mode:o}");
                assert_eq!(found.ignored.len(), usize::from(!counts), "{mode:o}");
            }
        }
    }

    #[test]
    fn hashes_are_sha_256() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash(b"abc"), expected);
    }
}
