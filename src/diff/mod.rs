//! A Plan against the live tree: what is not as it shall be.
//!
//! The same list decides what `apply` does and what `diff` says. An empty list is
//! what "already right" means; windows that the layout does not know are in it, and
//! count for an `apply` only where it moves or closes them.

pub(crate) mod attributes;
mod difference;
mod left_out;
mod render;
mod shape;
#[cfg(test)]
mod tests;
mod workspace_order;

pub use difference::{Difference, Kind, Location, PropertyChange};
pub use left_out::without_optional;
pub use render::{sentence, sign};
use workspace_order::Disorder;

use crate::compile::{Plan, PlannedFloating, PlannedWorkspace, SlotIdx};
use crate::live::{Con, ConId, ConKind, Desktop, GapSizes, ScratchpadState, WorkspaceRef};
use crate::matching::Assignment;
use crate::tree::{ContainerLayout, Fullscreen, Kind as NodeKind, Node, shares};
use shape::{Branch, Shape, has_titles};

/// How far a floating window may be from its place, in pixels on each edge.
const FLOATING_TOLERANCE: u32 = 1;

/// All differences, workspace by workspace in the order of the plan.
pub fn diff(plan: &Plan, desktop: &Desktop, assignment: &Assignment) -> Vec<Difference> {
    let mut differ = Differ {
        plan,
        desktop,
        assignment,
        found: Vec::new(),
    };
    for planned in &plan.workspaces {
        differ.workspace(planned);
    }
    for floating in &plan.scratchpad {
        differ.hidden(floating);
    }
    differ.workspace_order();
    differ.focused_workspace();
    differ.found
}

/// The gaps that a workspace shall have, as i3 tells them; `None` where nobody knows what
/// the i3 config says.
pub(crate) fn gaps(desktop: &Desktop, planned: &PlannedWorkspace) -> Option<GapSizes> {
    let config = desktop.gaps.as_ref()?;
    Some(config.relative(config.of(&planned.name).with(planned.gaps)))
}

struct Differ<'a> {
    plan: &'a Plan,
    desktop: &'a Desktop,
    assignment: &'a Assignment,
    found: Vec<Difference>,
}

/// Where a window is, with the floating frame around it.
struct Whereabouts<'a> {
    location: Location,
    frame: Option<&'a Con>,
    con: &'a Con,
}

impl<'a> Differ<'a> {
    fn push(
        &mut self,
        workspace: Option<&str>,
        idx: Option<SlotIdx>,
        con: Option<ConId>,
        kind: Kind,
    ) {
        self.found.push(Difference {
            workspace: workspace.map(str::to_owned),
            slot: idx.map(|idx| self.plan.slot(idx).id.clone()),
            idx,
            con,
            kind,
        });
    }

    fn workspace(&mut self, planned: &PlannedWorkspace) {
        let name = Some(planned.name.as_str());
        let Some(live) = self.desktop.workspace(&planned.name) else {
            if !planned.content.is_empty() || planned.visible {
                self.push(name, None, None, Kind::NoWorkspace);
            }
            self.slots(planned);
            return;
        };
        if let Some(output) = &planned.output
            && output != live.output
        {
            let kind = Kind::Output {
                before: output.clone(),
                after: live.output.to_owned(),
            };
            self.push(name, None, Some(live.con.id), kind);
        }
        self.gaps(planned, live);
        if planned.visible && !live.visible {
            self.push(name, None, Some(live.con.id), Kind::Hidden);
        }
        self.slots(planned);
        for floating in &planned.content.floating {
            self.floating(floating, planned);
        }
        self.tiling(planned, live);
        self.workspace_focus(planned, live);
        self.extras(planned, live);
    }

    fn gaps(&mut self, planned: &PlannedWorkspace, live: WorkspaceRef<'_>) {
        let has_window = |idx: &SlotIdx| self.assignment.window(*idx).is_some();
        // Around nothing, nobody sees them.
        if let (Some(before), Some(after), Some(config)) = (
            gaps(self.desktop, planned),
            live.con.gaps,
            &self.desktop.gaps,
        ) && before != after
            && planned.content.leaves().any(has_window)
        {
            let text = |told| {
                let sizes = config.absolute(told);
                format!(
                    "inner {}, top {}, right {}, bottom {}, left {}",
                    sizes.inner, sizes.top, sizes.right, sizes.bottom, sizes.left
                )
            };
            let kind = Kind::Gaps {
                before: text(before),
                after: text(after),
            };
            self.push(Some(&planned.name), None, Some(live.con.id), kind);
        }
    }

