//! The assignment of live windows to slots.
//!
//! One pure function: the slots of a Plan and the windows of a Desktop, with all
//! evidence for each pair, to the assignment of the highest total weight.

mod assign;
mod evidence;
mod explain;
mod held;
mod likeness;
#[cfg(test)]
mod tests;

pub use assign::match_windows;
pub use evidence::{Evidence, Reuse};
pub use explain::{Barred, Explained, Explanation, explain};
pub use held::{Held, held};
pub use likeness::likeness;

use crate::compile::SlotIdx;
use crate::live::ConId;

/// A window for each slot that has one; no window for two slots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assignment {
    /// In the order of the plan's slots.
    pub matches: Vec<Option<Match>>,
}

/// The window of a slot, and why it is that one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The window's container.
    pub con: ConId,
    /// What speaks for it, strongest first.
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

    /// Takes the other windows from their slots.
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
