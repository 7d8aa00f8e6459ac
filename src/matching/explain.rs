//! Explains why a window is or is not used for a slot.

use super::assign::{candidates, match_windows};
use super::evidence::Judge;
use super::{Evidence, Reuse};
use crate::compile::{Plan, SlotIdx};
use crate::live::{ConId, Desktop};

/// A slot with all windows that match it, including those that it may not use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The slot.
    pub slot: SlotIdx,
    /// The windows. Those that the slot may use come first, by descending weight.
    pub candidates: Vec<Explained>,
}

/// A window that matches a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// Its container.
    pub con: ConId,
    /// The evidence for it, strongest first.
    pub evidence: Vec<Evidence>,
    /// The sum of the weights.
    pub weight: i64,
    /// The slot that the window is assigned to, this one or another.
    pub taken_by: Option<SlotIdx>,
    /// The reason why this slot may not use it, if any.
    pub barred: Option<Barred>,
}

/// A reason why a window that matches may not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Barred {
    /// It is in a slot of another layout.
    #[error("it belongs to slot `{slot}` of layout `{layout}`")]
    OtherLayout {
        /// That layout.
        layout: String,
        /// The slot there.
        slot: String,
    },
    /// It is in another slot of this layout.
    #[error("it belongs to slot `{slot}`")]
    OtherSlot {
        /// That slot.
        slot: String,
    },
    /// It is a declared or an undeclared splash screen.
    #[error("it is a splash screen")]
    Splash,
    /// It is on another workspace, and its command or directory differs from the slot's.
    #[error("it is on another workspace, and its command or directory differs")]
    Elsewhere,
    /// `--reuse none` or `--reuse marked` was given.
    #[error("`--reuse` excludes it")]
    NotAllowed,
}

/// All selected slots, with all windows that match them.
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
                    let mut barred = None;
                    if evidence.is_empty() {
                        evidence = judge.evidence_unbound(*candidate, Reuse::All);
                        barred = Some(match judge.bound(*candidate, reuse) {
                            Some(bound) if bound.layout == plan.in_marks() => Barred::OtherSlot {
                                slot: bound.slot.to_owned(),
                            },
                            Some(bound) => Barred::OtherLayout {
                                layout: bound.layout.to_owned(),
                                slot: bound.slot.to_owned(),
                            },
                            None if reuse == Reuse::Workspace && judge.is_splash(*candidate) => {
                                Barred::Splash
                            }
                            None if reuse == Reuse::Workspace => Barred::Elsewhere,
                            None => Barred::NotAllowed,
                        });
                    }
                    evidence.sort_by_key(|one| std::cmp::Reverse(one.weight()));
                    Explained {
                        con: candidate.con.id,
                        weight: evidence.iter().map(|one| one.weight()).sum(),
                        evidence,
                        taken_by: assignment.slot(candidate.con.id),
                        barred,
                    }
                })
                .filter(|explained| !explained.evidence.is_empty())
                .collect();
            candidates.sort_by_key(|explained| {
                let weight = std::cmp::Reverse(explained.weight);
                (explained.barred.is_some(), weight)
            });
            Explanation { slot, candidates }
        })
        .collect()
}