    fn slots(&mut self, planned: &PlannedWorkspace) {
        for &idx in planned.content.nodes.iter().flat_map(Node::leaves) {
            self.slot(idx, planned, false);
        }
        for floating in &planned.content.floating {
            for &idx in floating.node.leaves() {
                self.slot(idx, planned, true);
            }
        }
    }

    /// The differences of one window, whatever container it is in.
    fn slot(&mut self, idx: SlotIdx, planned: &PlannedWorkspace, floating: bool) {
        let workspace = Some(planned.name.as_str());
        let Some(found) = self.whereabouts(idx) else {
            self.push(workspace, Some(idx), None, Kind::Missing);
            return;
        };
        let before = if floating {
            Location::Floating(planned.name.clone())
        } else {
            Location::Tiling(planned.name.clone())
        };
        if found.location != before && !self.follows_as_sticky(idx, planned, &found, floating) {
            let kind = Kind::Moved {
                before,
                after: found.location.clone(),
            };
            self.push(workspace, Some(idx), Some(found.con.id), kind);
        }
        self.window_attributes(idx, workspace, &found);
    }

    /// A sticky floating window is on whatever workspace its output shows.
    fn follows_as_sticky(
        &self,
        idx: SlotIdx,
        planned: &PlannedWorkspace,
        found: &Whereabouts<'_>,
        floating: bool,
    ) -> bool {
        let Location::Floating(present) = &found.location else {
            return false;
        };
        let mut nodes = planned.content.floating.iter().map(|one| &one.node);
        let sticky =
            nodes.any(|node| node.attributes.sticky && node.leaves().any(|leaf| *leaf == idx));
        floating
            && sticky
            && self.desktop.workspace(present).is_some_and(|live| {
                live.visible
                    && planned
                        .output
                        .as_deref()
                        .is_none_or(|output| output == live.output)
            })
    }

    fn hidden(&mut self, floating: &PlannedFloating) {
        for &idx in floating.node.leaves() {
            let Some(found) = self.whereabouts(idx) else {
                self.push(None, Some(idx), None, Kind::Missing);
                continue;
            };
            if found.location != Location::Scratchpad {
                let kind = Kind::Moved {
                    before: Location::Scratchpad,
                    after: found.location.clone(),
                };
                self.push(None, Some(idx), Some(found.con.id), kind);
            } else if let (Some(rect), Some(frame)) = (floating.rect, found.frame) {
                let present = self.desktop.scratchpad_rect(frame.rect);
                // i3 centers a fresh one at a size of its own when it is shown.
                if frame.scratchpad == ScratchpadState::Fresh
                    || !present.is_within(rect, FLOATING_TOLERANCE)
                {
                    let kind = Kind::Rect {
                        before: rect.to_string(),
                        after: present.to_string(),
                    };
                    self.push(None, Some(idx), Some(found.con.id), kind);
                }
            }
            self.window_attributes(idx, None, &found);
        }
        self.hidden_container(floating);
    }

    /// Several windows that are hidden in one container.
    fn hidden_container(&mut self, floating: &PlannedFloating) {
        let hidden = floating.node.leaves().find_map(|&idx| {
            let found = self.whereabouts(idx)?;
            (found.location == Location::Scratchpad).then_some((idx, found))
        });
        let (Some((idx, found)), Some(before)) = (
            hidden,
            shape::of_planned_floating(&floating.node, &self.has_window()),
        ) else {
            return;
        };
        let after = found
            .frame
            .and_then(|frame| frame.nodes.first())
            .and_then(|inner| shape::of_live_floating(inner, &self.slot_of()));
        if floating.node.leaves().count() > 1
            && !after
                .as_ref()
                .is_some_and(|after| shape::same_arrangement(&before, after, None))
        {
            let kind = self.arranged(&before, after.as_ref());
            self.push(None, Some(idx), Some(found.con.id), kind);
        }
    }

