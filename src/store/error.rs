//! Errors of the store.

use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;

use super::MAX_BYTES;
use super::target::NameError;
use crate::files::output::{NoReader, Planted};
use crate::files::{NotAFile, remedy};
use crate::text::path::quoted;

/// The reason why a layout could not be read or written.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum StoreError {
    /// An invalid name.
    #[error(transparent)]
    #[diagnostic(code("bad-name"), help("{}", right_name(.0)))]
    Name(#[from] NameError),
    /// A layout that does not exist.
    #[error("layout `{name}` not found in {}", layouts.display())]
    #[diagnostic(code("no-such-layout"), help("{}", find_layout(.name, .near.as_deref(), *.none)))]
    Missing {
        /// The name.
        name: String,
        /// The folder of layouts.
        layouts: PathBuf,
        /// The name that was probably meant.
        near: Option<String>,
        /// True if the store has no layout yet.
        none: bool,
    },
    /// A layout that is a symbolic link, and whose file does not exist.
    #[error("layout `{name}` is a symbolic link to a file that does not exist")]
    #[diagnostic(code("no-such-layout"), help("{}", look_at_link(.link)))]
    Dangling {
        /// The name.
        name: String,
        /// The link.
        link: PathBuf,
    },
    /// A name that several projects have.
    #[error("layout `{name}` exists in several projects")]
    #[diagnostic(code("ambiguous-name"), help("use one of {}", .all.join(", ")))]
    Ambiguous {
        /// The name.
        name: String,
        /// The possible layouts, as `project/name`.
        all: Vec<String>,
    },
    /// A file that was changed since `capture` wrote it.
    #[error("{} was edited since it was captured and was not overwritten", path.display())]
    #[diagnostic(
        code("edited"),
        help(
            "pass `--update` to keep your changes, `--force` to replace them, or capture to another name"
        )
    )]
    Edited {
        /// The file.
        path: PathBuf,
    },
    /// A file of which no record says that `capture` wrote it. The record is lost with the state
    /// directory.
    #[error("{} is not known as a file that `capture` wrote, and was not overwritten", path.display())]
    #[diagnostic(
        code("not-captured"),
        help(
            "pass `--update` if it is a layout, `--force` to replace the file, or capture to another name"
        )
    )]
    NotCaptured {
        /// The file.
        path: PathBuf,
    },
    /// A file outside of the store that is not a layout.
    #[error("{} is not a layout and was not deleted", path.display())]
    #[diagnostic(
        code("not-a-layout"),
        help("`delete` only deletes layouts; run `rm` to delete another file")
    )]
    NotALayout {
        /// The file.
        path: PathBuf,
    },
    /// A file that would be overwritten.
    #[error("layout `{name}` already exists ({})", path.display())]
    #[diagnostic(code("exists"), help("run `i3pm-layout delete {}` first, or choose another name", shell_words::quote(.name)))]
    Exists {
        /// The name.
        name: String,
        /// The file.
        path: PathBuf,
    },
    /// A file that is too large for a layout.
    #[error("{} is larger than {} MiB", path.display(), MAX_BYTES >> 20)]
    #[diagnostic(code("too-large"), help("check that this is a layout file"))]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// `-` or a path where only a name is possible.
    #[error("`{0}` is not the name of a layout")]
    #[diagnostic(code("bad-name"), help("run `i3pm-layout list` to see all names"))]
    NotNamed(String),
    /// A pipe, a socket or a device where a file is expected.
    #[error("{} is {kind}, not a file", path.display())]
    #[diagnostic(code("not-a-file"), help("{}", instead(.path, *.kind)))]
    NotAFile {
        /// The path.
        path: PathBuf,
        /// The kind.
        kind: NotAFile,
    },
    /// A link or a pipe of another user at the path of a file to write.
    #[error("refusing to write {}: {planted}", path.display())]
    #[diagnostic(
        code("planted"),
        help("choose a file in a folder that only you can write to")
    )]
    Planted {
        /// The path.
        path: PathBuf,
        /// The link or pipe.
        planted: Planted,
    },
    /// A file that would be changed in the window of `try`.
    #[error(
        "{} is not changed in the window of `try`: its earlier versions would be lost when the \
         window closes",
        path.display()
    )]
    #[diagnostic(
        code("inside-try"),
        help("run the command in a terminal of your desktop")
    )]
    InsideTry {
        /// The file.
        path: PathBuf,
    },
    /// The system refused an operation on a file.
    #[error("cannot {doing} {}", path.display())]
    #[diagnostic(code("io"))]
    Io {
        /// The operation, such as `read`.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// The next step.
        #[help]
        hint: Option<String>,
        /// The error of the operating system.
        source: io::Error,
    },
}

