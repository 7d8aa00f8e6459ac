//! The user works during a run: the focus, the visible and the previous workspace.

use std::time::{Duration, Instant};

use crate::harness::tree;
use crate::harness::{Desktop, TestWindow, Workspace, layout};
use crate::waiting::wait_for_labels;

/// Saves a layout `t` of workspace 40 with `x`, which has the focus, and `late`.
fn save(desktop: &Desktop) {
    let x = TestWindow::new("x").slot().with("focused: true");
    let late = TestWindow::late("late").slot();
    let text = Workspace::shown("40").nodes([x, late]);
    let text = layout([text]);
    desktop.save_text("t", &format!("{text}focus: \"40\"\n"));
}

#[test]
fn workspace_of_the_layout_is_shown_while_windows_are_pending() {
    let desktop = Desktop::new();
    save(&desktop);
    desktop.run_i3("workspace 4");
    let running = desktop.command(["apply", "t"]).start();
    wait_for_labels(&desktop, &["late"]);
    assert_eq!(desktop.visible_workspaces(), ["40"]);
    desktop.cue("late");
    running.wait().success();
    assert_eq!(desktop.focused(), "x");
    desktop.assert_idempotent("t");
}

#[test]
fn focus_stays_with_a_user_who_has_gone_to_another_workspace() {
    let desktop = Desktop::new();
    save(&desktop);
    desktop.run_i3("workspace 3");
    desktop.open_window("typing");
    desktop.run_i3("workspace 4");
    let running = desktop.command(["apply", "t"]).start();
    wait_for_labels(&desktop, &["late"]);
    desktop.run_i3("workspace 3");
    desktop.cue("late");
    running.wait().success();
    assert_eq!(desktop.focused(), "typing");
    assert_eq!(desktop.visible_workspaces(), ["3"]);
    let expected = "3: splith[typing 1920]\n40: splith[x 960, late 960]\n";
    assert_eq!(desktop.arrangement(), expected);
    desktop.run_i3("workspace back_and_forth");
    assert_eq!(desktop.visible_workspaces(), ["40"]);
}

#[test]
fn keys_go_to_the_same_window_while_its_workspace_is_rebuilt() {
    let slots = || {
        let open = TestWindow::new("open").slot().with("focused: true");
        [open, TestWindow::late("late").slot()]
    };
    for (options, focused, end) in [
        (&["apply", "t"][..], "typing", "open"),
        (&["apply", "t", "--keep-focus"], "typing", "typing"),
        (&["apply", "t", "--keep-focus"], "open", "open"),
    ] {
        let desktop = Desktop::new();
        desktop.open_window("open");
        desktop.open_window("typing");
        desktop.run_i3(&format!("[instance=^{focused}$] focus"));
        let workspace = Workspace::shown("1").nodes(slots());
        desktop.save_text("t", &format!("{}focus: '1'\n", layout([workspace])));
        let running = desktop.command(options).start();
        wait_for_labels(&desktop, &["late"]);
        assert_eq!(desktop.focused(), focused, "{options:?}");
        desktop.cue("late");
        running.wait().success();
        assert_eq!(desktop.focused(), end, "{options:?}");
    }
}

#[test]
fn focus_stays_on_the_window_that_the_user_has_chosen() {
    let desktop = Desktop::new();
    desktop.run_i3("workspace 40");
    desktop.open_window("x");
    desktop.open_window("other");
    desktop.run_i3("[instance=x] focus");
    save(&desktop);
    let running = desktop.command(["apply", "t"]).start();
    wait_for_labels(&desktop, &["late"]);
    desktop.run_i3("[instance=other] focus");
    desktop.cue("late");
    running.wait().success();
    assert_eq!(desktop.focused(), "other");
}

#[test]
fn focus_stays_on_a_new_window_that_the_user_has_chosen() {
    let desktop = Desktop::new();
    let [x, y] = ["x", "y"].map(|name| TestWindow::new(name).slot());
    let late = TestWindow::late("late").slot();
    let nodes = [x.with("focused: true"), y, late];
    desktop.save_workspaces("t", [Workspace::shown("40").nodes(nodes)]);
    let running = desktop.command(["apply", "t"]).start();
    wait_for_labels(&desktop, &["late"]);
    desktop.wait_until_filled("y");
    // A program may ask for the focus of its window in the first two seconds.
    let filled = Instant::now();
    desktop.wait_until("the window is not new any more", || {
        filled.elapsed() > Duration::from_millis(2500)
    });
    desktop.run_i3("[instance=y] focus");
    desktop.cue("late");
    running.wait().success();
    assert_eq!(desktop.focused(), "y");
}

