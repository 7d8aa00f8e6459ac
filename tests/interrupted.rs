//! Interrupted runs: Ctrl-C, SIGKILL, a restart of i3.

use crate::harness::command::Running;
use crate::harness::{Desktop, Slot, TestWindow, Workspace, layout, tree};

/// A desktop with a layout `t` of two windows: `good`, and one that never opens.
fn with_window_that_never_opens() -> Desktop {
    let desktop = Desktop::new();
    let never = Slot::without_window("never");
    desktop.save("t", [never, TestWindow::new("good").slot()]);
    desktop
}

/// Starts an apply of `t`, and returns when the window `good` fills its slot.
#[track_caller]
fn apply_until_one_window_is_there(desktop: &Desktop) -> Running<'_> {
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until_filled("good");
    running
}

#[test]
fn interrupt_leaves_no_placeholder() {
    let desktop = with_window_that_never_opens();
    let running = apply_until_one_window_is_there(&desktop);
    running.interrupt();
    running.wait().code(1).stderr_has("interrupted");
    assert_eq!(desktop.tree_text(), "1: splith[good* 1920]\n");
    desktop.assert_no_traces();
}

#[test]
fn killed_run_loses_no_window_and_the_next_run_cleans_up() {
    let desktop = with_window_that_never_opens();
    desktop.open_window("stays");
    apply_until_one_window_is_there(&desktop).kill();
    assert!(desktop.tree().to_string().contains("_i3pm:wait:t:never"));
    desktop.run(["apply", "t", "--timeout", "0.2"]).code(1);
    desktop.assert_no_traces();
    assert_eq!(desktop.tree_text(), "1: splith[good* 960, stays 960]\n");
}

#[test]
fn recover_removes_placeholders_and_restores_windows() {
    let desktop = Desktop::new();
    let never = Slot::without_window("never");
    desktop.save("t", [never, TestWindow::late("late").slot()]);
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until("the program was started", || desktop.starts() == 1);
    running.kill();
    // The window opens while no run is active.
    desktop.cue("late");
    desktop.wait_until("the window is open", || {
        tree::windows(&desktop.tree()).len() == 1
    });
    let recovered = desktop.run(["recover"]).success();
    assert!(
        recovered
            .stderr
            .ends_with("hint: to finish the interrupted run, run `i3pm-layout apply t`\n"),
        "{}",
        recovered.transcript()
    );
    let text = desktop.tree().to_string();
    assert!(!text.contains("_i3pm:"), "{text}");
    assert_eq!(desktop.tree_text(), "1: splith[late* 1920]\n");
    let again = desktop.run(["recover"]).success();
    again
        .stderr_has("nothing to clean up")
        .stderr_lacks("interrupted run");
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until("a placeholder is there", || {
        desktop.tree().to_string().contains("_i3pm:")
    });
    running.kill();
    let report = desktop.run(["recover", "--json"]).success().json();
    assert_eq!(report["again"], "i3pm-layout apply t", "{report:#}");
}

/// A run that was killed may leave a workspace behind, with windows of the user.
#[test]
fn capture_writes_no_workspace_of_a_run() {
    let desktop = Desktop::new();
    desktop.open_window("a");
    desktop.run_i3("workspace _i3pm:old:1:0");
    desktop.open_window("b");
    desktop.run(["capture", "t"]).success();
    desktop
        .run(["capture", "focused", "--workspace", "focused"])
        .success();
    for name in ["t", "focused"] {
        let text = desktop.layout(name);
        assert!(!text.contains("_i3pm"), "{text}");
        assert!(
            text.contains("name: \"2\"") && text.contains("^B$"),
            "{text}"
        );
    }
    let own = ["capture", "x", "--workspace", "_i3pm:old:1:0"];
    desktop.run(own).code(2).stderr_has("not found");
    let own = ["apply", "t", "--workspace", "1", "--to", "_i3pm:x"];
    desktop
        .run(own)
        .code(2)
        .stderr_has("invalid workspace name");
    let layout = Workspace::new("_i3pm:x").nodes([TestWindow::new("a").slot()]);
    desktop.save_workspaces("own", [layout]);
    desktop
        .run(["validate", "own"])
        .code(1)
        .stderr_has("names that begin with `_i3pm` are reserved");
}

