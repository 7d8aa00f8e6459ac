//! Where a program is started.

use std::path::PathBuf;

use super::machine::Machine;
use crate::live::Process;

/// Where a program is started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct StartDirectory {
    pub(super) cwd: Option<PathBuf>,
    /// The directory that it would be, if it were still there.
    pub(super) lost: Option<PathBuf>,
}

impl StartDirectory {
    pub(super) fn at(cwd: PathBuf) -> Self {
        Self {
            cwd: Some(cwd),
            lost: None,
        }
    }

    /// Where the process stands.
    pub(super) fn of(process: &Process, machine: &dyn Machine) -> Self {
        match &process.cwd {
            Some(cwd) => Self::at(cwd.clone()),
            None => Self {
                cwd: None,
                lost: machine.lost_directory(process),
            },
        }
    }

    /// This one, or where nothing is known of it, the other.
    pub(super) fn or_else(self, other: impl FnOnce() -> Self) -> Self {
        if self == Self::default() {
            other()
        } else {
            self
        }
    }
}
