//! Completes a plan that only places workspaces with what is on the desktop: the floating windows
//! of these workspaces, and the workspaces that the outputs show.

use std::collections::BTreeSet;

use super::monitors::{Fit, place_of};
use super::{Launch, Plan, PlannedFloating, PlannedNode, PlannedWorkspace, Slot, SlotIdx};
use crate::geometry::Rect;
use crate::layout::{Seen, Swallow};
use crate::live::{Con, Desktop, Output, ScratchpadState, WorkspaceRef, XId};
use crate::tree::{Content, Fullscreen, Gaps};

/// The place of a floating window at an earlier time.
#[derive(Clone, Copy, Debug)]
pub struct EarlierPlace<'a> {
    /// The rect of its frame, relative to its monitor.
    pub rect: Rect,
    /// The rect of its monitor.
    pub monitor: Rect,
    /// The rects of all monitors.
    pub all: &'a [Rect],
}

impl Plan {
    /// Adds the floating windows of its workspaces. Each gets the earlier place that `earlier` knows,
    /// else its present one, fitted to the output of its workspace and fully on the screen. `earlier`
    /// gets true if the workspace moves to another output. Returns the windows in the order of the
    /// slots.
    pub fn add_floating<'e>(
        &mut self,
        desktop: &Desktop,
        earlier: &dyn Fn(XId, bool) -> Option<EarlierPlace<'e>>,
    ) -> Vec<XId> {
        let present: Vec<Rect> = desktop.outputs.iter().map(|output| output.rect).collect();
        let output = |name: &str| desktop.outputs.iter().find(|output| output.name == name);
        let mut windows = Vec::new();
        for position in 0..self.workspaces.len() {
            let planned = &self.workspaces[position];
            let Some(live) = self.live(desktop, planned) else {
                continue;
            };
            let name = planned.name.clone();
            let to = planned.output.as_deref().and_then(output);
            let (Some(from), Some(to)) = (output(live.output), to.or_else(|| output(live.output)))
            else {
                continue;
            };
            for frame in &live.con.floating_nodes {
                let Some((con, window)) = window_of(frame) else {
                    continue;
                };
                let to_present = (to.rect, present.as_slice());
                let rect = if let Some(place) = earlier(window, from.name != to.name) {
                    let saved = (Some(place.monitor), place.all);
                    place_of(place.rect, saved, to_present, true)
                } else {
                    let saved = (Some(from.rect), present.as_slice());
                    place_of(relative(frame.rect, from), saved, to_present, false)
                };
                let idx = SlotIdx(self.slots.len());
                self.slots.push(slot(window, &name));
                windows.push(window);
                let mut node = PlannedNode::leaf(1.0, idx);
                node.attributes = con.own_attributes().clone();
                self.workspaces[position]
                    .content
                    .floating
                    .push(PlannedFloating {
                        node,
                        rect: Some(rect),
                        scratchpad: frame.scratchpad != ScratchpadState::None,
                    });
            }
        }
        windows
    }

    /// Adds the present workspaces that are not in the plan, each behind the one before it on its
    /// output. They stay where they are.
    pub fn add_other_workspaces(&mut self, desktop: &Desktop) {
        let mut before: Option<(&str, &str)> = None;
        for live in desktop.workspaces() {
            let name = live.con.name();
            if self.planned_for(desktop, live).is_none() {
                let mut all = self.workspaces.iter();
                let earlier = before.filter(|(output, _)| *output == live.output);
                let earlier = earlier.and_then(|(_, name)| {
                    let live = desktop.workspace(name)?;
                    let planned = self.planned_for(desktop, live)?;
                    all.position(|one| one.name == planned.name)
                });
                let position = earlier.map_or(0, |earlier| earlier + 1);
                self.workspaces.insert(position, staying(name));
            }
            before = Some((live.output, name));
        }
    }

    /// Lets each output show one of its workspaces of the plan. If the plan shows none that exists
    /// on an output, and the output shows none that stays there, it shows the first that exists.
    pub fn show_workspaces(&mut self, desktop: &Desktop) {
        let outputs: BTreeSet<String> = self.workspaces.iter().filter_map(output_of).collect();
        for output in outputs {
            let mut own = self.workspaces.iter().enumerate();
            let own: Vec<usize> = own
                .by_ref()
                .filter(|(_, one)| one.output.as_ref() == Some(&output))
                .map(|(position, _)| position)
                .collect();
            let exists = |at: &&usize| self.live(desktop, &self.workspaces[**at]).is_some();
            let mut shown = own.iter().filter(|at| self.workspaces[**at].visible);
            let Some(first) = own.iter().find(exists).copied() else {
                continue;
            };
            if shown.any(|at| exists(&at)) || self.shows_one_that_stays(desktop, &output) {
                // Workspaces that do not exist are not created instead.
                let missing = own.iter().filter(|at| !exists(at));
                for at in missing.copied().collect::<Vec<_>>() {
                    self.workspaces[at].visible = false;
                }
                continue;
            }
            for at in own {
                self.workspaces[at].visible = at == first;
            }
        }
    }

    /// True if the output shows a workspace that the plan leaves there, and that has a window or is
    /// part of the plan.
    fn shows_one_that_stays(&self, desktop: &Desktop, output: &str) -> bool {
        let mut shown = desktop.workspaces();
        let shown = shown.find(|live| live.visible && live.output == output);
        shown.is_some_and(
            |live: WorkspaceRef<'_>| match self.planned_for(desktop, live) {
                Some(planned) => planned.output.as_deref() == Some(output),
                None => !live.con.is_leaf(),
            },
        )
    }
}

fn output_of(planned: &PlannedWorkspace) -> Option<String> {
    planned.output.clone()
}

/// A workspace that stays where it is.
fn staying(name: &str) -> PlannedWorkspace {
    PlannedWorkspace {
        name: name.to_owned(),
        written: name.to_owned(),
        output: None,
        fit: Fit::Anywhere,
        missing: None,
        by_profile: false,
        contradiction: None,
        gaps: Gaps::default(),
        visible: false,
        content: Content::default(),
    }
}

/// A window in a floating frame, unless it is fullscreen.
fn window_of(frame: &Con) -> Option<(&Con, XId)> {
    let mut cons = frame.descendants();
    let is_fullscreen = |con: &Con| con.attributes.fullscreen != Fullscreen::None;
    if cons.any(is_fullscreen) {
        return None;
    }
    frame.windows().find_map(|con| Some((con, con.window?)))
}

/// A rect of the screen, relative to an output.
fn relative(rect: Rect, output: &Output) -> Rect {
    Rect {
        x: rect.x.saturating_sub(output.rect.x),
        y: rect.y.saturating_sub(output.rect.y),
        ..rect
    }
}

/// A slot for an open window, which is known by its id.
fn slot(window: XId, workspace: &str) -> Slot {
    Slot {
        id: format!("{:#x}", window.0),
        swallow: Swallow::default(),
        launch: Launch::Elsewhere,
        timeout: None,
        optional: true,
        seen: Seen::default(),
        workspace: Some(workspace.to_owned()),
    }
}
