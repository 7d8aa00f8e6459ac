//! Which open window belongs to which slot.
//!
//! One pure function answers this before a run, while windows arrive, at its end, and for
//! `diff`, `capture --update` and `--explain`: [`match_windows`]. From the slots of a plan, the
//! windows of a desktop and the facts in [`Known`], it computes the evidence for each pair, and
//! the assignment with the highest total weight.

mod assign;
mod barred;
mod evidence;
mod explain;
mod judge;
mod known;
mod likeness;
#[cfg(test)]
mod run_tests;
#[cfg(test)]
mod seat_tests;
mod sought;
mod started;
#[cfg(test)]
mod tests;
mod undecided;
mod windows;

pub use assign::match_windows;
pub use barred::Barred;
pub use evidence::Evidence;
pub use explain::{Explained, Explanation, explain};
pub use known::{InRun, Known, Reuse};
pub use sought::Sought;
pub use started::Started;
pub use undecided::undecided;

use crate::compile::SlotIdx;
use crate::live::ConId;

/// At most one window for each slot, and no window for two slots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assignment {
    /// The matches, in the order of the plan's slots.
    pub matches: Vec<Option<Match>>,
}

/// The window of a slot, with the reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The window's container.
    pub con: ConId,
    /// The evidence for it.
    pub evidence: Vec<Evidence>,
}

impl Assignment {
    /// The window of a slot.
    pub fn window(&self, idx: SlotIdx) -> Option<ConId> {
        self.matches
            .get(idx.0)
            .and_then(Option::as_ref)
            .map(|found| found.con)
    }

    /// Removes the other windows from the assignment.
    pub fn retain(&mut self, keep: impl Fn(SlotIdx, &Match) -> bool) {
        for (idx, found) in self.matches.iter_mut().enumerate() {
            found.take_if(|found| !keep(SlotIdx(idx), found));
        }
    }

    /// The slot of a window.
    pub fn slot(&self, con: ConId) -> Option<SlotIdx> {
        self.matches
            .iter()
            .position(|found| found.as_ref().is_some_and(|found| found.con == con))
            .map(SlotIdx)
    }
}
