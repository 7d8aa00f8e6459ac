//! The directory in which a program is started.

use std::path::PathBuf;

use super::machine::Machine;
use crate::live::Process;

/// The directory in which a program is started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct StartDirectory {
    pub(super) cwd: Option<PathBuf>,
    /// The directory of the process, if it was deleted.
    pub(super) lost: Option<PathBuf>,
}

impl StartDirectory {
    pub(super) fn at(cwd: PathBuf) -> Self {
        Self {
            cwd: Some(cwd),
            lost: None,
        }
    }

    /// The working directory of the process.
    pub(super) fn of(process: &Process, machine: &dyn Machine) -> Self {
        let cwd = process.cwd.clone();
        let lost = match cwd {
            Some(_) => None,
            None => machine.lost_directory(process),
        };
        Self { cwd, lost }
    }

    /// This directory, or `other` if nothing is known of this one.
    pub(super) fn or(self, other: Self) -> Self {
        if self == Self::default() { other } else { self }
    }
}
