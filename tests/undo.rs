//! `undo`: the arrangement of windows before a run.

use serde_json::Value;

use crate::harness::{Desktop, TestWindow, tree};

/// Rearranged windows of a layout `t` on two monitors: tiled, tabbed, floating, fullscreen and in
/// the scratchpad.
fn rearranged() -> Desktop {
    let desktop = Desktop::builder().two_monitors().start();
    desktop.run_i3("focus output eDP-1; workspace 1");
    for name in ["a", "b", "c"] {
        desktop.open_window(name);
    }
    desktop.run_i3("split v");
    desktop.open_window("d");
    desktop.run_i3("layout tabbed; focus output DP-1; workspace 2");
    desktop.open_window("e");
    desktop.open_window("f");
    desktop
        .run_i3("floating enable, resize set 500 px 400 px, move absolute position 2222 px 333 px");
    desktop.open_window("g");
    desktop.run_i3("focus output eDP-1; [instance=b] focus");
    desktop.run(["capture", "t"]).success();
    desktop.run_i3(
        "[instance=a] move container to workspace 7
         [instance=e] move container to workspace 1
         [instance=f] floating disable
         [instance=d] move container to workspace 2
         [instance=g] floating enable, resize set 640 px 480 px, move absolute position 100 px 90 px
         [instance=c] move scratchpad
         focus output DP-1; workspace 8
         focus output eDP-1; workspace 7
         [instance=b] focus
         [instance=b] fullscreen enable",
    );
    desktop
}

/// The tree as text and as JSON, after each workspace was shown: i3 updates their rects only then.
fn state(desktop: &Desktop) -> (String, Value) {
    desktop.visit_all_workspaces();
    (desktop.tree_text(), desktop.tree())
}

fn undo(desktop: &Desktop, options: &str) -> Value {
    let report = desktop.report(format!("undo {options}").trim_end());
    assert_eq!(report["complete"], true, "{report:#}");
    desktop.assert_no_traces();
    report
}

#[test]
fn undo_restores_the_desktop_before_an_apply_and_redo_the_one_after() {
    let desktop = rearranged();
    let (before_text, before) = state(&desktop);
    desktop.run(["apply", "t"]).success();
    let (after_text, after) = state(&desktop);
    assert_ne!(before_text, after_text);
    let starts = desktop.starts();
    for _ in 0..2 {
        let unmaps = desktop.unmaps();
        undo(&desktop, "");
        assert_eq!(desktop.unmaps(), unmaps, "a window was unmapped");
        assert_eq!(state(&desktop).0, before_text);
        desktop.assert_same_tree(&before);
        let unmaps = desktop.unmaps();
        undo(&desktop, "");
        assert_eq!(desktop.unmaps(), unmaps, "a window was unmapped");
        assert_eq!(state(&desktop).0, after_text);
        desktop.assert_same_tree(&after);
    }
    assert_eq!(desktop.starts(), starts, "a program was started");
    desktop.assert_idempotent("t");
}

#[test]
fn run_that_changed_nothing_is_not_undone() {
    let desktop = rearranged();
    let before = desktop.tree_text();
    desktop.run(["apply", "t"]).success();
    desktop.run(["apply", "t"]).success();
    let report = undo(&desktop, "last");
    assert_eq!(
        report["undone"]["arguments"],
        serde_json::json!(["apply", "t"])
    );
    assert_eq!(desktop.tree_text(), before);
}

#[test]
fn each_run_of_the_session_can_be_undone() {
    let desktop = Desktop::new();
    for name in ["a", "b", "c"] {
        desktop.open_window(name);
    }
    desktop.run(["capture", "t"]).success();
    let mut states = Vec::new();
    for target in ["a", "b", "c"] {
        desktop.run_i3(&format!(
            "[instance={target}] move container to workspace 4; workspace 4"
        ));
        states.push(state(&desktop).0);
        desktop.run(["apply", "t"]).success();
    }
    let runs = desktop.report("history --layout t");
    let runs = runs.as_array().expect("a list").iter();
    let applies: Vec<&str> = runs
        .filter(|run| run["command"] == "apply")
        .filter_map(|run| run["run"].as_str())
        .collect();
    for (id, state) in applies.iter().rev().zip(&states) {
        undo(&desktop, id);
        assert_eq!(self::state(&desktop).0, *state);
    }
}

#[test]
fn shortest_history_is_long_enough_for_undo() {
    let desktop = Desktop::new();
    desktop.configure("history: { runs: 0 }\n");
    desktop.open_window("a");
    desktop.open_window("b");
    desktop.run(["capture", "t"]).success();
    desktop.run_i3("[instance=a] move container to workspace 4");
    let before = state(&desktop).0;
    desktop.run(["apply", "t"]).success();
    undo(&desktop, "");
    assert_eq!(state(&desktop).0, before);
}

#[test]
fn undo_of_adapt_moves_the_workspaces_back() {
    let desktop = Desktop::builder().two_monitors().start();
    desktop.run_i3("focus output DP-1; workspace 3");
    desktop.open_window("ext");
    desktop.run_i3("focus output eDP-1; workspace 1");
    desktop.open_window("lap");
    desktop.run(["capture", "t"]).success();
    desktop.run_i3("[instance=ext] focus; move workspace to output eDP-1");
    let before = desktop.tree_text();
    desktop.run(["adapt", "t"]).success();
    assert_ne!(desktop.tree_text(), before);
    undo(&desktop, "");
    assert_eq!(desktop.tree_text(), before);
}

