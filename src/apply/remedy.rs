//! Actions that the user has to take before the next try.

use std::path::PathBuf;

use crate::compile::Launch;
use crate::layout::shell_syntax::Fixed;

/// The action without which another run cannot fill the slot either.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Open its window, or give it a command.
    OpenOrCommand,
    /// Set these environment variables.
    Set(Vec<String>),
    /// Install this program, or change the command.
    Install(String),
    /// Change the command.
    ChangeCommand,
    /// Use these keys in the slot.
    Rewrite(Fixed),
    /// Create this working directory, or change it.
    CreateDirectory(PathBuf),
    /// Find out why the program fails.
    FixProgram,
    /// Open the window in the same process, or wait for another program.
    KeepRunning,
}

impl Remedy {
    /// The action that a slot with this launch needs before any run can fill it.
    pub fn of(launch: &Launch) -> Option<Self> {
        match launch {
            Launch::Elsewhere => Some(Self::OpenOrCommand),
            Launch::Unresolved { unset, .. } if !unset.is_empty() => Some(Self::Set(unset.clone())),
            Launch::Unresolved { .. } => Some(Self::ChangeCommand),
            Launch::Program(_) => None,
        }
    }
}
