//! Errors of the nested desktop.

use std::io;
use std::path::PathBuf;

use miette::Diagnostic;

use super::server::Needed;
use crate::wm::WmError;
use crate::x11::XError;

/// The reason why there is no nested desktop.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum NestedError {
    /// A program is missing.
    #[error("`{}` is not installed", .0.program)]
    #[diagnostic(
        code("not-installed"),
        help("install the package `{}` (Debian, Ubuntu) or `{}` (Arch Linux)", .0.debian, .0.arch)
    )]
    NotInstalled(Needed),
    /// A program of the nested desktop could not be started.
    #[error("cannot start `{program}`")]
    #[diagnostic(code("not-started"), help("check that the program is installed"))]
    NotStarted {
        /// The program.
        program: String,
        /// The reason.
        #[source]
        source: io::Error,
    },
    /// A program of the nested desktop has ended, or was not ready in time.
    #[error("`{program}` {what}{}", said(.output))]
    #[diagnostic(
        code("nested-desktop"),
        help("run `{program}` in a terminal to see whether it works on this machine")
    )]
    NotReady {
        /// The program.
        program: &'static str,
        /// `ended at once`, `was not ready in time` or `has ended`.
        what: &'static str,
        /// The last line of its output; may be empty.
        output: String,
    },
    /// The files of the nested desktop cannot be written.
    #[error("cannot write {}", path.display())]
    #[diagnostic(
        code("runtime-directory"),
        help("set XDG_RUNTIME_DIR to a directory that only you can write to")
    )]
    Files {
        /// The file or folder.
        path: PathBuf,
        /// The reason.
        #[source]
        source: io::Error,
    },
    /// The path is too long for the sockets of the nested desktop.
    #[error(
        "{} is too long for sockets of the nested desktop, by {excess} {}",
        path.display(),
        if *excess == 1 { "byte" } else { "bytes" }
    )]
    #[diagnostic(
        code("runtime-directory"),
        help("set XDG_RUNTIME_DIR to a shorter path")
    )]
    LongPath {
        /// The folder.
        path: PathBuf,
        /// The bytes that are too many.
        excess: usize,
    },
    /// The processes of the nested desktop cannot be followed.
    #[error("cannot follow the processes of the nested desktop")]
    #[diagnostic(
        code("nested-desktop"),
        help("Linux 3.4 or newer is needed, and no sandbox that forbids prctl(2)")
    )]
    Processes(#[source] io::Error),
    /// Cannot communicate with the nested i3.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Wm(#[from] WmError),
    /// Cannot communicate with the nested X server.
    #[error(transparent)]
    #[diagnostic(transparent)]
    X(#[from] XError),
    /// A signal has ended the command before the nested desktop was ready.
    #[error("interrupted before the nested desktop was ready")]
    Interrupted,
}

fn said(output: &str) -> String {
    if output.is_empty() {
        String::new()
    } else {
        format!(": {output}")
    }
}
