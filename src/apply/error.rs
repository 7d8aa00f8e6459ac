//! Why a layout could not be applied at all.

use std::io;
use std::path::PathBuf;

use miette::Diagnostic;

use crate::session::SessionError;
use crate::wm::WmError;

/// Why a run ended without a report.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum ApplyError {
    /// i3 or the X server cannot be asked.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Session(#[from] SessionError),
    /// Another run is under way on this display.
    #[error("another `i3pm-layout apply` is running on this display")]
    #[diagnostic(code("busy"), help("wait until it ends, or stop it with Ctrl-C"))]
    Busy,
    /// A file of the run cannot be written.
    #[error("cannot write {}", .path.display())]
    #[diagnostic(code("runtime-directory"), help("{OWN_RUNTIME}"))]
    Runtime {
        /// The file or directory.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The directory for run-time files belongs to somebody else.
    #[error("{} is owned or writable by another user", .path.display())]
    #[diagnostic(code("runtime-directory"), help("{OWN_RUNTIME}"))]
    ForeignRuntime {
        /// The directory.
        path: PathBuf,
    },
    /// i3 did not make the placeholders that it was given.
    #[error("i3 did not build {workspaces}: {reason}")]
    #[diagnostic(
        code("not-built"),
        help("check i3's log, and run `i3pm-layout recover` if placeholders are left")
    )]
    NotBuilt {
        /// The names of the workspaces.
        workspaces: String,
        /// What i3 said, or what is missing.
        reason: String,
    },
    /// i3 ended or restarted while we were at work.
    #[error("i3 {what} while the layout was being applied; no window was lost")]
    #[diagnostic(code("i3-gone"), help("run `i3pm-layout apply` again"))]
    Gone {
        /// `ended`, `restarted`, or why the connection was lost.
        what: String,
    },
    /// The signals cannot be watched.
    #[error("cannot watch for signals")]
    #[diagnostic(code("io"))]
    Signals(#[source] io::Error),
}

impl From<WmError> for ApplyError {
    fn from(error: WmError) -> Self {
        Self::Session(error.into())
    }
}

const OWN_RUNTIME: &str = "set XDG_RUNTIME_DIR to a directory that only you can access (mode 0700)";