impl StoreError {
    /// True if the file does not exist.
    pub fn is_missing(&self) -> bool {
        match self {
            Self::Missing { .. } | Self::Dangling { .. } => true,
            Self::Io { source, .. } => matches!(
                source.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ),
            _ => false,
        }
    }
}

/// The next step after the system refused an operation on a file or directory.
fn io_hint(doing: &str, file: &Path, error: &io::Error) -> Option<String> {
    let path = quoted(file);
    match error.kind() {
        io::ErrorKind::NotFound if doing == "read" => {
            Some("check the path, or run `i3pm-layout list` to see all layouts".to_owned())
        }
        io::ErrorKind::IsADirectory if doing == "write" => {
            Some("this is a directory: add the name of a file".to_owned())
        }
        io::ErrorKind::IsADirectory => Some(format!(
            "this is a directory: run `ls {path}` to choose a file in it"
        )),
        io::ErrorKind::PermissionDenied => {
            Some(format!("run `ls -ld {path}` to check the permissions"))
        }
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory if doing == "create" => {
            Some("a file has this name: choose another directory".to_owned())
        }
        _ if NoReader::is_in(error) => Some(format!(
            "run `cat {path}` in another terminal first, or choose a file"
        )),
        _ => remedy(file, error),
    }
}

fn instead(path: &Path, kind: NotAFile) -> String {
    let path = quoted(path);
    match kind {
        NotAFile::Pipe => format!("to read from the pipe, write `-` and `< {path}`"),
        NotAFile::Socket | NotAFile::Device => "choose a file".to_owned(),
    }
}

fn right_name(error: &NameError) -> &'static str {
    // A layout's name with a slash was split before.
    if error.what == "project" && error.name.contains('/') {
        "write the project's name; its directory is set in config.yaml: \
         `projects: { NAME: { directory: PATH } }`"
    } else {
        "choose another name, or write a path, which begins with `./`, `../`, `/` or `~/`"
    }
}

fn look_at_link(link: &Path) -> String {
    let link = quoted(link);
    format!("restore the file that `readlink {link}` prints, or run `rm {link}`")
}

fn find_layout(name: &str, near: Option<&str>, none: bool) -> String {
    match near {
        Some(near) => format!("did you mean `{near}`?"),
        None if none => format!("run `i3pm-layout capture {name}` to create it"),
        None => "run `i3pm-layout list` to see all layouts".to_owned(),
    }
}

/// Adds the failed operation and its path to an error of the operating system.
pub trait Doing<T> {
    /// The result with the operation and the file of its error.
    fn doing(self, doing: &'static str, path: &Path) -> Result<T, StoreError>;
}

impl<T, E: Into<io::Error>> Doing<T> for Result<T, E> {
    fn doing(self, doing: &'static str, path: &Path) -> Result<T, StoreError> {
        self.map_err(|source| {
            let source = source.into();
            let path = path.to_owned();
            if let Some(kind) = NotAFile::in_error(&source) {
                return StoreError::NotAFile { path, kind };
            }
            if let Some(planted) = Planted::in_error(&source) {
                return StoreError::Planted { path, planted };
            }
            StoreError::Io {
                doing,
                hint: io_hint(doing, &path, &source),
                path,
                source,
            }
        })
    }
}
