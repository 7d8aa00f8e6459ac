//! Comparison of containers: arrangement, layouts, sizes and focus orders.

use super::{Differ, Difference, Kind, Location, attributes, shape};
use crate::compile::{PlannedFloating, PlannedWorkspace};
use crate::live::{Con, ConKind, ScratchpadState, WorkspaceRef};
use crate::tree::{ContainerLayout, Fullscreen, Kind as NodeKind, shares};
use shape::Shape;

impl Differ<'_> {
    /// A window of the scratchpad, or several in one container.
    pub(super) fn hidden(&mut self, planned: &PlannedFloating) {
        for &idx in planned.node.leaves() {
            self.hidden_slot(idx, planned);
        }
        let hidden = planned.node.leaves().find_map(|&idx| {
            let found = self.whereabouts(idx)?;
            (found.location == Location::Scratchpad).then_some((idx, found))
        });
        if planned.node.leaves().count() > 1
            && let Some((idx, found)) = hidden
            && let Some(before) = shape::of_planned_floating(&planned.node, self.assignment)
        {
            let inner = found.frame.and_then(|frame| frame.nodes.first());
            let after = inner.and_then(|inner| shape::of_live_floating(inner, self.assignment));
            let is_same = |after| shape::same_arrangement(&before, after, None);
            if !after.as_ref().is_some_and(is_same) {
                let kind = self.arranged(&before, after.as_ref());
                self.push(None, Some(idx), Some(found.con.id), kind);
            }
        }
    }

    /// A floating frame of a workspace.
    pub(super) fn floating(&mut self, planned: &PlannedFloating, workspace: &PlannedWorkspace) {
        let mut leaves = planned.node.leaves();
        let found = leaves.find_map(|&idx| Some((idx, self.whereabouts(idx)?)));
        let Some((idx, found)) = found else {
            return;
        };
        let (Some(frame), Location::Floating(_)) = (found.frame, &found.location) else {
            return;
        };
        let name = workspace.name.as_str();
        if let Some(rect) = planned.rect
            && found.con.attributes.fullscreen == Fullscreen::None
        {
            self.rect(Some(name), idx, &found, rect, frame.rect);
        }
        if planned.scratchpad != (frame.scratchpad != ScratchpadState::None) {
            let present = self.plan.live_name(self.desktop, workspace);
            let (shown, floating) = (
                Location::Shown(present.into()),
                Location::Floating(present.into()),
            );
            let (before, after) = if planned.scratchpad {
                (shown, floating)
            } else {
                (floating, shown)
            };
            let kind = Kind::Moved { before, after };
            self.push(Some(name), Some(idx), Some(found.con.id), kind);
        }
        let before = shape::of_planned_floating(&planned.node, self.assignment);
        let inner = frame.nodes.first();
        let after = inner.and_then(|inner| shape::of_live_floating(inner, self.assignment));
        let (Some(before), Some(after)) = (before, after) else {
            return;
        };
        let (before, after) = shape::seen_alike(&before, &after, None);
        match (&before.kind, &after.kind) {
            (NodeKind::Container(_), NodeKind::Container(_)) => {
                self.container(name, before, after);
            }
            (NodeKind::Leaf(_), NodeKind::Leaf(_)) => {}
            _ => {
                let kind = self.arranged(before, Some(after));
                self.push(Some(name), Some(idx), Some(found.con.id), kind);
            }
        }
    }

    /// The tiling containers of a workspace.
    pub(super) fn tiling(&mut self, planned: &PlannedWorkspace, live: WorkspaceRef<'_>) {
        let before = shape::of_plan(&planned.content, self.assignment);
        let after = shape::of_live(live.con, self.assignment);
        let (layout, present) = (planned.content.layout, live.con.layout);
        if !before.nodes().is_empty() {
            self.container(&planned.name, &before, &after);
            // The layout decides if the next window opens beside the only one or below it.
            if let ([only], [con]) = (planned.content.nodes.as_slice(), live.con.nodes.as_slice())
                && let Some(&idx) = only.as_leaf()
                && self.assignment.window(idx) == Some(con.id)
                && layout != present
                && layout.is_split()
                && present.is_split()
            {
                let kind = layout_kind(self.names(&before), layout, present);
                self.push(Some(&planned.name), None, Some(live.con.id), kind);
            }
        } else if planned.content.nodes.is_empty()
            && live.con.nodes.is_empty()
            && layout != present
            && !(layout.is_split() && present.is_split())
        {
            // The layout decides if the next window that opens there has a tab.
            let kind = layout_kind(String::new(), layout, present);
            self.push(Some(&planned.name), None, Some(live.con.id), kind);
        }
    }

    fn container(&mut self, workspace: &str, before: &Shape, after: &Shape) {
        let (Some(planned), Some(present)) = (before.as_container(), after.as_container()) else {
            return;
        };
        if shape::same_children(planned, present) {
            self.same_container(workspace, before, after);
        } else if after.leaves().next().is_some() {
            // Windows that are elsewhere are reported as moved. Here, the windows are on the
            // workspace, but in other containers.
            let kind = self.arranged(before, Some(after));
            self.push(Some(workspace), None, after.share.con, kind);
        }
    }

    /// Two containers with the same windows in the same places, and all below them.
    fn same_container(&mut self, workspace: &str, before: &Shape, after: &Shape) {
        let (Some(planned), Some(present)) = (before.as_container(), after.as_container()) else {
            return;
        };
        let con = after.share.con;
        let live = con.and_then(|id| self.desktop.tree.find(id));
        let (layout, live_layout) = (planned.layout, present.layout);
        let is_split = layout.is_split() && live_layout.is_split();
        // A single child looks the same in both directions, but tabs and stacks show a title. That
        // of a workspace is compared in `tiling`.
        if layout != live_layout && (planned.nodes.len() > 1 || !is_split) {
            let kind = layout_kind(self.names(before), layout, live_layout);
            self.push(Some(workspace), None, con, kind);
        } else if let Some(live) = live {
            self.sizes(workspace, before, after, live);
        }
        if let Some(live) = live
            && live.kind != ConKind::Workspace
        {
            let slot = self.names(before);
            let changes = attributes::changes(&before.attributes, live, None);
            self.found.extend(changes.map(|change| Difference {
                workspace: Some(workspace.to_owned()),
                slot: Some(slot.clone()),
                idx: None,
                con,
                kind: Kind::Property(change),
            }));
            if planned.focus != present.focus {
                self.push(Some(workspace), None, con, Kind::Focus);
            }
        }
        for (before, after) in planned.nodes.iter().zip(&present.nodes) {
            let (before, after) = shape::seen_alike(before, after, Some(live_layout));
            self.same_container(workspace, before, after);
        }
    }

    /// The sizes of a container's children.
    fn sizes(&mut self, workspace: &str, before: &Shape, after: &Shape, live: &Con) {
        let total = match before.as_container().map(|container| container.layout) {
            Some(ContainerLayout::SplitH) => live.rect.width,
            Some(ContainerLayout::SplitV) => live.rect.height,
            // All children are as large as the container.
            _ => return,
        };
        let sizes = |shape: &Shape| {
            let nodes = shape.nodes().iter();
            let shares: Vec<f64> = nodes.map(|child| child.share.fraction).collect();
            let pixels = shares::pixels(&shares, total);
            shares.into_iter().zip(pixels)
        };
        // If windows were left out, the others share their space, which causes rounding.
        let tolerance = i64::from(before.share.pruned || after.share.pruned);
        for ((child, (planned, planned_px)), (present, present_px)) in
            before.nodes().iter().zip(sizes(before)).zip(sizes(after))
        {
            if (planned_px - present_px).abs() > tolerance {
                let kind = Kind::Resized {
                    of: self.names(child),
                    before: planned * 100.0,
                    after: present * 100.0,
                    before_px: planned_px,
                    after_px: present_px,
                };
                self.push(Some(workspace), None, after.share.con, kind);
            }
        }
    }

    fn arranged(&self, before: &Shape, after: Option<&Shape>) -> Kind {
        let text = |shape| shape::text(shape, self.plan);
        Kind::Arranged {
            before: text(before),
            after: after.map_or_else(String::new, text),
        }
    }

    /// The ids of all slots in a node.
    fn names(&self, shape: &Shape) -> String {
        let ids = shape.leaves().map(|&idx| self.plan.slot(idx).id.as_str());
        ids.collect::<Vec<_>>().join(" + ")
    }
}

fn layout_kind(of: String, planned: ContainerLayout, present: ContainerLayout) -> Kind {
    Kind::Layout {
        of,
        before: planned.as_str(),
        after: present.as_str(),
    }
}
