//! Options that limit or redirect `apply`: `--only`, `--workspace`, `--to`, `--no-launch`,
//! `--rearrange`, `--dry-run`.

use crate::harness::{Desktop, TestWindow};

/// A desktop with the windows `a`, `b` and `c` side by side, captured as `t`.
fn captured() -> Desktop {
    let desktop = Desktop::new();
    for name in ["a", "b", "c"] {
        desktop.open_window(name);
    }
    desktop.run(["capture", "t"]).success();
    desktop
}

#[test]
fn dry_run_changes_nothing() {
    let desktop = Desktop::new();
    desktop.save("t", [TestWindow::new("good").slot()]);
    let before = desktop.tree();
    let output = desktop.run(["apply", "t", "--dry-run"]).success();
    output.stdout_has("good");
    assert_eq!(desktop.tree(), before);
    assert_eq!(desktop.starts(), 0);
}

#[test]
fn no_launch_arranges_open_windows() {
    let desktop = captured();
    desktop.run_i3("[instance=b] kill\n[instance=c] focus\nmove left");
    desktop.wait_until("b is gone", || !desktop.tree_text().contains("b "));
    desktop.run(["apply", "t", "--no-launch"]).code(1);
    assert_eq!(desktop.tree_text(), "1: splith[a 960, c* 960]\n");
}

#[test]
fn rearrange_skips_windows_that_are_not_open() {
    let desktop = captured();
    desktop.run_i3("workspace 2");
    desktop.open_window("d");
    desktop.run_i3("workspace 1");
    desktop.run(["capture", "t", "--force"]).success();
    desktop.run_i3("[instance=\"^[bd]$\"] kill");
    desktop.wait_until("b and d are closed", || {
        desktop.arrangement() == "1: splith[a 960, c 960]\n"
    });
    desktop.run_i3("[instance=c] focus\nmove left");
    assert_eq!(desktop.arrangement(), "1: splith[c 960, a 960]\n");
    let starts = desktop.starts();
    let output = desktop.run(["apply", "t", "--rearrange"]).success();
    output
        .stderr_has("note: not open: `b`, `d`\n")
        .stderr_lacks("error");
    assert_eq!(desktop.tree_text(), "1: splith[a 960, c* 960]\n");
    desktop.assert_idempotent("t --rearrange --no-launch");
    assert_eq!(desktop.starts(), starts, "a program was started");
    let report = desktop.apply("t --rearrange");
    assert_eq!(report["complete"], true, "{report:#}");
    assert_eq!(report["slots"][1]["outcome"], "left-out", "{report:#}");
    assert_eq!(report["slots"][1]["why"]["kind"], "rearrange", "{report:#}");
    desktop.run(["apply", "t", "--no-launch"]).code(1);
    desktop.run(["diff", "t"]).code(1);
    desktop.assert_no_traces();
}

#[test]
fn rearrange_leaves_an_empty_desktop_alone() {
    let desktop = captured();
    desktop.close_all_windows();
    desktop.run_i3("workspace 9");
    let report = desktop.apply("t --rearrange --keep-focus");
    assert_eq!(report["commands"], 0, "{report:#}");
    desktop.run(["apply", "t", "--rearrange"]).success();
    desktop.assert_idempotent("t --rearrange");
    assert_eq!(desktop.starts(), 3);
}

#[test]
fn only_the_named_slot_is_started() {
    let desktop = captured();
    desktop.run_i3("[instance=\"^[bc]$\"] kill");
    desktop.wait_until("both windows are closed", || {
        desktop.tree_text().contains("[a* 1920]")
    });
    desktop.run(["apply", "t", "--only", "c"]).success();
    assert_eq!(desktop.tree_text(), "1: splith[a 960, c* 960]\n");
}

#[test]
fn only_the_named_workspace_is_restored() {
    let desktop = Desktop::new();
    desktop.open_window("a");
    desktop.run_i3("workspace 2");
    desktop.open_window("b");
    desktop.run(["capture", "t"]).success();
    desktop.close_all_windows();
    desktop.run(["apply", "t", "--workspace", "2"]).success();
    assert_eq!(desktop.tree_text(), "2: splith[b* 1920]\n");
}

#[test]
fn to_restores_a_workspace_under_another_name() {
    let desktop = Desktop::new();
    desktop.open_window("a");
    desktop.open_window("b");
    desktop.run_i3("workspace 2");
    desktop.open_window("c");
    desktop.run(["capture", "t"]).success();
    desktop.close_all_windows();
    desktop.run(["apply", "t", "--to", "7:seven"]).code(2);
    desktop
        .run(["apply", "t", "--workspace", "1", "--to", "7:seven"])
        .success();
    let text = desktop.tree_text();
    assert!(text.contains("7:seven: splith[a 960, b"), "{text}");
    assert!(!text.contains('c'), "{text}");
}
