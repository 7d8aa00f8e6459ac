//! Errors that end a run without a report.

use std::io;
use std::path::PathBuf;

use miette::Diagnostic;

use super::action::Gone;
use crate::files::remedy;
use crate::live::Pid;
use crate::session::SessionError;
use crate::wm::WmError;

/// An error that ends a run without a report.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum ApplyError {
    /// Cannot communicate with i3 or the X server.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Session(#[from] SessionError),
    /// Another run is active on this display.
    #[error("another i3pm-layout command is changing this desktop")]
    #[diagnostic(
        code("busy"),
        help("wait until it finishes, or end it: {}", how_to_end(*.process))
    )]
    Busy {
        /// The process of the other run, if it is known.
        process: Option<Pid>,
    },
    /// Cannot write a file of the run.
    #[error("cannot write {}", .path.display())]
    #[diagnostic(code("runtime-directory"), help("{}", remedy(.path, .source).unwrap_or_else(|| OWN_RUNTIME.to_owned())))]
    Runtime {
        /// The file or directory.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The directory for run-time files belongs to another user.
    #[error("{} is owned or writable by another user", .path.display())]
    #[diagnostic(code("runtime-directory"), help("{OWN_RUNTIME}"))]
    ForeignRuntime {
        /// The directory.
        path: PathBuf,
    },
    /// i3 did not create the placeholders.
    #[error("i3 did not build {workspaces}: {reason}")]
    #[diagnostic(
        code("not-built"),
        help("check i3's log, and run `i3pm-layout recover` if placeholders are left")
    )]
    NotBuilt {
        /// The names of the workspaces.
        workspaces: String,
        /// i3's error message, or a description of what is missing.
        reason: String,
    },
    /// i3 exited or restarted during the run.
    #[error("{0}")]
    #[diagnostic(code("i3-gone"), help("{}", after(.0)))]
    Gone(Gone),
    /// The run came to no end: a fault of this program.
    #[error("the run stopped before its end; all windows are still open")]
    #[diagnostic(
        code("stopped"),
        help("this is a bug of i3pm-layout; run `i3pm-layout apply` again, and report the bug")
    )]
    Stopped,
    /// Cannot install the signal handlers.
    #[error("cannot watch for signals")]
    #[diagnostic(code("io"))]
    Signals(#[source] io::Error),
}

/// A key binding has no terminal.
fn how_to_end(process: Option<Pid>) -> String {
    match process {
        Some(Pid(process)) => format!("run `kill {process}`; all windows stay open"),
        None => "press Ctrl-C in its terminal".to_owned(),
    }
}

const fn after(gone: &Gone) -> &'static str {
    match gone {
        Gone::Restarted => "run `i3pm-layout apply` again",
        Gone::Ended | Gone::Lost(_) => "start i3, and run `i3pm-layout apply` again",
    }
}

impl From<WmError> for ApplyError {
    fn from(error: WmError) -> Self {
        Self::Session(error.into())
    }
}

const OWN_RUNTIME: &str = "set XDG_RUNTIME_DIR to a directory that only you can access, for example \
                           `export XDG_RUNTIME_DIR=/run/user/$(id -u)`";
