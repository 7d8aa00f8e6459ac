//! Why a layout could not be applied at all.

use std::io;
use std::path::PathBuf;

use crate::session::SessionError;
use crate::wm::WmError;

/// Why a run ended without a report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApplyError {
    /// i3 or the X server cannot be asked.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// Another run is under way on this display.
    #[error("another `i3pm-layout apply` is at work on this display")]
    Busy {
        /// The lock that it holds.
        lock: PathBuf,
    },
    /// A file of the run cannot be written.
    #[error("cannot write {}: {source}", .path.display())]
    Runtime {
        /// The file or directory.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The directory for run-time files belongs to somebody else.
    #[error("{} belongs to somebody else or is open to others", .path.display())]
    ForeignRuntime {
        /// The directory.
        path: PathBuf,
    },
    /// i3 did not make the placeholders that it was given.
    #[error("i3 did not take the layout of {workspaces}: {reason}")]
    NotBuilt {
        /// The names of the workspaces.
        workspaces: String,
        /// What i3 said, or what is missing.
        reason: String,
    },
    /// i3 ended or restarted while we were at work.
    #[error("i3 {what} while the layout was being applied; no window was lost")]
    Gone {
        /// `ended`, `restarted`, or why the connection was lost.
        what: String,
    },
    /// The signals cannot be watched.
    #[error("cannot watch for signals: {0}")]
    Signals(io::Error),
}

impl From<WmError> for ApplyError {
    fn from(error: WmError) -> Self {
        Self::Session(error.into())
    }
}

impl ApplyError {
    /// What a person can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Session(error) => error.hint(),
            Self::Busy { .. } => Some("wait until it has ended, or stop it with Ctrl-C".to_owned()),
            Self::Runtime { .. } | Self::ForeignRuntime { .. } => Some(
                "set XDG_RUNTIME_DIR to a directory that is yours alone (mode 0700)".to_owned(),
            ),
            Self::Gone { .. } => Some("apply the layout again".to_owned()),
            Self::NotBuilt { .. } | Self::Signals(_) => None,
        }
    }
}
