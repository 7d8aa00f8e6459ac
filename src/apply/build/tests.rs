//! Commands that replace a workspace.

use super::{Build, Mode, build};
use crate::compile::Plan;
use crate::diff::diff;
use crate::live::build::{one_output, placeholder, splith, win, workspace};
use crate::live::{Con, ConId, Desktop};
use crate::matching::{Reuse, match_windows};
use crate::testing::plan;
use crate::wm::command::Command;

/// A layout with the windows `a` and `b` on the workspace `1`, which has these keys, and how to
/// build it.
fn rebuild(keys: &str, live: &Desktop) -> (Plan, Build) {
    let text = format!(
        "version: 1\nworkspaces:\n  - name: '1'\n{keys}    nodes:\n\
         \x20     - {{ id: a, swallow: {{ instance: ^a$ }} }}\n\
         \x20     - {{ id: b, swallow: {{ instance: ^b$ }} }}\n"
    );
    let plan = plan(&text, live);
    let assignment = match_windows(&plan, live, Reuse::All);
    let differences = diff(&plan, live, &assignment);
    let no = |_| false;
    let build = build(&plan, live, &assignment, &differences, &no, Mode::Merge);
    (plan, build)
}

#[test]
fn containers_are_removed_after_everything_is_shown() {
    let shown = || workspace("1", [win("b"), win("a")]).visible().focus([0, 1]);
    let live = one_output([shown()]);
    let (plan, build) = rebuild("    visible: true\n", &live);
    let places = ["a", "b"].map(|name| placeholder(name).mark(&format!("_i3pm:place:test:{name}")));
    let hidden = workspace(&build.workspaces[0].hidden_name, places);
    let tree = one_output([shown(), hidden]).tree;
    let commands = build.adopt_commands(&plan, &live, &tree);
    let position = |is_it: &dyn Fn(&Command) -> bool| commands.iter().position(is_it);
    let show = commands
        .iter()
        .rposition(|command| matches!(command, Command::ShowNumber(_)));
    let kill = position(&|command| matches!(command, Command::KillPlaceholder(_)));
    assert!(show.is_some() && show < kill, "{commands:#?}");
}

#[test]
fn workspace_keeps_its_present_name() {
    let shown = |name: &str| {
        workspace(name, [win("b"), win("a")])
            .visible()
            .focus([0, 1])
    };
    let live = one_output([shown("1: web")]);
    let (plan, build) = rebuild("", &live);
    // A daemon renames it before the windows are swapped in.
    for name in ["1: web", "1: A, B"] {
        let tree = one_output([shown(name)]).tree;
        let commands = build.adopt_commands(&plan, &live, &tree);
        let renamed: Vec<(&str, &str)> = commands
            .iter()
            .filter_map(|command| match command {
                Command::RenameWorkspace { from, to } => Some((from.as_str(), to.as_str())),
                _ => None,
            })
            .collect();
        let [(old, _), (_, new)] = renamed.as_slice() else {
            panic!("{commands:#?}");
        };
        assert_eq!((*old, *new), (name, name));
        assert!(commands.contains(&Command::ShowNumber(name.to_owned())));
    }
}

#[test]
fn id_of_a_closed_workspace_may_be_that_of_another_container() {
    let shown = workspace("1", [win("b"), win("a")]).visible().focus([0, 1]);
    let live = one_output([shown]);
    let (plan, build) = rebuild("", &live);
    let old = build.workspaces[0].old.as_ref().map(|old| old.con);
    let mut tree = one_output([workspace("9", [splith([win("b"), win("a")])]).visible()]).tree;
    let split = tree
        .descendants()
        .find(|con| con.name.is_none() && con.nodes.len() == 2);
    let split = split.map(|con| con.id);
    give(&mut tree, split, old);
    assert_eq!(tree.find(old.unwrap()).map(Con::name), Some(""));
    for command in build.adopt_commands(&plan, &live, &tree) {
        assert!(command.to_i3().is_ok(), "{command:?}");
    }
}

/// Gives a container the id of another.
fn give(con: &mut Con, of: Option<ConId>, new: Option<ConId>) {
    if Some(con.id) == new {
        con.id = ConId(0);
    }
    if Some(con.id) == of {
        con.id = new.unwrap();
    }
    for child in con.nodes.iter_mut().chain(&mut con.floating_nodes) {
        give(child, of, new);
    }
}
