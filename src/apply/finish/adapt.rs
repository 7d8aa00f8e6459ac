//! The commands that adapt the desktop to the present monitors.

use std::collections::BTreeSet;

use super::{Finish, is_not_shown, workspaces_of};
use crate::compile::{Plan, SlotIdx};
use crate::diff::{Difference, Kind};
use crate::live::Desktop;
use crate::matching::Assignment;
use crate::wm::command::Command;

/// The differences that adapting removes: workspaces on other outputs, in another order or not
/// visible, floating windows of these workspaces at other places, and the focused workspace.
pub fn to_adapt(plan: &Plan, desktop: &Desktop, differences: &[Difference]) -> Vec<Difference> {
    let is_moved = |one: &&Difference| matches!(one.kind, Kind::Moved { .. });
    let moved = differences.iter().filter(is_moved);
    let moved: BTreeSet<SlotIdx> = moved.filter_map(|one| one.idx).collect();
    let is_meant = |one: &Difference| {
        let planned = one.workspace.as_deref();
        let planned = planned.and_then(|name| plan.workspace(name));
        match &one.kind {
            Kind::Output { .. } | Kind::WorkspaceOrder { .. } | Kind::Hidden => true,
            // A workspace whose windows are not open stays away.
            Kind::NoWorkspace => planned
                .is_some_and(|planned| planned.content.is_empty() && planned.output.is_some()),
            // A window that is elsewhere stays there.
            Kind::Rect { .. } => {
                planned.is_some() && !one.idx.is_some_and(|idx| moved.contains(&idx))
            }
            // The focus within a workspace is the user's.
            Kind::Focus if one.con.is_none() => {
                let live = planned.and_then(|planned| plan.live(desktop, planned));
                let here = desktop.focused_workspace().map(|here| here.con.id);
                live.is_some_and(|live| Some(live.con.id) != here)
            }
            _ => false,
        }
    };
    let meant = differences.iter().filter(|one| is_meant(one));
    meant.cloned().collect()
}

/// The commands for differences that [`to_adapt`] returns, as one message; empty if there is
/// nothing to do. `round` counts the messages, from 0.
pub fn adapt(
    plan: &Plan,
    desktop: &Desktop,
    assignment: &Assignment,
    differences: &[Difference],
    round: usize,
) -> Vec<Command> {
    let mut finish = Finish::new(plan, desktop, assignment, round);
    let moves = differences.iter().filter_map(|one| match &one.kind {
        Kind::Output { before, .. } => Some(Command::MoveWorkspaceToOutput {
            con: one.con?,
            output: before.clone(),
        }),
        _ => None,
    });
    finish.commands.extend(moves);
    let moves = !finish.commands.is_empty();
    let mut sorts = false;
    for difference in differences {
        match &difference.kind {
            Kind::Rect { .. } => finish.place(difference),
            // The order counts when all workspaces are on their outputs.
            Kind::WorkspaceOrder { .. } if !moves => {
                finish.place(difference);
                sorts = true;
            }
            _ => {}
        }
    }
    finish.show_adapted(differences, (moves, sorts));
    finish.commands
}

