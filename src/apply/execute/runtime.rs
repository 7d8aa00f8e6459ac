//! The private directory for the temporary files of a run.
//!
//! i3 reads the layouts for `append_layout` from files. No other user may write to them.
#![expect(clippy::disallowed_methods, reason = "keeps the files of a run")]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::apply::ApplyError;
use crate::files::private::{self, Foreign};
use crate::files::replace::remove_numbered_leftovers;

/// The files with the layouts that i3 appends.
const APPENDED: &str = "append";

/// The files with layouts about the previous workspace.
const PREVIOUS: &str = "previous";

/// The directory, `$XDG_RUNTIME_DIR/i3pm-layout`.
#[derive(Clone, Debug)]
pub(in crate::apply) struct Runtime {
    root: PathBuf,
    display: String,
}

impl Runtime {
    /// Creates the directory, and checks that only this user can access it.
    pub(in crate::apply) fn open(root: &Path, display: &str) -> Result<Self, ApplyError> {
        let failed = |source| ApplyError::Runtime {
            path: root.to_owned(),
            source,
        };
        private::ensure_folder(root).map_err(|error| {
            if Foreign::is_in(&error) {
                let path = root.to_owned();
                return ApplyError::ForeignRuntime { path };
            }
            failed(error)
        })?;
        // A killed process could not remove its files.
        remove_numbered_leftovers(root, &[APPENDED, PREVIOUS]);
        Ok(Self::unchecked(root, display))
    }

    /// The directory without checks, for reading only.
    pub(in crate::apply) fn unchecked(root: &Path, display: &str) -> Self {
        Self {
            root: root.to_owned(),
            display: display.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_"),
        }
    }

    /// A file that belongs to the display.
    pub(in crate::apply) fn file(&self, what: &str, ending: &str) -> PathBuf {
        self.root.join(format!("{what}-{}.{ending}", self.display))
    }

    /// Writes the layouts that i3 will append; they are removed on drop.
    pub(in crate::apply) fn write_layouts(
        &self,
        documents: &[&Value],
    ) -> Result<Layouts, ApplyError> {
        self.write(APPENDED, documents)
    }

    /// Writes a layout about the previous workspace, which is needed beside others.
    pub(in crate::apply) fn write_previous(&self, document: &Value) -> Result<Layouts, ApplyError> {
        self.write(PREVIOUS, &[document])
    }

    fn write(&self, what: &str, documents: &[&Value]) -> Result<Layouts, ApplyError> {
        let mut layouts = Layouts { files: Vec::new() };
        for (position, document) in documents.iter().enumerate() {
            let name = format!("{what}-{}-{position}.json", std::process::id());
            let path = self.root.join(name);
            let written = private::write(&path, document.to_string().as_bytes());
            layouts.files.push(path.clone());
            written.map_err(|source| ApplyError::Runtime { path, source })?;
        }
        Ok(layouts)
    }
}

/// Files that are removed on drop.
#[derive(Debug)]
pub(in crate::apply) struct Layouts {
    pub(in crate::apply) files: Vec<PathBuf>,
}

impl Drop for Layouts {
    fn drop(&mut self) {
        for file in &self.files {
            // The directory disappears at the end of the session anyway.
            let _ = fs::remove_file(file);
        }
    }
}
