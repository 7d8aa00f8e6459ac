//! The private directory for files that live as long as a run.
//!
//! i3 reads `append_layout` files itself, so they have to be files, and nobody
//! else may write them.
#![expect(clippy::disallowed_methods, reason = "keeps the files of a run")]

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::ApplyError;

/// The directory, `$XDG_RUNTIME_DIR/i3pm-layout`.
#[derive(Clone, Debug)]
pub(super) struct Runtime {
    root: PathBuf,
}

impl Runtime {
    /// Makes the directory, and sees that it is ours alone.
    pub(super) fn open(root: &Path) -> Result<Self, ApplyError> {
        let failed = |source| ApplyError::Runtime {
            path: root.to_owned(),
            source,
        };
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(root)
            .map_err(failed)?;
        let metadata = fs::symlink_metadata(root).map_err(failed)?;
        let ours = rustix::process::geteuid().as_raw();
        if !metadata.is_dir() || metadata.uid() != ours || metadata.mode() & 0o022 != 0 {
            return Err(ApplyError::ForeignRuntime {
                path: root.to_owned(),
            });
        }
        Ok(Self {
            root: root.to_owned(),
        })
    }

    /// The directory as it may be, for reading only.
    pub(super) fn unchecked(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// A path in the directory.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// The name of a file that belongs to a display.
    pub(super) fn name_for_display(what: &str, display: &str, ending: &str) -> String {
        let safe = |letter: char| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '_'
            }
        };
        let display: String = display.chars().map(safe).collect();
        format!("{what}-{display}.{ending}")
    }

    /// Writes a file into the directory.
    pub(super) fn write(&self, name: &str, text: &[u8]) -> Result<(), ApplyError> {
        let path = self.path(name);
        write_new(&path, text).map_err(|source| ApplyError::Runtime { path, source })
    }

    /// Writes the layouts that i3 is to append; they are removed on drop.
    pub(super) fn write_layouts(&self, documents: &[&Value]) -> Result<Layouts, ApplyError> {
        let mut layouts = Layouts { files: Vec::new() };
        for (position, document) in documents.iter().enumerate() {
            let path = self.path(&format!("append-{}-{position}.json", std::process::id()));
            let written = write_new(&path, document.to_string().as_bytes());
            layouts.files.push(path.clone());
            written.map_err(|source| ApplyError::Runtime { path, source })?;
        }
        Ok(layouts)
    }
}

/// Files that are removed on drop.
#[derive(Debug)]
pub(super) struct Layouts {
    pub(super) files: Vec<PathBuf>,
}

impl Drop for Layouts {
    fn drop(&mut self) {
        for file in &self.files {
            // The directory goes with the session anyway.
            let _ = fs::remove_file(file);
        }
    }
}

fn write_new(path: &Path, text: &[u8]) -> io::Result<()> {
    create_private(path)?.write_all(text)
}

/// Creates or empties a file that only the user can read.
pub(super) fn create_private(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    let options = options.write(true).create(true).truncate(true);
    options.mode(0o600).open(path)
}
