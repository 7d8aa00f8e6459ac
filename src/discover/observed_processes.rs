//! The processes of windows, as a look at the desktop asks for them.

use std::collections::BTreeMap;

use super::proc_table::ProcTable;
use super::terminal_children::is_worth_reading;
use crate::live::{Inside, Pid, Process, Processes, XId};

/// Processes with all that there is to know, each read once.
impl Processes for ProcTable {
    fn process(&self, pid: Pid) -> Option<Process> {
        Self::process(self, pid)
    }

    fn insides(
        &self,
        pid: Pid,
        process: &Process,
        windows: &[XId],
    ) -> Option<BTreeMap<XId, Inside>> {
        is_worth_reading(process, windows.len())
            .then(|| self.insides(pid, windows, &|pid| self.process(pid)))
    }
}

/// Processes as they are at this moment, read anew each time: the programs that a run
/// starts change their command line while it looks on (a shell becomes the program).
#[derive(Clone, Copy, Debug)]
pub struct Fresh;

impl Processes for Fresh {
    fn process(&self, pid: Pid) -> Option<Process> {
        ProcTable::new().process(pid)
    }

    fn insides(
        &self,
        pid: Pid,
        process: &Process,
        windows: &[XId],
    ) -> Option<BTreeMap<XId, Inside>> {
        Processes::insides(&ProcTable::new(), pid, process, windows)
    }
}
