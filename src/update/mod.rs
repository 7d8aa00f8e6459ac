//! The desktop merged into a layout that people have edited.
//!
//! Where windows are comes from the desktop; what a person writes about them (ids,
//! commands, directories, criteria and so on) stays, and so does everything that the
//! desktop says nothing about. What [`diff`](crate::diff) finds no difference in stays
//! as it is written, so an update of an unchanged desktop changes nothing.

mod merge;
mod moves;
mod nodes;
mod rebuild;
mod slot;
#[cfg(test)]
mod tests;
mod variables;

use std::collections::{BTreeMap, BTreeSet};

use crate::capture::{Captured, Warning};
use crate::compile::{Launch, Plan, SlotIdx, slot_ids};
use crate::diff::{Difference, Kind, Property};
use crate::layout::{Layout, Node, Path, Window};
use crate::live::{ConId, Desktop};
use crate::matching::{Assignment, Evidence, Reuse, match_windows};
use merge::Merge;
use slot::Tag;

/// What is merged.
#[derive(Clone, Copy, Debug)]
pub struct Update<'a> {
    /// The layout as the file has it.
    pub layout: &'a Layout,
    /// The same layout on the outputs that are there.
    pub plan: &'a Plan,
    /// The desktop.
    pub desktop: &'a Desktop,
    /// The desktop as a layout.
    pub captured: &'a Captured,
    /// Whether only some workspaces were captured: all others stay as they are.
    pub is_part: bool,
    /// Whether slots go away that have no window.
    pub prune: bool,
}

/// A layout after an update.
#[derive(Clone, Debug, PartialEq)]
pub struct Updated {
    /// The layout.
    pub layout: Layout,
    /// Where the entries of the old file are in the new one; see
    /// [`crate::layout::rewrite`].
    pub moves: BTreeMap<Path, Path>,
    /// What is different now.
    pub report: Report,
    /// What people should know about the windows that are new.
    pub warnings: Vec<Warning>,
    /// The ids of the slots that have a window, with its container.
    pub slots: Vec<(String, ConId)>,
}

/// What an update did, by slot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// How many open windows were known and are on the workspace where they were.
    pub kept: usize,
    /// The windows that were not in the file.
    pub added: Vec<Where>,
    /// The windows that are on another workspace now.
    pub moved: Vec<Moved>,
    /// What else is different of the windows that are on the workspace where they were:
    /// `before` is what the file said, `after` what it says now.
    pub changed: Vec<Difference>,
    /// The slots that have no window and stay in the file.
    pub not_open: Vec<Where>,
    /// The slots that had no window and are gone from the file.
    pub removed: Vec<Where>,
}

/// A slot and its workspace.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Where {
    /// The slot's id.
    pub slot: String,
    /// The workspace's name; `None` for the scratchpad.
    pub workspace: Option<String>,
}

/// A slot that is on another workspace now.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Moved {
    /// The slot's id.
    pub slot: String,
    /// The workspace in the old file; `None` for the scratchpad.
    pub from: Option<String>,
    /// The workspace now.
    pub to: Option<String>,
}

/// The windows that are slots of the plan.
///
/// A window is known wherever it is when its mark, its command or its title speaks for
/// it. Criteria alone are enough on the slot's own workspace: elsewhere, it could be any
/// other window of the same program.
pub fn known(plan: &Plan, desktop: &Desktop) -> Assignment {
    let mut assignment = match_windows(plan, desktop, Reuse::All);
    for (position, found) in assignment.matches.iter_mut().enumerate() {
        let opened_elsewhere = matches!(plan.slot(SlotIdx(position)).launch, Launch::Elsewhere);
        let is_sure = |evidence: &Evidence| {
            matches!(
                evidence,
                Evidence::Mark | Evidence::Command | Evidence::Title | Evidence::Workspace
            )
        };
        *found = found
            .take()
            .filter(|found| opened_elsewhere || found.evidence.iter().any(is_sure));
    }
    assignment
}

