//! Merges the desktop into an edited layout.
//!
//! The places of windows come from the desktop. Everything else comes from the file: ids, commands,
//! directories, criteria, and all parts that the desktop does not determine. Parts without a
//! [`diff`](crate::diff) are unchanged, so updating from an unchanged desktop changes nothing.

mod absent;
#[cfg(test)]
mod absent_tests;
mod merge;
mod merged;
mod moves;
mod nodes;
mod outputs;
mod rebuild;
mod seats;
mod slot;
#[cfg(test)]
mod tests;
mod variables;

use std::collections::{BTreeMap, BTreeSet};

use crate::capture::{Captured, CapturedWindow, Warning};
use crate::compile::{Away, Launch, Plan, PlannedWorkspace, SlotIdx, slot_ids};
use crate::diff::{Difference, Kind, PropertyChange};
use crate::layout::{Layout, Path, SlotRef, Window, unused};
use crate::live::{ConId, Desktop};
use crate::matching::{Assignment, Evidence, Reuse, match_windows};
use crate::tree::{Attribute, Attributes};
use merge::Merge;
use seats::without_exchanged;
use slot::Tag;

/// The input of an update.
#[derive(Clone, Copy, Debug)]
pub struct Update<'a> {
    /// The layout in the file.
    pub layout: &'a Layout,
    /// The same layout on the current outputs.
    pub plan: &'a Plan,
    /// The desktop.
    pub desktop: &'a Desktop,
    /// The desktop as a layout.
    pub captured: &'a Captured,
    /// True if only some workspaces were captured. All others stay unchanged.
    pub is_part: bool,
    /// True if slots without a window are removed.
    pub prune: bool,
}

/// A layout after an update.
#[derive(Clone, Debug, PartialEq)]
pub struct Updated {
    /// The layout.
    pub layout: Layout,
    /// The new places of list entries of the old file; see [`crate::layout::rewrite`].
    pub moves: BTreeMap<Path, Path>,
    /// The changes.
    pub report: Report,
    /// Warnings about new windows.
    pub warnings: Vec<Warning>,
    /// The ids of the slots with a window, and its container.
    pub slots: Vec<(String, ConId)>,
}

/// The changes of an update, by slot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The number of known windows that are still on their workspace.
    pub kept: usize,
    /// The windows that were not in the file.
    pub added: Vec<Where>,
    /// The windows that moved to another workspace.
    pub moved: Vec<Moved>,
    /// Other changes: `before` is the old value in the file, `after` the new one.
    pub changed: Vec<Difference>,
    /// The slots without a window that stay in the file.
    pub not_open: Vec<Where>,
    /// The slots without a window that were removed from the file.
    pub removed: Vec<Where>,
    /// The workspaces whose places and visibility were left alone, because their monitor is not
    /// connected.
    pub away: Vec<Away>,
}

/// A slot and its workspace.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Where {
    /// The slot's id.
    pub slot: String,
    /// The workspace's name; `None` for the scratchpad.
    pub workspace: Option<String>,
}

/// A slot that moved to another workspace.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Moved {
    /// The slot's id.
    pub slot: String,
    /// The workspace in the old file; `None` for the scratchpad.
    pub from: Option<String>,
    /// The workspace in the new file; `None` for the scratchpad.
    pub to: Option<String>,
}

/// Assigns open windows to the slots of the plan.
///
/// A window with the mark, the command or the title of a slot is recognized on any
/// workspace. Matching criteria alone are enough only on the slot's workspace: elsewhere, it
/// could be another window of the same program.
pub fn known(plan: &Plan, desktop: &Desktop) -> Assignment {
    let desktop = without_exchanged(plan, desktop);
    let mut assignment = match_windows(plan, &desktop, Reuse::All);
    let is_sure = |evidence: &Evidence| {
        matches!(
            evidence,
            Evidence::Record | Evidence::Command | Evidence::Title | Evidence::Workspace
        )
    };
    assignment.retain(|idx, found| {
        matches!(plan.slot(idx).launch, Launch::Elsewhere) || found.evidence.iter().any(is_sure)
    });
    assignment
}

