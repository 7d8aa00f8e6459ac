//! Facts about windows that only a run knows.

use std::collections::BTreeSet;

use super::Run;
use crate::compile::SlotIdx;
use crate::matching::{InRun, Known};

/// The slots for which this run waits or waited.
pub(super) struct Expected {
    slots: BTreeSet<SlotIdx>,
    /// Those whose programs exited with code 0.
    handed_over: BTreeSet<SlotIdx>,
}

impl Run<'_, '_> {
    pub(super) fn waits_for(&self) -> Expected {
        let placed = self.placed.iter().map(|(idx, (_, pending))| (idx, pending));
        let slots = || self.pending.iter().chain(placed.clone());
        Expected {
            slots: slots().map(|(&idx, _)| idx).collect(),
            handed_over: slots()
                .filter(|(_, pending)| pending.ended_well.is_some())
                .map(|(&idx, _)| idx)
                .collect(),
        }
    }

    /// The facts for the assignment of windows.
    pub(super) const fn known<'k>(&'k self, expected: &'k Expected) -> Known<'k> {
        Known {
            reuse: self.options.reuse,
            borrow: Some(&self.borrow),
            run: Some(self.in_run(expected)),
        }
    }

    /// The facts about new windows.
    pub(super) const fn in_run<'k>(&'k self, expected: &'k Expected) -> InRun<'k> {
        InRun {
            before: &self.before,
            began: self.began,
            started: &self.started,
            expected: &expected.slots,
            handed_over: &expected.handed_over,
        }
    }
}
