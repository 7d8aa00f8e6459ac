//! Windows that another layout has, and that a slot would take if they were free.
//!
//! They are not taken without being asked, and the slot's program is not started either:
//! it would only open the same window a second time.
//! So two files of one desktop, such as a copy and its original, do not double the desktop.

use std::collections::BTreeSet;

use super::assign::candidates;
use super::evidence::Judge;
use super::{Assignment, Reuse};
use crate::compile::{Plan, SlotIdx};
use crate::live::Desktop;

/// A window of another layout's slot that is on the slot's own workspace, and that the
/// slot's command would open again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("its window `{title}` belongs to slot `{other}` of layout `{layout}`")]
pub struct Held {
    /// The slot that would take it.
    pub slot: SlotIdx,
    /// The window's title.
    pub title: String,
    /// The layout that has it.
    pub layout: String,
    /// The slot there that it is in.
    pub other: String,
}

/// For each slot without a window the one that another layout has, if there is one; no
/// window for two slots. Nothing unless `reuse` is [`Reuse::Workspace`]: else a person has
/// said what may be taken and what is started anew.
pub fn held(plan: &Plan, desktop: &Desktop, reuse: Reuse, assignment: &Assignment) -> Vec<Held> {
    if reuse != Reuse::Workspace {
        return Vec::new();
    }
    let free: Vec<_> = candidates(desktop)
        .into_iter()
        .filter(|candidate| candidate.con.has_own_mark())
        .filter(|candidate| assignment.slot(candidate.con.id).is_none())
        .collect();
    if free.is_empty() {
        return Vec::new();
    }
    let mut given = BTreeSet::new();
    plan.slots()
        .filter(|(idx, _)| assignment.window(*idx).is_none())
        .filter_map(|(slot, _)| {
            let judge = Judge::new(plan, slot);
            let (_, candidate) = free
                .iter()
                .filter(|candidate| !given.contains(&candidate.con.id))
                .filter_map(|candidate| Some((judge.wants(*candidate)?, candidate)))
                // The first of several that weigh the same.
                .rev()
                .max_by_key(|(weight, _)| *weight)?;
            let bound = judge.bound(*candidate, reuse)?;
            given.insert(candidate.con.id);
            Some(Held {
                slot,
                title: candidate.con.name().to_owned(),
                layout: bound.layout.to_owned(),
                other: bound.slot.to_owned(),
            })
        })
        .collect()
}
