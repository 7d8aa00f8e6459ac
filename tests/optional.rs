//! Slots without which a layout is complete.

use std::time::Duration;

use serde_json::json;

use crate::apply_more::nothing_of_ours_is_left;
use crate::harness::tree::{self, Name};
use crate::harness::{Desktop, TestWindow};

/// Writes the layout `t`: a workspace `1` with these windows, and a question that was open
/// when it was captured.
fn with_question(desktop: &Desktop, windows: &[TestWindow]) {
    let nodes: Vec<String> = windows
        .iter()
        .enumerate()
        .map(|(number, window)| {
            format!(
                "      - {{ id: w{number}, swallow: {{ instance: ^w{number}$ }}, command: {:?} }}\n",
                window.command()
            )
        })
        .collect();
    desktop.write(
        "config/i3pm-layout/layouts/t.yaml",
        &format!(
            "version: 1\nworkspaces:\n  - name: \"1\"\n    visible: true\n    nodes:\n{}    \
             floating:\n      - {{ id: question, swallow: {{ instance: ^question$ }}, \
             optional: true, rect: 400x300+100+200 }}\n",
            nodes.concat()
        ),
    );
}

fn question() -> TestWindow {
    TestWindow::new("question").kind("dialog")
}

#[test]
fn dialog_that_nothing_opens_is_not_waited_for() {
    let desktop = Desktop::new();
    with_question(&desktop, &[TestWindow::new("w0")]);
    let note = "note: slot `question` of workspace `1` was left out: its window is not open";
    let output = desktop.run(["apply", "t"]).success();
    assert!(output.duration < Duration::from_secs(15), "{output:?}");
    assert!(output.stderr.contains(note), "{}", output.stderr);
    assert!(
        output.stderr.contains("(1 launched, 1 left out)"),
        "{}",
        output.stderr
    );
    nothing_of_ours_is_left(&desktop);

    let output = desktop.run(["apply", "t"]).success();
    assert!(output.stderr.contains(note), "{}", output.stderr);
    assert!(
        output
            .stderr
            .contains("already right, 1 slot, 1 left out ("),
        "{}",
        output.stderr
    );
    let report = desktop.run(["apply", "t", "--json"]).success().json();
    assert_eq!(report["slots"][1]["outcome"], "left-out", "{report:#}");
    assert_eq!(report["complete"], true, "{report:#}");
}

#[test]
fn optional_program_is_waited_for() {
    let desktop = Desktop::new();
    let late = TestWindow::new("late").arg("--map-delay", "1000");
    desktop.write(
        "config/i3pm-layout/layouts/t.yaml",
        &format!(
            "version: 1\nworkspaces:\n  - name: \"1\"\n    nodes:\n      \
             - {{ id: late, command: {:?}, optional: true }}\n",
            late.command()
        ),
    );
    let output = desktop.run(["apply", "t"]).success();
    assert!(output.stderr.contains("(1 launched)"), "{}", output.stderr);
}

#[test]
fn dialog_that_comes_while_others_are_awaited_fills_its_slot() {
    let desktop = Desktop::new();
    let late = TestWindow::new("w1").arg("--map-delay", "1500");
    with_question(&desktop, &[TestWindow::new("w0"), late]);
    let running = desktop.command(["apply", "t", "--json"]).start();
    desktop.wait_until("the first window is in its place", || {
        desktop.tree().to_string().contains("\"_i3pm:t:w0\"")
    });
    desktop.open_window(&question());
    let report = running.wait().success().json();
    assert_eq!(report["slots"][2]["slot"], "question", "{report:#}");
    assert_eq!(report["slots"][2]["outcome"], "launched", "{report:#}");
    desktop.sync();
    let tree = desktop.tree();
    let all = tree::descendants(&tree);
    let filled = all
        .iter()
        .find(|con| con["marks"] == json!(["_i3pm:t:question"]));
    assert_eq!(
        filled.map(|con| Name::Instance.of(con)).as_deref(),
        Some("question")
    );
    nothing_of_ours_is_left(&desktop);
    let again = desktop.run(["apply", "t"]).success();
    assert!(
        again.stderr.contains("already right, 3 slots"),
        "{}",
        again.stderr
    );
}

#[test]
fn window_that_stays_away_is_no_difference() {
    let desktop = Desktop::new();
    with_question(&desktop, &[TestWindow::new("w0")]);
    // A workspace that nothing else is on, and programs that are not installed.
    let path = desktop.path().join("config/i3pm-layout/layouts/t.yaml");
    let mut text = std::fs::read_to_string(path).expect("it was written");
    text.push_str(
        "  - name: \"2\"\n    nodes:\n      \
         - { id: none, swallow: { class: ^No$ }, command: no-such-program, optional: true }\n",
    );
    desktop.write("config/i3pm-layout/layouts/t.yaml", &text);
    let missing = desktop.run(["diff", "t"]).code(1);
    assert_eq!(missing.stdout, "1\n  - w0 has no window\n");
    let applied = desktop.run(["apply", "t"]).success();
    assert!(
        applied.stderr.contains("warning: slot `none`"),
        "{}",
        applied.stderr
    );

    let same = desktop.run(["diff", "t"]).success();
    assert_eq!(same.stdout, "");
    assert_eq!(
        same.stderr,
        "note: slot `question` of workspace `1` has no window; the layout is complete without it\n\
         note: slot `none` of workspace `2` has no window; the layout is complete without it\n\
         t: no difference\n"
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
        })
    );
    let scoped = desktop.run(["diff", "t", "--workspace", "1"]).success();
    assert!(!scoped.stderr.contains("`none`"), "{}", scoped.stderr);
}