/// Merges the desktop into the layout.
pub fn update(input: Update<'_>) -> Updated {
    let assignment = known(input.plan, input.desktop);
    let captured = variables::apart(&input, &assignment);
    let input = Update {
        captured: &captured,
        ..input
    };
    let merge = Merge::new(input, &assignment);
    let mut layout = merge.merged();
    let moves = moves::moves(&merge.old, &layout);
    let tags = tags(&layout);
    let names = names(&input, &tags);
    fill(&input, &assignment, &mut layout, &tags, &names);
    leave_each_mark_once(&mut layout);
    keep_ids(&mut layout, &tags, input.plan);
    Updated {
        slots: slots(&input, &assignment, &layout, &tags),
        report: report(&input, &merge, &mut layout, &tags),
        warnings: warnings(&input, &tags, &names),
        layout,
        moves,
    }
}

fn tags(layout: &Layout) -> Vec<Tag> {
    layout.windows().into_iter().filter_map(Tag::of).collect()
}

fn slots(
    input: &Update<'_>,
    assignment: &Assignment,
    layout: &Layout,
    tags: &[Tag],
) -> Vec<(String, ConId)> {
    let windows = layout.windows().into_iter().zip(tags);
    windows
        .filter_map(|(window, tag)| {
            let id = window.id.clone();
            Some(match tag {
                Tag::Old(slot) => {
                    let id = id.unwrap_or_else(|| input.plan.slot(SlotIdx(*slot)).id.clone());
                    (id, assignment.window(SlotIdx(*slot))?)
                }
                Tag::New(position) => (id?, *input.captured.windows.get(*position)?),
            })
        })
        .collect()
}

/// Ids for the new windows that no slot has, by their position in the capture.
fn names(input: &Update<'_>, tags: &[Tag]) -> BTreeMap<usize, String> {
    let slots = input.plan.slots();
    let mut taken: BTreeSet<String> = slots.map(|(_, slot)| slot.id.clone()).collect();
    let captured = input.captured.layout.windows();
    let mut names = BTreeMap::new();
    for tag in tags {
        if let Tag::New(position) = tag
            && let Some(id) = captured.get(*position).and_then(|window| window.id.clone())
        {
            names.insert(*position, slot_ids::unused(&id, &mut taken));
        }
    }
    names
}

/// Gives each place its window: what the file says about a known one, what capture
/// says about a new one.
fn fill(
    input: &Update<'_>,
    assignment: &Assignment,
    layout: &mut Layout,
    tags: &[Tag],
    names: &BTreeMap<usize, String>,
) {
    let old = input.layout.windows();
    let captured = input.captured.layout.windows();
    let seen_as: BTreeMap<usize, &Window> = input
        .captured
        .windows
        .iter()
        .zip(&captured)
        .filter_map(|(con, window)| Some((assignment.slot(*con)?.0, *window)))
        .collect();
    let open_marks: BTreeSet<&String> = input
        .desktop
        .tree
        .descendants()
        .flat_map(|con| &con.marks)
        .collect();
    let mut tags = tags.iter();
    layout.for_each_window(&mut |window, _| {
        let place = std::mem::take(&mut window.place);
        match tags.next() {
            Some(Tag::Old(slot)) => {
                let Some(of_file) = old.get(*slot) else {
                    return;
                };
                *window = (*of_file).clone();
                window.place = place;
                let here = seen_as.get(slot).copied();
                // A mark that another container has by now is not this one's.
                let own = |mark: &String| {
                    here.is_some_and(|here| here.place.marks.contains(mark))
                        || !open_marks.contains(mark)
                };
                let mut marks: Vec<String> = of_file.place.marks.clone();
                marks.retain(own);
                if let Some(here) = here {
                    let more = here.place.marks.iter();
                    marks.extend(
                        more.filter(|mark| !of_file.place.marks.contains(mark))
                            .cloned(),
                    );
                    let format = &of_file.place.title_format;
                    window.place.title_format =
                        format.clone().or_else(|| here.place.title_format.clone());
                    if of_file.seen.title.is_some() && here.seen.title.is_some() {
                        window.seen.title.clone_from(&here.seen.title);
                    }
                }
                window.place.marks = marks;
            }
            Some(Tag::New(position)) => {
                if let Some(new) = captured.get(*position) {
                    *window = (*new).clone();
                    window.place = place;
                    window.id = names.get(position).cloned();
                }
            }
            None => {}
        }
    });
}

