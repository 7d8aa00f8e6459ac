//! The exit codes, as in diff(1).

use std::process::ExitCode;

/// The result of a command, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Success, or no differences.
    Done = 0,
    /// Incomplete, or different.
    Incomplete = 1,
    /// The command failed.
    Failed = 2,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
