//! Errors of the store.

use std::io;
use std::path::{Path, PathBuf};

use super::MAX_BYTES;
use super::target::NameError;

/// Why a layout could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// No such layout.
    #[error("there is no layout `{name}` in {}", layouts.display())]
    Missing {
        /// What was asked for.
        name: String,
        /// Where layouts are.
        layouts: PathBuf,
        /// The name that was probably meant.
        near: Option<String>,
        /// Whether there is no layout at all yet.
        none: bool,
    },
    /// Several projects have it.
    #[error("several projects have a layout `{name}`")]
    Ambiguous {
        /// What was asked for.
        name: String,
        /// All that could be meant, as `project/name`.
        all: Vec<String>,
    },
    /// A file that capture did not write as it is now.
    #[error("{} was edited since it was captured, so it was not overwritten", path.display())]
    Edited {
        /// The file.
        path: PathBuf,
    },
    /// A file that would be lost.
    #[error("there is already a layout in {}", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A file that is no layout.
    #[error("{} is larger than {} MiB", path.display(), MAX_BYTES >> 20)]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// `-` or a path where only a name makes sense.
    #[error("`{0}` is not the name of a layout in the store")]
    NotNamed(String),
    /// The system refused.
    #[error("cannot {doing} {}", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl StoreError {
    /// The kind of what would be lost.
    pub const EXISTS: &str = "exists";
    /// The kind of what the system refuses.
    pub const IO: &str = "io";

    /// What it is in a word, for programs.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Name(_) | Self::NotNamed(_) => "bad-name",
            Self::Missing { .. } => "no-such-layout",
            Self::Ambiguous { .. } => "ambiguous-name",
            Self::Edited { .. } => "edited",
            Self::Exists { .. } => Self::EXISTS,
            Self::TooLarge { .. } => "too-large",
            Self::Io { .. } => Self::IO,
        }
    }

    /// The file that it is about.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Edited { path }
            | Self::Exists { path }
            | Self::TooLarge { path }
            | Self::Io { path, .. } => Some(path),
            Self::Name(_) | Self::Missing { .. } | Self::Ambiguous { .. } | Self::NotNamed(_) => {
                None
            }
        }
    }

    /// Whether there is no such file.
    pub fn is_missing(&self) -> bool {
        match self {
            Self::Missing { .. } => true,
            Self::Io { source, .. } => matches!(
                source.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ),
            _ => false,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Missing {
                near: Some(near), ..
            } => Some(format!("did you mean `{near}`?")),
            Self::Missing {
                name, none: true, ..
            } => Some(format!("`i3pm-layout capture {name}` saves one")),
            Self::Missing { near: None, .. } => Some("`i3pm-layout list` shows all".to_owned()),
            Self::Ambiguous { all, .. } => Some(format!("write one of {}", all.join(", "))),
            Self::Edited { .. } => Some(
                "`--update` keeps what you wrote, `--force` replaces it; or capture to another \
                 name"
                    .to_owned(),
            ),
            Self::Exists { .. } => Some("delete it first, or choose another name".to_owned()),
            // A layout's name with a slash has been split before.
            Self::Name(name) if name.what == "project" && name.name.contains('/') => Some(
                "give the project's name; config.yaml says where it is: \
                 `projects: { NAME: { directory: PATH } }`"
                    .to_owned(),
            ),
            Self::Name(_) => Some(
                "use letters, digits, `.`, `_` and `-`; a path begins with `./`, `../`, `/` or \
                 `~/`"
                    .to_owned(),
            ),
            Self::NotNamed(_) | Self::TooLarge { .. } | Self::Io { .. } => None,
        }
    }
}

/// Attaches what was being done to what the system says.
pub(super) trait Doing<T> {
    fn doing(self, doing: &'static str, path: &Path) -> Result<T, StoreError>;
}

impl<T, E: Into<io::Error>> Doing<T> for Result<T, E> {
    fn doing(self, doing: &'static str, path: &Path) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::Io {
            doing,
            path: path.to_owned(),
            source: source.into(),
        })
    }
}