    fn arranged(&self, before: &Shape, after: Option<&Shape>) -> Kind {
        let text = |shape| shape::text(shape, &|idx| self.plan.slot(idx).id.clone());
        Kind::Arranged {
            before: text(before),
            after: after.map_or_else(String::new, text),
        }
    }

    fn floating(&mut self, planned: &PlannedFloating, workspace: &PlannedWorkspace) {
        let name = Some(workspace.name.as_str());
        let Some((idx, found)) = planned
            .node
            .leaves()
            .find_map(|&idx| self.whereabouts(idx).map(|found| (idx, found)))
        else {
            return;
        };
        let Some(frame) = found
            .frame
            .filter(|_| matches!(found.location, Location::Floating(_)))
        else {
            return;
        };
        if let Some(rect) = planned.rect
            && found.con.attributes.fullscreen == Fullscreen::None
            && !frame.rect.is_within(rect, FLOATING_TOLERANCE)
        {
            let kind = Kind::Rect {
                before: rect.to_string(),
                after: frame.rect.to_string(),
            };
            self.push(name, Some(idx), Some(found.con.id), kind);
        }
        if planned.scratchpad != (frame.scratchpad != ScratchpadState::None) {
            let of = |scratchpad| {
                let name = workspace.name.clone();
                if scratchpad {
                    Location::Shown(name)
                } else {
                    Location::Floating(name)
                }
            };
            let kind = Kind::Moved {
                before: of(planned.scratchpad),
                after: of(!planned.scratchpad),
            };
            self.push(name, Some(idx), Some(found.con.id), kind);
        }
        let before = shape::of_planned_floating(&planned.node, &self.has_window());
        let after = frame
            .nodes
            .first()
            .and_then(|inner| shape::of_live_floating(inner, &self.slot_of()));
        let (Some(before), Some(after)) = (before, after) else {
            return;
        };
        let (before, after) = shape::seen_alike(&before, &after, None);
        match (&before.kind, &after.kind) {
            (NodeKind::Container(_), NodeKind::Container(_)) => {
                self.branch(workspace, before, after);
            }
            (NodeKind::Leaf(_), NodeKind::Leaf(_)) => {}
            _ => {
                let kind = self.arranged(before, Some(after));
                self.push(Some(&workspace.name), Some(idx), Some(found.con.id), kind);
            }
        }
    }

    fn tiling(&mut self, planned: &PlannedWorkspace, live: WorkspaceRef<'_>) {
        let before = shape::of_plan(&planned.content, &self.has_window());
        let after = shape::of_live(live.con, &self.slot_of());
        let (layout, present) = (planned.content.layout, live.con.layout);
        if !before.nodes().is_empty() {
            self.branch(planned, &before, &after);
        } else if planned.content.nodes.is_empty()
            && live.con.nodes.is_empty()
            && layout != present
            && (has_titles(layout) || has_titles(present))
        {
            // The next window that a person opens there has tabs or not.
            let kind = Kind::Layout {
                of: String::new(),
                before: layout.as_str(),
                after: present.as_str(),
            };
            self.push(Some(&planned.name), None, Some(live.con.id), kind);
        }
    }

    /// Compares two containers.
    fn branch(&mut self, workspace: &PlannedWorkspace, before: &Shape, after: &Shape) {
        let (Some(one), Some(other)) = (shape::branch(before), shape::branch(after)) else {
            return;
        };
        if shape::same_children(one.container, other.container) {
            self.same_branch(workspace, before, one, other);
            return;
        }
        // Windows that are elsewhere are named as moved; this is for those that
        // are here, but in other containers.
        if after.leaves().next().is_some() {
            let kind = self.arranged(before, Some(after));
            self.push(Some(&workspace.name), None, other.measured.con, kind);
        }
    }

