//! What a run knows about windows besides the desktop.

use std::collections::{BTreeMap, BTreeSet};

use super::Run;
use crate::compile::SlotIdx;
use crate::live::XId;
use crate::matching::{InRun, Known, Reuse, Started};

/// What a run knows at one moment.
pub(super) struct Knowledge {
    reuse: Reuse,
    before: BTreeSet<XId>,
    began: Option<u64>,
    started: BTreeMap<SlotIdx, Started>,
    expected: BTreeSet<SlotIdx>,
    handed_over: BTreeSet<SlotIdx>,
    borrow: BTreeSet<SlotIdx>,
}

impl Knowledge {
    /// The same for the assignment of windows.
    pub(super) const fn known(&self) -> Known<'_> {
        Known {
            reuse: self.reuse,
            borrow: Some(&self.borrow),
            run: Some(self.run()),
        }
    }

    /// The part about new windows.
    pub(super) const fn run(&self) -> InRun<'_> {
        InRun {
            before: &self.before,
            began: self.began,
            started: &self.started,
            expected: &self.expected,
            handed_over: &self.handed_over,
        }
    }
}

impl Run<'_, '_> {
    pub(super) fn knowledge(&self) -> Knowledge {
        let placed = self.placed.iter().map(|(idx, (_, pending))| (idx, pending));
        let slots = || self.pending.iter().chain(placed.clone());
        Knowledge {
            reuse: self.options.reuse,
            before: self.before.clone(),
            began: self.began,
            started: self.started.clone(),
            expected: slots().map(|(&idx, _)| idx).collect(),
            handed_over: slots()
                .filter(|(_, pending)| pending.ended_well.is_some())
                .map(|(&idx, _)| idx)
                .collect(),
            borrow: self.borrow.clone(),
        }
    }
}