/// Merges the desktop into the layout.
pub fn update(input: Update<'_>) -> Updated {
    // The file keeps the names of its workspaces, also if these have other names now.
    let written = |name: &str| {
        let mut desktop = input.desktop.workspaces();
        let live = desktop.find(|live| live.con.name() == name)?;
        let planned = input.plan.planned_for(input.desktop, live)?;
        Some(planned.written.clone())
    };
    let (mut plan, mut desktop) = (input.plan.as_written(), input.desktop.clone());
    let (mut layout, mut captured) = (input.layout.clone(), input.captured.clone());
    desktop.rename_workspaces(&written);
    captured.layout.rename_workspaces(&written);
    outputs::agree(&mut layout, &mut plan, &mut desktop, &mut captured);
    let input = Update {
        layout: &layout,
        plan: &plan,
        desktop: &desktop,
        captured: &captured,
        ..input
    };
    let assignment = known(input.plan, input.desktop);
    let captured = variables::apart(&input, &assignment);
    let input = Update {
        captured: &captured,
        ..input
    };
    let merge = Merge::new(input, &assignment);
    let merged = merge.merged();
    let moves = moves::moves(&merge.old, &merged);
    let names = names(&input, &merged);
    let mut layout = fill(&input, &assignment, merged, &names);
    leave_each_mark_once(&mut layout);
    keep_ids(&mut layout, input.plan);
    Updated {
        slots: slots(&input, &assignment, &layout),
        report: report(&input, &merge, &layout),
        warnings: warnings(&input, &names),
        layout: layout.map(&mut |filled, _, _| filled.slot),
        moves,
    }
}

/// A slot of the merged layout.
#[derive(Clone, Debug)]
struct Filled {
    tag: Tag,
    slot: Window,
}

fn slots(
    input: &Update<'_>,
    assignment: &Assignment,
    layout: &Layout<Filled>,
) -> Vec<(String, ConId)> {
    let windows = layout.windows();
    windows
        .filter_map(|Filled { tag, slot }| {
            let id = slot.id.clone();
            Some(match *tag {
                Tag::Old(slot) => {
                    let id = id.unwrap_or_else(|| input.plan.slot(SlotIdx(slot)).id.clone());
                    (id, assignment.window(SlotIdx(slot))?)
                }
                Tag::New(con) => (id?, con),
            })
        })
        .collect()
}

fn captured_windows<'c>(input: &Update<'c>) -> BTreeMap<ConId, SlotRef<'c, CapturedWindow>> {
    let slots = input.captured.layout.slots();
    slots.map(|slot| (slot.window.con, slot)).collect()
}

/// Unused ids for the new windows.
fn names(input: &Update<'_>, merged: &Layout<Tag>) -> BTreeMap<ConId, String> {
    let slots = input.plan.slots();
    let mut taken: BTreeSet<String> = slots.map(|(_, slot)| slot.id.clone()).collect();
    let captured = captured_windows(input);
    let mut names = BTreeMap::new();
    for tag in merged.windows() {
        if let Tag::New(con) = tag
            && let Some(id) = captured
                .get(con)
                .and_then(|new| new.window.slot.id.as_ref())
        {
            names.insert(*con, unused(id, &mut taken));
        }
    }
    names
}

/// Replaces the tags by windows: known windows as in the file, new windows as captured.
fn fill(
    input: &Update<'_>,
    assignment: &Assignment,
    merged: Layout<Tag>,
    names: &BTreeMap<ConId, String>,
) -> Layout<Filled> {
    let old: Vec<SlotRef<'_, Window>> = input.layout.slots().collect();
    let captured = captured_windows(input);
    let open_marks: BTreeSet<&String> = input
        .desktop
        .tree
        .descendants()
        .flat_map(|con| &con.attributes.marks)
        .collect();
    merged.map(&mut |tag, attributes, _| {
        let slot = match tag {
            Tag::Old(slot) => old.get(slot).map(|of_file| {
                let con = assignment.window(SlotIdx(slot));
                let here = con.and_then(|con| captured.get(&con));
                of_the_file(*of_file, here.copied(), attributes, &open_marks)
            }),
            Tag::New(con) => captured.get(&con).map(|new| Window {
                id: names.get(&con).cloned(),
                ..new.window.slot.clone()
            }),
        };
        Filled {
            tag,
            slot: slot.unwrap_or_default(),
        }
    })
}

