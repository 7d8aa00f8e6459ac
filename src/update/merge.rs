//! Compares the layouts of the file and of the desktop, with tags instead of windows.

use std::collections::BTreeSet;

use super::Update;
use super::absent::Absent;
use super::slot::{Layout, Tag, Workspace, old_slots, slots_on, tagged};
use crate::compile::SlotIdx;
use crate::diff::{Difference, Kind, PropertyChange, diff};
use crate::matching::Assignment;
use crate::tree::Attribute;

/// Two layouts to be merged.
pub(super) struct Merge<'a> {
    pub(super) input: Update<'a>,
    assignment: &'a Assignment,
    /// The layout of the file, with tags.
    pub(super) old: Layout,
    /// The layout of the desktop, with tags.
    pub(super) new: Layout,
    /// The slots that were captured.
    captured: BTreeSet<usize>,
    /// The unchanged workspaces of the file, by position.
    pub(super) unchanged: BTreeSet<usize>,
    /// The slots on them.
    pub(super) settled: BTreeSet<usize>,
    /// The monitors that are not connected.
    pub(super) absent: Absent,
    /// The differences between the file and the desktop.
    differences: Vec<Difference>,
}

impl<'a> Merge<'a> {
    pub(super) fn new(input: Update<'a>, assignment: &'a Assignment) -> Self {
        let old = tagged(input.layout);
        let new = input.captured.layout.clone();
        let new = new.map(&mut |window, _, _| {
            let slot = assignment.slot(window.con);
            slot.map_or(Tag::New(window.con), |SlotIdx(slot)| Tag::Old(slot))
        });
        let captured = new.windows().filter_map(|tag| tag.old()).collect();
        let mut merge = Self {
            absent: Absent::new(input.plan, input.desktop, &old, &new),
            input,
            assignment,
            old,
            new,
            captured,
            unchanged: BTreeSet::new(),
            settled: BTreeSet::new(),
            differences: Vec::new(),
        };
        merge.differences = merge.all_differences();
        merge.find_unchanged();
        merge
    }

    /// True if the workspace was captured.
    pub(super) fn has_captured(&self, workspace: &str) -> bool {
        workspace_of(&self.new, workspace).is_some()
    }

    /// True if the slot's window was captured.
    pub(super) fn is_captured(&self, slot: usize) -> bool {
        self.captured.contains(&slot)
    }

    /// True if a slot in the captured part has no window.
    pub(super) fn has_no_window(&self, slot: usize) -> bool {
        let workspace = self.input.plan.slot(SlotIdx(slot)).workspace.as_deref();
        let is_in_scope = !self.input.is_part
            || workspace.is_some_and(|name| workspace_of(&self.new, name).is_some());
        is_in_scope && self.assignment.window(SlotIdx(slot)).is_none()
    }

    /// True if the slot is removed.
    pub(super) fn is_pruned(&self, slot: usize) -> bool {
        self.input.prune && self.has_no_window(slot)
    }

    /// True if a slot keeps its place in the file because it has no window.
    pub(super) fn stays(&self, tag: Tag) -> bool {
        tag.old()
            .is_some_and(|slot| !self.is_captured(slot) && !self.is_pruned(slot))
    }

    /// The differences between the file, without removed slots, and the desktop. With them,
    /// the next update would find other differences.
    fn all_differences(&self) -> Vec<Difference> {
        let Update { plan, desktop, .. } = self.input;
        if !self.input.prune {
            return diff(plan, desktop, self.assignment);
        }
        let stays = |SlotIdx(slot): SlotIdx| !self.is_pruned(slot);
        let mut left = plan.clone();
        for workspace in &mut left.workspaces {
            *workspace = workspace.with_slots(&stays);
        }
        let hidden = left.scratchpad.iter();
        left.scratchpad = hidden
            .filter_map(|floating| floating.clone().retain(&|idx| stays(*idx)))
            .collect();
        diff(&left, desktop, self.assignment)
    }

