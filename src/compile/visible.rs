//! The workspaces that are visible on the current outputs.

use std::collections::BTreeMap;

use super::monitors::Fit;
use super::plan::PlannedWorkspace;
use crate::live::PresentWorkspace;

/// Leaves one visible workspace per output, and returns the workspace that gets the focus.
///
/// An output shows only one workspace. If several monitors of the file are one output now, it
/// shows the workspace with the focus, else the one whose own monitor it is, else the first. A
/// workspace without windows exists only while it is visible, so it is left out if its monitor is
/// missing.
pub(super) fn resolve(
    workspaces: &mut [PlannedWorkspace],
    focus: Option<&str>,
    present: &[PresentWorkspace],
) -> Option<String> {
    let mut focus = workspaces
        .iter()
        .position(|workspace| Some(workspace.name.as_str()) == focus);
    for (position, workspace) in workspaces.iter_mut().enumerate() {
        if workspace.fit == Fit::Fallback && workspace.content.is_empty() {
            workspace.visible = false;
            focus.take_if(|focus| *focus == position);
        }
    }
    let outputs: Vec<Option<String>> = workspaces
        .iter()
        .map(|workspace| output(workspace, present).map(str::to_owned))
        .collect();
    let mut shown: BTreeMap<&str, (bool, Fit, usize)> = BTreeMap::new();
    for (position, (workspace, output)) in workspaces.iter().zip(&outputs).enumerate() {
        let is_focus = focus == Some(position);
        if let Some(output) = output
            && (workspace.visible || is_focus)
        {
            let rank = (!is_focus, workspace.fit, position);
            let best = shown.entry(output).or_insert(rank);
            *best = rank.min(*best);
        }
    }
    for (position, workspace) in workspaces.iter_mut().enumerate() {
        let output = outputs[position].as_deref();
        let best = output.and_then(|output| shown.get(output));
        workspace.visible &= best.is_none_or(|(_, _, best)| *best == position);
    }
    focus.map(|focus| workspaces[focus].name.clone())
}

/// The output on which a workspace will be: the planned one, else its current one. i3 creates a
/// new workspace on the focused output.
fn output<'a>(workspace: &'a PlannedWorkspace, present: &'a [PresentWorkspace]) -> Option<&'a str> {
    let planned = workspace.output.as_deref();
    planned.or_else(|| present_output(&workspace.name, present))
}

/// The output on which i3 has this workspace, or creates it.
pub(super) fn present_output<'a>(name: &str, present: &'a [PresentWorkspace]) -> Option<&'a str> {
    let mut all = present.iter();
    let live = all
        .find(|live| live.name == name)
        .or_else(|| present.iter().find(|live| live.focused))?;
    Some(live.output.as_str())
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use crate::live::Desktop;
    use crate::live::build::{desktop, output, win, workspace};
    use crate::testing::plan;

    /// Checks the visible workspaces and the focus of a layout of two monitors.
    #[track_caller]
    fn check(live: &Desktop, workspaces: &[(&str, &str, bool)], focus: &str, expected: &str) {
        let mut text = "version: 1\nmonitors:\n  \
                        - { output: eDP-1, rect: 1920x1080+0+0, primary: true }\n  \
                        - { output: DP-1, rect: 2560x1440+1920+0 }\nworkspaces:\n"
            .to_owned();
        for (name, output, is_empty) in workspaces {
            let _ = writeln!(text, "  - name: \"{name}\"\n    visible: true");
            if !output.is_empty() {
                let _ = writeln!(text, "    output: {output}");
            }
            if !is_empty {
                text += "    nodes: [ { swallow: { class: ^X$ }, command: x } ]\n";
            }
        }
        if !focus.is_empty() {
            let _ = writeln!(text, "focus: \"{focus}\"");
        }
        let plan = plan(&text, live);
        let visible = plan.workspaces.iter().filter(|one| one.visible);
        let mut found: Vec<&str> = visible.map(|one| one.name.as_str()).collect();
        found.extend(plan.focus.as_deref().map(|_| "focus"));
        found.extend(plan.focus.as_deref());
        assert_eq!(found.join(" "), expected, "{text}");
    }

    #[test]
    fn an_output_shows_the_focus_else_its_own_workspace_else_the_first() {
        let laptop = "1920x1080+0+0".parse().unwrap();
        let external = "2560x1440+1920+0".parse().unwrap();
        let here = || output("eDP-1", laptop).workspaces([workspace("9", [win("w")]).visible()]);
        let alone = desktop([here()]);
        let docked = desktop([
            here(),
            output("DP-1", external).workspaces([workspace("8", [])]),
        ]);
        let two = [("4", "DP-1", false), ("1", "eDP-1", false)];
        check(&docked, &two, "4", "4 1 focus 4");
        check(&docked, &two, "", "4 1");
        check(&alone, &two, "4", "4 focus 4");
        check(&alone, &two, "1", "1 focus 1");
        check(&alone, &two, "", "1");
        let external = [("4", "DP-1", false), ("5", "DP-2", false)];
        check(&alone, &external, "", "4");
        // Without an output, a new workspace is on the focused one.
        let anywhere = [("4", "", false), ("5", "", false)];
        check(&docked, &anywhere, "", "4");
        check(&docked, &anywhere, "5", "5 focus 5");
        let mixed = [("4", "", false), ("5", "eDP-1", false), ("8", "", false)];
        check(&docked, &mixed, "", "5 8");
    }

    #[test]
    fn empty_workspace_of_a_missing_monitor_is_left_out() {
        let alone = desktop([output("eDP-1", "1920x1080+0+0".parse().unwrap())
            .workspaces([workspace("9", [win("w")]).visible()])]);
        let two = [("4", "DP-1", true), ("1", "eDP-1", false)];
        check(&alone, &two, "4", "1");
        check(&alone, &two, "1", "1 focus 1");
        check(&alone, &[("4", "DP-1", true)], "", "");
        check(&alone, &[("4", "eDP-1", true)], "", "4");
    }
}
