//! Windows of one process that ended up in each other's slots.
//!
//! A browser or an editor opens all its windows from one process, in any order, and sets their
//! titles after it has loaded their documents. Such a window therefore goes into a slot when it
//! opens. If the titles later show that two windows are swapped, they change places.
//!
//! Pure: computes commands from the current desktop and the programs that this run has started.

use std::collections::{BTreeMap, BTreeSet};

use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;

use super::started::{Started, asked_for};
use crate::compile::{Launch, Plan, SlotIdx};
use crate::live::{Con, ConId, Desktop, Pid, WindowFacts, XId};
use crate::matching::likeness;
use crate::wm::command::Command;

/// The minimum advantage of another slot before a window moves, in percent of title likeness.
const MARGIN: u8 = 10;

/// The minimum likeness to the saved title before a title moves a window, in percent.
const LIKE: u8 = 60;

/// The likeness of identical titles.
const SAME: u8 = 100;

/// The input besides the desktop.
#[derive(Clone, Copy, Debug)]
pub struct Seats<'a> {
    /// The programs that this run has started.
    pub started: &'a BTreeMap<SlotIdx, Started>,
    /// The slots filled in this run.
    pub filled: &'a BTreeSet<SlotIdx>,
    /// The windows that were open before the run.
    pub before: &'a BTreeSet<XId>,
}

/// The result for windows of one process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reseated {
    /// The commands, for one message.
    pub commands: Vec<Command>,
    /// The windows whose titles do not identify their slot yet.
    pub unsure: BTreeSet<ConId>,
}

/// True if the title fits one slot so much better than another that it decides where a window goes,
/// if no other evidence does.
pub(super) fn title_fits_better(
    plan: &Plan,
    con: &Con,
    slot: SlotIdx,
    rather_than: SlotIdx,
) -> bool {
    let there = title_likeness(plan, slot, con);
    let here = title_likeness(plan, rather_than, con);
    is_clear(there.into(), here.into())
}

/// True if these points clearly exceed those of another slot.
fn is_clear(points: i64, rival: i64) -> bool {
    points > rival
        && (points >= i64::from(SAME)
            || points >= i64::from(LIKE) && points >= rival + i64::from(MARGIN))
}

/// The likeness of the window's title to the title that `capture` saved, in percent.
fn title_likeness(plan: &Plan, slot: SlotIdx, con: &Con) -> u8 {
    let seen = plan.slot(slot).seen.title.as_deref();
    let title = con.properties.as_ref().and_then(|one| one.title.as_deref());
    seen.zip(title)
        .map_or(0, |(seen, title)| likeness(seen, title))
}

/// Swaps windows of the same process whose titles, or the directories of the shells inside them,
/// show that they are in each other's slots.
pub fn reseat(plan: &Plan, desktop: &Desktop, seats: Seats<'_>) -> Reseated {
    let mut reseated = Reseated::default();
    for group in groups(plan, desktop, seats) {
        group.reseat(plan, &mut reseated);
    }
    reseated
}

/// Slots and windows of one process whose assignment is uncertain.
#[derive(Default)]
struct Group<'a> {
    slots: Vec<SlotIdx>,
    /// The windows of the slots in their order, then the windows that are in no slot.
    windows: Vec<(&'a Con, &'a WindowFacts)>,
}

fn groups<'a>(plan: &Plan, desktop: &'a Desktop, seats: Seats<'_>) -> Vec<Group<'a>> {
    let marks: BTreeMap<String, SlotIdx> = seats
        .filled
        .iter()
        .map(|&idx| (plan.mark(idx), idx))
        .collect();
    let mut groups: BTreeMap<Pid, Group<'a>> = BTreeMap::new();
    let mut free = Vec::new();
    for con in desktop.tree.windows().filter(|con| con.is_main_window()) {
        let (Some(id), Some(facts)) = (con.window, desktop.facts(con)) else {
            continue;
        };
        let Some(pid) = facts.pid().filter(|_| !seats.before.contains(&id)) else {
            continue;
        };
        match con.of_mark(&marks) {
            Some(slot) => {
                let started = seats.started.get(&slot);
                if started.is_some_and(|started| asked_for(facts, started)) {
                    continue;
                }
                let group = groups.entry(pid).or_default();
                group.slots.push(slot);
                group.windows.push((con, facts));
            }
            None if !con.has_own_mark() => free.push((pid, con, facts)),
            None => {}
        }
    }
    for (pid, con, facts) in free {
        if let Some(group) = groups.get_mut(&pid) {
            group.windows.push((con, facts));
        }
    }
    groups.retain(|_, group| group.windows.len() > 1);
    groups.into_values().collect()
}

