//! The program that runs in a terminal.

use std::path::PathBuf;

use crate::live::Process;

/// The programs in a window of a terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Job {
    /// The terminal's own child: a shell, or the program that it was told to run.
    pub leader: Process,
    /// The first process of the foreground job, where that is not the leader.
    pub foreground: Option<Process>,
    /// Where the process stands that started the foreground job.
    pub started_in: Option<PathBuf>,
    /// True if the job is one program, not several in a pipeline.
    pub alone: bool,
    /// True if the child said itself that it runs in this window.
    pub sure: bool,
}
