//! A Plan against the live tree: what is not as it shall be.
//!
//! The same list decides what `apply` does and what `diff` says. An empty list is
//! what "already right" means; windows that the layout does not know are in it, and
//! count for an `apply` only where it moves or closes them.

mod difference;
mod left_out;
pub(crate) mod properties;
mod render;
mod shape;
#[cfg(test)]
mod tests;
mod workspace_order;

pub use difference::{Difference, Kind, Location, Property};
pub use left_out::without_optional;
pub use render::{sentence, sign};
pub use shape::{Branch, Shape, ShapeKind};
use workspace_order::Disorder;

use crate::compile::{Plan, PlannedFloating, PlannedNode, PlannedWorkspace, SlotIdx, shares};
use crate::layout::ContainerLayout;
use crate::live::{Con, ConId, ConKind, Desktop, GapSizes, ScratchpadState, WorkspaceRef};
use crate::matching::Assignment;

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
            planned: None,
            kind,
        });
    }

    fn workspace(&mut self, planned: &PlannedWorkspace) {
        let name = Some(planned.name.as_str());
        let Some(live) = self.desktop.workspace(&planned.name) else {
            if !planned.slots().is_empty() || planned.visible {
                self.push(name, None, None, Kind::NoWorkspace);
            }
            for idx in planned.nodes.iter().flat_map(PlannedNode::slots) {
                self.slot(idx, name, planned, false);
            }
            let floating = planned.floating.iter();
            for idx in floating.flat_map(|floating| floating.node.slots()) {
                self.slot(idx, name, planned, true);
            }
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
        for node in &planned.nodes {
            for idx in node.slots() {
                self.slot(idx, name, planned, false);
            }
        }
        for floating in &planned.floating {
            for idx in floating.node.slots() {
                self.slot(idx, name, planned, true);
            }
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
            && planned.slots().iter().any(has_window)
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

    /// What concerns one window, whatever container it is in.
    fn slot(
        &mut self,
        idx: SlotIdx,
        workspace: Option<&str>,
        planned: &PlannedWorkspace,
        floating: bool,
    ) {
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
        self.window_properties(idx, workspace, found.con, found.frame.is_some());
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
        let sticky = planned
            .floating
            .iter()
            .any(|one| one.node.properties.sticky && one.node.slots().contains(&idx));
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
        for idx in floating.node.slots() {
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
            self.window_properties(idx, None, found.con, true);
        }
        self.hidden_container(floating);
    }

    /// Several windows that are hidden in one container.
    fn hidden_container(&mut self, floating: &PlannedFloating) {
        let slots = floating.node.slots();
        let hidden = slots.iter().find_map(|&idx| {
            let found = self.whereabouts(idx)?;
            (found.location == Location::Scratchpad).then_some((idx, found))
        });
        let (Some((idx, found)), Some(before)) = (
            hidden,
            shape::plan_node(&floating.node, None, &self.has_window()),
        ) else {
            return;
        };
        let after = found
            .frame
            .and_then(|frame| frame.nodes.first())
            .and_then(|inner| shape::live_node(inner, None, &self.slot_of()));
        if slots.len() > 1
            && !after
                .as_ref()
                .is_some_and(|after| before.same_arrangement(after))
        {
            let kind = Kind::Arranged {
                before: before.text(&self.slot_id()),
                after: after.map_or_else(String::new, |after| after.text(&self.slot_id())),
            };
            self.push(None, Some(idx), Some(found.con.id), kind);
        }
    }

    fn floating(&mut self, planned: &PlannedFloating, workspace: &PlannedWorkspace) {
        let name = Some(workspace.name.as_str());
        let slots = planned.node.slots();
        let Some((idx, found)) = slots
            .iter()
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
            && found.con.fullscreen == crate::layout::Fullscreen::None
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
        let before = shape::plan_node(&planned.node, None, &self.has_window());
        let after = frame
            .nodes
            .first()
            .and_then(|inner| shape::live_node(inner, None, &self.slot_of()));
        let (Some(before), Some(after)) = (before, after) else {
            return;
        };
        let (before, after) = shape::seen_alike(&before, &after);
        match (&before.kind, &after.kind) {
            (ShapeKind::Container(before), ShapeKind::Container(after)) => {
                self.branch(workspace, before, after);
            }
            (ShapeKind::Window(_), ShapeKind::Window(_)) => {}
            _ => {
                let kind = Kind::Arranged {
                    before: before.text(&self.slot_id()),
                    after: after.text(&self.slot_id()),
                };
                self.push(Some(&workspace.name), Some(idx), Some(found.con.id), kind);
            }
        }
    }

    fn slot_id(&self) -> impl Fn(SlotIdx) -> String + use<'a> {
        let plan = self.plan;
        move |idx| plan.slot(idx).id.clone()
    }

    fn tiling(&mut self, planned: &PlannedWorkspace, live: WorkspaceRef<'_>) {
        let before = shape::of_plan(
            planned.layout,
            &planned.nodes,
            &planned.focus,
            &self.has_window(),
        );
        let after = shape::of_live(live.con, &self.slot_of());
        if !before.children.is_empty() {
            self.branch(planned, &before, &after);
        } else if planned.nodes.is_empty()
            && live.con.nodes.is_empty()
            && before.layout != after.layout
            && (has_titles(before.layout) || has_titles(after.layout))
        {
            // The next window that a person opens there has tabs or not.
            let kind = Kind::Layout {
                of: String::new(),
                before: before.layout.as_str(),
                after: after.layout.as_str(),
            };
            self.push(Some(&planned.name), None, after.con, kind);
        }
    }

    fn branch(&mut self, workspace: &PlannedWorkspace, before: &Branch, after: &Branch) {
        if before.same_arrangement(after) {
            self.same_branch(workspace, before, after);
            return;
        }
        // Windows that are elsewhere are named as moved; this is for those that
        // are here, but in other containers.
        let mut here = (before.slots(), after.slots());
        here.0.sort_unstable();
        here.1.sort_unstable();
        if here.0 == here.1 || !here.1.is_empty() {
            let kind = Kind::Arranged {
                before: before.text(&self.slot_id()),
                after: after.text(&self.slot_id()),
            };
            self.push(Some(&workspace.name), None, after.con, kind);
        }
    }

    /// Two containers with the same windows in the same places.
    fn same_branch(&mut self, workspace: &PlannedWorkspace, before: &Branch, after: &Branch) {
        let name = Some(workspace.name.as_str());
        let live = after.con.and_then(|id| self.desktop.tree.find(id));
        // A single child looks the same whatever the workspace's layout is, but
        // tabs and stacks show a title bar.
        if before.layout != after.layout
            && (before.children.len() > 1 || has_titles(before.layout) || has_titles(after.layout))
        {
            let kind = Kind::Layout {
                of: self.names(&before.slots()),
                before: before.layout.as_str(),
                after: after.layout.as_str(),
            };
            self.push(name, None, after.con, kind);
        } else if let Some(live) = live {
            self.sizes(workspace, before, after, live);
        }
        if let Some(live) = live
            && live.kind != ConKind::Workspace
        {
            let of = self.names(&before.slots());
            properties::of_container(&before.properties, live, |kind| {
                self.found.push(Difference {
                    workspace: Some(workspace.name.clone()),
                    slot: Some(of.clone()),
                    idx: None,
                    con: Some(live.id),
                    planned: Some(before.properties.clone()),
                    kind,
                });
            });
            if before.focus != after.focus {
                self.push(name, None, Some(live.id), Kind::Focus);
            }
        }
        for (before, after) in before.children.iter().zip(&after.children) {
            let (before, after) = shape::seen_alike(before, after);
            if let (ShapeKind::Container(before), ShapeKind::Container(after)) =
                (&before.kind, &after.kind)
            {
                self.same_branch(workspace, before, after);
            }
        }
    }

    fn sizes(&mut self, workspace: &PlannedWorkspace, before: &Branch, after: &Branch, live: &Con) {
        let total = match before.layout {
            ContainerLayout::SplitH => live.rect.width,
            ContainerLayout::SplitV => live.rect.height,
            // All children are as large as the container.
            ContainerLayout::Stacked | ContainerLayout::Tabbed => return,
        };
        let shares = |branch: &Branch| -> Vec<f64> {
            branch.children.iter().map(|child| child.share).collect()
        };
        let (planned, present) = (shares(before), shares(after));
        let (planned_px, present_px) = (
            shares::pixels(&planned, total),
            shares::pixels(&present, total),
        );
        // Where windows were taken away, the rest shares their room, and rounds.
        let tolerance = i64::from(before.pruned || after.pruned);
        for (position, child) in before.children.iter().enumerate() {
            if (planned_px[position] - present_px[position]).abs() > tolerance {
                let kind = Kind::Resized {
                    of: self.names(&child.slots()),
                    before: planned[position] * 100.0,
                    after: present[position] * 100.0,
                    before_px: planned_px[position],
                    after_px: present_px[position],
                };
                self.push(Some(&workspace.name), None, after.con, kind);
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
        let children: Vec<Vec<SlotIdx>> = planned
            .nodes
            .iter()
            .chain(planned.floating.iter().map(|floating| &floating.node))
            .map(|node| {
                let mut slots: Vec<SlotIdx> = node
                    .slots()
                    .into_iter()
                    .filter(|&idx| self.assignment.window(idx).is_some())
                    .collect();
                slots.sort_unstable();
                slots
            })
            .collect();
        planned
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

    fn window_properties(
        &mut self,
        idx: SlotIdx,
        workspace: Option<&str>,
        con: &Con,
        floating: bool,
    ) {
        let Some(planned) = properties::of_slot(self.plan, idx) else {
            return;
        };
        let mut kinds = Vec::new();
        properties::of_window(planned, con, floating, self.desktop.defaults, |kind| {
            kinds.push(kind);
        });
        if !con.marks.contains(&self.plan.mark(idx)) {
            kinds.push(Kind::Unmarked);
        }
        for kind in kinds {
            self.push(workspace, Some(idx), Some(con.id), kind);
            if let Some(difference) = self.found.last_mut() {
                difference.planned = Some(planned.clone());
            }
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

    fn names(&self, slots: &[SlotIdx]) -> String {
        slots
            .iter()
            .map(|&idx| self.plan.slot(idx).id.as_str())
            .collect::<Vec<_>>()
            .join(" + ")
    }
}

/// Whether the layout shows a title bar also for a single window.
const fn has_titles(layout: ContainerLayout) -> bool {
    matches!(layout, ContainerLayout::Stacked | ContainerLayout::Tabbed)
}
