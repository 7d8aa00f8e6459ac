//! Windows of another layout that a slot would use if they were free.
//!
//! They are not used without `--reuse all`. The slot's program is not started either, because it
//! would only open the same window a second time. So two files for the same desktop, such as a copy
//! and its original, do not open everything twice.

use std::collections::BTreeSet;
use std::fmt;

use super::assign::candidates;
use super::evidence::Judge;
use super::{Assignment, Reuse};
use crate::compile::{Plan, SlotIdx};
use crate::live::{ConId, Desktop};

/// A window of another layout that is on the slot's workspace, and that the slot's command would
/// only open a second time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The slot that would use it.
    pub slot: SlotIdx,
    /// The window's container.
    pub con: ConId,
    /// The window's title.
    pub title: String,
    /// The layout that it belongs to.
    pub layout: String,
    /// The slot of that layout.
    pub other: String,
}

impl fmt::Display for Held {
    /// Formats the reason why the slot has no window.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            title,
            layout,
            other,
            ..
        } = self;
        write!(
            f,
            "its window `{title}` belongs to slot `{other}` of layout `{layout}`"
        )
    }
}

/// The windows of other layouts for slots without a window; at most one for each slot, and no
/// window for two slots. Empty unless `reuse` is [`Reuse::Workspace`], because other values state
/// explicitly which windows may be used.
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
                // The first of several with the same weight.
                .rev()
                .max_by_key(|(weight, _)| *weight)?;
            let bound = judge.bound(*candidate, reuse)?;
            given.insert(candidate.con.id);
            Some(Held {
                slot,
                con: candidate.con.id,
                title: candidate.con.name().to_owned(),
                layout: bound.layout.to_owned(),
                other: bound.slot.to_owned(),
            })
        })
        .collect()
}
