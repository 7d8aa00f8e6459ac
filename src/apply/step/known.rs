//! Facts about windows that only a run knows.

use std::collections::BTreeSet;

use crate::apply::state::{Ended, SlotState, State};
use crate::compile::SlotIdx;
use crate::matching::{InRun, Known};

/// The slots for which this run waits or waited.
pub(super) struct WaitsFor {
    slots: BTreeSet<SlotIdx>,
    /// Those whose programs exited with code 0.
    handed_over: BTreeSet<SlotIdx>,
}

impl State<'_> {
    pub(super) fn waits_for(&self) -> WaitsFor {
        let slots = || {
            let states = self.slots.iter();
            states.filter_map(|(&idx, state)| match state {
                SlotState::Pending(pending) => Some((idx, pending)),
                SlotState::Placed(placed) => Some((idx, &placed.pending)),
                _ => None,
            })
        };
        let handed_over =
            slots().filter(|(_, pending)| matches!(pending.ended, Some(Ended::Well(_))));
        WaitsFor {
            slots: slots().map(|(idx, _)| idx).collect(),
            handed_over: handed_over.map(|(idx, _)| idx).collect(),
        }
    }

    /// The facts for the assignment of windows.
    pub(super) const fn known<'k>(&'k self, waits_for: &'k WaitsFor) -> Known<'k> {
        Known {
            reuse: self.setup.options.reuse,
            borrow: Some(&self.tally.borrow),
            run: Some(self.in_run(waits_for)),
        }
    }

    /// The facts about new windows.
    pub(super) const fn in_run<'k>(&'k self, waits_for: &'k WaitsFor) -> InRun<'k> {
        InRun {
            before: &self.desk.before,
            began: self.programs.own.1,
            started: &self.programs.started,
            expected: &waits_for.slots,
            handed_over: &waits_for.handed_over,
        }
    }
}
