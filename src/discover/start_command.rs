//! The command that started a process.

use super::candidate::Doubt;
use super::start_directory::StartDirectory;
use super::typed::Typed;

/// The command that started a process, and the reason.
pub(super) struct OwnCommand {
    pub(super) typed: Typed,
    /// The directory in which it was started, unless it is that of the process.
    pub(super) directory: StartDirectory,
    pub(super) doubts: Vec<Doubt>,
    pub(super) why: &'static str,
}

impl OwnCommand {
    pub(super) fn new(typed: Typed, why: &'static str) -> Self {
        Self {
            typed,
            directory: StartDirectory::default(),
            doubts: Vec::new(),
            why,
        }
    }
}
