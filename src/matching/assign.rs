//! The assignment with the highest total weight.

use std::collections::{BTreeMap, BTreeSet};

use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;
use pathfinding::undirected::connected_components::components;

use super::judge::Judge;
use super::windows::Windows;
use super::{Assignment, Evidence, Known, Match};
use crate::compile::{Launch, Plan, SlotIdx};
use crate::live::{ConId, Desktop};

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
    let taken: BTreeSet<ConId> = matches.iter().flatten().map(|found| found.con).collect();
    let mut free: Vec<usize> = (0..windows.all.len()).collect();
    free.retain(|&at| !taken.contains(&windows.all[at].con.id));
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
    for (at, window) in windows.all.iter().enumerate() {
        if let Some(slot) = windows.seat(window)
            && windows.may_keep_seat(window)
            && !windows.is_seat_doubtful(at, slot)
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
    /// For each slot, the windows that it may use, by column. Most windows match few slots.
    rows: Vec<BTreeMap<usize, Vec<Evidence>>>,
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
            let columns = positions.iter().enumerate();
            let usable = columns.filter_map(|(column, &at)| Some((column, judge.usable(at)?)));
            usable.collect()
        };
        Self {
            rows: slots.iter().map(row).collect(),
            slots,
            positions,
        }
    }

    fn of(&self, row: usize, column: usize) -> &[Evidence] {
        self.rows[row].get(&column).map_or(&[], Vec::as_slice)
    }

    fn is_pair(&self, row: usize, column: usize) -> bool {
        self.rows[row].contains_key(&column)
    }

    /// The connected groups: programs of different classes do not compete, so each group is
    /// solved alone, which keeps the matrices small on a crowded desktop.
    fn groups(&self) -> Vec<Group> {
        let width = self.rows.len();
        let linked = self.rows.iter().enumerate().map(|(row, usable)| {
            let columns = usable.keys().map(|column| width + column);
            std::iter::once(row).chain(columns).collect()
        });
        let linked: Vec<Vec<usize>> = linked.collect();
        let groups = components(&linked).into_iter();
        groups
            .map(|group| {
                let members: BTreeSet<usize> = group.into_iter().collect();
                let (rows, columns) = members.into_iter().partition(|&member| member < width);
                let columns: Vec<usize> = columns;
                Group {
                    rows,
                    columns: columns.iter().map(|column| column - width).collect(),
                }
            })
            .collect()
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::live::build::{one_output, win, workspace};
    use crate::testing::plan;

    /// A layout with slots of these classes and saved titles.
    fn layout(slots: &[(char, char)]) -> String {
        let slots = slots.iter().enumerate().map(|(at, (class, title))| {
            format!(
                "      - {{ id: s{at}, swallow: {{ class: ^{class}$ }}, command: {title}, \
                 seen: {{ title: {title} }} }}\n"
            )
        });
        let slots: String = slots.collect();
        format!("version: 1\nworkspaces:\n  - name: \"1\"\n    nodes:\n{slots}")
    }

    /// The highest total weight of all assignments, by trying each.
    fn highest(pairs: &Pairs<'_>, row: usize, taken: &mut Vec<usize>) -> i64 {
        if row == pairs.rows.len() {
            return 0;
        }
        let mut best = highest(pairs, row + 1, taken);
        for column in 0..pairs.positions.len() {
            if pairs.is_pair(row, column) && !taken.contains(&column) {
                taken.push(column);
                best = best.max(pairs.weight(row, column) + highest(pairs, row + 1, taken));
                taken.pop();
            }
        }
        best
    }

    proptest! {
        #[test]
        fn no_other_assignment_has_a_higher_weight(
            slots in prop::collection::vec((prop::char::range('A', 'B'), prop::char::range('a', 'c')), 1..5),
            windows in prop::collection::vec((prop::char::range('A', 'B'), prop::char::range('a', 'c'), any::<bool>()), 0..5),
        ) {
            let open = |is_here: bool| {
                let windows = windows.iter().filter(|window| window.2 == is_here);
                let trees = windows.map(|(class, title, _)| {
                    let title = title.to_string();
                    win("w").class(&class.to_string()).title(&title).argv([title.as_str()])
                });
                trees.collect::<Vec<_>>()
            };
            let desktop = one_output([workspace("1", open(true)), workspace("2", open(false))]);
            let plan = plan(&layout(&slots), &desktop);
            let judged = Windows::new(&plan, &desktop, Known::default());
            let rows: Vec<SlotIdx> = plan.slots().map(|(idx, _)| idx).collect();
            let columns: Vec<usize> = (0..judged.all.len()).collect();
            let pairs = Pairs::new(&judged, &rows, &columns);
            let chosen = pairs.groups().iter().flat_map(|group| pairs.best(group)).collect::<Vec<_>>();
            let total: i64 = chosen.iter().map(|&(row, column)| pairs.weight(row, column)).sum();
            prop_assert_eq!(total, highest(&pairs, 0, &mut Vec::new()));
        }
    }
}