    fn find_unchanged(&mut self) {
        let changed: BTreeSet<&str> = self
            .differences
            .iter()
            .filter(|difference| match difference.kind {
                Kind::Missing | Kind::Hidden => false,
                // Without a container, the focus of the workspace itself.
                Kind::Focus => difference.con.is_some(),
                _ => true,
            })
            .filter_map(|difference| difference.workspace.as_deref())
            .collect();
        let floats = |workspace: &Workspace| -> Vec<usize> {
            let floating = workspace.content.floating.iter();
            let slots = floating.flat_map(|floating| old_slots(&floating.node));
            slots.filter(|slot| self.is_captured(*slot)).collect()
        };
        let mut unchanged: BTreeSet<usize> = (0..self.old.workspaces.len())
            .filter(|&position| {
                let old = &self.old.workspaces[position];
                workspace_of(&self.new, &old.name).is_some_and(|new| {
                    // Sticky windows are always on a visible workspace.
                    let mut floating = floats(new);
                    floating.retain(|slot| floats(old).contains(slot));
                    !changed.contains(old.name.as_str())
                        && floating == floats(old)
                        && self.has_same_monitors(old)
                })
            })
            .collect();
        // A workspace with windows from a changed workspace has changed, too.
        loop {
            let homes = self.slots_on(&unchanged);
            let before = unchanged.len();
            unchanged.retain(|&position| {
                let new = workspace_of(&self.new, &self.old.workspaces[position].name);
                let mut tags = new.into_iter().flat_map(|new| new.content.leaves());
                tags.all(|tag| tag.old().is_some_and(|slot| homes.contains(&slot)))
            });
            if unchanged.len() == before {
                break;
            }
        }
        self.settled = self.slots_on(&unchanged);
        self.unchanged = unchanged;
    }

    /// The differences that the update applies to the file, except for added, removed and
    /// moved windows. Marks, title formats and the order of workspaces are not among them,
    /// nor is the focus.
    pub(super) fn taken_over(&self) -> impl Iterator<Item = &Difference> {
        let is_captured = |difference: &&Difference| match &difference.workspace {
            Some(name) => workspace_of(&self.new, name).is_some(),
            None => !self.input.is_part,
        };
        let is_taken = |difference: &&Difference| {
            let own = matches!(
                difference.kind,
                Kind::Missing
                    | Kind::Extra { .. }
                    | Kind::NoWorkspace
                    | Kind::WorkspaceOrder { .. }
                    | Kind::Property(PropertyChange {
                        before: Attribute::Marks(_) | Attribute::TitleFormat(_),
                        ..
                    })
            );
            let workspace = difference.workspace.as_deref();
            let stays = matches!(difference.kind, Kind::Rect { .. } | Kind::Output { .. })
                && workspace.is_some_and(|name| self.absent.has(name));
            !own && !stays && !difference.is_attention()
        };
        let all = self.differences.iter();
        all.filter(is_captured).filter(is_taken)
    }

    fn slots_on(&self, workspaces: &BTreeSet<usize>) -> BTreeSet<usize> {
        workspaces
            .iter()
            .filter_map(|&position| self.old.workspaces.get(position))
            .flat_map(slots_on)
            .collect()
    }

    /// True if the monitors of a workspace with floating windows have the same size.
    fn has_same_monitors(&self, workspace: &Workspace) -> bool {
        workspace.content.floating.is_empty()
            || workspace.output.iter().all(|name| {
                let size = |layout: &Layout| {
                    let mut monitors = layout.monitors.iter();
                    let monitor = monitors.find(|monitor| monitor.output == *name)?;
                    Some((monitor.rect.width, monitor.rect.height))
                };
                match (size(&self.old), size(&self.new)) {
                    (old, Some(new)) => old == Some(new),
                    (_, None) => true,
                }
            })
    }

    /// The new value of `visible`. Files that do not use it stay without it.
    pub(super) fn is_visible(&self, old: Option<&Workspace>, new: bool) -> bool {
        let says = self.old.workspaces.iter().any(|old| old.visible);
        let stays = old.is_some_and(|old| self.absent.keeps_visibility(&old.name));
        let old = old.is_some_and(|old| old.visible);
        match (says, self.input.is_part || stays) {
            (false, _) => false,
            (true, true) => old,
            (true, false) => new,
        }
    }
}

pub(super) fn workspace_of<'l>(layout: &'l Layout, name: &str) -> Option<&'l Workspace> {
    position_of(&layout.workspaces, name).map(|position| &layout.workspaces[position])
}

/// i3 compares names with strcasecmp(3) (src/workspace.c).
pub(super) fn position_of(workspaces: &[Workspace], name: &str) -> Option<usize> {
    workspaces
        .iter()
        .position(|workspace| workspace.name.eq_ignore_ascii_case(name))
}
