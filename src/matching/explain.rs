//! Why a window is or is not the one of a slot.

use super::assign::{candidates, match_windows};
use super::evidence::Judge;
use super::{Evidence, Reuse};
use crate::compile::{Plan, SlotIdx};
use crate::live::{ConId, Desktop};

/// A slot with all windows that it could take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The slot.
    pub slot: SlotIdx,
    /// The windows, the one with the highest weight first.
    pub candidates: Vec<Explained>,
}

/// A window that a slot could take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// Its container.
    pub con: ConId,
    /// What speaks for it, strongest first.
    pub evidence: Vec<Evidence>,
    /// The sum of the weights.
    pub weight: i64,
    /// The slot that takes it in the end, be it this one or another.
    pub taken_by: Option<SlotIdx>,
}

/// Every slot that is meant, with every window that it could take.
pub fn explain(
    plan: &Plan,
    desktop: &Desktop,
    reuse: Reuse,
    is_meant: impl Fn(SlotIdx) -> bool,
) -> Vec<Explanation> {
    let assignment = match_windows(plan, desktop, reuse);
    let windows = candidates(desktop);
    plan.slots()
        .filter(|(slot, _)| is_meant(*slot))
        .map(|(slot, _)| {
            let judge = Judge::new(plan, slot);
            let mut candidates: Vec<Explained> = windows
                .iter()
                .map(|candidate| {
                    let mut evidence = judge.evidence(*candidate, reuse);
                    evidence.sort_by_key(|one| std::cmp::Reverse(one.weight()));
                    Explained {
                        con: candidate.con.id,
                        weight: evidence.iter().map(|one| one.weight()).sum(),
                        evidence,
                        taken_by: assignment.slot(candidate.con.id),
                    }
                })
                .filter(|explained| !explained.evidence.is_empty())
                .collect();
            candidates.sort_by_key(|explained| std::cmp::Reverse(explained.weight));
            Explanation { slot, candidates }
        })
        .collect()
}
