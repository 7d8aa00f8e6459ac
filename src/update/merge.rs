//! The tree of a layout after an update: every place, with tags instead of windows.

use std::collections::BTreeSet;

use super::Update;
use super::nodes::{floating_units, insert, keep_rect};
use super::rebuild::Rebuild;
use super::slot::{Tag, old_slots, slots_on, tagged};
use crate::compile::SlotIdx;
use crate::diff::{Difference, Kind, PropertyChange, diff};
use crate::layout::{self, Monitor};
use crate::matching::Assignment;
use crate::tree::Attribute;

type Floating = layout::Floating<Tag>;
type Layout = layout::Layout<Tag>;
type Workspace = layout::Workspace<Tag>;

/// Two layouts that are put together.
pub(super) struct Merge<'a> {
    pub(super) input: Update<'a>,
    assignment: &'a Assignment,
    /// The layout of the file, with tags.
    pub(super) old: Layout,
    /// The layout of the desktop, with tags.
    new: Layout,
    /// The slots that were captured.
    captured: BTreeSet<usize>,
    /// The workspaces of the file that are as it says, by position.
    unchanged: BTreeSet<usize>,
    /// The slots on them.
    settled: BTreeSet<usize>,
    /// What the desktop has otherwise than the file.
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

    /// Whether the slot's window is in the capture.
    pub(super) fn is_captured(&self, slot: usize) -> bool {
        self.captured.contains(&slot)
    }

    /// Whether nothing is open for a slot that is looked at.
    pub(super) fn has_no_window(&self, slot: usize) -> bool {
        let workspace = self.input.plan.slot(SlotIdx(slot)).workspace.as_deref();
        let is_meant = !self.input.is_part
            || workspace.is_some_and(|name| workspace_of(&self.new, name).is_some());
        is_meant && self.assignment.window(SlotIdx(slot)).is_none()
    }

    /// Whether the slot goes away.
    pub(super) fn is_pruned(&self, slot: usize) -> bool {
        self.input.prune && self.has_no_window(slot)
    }

    /// Whether a slot stays where the file has it, for want of a window.
    pub(super) fn stays(&self, tag: Tag) -> bool {
        tag.old()
            .is_some_and(|slot| !self.is_captured(slot) && !self.is_pruned(slot))
    }

    /// What the desktop has otherwise than the file; slots that go away are none of it, or
    /// the next update would see more than this one.
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
                Kind::Missing | Kind::Unmarked | Kind::Hidden => false,
                // Without a container it is about the workspace as a whole.
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
                    // Sticky windows are on whatever workspace is shown.
                    let mut floating = floats(new);
                    floating.retain(|slot| floats(old).contains(slot));
                    !changed.contains(old.name.as_str())
                        && floating == floats(old)
                        && self.has_same_monitors(old)
                })
            })
            .collect();
        // What came from a workspace that changed has to be taken up.
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

    /// The differences that the file takes over, besides windows that come, go and change
    /// their workspace. What people write (marks, title formats, the order of workspaces)
    /// is not among them, nor what has the focus.
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
            !own && !difference.is_attention()
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

    /// Whether the places of its floating windows mean what they meant.
    fn has_same_monitors(&self, workspace: &Workspace) -> bool {
        workspace.content.floating.is_empty()
            || workspace.output.iter().all(|name| {
                let monitor = |layout: &Layout| {
                    let monitors = layout.monitors.iter();
                    let mut named = monitors.filter(|monitor| monitor.output == *name);
                    named
                        .next()
                        .map(|monitor| (monitor.rect.width, monitor.rect.height))
                };
                match (monitor(&self.old), monitor(&self.new)) {
                    (old, Some(new)) => old == Some(new),
                    (_, None) => true,
                }
            })
    }

    /// The layout after the update, with tags.
    pub(super) fn merged(&self) -> Layout {
        let mut workspaces: Vec<Workspace> = Vec::new();
        for (position, old) in self.old.workspaces.iter().enumerate() {
            let new = workspace_of(&self.new, &old.name);
            let merged = match new {
                Some(new) if self.unchanged.contains(&position) => Workspace {
                    visible: self.is_visible(old.visible, new.visible),
                    ..reduced(old, &|tag| {
                        tag.old().is_some_and(|slot| !self.is_pruned(slot))
                    })
                },
                Some(new) => self.rebuilt(new, Some(old)),
                None => reduced(old, &|tag| self.stays(*tag)),
            };
            let is_lost = new.is_none()
                && !self.input.is_part
                && !old.content.is_empty()
                && merged.content.is_empty();
            if !is_lost {
                workspaces.push(merged);
            }
        }
        let mut last = None;
        for new in &self.new.workspaces {
            if let Some(position) = position_of(&workspaces, &new.name) {
                last = Some(position);
                continue;
            }
            let rebuilt = self.rebuilt(new, None);
            if rebuilt.visible || !rebuilt.content.is_empty() {
                let position = last.map_or(0, |last| last + 1);
                workspaces.insert(position, rebuilt);
                last = Some(position);
            }
        }
        self.show_one_each(&mut workspaces);
        Layout {
            monitors: self.monitors(&workspaces),
            focus: self.focus(&workspaces),
            workspaces,
            scratchpad: self.scratchpad(),
            ..self.old.clone()
        }
    }

    /// A file that never says what is shown does not begin with it.
    pub(super) fn is_visible(&self, old: bool, new: bool) -> bool {
        let says = self.old.workspaces.iter().any(|old| old.visible);
        match (says, self.input.is_part) {
            (false, _) => false,
            (true, true) => old,
            (true, false) => new,
        }
    }

    /// Two workspaces cannot be shown on one output: those of the desktop come first.
    fn show_one_each(&self, workspaces: &mut [Workspace]) {
        let mut shown: BTreeSet<String> = BTreeSet::new();
        for captured in [true, false] {
            for workspace in &mut *workspaces {
                let is_captured = workspace_of(&self.new, &workspace.name).is_some();
                if let ([output], true) = (workspace.output.as_slice(), workspace.visible)
                    && captured == is_captured
                {
                    workspace.visible = shown.insert(output.clone());
                }
            }
        }
    }

    fn focus(&self, workspaces: &[Workspace]) -> Option<String> {
        let old = self.old.focus.as_ref()?;
        let present = self.new.focus.as_ref().filter(|_| !self.input.is_part);
        let wanted = present.unwrap_or(old);
        position_of(workspaces, wanted).map(|position| workspaces[position].name.clone())
    }

    /// The monitors that are there, and those that the file still speaks of. Where all
    /// workspaces are as they were, so are the monitors.
    fn monitors(&self, workspaces: &[Workspace]) -> Vec<Monitor> {
        let known = |name: &str| position_of(&self.old.workspaces, name);
        let all_unchanged = self
            .new
            .workspaces
            .iter()
            .all(|new| known(&new.name).is_some_and(|old| self.unchanged.contains(&old)));
        if all_unchanged {
            return self.old.monitors.clone();
        }
        let named = |monitor: &Monitor| {
            self.input.is_part
                || workspaces
                    .iter()
                    .any(|workspace| workspace.output.contains(&monitor.output))
        };
        let present = |output: &str| {
            let mut monitors = self.new.monitors.iter();
            monitors.find(|monitor| monitor.output == output)
        };
        let has_primary = self.new.monitors.iter().any(|monitor| monitor.primary);
        let mut monitors: Vec<Monitor> = self
            .old
            .monitors
            .iter()
            .filter_map(|old| match present(&old.output) {
                Some(present) => Some(present.clone()),
                None => named(old).then(|| Monitor {
                    primary: old.primary && !has_primary,
                    ..old.clone()
                }),
            })
            .collect();
        for monitor in &self.new.monitors {
            if !monitors.iter().any(|known| known.output == monitor.output) {
                monitors.push(monitor.clone());
            }
        }
        monitors
    }

    fn scratchpad(&self) -> Vec<Floating> {
        let stay = |floating: &Floating| floating.clone().retain(&|tag| self.stays(*tag));
        if self.input.is_part {
            return self.old.scratchpad.iter().filter_map(stay).collect();
        }
        let is_new = |tag: &Tag| tag.old().is_none_or(|slot| !self.settled.contains(&slot));
        let hidden = self.new.scratchpad.iter();
        let mut scratchpad: Vec<Floating> = hidden
            .filter_map(|floating| floating.clone().retain(&is_new))
            .collect();
        let before = self.old.scratchpad.iter();
        let units = floating_units(before, &scratchpad, &|floating, _| stay(floating));
        insert(&mut scratchpad, units);
        for floating in &mut scratchpad {
            keep_rect(floating, &self.old.scratchpad);
        }
        scratchpad
    }

    fn rebuilt(&self, new: &Workspace, old: Option<&Workspace>) -> Workspace {
        let new = reduced(new, &|tag| {
            tag.old().is_none_or(|slot| !self.settled.contains(&slot))
        });
        Rebuild::new(self, &new, old).workspace(new)
    }
}

fn workspace_of<'l>(layout: &'l Layout, name: &str) -> Option<&'l Workspace> {
    position_of(&layout.workspaces, name).map(|position| &layout.workspaces[position])
}

/// i3 compares names with strcasecmp(3) (src/workspace.c).
fn position_of(workspaces: &[Workspace], name: &str) -> Option<usize> {
    workspaces
        .iter()
        .position(|workspace| workspace.name.eq_ignore_ascii_case(name))
}

/// The workspace with the windows that `keep` accepts.
fn reduced(workspace: &Workspace, keep: &dyn Fn(&Tag) -> bool) -> Workspace {
    Workspace {
        content: workspace.content.clone().retain(keep),
        ..workspace.clone()
    }
}
