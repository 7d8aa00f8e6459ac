//! Explains why a window is or is not used for a slot.

use super::assign::match_windows;
use super::judge::Judge;
use super::windows::Windows;
use super::{Barred, Evidence, Known};
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

/// All selected slots, with all windows that match them.
pub fn explain<'a>(
    plan: &'a Plan,
    desktop: &'a Desktop,
    known: impl Into<Known<'a>>,
    is_meant: impl Fn(SlotIdx) -> bool,
) -> Vec<Explanation> {
    let known = known.into();
    let assignment = match_windows(plan, desktop, known);
    let windows = Windows::new(plan, desktop, known);
    plan.slots()
        .filter(|(slot, _)| is_meant(*slot))
        .map(|(slot, _)| {
            let judge = Judge::new(&windows, slot);
            let mut candidates: Vec<Explained> = windows
                .all
                .iter()
                .enumerate()
                .map(|(at, window)| {
                    let judgement = judge.judge(at);
                    let mut evidence = judgement.evidence;
                    evidence.sort_by_key(|one| std::cmp::Reverse(one.weight()));
                    Explained {
                        con: window.con.id,
                        weight: evidence.iter().map(|one| one.weight()).sum(),
                        evidence,
                        taken_by: assignment.slot(window.con.id),
                        barred: judgement.barred,
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
