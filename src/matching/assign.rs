//! The assignment with the highest total weight.

use std::collections::BTreeSet;

use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;

use super::judge::{Judge, Judgement, Windows};
use super::{Assignment, Evidence, Known, Match};
use crate::compile::{Launch, Plan, SlotIdx};
use crate::live::Desktop;

/// The largest bonus for the same position in the tree. It is lower than any evidence, so it only
/// breaks ties.
const ORDER_BONUS: i64 = 400;

/// Assigns windows to slots so that the total weight of the evidence is highest.
///
/// Only the total counts, so a window goes to the slot that has no other candidate, not to the
/// first that matches. The order in the tree breaks ties, so the result is deterministic.
///
/// A slot without a command that no program is going to fill may take a window of another layout.
pub fn match_windows<'a>(
    plan: &'a Plan,
    desktop: &'a Desktop,
    known: impl Into<Known<'a>>,
) -> Assignment {
    let known = known.into();
    let assignment = assign(plan, desktop, known);
    let mut borrow = stranded(plan, desktop, known, &assignment);
    if borrow.is_empty() {
        return assignment;
    }
    borrow.extend(known.borrow.into_iter().flatten());
    let known = Known {
        borrow: Some(&borrow),
        ..known
    };
    assign(plan, desktop, known)
}

/// The slots that have no window and no program that may still open one, if another layout has
/// reserved windows.
fn stranded(
    plan: &Plan,
    desktop: &Desktop,
    known: Known<'_>,
    assignment: &Assignment,
) -> BTreeSet<SlotIdx> {
    let own = plan.name_of_seats();
    let mut seats = desktop.seats.values().flatten();
    if !seats.any(|seat| seat.reserved && seat.layout != own) {
        return BTreeSet::new();
    }
    let is_empty = |idx: SlotIdx| assignment.window(idx).is_none();
    let is_expected = |idx| known.run.is_some_and(|run| run.expected.contains(&idx));
    let slots = plan.slots().filter(|(idx, slot)| {
        let mut kin = plan.slots().filter(|(_, other)| other.may_open(slot));
        matches!(slot.launch, Launch::Elsewhere)
            && is_empty(*idx)
            && !is_expected(*idx)
            && !kin.any(|(other, _)| is_empty(other))
            && !known.may_borrow(*idx)
    });
    slots.map(|(idx, _)| idx).collect()
}

fn assign(plan: &Plan, desktop: &Desktop, known: Known<'_>) -> Assignment {
    let windows = Windows::new(plan, desktop, known);
    let mut matches = recorded(plan, &windows);
    let mut free: Vec<usize> = (0..windows.all.len()).collect();
    free.retain(|&at| {
        let con = windows.all[at].con.id;
        !matches.iter().flatten().any(|found| found.con == con)
    });
    let open: Vec<SlotIdx> = plan
        .slots()
        .map(|(idx, _)| idx)
        .filter(|idx| matches[idx.0].is_none())
        .collect();
    let pairs = Pairs::new(&windows, &open, &free);
    for group in pairs.groups() {
        for (row, column) in pairs.best(&group) {
            matches[open[row].0] = Some(Match {
                con: windows.all[free[column]].con.id,
                evidence: pairs.of(row, column).to_vec(),
            });
        }
    }
    Assignment { matches }
}

/// The windows that are certainly in their slots. This outweighs all other evidence, so these
/// windows need no comparison.
fn recorded(plan: &Plan, windows: &Windows<'_>) -> Vec<Option<Match>> {
    let mut matches = vec![None; plan.slots.len()];
    for window in &windows.all {
        if let Some(slot) = windows.seat(window)
            && windows.may_keep_seat(window)
            && !windows.is_seat_doubtful(window, slot)
        {
            matches[slot.0] = Some(Match {
                con: window.con.id,
                evidence: vec![Evidence::Record],
            });
        }
    }
    matches
}

/// The evidence for each pair of an open slot and a free window.
struct Pairs<'w> {
    rows: Vec<Vec<Judgement>>,
    /// The slots of the rows.
    slots: &'w [SlotIdx],
    /// The positions of the columns' windows in the tree.
    positions: &'w [usize],
}

/// Rows and columns that have no evidence in common with others.
struct Group {
    rows: Vec<usize>,
    columns: Vec<usize>,
}

impl<'w> Pairs<'w> {
    fn new(windows: &Windows<'_>, slots: &'w [SlotIdx], positions: &'w [usize]) -> Self {
        let row = |&idx: &SlotIdx| {
            let judge = Judge::new(windows, idx);
            let windows = positions.iter().map(|&at| &windows.all[at]);
            windows.map(|window| judge.judge(window)).collect()
        };
        Self {
            rows: slots.iter().map(row).collect(),
            slots,
            positions,
        }
    }

    fn of(&self, row: usize, column: usize) -> &[Evidence] {
        self.rows[row][column].usable()
    }

    fn is_pair(&self, row: usize, column: usize) -> bool {
        !self.of(row, column).is_empty()
    }

    /// The connected groups: programs of different classes do not compete, so each group is
    /// solved alone, which keeps the matrices small on a crowded desktop.
    fn groups(&self) -> Vec<Group> {
        let mut is_free = vec![true; self.rows.len()];
        let mut groups = Vec::new();
        for first in 0..self.rows.len() {
            if !std::mem::take(&mut is_free[first]) {
                continue;
            }
            let (mut rows, mut columns) = (vec![first], Vec::new());
            let mut next = 0;
            while let Some(&row) = rows.get(next) {
                next += 1;
                for column in 0..self.positions.len() {
                    if self.is_pair(row, column) && !columns.contains(&column) {
                        columns.push(column);
                        for other in 0..self.rows.len() {
                            if is_free[other] && self.is_pair(other, column) {
                                is_free[other] = false;
                                rows.push(other);
                            }
                        }
                    }
                }
            }
            if !columns.is_empty() {
                columns.sort_unstable();
                groups.push(Group { rows, columns });
            }
        }
        groups
    }

    /// The best pairs of rows and columns in a group.
    fn best(&self, group: &Group) -> Vec<(usize, usize)> {
        // An empty column for each slot that gets no window.
        let weights = group.rows.iter().map(|&row| {
            let columns = group.columns.iter();
            let weights = columns.map(|&column| self.weight(row, column));
            weights
                .chain(std::iter::repeat_n(0, group.rows.len()))
                .collect::<Vec<i64>>()
        });
        let Ok(matrix) = Matrix::from_rows(weights) else {
            return Vec::new();
        };
        let (_, chosen) = kuhn_munkres(&matrix);
        let pairs = group.rows.iter().zip(chosen);
        let pairs = pairs.filter_map(|(&row, chosen)| Some((row, *group.columns.get(chosen)?)));
        pairs
            .filter(|&(row, column)| self.is_pair(row, column))
            .collect()
    }

    fn weight(&self, row: usize, column: usize) -> i64 {
        let evidence = self.of(row, column);
        if evidence.is_empty() {
            return 0;
        }
        let distance = self.slots[row].0.abs_diff(self.positions[column]);
        let distance = i64::try_from(distance).unwrap_or(ORDER_BONUS);
        let bonus = (ORDER_BONUS - distance.saturating_mul(distance)).max(1);
        evidence.iter().map(|one| one.weight()).sum::<i64>() + bonus
    }
}
