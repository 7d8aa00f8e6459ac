//! Optional slots.

use std::time::Duration;

use serde_json::json;

use crate::harness::tree;
use crate::harness::{Desktop, Slot, TestWindow, Workspace};

/// A workspace `1` with these windows, and a dialog that was open when it was captured.
fn with_dialog(windows: &[TestWindow]) -> Workspace {
    let dialog = Slot::new("question").with("optional: true, rect: 400x300+100+200");
    Workspace::shown("1")
        .nodes(windows.iter().map(TestWindow::slot))
        .floating([dialog])
}

#[test]
fn apply_does_not_wait_for_an_optional_dialog() {
    let desktop = Desktop::new();
    desktop.save_workspaces("t", [with_dialog(&[TestWindow::new("w0")])]);
    let note = "note: slot `question` on workspace `1` was skipped: its window is not open";
    let output = desktop.run(["apply", "t"]).success();
    assert!(output.duration < Duration::from_secs(25), "{output:?}");
    output
        .stderr_has(note)
        .stderr_has("(1 launched, 1 skipped)");
    desktop.assert_no_traces();

    let output = desktop.run(["apply", "t"]).success();
    output
        .stderr_has(note)
        .stderr_has("nothing to do: 1 slot already in place, 1 skipped (");
    let report = desktop.apply("t");
    assert_eq!(report["slots"][1]["outcome"], "left-out", "{report:#}");
    assert_eq!(report["complete"], true, "{report:#}");
}

#[test]
fn apply_waits_for_an_optional_program() {
    let desktop = Desktop::new();
    let late = TestWindow::late("late").slot();
    desktop.save("t", [late.with("optional: true")]);
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until("the place of the slot exists", || {
        desktop.tree().to_string().contains("_i3pm:place:t:late")
    });
    desktop.cue("late");
    running.wait().success().stderr_has("(1 launched)");
}

#[test]
fn dialog_that_opens_while_others_are_pending_fills_its_slot() {
    let desktop = Desktop::new();
    let windows = ["w0", "w1"].map(TestWindow::late);
    desktop.save_workspaces("t", [with_dialog(&windows)]);
    desktop.cue("w0");
    let running = desktop.command(["apply", "t", "--json"]).start();
    desktop.wait_until_filled("w0");
    desktop.open_window(TestWindow::new("question").kind("dialog"));
    desktop.cue("w1");
    let report = running.wait().success().json();
    assert_eq!(report["slots"][2]["slot"], "question", "{report:#}");
    assert_eq!(report["slots"][2]["outcome"], "launched", "{report:#}");
    desktop.sync();
    tree::window(&desktop.tree(), "question");
    desktop.assert_no_traces();
    let again = desktop.run(["apply", "t"]).success();
    again.stderr_has("nothing to do: 3 slots already in place");
}

#[test]
fn diff_ignores_a_missing_optional_window() {
    let desktop = Desktop::new();
    // A workspace with no other window, and a program that is not installed.
    let none = Slot::new("none").command("no-such-program");
    desktop.save_workspaces(
        "t",
        [
            with_dialog(&[TestWindow::new("w0")]),
            Workspace::new("2").nodes([none.with("optional: true")]),
        ],
    );
    let missing = desktop.run(["diff", "t"]).code(1);
    assert_eq!(missing.stdout, "1\n  - w0: has no window\n");
    let applied = desktop.run(["apply", "t"]).success();
    applied.stderr_has("warning: slot `none`");

    let same = desktop.run(["diff", "t"]).success();
    assert_eq!(same.stdout, "");
    assert_eq!(
        same.stderr,
        "note: optional slot `question` on workspace `1` has no window\n\
         note: optional slot `none` on workspace `2` has no window\n\
         t: no differences\n"
    );
    let same = desktop.run(["diff", "t", "--json"]).success();
    assert_eq!(same.stderr, "");
    assert_eq!(
        same.json(),
        json!({
            "layout": "t",
            "same": true,
            "differences": [],
            "left_out": [
                { "workspace": "1", "slot": "question" },
                { "workspace": "2", "slot": "none" },
            ],
            "away": [],
            "contradictions": [],
        })
    );
    let scoped = desktop.run(["diff", "t", "--workspace", "1"]).success();
    scoped.stderr_lacks("`none`");
}

#[test]
fn program_whose_only_window_is_a_dialog_comes_back() {
    let desktop = Desktop::new();
    for (name, hidden) in [("panel", "false"), ("ask", "true")] {
        let window = TestWindow::new(name).kind("dialog");
        let command = window.command();
        desktop.write(
            &format!("data/applications/{name}.desktop"),
            &format!(
                "[Desktop Entry]\nType=Application\nName=A\nNoDisplay={hidden}\nExec={command}\n"
            ),
        );
        desktop.open_window(window);
    }
    desktop.run_i3("[instance=panel] move position 300 200");
    desktop.open_window("plain");
    let captured = desktop.run(["capture", "t"]).success();
    captured.stderr_has("saved 2 windows ");
    captured.stderr_has("skipped window `ask`: it is a dialog or another helper window");
    desktop.run(["diff", "t"]).success();
    desktop.run_i3("[instance=ask] kill");
    desktop.wait_until("the question is closed", || {
        tree::windows(&desktop.tree()).len() == 2
    });
    let arrangement = desktop.arrangement();
    desktop.close_all_windows();
    let applied = desktop.run(["apply", "t"]).success();
    applied.stderr_has("restored 2 of 2 slots");
    assert_eq!(desktop.arrangement(), arrangement);
    desktop.assert_idempotent("t");

    desktop.run_i3("[instance=panel] move position 30 20");
    desktop.run(["diff", "t"]).code(1);
    desktop.run(["apply", "t"]).success();
    desktop.run(["undo"]).success();
    desktop.run(["diff", "t"]).code(1);
}

#[test]
fn helper_windows_are_not_captured_and_do_not_differ() {
    let desktop = Desktop::new();
    desktop.open_window("plain");
    for kind in ["dialog", "splash", "utility", "toolbar", "notification"] {
        desktop.open_window(TestWindow::new(kind).kind(kind));
    }
    let captured = desktop.run(["capture", "t"]).success();
    captured.stderr_has("saved 1 window ");
    captured.stderr_has("skipped window `dialog`: it is a dialog or another helper window");
    desktop.run(["diff", "t"]).success();
    desktop.close_all_windows();
    let applied = desktop.run(["apply", "t"]).success();
    applied.stderr_has("restored 1 of 1 slot");
}