impl Finish<'_> {
    /// Shows the visible workspaces of the plan, the focused one last. The windows in them keep
    /// their focus.
    fn show_adapted(&mut self, differences: &[Difference], (moves, sorts): (bool, bool)) {
        let to_show = workspaces_of(differences, &is_not_shown);
        let is_focus_elsewhere = differences.iter().any(|one| one.kind == Kind::Focus);
        if !(moves || sorts || is_focus_elsewhere) && to_show.is_empty() {
            return;
        }
        if sorts {
            self.show_what_was_shown();
        }
        let plan = self.plan;
        for planned in plan.workspaces.iter().filter(|planned| planned.visible) {
            let is_hidden = to_show.contains(planned.name.as_str());
            let is_there = plan.live(self.desktop, planned).is_some();
            if !(is_hidden || is_there && (moves || sorts)) {
                continue;
            }
            if !is_there && let Some(output) = &planned.output {
                // i3 creates a workspace on the focused output.
                self.commands.push(Command::FocusOutput(output.clone()));
            }
            self.commands.push(self.show_planned(planned));
        }
        let focus = plan.focus.as_deref().and_then(|name| plan.workspace(name));
        let focus = focus.filter(|planned| {
            let is_created = to_show.contains(planned.name.as_str());
            is_created || plan.live(self.desktop, planned).is_some()
        });
        let show = focus.map(|planned| self.show_planned(planned)).or_else(|| {
            let here = self.desktop.focused_workspace()?;
            // The plan may show another workspace on the same output.
            let mut shown = plan.workspaces.iter().filter(|one| one.visible);
            let instead = shown.find(|planned| {
                to_show.contains(planned.name.as_str())
                    && self.output_of(planned) == Some(here.output)
            });
            Some(instead.map_or_else(|| self.show_live(here), |one| self.show_planned(one)))
        });
        self.commands.extend(show);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::diff;
    use crate::live::build::{Tree, desktop, float, output, win, workspace};
    use crate::matching::{Reuse, match_windows};
    use crate::testing::{plan, texts};

    const LAYOUT: &str = "\
version: 1
name: t
workspaces:
  - { name: '1', output: eDP-1, visible: true, nodes: [{ id: a, swallow: { instance: ^a$ } }] }
  - name: '3'
    output: DP-1
    visible: true
    nodes: [{ id: b, swallow: { instance: ^b$ } }, { id: c, swallow: { instance: ^c$ } }]
    floating: [{ id: f, swallow: { instance: ^f$ }, rect: 400x250+100+50 }]
focus: '1'
";

    fn two_outputs(
        left: impl IntoIterator<Item = Tree>,
        right: impl IntoIterator<Item = Tree>,
    ) -> Desktop {
        let laptop = output("eDP-1", "1920x1080+0+0".parse().unwrap());
        let other = output("DP-1", "2560x1440+1920+0".parse().unwrap());
        desktop([laptop.workspaces(left), other.workspaces(right)])
    }

    fn first() -> Tree {
        workspace("1", [win("a").focused()])
    }

    /// Workspace 3 with its floating window at this place.
    fn third(rect: &str) -> Tree {
        let floating = float(win("f"), rect.parse().unwrap());
        workspace("3", [win("b"), win("c")]).floating([floating])
    }

    #[test]
    fn only_differences_about_monitors_give_commands() {
        let show = |name: &str| format!("workspace --no-auto-back-and-forth number \"{name}\"");
        let in_place = "400x250+2020+50";
        let place = "[f] move absolute position 2020 px 50 px";
        let moved = "[3] move workspace to output \"DP-1\"";
        for (live, expected) in [
            (
                two_outputs([first().focused().visible()], [third(in_place).visible()]),
                vec![],
            ),
            (
                two_outputs(
                    [first().focused().visible()],
                    [third("400x250+2021+50").visible()],
                ),
                vec![place],
            ),
            (
                two_outputs(
                    [first().focused().visible(), third("400x250+75+38")],
                    [workspace("9", []).visible()],
                ),
                vec![moved, place, "show 1", "show 3", "show 1"],
            ),
            // Not visible.
            (
                two_outputs(
                    [first().focused().visible()],
                    [third(in_place), workspace("9", [win("x")]).visible()],
                ),
                vec!["show 3", "show 1"],
            ),
            // Tiled windows in another order, and a window on another workspace.
            (
                two_outputs(
                    [workspace("1", [win("a").focused(), win("b")])
                        .focused()
                        .visible()],
                    [workspace("3", [win("c")])
                        .floating([float(win("f"), in_place.parse().unwrap())])
                        .visible()],
                ),
                vec![],
            ),
            // A workspace without open windows is not created.
            (
                two_outputs([workspace("9", []).visible()], [third(in_place).visible()]),
                vec![],
            ),
        ] {
            let plan = plan(LAYOUT, &live);
            let assignment = match_windows(&plan, &live, Reuse::All);
            let differences = to_adapt(&plan, &live, &diff(&plan, &live, &assignment));
            let commands = adapt(&plan, &live, &assignment, &differences, 0);
            let expected = expected.into_iter().map(|command: &str| {
                let shown = command.strip_prefix("show ").map(show);
                shown.unwrap_or_else(|| command.to_owned())
            });
            let expected: Vec<String> = expected.collect();
            assert_eq!(texts(&commands, &live), expected);
        }
    }
}
