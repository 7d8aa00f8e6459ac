//! Everything that can end a command, with what to do about it.
//!
//! The sentence of each error is its `Display`, in lower case and without a full
//! stop; the causes are its sources; the way out is [`Error::hint`].

use std::io;
use std::path::{Path, PathBuf};

use crate::apply::{ApplyError, ScopeError};
use crate::capture::Warning;
use crate::config::store::ConfigError;
use crate::document::fault::nearest;
use crate::layout::Problems;
use crate::session::SessionError;
use crate::store::StoreError;
use crate::store::trust::Distrust;

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
    /// A layout that is to be updated is not there.
    #[error("{error}")]
    NothingToUpdate {
        /// What is not there.
        #[source]
        error: StoreError,
        /// The command that makes it.
        command: String,
    },
    /// The commands of a layout are not run.
    #[error("{0}, so its commands were not run")]
    Untrusted(Distrust),
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
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
    /// No open window belongs to the project.
    #[error("no open window belongs to the project `{project}`{}",
        if *.has_directory { "" } else { ", and no directory is set for it" })]
    NoMember {
        /// The project.
        project: String,
        /// Whether the configuration says where it is.
        has_directory: bool,
    },
    /// Nothing to capture.
    #[error("there is no window to capture{}{}", on(.workspaces), left(.path.as_deref()))]
    Empty {
        /// The workspaces that were asked for; none where all were.
        workspaces: Vec<String>,
        /// The file that would be lost for it.
        path: Option<PathBuf>,
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
    /// Somebody else wrote the file while it was being edited.
    #[error("{} was changed by somebody else meanwhile", path.display())]
    ChangedMeanwhile {
        /// The layout's file.
        path: PathBuf,
    },
    /// The edited text is no valid layout; the layout was left as it was.
    #[error("{} was left as it was, the edited text is in {}", path.display(), kept.display())]
    NotSaved {
        /// The layout's file.
        path: PathBuf,
        /// Where the text is.
        kept: PathBuf,
        /// Why; `None` where it was said already.
        because: Option<Box<Error>>,
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
            Self::Store(error) | Self::Config(ConfigError::Store(error)) => error.hint(),
            Self::NothingToUpdate {
                error:
                    StoreError::Missing {
                        near: Some(near), ..
                    },
                command,
            } => Some(format!(
                "did you mean `{near}`? `{command}` saves a new one"
            )),
            Self::NothingToUpdate { command, .. } => Some(format!("`{command}` saves one")),
            Self::Untrusted(distrust) => Some(format!(
                "{}, or read it and pass `--trust`",
                distrust.hint()
            )),
            Self::Config(ConfigError::Untrusted(distrust)) => Some(distrust.hint()),
            Self::Session(error) => error.hint(),
            Self::Apply(error) => error.hint(),
            Self::Scope { error, known, .. } => {
                let (ScopeError::Workspace(wanted) | ScopeError::Slot(wanted)) = error;
                Some(near_or_all(wanted, known))
            }
            Self::NotThere { known, .. } => Some(all(known)),
            Self::NoMember {
                project,
                has_directory: false,
            } => Some(directory_hint(project)),
            Self::NoMember { project, .. } => Some(format!(
                "mark windows with `i3-msg mark --add project:{project}:1`, or write a rule \
                 with `scope: project`"
            )),
            Self::Empty { .. } => {
                Some("open a window first, or pass `--force` to save it all the same".to_owned())
            }
            Self::OtherFormat { .. } => {
                Some("delete it first, or capture to another name".to_owned())
            }
            Self::Usage { hint, .. } => hint.clone(),
            Self::Editor { .. } => Some("set VISUAL or EDITOR to your editor".to_owned()),
            Self::NotSaved { path, kept, .. } => {
                let (path, kept) = (quoted(path), quoted(kept));
                // Not mv: it would replace a symbolic link.
                Some(format!(
                    "mend it, then `i3pm-layout validate {kept} && cp {kept} {path}`"
                ))
            }
            Self::NoHome => Some("set HOME".to_owned()),
            Self::Problems(_)
            | Self::Config(ConfigError::Problems(_))
            | Self::ChangedMeanwhile { .. }
            | Self::Io { .. }
            | Self::Output(_) => None,
        }
    }

    /// The problems of a file, where that is what it is.
    pub const fn problems(&self) -> Option<&Problems> {
        match self {
            Self::Problems(problems) | Self::Config(ConfigError::Problems(problems)) => {
                Some(problems)
            }
            _ => None,
        }
    }

    /// What it is in a word, for programs.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Problems(problems) | Self::Config(ConfigError::Problems(problems)) => {
                problems.kind
            }
            Self::Store(error)
            | Self::NothingToUpdate { error, .. }
            | Self::Config(ConfigError::Store(error)) => error.kind(),
            Self::Untrusted(_) | Self::Config(ConfigError::Untrusted(_)) => "untrusted",
            Self::Session(_) | Self::Apply(ApplyError::Session(_)) => "no-desktop",
            Self::Apply(ApplyError::Busy { .. }) => "busy",
            Self::Apply(_) => "not-applied",
            Self::Scope { error, .. } => match error {
                ScopeError::Workspace(_) => "no-such-workspace",
                ScopeError::Slot(_) => "no-such-slot",
            },
            Self::NotThere { warning, .. } => match warning {
                Warning::NoSuchOutput(_) => "no-such-output",
                _ => "no-such-workspace",
            },
            Self::NoMember { .. } => "no-window-of-project",
            Self::Empty { .. } => "nothing-to-capture",
            Self::OtherFormat { .. } => StoreError::EXISTS,
            Self::Usage { .. } => "usage",
            Self::Editor { .. } => "editor",
            Self::ChangedMeanwhile { .. } => "changed-meanwhile",
            Self::NotSaved { .. } => "not-saved",
            Self::Io { .. } | Self::Output(_) => StoreError::IO,
            Self::NoHome => "no-home",
        }
    }

    /// The file that it is about.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Store(error)
            | Self::NothingToUpdate { error, .. }
            | Self::Config(ConfigError::Store(error)) => error.file(),
            Self::Untrusted(distrust) | Self::Config(ConfigError::Untrusted(distrust)) => {
                Some(distrust.path())
            }
            Self::Empty { path, .. } => path.as_deref(),
            Self::OtherFormat { path }
            | Self::ChangedMeanwhile { path }
            | Self::NotSaved { path, .. }
            | Self::Io { path, .. } => Some(path),
            _ => None,
        }
    }

    /// Whether it is only that nobody reads our output any more, as with `| head`.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// How to say where a project is.
pub fn directory_hint(project: &str) -> String {
    format!(
        "write `projects: {{ {project}: {{ directory: ~/src/{project} }} }}` into \
         ~/.config/i3pm-layout/config.yaml"
    )
}

fn scope(error: &ScopeError, layout: &str) -> String {
    match error {
        ScopeError::Workspace(name) => format!("`{layout}` has no workspace `{name}`"),
        ScopeError::Slot(id) => format!("`{layout}` has no slot `{id}`"),
    }
}

fn on(workspaces: &[String]) -> String {
    if workspaces.is_empty() {
        return String::new();
    }
    let ticked: Vec<String> = workspaces.iter().map(|one| format!("`{one}`")).collect();
    format!(" on {}", ticked.join(", "))
}

fn left(path: Option<&Path>) -> String {
    path.map_or_else(String::new, |path| {
        format!(", so {} was left as it is", path.display())
    })
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    shell_words::quote(&path.to_string_lossy()).into_owned()
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