#[test]
fn windows_that_are_gone_are_named_and_the_others_restored() {
    let desktop = Desktop::new();
    for name in ["a", "b", "c"] {
        desktop.open_window(name);
    }
    desktop.run(["capture", "t"]).success();
    desktop.run_i3("[instance=c] move left\n[instance=b] move container to workspace 4");
    desktop.run(["apply", "t"]).success();
    desktop.run_i3("[instance=a] kill");
    desktop.wait_until("the window is closed", || {
        !desktop.tree_text().contains('a')
    });
    let report = undo(&desktop, "");
    assert_eq!(report["gone"], serde_json::json!(["a"]));
    let output = desktop.run(["undo"]).success();
    output.stderr_lacks("not open any more");
}

#[test]
fn launched_windows_stay_unless_they_are_to_be_closed() {
    let desktop = Desktop::new();
    desktop.open_window("a");
    let before = desktop.tree_text();
    desktop.save("t", ["new", "a"].map(|name| TestWindow::new(name).slot()));
    desktop.run(["apply", "t"]).success();
    let output = desktop.run(["undo"]).success();
    output
        .stderr_has("the run has opened 1 window that is still open")
        .stderr_has("--close-launched");
    let tree = desktop.tree_text();
    assert!(tree.contains("new"), "{tree}");
    let apply = desktop.report("history --layout t")[0]["run"]
        .as_str()
        .expect("an id")
        .to_owned();
    desktop
        .run(["undo", &apply, "--close-launched"])
        .code(2)
        .stderr_has("pass `--yes`");
    let report = undo(&desktop, &format!("{apply} --close-launched --yes"));
    assert_eq!(report["closed_launched"], 1, "{report:#}");
    assert_eq!(report["closed"], serde_json::json!(["new"]), "{report:#}");
    assert_eq!(desktop.tree_text(), before);
    desktop
        .run(["undo"])
        .success()
        .stderr_has("closed by the run, and not opened again: `new`");
}

#[test]
fn without_a_run_there_is_nothing_to_undo() {
    let desktop = Desktop::new();
    desktop
        .run(["undo"])
        .code(2)
        .stderr_has("there is no run to undo in this X session");
    desktop.open_window("a");
    desktop.run(["capture", "t"]).success();
    desktop.run(["undo"]).code(2);
    // The run of another session.
    let folder = desktop.path().join("state/i3pm-layout/runs");
    desktop.run_i3("move container to workspace 2");
    desktop.run(["apply", "t"]).success();
    for entry in std::fs::read_dir(folder)
        .expect("the folder exists")
        .flatten()
    {
        let text = std::fs::read_to_string(entry.path()).expect("the file can be read");
        let text = text.replace(r#""i3":{"pid":"#, r#""i3":{"pid":9"#);
        std::fs::write(entry.path(), text).expect("the file is writable");
    }
    desktop.run(["undo"]).code(2);
    let id = desktop.report("history --layout t")[0]["run"]
        .as_str()
        .expect("an id")
        .to_owned();
    desktop
        .run(["undo", &id])
        .code(2)
        .stderr_has("another X session");
}

#[test]
fn killed_run_is_undone() {
    let desktop = Desktop::new();
    desktop.open_window("a");
    desktop.open_window("b");
    let before = desktop.tree_text();
    let slots = [
        TestWindow::late("late").slot(),
        TestWindow::new("b").slot(),
        TestWindow::new("a").slot(),
    ];
    desktop.save("t", slots);
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until("the workspace was built", || {
        let tree = desktop.tree();
        tree::with_mark(&tree, "_i3pm:place:t:late").is_some()
    });
    running.kill();
    undo(&desktop, "");
    assert_eq!(desktop.tree_text(), before);
}

/// The record has no secrets, so it cannot restore a title format with one.
#[test]
fn undo_leaves_title_formats_with_secrets_as_they_are() {
    let desktop = Desktop::new();
    desktop.open_window("a");
    desktop.open_window("b");
    desktop.run(["capture", "t"]).success();
    desktop.run_i3(
        "[instance=a] title_format \"%title token=abc123def456\"
         [instance=b] title_format \"<b>%title</b>\"
         [instance=a] move right",
    );
    desktop.run(["apply", "t"]).success();
    desktop.run_i3("[instance=a] title_format \"%title token=abc123def456\"");
    undo(&desktop, "");
    let text = desktop.tree().to_string();
    assert!(text.contains("%title token=abc123def456"), "{text}");
    assert!(text.contains("<b>%title</b>"), "{text}");
    assert!(!text.contains("***"), "{text}");
}

#[test]
fn undo_of_a_capture_restores_the_places_and_does_not_claim_more() {
    let desktop = Desktop::new();
    desktop.open_window("a");
    desktop.open_window("b");
    desktop.run(["capture", "t"]).success();
    let before = desktop.tree_text();
    let runs = desktop.report("history");
    let capture = runs[0]["run"].as_str().expect("an id").to_owned();
    desktop.run_i3("[instance=a] move container to workspace 7");
    desktop
        .run(["undo", &capture])
        .success()
        .stderr_has("restored the places before `capture t`")
        .stderr_has("the file is unchanged")
        .stderr_lacks("undid");
    assert_eq!(desktop.tree_text(), before);
}
