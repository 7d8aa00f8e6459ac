//! The window that fills a slot. If it is closed, its process tells whether the program is still
//! running.

use crate::live::{ConId, Desktop, Pid, Processes};

/// The window in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placement {
    /// Its container.
    pub(super) con: ConId,
    /// Its process, and the start time of the process (proc(5), `starttime`). Together they are
    /// unique.
    owner: Option<(Pid, u64)>,
}

impl Placement {
    /// The placement for the window in this container.
    pub(super) fn of(con: ConId, desktop: &Desktop) -> Self {
        let live = desktop.tree.find(con);
        let facts = live.and_then(|con| desktop.facts(con));
        let process = facts.and_then(|facts| facts.process.as_ref());
        let owner = process.and_then(|process| Some((process.pid?, process.started?)));
        Self { con, owner }
    }

    /// Its process.
    pub(super) fn pid(self) -> Option<Pid> {
        Some(self.owner?.0)
    }

    /// True if its process is still running.
    pub(super) fn runs(self, process: &dyn Processes) -> bool {
        self.owner
            .is_some_and(|(pid, started)| process.runs(pid, started))
    }
}