impl Group<'_> {
    fn reseat(&self, plan: &Plan, reseated: &mut Reseated) {
        let points: Vec<Vec<i64>> = self
            .slots
            .iter()
            .map(|&slot| {
                self.windows
                    .iter()
                    .map(|(con, facts)| {
                        i64::from(title_likeness(plan, slot, con)) + directory(plan, slot, facts)
                    })
                    .collect()
            })
            .collect();
        let chosen = self.choose(&points);
        let sum = |seat: &dyn Fn(usize) -> usize| -> i64 {
            (0..self.slots.len())
                .map(|row| points[row][seat(row)])
                .sum()
        };
        let gain = sum(&|row| chosen[row]) - sum(&|row| row);
        let moved = || (0..self.slots.len()).filter(|&row| chosen[row] != row);
        let is_exact = moved().any(|row| points[row][chosen[row]] >= i64::from(SAME));
        let is_like = moved().any(|row| points[row][chosen[row]] >= i64::from(LIKE));
        let seats = if gain > 0 && is_exact || gain >= i64::from(MARGIN) && is_like {
            self.swap(plan, &chosen, &mut reseated.commands);
            chosen
        } else {
            (0..self.slots.len()).collect()
        };
        self.note_unsure(plan, &seats, &points, &mut reseated.unsure);
    }

    /// The window for each slot, by the highest sum. Windows keep their slots in case of a tie.
    fn choose(&self, points: &[Vec<i64>]) -> Vec<usize> {
        let rows = points.iter().enumerate().map(|(row, points)| {
            let with_present =
                |(column, points): (usize, &i64)| points * 100 + i64::from(column == row);
            points
                .iter()
                .enumerate()
                .map(with_present)
                .collect::<Vec<_>>()
        });
        Matrix::from_rows(rows).map_or_else(
            |_| (0..self.slots.len()).collect(),
            |matrix| kuhn_munkres(&matrix).1,
        )
    }

    fn swap(&self, plan: &Plan, chosen: &[usize], commands: &mut Vec<Command>) {
        // The window in each place: first the places of the slots, then those of the other windows.
        let mut places: Vec<usize> = (0..self.windows.len()).collect();
        let mut marks = Vec::new();
        for (row, &wanted) in chosen.iter().enumerate() {
            let Some(from) = places.iter().position(|&window| window == wanted) else {
                continue;
            };
            if from != row {
                commands.push(Command::Swap {
                    con: self.windows[wanted].0.id,
                    with: self.windows[places[row]].0.id,
                });
                places.swap(row, from);
            }
            if wanted != row {
                // i3 removes the mark from the window that had it.
                marks.push(Command::Mark {
                    con: self.windows[wanted].0.id,
                    mark: plan.mark(self.slots[row]),
                });
            }
        }
        commands.append(&mut marks);
    }

    /// Notes windows whose titles may still change. If only one is left, its slot is certain.
    fn note_unsure(
        &self,
        plan: &Plan,
        seats: &[usize],
        points: &[Vec<i64>],
        unsure: &mut BTreeSet<ConId>,
    ) {
        let title = |row: usize| plan.slot(self.slots[row]).seen.title.as_deref();
        let others = |row: usize| {
            let rows = 0..self.slots.len();
            rows.filter(move |&other| title(other) != title(row))
        };
        let open = (0..self.slots.len())
            .filter(|&row| title(row).is_some() && others(row).next().is_some())
            .filter(|&row| {
                let points = |slot: usize| points[slot][seats[row]];
                !others(row).all(|other| is_clear(points(row), points(other)))
            });
        if open.count() > 1 {
            unsure.extend(self.windows.iter().map(|(con, _)| con.id));
        }
    }
}

