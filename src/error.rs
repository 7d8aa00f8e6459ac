//! Everything that can end a command, with what to do about it.
//!
//! The sentence of each error is its `Display`, in lower case and without a full
//! stop; the causes are its sources; the way out is [`Error::hint`].

use std::io;
use std::path::PathBuf;

use crate::apply::{ApplyError, ScopeError};
use crate::capture::Warning;
use crate::layout::fault::nearest;
use crate::layout::trust::Distrust;
use crate::layout::{Problems, StoreError};
use crate::session::SessionError;

/// Why a command could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A layout file is wrong; every problem has its place.
    #[error(transparent)]
    Problems(#[from] Problems),
    /// A layout could not be found, read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The commands of a file are not run.
    #[error(transparent)]
    Untrusted(Distrust),
    /// The desktop could not be looked at.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// A layout could not be applied at all.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// A workspace or a slot that the layout does not have.
    #[error("{}", scope(.error, .layout))]
    Scope {
        /// What is not there.
        error: ScopeError,
        /// The layout's name.
        layout: String,
        /// What is there.
        known: Vec<String>,
    },
    /// A workspace or an output that the desktop does not have.
    #[error("{warning}")]
    NotThere {
        /// What is not there.
        warning: Warning,
        /// What is there.
        known: Vec<String>,
    },
    /// Nothing to capture, and a file that would be lost for it.
    #[error("there is no window to capture, so {} was left as it is", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// A layout with the same name in the other notation.
    #[error("the layout is already in {}", path.display())]
    OtherFormat {
        /// The file.
        path: PathBuf,
    },
    /// Arguments that make no sense together.
    #[error("{what}")]
    Usage {
        /// What is wrong.
        what: String,
        /// What to write instead.
        hint: Option<String>,
    },
    /// The editor could not be run, or said that it failed.
    #[error("the editor `{editor}` {what}")]
    Editor {
        /// The command.
        editor: String,
        /// What it did.
        what: String,
    },
    /// The edited text is no valid layout; the layout was left as it was.
    #[error("{} was left as it was, the edited text is in {}", path.display(), kept.display())]
    NotSaved {
        /// The layout's file.
        path: PathBuf,
        /// Where the text is.
        kept: PathBuf,
    },
    /// The system refused.
    #[error("cannot {doing} {}", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Standard output or standard error cannot be written.
    #[error("cannot write the output")]
    Output(#[source] io::Error),
    /// Nothing says where the home directory is.
    #[error("nothing says where your home directory is")]
    NoHome,
}

impl Error {
    /// What a person can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Store(error) => error.hint(),
            Self::Untrusted(distrust) => Some(format!(
                "{}, or read it and pass `--trust`",
                distrust.hint()
            )),
            Self::Session(error) => error.hint(),
            Self::Apply(error) => error.hint(),
            Self::Scope { error, known, .. } => {
                let (ScopeError::Workspace(wanted) | ScopeError::Slot(wanted)) = error;
                Some(near_or_all(wanted, known))
            }
            Self::NotThere { known, .. } => Some(all(known)),
            Self::Empty { .. } => {
                Some("open a window first, or pass `--force` to save it all the same".to_owned())
            }
            Self::OtherFormat { .. } => {
                Some("delete it first, or capture to another name".to_owned())
            }
            Self::Usage { hint, .. } => hint.clone(),
            Self::Editor { .. } => Some("set VISUAL or EDITOR to your editor".to_owned()),
            Self::NotSaved { path, kept } => Some(format!(
                "mend it, then `mv {} {}`",
                kept.display(),
                path.display()
            )),
            Self::NoHome => Some("set HOME".to_owned()),
            Self::Problems(_) | Self::Io { .. } | Self::Output(_) => None,
        }
    }

    /// Whether it is only that nobody reads our output any more, as with `| head`.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

fn scope(error: &ScopeError, layout: &str) -> String {
    match error {
        ScopeError::Workspace(name) => format!("`{layout}` has no workspace `{name}`"),
        ScopeError::Slot(id) => format!("`{layout}` has no slot `{id}`"),
    }
}

fn near_or_all(wanted: &str, known: &[String]) -> String {
    match nearest(wanted, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => all(known),
    }
}

fn all(known: &[String]) -> String {
    if known.is_empty() {
        return "there is none at all".to_owned();
    }
    let ticked: Vec<String> = known.iter().map(|one| format!("`{one}`")).collect();
    format!("there is {}", ticked.join(", "))
}
