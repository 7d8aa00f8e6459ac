//! The private directory for the temporary files of a run.
//!
//! i3 reads the layouts for `append_layout` from files. No other user may write to them.
#![expect(clippy::disallowed_methods, reason = "keeps the files of a run")]

use std::fs;
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
    /// Creates the directory, and checks that only this user can access it.
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
        let own = rustix::process::geteuid().as_raw();
        if !metadata.is_dir() || metadata.uid() != own || metadata.mode() & 0o022 != 0 {
            return Err(ApplyError::ForeignRuntime {
                path: root.to_owned(),
            });
        }
        Ok(Self {
            root: root.to_owned(),
        })
    }

    /// The directory without checks, for reading only.
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

    /// Writes the layouts that i3 will append; they are removed on drop.
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
            // The directory disappears at the end of the session anyway.
            let _ = fs::remove_file(file);
        }
    }
}

fn write_new(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text)
}
