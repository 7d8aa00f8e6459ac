//! A window that has come to its slot, and how to know whether its program still runs
//! when it is closed.

use crate::live::{ConId, Desktop, Pid, Processes};

/// A window in its slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seated {
    /// Its container.
    pub(super) con: ConId,
    /// Its process, and when that was started (proc(5), `starttime`): no two processes
    /// share both.
    owner: Option<(Pid, u64)>,
}

impl Seated {
    /// The window in this container.
    pub(super) fn of(con: ConId, desktop: &Desktop) -> Self {
        let live = desktop.tree.find(con);
        let facts = live.and_then(|con| desktop.facts(con));
        let process = facts.and_then(|facts| facts.process.as_ref());
        let owner = process.and_then(|process| Some((process.pid?, process.started?)));
        Self { con, owner }
    }

    /// Whether its process still runs.
    pub(super) fn runs(self, process: &dyn Processes) -> bool {
        self.owner
            .is_some_and(|(pid, started)| process.runs(pid, started))
    }
}
