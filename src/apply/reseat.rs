//! Windows of one process that came into each other's slots.
//!
//! A browser or an editor opens all of its windows from one process, in an order of its
//! own, and gives them their titles when their documents are there. So such a window is
//! put into a slot as it comes, and when its title says more, those that are crosswise
//! change places.
//!
//! Pure: the desktop as it is, and what this run has started, to commands.

use std::collections::{BTreeMap, BTreeSet};

use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;

use super::started::{Started, asked_for};
use crate::compile::{Launch, Plan, SlotIdx};
use crate::live::{Con, ConId, Desktop, Pid, WindowFacts, XId};
use crate::matching::likeness;
use crate::wm::command::Command;

/// How much better, in percent, a title has to fit another slot before a window moves.
const MARGIN: u8 = 10;

/// How like the saved one a title has to be before it moves a window, in percent.
const LIKE: u8 = 60;

/// The likeness of the very same title.
const SAME: u8 = 100;

/// What there is to know beside the desktop.
#[derive(Clone, Copy, Debug)]
pub struct Seats<'a> {
    /// What this run has started.
    pub started: &'a BTreeMap<SlotIdx, Started>,
    /// The slots that have got their windows in this run.
    pub filled: &'a BTreeSet<SlotIdx>,
    /// The windows that were there before the run.
    pub before: &'a BTreeSet<XId>,
}

/// What to do about windows of one process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reseated {
    /// To be sent in one message.
    pub commands: Vec<Command>,
    /// The windows whose titles do not tell yet which slot is theirs.
    pub unsure: BTreeSet<ConId>,
}

/// Whether the title speaks so much more for one slot than for another that a window
/// which nobody else can place goes there.
pub(super) fn speaks_for(plan: &Plan, con: &Con, slot: SlotIdx, rather_than: SlotIdx) -> bool {
    let there = title_likeness(plan, slot, con);
    let here = title_likeness(plan, rather_than, con);
    is_clear(there.into(), here.into())
}

/// Whether these points leave no doubt beside those of another slot.
fn is_clear(points: i64, rival: i64) -> bool {
    points > rival
        && (points >= i64::from(SAME)
            || points >= i64::from(LIKE) && points >= rival + i64::from(MARGIN))
}

/// How like the title that capture saw the window's is, in percent.
fn title_likeness(plan: &Plan, slot: SlotIdx, con: &Con) -> u8 {
    let seen = plan.slot(slot).seen.title.as_deref();
    let title = con.properties.as_ref().and_then(|one| one.title.as_deref());
    seen.zip(title)
        .map_or(0, |(seen, title)| likeness(seen, title))
}

/// Lets the windows of each process change places where their titles, or the directories
/// of the shells inside them, say that they are crosswise.
pub fn reseat(plan: &Plan, desktop: &Desktop, seats: Seats<'_>) -> Reseated {
    let mut reseated = Reseated::default();
    for group in groups(plan, desktop, seats) {
        group.reseat(plan, &mut reseated);
    }
    reseated
}

/// Slots and windows of one process of which nobody has said which belongs to which.
#[derive(Default)]
struct Group<'a> {
    slots: Vec<SlotIdx>,
    /// First the windows of the slots, in their order, then those that are in none.
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

    /// The window for each slot, by the highest sum; as they are where that is the same.
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
        // Which window is where: first the places of the slots, then the others'.
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
                // i3 takes a mark from the window that had it.
                marks.push(Command::Mark {
                    con: self.windows[wanted].0.id,
                    mark: plan.mark(self.slots[row]),
                });
            }
        }
        commands.append(&mut marks);
    }

    /// Titles that are not there yet may say more; the last one goes without saying.
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

/// Points for the directory in which the shell of a terminal's window works.
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

    /// The windows in the slots, in order, and of the same process in none, by titles;
    /// which titles the slots have then, and whether titles are waited for.
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
        // Where each window is, and what it carries, once i3 has done it.
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
        let mut said = Vec::new();
        for (mark, &place) in &places {
            assert_eq!(
                marks[mark], cons[place].id,
                "the mark stands on the window there"
            );
            said.push(
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
        assert_eq!(format!("{}{unsure}", said.join(", ")), expected);
    }

    #[test]
    fn windows_change_places_when_their_titles_say_so() {
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
        // What is left over goes without saying.
        check(
            &[("a", web("Page two - Web")), ("b", web("Web"))],
            Vec::new(),
            "Web, Page two - Web",
        );
    }

    #[test]
    fn titles_that_say_nothing_are_waited_for() {
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
    fn window_that_has_no_slot_takes_that_of_another_if_it_fits_better() {
        let web = |title| of_process(7, title);
        check(
            &[("a", web("Welcome to Web")), ("b", web("Page two - Web"))],
            vec![web("Page one - Web")],
            "Page one - Web, Page two - Web",
        );
    }

    #[test]
    fn windows_of_other_processes_and_those_that_were_asked_for_stay() {
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
    fn shells_say_by_their_directories_which_window_is_which() {
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