/// i3 has each mark once: a container that stays as it was leaves it to the window that
/// has it now.
fn leave_each_mark_once(layout: &mut Layout) {
    let windows = layout.windows().into_iter();
    let mut seen: BTreeSet<String> = windows
        .flat_map(|window| window.place.marks.clone())
        .collect();
    layout.for_each_node(&mut |node| {
        if let Node::Container(container) = node {
            let marks = &mut container.place.marks;
            marks.retain(|mark| seen.insert(mark.clone()));
        }
    });
}

/// Slots without an id are numbered in the order of the file. Those whose number
/// would change get it as their id, because the marks of open windows speak of it.
fn keep_ids(layout: &mut Layout, tags: &[Tag], plan: &Plan) {
    for _ in tags {
        let mut ids = slot_ids::assign(layout).into_iter().zip(tags);
        let mut changed = false;
        layout.for_each_window(&mut |window, _| {
            // One at a time: with it, others may have their number back.
            if let Some((id, Tag::Old(slot))) = ids.next()
                && !changed
                && window.id.is_none()
                && id != plan.slot(SlotIdx(*slot)).id
            {
                window.id = Some(plan.slot(SlotIdx(*slot)).id.clone());
                changed = true;
            }
        });
        if !changed {
            return;
        }
    }
}

fn report(input: &Update<'_>, merge: &Merge<'_>, layout: &mut Layout, tags: &[Tag]) -> Report {
    let mut report = Report::default();
    let mut marks = Vec::new();
    let old = input.layout.windows();
    let place = |slot: usize| {
        let slot = input.plan.slot(SlotIdx(slot));
        (slot.id.clone(), slot.workspace.clone())
    };
    let mut tags = tags.iter();
    layout.for_each_window(&mut |window, workspace| {
        let workspace = workspace.map(str::to_owned);
        match tags.next() {
            Some(Tag::New(_)) => report.added.push(Where {
                slot: window.id.clone().unwrap_or_default(),
                workspace,
            }),
            Some(Tag::Old(slot)) if merge.is_captured(*slot) => {
                let (id, from) = place(*slot);
                let before = old.get(*slot).map(|old| &old.place.marks);
                if let Some(before) = before.filter(|before| **before != window.place.marks) {
                    marks.push(Difference {
                        workspace: workspace.clone(),
                        slot: Some(id.clone()),
                        idx: None,
                        con: None,
                        planned: None,
                        kind: Kind::Property {
                            property: Property::Marks,
                            before: before.join(", "),
                            after: window.place.marks.join(", "),
                        },
                    });
                }
                if from == workspace {
                    report.kept += 1;
                } else {
                    report.moved.push(Moved {
                        slot: id,
                        from,
                        to: workspace,
                    });
                }
            }
            Some(Tag::Old(slot)) if merge.has_no_window(*slot) => {
                let (slot, _) = place(*slot);
                report.not_open.push(Where { slot, workspace });
            }
            _ => {}
        }
    });
    for (SlotIdx(slot), _) in input.plan.slots() {
        if merge.is_pruned(slot) {
            let (slot, workspace) = place(slot);
            report.removed.push(Where { slot, workspace });
        }
    }
    let is_moved = |difference: &&Difference| {
        let moved = report.moved.iter();
        let mut slots = moved.map(|moved| &moved.slot);
        matches!(difference.kind, Kind::Moved { .. })
            && slots.any(|slot| difference.slot.as_ref() == Some(slot))
    };
    let taken_over = merge.taken_over().filter(|one| !is_moved(one));
    report.changed = taken_over.cloned().chain(marks).collect();
    report
}

/// The warnings of capture about windows that are new in the file, with their ids.
fn warnings(input: &Update<'_>, tags: &[Tag], names: &BTreeMap<usize, String>) -> Vec<Warning> {
    let captured = input.captured.layout.windows();
    let name = |slot: &String| {
        let position = captured
            .iter()
            .position(|window| window.id.as_ref() == Some(slot))?;
        let is_new = tags.contains(&Tag::New(position));
        names.get(&position).filter(|_| is_new).cloned()
    };
    let all = input.captured.warnings.iter().cloned();
    all.filter_map(|mut warning| {
        if let Warning::Again { slots, .. } = &mut warning {
            *slots = slots.iter().filter_map(name).collect();
            if slots.is_empty() {
                return None;
            }
        }
        if let Some(slot) = warning.slot_mut() {
            *slot = name(slot)?;
        }
        Some(warning)
    })
    .collect()
}