    /// Compares two containers with the same windows in the same places.
    fn same_branch(
        &mut self,
        workspace: &PlannedWorkspace,
        shape: &Shape,
        before: Branch<'_>,
        after: Branch<'_>,
    ) {
        let name = Some(workspace.name.as_str());
        let con = after.measured.con;
        let live = con.and_then(|id| self.desktop.tree.find(id));
        let (layout, present) = (before.container.layout, after.container.layout);
        // A single child looks the same whatever the workspace's layout is, but
        // tabs and stacks show a title bar.
        if layout != present
            && (before.container.nodes.len() > 1 || has_titles(layout) || has_titles(present))
        {
            let kind = Kind::Layout {
                of: self.names(shape),
                before: layout.as_str(),
                after: present.as_str(),
            };
            self.push(name, None, con, kind);
        } else if let Some(live) = live {
            self.sizes(workspace, before, after, live);
        }
        if let Some(live) = live
            && live.kind != ConKind::Workspace
        {
            let of = self.names(shape);
            for kind in attributes::changes(before.attributes, live, None) {
                self.push(name, None, Some(live.id), kind);
                if let Some(difference) = self.found.last_mut() {
                    difference.slot = Some(of.clone());
                }
            }
            if before.container.focus != after.container.focus {
                self.push(name, None, Some(live.id), Kind::Focus);
            }
        }
        let pairs = before.container.nodes.iter().zip(&after.container.nodes);
        for (before, after) in pairs {
            let (before, after) = shape::seen_alike(before, after, Some(present));
            if let (Some(one), Some(other)) = (shape::branch(before), shape::branch(after)) {
                self.same_branch(workspace, before, one, other);
            }
        }
    }

