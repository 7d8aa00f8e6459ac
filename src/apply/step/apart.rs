//! Learns which commands of a program have a process each.

use std::collections::{BTreeMap, BTreeSet};

use crate::apply::apart::{Apart, CommandHash};
use crate::apply::queue;
use crate::apply::state::{Placed, State};
use crate::compile::SlotIdx;
use crate::live::Pid;

impl State<'_> {
    /// The slots of programs of which this run has opened several windows.
    fn slots_by_program(&self) -> Vec<Vec<SlotIdx>> {
        queue::programs(self.setup.plan, self.placed().map(|(idx, _)| idx))
    }

    /// True if this run has opened several windows of a program.
    pub(in crate::apply) fn has_several_windows(&self) -> bool {
        !self.slots_by_program().is_empty()
    }

    /// Notes what the windows of this run show about the processes of their commands.
    pub(in crate::apply) fn note_apart(&self, apart: &mut Apart) {
        let owners = self.own_processes();
        for slots in self.slots_by_program() {
            let commands = CommandHash::of_slots(self.setup.plan, &slots);
            let own = slots.iter().filter_map(|idx| owners.get(idx));
            let distinct: BTreeSet<Pid> = own.copied().collect();
            if distinct.len() == slots.len() {
                apart.add(commands);
            } else {
                apart.forget(&commands);
            }
        }
    }

    /// The processes of windows that were started for the slots of the windows.
    fn own_processes(&self) -> BTreeMap<SlotIdx, Pid> {
        let Some(desktop) = self.desk.last.as_deref() else {
            return BTreeMap::new();
        };
        let own = |(idx, placed): (SlotIdx, &Placed)| {
            let con = desktop.tree.find(placed.placement.con)?;
            let process = desktop.facts(con)?.process.as_ref()?;
            let token = self.programs.started.get(&idx)?.token.as_ref()?;
            let pid = process
                .pid
                .filter(|_| process.token.as_ref() == Some(token))?;
            Some((idx, pid))
        };
        self.placed().filter_map(own).collect()
    }
}