/// A slot as in the file, with the marks, the title format and the title of its window
/// `here`. Other attributes come from the merged tree.
fn of_the_file(
    of_file: SlotRef<'_, Window>,
    here: Option<SlotRef<'_, CapturedWindow>>,
    attributes: &mut Attributes,
    open_marks: &BTreeSet<&String>,
) -> Window {
    let mut slot = of_file.window.clone();
    let written = of_file.attributes;
    // Another container may have the mark by now.
    let own = |mark: &String| {
        here.is_some_and(|here| here.attributes.marks.contains(mark)) || !open_marks.contains(mark)
    };
    attributes.marks.clone_from(&written.marks);
    attributes.marks.retain(own);
    if let Some(here) = here {
        let more = here.attributes.marks.iter();
        let more = more.filter(|mark| !written.marks.contains(mark));
        attributes.marks.extend(more.cloned());
        let format = written.title_format.as_ref();
        attributes.title_format = format.or(here.attributes.title_format.as_ref()).cloned();
        let title = &here.window.slot.seen.title;
        slot.seen.title.clone_from(title);
    }
    slot
}

/// Removes marks of unchanged containers that a window has now, as marks are unique in i3.
fn leave_each_mark_once(layout: &mut Layout<Filled>) {
    let slots = layout.slots();
    let mut seen: BTreeSet<String> = slots
        .flat_map(|slot| slot.attributes.marks.clone())
        .collect();
    layout.for_each_node(&mut |node| {
        if node.as_container().is_some() {
            let marks = &mut node.attributes.marks;
            marks.retain(|mark| seen.insert(mark.clone()));
        }
    });
}

/// Writes the ids of slots without an id if they would change. These slots are numbered in
/// the order of the file, and the marks of open windows contain the old numbers.
fn keep_ids(layout: &mut Layout<Filled>, plan: &Plan) {
    let planned_id = |filled: &Filled| {
        let slot = filled.tag.old()?;
        Some(plan.slot(SlotIdx(slot)).id.clone())
    };
    for _ in 0..layout.window_count() {
        let slots: Vec<&Window> = layout.windows().map(|filled| &filled.slot).collect();
        let mut ids = slot_ids::assign(&slots).into_iter();
        let mut changed = false;
        layout.for_each_window(&mut |filled| {
            // One at a time, as the id may restore the numbers of other slots.
            if let (Some(id), Some(planned)) = (ids.next(), planned_id(filled))
                && !changed
                && filled.slot.id.is_none()
                && id != planned
            {
                filled.slot.id = Some(planned);
                changed = true;
            }
        });
        if !changed {
            return;
        }
    }
}

fn report(input: &Update<'_>, merge: &Merge<'_>, layout: &Layout<Filled>) -> Report {
    let mut report = Report::default();
    let mut marks = Vec::new();
    let old: Vec<&Attributes> = input.layout.slots().map(|slot| slot.attributes).collect();
    let place = |slot: usize| {
        let slot = input.plan.slot(SlotIdx(slot));
        (slot.id.clone(), slot.workspace.clone())
    };
    for SlotRef {
        window,
        attributes,
        workspace,
    } in layout.slots()
    {
        let workspace = workspace.map(str::to_owned);
        match window.tag {
            Tag::New(_) => report.added.push(Where {
                slot: window.slot.id.clone().unwrap_or_default(),
                workspace,
            }),
            Tag::Old(slot) if merge.is_captured(slot) => {
                let (id, from) = place(slot);
                let before = old.get(slot).map(|old| &old.marks);
                if let Some(before) = before.filter(|before| **before != attributes.marks) {
                    marks.push(Difference {
                        workspace: workspace.clone(),
                        slot: Some(id.clone()),
                        idx: None,
                        con: None,
                        kind: Kind::Property(PropertyChange {
                            before: Attribute::Marks(before.clone()),
                            after: Attribute::Marks(attributes.marks.clone()),
                        }),
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
            Tag::Old(slot) if merge.has_no_window(slot) => {
                let (slot, _) = place(slot);
                report.not_open.push(Where { slot, workspace });
            }
            Tag::Old(_) => {}
        }
    }
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
    let is_there = |planned: &PlannedWorkspace| merge.has_captured(&planned.name);
    report.away = input.plan.away(&is_there);
    let taken_over = merge.taken_over().filter(|one| !is_moved(one));
    report.changed = taken_over.cloned().chain(marks).collect();
    report
}

/// The warnings of `capture` about new windows, with their ids in the file.
fn warnings(input: &Update<'_>, names: &BTreeMap<ConId, String>) -> Vec<Warning> {
    let ids: BTreeMap<&String, &String> = input
        .captured
        .layout
        .windows()
        .filter_map(|new| Some((new.slot.id.as_ref()?, names.get(&new.con)?)))
        .collect();
    let name = |slot: &String| ids.get(slot).copied().cloned();
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
