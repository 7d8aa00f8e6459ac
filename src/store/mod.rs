//! Layout files on disk: the only place that reads and writes them.
//!
//! Layouts are `$XDG_CONFIG_HOME/i3pm-layout/layouts/[PROJECT/]NAME.yaml`. People keep
//! that folder in git, so it contains nothing else, and symbolic links are followed when
//! a layout is written. Backups and the record of what `capture` wrote are below
//! `$XDG_STATE_HOME/i3pm-layout/`.

mod around;
mod atomic;
mod backup;
mod error;
mod hooks;
mod list;
mod local;
mod read;
mod saved;
mod target;
#[cfg(test)]
mod tests;
pub mod trust;
mod versions;
mod write;

use std::path::{Path, PathBuf};

pub use around::trust_of_folder;
pub use error::{Doing, StoreError};
pub use hooks::{HookFile, hook_files, unknown_hooks};
pub use list::Listed;
pub use local::{LOCAL, Local, find_local};
pub use read::Opened;
pub use saved::{NotRecorded, Saved, Untrusted, Written};
#[cfg(test)]
pub(crate) use target::is_layout_file;
pub use target::{NameError, Target};
pub use versions::{Version, Versioned};

/// Larger files are refused: no layout is that large.
const MAX_BYTES: u64 = 4 << 20;

/// The directories of the user (XDG Base Directory Specification).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dirs {
    /// `$XDG_CONFIG_HOME`.
    pub config: PathBuf,
    /// `$XDG_STATE_HOME`.
    pub state: PathBuf,
    /// `$HOME`.
    pub home: PathBuf,
}

/// The layouts of a user.
#[derive(Clone, Debug)]
pub struct Store {
    layouts: PathBuf,
    state: PathBuf,
    home: PathBuf,
    /// True if it refuses to change files, except those below `state`.
    is_read_only: bool,
}

impl Store {
    /// The store in these directories. Nothing is created yet.
    pub fn new(dirs: &Dirs) -> Self {
        Self {
            layouts: dirs.config.join("i3pm-layout/layouts"),
            state: dirs.state.join("i3pm-layout"),
            home: dirs.home.clone(),
            is_read_only: false,
        }
    }

    /// The same store, but it refuses to change layouts and other files of the user. In the window of
    /// `try`, the state directory is removed at the end, and with it all backups.
    #[must_use]
    pub fn read_only(self) -> Self {
        Self {
            is_read_only: true,
            ..self
        }
    }

    /// Refuses to change a file if the store is read-only. Its own state may be changed.
    pub fn check_writable(&self, path: &Path) -> Result<(), StoreError> {
        if self.is_read_only && !path.starts_with(&self.state) {
            return Err(StoreError::InsideTry {
                path: path.to_owned(),
            });
        }
        Ok(())
    }

    /// The folder of named layouts.
    pub fn layouts(&self) -> &Path {
        &self.layouts
    }

    /// Parses the name of a layout on the command line.
    pub fn target(&self, text: &str) -> Result<Target, StoreError> {
        Ok(Target::parse(text, &self.home)?)
    }
}