#[test]
fn restart_of_i3_ends_the_wait_and_the_next_run_completes() {
    let desktop = Desktop::new();
    let late = TestWindow::late("late");
    desktop.save("t", [late.slot(), TestWindow::new("good").slot()]);
    let running = apply_until_one_window_is_there(&desktop);
    desktop.start_restart();
    running
        .wait()
        .code(2)
        .stderr_has("i3 ")
        .stderr_has("restarted");
    desktop.cue("late");
    desktop.run(["apply", "t"]).success();
    assert_eq!(desktop.tree_text(), "1: splith[late* 960, good 960]\n");
    desktop.assert_no_traces();
}

#[test]
fn command_that_starts_while_i3_restarts_waits_for_it() {
    let desktop = Desktop::new();
    desktop.save("t", [TestWindow::new("a").slot()]);
    desktop.run(["apply", "t"]).success();
    let text = desktop.layout("t");
    for command in ["apply", "diff"] {
        desktop.start_restart();
        desktop.run([command, "t"]).success();
        desktop.start_restart();
        let from_stdin = desktop.command([command, "-"]).stdin(text.as_str());
        from_stdin.run().success();
    }
    assert_eq!(desktop.tree_text(), "1: splith[a* 1920]\n");
    desktop.assert_no_traces();
}

#[test]
fn restart_of_i3_keeps_the_restored_layout() {
    let desktop = Desktop::new();
    for (workspace, name) in [("1", "a"), ("1", "b"), ("2", "c"), ("2", "d")] {
        desktop.run_i3(&format!("workspace {workspace}"));
        desktop.open_window(name);
    }
    desktop.run_i3("layout tabbed");
    desktop.run(["capture", "t"]).success();
    desktop.close_all_windows();
    desktop.run(["apply", "t"]).success();
    let before = desktop.tree_text();
    desktop.restart_i3();
    assert_eq!(desktop.tree_text(), before);
    desktop.assert_idempotent("t");
}

#[test]
fn restart_of_i3_during_a_run_keeps_other_windows_in_place() {
    let desktop = Desktop::new();
    desktop.run_i3("workspace 5");
    desktop.open_window("other");
    desktop.run_i3("workspace 1");
    let late = TestWindow::new("late").map_after("never");
    desktop.save("t", [late.slot(), TestWindow::new("good").slot()]);
    let running = apply_until_one_window_is_there(&desktop);
    desktop.restart_i3();
    running.wait().code(2);
    desktop.run(["recover"]).success();
    assert_eq!(
        desktop.arrangement(),
        "1: splith[good 1920]\n5: splith[other 1920]\n"
    );
    desktop.assert_no_traces();
}

/// A script or a key of the user removes all marks, also those of the placeholders.
#[test]
fn marks_that_are_removed_during_a_run_do_no_harm() {
    let desktop = Desktop::new();
    let late = ["b", "c", "d"].map(|name| TestWindow::new(name).map_after("open"));
    let [b, c, d] = late.map(|window| window.slot());
    let nested = format!("{{ layout: tabbed, nodes: [{b}, {c}] }}");
    let good = TestWindow::new("good").slot();
    desktop.save_text(
        "t",
        &layout([Workspace::shown("1")
            .nodes([good.to_string(), nested])
            .floating([d.with("rect: 300x200+100+100")])]),
    );
    let running = apply_until_one_window_is_there(&desktop);
    desktop.run_i3("unmark");
    desktop.cue("open");
    let output = running.wait();
    output.success();
    desktop.assert_no_traces();
    desktop.assert_idempotent("t");
}