    fn sizes(
        &mut self,
        workspace: &PlannedWorkspace,
        before: Branch<'_>,
        after: Branch<'_>,
        live: &Con,
    ) {
        let total = match before.container.layout {
            ContainerLayout::SplitH => live.rect.width,
            ContainerLayout::SplitV => live.rect.height,
            // All children are as large as the container.
            ContainerLayout::Stacked | ContainerLayout::Tabbed => return,
        };
        let shares = |branch: Branch<'_>| -> Vec<f64> {
            let nodes = branch.container.nodes.iter();
            nodes.map(|child| child.share.fraction).collect()
        };
        let (planned, present) = (shares(before), shares(after));
        let (planned_px, present_px) = (
            shares::pixels(&planned, total),
            shares::pixels(&present, total),
        );
        // Where windows were taken away, the rest shares their room, and rounds.
        let tolerance = i64::from(before.measured.pruned || after.measured.pruned);
        for (position, child) in before.container.nodes.iter().enumerate() {
            if (planned_px[position] - present_px[position]).abs() > tolerance {
                let kind = Kind::Resized {
                    of: self.names(child),
                    before: planned[position] * 100.0,
                    after: present[position] * 100.0,
                    before_px: planned_px[position],
                    after_px: present_px[position],
                };
                self.push(Some(&workspace.name), None, after.measured.con, kind);
            }
        }
    }

    fn workspace_order(&mut self) {
        for Disorder { before, after } in workspace_order::disorders(self.plan, self.desktop) {
            let first = before.first().cloned();
            let kind = Kind::WorkspaceOrder { before, after };
            self.push(first.as_deref(), None, None, kind);
        }
    }

    /// The focus order among the tiling and floating children of a workspace.
    fn workspace_focus(&mut self, planned: &PlannedWorkspace, live: WorkspaceRef<'_>) {
        let order = self.planned_focus(planned);
        let present: Vec<Vec<SlotIdx>> = live
            .con
            .focus
            .iter()
            .filter_map(|id| live.con.children().find(|child| child.id == *id))
            .map(|child| {
                let mut slots: Vec<SlotIdx> = child
                    .descendants()
                    .filter_map(|con| self.assignment.slot(con.id))
                    .collect();
                slots.sort_unstable();
                slots
            })
            .filter(|slots| !slots.is_empty())
            .collect();
        let same_children = {
            let (mut one, mut two) = (order.clone(), present.clone());
            one.sort();
            two.sort();
            one == two
        };
        if same_children && order != present {
            self.push(Some(&planned.name), None, Some(live.con.id), Kind::Focus);
        }
    }

    fn planned_focus(&self, planned: &PlannedWorkspace) -> Vec<Vec<SlotIdx>> {
        let content = &planned.content;
        let children: Vec<Vec<SlotIdx>> = content
            .children()
            .map(|node| {
                let mut slots: Vec<SlotIdx> = node
                    .leaves()
                    .copied()
                    .filter(|&idx| self.assignment.window(idx).is_some())
                    .collect();
                slots.sort_unstable();
                slots
            })
            .collect();
        content
            .focus
            .iter()
            .filter_map(|&position| children.get(position).cloned())
            .filter(|slots| !slots.is_empty())
            .collect()
    }

    fn extras(&mut self, planned: &PlannedWorkspace, live: WorkspaceRef<'_>) {
        let extras: Vec<&Con> = live
            .con
            .windows()
            .filter(|con| self.assignment.slot(con.id).is_none())
            .filter(|con| !self.desktop.ignored.contains(&con.id))
            .collect();
        for con in extras {
            let window = con
                .properties
                .as_ref()
                .and_then(|properties| {
                    properties
                        .title
                        .clone()
                        .filter(|title| !title.is_empty())
                        .or_else(|| properties.class.clone())
                })
                .unwrap_or_else(|| "a window without a name".to_owned());
            self.push(
                Some(&planned.name),
                None,
                Some(con.id),
                Kind::Extra { window },
            );
        }
    }

    fn focused_workspace(&mut self) {
        // i3 can focus a workspace or a container as a whole; a layout means a window.
        let on_a_window = || {
            self.desktop
                .tree
                .descendants()
                .find(|con| con.focused)
                .is_none_or(Con::is_leaf)
        };
        let present = self
            .desktop
            .focused_workspace()
            .map(|live| live.con.name().to_owned())
            .filter(|name| self.plan.workspace(name).is_some());
        if let Some(focus) = self.plan.focus.as_ref().or(present.as_ref())
            && (self
                .desktop
                .focused_workspace()
                .is_none_or(|live| !live.con.name().eq_ignore_ascii_case(focus))
                || !on_a_window())
        {
            self.push(Some(focus), None, None, Kind::Focus);
        }
    }

    fn window_attributes(
        &mut self,
        idx: SlotIdx,
        workspace: Option<&str>,
        found: &Whereabouts<'_>,
    ) {
        let Some(planned) = attributes::of_slot(self.plan, idx) else {
            return;
        };
        let con = found.con;
        let frame = found.frame.map(|frame| frame.nodes.as_slice());
        let floats = frame.is_some_and(|nodes| nodes.iter().any(|inner| inner.id == con.id));
        let default = self.desktop.defaults.border_of(floats);
        for kind in attributes::changes(planned, con, Some(default)) {
            self.push(workspace, Some(idx), Some(con.id), kind);
        }
        if !con.attributes.marks.contains(&self.plan.mark(idx)) {
            self.push(workspace, Some(idx), Some(con.id), Kind::Unmarked);
        }
    }

    fn whereabouts(&self, idx: SlotIdx) -> Option<Whereabouts<'a>> {
        let id = self.assignment.window(idx)?;
        let in_workspace = |workspace: &'a Con| -> Option<(Option<&'a Con>, &'a Con)> {
            workspace
                .floating_nodes
                .iter()
                .find_map(|frame| frame.find(id).map(|con| (Some(frame), con)))
                .or_else(|| workspace.find(id).map(|con| (None, con)))
        };
        if let Some((frame, con)) = self.desktop.scratchpad().and_then(in_workspace) {
            return Some(Whereabouts {
                location: Location::Scratchpad,
                frame,
                con,
            });
        }
        self.desktop.workspaces().find_map(|workspace| {
            let (frame, con) = in_workspace(workspace.con)?;
            let name = workspace.con.name().to_owned();
            let location = if frame.is_some() {
                Location::Floating(name)
            } else {
                Location::Tiling(name)
            };
            Some(Whereabouts {
                location,
                frame,
                con,
            })
        })
    }

    fn has_window(&self) -> impl Fn(SlotIdx) -> bool + use<'a> {
        let assignment = self.assignment;
        move |idx| assignment.window(idx).is_some()
    }

    fn slot_of(&self) -> impl Fn(ConId) -> Option<SlotIdx> + use<'a> {
        let assignment = self.assignment;
        move |con| assignment.slot(con)
    }

    fn names(&self, shape: &Shape) -> String {
        let ids: Vec<&str> = shape
            .leaves()
            .map(|&idx| self.plan.slot(idx).id.as_str())
            .collect();
        ids.join(" + ")
    }
}
