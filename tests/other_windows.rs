//! Windows that are not in the layout, and two layouts on one desktop.

use crate::harness::Desktop;

/// A desktop on which `a` and `b` were captured as `t` and then moved, with another window
/// beside them.
fn with_other_window() -> Desktop {
    let desktop = Desktop::new();
    desktop.open_window("a");
    desktop.open_window("b");
    desktop.run(["capture", "t"]).success();
    desktop.open_window("stranger");
    desktop.run_i3("[instance=a] move right; layout tabbed");
    desktop
}

#[test]
fn mode_replace_moves_other_windows_to_another_workspace() {
    let desktop = with_other_window();
    desktop
        .run(["apply", "t", "--mode", "replace"])
        .success()
        .stderr_has("`before 1`");
    assert_eq!(
        desktop.tree_text(),
        "1: splith[a 960, b* 960]\nbefore 1: splith[tabbed 1920[stranger]]\n"
    );
    assert_eq!(desktop.unmaps(), 0, "a window was unmapped");
    desktop.assert_idempotent("t --mode replace");
}

#[test]
fn mode_close_asks_other_windows_to_close() {
    let desktop = with_other_window();
    desktop
        .run(["apply", "t", "--mode", "close", "--dry-run"])
        .success()
        .stdout_has("ask windows to close\n  `stranger`");
    desktop.run(["apply", "t", "--mode", "close"]).success();
    desktop.wait_until("the other window is gone", || {
        !desktop.tree_text().contains("stranger")
    });
    assert_eq!(desktop.tree_text(), "1: splith[a 960, b* 960]\n");
}

#[test]
fn explain_names_the_evidence_for_each_window() {
    let desktop = with_other_window();
    desktop
        .run(["apply", "t", "--dry-run", "--explain"])
        .success()
        .stdout_has("its program was started with the slot's command");
}

#[test]
fn two_layouts_applied_in_turn_both_match() {
    let desktop = Desktop::new();
    desktop.open_window("a");
    desktop.open_window("b");
    desktop.run_i3("layout tabbed");
    desktop.run(["capture", "one"]).success();
    desktop.close_all_windows();
    desktop.run_i3("workspace 2");
    desktop.open_window("c");
    desktop.open_window("d");
    desktop.run_i3("layout stacking");
    desktop.run(["capture", "two"]).success();
    desktop.close_all_windows();
    desktop.run(["apply", "one"]).success();
    desktop.run(["apply", "two"]).success();
    let text = desktop.tree_text();
    desktop.assert_idempotent("one --keep-focus");
    desktop.assert_idempotent("two --keep-focus");
    assert_eq!(desktop.tree_text(), text);
}
