//! The window that fills a slot. If it is closed, its process tells whether the program is still
//! running.

use crate::live::{ConId, Desktop, Pid, ProcessId, XId};

/// The window in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placement {
    /// Its container.
    pub(super) con: ConId,
    /// Its X window. Ids of containers are addresses: i3 may give that of a closed window to another.
    window: Option<XId>,
    /// Its process; `None` if it is unknown or has ended.
    pub(super) owner: Option<ProcessId>,
}

impl Placement {
    /// The placement for the window in this container.
    pub(super) fn of(con: ConId, desktop: &Desktop) -> Self {
        let live = desktop.tree.find(con);
        let facts = live.and_then(|con| desktop.facts(con));
        let process = facts.and_then(|facts| facts.process.as_ref());
        let owner = process.and_then(|process| {
            Some(ProcessId {
                pid: process.pid?,
                started: process.started?,
            })
        });
        let window = live.and_then(|con| con.window);
        Self { con, window, owner }
    }

    /// True if the window is open.
    pub(super) fn is_open(self, desktop: &Desktop) -> bool {
        let live = desktop.tree.find(self.con);
        live.is_some_and(|con| con.window == self.window)
    }

    /// Its process.
    pub(super) fn pid(self) -> Option<Pid> {
        Some(self.owner?.pid)
    }

    /// A process has ended.
    pub(super) fn forget(&mut self, ended: ProcessId) {
        self.owner = self.owner.filter(|owner| *owner != ended);
    }
}
