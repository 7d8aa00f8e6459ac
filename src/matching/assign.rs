//! The assignment with the highest total weight.

use std::collections::{BTreeMap, BTreeSet};

use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;

use super::evidence::{Judge, OpenWindow};
use super::{Assignment, Evidence, Match, Reuse};
use crate::compile::{Plan, SlotIdx};
use crate::live::{Con, ConId, Desktop};

/// The largest bonus for the same position in the tree. It is lower than any evidence, so it only
/// breaks ties.
const ORDER_BONUS: i64 = 1_000;

/// Assigns windows to slots so that the total weight of the evidence is highest.
///
/// Only the total counts, so a window goes to the slot that has no other candidate, not to the
/// first that matches. The order in the tree breaks ties, so the result is deterministic.
pub fn match_windows(plan: &Plan, desktop: &Desktop, reuse: Reuse) -> Assignment {
    let candidates = candidates(desktop);
    let mut matches = marked(plan, &candidates, reuse);
    let taken: BTreeSet<ConId> = matches.iter().flatten().map(|found| found.con).collect();
    let open: Vec<SlotIdx> = plan
        .slots()
        .map(|(idx, _)| idx)
        .filter(|idx| matches[idx.0].is_none())
        .collect();
    if open.is_empty() {
        return Assignment { matches };
    }
    let free: Vec<(usize, OpenWindow<'_>)> = candidates
        .into_iter()
        .enumerate()
        .filter(|(_, candidate)| !taken.contains(&candidate.con.id))
        .collect();
    let pairs: Vec<Vec<Vec<Evidence>>> = open
        .iter()
        .map(|&idx| {
            let judge = Judge::new(plan, idx);
            free.iter()
                .map(|(_, candidate)| judge.evidence(*candidate, reuse))
                .collect()
        })
        .collect();
    // Only windows that match some slot, to keep the matrix small on a crowded desktop, and an
    // empty column for each slot that gets no window.
    let wanted: Vec<usize> = (0..free.len())
        .filter(|&column| pairs.iter().any(|row| !row[column].is_empty()))
        .collect();
    if wanted.is_empty() {
        return Assignment { matches };
    }
    let rows: Vec<Vec<i64>> = pairs
        .iter()
        .zip(&open)
        .map(|(pair, idx)| {
            wanted
                .iter()
                .map(|&column| weight(&pair[column], idx.0, free[column].0))
                .chain(std::iter::repeat_n(0, open.len()))
                .collect()
        })
        .collect();
    let Ok(matrix) = Matrix::from_rows(rows) else {
        return Assignment { matches };
    };
    let (_, columns) = kuhn_munkres(&matrix);
    for (row, column) in columns.into_iter().enumerate() {
        let Some(&column) = wanted.get(column) else {
            continue;
        };
        let evidence = &pairs[row][column];
        if !evidence.is_empty() {
            matches[open[row].0] = Some(Match {
                con: free[column].1.con.id,
                evidence: evidence.clone(),
            });
        }
    }
    Assignment { matches }
}

/// The windows that have the marks of slots. A mark outweighs all other evidence and only one
/// window has it, so these windows need no comparison.
fn marked(plan: &Plan, candidates: &[OpenWindow<'_>], reuse: Reuse) -> Vec<Option<Match>> {
    if reuse == Reuse::None {
        return vec![None; plan.slots.len()];
    }
    let marks: BTreeMap<&str, ConId> = candidates
        .iter()
        .flat_map(|candidate| {
            let marks = candidate.con.attributes.marks.iter();
            marks.map(|mark| (mark.as_str(), candidate.con.id))
        })
        .collect();
    plan.slots()
        .map(|(idx, _)| {
            marks.get(plan.mark(idx).as_str()).map(|&con| Match {
                con,
                evidence: vec![Evidence::Record],
            })
        })
        .collect()
}

fn weight(evidence: &[Evidence], row: usize, order: usize) -> i64 {
    if evidence.is_empty() {
        return 0;
    }
    let distance = i64::try_from(row.abs_diff(order)).unwrap_or(ORDER_BONUS);
    let bonus = (ORDER_BONUS - distance.saturating_mul(distance)).max(1);
    evidence.iter().map(|one| one.weight()).sum::<i64>() + bonus
}

pub(super) fn candidates(desktop: &Desktop) -> Vec<OpenWindow<'_>> {
    let scratchpad = desktop
        .scratchpad()
        .into_iter()
        .flat_map(|con| con.windows().map(|window| (None, None, window)));
    desktop
        .workspaces()
        .flat_map(|workspace| {
            let frames = workspace.con.floating_nodes.iter();
            let sticky: BTreeSet<ConId> = frames
                .filter(|frame| frame.is_sticky_frame())
                .flat_map(Con::windows)
                .map(|con| con.id)
                .collect();
            workspace.con.windows().map(move |window| {
                let sticky_on = sticky.contains(&window.id).then_some(workspace.output);
                (Some(workspace.con.name()), sticky_on, window)
            })
        })
        .chain(scratchpad)
        .map(|(workspace, sticky_on, con)| OpenWindow {
            con,
            facts: desktop.facts(con),
            workspace,
            sticky_on,
        })
        .collect()
}
