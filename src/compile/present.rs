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
    /// The output that is its monitor.
    pub output: &'a str,
    /// The rect of its monitor.
    pub monitor: Rect,
    /// The rects of all monitors.
    pub all: &'a [Rect],
}

impl Plan {
    /// Adds the floating windows of its workspaces. Each gets the earlier place that `earlier` knows,
    /// else its present one, fitted to the output of its workspace and fully on the screen. `earlier`
    /// gets the present rect, relative to its output, and true if the workspace moves to another
    /// output. Returns the windows in the order of the slots.
    pub fn add_floating<'e>(
        &mut self,
        desktop: &Desktop,
        earlier: &dyn Fn(XId, Rect, bool) -> Option<EarlierPlace<'e>>,
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
                let here = relative(frame.rect, from);
                let rect = if let Some(place) = earlier(window, here, from.name != to.name) {
                    let saved = (Some(place.monitor), place.all);
                    // A sticky window belongs to its monitor. i3 moves it to the workspace there if
                    // it is moved to a place on it.
                    let own = output(place.output).filter(|_| frame.is_sticky_frame());
                    let to = own.map_or(to.rect, |own| own.rect);
                    place_of(place.rect, saved, (to, &present), true)
                } else {
                    let saved = (Some(from.rect), present.as_slice());
                    place_of(here, saved, to_present, false)
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

#[cfg(test)]
mod tests {
    use super::*;

    use crate::live::build::{Tree, desktop, float, output, win, workspace};
    use crate::testing;

    const LAPTOP: &str = "1920x1080+0+0";
    const OTHER: &str = "2560x1440+1920+0";

    fn two_outputs(
        left: impl IntoIterator<Item = Tree>,
        right: impl IntoIterator<Item = Tree>,
    ) -> Desktop {
        let laptop = output("eDP-1", LAPTOP.parse().unwrap());
        let other = output("DP-1", OTHER.parse().unwrap());
        desktop([laptop.workspaces(left), other.workspaces(right)])
    }

    /// The plan for workspaces written as `NAME OUTPUT`, with `*` if they are visible.
    fn plan(places: &[&str], desktop: &Desktop) -> Plan {
        let places = places.iter().map(|place| {
            let (name, output) = place.split_once(' ').unwrap();
            let visible = output.ends_with('*');
            let output = output.trim_end_matches('*');
            format!("  - {{ name: '{name}', output: {output}, visible: {visible} }}\n")
        });
        let places: String = places.collect();
        testing::plan(&format!("version: 1\nworkspaces:\n{places}"), desktop)
    }

    #[test]
    fn outputs_show_a_workspace_of_the_plan_that_exists() {
        let full = |name: &str| workspace(name, [win(name)]);
        let empty = |name: &str| workspace(name, []);
        // The workspaces that `DP-1` has, the plan, and the visible workspaces of the plan.
        for (right, places, expected) in [
            // What it shows is empty.
            (
                vec![empty("9").visible()],
                &["3 DP-1", "4 DP-1"][..],
                &["3"][..],
            ),
            (vec![empty("9").visible()], &["7 DP-1", "4 DP-1"], &["4"]),
            // What it shows is not in the plan, and stays.
            (vec![full("9").visible()], &["3 DP-1", "4 DP-1"], &[]),
            // What it shows moves away.
            (
                vec![full("9").visible()],
                &["3 DP-1", "9 eDP-1", "4 DP-1"],
                &["3"],
            ),
            // The visible workspace exists, or not.
            (vec![empty("9").visible()], &["3 DP-1", "4 DP-1*"], &["4"]),
            (vec![empty("9").visible()], &["3 DP-1", "7 DP-1*"], &["3"]),
            (vec![empty("9").visible()], &["7 DP-1*"], &["7"]),
        ] {
            let left = [full("1").focused().visible(), full("3"), full("4")];
            let desktop = two_outputs(left, right);
            let mut plan = plan(places, &desktop);
            plan.show_workspaces(&desktop);
            let visible = plan.workspaces.iter().filter(|one| one.visible);
            let names: Vec<&str> = visible.map(|one| one.name.as_str()).collect();
            assert_eq!(names, expected, "{places:?}");
        }
    }

    #[test]
    fn other_workspaces_keep_their_order() {
        let full = |name: &str| workspace(name, [win(name)]);
        let left = [full("x").focused().visible(), full("a"), full("y")];
        let desktop = two_outputs(left, [full("b").visible(), full("z")]);
        let mut plan = plan(&["b DP-1", "a eDP-1"], &desktop);
        plan.add_other_workspaces(&desktop);
        let names: Vec<&str> = plan
            .workspaces
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        assert_eq!(names, ["x", "b", "z", "a", "y"]);
    }

    #[test]
    fn floating_windows_are_on_the_screen_or_at_their_earlier_places() {
        let earlier = "400x300+100+50".parse().unwrap();
        let monitor: Rect = OTHER.parse().unwrap();
        for (present, to, known, expected) in [
            ("400x300+100+50", "eDP-1", false, "400x300+100+50"),
            // Over the edge, and over the edge of two monitors.
            ("400x300+-50+900", "eDP-1", false, "400x300+0+780"),
            ("400x300+1620+50", "eDP-1", false, "400x300+1620+50"),
            // The center keeps its relative place.
            ("400x300+760+390", "DP-1", false, "400x300+3000+570"),
            ("400x300+760+390", "DP-1", true, "400x300+2020+50"),
        ] {
            let floating = float(win("f"), present.parse().unwrap());
            let first = workspace("1", [win("a")]).focused().visible();
            let desktop = two_outputs([first.floating([floating])], [workspace("9", []).visible()]);
            let mut plan = plan(&[&format!("1 {to}")], &desktop);
            let windows = plan.add_floating(&desktop, &|_, _, moves| {
                assert_eq!(moves, to == "DP-1");
                known.then_some(EarlierPlace {
                    output: "DP-1",
                    rect: earlier,
                    monitor,
                    all: &[],
                })
            });
            assert_eq!(windows.len(), 1);
            let rect = plan.workspaces[0].content.floating[0].rect.unwrap();
            assert_eq!(rect.to_string(), expected, "{present} {to}");
        }
    }
}
