//! The workspace to which `workspace back_and_forth` leads.
//!
//! i3 remembers the name of the workspace that was left last, also by commands of this program.
//! Code that switches workspaces restores that name: see [`after`].

use super::leftovers::TEMPORARY_PREFIX;
use crate::live::{Con, ConKind, workspace_number};
use crate::wm::command::Command;

/// True if commands of this kind can change the workspace that i3 considers the previous one.
pub(super) const fn is_relevant(command: &Command) -> bool {
    switches(command) || matches!(command, Command::Focus(_))
}

/// True if the commands may change the workspace that i3 considers the previous one.
pub(super) fn may_change(commands: &[Command], tree: &Con) -> bool {
    let here = tree.focused_workspace();
    commands.iter().any(|command| match command {
        Command::Focus(con) => here.is_none_or(|here| here.find(*con).is_none()),
        command => switches(command),
    })
}

const fn switches(command: &Command) -> bool {
    matches!(
        command,
        Command::ShowWorkspace(_)
            | Command::ShowNumber(_)
            | Command::FocusOutput(_)
            | Command::RenameWorkspace { .. }
            | Command::MoveWorkspaceToOutput { .. }
            | Command::ShowScratchpad(_)
    )
}

/// The workspace that must be the previous one after the commands; `None` if it is unknown.
///
/// If the commands leave the focus on the workspace that has it now, this is the one that is
/// previous now. Otherwise, it is the workspace that the user was on.
pub(super) fn after(commands: &[Command], tree: &Con, previous: Option<&str>) -> Option<String> {
    let here = tree.focused_workspace()?.name();
    let stays = is_at_end(commands, tree, here);
    let is_own = |name: &&str| name.starts_with(TEMPORARY_PREFIX);
    let previous = previous.filter(|name| stays && !is_own(name));
    let name = previous.or_else(|| Some(here).filter(|name| !is_own(name)));
    name.map(str::to_owned)
}

/// True if the focus is on the workspace `here` after the commands, as it is before.
fn is_at_end(commands: &[Command], tree: &Con, here: &str) -> bool {
    let mut is_here = true;
    for command in commands {
        match command {
            Command::ShowWorkspace(name) => is_here = name.eq_ignore_ascii_case(here),
            Command::ShowNumber(name) => {
                is_here = workspace_number(name) == workspace_number(here);
            }
            Command::Focus(con) => {
                let mut workspaces = workspaces(tree);
                let found = workspaces.find(|workspace| workspace.find(*con).is_some());
                // A workspace that is still hidden has another name by then.
                if let Some(found) = found.filter(|one| !one.name().starts_with(TEMPORARY_PREFIX)) {
                    is_here = found.name() == here;
                }
            }
            Command::FocusOutput(name) => {
                let output = tree.nodes.iter().find(|output| output.name() == name);
                let shown = output.and_then(|output| {
                    let contents = output.nodes.iter();
                    let mut contents = contents.filter(|con| con.kind != ConKind::Dockarea);
                    contents.find_map(Con::focused_workspace)
                });
                is_here = shown.is_some_and(|shown| shown.name() == here);
            }
            _ => {}
        }
    }
    is_here
}

fn workspaces(tree: &Con) -> impl Iterator<Item = &Con> {
    let all = tree.descendants();
    all.filter(|con| con.kind == ConKind::Workspace)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::build::{desktop, output, win, workspace};

    #[test]
    fn previous_workspace_stays_unless_the_focus_moves_on() {
        let left = output("eDP-1", "1920x1080+0+0".parse().unwrap());
        let right = output("DP-1", "1920x1080+1920+0".parse().unwrap());
        let live = desktop([
            left.workspaces([
                workspace("1: web", [win("a").focused()]).visible(),
                workspace("2", [win("b")]),
            ]),
            right.workspaces([workspace("3", [win("c")]).visible()]),
        ]);
        let con = |name: &str| {
            let mut all = live.tree.descendants();
            all.find(|con| con.name() == name).unwrap().id
        };
        let show = |name: &str| Command::ShowWorkspace(name.to_owned());
        let number = |name: &str| Command::ShowNumber(name.to_owned());
        let output = |name: &str| Command::FocusOutput(name.to_owned());
        let rename = |from: &str, to: &str| Command::RenameWorkspace {
            from: from.to_owned(),
            to: to.to_owned(),
        };
        let rebuilt = || {
            let old = rename("1: web", "_i3pm:old");
            vec![old, rename("_i3pm:new", "1: web"), show("1: web")]
        };
        for (commands, previous, expected) in [
            (rebuilt(), Some("2"), "2"),
            (rebuilt(), Some("gone"), "gone"),
            (rebuilt(), None, "1: web"),
            (rebuilt(), Some("_i3pm:old:7:0"), "1: web"),
            (vec![show("2"), show("1: WEB")], Some("3"), "3"),
            (vec![number("2"), number("1")], Some("3"), "3"),
            (vec![show("2")], Some("3"), "1: web"),
            (vec![number("2")], Some("3"), "1: web"),
            (vec![output("DP-1")], Some("2"), "1: web"),
            (vec![output("DP-1"), output("eDP-1")], Some("2"), "2"),
            (vec![Command::Focus(con("c"))], Some("2"), "1: web"),
            (
                vec![Command::Focus(con("c")), Command::Focus(con("a"))],
                Some("2"),
                "2",
            ),
        ] {
            assert!(may_change(&commands, &live.tree), "{commands:?}");
            let found = after(&commands, &live.tree, previous);
            assert_eq!(
                found.as_deref(),
                Some(expected),
                "{commands:?} {previous:?}"
            );
        }
        assert!(!may_change(&[Command::Focus(con("a"))], &live.tree));
        assert!(!may_change(
            &[Command::MoveToScratchpad(con("a"))],
            &live.tree
        ));
    }
}