#[test]
fn program_that_asks_for_the_focus_is_not_the_user() {
    let desktop = Desktop::new();
    let [x, y] = ["x", "y"].map(|name| TestWindow::new(name).slot());
    let late = TestWindow::late("late").slot();
    let nodes = [x.with("focused: true"), y, late];
    desktop.save_workspaces("t", [Workspace::shown("40").nodes(nodes)]);
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until_filled("x");
    desktop.wait_until_filled("y");
    // As i3 does for `_NET_ACTIVE_WINDOW`.
    desktop.run_i3("[instance=y] focus");
    desktop.cue("late");
    running.wait().success();
    assert_eq!(desktop.focused(), "x");
    desktop.assert_idempotent("t");
}

/// Checks that the previous workspace is this one.
#[track_caller]
fn assert_previous(desktop: &Desktop, expected: &str) {
    desktop.run_i3("workspace back_and_forth");
    let tree = desktop.tree();
    let focused = tree::focused_workspace(&tree);
    assert_eq!(focused, Some(expected), "{}", desktop.tree_text());
}

#[test]
fn way_back_leads_where_it_led_before_the_run() {
    for options in [&[] as &[&str], &["--keep-focus"]] {
        for config in ["", "workspace_auto_back_and_forth yes"] {
            let desktop = Desktop::builder().two_monitors().config(config).start();
            desktop.run_i3("focus output eDP-1\nworkspace --no-auto-back-and-forth 1");
            desktop.open_window("a");
            desktop.open_window("b");
            desktop.run(["capture", "t", "--workspace", "1"]).success();
            // The previous workspace is hidden, visible on the other output, or does not exist.
            for (previous, switch) in [
                ("2", "workspace 2; workspace 1"),
                ("3", "focus output DP-1; workspace 3; workspace 1"),
                ("4", "workspace 4; workspace 1"),
            ] {
                if previous == "2" {
                    desktop.run_i3("workspace 2");
                    desktop.open_window("c");
                    desktop.run_i3("workspace 1");
                }
                desktop.run_i3("[instance=a] kill");
                desktop.wait_until("a is closed", || !desktop.tree_text().contains('a'));
                desktop.run_i3(switch);
                let visible = desktop.visible_workspaces();
                let mut command = vec!["apply", "t"];
                command.extend(options);
                desktop.run(command).success();
                assert_eq!(desktop.visible_workspaces(), visible);
                assert_previous(&desktop, previous);
                desktop.assert_no_traces();
                desktop.run_i3("workspace --no-auto-back-and-forth 1");
            }
        }
    }
}

#[test]
fn way_back_leads_to_the_workspace_that_was_left() {
    let desktop = Desktop::new();
    desktop.run_i3("workspace 2");
    desktop.open_window("c");
    let shown = Workspace::shown("1").nodes([TestWindow::new("a").slot()]);
    desktop.save_workspaces("t", [shown]);
    desktop.run(["apply", "t"]).success();
    assert_eq!(desktop.visible_workspaces(), ["1"]);
    assert_previous(&desktop, "2");
}

#[test]
fn way_back_leads_to_a_workspace_that_was_rebuilt() {
    let desktop = Desktop::new();
    for name in ["a", "b"] {
        desktop.open_window(name);
    }
    desktop.run(["capture", "t", "--workspace", "1"]).success();
    desktop.run_i3("[instance=a] move right");
    desktop.run_i3("workspace 2");
    desktop.open_window("c");
    desktop.run(["apply", "t", "--keep-focus"]).success();
    assert_eq!(desktop.visible_workspaces(), ["2"]);
    assert_previous(&desktop, "1");
    desktop.assert_no_traces();
}

#[test]
fn capture_writes_no_workspace_of_a_run() {
    let desktop = Desktop::new();
    desktop.run_i3("workspace 1");
    desktop.open_window("a");
    desktop.run_i3("workspace _i3pm:old:1:0");
    desktop.open_window("b");
    desktop.run(["capture", "t"]).success();
    let text = desktop.layout("t");
    assert!(!text.contains("_i3pm:"), "{text}");
    assert!(
        text.contains("name: \"2\"") && text.contains("^B$"),
        "{text}"
    );
}
