//! Desktops after interrupted runs, and the commands that clear them.

use crate::live::build::{
    Tree, desktop, desktop_with_scratchpad, float, one_output, output, placeholder, win, workspace,
};
use crate::live::{Con, Desktop, ScratchpadState};
use crate::testing::texts;

use super::leftovers::{Clear, commands, is_kept};

/// Checks the commands that clear the leftovers of a run, and those that also clear kept
/// placeholders.
#[track_caller]
fn check(live: &Desktop, run: &[&str], all: &[&str]) {
    assert_eq!(texts(&commands(live, Clear::Run), live), run);
    assert_eq!(texts(&commands(live, Clear::All), live), all);
}

#[track_caller]
fn check_both(live: &Desktop, expected: &[&str]) {
    check(live, expected, expected);
}

/// A placeholder that was kept for the slot `a`: drawn, and with the slot's own mark.
fn kept() -> Tree {
    placeholder("t:a").drawn().title("a: xterm")
}

/// A hidden scratchpad frame around this container.
fn hidden(con: Tree) -> Tree {
    float(con, "640x480+0+0".parse().unwrap()).scratchpad(ScratchpadState::Changed)
}

/// One output that shows workspace `1` with these nodes, and a scratchpad with these frames.
fn with_scratchpad(nodes: Vec<Tree>, frames: Vec<Tree>) -> Desktop {
    let screen = "1920x1080+0+0".parse().unwrap();
    desktop_with_scratchpad(
        [output("eDP-1", screen).workspaces([workspace("1", nodes)])],
        frames.into_iter().map(hidden).collect::<Vec<_>>(),
    )
}

#[test]
fn restored_desktop_has_nothing_to_clear() {
    let live = with_scratchpad(
        vec![win("a").mark("_i3pm:t:a").mark("mine"), win("b")],
        vec![win("c").mark("_i3pm:t:c")],
    );
    check_both(&live, &[]);
}

#[test]
fn placeholders_of_a_run_are_removed_and_drawn_ones_hidden_first() {
    let live = with_scratchpad(
        vec![
            placeholder("place:t:a"),
            win("b"),
            placeholder("place:t:c").drawn(),
        ],
        vec![
            placeholder("wait:t:a"),
            placeholder("wait:t:c").drawn(),
            win("hidden"),
        ],
    );
    check_both(
        &live,
        &[
            "[_i3pm:wait:t:a] kill placeholder",
            "[_i3pm:wait:t:c] kill placeholder",
            "[_i3pm:place:t:a] kill placeholder",
            "[_i3pm:place:t:c] move scratchpad",
            "[_i3pm:place:t:c] kill placeholder",
        ],
    );
}

#[test]
fn kept_placeholders_are_removed_only_with_all() {
    let live = with_scratchpad(vec![kept(), win("b")], vec![]);
    check(
        &live,
        &[],
        &[
            "[a: xterm] move scratchpad",
            "[a: xterm] kill placeholder `a: xterm`",
        ],
    );
    let kept = |con: &&Con| is_kept(con);
    assert_eq!(live.tree.descendants().filter(kept).count(), 1);
}

#[test]
fn placeholders_without_marks_are_removed_where_only_a_run_creates_them() {
    let foreign = || placeholder("x").drawn().without_marks();
    // A visible placeholder of another program.
    let shown = with_scratchpad(vec![foreign()], vec![]);
    check_both(&shown, &[]);
    let hidden = with_scratchpad(vec![win("a")], vec![foreign()]);
    check_both(&hidden, &["[placeholder] kill placeholder"]);
    let on_ours = one_output([
        workspace("1", [win("a")]).visible().focused(),
        workspace("_i3pm:new:7:0", [foreign()]),
    ]);
    check_both(
        &on_ours,
        &[
            "[placeholder] move scratchpad",
            "[placeholder] kill placeholder",
        ],
    );
}

