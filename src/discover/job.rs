//! The program that runs in a terminal.

use std::path::PathBuf;

use crate::live::Process;

/// The programs in a window of a terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Job {
    /// The terminal's own child: a shell, or the program in its arguments.
    pub leader: Process,
    /// The first process of the foreground job, if that is not the leader.
    pub foreground: Option<Process>,
    /// The working directory of the process that started the foreground job.
    pub started_in: Option<PathBuf>,
    /// True if the job is a single program, not a pipeline.
    pub alone: bool,
    /// True if the child's `WINDOWID` is this window.
    pub sure: bool,
}
