//! Comparison of windows: their places and attributes, whatever container they are in.

use super::{Differ, Kind, Location, attributes};
use crate::compile::{PlannedFloating, PlannedWorkspace, SlotIdx};
use crate::geometry::Rect;
use crate::live::{Con, ScratchpadState};

/// The tolerance for the edges of hidden scratchpad windows, in pixels. i3 scales their positions
/// to its internal output and back, and rounds each time.
const SCRATCHPAD_TOLERANCE: u32 = 1;

/// The place of a window, with the floating frame around it.
pub(super) struct Whereabouts<'a> {
    pub(super) location: Location,
    pub(super) frame: Option<&'a Con>,
    pub(super) con: &'a Con,
}

impl<'a> Differ<'a> {
    /// A slot of a workspace.
    pub(super) fn slot(&mut self, idx: SlotIdx, planned: &PlannedWorkspace, floating: bool) {
        let workspace = Some(planned.name.as_str());
        let Some(found) = self.whereabouts(idx) else {
            self.push(workspace, Some(idx), None, Kind::Missing);
            return;
        };
        let before = location(self.plan.live_name(self.desktop, planned), floating);
        if found.location != before && !(floating && self.follows_as_sticky(idx, planned, &found)) {
            self.moved(workspace, idx, before, &found);
        }
        self.window_attributes(idx, workspace, &found);
    }

    /// True for a sticky floating window that is on the visible workspace of its output.
    fn follows_as_sticky(
        &self,
        idx: SlotIdx,
        planned: &PlannedWorkspace,
        found: &Whereabouts<'_>,
    ) -> bool {
        let Location::Floating(present) = &found.location else {
            return false;
        };
        let mut nodes = planned.content.floating.iter().map(|one| &one.node);
        let is_sticky =
            nodes.any(|node| node.attributes.sticky && node.leaves().any(|leaf| *leaf == idx));
        let live = self.desktop.workspace(present);
        is_sticky
            && live.is_some_and(|live| {
                let output = planned.output.as_deref();
                live.visible && output.is_none_or(|output| output == live.output)
            })
    }

    /// A slot of the scratchpad.
    pub(super) fn hidden_slot(&mut self, idx: SlotIdx, planned: &PlannedFloating) {
        let Some(found) = self.whereabouts(idx) else {
            self.push(None, Some(idx), None, Kind::Missing);
            return;
        };
        if found.location != Location::Scratchpad {
            self.moved(None, idx, Location::Scratchpad, &found);
        } else if let (Some(rect), Some(frame)) = (planned.rect, found.frame) {
            let present = self.desktop.scratchpad_rect(frame.rect);
            // i3 centers a fresh window at its own size when it shows it.
            if frame.scratchpad == ScratchpadState::Fresh {
                self.push(
                    None,
                    Some(idx),
                    Some(found.con.id),
                    rect_kind(rect, present),
                );
            } else {
                self.rect(None, idx, &found, rect, present);
            }
        }
        self.window_attributes(idx, None, &found);
    }

    fn moved(
        &mut self,
        workspace: Option<&str>,
        idx: SlotIdx,
        before: Location,
        found: &Whereabouts<'_>,
    ) {
        let kind = Kind::Moved {
            before,
            after: found.location.clone(),
        };
        self.push(workspace, Some(idx), Some(found.con.id), kind);
    }

    /// The rect of a floating frame. i3 rounds the size of a window down to the window's size
    /// increments, so smaller differences do not count.
    pub(super) fn rect(
        &mut self,
        workspace: Option<&str>,
        idx: SlotIdx,
        found: &Whereabouts<'_>,
        planned: Rect,
        present: Rect,
    ) {
        // i3 only knows the increments of a window that has the frame alone.
        let inner = found.frame.and_then(|frame| frame.nodes.first());
        let facts = inner.and_then(|con| self.desktop.facts(con));
        let increments = facts.and_then(|facts| facts.size_increments);
        let expected = rounded_size(planned, present, increments);
        let tolerance = if found.location == Location::Scratchpad {
            SCRATCHPAD_TOLERANCE
        } else {
            0
        };
        if !present.is_within(expected, tolerance) {
            let kind = rect_kind(planned, present);
            self.push(workspace, Some(idx), Some(found.con.id), kind);
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
        for change in attributes::changes(planned, con, Some(default)) {
            let kind = Kind::Property(change);
            self.push(workspace, Some(idx), Some(con.id), kind);
        }
    }

    pub(super) fn whereabouts(&self, idx: SlotIdx) -> Option<Whereabouts<'a>> {
        let id = self.assignment.window(idx)?;
        let desktop = self.desktop;
        let scratchpad = desktop.scratchpad().map(|con| (None, con)).into_iter();
        let workspaces = desktop
            .workspaces()
            .map(|live| (Some(live.con.name()), live.con));
        scratchpad.chain(workspaces).find_map(|(workspace, root)| {
            let con = root.find(id)?;
            let mut frames = root.floating_nodes.iter();
            let frame = frames.find(|frame| frame.find(id).is_some());
            let location =
                workspace.map_or(Location::Scratchpad, |name| location(name, frame.is_some()));
            Some(Whereabouts {
                location,
                frame,
                con,
            })
        })
    }
}

/// The planned rect with each present extent that differs from it only by i3's rounding to the
/// window's size increments, in pixels.
pub(crate) fn rounded_size(planned: Rect, present: Rect, increments: Option<(u32, u32)>) -> Rect {
    let (width, height) = increments.unwrap_or_default();
    let rounded = |planned: u32, present: u32, increment: u32| {
        let is_rounding = planned.abs_diff(present) < increment;
        if is_rounding { present } else { planned }
    };
    Rect {
        width: rounded(planned.width, present.width, width),
        height: rounded(planned.height, present.height, height),
        ..planned
    }
}

fn location(workspace: &str, floating: bool) -> Location {
    if floating {
        Location::Floating(workspace.to_owned())
    } else {
        Location::Tiling(workspace.to_owned())
    }
}

fn rect_kind(planned: Rect, present: Rect) -> Kind {
    Kind::Rect {
        before: planned.to_string(),
        after: present.to_string(),
    }
}