#[test]
fn windows_on_workspaces_of_a_run_go_to_the_focused_workspace() {
    let live = one_output([
        workspace("1", [win("a")]),
        workspace("2", [win("b")]).focused(),
        workspace("_i3pm:new:7:0", [win("c"), placeholder("place:t:d")])
            .floating([float(win("e"), "300x200+0+0".parse().unwrap())]),
    ]);
    check_both(
        &live,
        &[
            "[c] move --no-auto-back-and-forth container to workspace \"2\"",
            "[e] move --no-auto-back-and-forth container to workspace \"2\"",
            "[_i3pm:place:t:d] kill placeholder",
        ],
    );
}

#[test]
fn window_that_opened_after_the_run_is_moved_out_and_tiled() {
    let live = with_scratchpad(
        vec![win("a")],
        vec![win("late").mark("_i3pm:wait:t:late").mark("mine")],
    );
    check_both(
        &live,
        &[
            "[late] move --no-auto-back-and-forth container to workspace \"1\"",
            "[late] floating disable",
            "[late] unmark \"_i3pm:wait:t:late\"",
        ],
    );
}

#[test]
fn marks_of_a_run_are_removed_from_windows_and_the_others_stay() {
    for kind in ["keep", "place", "label"] {
        let mark = format!("_i3pm:{kind}:t:a");
        let window = win("a").mark("_i3pm:t:a").mark(&mark).mark("mine");
        let live = with_scratchpad(vec![window], vec![]);
        check_both(&live, &[&format!("[a] unmark \"{mark}\"")]);
    }
}

#[test]
fn output_with_a_temporary_workspace_shows_another_of_its_workspaces() {
    let screen = |x| format!("1920x1080+{x}+0").parse().unwrap();
    let live = desktop([
        output("eDP-1", screen(0)).workspaces([workspace("1", [win("a")]).focused()]),
        output("DP-1", screen(1920)).workspaces([
            workspace("_i3pm:old:7:0", []).visible(),
            workspace("2", [win("b")]),
        ]),
    ]);
    check_both(
        &live,
        &[
            "workspace --no-auto-back-and-forth \"2\"",
            "workspace --no-auto-back-and-forth \"1\"",
        ],
    );
}

#[test]
fn only_workspace_of_an_output_is_renamed_if_temporary() {
    let screen = |x| format!("1920x1080+{x}+0").parse().unwrap();
    let live = desktop([
        output("eDP-1", screen(0)).workspaces([
            workspace("1", [win("a")]),
            workspace("2:web", [win("b")]).focused(),
            workspace("30", [win("c")]),
        ]),
        output("DP-1", screen(1920)).workspaces([workspace("_i3pm:new:7:0", [win("d")])]),
    ]);
    check_both(
        &live,
        &[
            "[d] move --no-auto-back-and-forth container to workspace \"2:web\"",
            "rename workspace \"_i3pm:new:7:0\" to \"3\"",
            "workspace --no-auto-back-and-forth \"2:web\"",
        ],
    );
}

#[test]
fn windows_are_kept_if_only_a_temporary_workspace_is_left() {
    let live = one_output([workspace("_i3pm:new:7:0", [win("a")]).focused()]);
    check_both(
        &live,
        &[
            "[a] move --no-auto-back-and-forth container to workspace \"1\"",
            "rename workspace \"_i3pm:new:7:0\" to \"1\"",
        ],
    );
}

#[test]
fn hidden_empty_temporary_workspace_is_shown_and_left() {
    let live = one_output([
        workspace("1", [win("a")]),
        workspace("2", [win("b")]).focused(),
        workspace("_i3pm:old:7:0", []),
    ]);
    check_both(
        &live,
        &[
            "workspace --no-auto-back-and-forth \"_i3pm:old:7:0\"",
            "workspace --no-auto-back-and-forth \"2\"",
            "workspace --no-auto-back-and-forth \"2\"",
        ],
    );
}
