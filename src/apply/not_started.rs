//! Why a program cannot be started.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::remedy::Remedy;
use crate::layout::shell_syntax::ShellSyntax;

/// The reason why a program cannot be started.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotStarted {
    /// No program in `PATH` has this name.
    #[error("`{0}` is not installed, or not in PATH")]
    NotInstalled(String),
    /// The program's file does not exist.
    #[error("`{0}` does not exist")]
    NoFile(String),
    /// The program's file is relative to a working directory that does not exist.
    #[error(
        "the working directory {} does not exist, and `{program}` is relative to it",
        .directory.display()
    )]
    NoDirectory {
        /// The program.
        program: String,
        /// The working directory.
        #[serde(with = "crate::text::path")]
        directory: PathBuf,
    },
    /// The program's file is not executable.
    #[error("`{0}` is not executable")]
    NotExecutable(String),
    /// The program's file exists, but the interpreter or loader that it names does not.
    #[error("`{0}` needs an interpreter that does not exist")]
    NoInterpreter(String),
    /// The command needs a shell.
    #[error("its command has shell syntax ({}), but no shell runs it", .0.part)]
    ShellSyntax(ShellSyntax),
    /// Any other error.
    #[error("{0}")]
    Other(String),
}

impl From<String> for NotStarted {
    fn from(reason: String) -> Self {
        Self::Other(reason)
    }
}

impl NotStarted {
    /// The action needed before the next try, if known.
    pub fn remedy(&self) -> Option<Remedy> {
        match self {
            Self::NotInstalled(program) => Some(Remedy::Install(program.clone())),
            Self::NoDirectory { directory, .. } => Some(Remedy::CreateDirectory(directory.clone())),
            Self::NoFile(_) | Self::NotExecutable(_) | Self::NoInterpreter(_) => {
                Some(Remedy::ChangeCommand)
            }
            Self::ShellSyntax(syntax) => Some(Remedy::Rewrite(syntax.fixed.clone())),
            Self::Other(_) => None,
        }
    }
}