/// The points for the working directory of the shell inside a terminal window.
fn directory(plan: &Plan, slot: SlotIdx, facts: &WindowFacts) -> i64 {
    match (&plan.slot(slot).launch, &facts.inside) {
        (Launch::Program(program), Some(inside)) => {
            let is_there = inside.directory() == Some(program.cwd.as_path());
            i64::from(is_there) * 100
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::live::build::{Tree, one_output, win, workspace};
    use crate::live::{Inside, Process};
    use crate::testing::plan;

    const LAYOUT: &str = r#"
version: 1
name: t
workspaces:
  - name: "1"
    nodes:
      - { id: a, swallow: { class: ^Web$ }, command: web, seen: { title: Page one - Web } }
      - { id: b, swallow: { class: ^Web$ }, command: null, seen: { title: Page two - Web } }
      - { id: c, swallow: { class: ^Web$ }, command: null, seen: { title: Page three - Web } }
      - { id: d, swallow: { class: ^Term$ }, command: termc, cwd: /src }
      - { id: e, swallow: { class: ^Term$ }, command: termc, cwd: /doc }
"#;

    fn of_process(pid: u32, title: &str) -> Tree {
        win("web").title(title).facts(|facts| {
            facts.server_pid = Some(Pid(pid));
        })
    }

    /// Checks the titles in the slots afterwards, and whether titles are pending. `placed` has the
    /// windows in the slots, in order; `free` has windows of the same process in no slot.
    #[track_caller]
    fn check(placed: &[(&str, Tree)], free: Vec<Tree>, expected: &str) {
        let mut windows: Vec<Tree> = Vec::new();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for (slot, window) in placed {
            places.insert(format!("_i3pm:t:{slot}"), windows.len());
            windows.push(window.clone().mark(&format!("_i3pm:t:{slot}")));
        }
        windows.extend(free);
        let live = one_output([workspace("1", windows)]);
        let plan = plan(LAYOUT, &live);
        let reseated = reseat(
            &plan,
            &live,
            Seats {
                started: &BTreeMap::from([(
                    SlotIdx(0),
                    Started {
                        token: "A".to_owned(),
                        pid: None,
                    },
                )]),
                filled: &plan.slots().map(|(idx, _)| idx).collect(),
                before: &BTreeSet::new(),
            },
        );
        // The position and the marks of each window after i3 has run the commands.
        let mut cons: Vec<&Con> = live.tree.windows().collect();
        let mut marks: BTreeMap<String, ConId> = places
            .iter()
            .map(|(mark, &place)| (mark.clone(), cons[place].id))
            .collect();
        for command in &reseated.commands {
            match command {
                Command::Swap { con, with } => {
                    let at = |id: &ConId| cons.iter().position(|con| con.id == *id).unwrap();
                    let (one, other) = (at(con), at(with));
                    cons.swap(one, other);
                }
                Command::Mark { con, mark } => {
                    marks.insert(mark.clone(), *con);
                }
                other => panic!("{other:?}"),
            }
        }
        let mut titles = Vec::new();
        for (mark, &place) in &places {
            assert_eq!(
                marks[mark], cons[place].id,
                "the window in the place has the mark"
            );
            titles.push(
                cons[place]
                    .properties
                    .as_ref()
                    .unwrap()
                    .title
                    .clone()
                    .unwrap(),
            );
        }
        let unsure = if reseated.unsure.is_empty() { "" } else { " ?" };
        assert_eq!(format!("{}{unsure}", titles.join(", ")), expected);
    }

    #[test]
    fn windows_are_swapped_by_title() {
        let web = |title| of_process(7, title);
        check(
            &[
                ("a", web("Page three - Web")),
                ("b", web("Page one - Web")),
                ("c", web("(2) Page two - Web")),
            ],
            Vec::new(),
            "Page one - Web, (2) Page two - Web, Page three - Web",
        );
        // The last window goes into the last slot.
        check(
            &[("a", web("Page two - Web")), ("b", web("Web"))],
            Vec::new(),
            "Web, Page two - Web",
        );
    }

    #[test]
    fn unspecific_titles_are_waited_for() {
        let web = |title| of_process(7, title);
        check(
            &[("a", web("Web")), ("b", web("Web"))],
            Vec::new(),
            "Web, Web ?",
        );
        check(
            &[("a", web("Web")), ("b", web("Page two")), ("c", web("Web"))],
            Vec::new(),
            "Web, Page two, Web ?",
        );
    }

    #[test]
    fn window_without_a_slot_replaces_another_if_it_fits_better() {
        let web = |title| of_process(7, title);
        check(
            &[("a", web("Welcome to Web")), ("b", web("Page two - Web"))],
            vec![web("Page one - Web")],
            "Page one - Web, Page two - Web",
        );
    }

    #[test]
    fn windows_of_other_processes_and_requested_windows_stay() {
        check(
            &[
                ("a", of_process(7, "Page two - Web")),
                ("b", of_process(8, "Page one - Web")),
            ],
            Vec::new(),
            "Page two - Web, Page one - Web",
        );
        let asked = of_process(7, "Page two - Web").facts(|facts| {
            facts.startup_id = Some("i3pm-layout/A_TIME0".to_owned());
        });
        check(
            &[("a", asked), ("b", of_process(7, "Page one - Web"))],
            Vec::new(),
            "Page two - Web, Page one - Web",
        );
    }

    #[test]
    fn windows_are_swapped_by_the_directories_of_their_shells() {
        let term = |title: &str, directory: &str| {
            let shell = Process {
                cwd: Some(directory.into()),
                ..Process::default()
            };
            of_process(7, title).class("Term").facts(move |facts| {
                facts.inside = Some(Inside {
                    shell: shell.clone(),
                    job: None,
                });
            })
        };
        check(
            &[("d", term("x", "/doc")), ("e", term("y", "/src"))],
            Vec::new(),
            "y, x",
        );
    }
}
