//! The exit codes, as diff(1) has them.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, or the same.
    Done,
    /// Incomplete, or different.
    Incomplete,
    /// Trouble: it could not be done at all.
    Trouble,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Incomplete => 1,
            Exit::Trouble => 2,
        })
    }
}
